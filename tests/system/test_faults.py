"""Every agency with every fault: it gets a state of its own, the others are shown, and nothing reads as none.

The words that must never stand for a source that did not answer are those of the hazard H3.
"""

import re

import pytest

from gateway.federation.receipt import State
from gateway.fhir.received import view_of
from tests.system.asking import everything, known_to, page, words
from tests.system.running import MAYA, Json, Running, receipt, resources, running, states

KINDS = ("hang", "down", "error", "garbage", "truncate", "swap", "reject")
SOURCES = (
    "pds", "cp-is", "northtown-csc", "southwold-csc", "northtown-general", "millbrook-gp",
    "northshire-community", "hill-road-school", "northshire-police",
)  # fmt: skip
FORBIDDEN = re.compile(r"\b(none|no concerns|nothing held|nothing recorded|0 items)\b", re.IGNORECASE)
EXPECTED = {
    "hang": {"timed-out"},
    "down": {"error", "timed-out"},
    "error": {"error"},
    "garbage": {"error"},
    "truncate": {"error"},
    "swap": {"identity-unmatched"},
    "reject": {"error"},
}


@pytest.fixture(scope="module")
async def faulty(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A gateway with a short budget, so that a hung agency costs a second."""
    folder = tmp_path_factory.mktemp("faulty")
    async with running(folder, budget_seconds=1.5, gate_seconds=0.5, first_paint_seconds=1.4) as one:
        yield one


PAIRS = [(source, kind) for source in SOURCES for kind in KINDS if (source, kind) != ("pds", "swap")]


@pytest.mark.parametrize(("source", "kind"), PAIRS)
async def test_a_failing_agency_is_named_and_never_reads_as_none(
    faulty: Running, source: str, kind: str
) -> None:
    number = known_to(source)
    await faulty.fault(source, kind)
    try:
        bundle = await everything(faulty, number)
        shown = words(await page(faulty, number))
    finally:
        await faulty.fault(source, "ok")

    state = states(bundle)[source]
    assert state in EXPECTED[kind], receipt(bundle)[source]
    assert not State(state).answered
    assert "total" not in bundle
    assert not FORBIDDEN.search(_words(bundle, source))
    assert not FORBIDDEN.search(shown), FORBIDDEN.findall(shown)
    assert resources(bundle)


async def test_an_identity_source_that_answers_about_another_child_opens_nothing(faulty: Running) -> None:
    """It cannot be told from an adopted child's earlier number, so it gets the same words (P-08)."""
    await faulty.fault("pds", "swap")
    try:
        status, outcome = await faulty.find(MAYA)
    finally:
        await faulty.fault("pds", "ok")

    assert status == 404
    assert outcome["issue"][0]["details"]["text"].startswith("Nothing can be shown for this number.")
    assert not FORBIDDEN.search(str(outcome))


def _words(bundle: Json, source: str) -> str:
    """All that the receipt says of one source."""
    return str(receipt(bundle)[source])


async def test_the_terminal_says_what_the_api_says(faulty: Running) -> None:
    await faulty.fault("northtown-general", "down")
    try:
        bundle = await everything(faulty, MAYA)
    finally:
        await faulty.fault("northtown-general", "ok")

    view = view_of(bundle, bundle["entry"][0]["resource"]["id"])
    assert {line.source: line.state.value for line in view.lines} == states(bundle)
    assert not view.complete
