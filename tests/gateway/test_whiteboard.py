"""Identifiers that one answer lends to another source: told at once, and never waited for in vain."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.identity.whiteboard import CARRIED, Whiteboard

UPN = frozenset({"upn"})


async def test_what_is_known_already_is_had_at_once() -> None:
    board = Whiteboard({"nhs-number": "9990001375"}, ["pds"])

    assert await board.wait_for(frozenset({"nhs-number", "upn"}), "gp") == {"nhs-number": "9990001375"}


async def test_a_source_that_waits_is_told_as_soon_as_another_says() -> None:
    board = Whiteboard({}, ["csc", "school"])
    waiting = asyncio.create_task(board.wait_for(UPN, "school"))
    await asyncio.sleep(0)

    board.tell({"upn": "A123456789012"})

    assert await asyncio.wait_for(waiting, 10) == {"upn": "A123456789012"}


async def test_a_source_that_waits_is_told_when_nobody_can_say() -> None:
    board = Whiteboard({}, ["csc", "school"])
    waiting = asyncio.create_task(board.wait_for(UPN, "school"))
    await asyncio.sleep(0)

    board.done("csc")

    assert await asyncio.wait_for(waiting, 10) == {}


async def test_two_sources_that_wait_for_each_other_are_both_told_that_nobody_can_say() -> None:
    board = Whiteboard({}, ["census", "school"])

    both = asyncio.gather(board.wait_for(UPN, "census"), board.wait_for(UPN, "school"))

    assert [dict(found) for found in await asyncio.wait_for(both, 10)] == [{}, {}]


async def test_a_source_waits_for_one_that_was_itself_waiting_and_was_told() -> None:
    board = Whiteboard({}, ["csc", "census"])
    census = asyncio.create_task(board.wait_for(UPN, "census"))
    college = asyncio.create_task(board.wait_for(frozenset({"uln"}), "college"))
    await asyncio.sleep(0)

    board.tell({"upn": "A1"})
    board.done("csc")
    assert await asyncio.wait_for(census, 10) == {"upn": "A1"}
    assert not college.done()

    board.tell({"uln": "1234567890"})
    assert await asyncio.wait_for(college, 10) == {"uln": "1234567890"}


async def test_the_first_to_say_an_identifier_wins() -> None:
    board = Whiteboard({}, [])
    board.tell({"upn": "A1"})
    board.tell({"upn": "B2"})

    assert await board.wait_for(UPN, "school") == {"upn": "A1"}


@pytest.mark.parametrize("name", ["local", "adoption-link", "police-id", "case-number", ""])
async def test_only_some_identifiers_are_carried_from_one_agency_to_another(name: str) -> None:
    board = Whiteboard({}, [])
    board.tell({name: "1", "upn": ""})

    assert board.known == {}
    assert name not in CARRIED


async def test_a_wait_that_is_given_up_leaves_the_others_able_to_end() -> None:
    board = Whiteboard({}, ["census", "school"])
    census = asyncio.create_task(board.wait_for(UPN, "census"))
    await asyncio.sleep(0)
    census.cancel()
    await asyncio.gather(census, return_exceptions=True)
    school = asyncio.create_task(board.wait_for(UPN, "school"))
    await asyncio.sleep(0)
    assert not school.done()

    board.done("census")

    assert await asyncio.wait_for(school, 10) == {}


NAMES = ["upn", "uln", "nhs-number", "local"]
needed = st.sampled_from([frozenset(NAMES[:n]) for n in (1, 2)] + [frozenset({name}) for name in NAMES])
supplied = st.just(frozenset[str]()) | needed
a_source = st.tuples(needed, supplied, st.booleans(), st.integers(0, 3))
sources = st.integers(1, 6).flatmap(lambda count: st.tuples(*[a_source] * count))


@given(sources)
@settings(max_examples=300, deadline=None)
def test_no_source_waits_for_ever_whatever_they_know_and_need(
    plan: tuple[tuple[frozenset[str], frozenset[str], bool, int], ...],
) -> None:
    """Each needs some identifiers, supplies others once it has them, and may fail instead."""
    answers = asyncio.run(asyncio.wait_for(_all(plan), 20))

    for found, (needs, _, _, _) in zip(answers, plan, strict=True):
        assert found.keys() <= needs


async def _all(plan: tuple[tuple[frozenset[str], frozenset[str], bool, int], ...]) -> list[dict[str, str]]:
    board = Whiteboard({}, [f"s{i}" for i, (_, gives, _, _) in enumerate(plan) if gives])

    async def one(number: int) -> dict[str, str]:
        needs, gives, fails, steps = plan[number]
        for _ in range(steps):
            await asyncio.sleep(0)
        try:
            found = dict(await board.wait_for(needs, f"s{number}"))
            if found and not fails:
                board.tell({name: f"{name}-{number}" for name in gives})
            return found
        finally:
            board.done(f"s{number}")

    async def seed() -> None:
        await asyncio.sleep(0)
        if plan[0][2]:
            board.tell({"upn": "seeded"})

    results = await asyncio.gather(*(one(i) for i in range(len(plan))), seed())
    return [found for found in results if found is not None]
