"""A nightly file that is replaced, overwritten, slow, or half-written while people are looked up in it."""

import asyncio
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from connectors.base import Failure, SourceError
from connectors.drop_progress import Step
from connectors.system import Endpoint, read_system
from connectors.xml_drop import XmlDrop
from tests.connectors.drops import XML, Drop, census, child, dropped

MEGABYTE = "x" * (1 << 20)


@dataclass
class Reading:
    """Shown the progress of a connector: counts the files that it reads, and can hold it up."""

    titles: list[str] = field(default_factory=list)
    seconds_a_step: float = 0.0
    hung: threading.Event = field(default_factory=threading.Event)
    is_to_hang: bool = False

    @contextmanager
    def __call__(self, title: str, size: int) -> Iterator[Step]:
        self.titles.append(title)
        if self.is_to_hang:
            self.hung.wait(20)
        yield lambda done: time.sleep(self.seconds_a_step)


@pytest.fixture
def reading() -> Iterator[Reading]:
    shown = Reading()
    yield shown
    shown.hung.set()


@asynccontextmanager
async def watched(tmp_path: Path, reading: Reading) -> AsyncIterator[Drop]:
    folder = tmp_path / "drop"
    folder.mkdir()
    (tmp_path / "system.toml").write_text(XML, encoding="utf-8")
    system = read_system(tmp_path / "system.toml")
    connector = XmlDrop(system, Endpoint("agency", f"file://{folder}"), reading)
    yield Drop(folder, connector)
    reading.hung.set()
    await connector.close()


@pytest_asyncio.fixture
async def drop(tmp_path: Path, reading: Reading) -> AsyncIterator[Drop]:
    async with watched(tmp_path, reading) as ready:
        yield ready


async def test_a_file_is_read_once_however_many_ask_at_once(drop: Drop, reading: Reading) -> None:
    drop.put(census(child("1", "a"), child("2", "b")))

    answers = await asyncio.gather(*(drop.notes(local=str(n % 3)) for n in range(30)))

    assert answers == [[], ["a"], ["b"]] * 10
    assert reading.titles == ["agency person"]


async def test_a_small_new_file_answers_the_next_question(drop: Drop) -> None:
    for note in ("a", "b", "c", "d"):
        drop.put(census(child("1", note)))

        assert await drop.notes(local="1") == [note]


async def test_a_person_whose_record_was_broken_is_read_from_the_next_file(drop: Drop) -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(5000))
    broken = child("1", "a").replace("<Note>", f"<Note {attributes}>")
    drop.put(census(broken, child("2", "b")))
    with pytest.raises(SourceError, match=Failure.UNREADABLE):
        await drop.notes(local="1")

    drop.put(census(child("1", "mended"), child("2", "b")))

    assert await drop.notes(local="1") == ["mended"]


async def test_a_file_overwritten_in_place_is_never_read_with_the_index_of_the_one_before(drop: Drop) -> None:
    file = drop.put(census(*(child(str(n), f"old {n}") for n in range(500))))
    assert await drop.notes(local="7") == ["old 7"]

    file.write_text(census(*(child(str(n), f"new {n}") for n in reversed(range(500)))))

    assert await drop.notes(local="7") == ["new 7"]
    assert await drop.notes(local="499") == ["new 499"]


async def test_while_a_large_new_file_is_read_the_old_one_answers(drop: Drop, reading: Reading) -> None:
    drop.put(census(child("1", "old"), at="2026-11-20T23:00:00"))
    (old,) = await drop.say(local="1")
    reading.seconds_a_step = 0.6
    drop.put(census(child("1", "new"), *(child(str(n), MEGABYTE) for n in range(2, 6))))

    (meanwhile,) = await drop.say(local="1")
    reading.seconds_a_step = 0.0
    for _ in range(100):
        (later,) = await drop.say(local="1")
        if later["Note"] == "new":
            break
        await asyncio.sleep(0.05)

    assert (meanwhile["Note"], meanwhile.as_at) == ("old", old.as_at)
    assert (later["Note"], later.as_at and later.as_at.day) == ("new", 21)


