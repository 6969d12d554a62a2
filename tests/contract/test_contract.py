"""The connector contract: each sentence of connectors.base.Connector, on every connector.

A new connector joins by one file; see tests/contract/counterpart.py.
"""

import asyncio
import logging
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Failure, Query, Record, SourceError
from connectors.connect import Connected
from tests.contract.counterpart import CHILD, HIDDEN, NOTES, OTHER_CHILD, UNKNOWN_CHILD, Counterpart

pytestmark = pytest.mark.timeout(20)


def about(child: str) -> Query:
    return Query("note", {"local": child})


async def answer(connector: Connected, query: Query) -> tuple[list[Record], SourceError | None]:
    """All that a fetch gives: its records, and the failure that ended it, if one did."""
    records: list[Record] = []
    try:
        async with asyncio.timeout(10), aclosing(connector.fetch(query)) as source:
            async for record in source:
                records.append(record)
    except SourceError as error:
        return records, error
    return records, None


def paths(value: Any, place: str = "") -> set[str]:
    """The leaf paths of a record, in the form in which a capability names them."""
    if isinstance(value, dict):
        return {p for name, inner in value.items() for p in paths(inner, f"{place}.{name}".lstrip("."))}
    if isinstance(value, list):
        return {p for inner in value for p in paths(inner, f"{place}[]")}
    return {place}


def at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record[name.removesuffix("[]")]
        record = record[0] if name.endswith("[]") else record
    return record


# 1. It may answer too much; it never answers too little silently.


async def test_every_record_of_the_child_comes(counterpart: Counterpart, tmp_path: Path) -> None:
    async with counterpart.started(tmp_path) as connector:
        records, failure = await answer(connector, about(CHILD))

    assert failure is None
    found = {at(record, counterpart.key): at(record, counterpart.text) for record in records}
    assert found.items() >= {note.key: note.text for note in NOTES[CHILD]}.items()


async def test_each_child_is_answered_for_itself(counterpart: Counterpart, tmp_path: Path) -> None:
    async with counterpart.started(tmp_path) as connector:
        records, failure = await answer(connector, about(OTHER_CHILD))

    assert failure is None
    assert {at(record, counterpart.key) for record in records} >= {note.key for note in NOTES[OTHER_CHILD]}


async def test_a_child_whom_the_source_does_not_know_gives_no_record_and_no_failure(
    counterpart: Counterpart, tmp_path: Path
) -> None:
    async with counterpart.started(tmp_path) as connector:
        assert await answer(connector, about(UNKNOWN_CHILD)) == ([], None)


async def test_a_source_that_fails_never_looks_like_one_that_has_nothing(
    counterpart: Counterpart, fault: str, tmp_path: Path
) -> None:
    async with counterpart.started(tmp_path) as connector:
        await counterpart.play(fault)
        for child in (CHILD, UNKNOWN_CHILD):
            if (fault, child) == ("cut", UNKNOWN_CHILD):
                continue  # nothing comes before the cut, nor after it
            _, failure = await answer(connector, about(child))

            assert failure is not None
            assert failure.failure in counterpart.failures[fault], failure


async def test_a_limit_is_reached_if_there_are_as_many_records(
    counterpart: Counterpart, tmp_path: Path
) -> None:
    async with counterpart.started(tmp_path) as connector:
        records, failure = await answer(connector, Query("note", {"local": CHILD}, limit=12))

    assert failure is None
    assert len(records) >= 12


# 2. It yields Records with only declared fields.


async def test_records_have_only_declared_fields(counterpart: Counterpart, tmp_path: Path) -> None:
    async with counterpart.started(tmp_path) as connector:
        declared = connector.capabilities["note"].fields
        records, _ = await answer(connector, about(CHILD))

    assert records
    assert {path for record in records for path in paths(record)} <= set(declared)
    assert not any(HIDDEN in str(dict(record)) for record in records)


async def test_records_say_their_kind_and_print_nothing_else(
    counterpart: Counterpart, tmp_path: Path
) -> None:
    async with counterpart.started(tmp_path) as connector:
        records, _ = await answer(connector, about(CHILD))

    assert {record.kind for record in records} == {"note"}
    assert not any("CNRY" in f"{record}{record!r}" for record in records)


async def test_capabilities_say_by_which_identifiers_and_as_what_a_kind_is_asked_for(
    counterpart: Counterpart, tmp_path: Path
) -> None:
    async with counterpart.started(tmp_path) as connector:
        capability = connector.capabilities["note"]
        together, failure = await answer(connector, Query(capability.asked_as, {"local": CHILD}))

    assert "local" in capability.person_keys
    assert failure is None and len(together) >= len(NOTES[CHILD])
    assert {counterpart.key, counterpart.text} <= set(capability.fields)


# 3. It raises only SourceError; anything else is a defect.


