"""Databases and nightly files that are broken or hostile: each ends in a state, the others' data is there.

What must always hold is asserted in tests/system/hostile.py. Files that are gone, cut, locked or somebody
else's are in test_faults.py.
"""

import sqlite3
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from tests.system.hostile import Hostile, Told, hostile
from tests.system.running import MAYA
from tests.system.tricks import MARK, MEGABYTE

DATABASE, DROP = "northtown-csc", "southwold-csc"
CHANGES = count(9_000_000)
Edit = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hostile]:
    async with hostile(tmp_path_factory.mktemp("hostile")) as one:
        yield one


async def after(gateway: Hostile, statements: str) -> Told:
    """A look at Maya after the council's database was changed so."""
    file = gateway.running.folder / "agencies" / DATABASE / "ssd.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(statements)
    _numbered(file)
    try:
        return await gateway.look_at(DATABASE)
    finally:
        await gateway.running.fault(DATABASE, "ok")


def _numbered(file: Path) -> None:
    """The database with counters of its own, by which connections that are open see that it has changed.

    https://www.sqlite.org/fileformat2.html: file change counter, schema cookie, version-valid-for number.
    """
    number = struct.pack(">I", next(CHANGES))
    with file.open("r+b") as opened:
        for place in (24, 40, 92):
            opened.seek(place)
            opened.write(number)


async def with_drop(gateway: Hostile, edit: Edit) -> Told:
    """A look at Jordan after the council's nightly file was replaced by an edited one."""
    file = gateway.running.folder / "agencies" / DROP / "CIN_Census_903.xml"
    new = file.with_name(".edited")
    new.write_bytes(edit(file.read_bytes()))
    new.replace(file)
    try:
        return await gateway.look_at(DROP)
    finally:
        await gateway.running.fault(DROP, "ok")


_ENDLESS = """
ALTER TABLE ssd_cp_plans RENAME TO kept;
CREATE VIEW ssd_cp_plans AS WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more)
SELECT kept.* FROM more, kept;
"""
_TWIN = f"""
CREATE TABLE twin AS SELECT * FROM ssd_person WHERE pers_common_child_id = '{MAYA}';
UPDATE twin SET pers_person_id = 'twin', pers_dob = '2011-01-01', pers_forename = '{MARK}';
INSERT INTO ssd_person SELECT * FROM twin;
"""


@pytest.mark.parametrize(
    ("statements", "state", "some"),
    [
        ("ALTER TABLE ssd_person RENAME COLUMN pers_dob TO born", "error", False),
        ("UPDATE ssd_person SET pers_surname = CAST(x'4ffe80' AS TEXT)", "error", False),
        ("UPDATE ssd_person SET pers_surname = x'00ff'", "error", False),
        (f"UPDATE ssd_cp_plans SET cppl_cp_plan_start_date = '{MARK}'", "error", True),
        ("UPDATE ssd_cp_plans SET cppl_cp_plan_start_date = 9e999", "error", True),
        (_ENDLESS, "timed-out", True),
        (_TWIN, "identity-unmatched", True),
        ("UPDATE ssd_person SET pers_surname = printf('%.*c', 10485760, 'A')", "identity-unmatched", False),
    ],
    ids=["column-gone", "not-utf-8", "bytes", "no-date", "infinite", "endless", "twin", "ten-megabytes"],
)
async def test_a_broken_database_ends_in_a_state_and_what_is_whole_is_kept(
    gateway: Hostile, statements: str, state: str, some: bool
) -> None:
    told = await after(gateway, statements)

    assert (told.state, bool(told.own)) == (state, some)
    assert MARK not in str(told.own)


async def test_letters_that_turn_or_hide_text_in_a_database_reach_no_reader(gateway: Hostile) -> None:
    letters = f"char(0) || char(27) || char(8238) || char(13) || char(10) || 'WARNING {MARK}'"

    told = await after(gateway, f"UPDATE ssd_person SET pers_surname = pers_surname || {letters}")

    assert told.state == "answered-data"
    assert MARK in str(told.own)
    assert told.unsafe == set()


def put(where: bytes, what: bytes | str) -> Edit:
    """`what` in the drop, right after its first `where`."""
    text = what.encode() if isinstance(what, str) else what
    return lambda drop: drop.replace(where, where + text, 1)


def instead(old: str, new: str) -> Edit:
    return lambda drop: drop.replace(old.encode(), new.encode(), 1)


def twice(drop: bytes) -> bytes:
    """Jordan stands in the file a second time."""
    jordan = drop[drop.index(b"<Child>") : drop.index(b"</Child>") + len(b"</Child>")]
    return drop.replace(b"</Children>", jordan + b"</Children>")


_ETHNICITY = b"<Ethnicity>"
_ENTITY = f'<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/hostname">]><Message>{MARK}&x;'
UNREADABLE: dict[str, Edit] = {
    "malformed": instead("</Children>", f"</Childre>{MARK}"),
    "somebody-elses-malformed": instead("SV004812</LAchildID>", f"<SV004812&{MARK}"),
    "doctype": instead("<Message>", _ENTITY),
    "doctype-within": put(_ETHNICITY, f'<!DOCTYPE x [<!ENTITY x "{MARK}">]>&x;'),
    "another-charset-declared": instead("UTF-8", "ISO-8859-1"),
    "another-charset": lambda drop: drop.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "not-utf-8": put(_ETHNICITY, b"\xe9" + MARK.encode()),
    "deep": put(_ETHNICITY, "<a>" * 1000 + MARK + "</a>" * 1000),
    "ten-megabytes": put(_ETHNICITY, "A" * 10 * MEGABYTE),
    "nul": put(_ETHNICITY, b"\x00" + MARK.encode()),
    "nul-reference": put(_ETHNICITY, f"&#0;{MARK}"),
    "escape-reference": put(_ETHNICITY, f"&#27;{MARK}"),
    "attributes": put(b"<Ethnicity", " ".join(["", *(f'a{n}="1"' for n in range(20_000))])),
    "empty": lambda drop: b"",
    "zeros": lambda drop: b"\x00" * len(drop),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_a_drop_that_cannot_be_read_is_an_error_and_never_none(gateway: Hostile, name: str) -> None:
    told = await with_drop(gateway, UNREADABLE[name])

    assert (told.state, told.own) == ("error", [])


@pytest.mark.parametrize(
    ("edit", "state", "some"),
    [
        (instead("<CINreferralDate>2026-10-05", f"<CINreferralDate>{MARK}"), "error", True),
        (instead("<PersonBirthDate>2017-06-02", f"<PersonBirthDate>{MARK}"), "identity-unmatched", False),
        (instead("F903210524007", "A901210121014"), "identity-unmatched", True),
        (put(_ETHNICITY, f"\u202e\u2066{MARK}"), "answered-data", True),
        (instead("2026-11-22T01:15:00", MARK), "answered-data", True),
        (twice, "answered-data", True),
    ],
    ids=["no-date", "no-birth-date", "another-childs", "right-to-left", "no-time", "twice"],
)
async def test_a_drop_with_something_wrong_in_it_gives_the_rest(
    gateway: Hostile, edit: Edit, state: str, some: bool
) -> None:
    told = await with_drop(gateway, edit)

    assert (told.state, bool(told.own)) == (state, some)
    assert MARK not in str(told.own)
    assert told.unsafe == set()
