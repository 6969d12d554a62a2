"""What a nightly census file of 100 MB costs: reading it, keeping its index, and looking a child up.

https://www.gov.uk/guidance/children-in-need-census (the file's form; every child in it is invented)
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.base import Query
from connectors.drop_progress import Step
from connectors.system import Endpoint, read_system
from connectors.xml_drop import XmlDrop

_SYSTEM = """
id = "census"
title = "A children-in-need census"
transport = "xml_drop"
[xml]
root = "Message"
as_at = "Header/Source/DateTime"
[kinds.person]
element = "Child"
person_keys = {local = "ChildIdentifiers.LAchildID", upn = "ChildIdentifiers.UPN"}
[kinds.person.fields]
"ChildIdentifiers.LAchildID" = "text"
"ChildIdentifiers.UPN" = "text"
"ChildIdentifiers.PersonBirthDate" = "text"
[kinds.cin]
part_of = "person"
path = "CINdetails[]"
fields = {CINreferralDate = "text", PrimaryNeedCode = "text", ReferralNFA = "text"}
"""
_HEAD = """<Message>
  <Header>
    <CollectionDetails><Collection>CIN</Collection><Year>2026</Year></CollectionDetails>
    <Source><LEA>999</LEA><DateTime>2026-11-22T01:15:00Z</DateTime></Source>
  </Header>
  <Children>
"""
_CHILD = """    <Child>
      <ChildIdentifiers>
        <LAchildID>{local}</LAchildID>
        <UPN>{upn}</UPN>
        <PersonBirthDate>{year}-0{month}-1{day}</PersonBirthDate>
        <Sex>{sex}</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities>
          <Disability>NONE</Disability>
        </Disabilities>
      </ChildCharacteristics>
{episodes}    </Child>
"""
_EPISODE = """      <CINdetails>
        <CINreferralDate>2025-0{month}-1{day}</CINreferralDate>
        <ReferralSource>1A</ReferralSource>
        <PrimaryNeedCode>N{day}</PrimaryNeedCode>
        <DateOfInitialCPC>2025-0{month}-2{day}</DateOfInitialCPC>
        <Assessments>
          <AssessmentActualStartDate>2025-0{month}-2{day}</AssessmentActualStartDate>
          <FactorsIdentifiedAtAssessment>
            <AssessmentFactors>1C</AssessmentFactors>
            <AssessmentFactors>3B</AssessmentFactors>
          </FactorsIdentifiedAtAssessment>
        </Assessments>
        <ReferralNFA>false</ReferralNFA>
      </CINdetails>
"""
_TAIL = "  </Children>\n</Message>\n"
_LOOK_UPS = 2000


def write_census(file: Path, size: int, seed: int = 1) -> int:
    """Writes a census of about `size` bytes; how many children are in it."""
    rng = random.Random(seed)
    count = 0
    with file.open("w", encoding="utf-8") as out:
        out.write(_HEAD)
        while out.tell() < size:
            # a hundred at a time: asking for the place in the file is slow
            out.write("".join(_child(rng, count + n) for n in range(100)))
            count += 100
        out.write(_TAIL)
    return count


def upn(number: int) -> str:
    return f"A{number:012d}"


def _child(rng: random.Random, number: int) -> str:
    month, day = rng.randint(1, 9), rng.randint(0, 8)
    episodes = "".join(_EPISODE.format(month=month, day=day) for _ in range(rng.randint(1, 2)))
    return _CHILD.format(
        local=f"LA{number:08d}",
        upn=upn(number),
        year=rng.randint(2009, 2026),
        month=month,
        day=day,
        sex=rng.choice("MF"),
        episodes=episodes,
    )


def drop(size: int = 100_000_000) -> dict[str, float]:
    """The figures; `loop_late` is how late the event loop ran while the file was read."""
    with TemporaryDirectory() as folder:
        children = write_census(Path(folder) / "census.xml", size)
        return asyncio.run(_measured(Path(folder), children))


async def _measured(folder: Path, children: int) -> dict[str, float]:
    (folder / "system.toml").write_text(_SYSTEM, encoding="utf-8")
    endpoint = Endpoint("census", f"file://{folder}", hash_key=os.urandom(32))
    connector = XmlDrop(read_system(folder / "system.toml"), endpoint, _silent)
    megabytes = (folder / "census.xml").stat().st_size / 1e6
    before = _resident()
    began, worked = time.perf_counter(), time.process_time()
    reading = asyncio.create_task(connector.ready())
    late = await _lateness(reading)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    figures = {
        "children": float(children),
        "file_mb": megabytes,
        "index_s": took,
        "index_mb_s": megabytes / took,
        "index_mb_cpu_s": megabytes / worked,
        "index_share": connector.memory() / 1e6 / megabytes,
        "process_grew_mb": (_resident() - before) / 1e6,
        "loop_late_p50_ms": 1e3 * _at(late, 0.5),
        "loop_late_p99_ms": 1e3 * _at(late, 0.99),
    }
    times = await _look_ups(connector, children)
    await connector.close()
    return {**figures, "look_up_us_p50": 1e6 * _at(times, 0.5), "look_up_us_p99": 1e6 * _at(times, 0.99)}


async def _lateness(reading: asyncio.Task[None]) -> list[float]:
    """By how much the event loop was late for each millisecond until the file was read."""
    late = []
    while not reading.done():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        late.append(time.perf_counter() - began - 0.001)
    await reading
    return late


async def _look_ups(connector: XmlDrop, children: int) -> list[float]:
    rng = random.Random(2)
    times = []
    for _ in range(_LOOK_UPS):
        query = Query("person", {"upn": upn(rng.randrange(children))})
        began = time.perf_counter()
        records = [record async for record in connector.fetch(query)]
        times.append(time.perf_counter() - began)
        assert records[0]["ChildIdentifiers"]["UPN"] == query.person["upn"]
    return times


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _at(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


@contextmanager
def _silent(title: str, size: int) -> Iterator[Step]:
    yield lambda done: None