async def test_what_a_source_cannot_be_asked_is_unsupported(counterpart: Counterpart, tmp_path: Path) -> None:
    async with counterpart.started(tmp_path) as connector:
        _, no_kind = await answer(connector, Query("no-such-kind", {"local": CHILD}))
        _, no_key = await answer(connector, Query("note", {"no-such-number": CHILD}))
        _, nobody = await answer(connector, Query("note", {}))

    for failure in (no_kind, no_key, nobody):
        assert failure is not None and failure.failure is Failure.UNSUPPORTED


@pytest.mark.parametrize(
    "value", ["' or '1'='1", "*", "%", "..", "1001\n1002", "\x00", "</a>", "{local}", "é", "1" * 5000]
)
async def test_an_identifier_of_any_form_finds_nobody_and_breaks_nothing(
    counterpart: Counterpart, tmp_path: Path, value: str
) -> None:
    async with counterpart.started(tmp_path) as connector:
        records, _ = await answer(connector, about(value))
        after, failure = await answer(connector, about(OTHER_CHILD))

    assert records == []
    assert after and failure is None


async def test_a_failure_tells_operators_why_and_nobody_what(
    counterpart: Counterpart, fault: str, tmp_path: Path
) -> None:
    async with counterpart.started(tmp_path) as connector:
        await counterpart.play(fault)
        _, failure = await answer(connector, about(CHILD))

    assert failure is not None and failure.detail
    assert "CNRY" not in f"{failure}{failure!r}{failure.detail}{failure.__cause__!r}"
    assert CHILD not in f"{failure}{failure.__cause__!r}"


# 4. Records yielded before an error are kept; the answer is then truncated.


async def test_records_before_a_failure_are_kept(counterpart: Counterpart, tmp_path: Path) -> None:
    """A source that is read whole before its first record gives nothing before a failure: all, or none."""
    cut = "cut" in counterpart.failures
    fault = "cut" if cut else min(set(counterpart.failures) - {"hang"})
    async with counterpart.started(tmp_path) as connector:
        await counterpart.play(fault)
        records, failure = await answer(connector, about(CHILD))

    assert (0 < len(records) < len(NOTES[CHILD])) if cut else not records
    assert failure is not None


# 5. It keeps to the caller's deadline (cancellation), holds nothing afterwards, logs no record.


async def test_a_deadline_ends_a_question_that_is_never_answered(
    counterpart: Counterpart, tmp_path: Path
) -> None:
    if "hang" not in counterpart.failures:
        pytest.skip("this source cannot hang: it is a file")
    loop = asyncio.get_running_loop()
    async with counterpart.started(tmp_path) as connector:
        await counterpart.play("hang")
        begun = loop.time()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), aclosing(connector.fetch(about(CHILD))) as source:
                async for _ in source:
                    pass
        took = loop.time() - begun

        assert took < 0.5
        assert await nothing_is_held(counterpart)


async def nothing_is_held(counterpart: Counterpart) -> bool:
    """Whether the source has nothing of ours left, within a second in which it may notice."""
    for _ in range(100):
        if counterpart.held() == 0:
            return True
        await asyncio.sleep(0.01)
    return False


async def test_after_many_deadlines_the_source_is_asked_as_before(
    counterpart: Counterpart, tmp_path: Path
) -> None:
    if "hang" not in counterpart.failures:
        pytest.skip("this source cannot hang: it is a file")
    async with counterpart.started(tmp_path) as connector:
        await counterpart.play("hang")
        for _ in range(20):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02), aclosing(connector.fetch(about(CHILD))) as source:
                    async for _ in source:
                        pass
        await counterpart.play("ok")
        answers = [await answer(connector, about(CHILD)) for _ in range(20)]

    assert all(failure is None for _, failure in answers)
    assert all(len(records) == len(NOTES[CHILD]) for records, _ in answers)


async def test_an_answer_that_nobody_reads_to_its_end_is_let_go(
    counterpart: Counterpart, tmp_path: Path
) -> None:
    async with counterpart.started(tmp_path) as connector:
        async with aclosing(connector.fetch(about(CHILD))) as source:
            first = await anext(source)

        assert first.kind == "note"
        assert await nothing_is_held(counterpart)


async def test_many_questions_at_once_do_not_mix(counterpart: Counterpart, tmp_path: Path) -> None:
    async with counterpart.started(tmp_path) as connector:
        children = [CHILD, OTHER_CHILD] * 10
        answers = await asyncio.gather(*(answer(connector, about(child)) for child in children))

    for child, (records, failure) in zip(children, answers, strict=True):
        assert failure is None
        wanted = {note.key for note in NOTES[child]}
        assert {at(record, counterpart.key) for record in records} >= wanted


async def test_no_record_is_logged(
    counterpart: Counterpart, fault: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with counterpart.started(tmp_path) as connector:
        await answer(connector, about(CHILD))
        await counterpart.play(fault)
        await answer(connector, about(CHILD))

    ours = [record for record in caplog.records if record.name.startswith(("connectors", "aiohttp.client"))]
    assert not any("CNRY" in record.getMessage() or CHILD in record.getMessage() for record in ours)
