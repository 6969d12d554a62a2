"""sources.toml: what a deployment writes is what is read, and a mistake stops the start and is named."""

from pathlib import Path

import pytest

from gateway.federation.receipt import Telephone
from gateway.sources import SourcesMistake, check_secrets, read_sources

GOOD = """
[[source]]
id = "northtown-csc"
name = "Northtown Council, children's social care"
agency = "social-care"
agency_name = "Northtown Council"
organization = {system = "https://fhir.nhs.uk/Id/ods-organization-code", value = "901"}
system = "ssd"
url = "postgresql://reader@db.northtown.example/ssd"
secret = "env:NORTHTOWN_PASSWORD"
deadline_seconds = 4
refreshed = "nightly"
telephone = {office = "01632 960110", out_of_hours = "01632 960111"}
policies = ["northshire-msp-2026"]
paused = false
local_tables = ["ssd_words"]
"""
ORGANIZATION = 'organization = {system = "https://fhir.nhs.uk/Id/ods-organization-code", value = "901"}'
PLAIN = """
[[source]]
id = "nursery"
name = "Little Acorns"
agency = "nursery"
organization = {system = "https://fhir.nhs.uk/Id/ods-organization-code", value = "1"}
"""


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_written_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NORTHTOWN_PASSWORD", "CANARY-secret")
    (source,) = read_sources(file(tmp_path, GOOD))

    assert (source.id, source.system, source.agency) == ("northtown-csc", "ssd", "social-care")
    assert source.organization == ("https://fhir.nhs.uk/Id/ods-organization-code", "901")
    assert source.telephone == Telephone("01632 960110", "01632 960111")
    assert (source.deadline_seconds, source.refreshed, source.paused) == (4.0, "nightly", False)
    assert (source.policies, source.options) == (("northshire-msp-2026",), {"local_tables": ["ssd_words"]})
    assert source.connected
    assert source.secret() == "CANARY-secret"
    assert "CANARY" not in repr(source)


def test_a_source_without_a_system_is_named_but_not_connected(tmp_path: Path) -> None:
    (source,) = read_sources(file(tmp_path, PLAIN))

    assert not source.connected
    assert (source.agency_name, source.refreshed, source.deadline_seconds) == ("Little Acorns", "live", 6.0)
    assert source.secret() == ""


def test_a_secret_is_read_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = read_sources(file(tmp_path, GOOD))
    monkeypatch.setenv("NORTHTOWN_PASSWORD", "new")

    assert source.secret() == "new"


def test_a_secret_that_is_not_there_stops_the_start_and_its_variable_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NORTHTOWN_PASSWORD", raising=False)
    sources = read_sources(file(tmp_path, GOOD + PLAIN))

    with pytest.raises(SourcesMistake, match=r"northtown-csc.*NORTHTOWN_PASSWORD"):
        check_secrets(sources)
    monkeypatch.setenv("NORTHTOWN_PASSWORD", "x")
    check_secrets(sources)


@pytest.mark.parametrize(("old", "new", "named"), [
    ('id = "northtown-csc"', "", "id"),
    ('id = "northtown-csc"', 'id = ""', "id"),
    ('id = "northtown-csc"', "id = 7", "id"),
    ('id = "northtown-csc"', 'id = "Northtown CSC"', "small letters"),
    ('id = "northtown-csc"', 'id = "a/b"', "small letters"),
    ('agency = "social-care"', "", "agency"),
    ('agency = "social-care"', 'agency = ["social-care"]', "agency"),
    (ORGANIZATION, "", "organization"),
    (ORGANIZATION, 'organization = "901"', "organization"),
    (', value = "901"', "", "organization"),
    (', value = "901"', ', value = ""', "organization"),
    (', value = "901"', ", value = 901", "organization"),
    ('system = "ssd"', "system = 1", "system"),
    ("deadline_seconds = 4", 'deadline_seconds = "fast"', "deadline_seconds"),
    ("deadline_seconds = 4", "deadline_seconds = 0", "deadline_seconds"),
    ("deadline_seconds = 4", "deadline_seconds = -1", "deadline_seconds"),
    ("deadline_seconds = 4", "deadline_seconds = inf", "deadline_seconds"),
    ("deadline_seconds = 4", "deadline_seconds = nan", "deadline_seconds"),
    ("deadline_seconds = 4", "deadline_seconds = true", "deadline_seconds"),
    ("deadline_seconds = 4", "deadline_second = 4", "deadline_seconds"),
    ('refreshed = "nightly"', 'refreshed = "daily"', "live, hourly, nightly, weekly"),
    ('refreshed = "nightly"', 'refreshd = "nightly"', "refreshed"),
    ('policies = ["northshire-msp-2026"]', 'policies = "northshire-msp-2026"', "policies"),
    ('policies = ["northshire-msp-2026"]', "policies = [1]", "policies"),
    ('policies = ["northshire-msp-2026"]', 'policy = ["northshire-msp-2026"]', "policies"),
    ("paused = false", 'paused = "no"', "paused"),
    ("paused = false", "pause = true", "paused"),
    ('out_of_hours = "01632 960111"', 'night = "01632 960111"', "telephone"),
    ('telephone = {office = "01632 960110", out_of_hours = "01632 960111"}', "telephone = 1632", "telephone"),
    ('secret = "env:NORTHTOWN_PASSWORD"', 'secret = "CANARY"', "env:NAME"),
    ('secret = "env:NORTHTOWN_PASSWORD"', 'secret = "env:"', "env:NAME"),
    ('secret = "env:NORTHTOWN_PASSWORD"', "secret = 5", "secret"),
])  # fmt: skip
def test_a_mistake_names_the_file_the_source_and_the_line(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    assert old in GOOD

    with pytest.raises(SourcesMistake) as mistake:
        read_sources(file(tmp_path, GOOD.replace(old, new)))

    assert str(mistake.value).startswith("sources.toml: source ")
    assert named in str(mistake.value)
    assert "CANARY" not in str(mistake.value)


@pytest.mark.parametrize(
    "text", ["", "source = 1", "source = []", 'source = ["a"]', "[source]\nid = 1", "[[sources]]"]
)
def test_a_file_without_sources_says_so(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourcesMistake, match="Connect an agency"):
        read_sources(file(tmp_path, text))


def test_a_file_that_is_not_toml_or_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourcesMistake, match=r"sources\.toml"):
        read_sources(file(tmp_path, "[[source]\n"))
    with pytest.raises(SourcesMistake, match=r"nowhere\.toml"):
        read_sources(tmp_path / "nowhere.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SourcesMistake, match=r"binary\.toml"):
        read_sources(tmp_path / "binary.toml")


def test_a_source_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourcesMistake, match="twice: nursery"):
        read_sources(file(tmp_path, PLAIN + GOOD + PLAIN))
