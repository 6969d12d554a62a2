"""FHIR sources: how they are asked, what an absence is, what belongs to which kind, and what is a failure."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from connectors.base import Failure, Query, Record, SourceError
from connectors.system import SystemMistake
from tests.connectors.serving import FHIR, answered, asked, connected, saying

PATIENT = """
id = "pds"
title = "Identity"
transport = "fhir"
[headers]
X-Request-ID = "{uuid}"
Unscheduled = "{unscheduled=true}"
From = "{asid}"
[fhir]
as_at = "Last-Modified"
[kinds.person]
path = "Patient/{nhs-number}"
method = "get"
person_keys = {nhs-number = "path"}
fields = {"" = "any"}
[kinds.related]
path = "Patient/{nhs-number}/RelatedPerson"
method = "get"
search = {_count = 50}
person_keys = {nhs-number = "path"}
fields = {id = "text"}
[kinds.visit]
path = "Encounter"
search = {"patient:identifier" = "nhs|{nhs-number}", date = "ge{from}", _include = ["Visit:a", "Visit:b"]}
person_keys = {nhs-number = "patient:identifier", local = "patient"}
fields = {id = "text"}
[kinds.professional]
part_of = "visit"
path = "entry[].resource"
where = {resourceType = "Practitioner"}
fields = {id = "text"}
"""
CHILD = {"nhs-number": "9990001375"}
FHIR_JSON = "application/fhir+json"


def bundle(*resources: dict[str, Any], **more: Any) -> bytes:
    entry = [{"resource": resource} for resource in resources]
    return orjson.dumps({"resourceType": "Bundle", "type": "searchset", "entry": entry, **more})


def outcome(code: str, severity: str = "error", spine: str = "") -> dict[str, Any]:
    details = {"coding": [{"system": "spine", "code": spine}]}
    issue = {"severity": severity, "code": code, "details": details, "diagnostics": "CNRY"}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


class Asked:
    """A FHIR server that notes what it was asked, and says one thing."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.body, self.status = body, status
        self.requests: list[tuple[str, str, str]] = []
        self.headers: list[dict[str, str]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        form = (await request.read()).decode()
        self.requests.append((request.method, request.raw_path, form))
        self.headers.append(dict(request.headers))
        headers = {"Content-Type": FHIR_JSON, "Last-Modified": "Sat, 21 Nov 2026 18:00:00 GMT"}
        return web.Response(body=self.body, status=self.status, headers=headers)


async def ask(folder: Path, server: Asked, query: Query) -> tuple[list[Record], SourceError | None]:
    async with connected(folder, PATIENT, server.answer, {"asid": "200000000001"}) as connector:
        return await asked(connector, query)


async def test_a_search_is_posted_so_that_no_identifier_stands_in_an_address(tmp_path: Path) -> None:
    server = Asked(bundle())

    await ask(tmp_path, server, Query("visit", CHILD, {"from": "2025-01-01"}))

    form = "patient%3Aidentifier=nhs%7C9990001375&date=ge2025-01-01"
    assert server.requests == [
        ("POST", "/base/Encounter/_search", f"{form}&_include=Visit%3Aa&_include=Visit%3Ab")
    ]


async def test_a_parameter_without_its_value_is_left_out(tmp_path: Path) -> None:
    server = Asked(bundle())

    await ask(tmp_path, server, Query("visit", {"local": "7,8"}))

    form = "_include=Visit%3Aa&_include=Visit%3Ab&patient=7%5C%2C8"
    assert server.requests == [("POST", "/base/Encounter/_search", form)]


async def test_reads_and_compartments_are_asked_by_their_path(tmp_path: Path) -> None:
    server = Asked(bundle())
    await ask(tmp_path, server, Query("related", CHILD))

    patient = Asked(b'{"resourceType": "Patient", "id": "9990001375"}')
    await ask(tmp_path, patient, Query("person", CHILD))

    assert server.requests == [("GET", "/base/Patient/9990001375/RelatedPerson?_count=50", "")]
    assert patient.requests == [("GET", "/base/Patient/9990001375", "")]


async def test_fixed_headers_take_values_of_the_source_and_the_request_but_never_of_the_child(
    tmp_path: Path,
) -> None:
    server = Asked(b'{"resourceType": "Patient"}')

    await ask(tmp_path, server, Query("person", CHILD))
    await ask(tmp_path, server, Query("person", CHILD, {"unscheduled": "false"}))

    first, second = server.headers
    assert (first["Unscheduled"], second["Unscheduled"], first["From"]) == ("true", "false", "200000000001")
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert "9990001375" not in str(server.headers)


async def test_records_carry_the_time_that_the_source_gives_them(tmp_path: Path) -> None:
    records, _ = await ask(tmp_path, Asked(b'{"resourceType": "Patient"}'), Query("person", CHILD))

    assert [str(record.as_at) for record in records] == ["2026-11-21 18:00:00+00:00"]


async def test_an_answer_is_split_into_what_was_searched_for_and_what_came_with_it(tmp_path: Path) -> None:
    visit, doctor = {"resourceType": "Encounter", "id": "v"}, {"resourceType": "Practitioner", "id": "d"}
    server = Asked(bundle(visit, doctor, {"resourceType": "Location", "id": "l"}, total=1))

    both, _ = await ask(tmp_path, server, Query("visit", CHILD))
    one, _ = await ask(tmp_path, server, Query("professional", CHILD))

    assert [(record.kind, dict(record)) for record in both] == [
        ("visit", {"id": "v"}),
        ("professional", {"id": "d"}),
    ]
    assert [record.kind for record in one] == ["professional"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, outcome("structure", spine="RESOURCE_NOT_FOUND")),
        (404, outcome("not-found")),
        (410, outcome("deleted")),
    ],
)
async def test_a_read_of_a_child_who_is_not_there_is_an_answer(
    tmp_path: Path, status: int, said: dict[str, Any]
) -> None:
    assert await ask(tmp_path, Asked(orjson.dumps(said), status), Query("person", CHILD)) == ([], None)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, b"", Failure.UNAVAILABLE),
        (404, b'{"error": "no route"}', Failure.UNAVAILABLE),
        (404, orjson.dumps(outcome("not-supported")), Failure.UNAVAILABLE),
        (400, orjson.dumps(outcome("not-found")), Failure.UNSUPPORTED),
        (403, orjson.dumps(outcome("not-found")), Failure.REJECTED),
        (500, orjson.dumps(outcome("not-found")), Failure.UNAVAILABLE),
        (200, orjson.dumps(outcome("not-found")), Failure.UNREADABLE),
        (200, orjson.dumps(outcome("ok", "information")), Failure.UNREADABLE),
        (200, b'{"resourceType": "Person"}', Failure.UNREADABLE),
        (204, b"", Failure.UNREADABLE),
    ],
)
async def test_every_other_way_of_not_answering_a_read_is_a_failure(
    tmp_path: Path, status: int, body: bytes, expected: Failure
) -> None:
    records, failure = await ask(tmp_path, Asked(body, status), Query("person", CHILD))

    assert records == []
    assert failure is not None and failure.failure is expected


