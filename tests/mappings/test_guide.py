"""The guide to mappings and the pages of systems say what is: `python -m mappings docs` writes them."""

import tomllib
from pathlib import Path

import pytest

from mappings.table import page, with_functions
from tests.mappings.test_any_record import mappings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "openapi" / "mappings.md").read_text(encoding="utf-8")
SYSTEMS = sorted((ROOT / "connectors" / "systems").glob("*.toml"))


def test_the_example_of_the_guide_is_the_one_that_is_tested() -> None:
    _, _, rest = GUIDE.partition("<!-- example: ")
    path, _, rest = rest.partition(" -->\n```yaml\n")

    assert rest.startswith((ROOT / path).read_text(encoding="utf-8"))


def test_the_guide_lists_every_function_with_its_meaning() -> None:
    assert with_functions(GUIDE) == GUIDE, "run: python -m mappings docs"


@pytest.mark.parametrize("file", SYSTEMS, ids=lambda file: file.stem)
def test_the_page_of_a_system_is_what_its_file_and_mappings_say(file: Path) -> None:
    system = tomllib.loads(file.read_text(encoding="utf-8"))
    written = (ROOT / "openapi" / "systems" / f"{system['id']}.md").read_text(encoding="utf-8")

    assert written == page(system, mappings().values()), "run: python -m mappings docs"
