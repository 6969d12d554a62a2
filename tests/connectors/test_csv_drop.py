"""Nightly CSV files: rows found by child, exactly, or refused as a whole."""

import csv
import hashlib
from collections.abc import AsyncIterator, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Failure, SourceError
from connectors.csv_drop import CsvFormat
from connectors.drop_file import Identity, Place
from connectors.drop_index import Index, written_alike
from connectors.drop_indexed import identifiers
from connectors.system import Kind, SystemMistake
from tests.connectors.drops import CSV, Drop, dropped

HEADER = ("UPN", "Pupil", "Note", "Extra")
NAME = "drop.csv"


def written(
    *rows: Sequence[str], header: Sequence[str] = HEADER, trailer: bool = True, end: str = "\r\n"
) -> str:
    text = StringIO()
    last = [["END", str(len(rows))]] if trailer else []
    csv.writer(text, lineterminator=end).writerows([header, *rows, *last])
    return text.getvalue()


@pytest_asyncio.fixture
async def drop(tmp_path: Path) -> AsyncIterator[Drop]:
    async with dropped(tmp_path, CSV) as ready:
        yield ready


async def test_all_rows_of_a_child_are_found_by_each_identifier(drop: Drop) -> None:
    drop.put(written(("A1", "1", "a", "x"), ("A2", "2", "b", "x"), ("A1", "1", "c", "x")), NAME)

    assert await drop.notes(upn="A1") == ["a", "c"]
    assert await drop.notes(local="2") == ["b"]
    assert await drop.notes(local="3") == []


async def test_quoted_commas_quotes_and_line_ends_are_part_of_a_cell(drop: Drop) -> None:
    note = 'said "no",\r\nthen left,\n"END,1"'
    drop.put(written(("A1", "1", note, "x"), ("A2", "2", "b", "x")), NAME)

    assert await drop.notes(upn="A1") == [note]
    assert await drop.notes(upn="A2") == ["b"]


async def test_empty_cells_vanish_and_undeclared_columns_stay_out(drop: Drop) -> None:
    drop.put(written(("A1", "1", "", "CNRY")), NAME)

    assert [dict(record) for record in await drop.say(upn="A1")] == [{"UPN": "A1", "Pupil": "1"}]


async def test_columns_are_known_by_name_in_any_order_after_a_byte_order_mark(drop: Drop) -> None:
    text = written(("n", "1", "A1"), header=("Note", "Pupil", "UPN"), end="\n")
    drop.put(b"\xef\xbb\xbf" + text.encode(), NAME)

    assert await drop.notes(upn="A1") == ["n"]


async def test_another_delimiter_can_be_declared(tmp_path: Path) -> None:
    async with dropped(tmp_path, CSV, delimiter=";") as drop:
        drop.put("UPN;Pupil;Note\nA1;1;a,b\nEND;1\n", NAME)

        assert await drop.notes(upn="A1") == ["a,b"]


