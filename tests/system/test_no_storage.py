"""Nothing about a child stays: canaries in all texts of agencies, everything exercised, kill -9, a search.

The agencies of this demo give out canaries (tests/system/canaries.py); what may hold them are the agencies'
own store and the answers to people who may see them, nothing else.
"""

from pathlib import Path

import aiohttp
import pytest

from gateway.demo.region import scenario_children
from tests import services
from tests.system.canaries import CANARY, STEM
from tests.system.demo_process import demo
from tests.system.exercising import Client, Spent, in_a_browser, in_a_terminal, over_the_api
from tests.system.running import MAYA
from tests.system.searching import Searcher

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# the sources' own numbers of Maya and Jordan
OWN_NUMBERS = ("N1375001", "N1375002", "NP0013751", "NP0027461", "SV004471")
AGENCIES = (
    "pds", "cp-is", "northtown-csc", "northtown-general", "millbrook-gp", "northshire-community",
    "hill-road-school", "northshire-police",
)  # fmt: skip


def words() -> list[str]:
    """Canaries, and every identifier and birth date of the scenario children."""
    found = [STEM, *OWN_NUMBERS]
    for child in scenario_children():
        number = child.nhs_number
        told = (number, f"{number[:3]} {number[3:6]} {number[6:]}" if number else "", child.upn)
        found += [word for word in (*told, child.birth_date.isoformat()) if word]
    return found


@pytest.fixture(scope="module")
async def spent(tmp_path_factory: pytest.TempPathFactory) -> Spent:
    """A demo that was used for everything and then killed."""
    folder = tmp_path_factory.mktemp("spent")
    left = Spent(folder)
    async with demo(folder, CANARIES="1") as one:
        await over_the_api(one, left)
        left.terminal = await in_a_terminal(one)
        if chromium := services.chromium():
            left.shown = await in_a_browser(one, folder / "profile", chromium)
        left.opened = one.opened_for_writing()
        await one.kill()
    return left


def is_agencies_own(path: Path) -> bool:
    return "agencies" in path.parts


def is_announcement(path: Path) -> bool:
    return path.name == "stdout.log"


def test_no_canary_and_no_identifier_stands_in_any_byte_that_was_written(spent: Spent) -> None:
    """Databases, write-ahead log, checkpoints, logs, temporary files, home, and the browser's profile."""
    kept = Searcher(words()).folder(spent.folder, lambda path: is_agencies_own(path) or is_announcement(path))

    assert (spent.folder / "northshire" / "gateway.db-wal").stat().st_size > 0
    assert kept == []


def test_standard_output_names_only_the_child_of_the_example(spent: Spent) -> None:
    """The announcement tells a first question to try."""
    said = (spent.folder / "stdout.log").read_text(encoding="utf-8")

    examples = f"gateway ask {MAYA}", f"nhs-number|{MAYA}"
    for example in examples:
        said = said.replace(example, "")
    assert Searcher(words()).bytes(said.encode(), "stdout") == []


def test_heads_errors_metrics_and_refusals_name_nobody(spent: Spent) -> None:
    refused = [errors.encode() for _, _, errors in spent.terminal] + [spent.terminal[-1][1].encode()]

    found = [find for heard in [*spent.quiet, *refused] for find in Searcher(words()).bytes(heard, "heard")]

    assert len(spent.quiet) > 200
    assert found == []


def test_nothing_is_open_for_writing_outside_its_folder(spent: Spent) -> None:
    elsewhere = [name for name in spent.opened if not name.startswith(str(spent.folder))]
    nameless = b"".join(spent.opened.values())

    assert any(name.endswith("gateway.db") for name in spent.opened)
    assert elsewhere == []
    assert Searcher(words()).bytes(nameless, "a file without a name") == []


def test_what_nobody_may_keep_was_there_to_be_kept(spent: Spent) -> None:
    """Each agency's canaries reached somebody who may see them, over the API and in a terminal."""
    entries = [entry["resource"] for bundle in spent.answers.values() for entry in bundle["entry"]]
    by_source: dict[str, set[str]] = {}
    for resource in entries:
        source = resource.get("meta", {}).get("source", "").rpartition("/")[2]
        by_source.setdefault(source, set()).update(CANARY.findall(str(resource)))

    assert {source for source, found in by_source.items() if len(found) > 2} >= set(AGENCIES)
    assert len(set(CANARY.findall(str(spent.answers)))) > 100
    assert [status for status, _, _ in spent.terminal] == [0, 0, 1]
    assert all(CANARY.search(output) for _, output, _ in spent.terminal[:2])


@pytest.mark.browser
def test_the_browser_showed_the_child_and_keeps_nothing(spent: Spent) -> None:
    profile = spent.folder / "profile"

    assert len(set(CANARY.findall(spent.shown))) > 20
    assert (profile / "storage-state.json").exists()
    assert (profile / "Default" / "History").exists()
    assert Searcher(words()).folder(profile) == []


async def test_a_deliberate_leak_in_a_log_line_is_found(tmp_path: Path) -> None:
    """The same demo whose gateway logs each record that it reads: tests/system/site, tests/system/leak.py."""
    left = Spent(tmp_path)
    async with demo(tmp_path, CANARIES="1", CANARY_LEAK="1") as one, aiohttp.ClientSession() as session:
        await Client(one, left, session).look(MAYA, "dr.sen", "emergency-care", {})
        await one.kill()

    found = Searcher(words()).folder(tmp_path, lambda path: is_agencies_own(path) or is_announcement(path))

    assert {(Path(find.place).name, find.form) for find in found} == {("stderr.log", "plain")}
    assert {STEM, MAYA, "2022-03-14", "N1375001"} <= {find.word for find in found}