async def test_a_search_at_an_address_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    server = Asked(orjson.dumps(outcome("not-found")), 404)

    _, failure = await ask(tmp_path, server, Query("visit", CHILD))

    assert failure is not None and failure.failure is Failure.UNAVAILABLE


@pytest.mark.parametrize(
    ("code", "severity", "expected"),
    [
        ("throttled", "error", Failure.THROTTLED),
        ("forbidden", "fatal", Failure.REJECTED),
        ("timeout", "error", Failure.UNAVAILABLE),
        ("processing", "error", Failure.UNREADABLE),
    ],
)
async def test_an_error_among_the_entries_is_a_failure_after_the_records_beside_it(
    tmp_path: Path, code: str, severity: str, expected: Failure
) -> None:
    body = bundle(outcome(code, severity), {"resourceType": "Encounter", "id": "v"})

    records, failure = await ask(tmp_path, Asked(body), Query("visit", CHILD))

    assert [dict(record) for record in records] == [{"id": "v"}]
    assert failure is not None and failure.failure is expected
    assert "CNRY" not in str(failure)


async def test_a_remark_among_the_entries_is_none(tmp_path: Path) -> None:
    body = bundle(outcome("informational", "warning"), {"resourceType": "Encounter", "id": "v"})

    records, failure = await ask(tmp_path, Asked(body), Query("visit", CHILD))

    assert (len(records), failure) == (1, None)


