"""Hostile requests at every route of the running gateway: refused in words, never a crash, never an echo.

https://owasp.org/www-project-web-security-testing-guide/ ; what answers them is one gateway in this process.
"""

from collections.abc import AsyncIterator, Iterable
from urllib.parse import quote, urlsplit

import aiohttp
import pytest

from tests.system.lines import lines
from tests.system.raw import Heard, request, said
from tests.system.running import MAYA, Running, running
from tests.system.values import BODIES, BORN, FINDS, FORM, IDS, NAMES, QUERIES, TYPES

NUMBER = f"https://fhir.nhs.uk/Id/nhs-number|{MAYA}"
WORST_SECONDS = 2.0


@pytest.fixture(scope="module")
async def target(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(tmp_path_factory.mktemp("requests"), budget_seconds=2.0) as one:
        yield one


async def all_refused(gateway: Running, messages: Iterable[bytes], and_no_more: bool = False) -> None:
    """None of the messages makes an error of ours, a traceback, or an echo; a child can be found after."""
    port = urlsplit(gateway.url).port
    assert port is not None
    wrong: list[str] = []
    with lines() as logged:
        for number, message in enumerate(messages):
            heard = await said(port, message, and_no_more)
            if complaint := _wrong(heard):
                wrong.append(f"{number}: {complaint}: {message[:160]!r}")
    assert not wrong, "\n".join(wrong)
    assert MAYA not in logged.text
    assert "Traceback" not in logged.text, logged.text
    status, _ = await gateway.find(MAYA)
    assert status == 200


def _wrong(heard: Heard) -> str:
    """What is wrong with an answer; empty if nothing is."""
    body = heard.raw.decode("latin-1")
    if heard.status >= 500:
        return f"status {heard.status}"
    if heard.status == 200:
        return "answered"
    if MAYA in body and heard.status != 422:
        return "an echo"
    if "Traceback" in body or 'File "' in body:
        return "a traceback"
    return "slow" if heard.seconds > WORST_SECONDS else ""


async def test_ids_that_are_none_of_ours_lead_nowhere(target: Running) -> None:
    who = target.headers()
    paths = [f"/fhir/{name}/{one}" for one in IDS for name in ("Patient", "CarePlan")]
    paths += [f"/fhir/Patient/{one}/$everything" for one in IDS]
    paths += [f"/fhir/{name}/x" for name in TYPES]

    await all_refused(target, [request("GET", path, who) for path in paths])


async def test_searches_for_a_child_that_are_not_well_formed_are_refused(target: Running) -> None:
    who = target.headers()
    messages = [request("GET", f"/fhir/Patient?{query}", who) for query in QUERIES]
    messages += [
        request("POST", "/fhir/Patient/_search", who | FORM, query.encode("latin-1")) for query in QUERIES
    ]

    await all_refused(target, messages)


async def test_searches_of_a_child_that_are_not_well_formed_are_refused(target: Running) -> None:
    who = target.headers()
    _, found = await target.find(MAYA)
    child = found["entry"][0]["resource"]["id"]
    bad = [
        "_count=-1", "_count=1e9", "_count=%D9%A3", "_count=", "_count=9999999", "_count=0x10",
        "_count=1&_count=2", "_type=", "_type=Patient,,", "_type=%00", "_type=Nothing", "_type=*",
        "start=2026-99", "start=10000-01-01",
        "start=%00", "start=now", "end=0000", "end=2026-02-30", "end=99999999999999999999", "_cursor=x",
        "_cursor=%00", "_cursor=" + "A" * 3000, "birthdate=x", "birthdate=0000-00-00", "birthdate=%00",
        "start=2026&start=2027",
    ]  # fmt: skip
    messages = [request("GET", f"/fhir/Patient/{child}/$everything?{query}", who) for query in bad]
    stream = who | {"Accept": "text/event-stream"}
    messages += [request("GET", f"/fhir/Patient/{child}/$everything?{query}", stream) for query in bad]
    references = [
        "", "%00", "x", f"Observation/{child}", f"http://evil.example/Patient/{child}x", f"Patient/{child}x",
        f"Patient/{child}/_history/1", f"{child}%2C{child}", f"Patient/{MAYA}", "Patient/", "Patient/..",
        "../Patient", f"Patient/{child}&subject=Patient/{child}", "A" * 8100,
    ]  # fmt: skip
    messages += [request("GET", f"/fhir/CarePlan?patient={one}", who) for one in references]
    strict = who | {"Prefer": "handling=strict"}
    messages += [
        request("GET", f"/fhir/CarePlan?patient=Patient/{child}&{name}=1", strict)
        for name in (
            f"x{MAYA}",
            "_include",
            "_revinclude",
            "code:in",
            "_has:x:y:z",
            "%0d%0a",
            "\xff",
            "_sort",
        )
    ]

    await all_refused(target, messages)


async def test_bodies_of_other_kinds_are_refused(target: Running) -> None:
    who = target.headers()
    places = (
        "/fhir/Patient/_search",
        "/fhir/CarePlan/_search",
        "/fhir/Patient/x/$everything",
        "/fhir/Patient",
    )
    messages = [
        request("POST", place, who | ({"Content-Type": kind} if kind else {}), body)
        for place in places
        for kind, body in BODIES
    ]

    await all_refused(target, messages)


async def test_messages_that_are_no_http_or_two_at_once_are_refused(target: Running) -> None:
    head = b"POST /fhir/Patient/_search HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += f"Authorization: Bearer {target.token()}\r\n".encode()
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    end = b"\r\n\r\n"
    chunked = head + form + b"Transfer-Encoding: chunked" + end
    messages = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
        b"GET /fhir/Patient\r\n\r\n",
        b"GET  /fhir/Patient  HTTP/1.1\r\n\r\n",
        b"GET /fhir/Patient HTTP/3.0\r\nHost: x\r\n\r\n",
        b"GET @evil.example HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        b"GET http://evil.example/fhir/Patient HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET //evil.example/fhir/Patient HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /" + b"A" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /fhir/Patient HTTP/1.1\r\nHost: x\r\nX: " + b"A" * 100_000 + end,
        b"GET /fhir/Patient HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + end,
        b"GET /fhir/Patient HTTP/1.1\r\nHost: x\r\nBad Header: y" + end,
        b"GET /fhir/Patient HTTP/1.1\r\nHost: x\r\n: y" + end,
        b"GET /fhir/Patient HTTP/1.1\r\nHost: x\r\nX: a\x00b" + end,
        b"GET /fhir/Pa\x00tient HTTP/1.1\r\nHost: x" + end,
        head + form + b"Content-Length: abc" + end + b"a=b",
        head + form + b"Content-Length: -1" + end + b"a=b",
        head + form + b"Content-Length: 3\r\nContent-Length: 4" + end + b"a=bc",
        head + form + b"Content-Length: 3\r\nTransfer-Encoding: chunked" + end + b"0\r\n\r\n",
        head + form + b"Transfer-Encoding: gzip, chunked" + end + b"0\r\n\r\n",
        chunked + b"zz\r\nabc\r\n0\r\n\r\n",
        chunked + b"-1\r\nabc\r\n0\r\n\r\n",
        chunked + b"ffffffffffffffff\r\nabc\r\n",
        chunked + (b"1000\r\n" + b"a" * 0x1000 + b"\r\n") * 9 + b"0\r\n\r\n",
        chunked + b"3\r\na=b\r\n0\r\n\r\n" + b"GET /fhir/metadata HTTP/1.1\r\n\r\n",
    ]  # fmt: skip

    await all_refused(target, messages, and_no_more=True)