ROW = ("A1", "1", "a", "x")
BROKEN = {
    "empty": b"",
    "an error page": b"<html><body>Log in</body></html>\n",
    "a header only": written().encode(),
    "a missing column": written(("A1", "1"), header=("UPN", "Pupil")).encode(),
    "a column twice": written(ROW, header=("UPN", "Pupil", "Note", "Note")).encode(),
    "another column twice": written((*ROW, "x"), header=(*HEADER, "Extra")).encode(),
    "too few cells": written(ROW, ROW[:3]).encode(),
    "too many cells": written(ROW, (*ROW, "x")).encode(),
    "a quote never closed": written(ROW).replace(",a,", ',"a,').encode(),
    "text after a quote": written(ROW).replace("a,x", '"a"b,x').encode(),
    "no last row": written(ROW, trailer=False).encode(),
    "a wrong count": written(ROW).replace("END,1", "END,2").encode(),
    "rows after the last": written(ROW).encode() + b"A2,2,b,x\r\n",
    "zeros at the end": written(ROW).encode() + bytes(64),
    "another encoding": written(("A1", "1", "café", "x")).encode("latin-1"),
    "UTF-16": written(ROW).encode("utf-16"),
    "old line ends": written(ROW, end="\r").encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
async def test_a_file_that_is_not_as_promised_is_unreadable_for_everyone(drop: Drop, content: bytes) -> None:
    drop.put(content, NAME)

    assert {(await drop.failure(local=who)).failure for who in ("1", "nobody")} == {Failure.UNREADABLE}


async def _cut_everywhere(drop: Drop, whole: bytes, upn: str, all_of_them: int) -> None:
    for length in range(len(whole)):
        drop.put(whole[:length], NAME)
        try:
            found = await drop.say(upn=upn)
        except SourceError as error:
            assert error.failure is Failure.UNREADABLE, length
        else:
            assert len(found) == all_of_them, length


ROWS = (
    ("A1", "1", 'a "quoted"\nnote', "x"),
    ("A2", "2", "b", "x"),
    *[("A1", "1", f"n{n}", "") for n in range(10)],
)


async def test_a_file_cut_at_any_byte_never_answers_with_fewer_if_its_last_row_counts(drop: Drop) -> None:
    await _cut_everywhere(drop, written(*ROWS).encode(), "A1", 11)


async def test_a_file_cut_at_any_byte_never_answers_with_fewer_if_a_checksum_is_beside_it(
    tmp_path: Path,
) -> None:
    whole = written(*ROWS, trailer=False).encode()
    async with dropped(tmp_path, CSV, complete="sha256") as drop:
        (drop.folder / "drop.csv.sha256").write_text(f"{hashlib.sha256(whole).hexdigest()}  drop.csv\n")
        await _cut_everywhere(drop, whole, "A1", 11)
        drop.put(whole, NAME)

        assert len(await drop.say(upn="A1")) == 11


async def test_a_file_without_its_checksum_is_not_yet_whole(tmp_path: Path) -> None:
    async with dropped(tmp_path, CSV, complete="sha256") as drop:
        drop.put(written(ROW, trailer=False), NAME)

        assert (await drop.failure(upn="A1")).failure is Failure.UNREADABLE


async def test_a_file_that_its_sender_renames_when_whole_needs_no_last_row(tmp_path: Path) -> None:
    async with dropped(tmp_path, CSV, complete="renamed") as drop:
        drop.put(written(ROW, trailer=False), NAME)
        assert await drop.notes(upn="A1") == ["a"]
        drop.put(written(ROW, trailer=False)[:-1], NAME)

        assert (await drop.failure(upn="A1")).failure is Failure.UNREADABLE


async def test_a_system_must_say_how_one_knows_that_a_file_is_whole(tmp_path: Path) -> None:
    with pytest.raises(SystemMistake, match="complete"):
        async with dropped(tmp_path, CSV.replace('complete = "trailer"', "")):
            pass


async def test_kinds_may_lie_in_files_of_their_own(tmp_path: Path) -> None:
    system = CSV.replace("[kinds.person]", '[kinds.person]\nfile = "pupils*.csv"') + (
        '[kinds.visit]\nfile = "visits*.csv"\nperson_keys = {upn = "UPN"}\nfields = {Day = "text"}\n'
    )
    async with dropped(tmp_path, system) as drop:
        drop.put(written(ROW), "pupils_1.csv")
        drop.put(written(("A1", "2026-01-01"), header=("UPN", "Day")), "visits_1.csv", at=1000)

        assert [dict(record) for record in await drop.say("visit", upn="A1")] == [{"Day": "2026-01-01"}]
        assert await drop.notes(upn="A1") == ["a"]
        times = {kind: c.as_at for kind, c in drop.connector.capabilities.items()}
        assert times["visit"] != times["person"]


KEYS = {"upn": "UPN", "local": "Pupil"}
KIND = Kind("person", {"Note": "text"}, KEYS, {"complete": "trailer"})
CELL = st.text(st.sampled_from("a1 \",\n\r'é;\t"), max_size=6)
ID = st.sampled_from(["1", "2", "a b", "", " 3", '"4"', "5\n"])
FORM = st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)])


@given(st.lists(st.tuples(ID, ID, CELL), max_size=30), FORM, st.integers(1, 400))
def test_every_identifier_leads_to_exactly_the_rows_that_state_it(
    rows: list[tuple[str, str, str]], form: tuple[str, Literal[0, 1]], size: int
) -> None:
    text = StringIO()
    writer = csv.writer(text, lineterminator=form[0], quoting=form[1])
    writer.writerows([("UPN", "Pupil", "Note"), *rows, ("END", str(len(rows)))])
    raw = text.getvalue().encode()
    header, *everyone = csv.reader(StringIO(raw.decode(), newline=""))
    wanted = [{k: v for k, v in zip(header, cells, strict=True) if v} for cells in everyone[:-1]]
    # a small pretended size makes small blocks
    index = Index(b"key", size)

    format_ = CsvFormat("pupils", KIND, {"complete": "trailer"})
    contents = format_.read(BytesIO(raw), Place(Path(NAME), Identity(0, 0, 0, 0)), index, lambda done: None)
    index.finish()

    for name in KEYS:
        for value in ("1", "2", "ab", "3", '"4"', "5", "other"):
            key = (name, written_alike(value))
            found = [
                r
                for s, e in sorted(index.blocks(*key))
                for r in contents.raws(raw[s:e], {key[1]})
                if key in identifiers(r, KEYS)
            ]
            assert found == [r for r in wanted if key in identifiers(r, KEYS)]