@pytest.mark.parametrize("entry", ["{}", "7", "null", '{"resource": []}', '{"fullUrl": "urn:uuid:1"}'])
async def test_an_entry_without_a_resource_is_unreadable_after_the_records_beside_it(
    tmp_path: Path, entry: str
) -> None:
    body = (
        f'{{"resourceType": "Bundle", "entry": [{{"resource": {{"resourceType": "Observation"}}}}, {entry}]}}'
    )

    records, failure = await answered(tmp_path, FHIR, saying(body, FHIR_JSON))

    assert len(records) == 1
    assert failure is not None and failure.failure is Failure.UNREADABLE


async def test_an_identifier_with_signs_of_its_own_stays_one_value(tmp_path: Path) -> None:
    server = Asked(bundle())

    await ask(tmp_path, server, Query("visit", {"nhs-number": "1|2,3&_count=9"}))

    assert "1%5C%7C2%5C%2C3%26_count%3D9" in server.requests[0][2]


MESSAGES = """
id = "events"
title = "Events"
transport = "fhir"
[fhir]
version = "stu3"
[kinds.message]
path = "Bundle"
search = {"patient.identifier" = "{nhs-number}"}
person_keys = {nhs-number = "patient.identifier"}
[kinds.message.latest]
same = ["entry[0].resource.focus[].reference"]
newest = "entry[0].resource.timestamp"
gone = {"entry[0].resource.reason.text" = "delete"}
[kinds.weight]
part_of = "message"
path = "entry[].resource.entry[].resource"
where = {resourceType = "Observation"}
carry = {event = "entry[].resource.entry[0].resource.event.code"}
fields = {event = "text", id = "text"}
"""


def message(number: int, focus: str, reason: str = "new") -> dict[str, Any]:
    header = {
        "resourceType": "MessageHeader",
        "timestamp": f"2026-01-0{number}T10:00:00Z",
        "event": {"code": f"e{number}"},
        "focus": [{"reference": focus}],
        "reason": {"text": reason},
    }
    observation = {"resourceType": "Observation", "id": f"o{number}"}
    entry = [{"resource": header}, {"resource": observation}]
    return {"resourceType": "Bundle", "type": "message", "id": f"m{number}", "entry": entry}


async def test_messages_that_are_replaced_or_taken_back_are_not_told_even_if_they_stand_on_another_page(
    tmp_path: Path,
) -> None:
    pages = [
        bundle(message(1, "a"), message(2, "b"), link=[{"relation": "next", "url": "?page=2"}]),
        bundle(message(3, "a"), message(4, "b", "delete"), message(5, "c")),
    ]

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=pages["page" in request.query], content_type=FHIR_JSON)

    records, failure = await answered(tmp_path, MESSAGES, answer, Query("message", CHILD))

    assert failure is None
    assert [dict(record) for record in records] == [{"event": "e5", "id": "o5"}, {"event": "e3", "id": "o3"}]


async def test_messages_before_a_failure_are_kept(tmp_path: Path) -> None:
    body = bundle(message(1, "a"), link=[{"relation": "next", "url": "http://127.0.0.2/"}])

    records, failure = await answered(tmp_path, MESSAGES, saying(body, FHIR_JSON), Query("weight", CHILD))

    assert [dict(record) for record in records] == [{"event": "e1", "id": "o1"}]
    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('method = "get"', 'method = "put"'),
        ("[fhir]", '[fhir]\nversion = "r5"'),
        ("[fhir]", '[fhir]\nformat = "turtle"'),
        ('method = "get"', 'method = "operation"'),
        ('method = "get"', 'method = "operation"\nrequest = "../secret"'),
        ('method = "get"', 'method = "operation"\nrequest = "missing.json"'),
    ],
)
async def test_a_system_that_can_never_be_asked_stops_the_start(
    tmp_path: Path, before: str, after: str
) -> None:
    with pytest.raises(SystemMistake):
        async with connected(tmp_path, PATIENT.replace(before, after, 1), Asked(b"").answer):
            pass
