"""A writer killed at any moment, a disk that fills: every acknowledged row is there and the chain holds."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.gateway.chains import Place, empty, row, write
from tests.services import ROOT

TIMES = 20


def writer(place: Place, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.gateway.audit_writer", str(place.folder), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


def killed_after(place: Place, seconds: float) -> list[int]:
    """The numbers acknowledged before the writer was killed, this long after its first."""
    process = writer(place)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    return [int(line) for line in (first + rest).split()]


@pytest.mark.slow
def test_twenty_times_killed_no_acknowledged_row_is_lost_and_the_chain_holds(tmp_path: Path) -> None:
    place = empty(tmp_path)
    chance = random.Random(20261122)
    acknowledged: list[int] = []

    for _ in range(TIMES):
        acknowledged += killed_after(place, chance.uniform(0, 0.12))
        verdict = place.verdict()
        assert (verdict.why, verdict.bad) == ("", None)
        assert verdict.rows >= max(acknowledged)

    assert len(acknowledged) == len(set(acknowledged)) >= TIMES
    assert set(acknowledged) <= {r[0] for r in place.rows()}


def test_a_checkpoint_cut_off_by_a_crash_is_passed_over_and_the_next_one_replaces_it(tmp_path: Path) -> None:
    place = empty(tmp_path)
    write(place, range(1, 31))
    whole = place.checkpoints.read_bytes()
    last = whole.rindex(b"wholechild.example/audit\n30")

    for length in range(last, len(whole)):
        place.checkpoints.write_bytes(whole[:length])
        assert place.verdict().holds

    place.checkpoints.write_bytes(whole[: last + 40])
    write(place, range(31, 41))
    assert (place.verdict().holds, place.verdict().checkpoints) == (True, 4)


@pytest.mark.parametrize("largest", [70_000, 100_000, 150_000])
def test_what_a_full_disk_refuses_is_refused_and_what_it_takes_is_there(tmp_path: Path, largest: int) -> None:
    place = empty(tmp_path)

    process = writer(place, str(largest))
    said = process.communicate(timeout=60)[0].decode().split()

    assert process.returncode == 0
    numbers = [int(line) for line in said if line != "unavailable"]
    assert said.count("unavailable") == 3
    assert all(line != "unavailable" for line in said[-3:])
    verdict = place.verdict()
    assert (verdict.why, verdict.bad) == ("", None)
    assert set(numbers) <= set(range(1, verdict.rows + 1))


def test_after_a_crash_the_next_writer_goes_on_from_the_last_row(tmp_path: Path) -> None:
    place = empty(tmp_path)
    killed_after(place, 0.05)
    before = place.verdict().rows

    write(place, [before + 1])

    assert place.rows()[-1][4] == row(before + 1).request
    assert place.verdict().rows == before + 1
