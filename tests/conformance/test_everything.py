"""Everything that leaves: for every scenario child and many askers, by R4's schema and by HL7's validator.

https://hl7.org/fhir/R4/validation.html ; against each UK Core profile that a resource claims, and against
our own published definitions. What cannot be checked offline is listed in DECISIONS.md.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.documents import DEFINITIONS
from gateway.fhir.schema import faults
from tests.conformance.check_digits import CHECKS
from tests.conformance.forms import examples
from tests.conformance.groups import PLANTED, groups, written
from tests.conformance.taking import Taken, take
from tests.conformance.validator import Issue, uk_core, validate
from tests.services import ROOT, SAMPLES_DIR
from tests.system.running import running

pytestmark = pytest.mark.timeout(900)
Resource = Mapping[str, Any]
FOLDER = ROOT / DEFINITIONS
OURS = "https://wholechild.example/fhir/"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    async with running(tmp_path_factory.mktemp("northshire"), budget_seconds=2.0) as gateway:
        return await take(gateway)


# --- by the schema: always, without Java ------------------------------------------------------------------


def test_somebody_is_shown_something_of_every_child_who_has_a_valid_number(taken: Taken) -> None:
    shown = {name.split()[0] for name, bundle in taken.bundles.items() if len(bundle["entry"]) > 1}

    assert len({number for number in shown if number.isdigit()}) == 8


def test_every_resource_is_r4(taken: Taken) -> None:
    wrong = {f"{r['resourceType']} of {source(r)}": found for r in taken.resources() if (found := faults(r))}

    assert wrong == {}


def test_every_resource_has_an_opaque_id_and_names_its_source(taken: Taken) -> None:
    unlike = [
        (r["resourceType"], source(r))
        for r in taken.resources()
        if not re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", r["id"]) or not source(r).startswith(f"{OURS}source/")
    ]

    assert unlike == []


def test_nothing_is_empty(taken: Taken) -> None:
    everything = [*taken.bundles.values(), *taken.refusals, taken.capabilities, *taken.events]

    assert [path for one in everything for path in _empty(one, one["resourceType"])] == []


def test_no_bundle_holds_a_resource_twice(taken: Taken) -> None:
    for name, bundle in taken.bundles.items():
        urls = [entry["fullUrl"] for entry in bundle["entry"]]
        assert len(urls) == len(set(urls)), name


def test_every_bundle_refusal_and_audit_event_is_r4(taken: Taken) -> None:
    everything = [*taken.bundles.values(), *taken.refusals, taken.capabilities, *taken.events]

    assert [found for one in everything if (found := faults(one))] == []


def test_no_record_of_a_scenario_child_was_left_out(taken: Taken) -> None:
    details = [d for event in taken.events for e in event["entity"] for d in e.get("detail", ())]

    assert {d["valueString"] for d in details if d["type"] == "faulty"} == {"0"}


def test_every_code_and_extension_of_ours_is_published(taken: Taken) -> None:
    published = [json.loads(path.read_bytes()) for path in FOLDER.glob("*.json")]
    codes = {(p["url"], c["code"]) for p in published for c in p.get("concept", ())}
    extensions = {p["url"] for p in published if p["resourceType"] == "StructureDefinition"}
    everything = [*taken.bundles.values(), *taken.events, *examples().values()]

    coded = {(s, c) for s, c in _codes(everything) if s.startswith(f"{OURS}CodeSystem/")}
    extended = {url for url in _extensions(everything) if url.startswith(OURS)}

    assert (coded - codes, extended - extensions) == (set(), set())


def test_codes_that_no_validator_knows_offline_pass_their_check(taken: Taken) -> None:
    maps = [json.loads(path.read_bytes()) for path in FOLDER.glob("ConceptMap-*.json")]
    groups = [group for one in maps for group in one.get("group", ())]
    mapped = {(g["target"], t["code"]) for g in groups for e in g["element"] for t in e["target"]}
    checked = [(s, c) for s, c in {*mapped, *_codes(taken.bundles.values())} if s in CHECKS]

    assert {system for system, _ in checked} == CHECKS.keys()
    assert [(system, code) for system, code in checked if not CHECKS[system](code)] == []


@pytest.mark.parametrize(
    ("system", "right", "wrong"),
    [
        ("http://snomed.info/sct", "342191000000101", "104586100000100"),
        ("http://loinc.org", "29463-7", "29436-7"),
        ("http://unitsofmeasure.org", "kg", "kilo"),
    ],
)
def test_a_check_tells_a_right_code_from_a_wrong_one(system: str, right: str, wrong: str) -> None:
    assert (CHECKS[system](right), CHECKS[system](wrong)) == (True, False)


def source(resource: Resource) -> str:
    return str(resource.get("meta", {}).get("source", ""))


def _empty(value: Any, path: str) -> Iterator[str]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if value in ({}, [], "", None):
        yield path
    for name, one in inside:
        yield from _empty(one, f"{path}.{name}")


def _codes(value: Any) -> Iterator[tuple[str, str]]:
    """Every code, with its system."""
    return ((o["system"], o["code"]) for o in _objects(value) if "system" in o and "code" in o)


def _extensions(value: Any) -> Iterator[str]:
    """The url of every extension, and whatever else is called so."""
    return (o["url"] for o in _objects(value) if isinstance(o.get("url"), str) and "relation" not in o)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        value = value.values()
    if isinstance(value, Iterable) and not isinstance(value, str):
        yield from (found for one in value for found in _objects(one))


# --- by HL7's validator: one start of Java for all --------------------------------------------------------


@pytest.fixture(scope="module")
def verdicts(taken: Taken, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[Issue]]:
    """What the validator says of each file; the name of its folder is the group."""
    files = written(groups(taken), tmp_path_factory.mktemp("validated"))
    theirs = SAMPLES_DIR / "ukcore_r4/examples/UKCore-Patient-RichardSmith-Example.xml"
    return validate([*files, *FOLDER.glob("*.json"), theirs], ig=[*uk_core(), FOLDER], seconds=800)


@pytest.mark.validator
@pytest.mark.samples
@pytest.mark.slow
def test_nothing_that_leaves_has_an_error_by_hl7s_validator(verdicts: dict[Path, list[Issue]]) -> None:
    wrong = {
        f"{path.parent.name}/{path.stem}": [(issue.expression, issue.text) for issue in errors]
        for path, found in verdicts.items()
        if path.parent.name != "planted" and (errors := [issue for issue in found if issue.is_error])
    }

    assert wrong == {}


@pytest.mark.validator
@pytest.mark.samples
@pytest.mark.slow
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_an_error(verdicts: dict[Path, list[Issue]], fault: str) -> None:
    found = next(found for path, found in verdicts.items() if path.stem == fault)

    assert [issue.text for issue in found if issue.is_error and PLANTED[fault].says in issue.text]
