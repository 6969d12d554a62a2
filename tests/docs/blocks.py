"""The code blocks of a Markdown document, and the shell script that they make when they are run in order.

A comment in the line above a block says what it is for:

    (none)               sh and python are run, and must succeed
    <!-- fails -->       it is run, and must not succeed
    <!-- not run: ... --> it is not run, for the reason given
    <!-- prints -->      what the block before it prints, among other things; … stands for anything
    <!-- new: PATH -->   a file is made of it
    <!-- add: PATH -->   it is added to a file
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
_RUN = ("sh", "python")


@dataclass(frozen=True)
class Block:
    """One fenced block: `line` is where it begins, `note` the comment above it."""

    language: str
    text: str
    note: str
    line: int

    @property
    def is_run(self) -> bool:
        return self.language in _RUN and not self.note.startswith("not run: ")

    @property
    def file(self) -> tuple[str, str] | None:
        """How and where it is written to a file, if it is."""
        way, _, path = self.note.partition(": ")
        return (way, path) if way in ("new", "add") else None

    @property
    def done(self) -> bool:
        """Something is done with it: it is run, written, or compared."""
        return self.is_run or self.file is not None or self.note == "prints"


def blocks(text: str) -> list[Block]:
    """The blocks of a document, in order."""
    return [
        Block(found["language"], found["text"], found["note"] or "", text.count("\n", 0, found.start()) + 1)
        for found in _BLOCK.finditer(text)
    ]


@dataclass(frozen=True)
class Run:
    """What came of one block that was run, and what it was expected to print."""

    block: Block
    status: int
    output: str
    expected: Sequence[str]

    @property
    def faults(self) -> Iterator[str]:
        """What is not as the document says."""
        if (self.status == 0) is (self.block.note == "fails"):
            yield f"line {self.block.line}: status {self.status}: {self.output[-600:]}"
        for expected in self.expected:
            missing = first_missing(expected, self.output)
            if missing:
                yield f"line {self.block.line} does not print {missing!r}: {self.output[-1500:]}"


def first_missing(expected: str, output: str) -> str | None:
    """The first piece of `expected` (between ends of lines and …) that `output` lacks, in its order."""
    said, at = " ".join(output.split()), 0
    for piece in re.split(r"…|\n", expected):
        words = " ".join(piece.split())
        found = said.find(words, at)
        if found < 0:
            return words
        at = found + len(words)
    return None


def script(found: Sequence[Block]) -> str:
    """A shell script that does everything that the blocks say, and tells what came of each."""
    return "exec 2>&1\n" + "".join(_step(number, block) for number, block in enumerate(found))


def _step(number: int, block: Block) -> str:
    if block.file:
        way, path = block.file
        sign = ">" if way == "new" else ">>"
        return f"mkdir -p {Path(path).parent}\ncat {sign} {path} <<'END_OF_BLOCK'\n{block.text}END_OF_BLOCK\n"
    if not block.is_run:
        return ""
    text = block.text
    if block.language == "python":
        text = f".venv/bin/python - <<'END_OF_BLOCK'\n{text}END_OF_BLOCK\n"
    return f"{text}printf '\\n@@ {number} %s @@\\n' $?\n"


def runs(found: Sequence[Block], output: str) -> list[Run]:
    """What came of each block that was run; those after one that ended the script are missing."""
    parts = re.split(r"\n@@ (\d+) (\d+) @@\n", output)
    printed = zip(parts[0::3], parts[1::3], parts[2::3], strict=False)
    return [Run(found[int(n)], int(status), said, _expected(found, int(n))) for said, n, status in printed]


def _expected(found: Sequence[Block], number: int) -> list[str]:
    following = []
    for block in found[number + 1 :]:
        if block.is_run:
            break
        if block.note == "prints":
            following.append(block.text)
    return following
