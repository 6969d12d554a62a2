"""Every agency with every fault: it gets a state of its own, the others are shown, and nothing reads as none.

The words that must never stand for a source that did not answer are those of the hazard H3.
"""

import re
from html.parser import HTMLParser

import aiohttp
import pytest

from gateway.federation.receipt import State
from gateway.fhir.received import view_of
from tests.system.running import MAYA, Json, Running, receipt, resources, running, states

KINDS = ("hang", "down", "error", "garbage", "truncate", "swap", "reject")
SOURCES = (
    "pds", "cp-is", "northtown-csc", "southwold-csc", "northtown-general", "millbrook-gp",
    "northshire-community", "hill-road-school", "northshire-police",
)  # fmt: skip
# who knows whom: a source is asked about a child that it knows
CHILD = {"southwold-csc": "9990002746", "hill-road-school": "9990002746"}
BORN = {MAYA: "2022-03-14", "9990002746": "2017-06-02"}
ASKER = {
    MAYA: ("dr.sen", "emergency-care"),
    "9990002746": ("m.ode", "direct-care"),
}
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


def _headers(gateway: Running, number: str) -> dict[str, str]:
    user, purpose = ASKER[number]
    return gateway.headers(user, purpose)


async def _everything(gateway: Running, number: str) -> Json:
    headers = _headers(gateway, number)
    born = f"birthdate={BORN[number]}"
    form = {"identifier": f"https://fhir.nhs.uk/Id/nhs-number|{number}", "birthdate": BORN[number]}
    place = f"{gateway.url}/fhir/Patient/_search"
    async with gateway.session.post(place, data=form, headers=headers) as answer:
        found = await answer.json(content_type=None)
        assert answer.status == 200, found
    identifier = found["entry"][0]["resource"]["id"]
    status, bundle = await gateway.get(f"Patient/{identifier}/$everything?{born}", headers)
    assert status == 200, bundle
    return bundle


PAIRS = [(source, kind) for source in SOURCES for kind in KINDS if (source, kind) != ("pds", "swap")]


@pytest.mark.parametrize(("source", "kind"), PAIRS)
async def test_a_failing_agency_is_named_and_never_reads_as_none(
    faulty: Running, source: str, kind: str
) -> None:
    number = CHILD.get(source, MAYA)
    await faulty.fault(source, kind)
    try:
        bundle = await _everything(faulty, number)
        page = await _page(faulty, number)
    finally:
        await faulty.fault(source, "ok")

    state = states(bundle)[source]
    assert state in EXPECTED[kind], receipt(bundle)[source]
    assert not State(state).answered
    assert "total" not in bundle
    assert not FORBIDDEN.search(_words(bundle, source))
    assert not FORBIDDEN.search(page), FORBIDDEN.findall(page)
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


class _Text(HTMLParser):
    """The words of a page, without its marks."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


async def _page(gateway: Running, number: str) -> str:
    """The words of the child's page, as a person without scripts gets it."""
    user, purpose = ASKER[number]
    jar = aiohttp.CookieJar(unsafe=True)
    day, month, year = BORN[number][8:], BORN[number][5:7], BORN[number][:4]
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        await session.post(f"{gateway.url}/sign-in", data={"user": user})
        await session.post(f"{gateway.url}/reason", data={"purpose": purpose})
        form = {"nhs_number": number, "day": day, "month": month, "year": year, "by": "number"}
        async with session.post(f"{gateway.url}/find", data=form) as answer:
            assert "/child/" in str(answer.url), await answer.text()
            reader = _Text()
            reader.feed(await answer.text())
    return " ".join(reader.words)


async def test_the_terminal_says_what_the_api_says(faulty: Running) -> None:
    await faulty.fault("northtown-general", "down")
    try:
        bundle = await _everything(faulty, MAYA)
    finally:
        await faulty.fault("northtown-general", "ok")

    view = view_of(bundle, bundle["entry"][0]["resource"]["id"])
    assert {line.source: line.state.value for line in view.lines} == states(bundle)
    assert not view.complete
