"""Tables that are written by hand name everything that there is and nothing else; links lead somewhere."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from auth.decision import Outcome, Ruling
from auth.policy.sharing import read_sharing
from connectors.base import Failure
from gateway.clock import real
from gateway.demo.faults import Kind
from gateway.federation.answer import Answer, Match
from gateway.federation.lines import Asked, line
from gateway.settings import Settings
from gateway.sources import Source, read_sources
from tests.docs.blocks import blocks
from tests.docs.conftest import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "openapi").glob("*.md"), *(ROOT / "openapi/guides").glob("*.md")]
)
CODE = [
    file for name in ("gateway", "connectors", "mappings", "auth") for file in (ROOT / name).rglob("*.py")
]
SYSTEMS = sorted((ROOT / "connectors" / "systems").glob("*.toml"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(document: str, title: str) -> str:
    """What stands under a heading, up to the next one of its kind."""
    return re.split(r"^## ", document.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.M)[0]


def explained(part: str) -> dict[str, str]:
    """Each name in the first column of the tables of a part, with what is said of it."""
    rows = re.findall(r"^\| (`.*?) \| (.*) \|$", part, flags=re.M)
    return {name: said for cell, said in rows for name in re.findall(r"`\[*([\w-]+)[^`]*`", cell)}


def lines_of(system: Path) -> Iterator[str]:
    """The names of the lines that a system file has, but for those that it chooses itself."""
    raw = tomllib.loads(system.read_text(encoding="utf-8"))
    for body in raw["kinds"].values():
        yield from body
    yield from raw
    for name in ("sql", "fhir", "json", "soap", "xml", "csv", "auth"):
        yield from raw.get(name, {})
    for rule in raw.get("relationship", ()):
        yield from rule


CONTRIBUTING = text("CONTRIBUTING.md")
README = text("README.md")
LINES = section(CONTRIBUTING, "A system file, line by line")


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda file: file.stem)
def test_every_line_of_a_system_file_is_explained(system: Path) -> None:
    assert [
        name for name in lines_of(system) if f"`{name}`" not in LINES and name not in explained(LINES)
    ] == []


def test_every_line_that_is_explained_is_read_by_some_code() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in CODE)

    told = {
        name for name, said in explained(LINES).items() if "not obeyed yet" not in said and name != "agency"
    }
    assert [name for name in sorted(told - {"kinds"}) if f'"{name}"' not in code] == []


@pytest.mark.parametrize(
    "name", [field.name for field in fields(Source) if field.name not in ("options", "secret_variable")]
)
def test_every_line_of_a_source_is_explained(name: str) -> None:
    assert name in explained(section(README, "Connect an agency"))


def test_every_line_that_a_transport_takes_from_a_source_is_explained() -> None:
    taken = {
        name
        for file in CODE
        if file.parent.name == "connectors"
        for name in re.findall(r'options(?:\.get\(|\[)"(\w+)"|"(\w+)" in \w*\.?options', file.read_text())
        for name in name
        if name
    }

    assert taken
    told = {*explained(section(README, "Connect an agency")), *explained(LINES), "relationship"}
    assert taken - told == set()


def test_the_files_of_the_readme_are_read_without_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for block in blocks(README):
        if block.file:
            (tmp_path / block.file[1]).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    sources = read_sources(tmp_path / "sources.toml")
    settings = Settings()  # type: ignore[call-arg]  # read from gateway.toml

    assert [source.connected for source in sources] == [True, True, False]
    assert list(read_sharing(settings.sharing)) == ["northshire-msp-2026"]
    assert settings.url == "https://record.northshire.example"


@pytest.mark.parametrize("failure", Failure)
def test_the_state_of_each_failure_is_as_the_table_says(failure: Failure) -> None:
    told = dict(re.findall(r"^\| `([\w-]+)` \| .* \| `([\w-]+)` \|$", CONTRIBUTING, flags=re.M))
    (source, *_) = (s for s in read_sources(_sources()) if s.connected)
    asked = Asked(
        source, frozenset(), Ruling(Outcome.PERMIT), Answer(source.id, Match.UNKNOWN, failure), None
    )

    assert line(asked, real()).state == told[failure]


def _sources() -> Path:
    return ROOT / "gateway" / "demo" / "northshire.toml"


@pytest.mark.parametrize("kind", Kind)
def test_every_fault_on_command_is_explained(kind: Kind) -> None:
    assert kind in explained(section(README, "Northshire"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8"))

    for path, anchor in links:
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        if anchor:
            assert anchor in {_anchor(h) for h in re.findall(r"^#+ (.*)$", target.read_text(), flags=re.M)}


def _anchor(heading: str) -> str:
    """As a page of the repository makes them."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_section_that_the_code_names_is_there() -> None:
    named = {
        (document, " ".join(title.split()))
        for file in [*CODE, *SYSTEMS, _sources()]
        for document, title in re.findall(
            r"(README|CONTRIBUTING)(?:\.md)?, [\"'](\w[^\"']*)[\"']", file.read_text(encoding="utf-8")
        )
    }

    assert len(named) >= 3
    assert [n for n in named if f"\n## {n[1]}\n" not in text(f"{n[0]}.md")] == []