async def test_hostile_headers_and_methods_change_nothing(target: Running) -> None:
    token = target.token()
    bearers = (
        "", "Bearer", f"bearer  {token}x", f"Basic {token}", "Bearer " + "A" * 60_000, "Bearer \xff\xfe",
        f"Bearer {token.rsplit('.', 1)[0]}.", f"Bearer {token},{token}", "Bearer null", f"Token {token}",
    )  # fmt: skip
    messages = [request("GET", "/fhir/Patient/x", {"Authorization": one}) for one in bearers]
    others = (
        {"Accept": "application/fhir+xml"}, {"Accept": "\xff"}, {"Accept": ",;,"}, {"Accept": "a" * 5000},
        {"X-HTTP-Method-Override": "DELETE"}, {"X-Forwarded-Host": "evil.example"}, {"Range": "bytes=0-1"},
        {"Prefer": "wait=999999"}, {"Prefer": "wait=-1"}, {"Prefer": "\xff" * 3000},
        {"Cookie": "wholechild=\xff"},
        {"Forwarded": f"for={MAYA}"}, {"User-Agent": f"{MAYA}\x1b[31m"}, {"Referer": f"https://x/{MAYA}"},
        {"Content-Encoding": "gzip"}, {"Upgrade": "websocket", "Connection": "Upgrade"}, {"Expect": "200-ok"},
    )  # fmt: skip
    messages += [request("GET", "/fhir/Patient/x", target.headers() | one) for one in others]
    methods = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND", "get")
    messages += [
        request(m, f"/fhir/{p}", target.headers()) for m in methods for p in ("Patient/x", "Patient")
    ]

    await all_refused(target, messages)