async def test_a_new_file_that_cannot_be_read_at_all_is_no_reason_to_show_the_old_one(
    drop: Drop, reading: Reading
) -> None:
    drop.put(census(child("1", "old")))
    assert await drop.notes(local="1") == ["old"]
    reading.is_to_hang = True
    drop.put(census(child("1", "new")))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2):
            await drop.notes(local="1")
    reading.hung.set()

    assert await drop.notes(local="1") == ["new"]


async def test_a_caller_who_gives_up_does_not_stop_the_reading(drop: Drop, reading: Reading) -> None:
    reading.is_to_hang = True
    drop.put(census(child("1", "a")))
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await drop.notes(local="1")
    reading.hung.set()

    assert await drop.notes(local="1") == ["a"]
    assert len(reading.titles) == 1


async def test_a_new_file_that_is_malformed_is_not_hidden_by_the_old_one(
    drop: Drop, reading: Reading
) -> None:
    drop.put(census(child("1", "old")))
    assert await drop.notes(local="1") == ["old"]
    drop.put(census(child("1", "new"))[:-5])

    failures = [(await drop.failure(local="1")).failure for _ in range(5)]

    assert failures == [Failure.UNREADABLE] * 5
    # the old one, the new one, and not the new one again for each question
    assert len(reading.titles) == 2
    drop.put(census(child("1", "newest")))
    assert await drop.notes(local="1") == ["newest"]


async def test_a_file_that_grows_while_it_is_read_is_still_being_written(
    drop: Drop, reading: Reading
) -> None:
    file = drop.put(census(child("1", "a")))
    reading.is_to_hang = True
    asking = asyncio.create_task(drop.failure(local="1"))
    await asyncio.sleep(0.2)
    with file.open("a") as more:
        more.write(" ")
    reading.hung.set()

    assert (await asking).failure is Failure.UNREADABLE


async def test_a_file_written_piece_by_piece_is_answered_from_only_when_it_is_whole(drop: Drop) -> None:
    whole = census(*(child(str(n), f"note {n}") for n in range(300))).encode()
    file = drop.folder / "drop.xml"
    for length in range(500, len(whole) - 1, 4000):
        file.write_bytes(whole[:length])
        assert (await drop.failure(local="0")).failure is Failure.UNREADABLE
    file.write_bytes(whole)

    assert await drop.notes(local="299") == ["note 299"]


async def test_the_index_takes_less_than_a_twentieth_of_the_file(tmp_path: Path, reading: Reading) -> None:
    async with watched(tmp_path, reading) as drop:
        people = (child(f"L{n:09d}", "n" * 300, upn=f"A{n:012d}") for n in range(20_000))
        file = drop.put(census(*people))
        assert await drop.notes(upn="A000000000007") == ["n" * 300]

        assert isinstance(drop.connector, XmlDrop)
        assert drop.connector.memory() < file.stat().st_size / 20


async def test_a_closed_connector_leaves_neither_threads_nor_open_files(
    tmp_path: Path, reading: Reading
) -> None:
    def held() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), threading.active_count()

    async with watched(tmp_path, reading) as drop:
        before = held()
        drop.put(census(child("1", "a")))
        await drop.notes(local="1")
        assert held() != before
    await asyncio.sleep(0.1)

    assert held() <= before


async def test_progress_is_logged_by_tenths_and_without_content(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with dropped(tmp_path, XML) as drop:
        drop.put(census(*(child(f"CNRY{n}", MEGABYTE) for n in range(11))))
        assert len(await drop.notes(local="CNRY3")) == 1

    lines = [record.getMessage() for record in caplog.records if record.name.startswith("connectors")]
    assert "indexing agency person: 50 %" in lines
    assert len(lines) <= 12
    assert "CNRY" not in caplog.text


PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.connectors.drops import XML, census, child, dropped

async def main():
    async with dropped(Path(sys.argv[1]), XML) as drop:
        drop.put(census(*(child(str(n), "x" * (1 << 20)) for n in range(30))))
        await drop.notes(local="3")

asyncio.run(main())
"""


def test_on_a_terminal_a_bar_shows_how_far_the_reading_has_come(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stderr=theirs, stdout=subprocess.PIPE, env=environment
    ) as program:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
        printed = program.stdout.read() if program.stdout else b""
    os.close(ours)

    assert program.returncode == 0
    assert b"Indexing agency person" in shown
    assert printed == b""
