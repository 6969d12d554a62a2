"""What a nightly census file of 100 MB costs: reading it, keeping its index, and looking a child up.

https://www.gov.uk/guidance/children-in-need-census (the file's form; every child in it is invented)
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.base import Query
from connectors.drop_progress import Step
from connectors.system import Endpoint, System, read_system
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


def measure(size: int = 100_000_000) -> dict[str, float]:
    """The figures, by name with its unit."""
    with TemporaryDirectory() as folder:
        count = write_census(Path(folder) / "census.xml", size)
        return asyncio.run(_measured(Path(folder), count))


async def _measured(folder: Path, count: int) -> dict[str, float]:
    (folder / "system.toml").write_text(_SYSTEM, encoding="utf-8")
    system = read_system(folder / "system.toml")
    size = (folder / "census.xml").stat().st_size
    connector = XmlDrop(system, Endpoint("census", f"file://{folder}", hash_key=os.urandom(32)), _silent)
    before = _resident()
    late = asyncio.create_task(_lateness())
    began, cpu = time.perf_counter(), time.process_time()
    await connector.ready()
    took, worked = time.perf_counter() - began, time.process_time() - cpu
    late.cancel()
    figures = {
        "children": float(count),
        "file MB": size / 1e6,
        "index s": took,
        "index MB/s": size / 1e6 / took,
        "index MB/s of CPU": size / 1e6 / worked,
        "index % of file": 100 * connector.memory() / size,
        "process grew MB": (_resident() - before) / 1e6,
        **await _look_ups(connector, system, count),
    }
    await connector.close()
    return figures


async def _look_ups(connector: XmlDrop, system: System, count: int) -> dict[str, float]:
    rng = random.Random(2)
    times = []
    for _ in range(_LOOK_UPS):
        query = Query("person", {"upn": upn(rng.randrange(count))})
        began = time.perf_counter()
        records = [record async for record in connector.fetch(query)]
        times.append(time.perf_counter() - began)
        assert records[0].kind == "person"
    times.sort()
    return {
        "look-up us p50": 1e6 * times[len(times) // 2],
        "look-up us p99": 1e6 * times[len(times) * 99 // 100],
    }
