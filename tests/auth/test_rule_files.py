"""The rules' own files: a mistake in them stops the start; nothing misspelt quietly refuses or permits."""

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from auth.policy.rules import Rules, RulesMistake, read_rules
from auth.policy.sharing import SharingMistake, read_sharing
from tests.auth.asking import AGREEMENT

POLICY = """
[[policy]]
id = "agreement"
URI = "https://northshire.example/agreement"
Version = "1"
Party = [{CatalogueID = "OWN"}, {CatalogueID = "OTHER"}]
Purpose = ["direct-care"]
StartDate = 2026-04-01
EndDate = 2027-03-31
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A deployment's own copy of our rules."""
    for name in ("roles", "sections", "sensitivity"):
        shutil.copy(str(files("auth") / "policy" / f"{name}.toml"), tmp_path)
    return tmp_path


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    path = folder / f"{file}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_copy_of_our_rules_is_the_same_rules(folder: Path) -> None:
    assert read_rules({}, folder) == read_rules({})


@pytest.mark.parametrize(("file", "old", "new", "named"), [
    ("sensitivity", 'police-ppu = "permit"', 'police-pu = "permit"', "police-pu"),
    ("sensitivity", 'cells = {"*" = "silent"}', 'cells = {"*" = "quiet"}', "quiet"),
    ("sensitivity", 'roles = {mash = "permit"}', 'roles = {mush = "permit"}', "mush"),
    ("sensitivity", 'roles = {mash = "permit"}', 'roles = {mash = "allow"}', "allow"),
    ("sensitivity", '"U", "L"', '"SDV", "L"', "SDV"),
    ("sensitivity", "handling = [", "handled = [", "handling"),
    ("sections", 'police = "expressly"', 'police = "encompass"', "encompass"),
    ("sections", "[column.school-dsl]", "[column.school]", "school-dsl"),
    ("roles", 'sensitivity = "police-ppu"', 'sensitivity = "police"', "police"),
    ("roles", "youth-justice = {", "youth-justive = {", "youth-justive"),
    ("roles", 'refused_purposes = ["analysis"', 'refused = ["analysis"', "refused_purposes"),
])  # fmt: skip
def test_a_misspelt_name_stops_the_start_and_is_named(
    folder: Path, file: str, old: str, new: str, named: str
) -> None:
    with pytest.raises(RulesMistake, match=named):
        read_rules({}, changed(folder, file, old, new))


@pytest.mark.parametrize("spoil", [
    Path.unlink,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"\xff\xfe\x00"),
    lambda path: path.write_bytes(path.read_bytes()[:-4]),
    lambda path: path.write_bytes(b'role = "all"\ncolumn = "all"\nrow = "all"\n'),
])  # fmt: skip
@pytest.mark.parametrize("name", ["roles", "sections", "sensitivity"])
def test_a_file_that_is_missing_cut_or_nonsense_stops_the_start(
    folder: Path, name: str, spoil: Callable[[Path], object]
) -> None:
    spoil(folder / f"{name}.toml")

    with pytest.raises(RulesMistake):
        read_rules({}, folder)


def test_the_version_names_exactly_these_rules(folder: Path) -> None:
    versions = {
        read_rules({}, folder).version,
        read_rules({"agreement": AGREEMENT}, folder).version,
        read_rules({}, changed(folder, "sections", 'housing = "exists"', 'housing = "none"')).version,
    }

    assert len(versions) == 3


def test_a_rule_that_says_nothing_for_a_column_refuses_it(folder: Path) -> None:
    rules: Rules = read_rules({}, changed(folder, "sensitivity", 'gp-routine = "fact"\n', ""))
    row = next(row for row in rules.rows if row.id == "S-06")

    assert row.cell("gp-routine", "gp") == "deny"


def sharing(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "sharing.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_an_agreement_is_read_as_it_is_written(tmp_path: Path) -> None:
    (policy,) = read_sharing(sharing(tmp_path, POLICY)).values()

    assert policy.parties == {"OWN", "OTHER"}
    assert policy.purposes == {"direct-care"}
    assert (policy.start.isoformat(), policy.end.isoformat()) == ("2026-04-01", "2027-03-31")


@pytest.mark.parametrize(("old", "new"), [
    ('id = "agreement"', ""),
    ("StartDate = 2026-04-01", ""),
    ("EndDate = 2027-03-31", 'EndDate = "2027-03-31"'),
    ("EndDate = 2027-03-31", "EndDate = 2027-03-31T00:00:00Z"),
    ("EndDate = 2027-03-31", "EndDate = 2025-03-31"),
    ('Purpose = ["direct-care"]', 'Purpose = "direct-care"'),
    ("Party = [", 'Party = "'),
    ('{CatalogueID = "OTHER"}', '{Name = "Other"}'),
    ('{CatalogueID = "OTHER"}', '"OTHER"'),
    ("[[policy]]", "[policy]"),
])  # fmt: skip
def test_a_mistake_in_an_agreement_stops_the_start(tmp_path: Path, old: str, new: str) -> None:
    assert old in POLICY
    with pytest.raises(SharingMistake):
        read_sharing(sharing(tmp_path, POLICY.replace(old, new)))


def test_an_agreement_that_stands_twice_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SharingMistake, match="twice"):
        read_sharing(sharing(tmp_path, POLICY + POLICY))
