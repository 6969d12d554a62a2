"""Nightly XML files: found by child, exactly, or refused as a whole."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from connectors.base import Failure
from connectors.system import SystemMistake
from tests.connectors.drops import XML, Drop, census, child, dropped


@pytest_asyncio.fixture
async def drop(tmp_path: Path) -> AsyncIterator[Drop]:
    async with dropped(tmp_path, XML) as ready:
        yield ready


async def test_a_child_is_found_by_each_of_its_identifiers(drop: Drop) -> None:
    drop.put(census(child("1", "a", upn="A1"), child("2", "b", upn="A2")))

    assert await drop.notes(local="2") == ["b"]
    assert await drop.notes(upn="A1") == ["a"]
    assert await drop.notes(local="3") == []


async def test_an_identifier_written_with_other_blanks_or_capitals_is_the_same(drop: Drop) -> None:
    drop.put(census(child(" ab 1 ", "a")))

    assert await drop.notes(local="AB1") == ["a"]


async def test_two_elements_with_one_identifier_are_both_given(drop: Drop) -> None:
    drop.put(census(child("1", "a", upn="A1"), child("2", "b", upn="A1")))

    assert await drop.notes(upn="A1") == ["a", "b"]


async def test_a_person_comes_with_all_parts_or_one_kind_alone(drop: Drop) -> None:
    details = (
        "<CINdetails><Start>2026-01-01</Start></CINdetails><CINdetails><Start>2026-05-01</Start></CINdetails>"
    )
    drop.put(census(child("1", "a", more=details)))

    together = await drop.say("person", local="1")
    alone = await drop.say("episode", local="1")

    assert [record.kind for record in together] == ["person", "episode", "episode"]
    assert [dict(record) for record in alone] == [
        {"child": "1", "Start": "2026-01-01"},
        {"child": "1", "Start": "2026-05-01"},
    ]


async def test_records_are_as_at_the_time_that_the_file_declares(drop: Drop) -> None:
    drop.put(census(child("1")))

    (record,) = await drop.say(local="1")

    london = datetime(2026, 11, 21, 23, 30, tzinfo=ZoneInfo("Europe/London"))
    assert record.as_at == london
    assert {capability.as_at for capability in drop.connector.capabilities.values()} == {london}


@pytest.mark.parametrize("declared", ["", "yesterday"])
async def test_without_a_declared_time_records_are_as_at_the_files_own(drop: Drop, declared: str) -> None:
    drop.put(census(child("1"), at=declared), at=1_800_000_000)

    (record,) = await drop.say(local="1")

    assert record.as_at == datetime.fromtimestamp(1_800_000_000, UTC)


async def test_in_a_folder_the_newest_file_that_matches_wins(tmp_path: Path) -> None:
    async with dropped(tmp_path, XML, "?pattern=CIN*.xml") as drop:
        drop.put(census(child("1", "old")), "CIN_2.xml", at=1000)
        drop.put(census(child("1", "new")), "CIN_1.xml", at=2000)
        drop.put(census(child("1", "other")), "XIN.xml", at=3000)

        assert await drop.notes(local="1") == ["new"]


async def test_prefixes_attributes_comments_and_sections_hide_nobody_and_invent_nobody(drop: Drop) -> None:
    drop.put(
        '<c:Message xmlns:c="urn:census" xmlns:x="urn:x"><c:Children><!-- <c:Child> -->'
        "<c:Child a=\"&gt; /&gt;\" b='>' ><c:Ids><c:LAchildID>1</c:LAchildID></c:Ids>"
        "<c:Note>a <![CDATA[</c:Child><c:Child>]]> b</c:Note><x:more x:y='z'/></c:Child>"
        "<?note <Child> ?><c:Child/><c:Child\n><c:Ids><c:LAchildID><![CDATA[2]]></c:LAchildID></c:Ids>"
        "<c:Note>n</c:Note></c:Child></c:Children></c:Message>"
    )

    assert await drop.notes(local="1") == ["a </c:Child><c:Child> b"]
    assert await drop.notes(local="2") == ["n"]


async def test_an_element_of_the_same_name_inside_one_is_part_of_it(drop: Drop) -> None:
    drop.put(census(child("1", "a", more=f"<Siblings>{child('9', 'inner')}</Siblings>"), child("2", "b")))

    assert await drop.notes(local="1") == ["a"]
    assert await drop.notes(local="9") == []
    assert await drop.notes(local="2") == ["b"]


async def test_references_in_an_identifier_are_read_as_in_any_xml(drop: Drop) -> None:
    drop.put(census(child("A&amp;B<!-- c -->&#49;", "a")))

    assert await drop.notes(local="A&B1") == ["a"]


async def test_identifiers_in_attributes_are_found(tmp_path: Path) -> None:
    system = XML.replace('{local = "Ids.LAchildID", upn = "Ids.UPN"}', '{local = "@id"}')
    async with dropped(tmp_path, system) as drop:
        drop.put(census('<Child id="7"><Note>a</Note></Child>', "<Child><Note>b</Note></Child>"))

        assert await drop.notes(local="7") == ["a"]


BROKEN = {
    "empty": b"",
    "an error page": b"<html><body>Log in</body></html>",
    "another document": b'<?xml version="1.0"?>\n<ExportFailed><Code>17</Code></ExportFailed>',
    "no child at all": census().encode(),
    "a DOCTYPE": b'<!DOCTYPE Message [<!ENTITY e "1">]>' + census(child("&e;")).encode().partition(b"\n")[2],
    "an unknown entity": census(child("&e;")).encode(),
    "another encoding": census(child("1", "café")).replace("UTF-8", "ISO-8859-1").encode("latin-1"),
    "bytes of another encoding": census(child("1", "café")).encode("latin-1"),
    "UTF-16": census(child("1")).replace("UTF-8", "UTF-16").encode("utf-16"),
    "a malformed child": census(child("1"), child("2", "<b>x</i>")).encode(),
    "a malformed head": census(child("1")).replace("<Header>", "<Header").encode(),
    "an undeclared prefix": census(child("1", "<x:y/>")).encode(),
    "two documents": census(child("1")).encode() + b"<Message/>",
    "a child after the end": census(child("1")).encode() + child("2").encode(),
    "zeros at the end": census(child("1")).encode() + bytes(100),
    "a child that is never closed": census("<Child>" + child("1")).encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_a_file_that_is_not_as_promised_is_unreadable_for_everyone(drop: Drop, content: bytes) -> None:
    drop.put(content)

    assert {(await drop.failure(local=who)).failure for who in ("1", "nobody")} == {Failure.UNREADABLE}


async def test_a_file_that_is_cut_at_any_byte_is_never_answered_from(drop: Drop) -> None:
    whole = census(
        child("1", "a", upn="A1"), "<!-- & -->", child("2", "<![CDATA[b]]>", more="<x y='>'/>")
    ).encode()
    end = len(whole.rstrip())
    for length in range(end):
        drop.put(whole[:length])

        assert (await drop.failure(local="1")).failure is Failure.UNREADABLE, length
    drop.put(whole[:end])

    assert await drop.notes(local="1") == ["a"]


async def test_a_byte_order_mark_is_no_mistake(drop: Drop) -> None:
    drop.put(b"\xef\xbb\xbf" + census(child("1", "é")).encode())

    assert await drop.notes(local="1") == ["é"]


async def test_a_file_may_be_empty_where_the_system_says_so(tmp_path: Path) -> None:
    system = XML.replace('element = "Child"', 'element = "Child"\nmay_be_empty = true')
    async with dropped(tmp_path, system) as drop:
        drop.put(census())

        assert await drop.say(local="1") == []


async def test_no_file_is_unavailable_and_never_none(drop: Drop) -> None:
    assert (await drop.failure()).failure is Failure.UNAVAILABLE
    drop.put(census(child("1")))
    assert len(await drop.say(local="1")) == 1
    (drop.folder / "drop.xml").unlink()

    assert (await drop.failure(local="1")).failure is Failure.UNAVAILABLE


async def test_an_identifier_that_stands_for_a_thousand_people_is_refused(drop: Drop) -> None:
    long = "x" * 1200
    drop.put(census(*(child(str(n), long, upn="UNKNOWN") for n in range(1100))))

    assert (await drop.failure(upn="UNKNOWN")).failure is Failure.TOO_LARGE
    assert len(await drop.say(local="77")) == 1


async def test_one_element_over_sixteen_megabytes_is_refused(drop: Drop) -> None:
    drop.put(census(child("1", "x" * (18 << 20))))

    assert (await drop.failure()).failure is Failure.TOO_LARGE


@pytest.mark.parametrize("line", ['root = "Message"\n', 'element = "Child"\n'])
async def test_a_system_must_name_the_root_and_the_repeated_element(tmp_path: Path, line: str) -> None:
    with pytest.raises(SystemMistake):
        async with dropped(tmp_path, XML.replace(line, "")):
            pass
