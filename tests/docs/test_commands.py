"""Everything that the documents tell a reader to type is typed here, in order, against a running demo."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.docs.blocks import blocks, runs, script
from tests.docs.conftest import ROOT, Demo, free_port

DOCUMENTS = [
    file.relative_to(ROOT).as_posix()
    for folder in (ROOT, ROOT / "openapi", ROOT / "openapi" / "guides")
    for file in sorted(folder.glob("*.md"))
    if any(block.is_run for block in blocks(file.read_text(encoding="utf-8")))
]
# what a reader who stands in the source tree has
_TREE = (".venv", "connectors", "mappings", "openapi", "tests")


def workplace(folder: Path, demo: Demo) -> Path:
    """A folder that looks like the source tree with a running demo, and may be written to."""
    for name in _TREE:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".northshire").symlink_to(demo.folder)
    return folder


def typed(text: str, folder: Path) -> str:
    """What a shell prints in which `text` is typed; what it leaves running is ended."""
    shell = subprocess.Popen(
        ["bash"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = shell.communicate(text + "kill $(jobs -p) 2>/dev/null; wait\n", timeout=280)
    finally:
        if shell.poll() is None:
            os.killpg(shell.pid, signal.SIGKILL)
    return said


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_a_document_does_what_it_says(document: str, demo: Demo, tmp_path: Path) -> None:
    found = blocks((ROOT / document).read_text(encoding="utf-8"))
    text = script(found).replace("http://127.0.0.1:8000", demo.url).replace("8001", str(free_port()))

    came = runs(found, typed(text, workplace(tmp_path, demo)))

    assert [fault for run in came for fault in run.faults] == []
    assert [run.block.line for run in came] == [block.line for block in found if block.is_run]