async def cookie(gateway: Running) -> str:
    """The session of somebody who has signed in and said why."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        await session.post(f"{gateway.url}/sign-in", data={"user": "dr.sen"})
        await session.post(f"{gateway.url}/reason", data={"purpose": "emergency-care"})
        return "; ".join(f"{one.key}={one.value}" for one in session.cookie_jar)


async def test_hostile_forms_are_refused_or_asked_again(target: Running) -> None:
    signed_in = {"Cookie": await cookie(target)}
    form = FORM | signed_in
    messages = [request("POST", "/find", form, body.encode()) for body in FINDS]
    messages += [
        request("POST", "/find", form, body) for body in (b"\xff\xfe", b"family=\xff&day=1", b"\x00" * 99)
    ]
    users = (
        "",
        "nobody",
        "%00",
        "../../x",
        "dr.sen%00",
        "A" * 9000,
        "dr.sen&user=x",
        "%F0%9F%91%B6",
        f"{MAYA}",
    )
    messages += [request("POST", "/sign-in", FORM, f"user={one}".encode()) for one in users]
    reasons = ("", "%00", "research", "A" * 9000, "emergency-care%0d%0aX:y", MAYA)
    messages += [request("POST", "/reason", form, f"purpose={one}".encode()) for one in reasons]
    messages += [request("POST", path, form, b"a=b", length=False) for path in ("/find", "/reason", "/lock")]
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    messages += [
        request("POST", path, form | foreign, b"user=dr.sen") for path in ("/find", "/reason", "/sign-in")
    ]

    await all_refused(target, messages)


async def test_a_hostile_name_finds_nobody(target: Running) -> None:
    form = FORM | {"Cookie": await cookie(target)}
    port = urlsplit(target.url).port
    assert port is not None
    for name in NAMES:
        body = f"family={name}&given={name}&postcode={name}&{BORN}".encode()
        heard = await said(port, request("POST", "/find", form, body))

        assert heard.status in (200, 422)
        assert b'name="child"' not in heard.raw
        assert b"<script>" not in heard.raw


async def test_a_child_picked_from_a_list_leads_to_no_other_host(target: Running) -> None:
    form = FORM | {"Cookie": await cookie(target)}
    port = urlsplit(target.url).port
    assert port is not None
    for child in (
        "//evil.example",
        "../../evil",
        "https://evil.example/",
        "%0d%0aX-Evil:y",
        "\\\\evil.example",
    ):
        body = f"child={quote(child, safe='%')}&checked=yes".encode()
        heard = await said(port, request("POST", "/find", form, body))

        head = heard.raw.split(b"\r\n\r\n")[0]
        assert heard.status == 404
        assert b"\r\nx-evil" not in head.lower()
        assert b"\r\nlocation:" not in head.lower()


async def test_pages_that_are_none_of_ours_lead_nowhere(target: Running) -> None:
    signed_in = {"Cookie": await cookie(target)}
    broken = (
        "wholechild=",
        "wholechild=AAAA",
        "wholechild=" + "A" * 7000,
        "wholechild=\xff",
        ";;;=",
        "wholechild",
    )
    static = (
        "../app.py",
        "%2e%2e/app.py",
        "..%2fapp.py",
        "%00",
        "viewer.css%00",
        "....//x",
        "",
        "A" * 3000,
        "C:%5c",
    )
    messages = [request("GET", f"/child/{one}", signed_in) for one in IDS]
    messages += [
        request("GET", path, {"Cookie": one}) for one in broken for path in ("/find", "/child/x", "/reason")
    ]
    messages += [request("GET", f"/static/{one}", {}) for one in static]
    messages += [
        request("GET", path, signed_in)
        for path in ("/nothing", "/sign-in", "/lock", "/%00", "/docs", "/openapi")
    ]
    messages += [
        request("GET", path, {}) for path in ("/openapi.json", "/redoc", "/.env", "/health", "/oauth2/token")
    ]
    methods = ("PUT", "DELETE", "OPTIONS", "TRACE")
    messages += [
        request(m, path, signed_in) for m in methods for path in ("/", "/find", "/child/x", "/metrics")
    ]

    await all_refused(target, messages)
