"""A document that is wrong is found to be: the machinery that types its commands would notice."""

import subprocess

import pytest

from tests.docs.blocks import Run, blocks, first_missing, runs, script


def came(document: str) -> list[Run]:
    found = blocks(document)
    shell = subprocess.run(["bash"], input=script(found), capture_output=True, text=True, check=False)
    return runs(found, shell.stdout)


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        ("```sh\ntrue\n```\n", 0),
        ("```sh\nfalse\n```\n", 1),
        ("<!-- fails -->\n```sh\nfalse\n```\n", 0),
        ("<!-- fails -->\n```sh\ntrue\n```\n", 1),
        ("```sh\necho one two\n```\n\n<!-- prints -->\n```text\none … two\n```\n", 0),
        ("```sh\necho one\n```\n\n<!-- prints -->\n```text\none\ntwo\n```\n", 1),
        ("```sh\necho two; echo one\n```\n\n<!-- prints -->\n```text\none\ntwo\n```\n", 1),
    ],
)
def test_a_command_that_does_not_do_what_is_said_is_a_fault(document: str, faults: int) -> None:
    assert [len(list(run.faults)) for run in came(document)] == [faults]


def test_a_block_that_is_not_to_be_run_is_not_run() -> None:
    assert came("<!-- not run: it takes an hour -->\n```sh\nfalse\n```\n\n```text\nfalse\n```\n") == []


def test_what_one_block_sets_the_next_one_has() -> None:
    assert [run.output.strip() for run in came("```sh\nX=1\n```\n\n```sh\necho $X\n```\n")] == ["", "1"]


def test_a_comment_that_does_not_stand_right_above_is_no_note() -> None:
    assert [block.note for block in blocks("<!-- new: a -->\n\n```sh\ntrue\n```\n")] == [""]


def test_the_first_piece_that_is_missing_is_named() -> None:
    assert first_missing("a …\nb", "a\nc") == "b"
    assert first_missing("a … c", "a   b\nc") is None
