"""Generated documents say what is: `gateway docs` writes them, `gateway docs --check` finds what is stale."""

import shutil
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from gateway.cli import main
from gateway.documents import SYSTEMS, stale, write
from gateway.fhir.schema import faults
from gateway.settings import Settings
from tests.docs.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The documents in a folder of their own."""
    shutil.copy(ROOT / "README.md", tmp_path)
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi", ignore=shutil.ignore_patterns("guides"))
    return tmp_path


def test_every_generated_document_says_what_is() -> None:
    assert stale(ROOT) == [], "run: gateway docs"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_lists_every_setting(name: str) -> None:
    assert f"| `GATEWAY_{name.upper()}` |" in README


def test_a_document_that_no_longer_says_what_is_is_named_and_the_status_is_1(copy: Path) -> None:
    said = (copy / "README.md").read_text(encoding="utf-8").replace("`GATEWAY_BUDGET_SECONDS`", "`GATEWAY_B`")
    (copy / "README.md").write_text(said, encoding="utf-8")

    result = CliRunner().invoke(main, ["docs", "--check", "--folder", str(copy)])

    assert result.exit_code == 1
    assert result.output == "README.md no longer says what is: run gateway docs\n"


def test_what_is_stale_is_written_again_and_what_is_written_by_hand_stays(copy: Path) -> None:
    said = (copy / "README.md").read_text(encoding="utf-8").replace("`GATEWAY_BUDGET_SECONDS`", "`GATEWAY_B`")
    (copy / "README.md").write_text(said, encoding="utf-8")

    assert write(copy) == [Path("README.md")]
    assert (copy / "README.md").read_text(encoding="utf-8") == README
    assert write(copy) == []


def test_the_page_of_a_system_that_is_no_more_is_removed(copy: Path) -> None:
    (copy / SYSTEMS / "gone.md").write_text("# Gone\n", encoding="utf-8")

    assert write(copy) == [SYSTEMS / "gone.md"]
    assert not (copy / SYSTEMS / "gone.md").exists()


def test_outside_the_source_tree_docs_says_where_to_run_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["docs", "--check", "--folder", str(tmp_path)])

    assert (result.exit_code, result.output) == (
        2,
        "There is no README.md here: run it in the product's source tree.\n",
    )


def test_the_published_capability_statement_is_r4_and_of_no_place() -> None:
    statement = orjson.loads((ROOT / "openapi" / "capability-statement.json").read_bytes())

    assert faults(statement) == []
    assert statement["kind"] == "capability"
    assert "implementation" not in statement
