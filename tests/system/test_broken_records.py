"""True answers with something wrong in them, one agency at a time: what is wrong is kept out, the rest stays.

What must always hold is asserted in tests/system/hostile.py.
"""

from collections.abc import AsyncIterator

import pytest

from gateway.demo.faults import Kind
from tests.system import edits
from tests.system.hostile import Hostile, forms, hostile
from tests.system.running import Json, resources
from tests.system.spoilt import OTHER, anothers, contradicting, unreadable
from tests.system.tricks import MARK, is_xml

FORMS = forms()
PAGED = {
    source: form for source, form in FORMS.items() if form.startswith("fhir") and source != "millbrook-gp"
}


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hostile]:
    async with hostile(tmp_path_factory.mktemp("hostile")) as one:
        yield one


def ids(found: list[Json]) -> list[str]:
    """Which resources these are; labels may differ, where whereabouts could not be checked."""
    return [resource["id"] for resource in found]


@pytest.mark.parametrize(
    "letters", [edits.RIGHT_TO_LEFT, edits.NEW_LINES], ids=["right-to-left", "new-lines"]
)
@pytest.mark.parametrize("source", FORMS)
async def test_letters_that_turn_text_around_or_forge_lines_reach_no_reader_and_no_log(
    gateway: Hostile, source: str, letters: str
) -> None:
    """They stay in the record, which is the agency's; NEW_LINES holds MARK, which no line may hold."""
    told = await gateway.look(source, edits.in_names(FORMS[source], letters))

    assert told.state == "answered-data"
    assert letters in edits.leaves(told.bundle)
    assert told.unsafe == set()


@pytest.mark.parametrize("source", FORMS)
async def test_controls_reach_no_reader(gateway: Hostile, source: str) -> None:
    """XML that refers to them is no XML."""
    told = await gateway.look(source, edits.in_names(FORMS[source], edits.CONTROLS))

    assert told.state == ("error" if is_xml(FORMS[source]) else "answered-data")
    assert bool(told.own) is not is_xml(FORMS[source])
    assert told.unsafe == set()


@pytest.mark.parametrize("source", PAGED)
async def test_a_next_page_on_another_host_is_not_asked_for_and_the_first_is_kept(
    gateway: Hostile, source: str
) -> None:
    told = await gateway.look(source, edits.next_page(PAGED[source], gateway.canary.url))

    assert told.state == "error"
    assert told.own


@pytest.mark.parametrize("source", FORMS)
async def test_another_childs_record_among_good_ones_is_the_only_one_dropped(
    gateway: Hostile, source: str
) -> None:
    told = await gateway.look(source, edits.one_more(FORMS[source], anothers))

    assert told.state == "identity-unmatched"
    assert ids(told.own) == ids(gateway.own(source))
    assert OTHER not in str(told.bundle)


@pytest.mark.parametrize("source", FORMS)
async def test_a_record_that_cannot_become_r4_is_counted_and_the_rest_is_there(
    gateway: Hostile, source: str
) -> None:
    """A pupil without a birth date cannot be told from another one."""
    told = await gateway.look(source, edits.one_more(FORMS[source], unreadable))

    assert told.state == ("identity-unmatched" if source == "hill-road-school" else "error")
    assert ids(told.own) == ids(gateway.own(source))
    assert "could not be used" in told.logged
    assert MARK not in str(told.bundle)


@pytest.mark.parametrize("source", FORMS)
async def test_a_record_that_comes_twice_is_there_once(gateway: Hostile, source: str) -> None:
    told = await gateway.look(source, edits.twice(FORMS[source]))

    assert told.state == "answered-data"
    assert ids(told.own) == ids(gateway.own(source))


@pytest.mark.parametrize("source", [source for source in FORMS if source != "pds"])
async def test_two_records_that_differ_under_one_number_are_a_fault(gateway: Hostile, source: str) -> None:
    """A relative may be told of twice in different words; a fact about the child may not."""
    told = await gateway.look(source, edits.one_more(FORMS[source], contradicting))

    assert told.state == "error"
    assert ids(told.own) == ids(gateway.own(source))


@pytest.mark.parametrize("source", [source for source in FORMS if source != "pds"])
async def test_another_childs_answer_shows_nothing_of_it(gateway: Hostile, source: str) -> None:
    region = gateway.running.region
    await region.turn(source, Kind.SWAP)
    try:
        told = await gateway.look_at(source)
    finally:
        await gateway.running.fault(source, "ok")

    assert (told.state, resources(told.bundle, source)) == ("identity-unmatched", [])
