"""Every fault of an agency's server, as a plain HTTP client sees it."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from gateway.demo.fault_server import FaultyServer
from gateway.demo.faults import FaultImpossible, Kind, Switch
from gateway.demo.region import region
from gateway.demo.swap import partners, swapped_question
from gateway.demo.world import LONDON

MAYA, PRIYA = "9990001375", "9990005486"
WORLD = region()
STALE = datetime(2026, 11, 13, 2, 7, tzinfo=LONDON)


def tiny_agency() -> web.Application:
    """Says whose records it was asked for, however it was asked."""

    def said(number: str) -> web.Response:
        return web.json_response(
            {"number": number, "family": WORLD.child(number).family},
            headers={"Last-Modified": "Sat, 21 Nov 2026 18:00:00 GMT"},
        )

    async def by_query(request: web.Request) -> web.Response:
        return said(request.query["identifier"].rpartition("|")[2].replace(" ", ""))

    async def by_path(request: web.Request) -> web.Response:
        return said(request.match_info["number"])

    async def by_body(request: web.Request) -> web.Response:
        return said((await request.text()).partition("<nhs>")[2].partition("</nhs>")[0])

    application = web.Application()
    application.add_routes(
        [web.get("/people", by_query), web.get("/people/{number}", by_path), web.post("/find", by_body)]
    )
    return application


@pytest_asyncio.fixture
async def agency() -> AsyncIterator[FaultyServer]:
    pairs = partners({MAYA: {}, PRIYA: {}}, WORLD)
    server = FaultyServer(tiny_agency(), swapped_question(pairs, "tiny", WORLD), STALE)
    await server.start()
    yield server
    await server.close()


@pytest_asyncio.fixture
async def client(agency: FaultyServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{agency.port}") as session:
        yield session


async def get(client: aiohttp.ClientSession, path: str = f"/people/{MAYA}") -> tuple[int, str, bytes]:
    async with client.get(path) as response:
        return response.status, response.content_type, await response.read()


WELL = (200, "application/json", b'{"number": "9990001375", "family": "OAKLEY"}')


async def test_an_agency_without_a_fault_answers_again_and_again(client: aiohttp.ClientSession) -> None:
    assert [await get(client) for _ in range(3)] == [WELL] * 3


async def test_hang_takes_the_question_and_never_answers(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.HANG)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await get(client)


async def test_down_refuses_the_connection_and_keeps_the_port(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    port = agency.port
    await agency.set(Kind.DOWN)

    with pytest.raises(aiohttp.ClientConnectorError):
        await get(client)
    await agency.set(Kind.OK)
    assert (await get(client), agency.port) == (WELL, port)


async def test_slow_answers_late_and_in_full(agency: FaultyServer, client: aiohttp.ClientSession) -> None:
    await agency.set(Kind.SLOW)
    began = time.monotonic()

    assert await get(client) == WELL
    assert time.monotonic() - began >= 1.5


async def test_error_is_a_status_of_500(agency: FaultyServer, client: aiohttp.ClientSession) -> None:
    await agency.set(Kind.ERROR)

    assert (await get(client))[0] == 500


async def test_garbage_is_a_log_in_page_with_status_200(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.GARBAGE)
    status, kind, body = await get(client)

    assert (status, kind, body.startswith(b"<!DOCTYPE html>")) == (200, "text/html", True)


async def test_truncate_gives_half_the_body_as_if_it_were_the_whole(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.TRUNCATE)

    assert await get(client) == (200, "application/json", WELL[2][: len(WELL[2]) // 2])


@pytest.mark.parametrize(
    "path",
    [
        f"/people/{MAYA}",
        f"/people?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C{MAYA}",
        f"/people?identifier=x|{MAYA}",
        "/people?identifier=999%20000%201375",
        "/people?identifier=999+000+1375",
    ],
)
async def test_swap_answers_with_another_childs_records(
    agency: FaultyServer, client: aiohttp.ClientSession, path: str
) -> None:
    await agency.set(Kind.SWAP)

    assert (await get(client, path))[2] == b'{"number": "9990005486", "family": "NAIR"}'


async def test_swap_reaches_into_the_body_of_a_question(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.SWAP)

    async with client.post("/find", data=f"<find><nhs>{PRIYA}</nhs></find>") as response:
        assert (await response.json())["family"] == "OAKLEY"


async def test_swap_reaches_into_a_body_that_comes_in_chunks(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.SWAP)

    async def chunks() -> AsyncIterator[bytes]:
        yield b"<find><nhs>"
        yield PRIYA.encode()
        yield b"</nhs></find>"

    async with client.post("/find", data=chunks()) as response:
        assert (await response.json())["family"] == "OAKLEY"


async def test_reject_is_a_status_of_401(agency: FaultyServer, client: aiohttp.ClientSession) -> None:
    await agency.set(Kind.REJECT)

    assert (await get(client))[0] == 401


async def test_stale_is_the_same_answer_from_nine_days_ago(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.STALE)

    async with client.get(f"/people/{MAYA}") as response:
        assert response.headers.getall("Last-Modified") == ["Fri, 13 Nov 2026 02:07:00 GMT"]
        assert await response.read() == WELL[2]


async def test_paused_says_so(agency: FaultyServer, client: aiohttp.ClientSession) -> None:
    await agency.set(Kind.PAUSED)

    async with client.get(f"/people/{MAYA}") as response:
        assert (response.status, response.headers["Sharing-Status"]) == (503, "paused")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OK])
async def test_after_any_fault_the_agency_answers_as_before(
    agency: FaultyServer, client: aiohttp.ClientSession, kind: Kind
) -> None:
    assert await get(client) == WELL
    await agency.set(kind)
    await agency.set(Kind.OK)

    assert await get(client) == WELL


async def test_who_is_being_answered_is_cut_off_when_a_fault_begins(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.HANG)
    # a POST, because the client quietly asks a GET again
    waiting = asyncio.create_task(client.post("/find", data=f"<nhs>{MAYA}</nhs>").__aenter__())
    await asyncio.sleep(0.05)
    await agency.set(Kind.PAUSED)

    with pytest.raises(aiohttp.ClientConnectionError):
        await waiting


async def test_a_fault_can_end_by_itself(agency: FaultyServer, client: aiohttp.ClientSession) -> None:
    switch = Switch(agency)
    await switch.turn(Kind.ERROR, seconds=0.1)
    during = (await get(client))[0]
    await asyncio.sleep(0.2)

    assert (during, await get(client), switch.kind) == (500, WELL, Kind.OK)


async def test_a_later_fault_is_not_ended_by_an_earlier_ones_time(agency: FaultyServer) -> None:
    switch = Switch(agency)
    await switch.turn(Kind.ERROR, seconds=0.05)
    await switch.turn(Kind.HANG)
    await asyncio.sleep(0.15)

    assert switch.kind is Kind.HANG


async def test_an_agency_that_knows_one_child_cannot_mix_children_up() -> None:
    lonely = FaultyServer(tiny_agency(), swapped_question(partners({MAYA: {}}, WORLD), "tiny", WORLD), STALE)
    await lonely.start()

    with pytest.raises(FaultImpossible, match="nobody to mix up"):
        await lonely.set(Kind.SWAP)
    await lonely.close()


async def test_a_client_that_leaves_in_the_middle_of_a_question_costs_nothing(
    agency: FaultyServer, client: aiohttp.ClientSession
) -> None:
    await agency.set(Kind.TRUNCATE)
    _, writer = await asyncio.open_connection("127.0.0.1", agency.port)
    writer.write(b"POST /find HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    writer.close()
    await agency.set(Kind.OK)

    assert await get(client) == WELL
