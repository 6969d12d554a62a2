"""SOAP sources: faults are told apart from answers, and neither is ever an empty one by accident."""

from pathlib import Path

import pytest
from aiohttp import web
from lxml import etree

from connectors.base import Failure, Query, Record, SourceError
from connectors.system import SystemMistake
from tests.connectors.serving import asked, connected, saying

SPACES = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
POLICE = """
id = "police"
title = "Police"
transport = "soap"
[soap]
version = "1.1"
as_at = "Last-Modified"
[soap.namespaces]
p = "urn:police"
[soap.faults]
PersonNotFound = "absent"
NotAuthorised = "rejected"
SharingPaused = "paused"
E42 = "throttled"
[kinds.person]
path = "/services/persons"
request = "find.xml"
action = "urn:police/Find"
items = "Body/p:FindResponse/p:Persons/p:Person"
person_keys = {nhs-number = "document"}
[kinds.person.fields]
"@ref" = "text"
"Name" = "text"
"Alias[]" = "text"
"Home.Line" = "text"
[kinds.incident]
part_of = "person"
path = "Incident[]"
carry = {person = "@ref"}
fields = {person = "text", Date = "date", "Child[].Name" = "text"}
"""
FIND = """<?xml version="1.0"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
<u>{username}</u><p>{secret}</p><t>{now}</t><m>{uuid}</m></s:Header>
<s:Body><Find from="{from=1900-01-01}">{nhs-number}</Find></s:Body></s:Envelope>
"""
PERSON = """<p:FindResponse xmlns:p="urn:police"><p:Persons>
<p:Person ref="r1" hidden="x"><p:Name>Ann &amp; Co</p:Name><p:Alias>A</p:Alias>
<p:Home><p:Line>1</p:Line></p:Home>
<p:Incident><p:Date>2026-01-01</p:Date><p:Child><p:Name>M</p:Name></p:Child></p:Incident>
<p:Incident><p:Date>2026-02-01</p:Date></p:Incident></p:Person>
</p:Persons></p:FindResponse>"""
ABOUT = Query("person", {"nhs-number": "9990001375"})


def envelope(inner: str, version: str = "1.1") -> str:
    return f'<s:Envelope xmlns:s="{SPACES[version]}"><s:Header/><s:Body>{inner}</s:Body></s:Envelope>'


def fault_1_1(code: str, detail: str = "") -> str:
    return envelope(
        f"<s:Fault><faultcode>{code}</faultcode><faultstring>PersonNotFound CNRY</faultstring>"
        f"<detail>{detail}</detail></s:Fault>"
    )


def fault_1_2(code: str, subcode: str) -> str:
    return envelope(
        f"<s:Fault><s:Code><s:Value>s:{code}</s:Value><s:Subcode><s:Value>p:{subcode}</s:Value></s:Subcode></s:Code>"
        "<s:Reason><s:Text>CNRY</s:Text></s:Reason></s:Fault>",
        "1.2",
    )


async def ask(
    folder: Path, answer: str, status: int = 200, text: str = POLICE, media: str = "text/xml"
) -> tuple[list[Record], SourceError | None]:
    handler = saying(answer, media, status=status)
    async with connected(folder, text, handler, documents={"find.xml": FIND}) as connector:
        return await asked(connector, ABOUT)


async def test_elements_become_records_and_the_records_inside_them(tmp_path: Path) -> None:
    records, failure = await ask(tmp_path, envelope(PERSON))

    assert failure is None
    assert [(record.kind, dict(record)) for record in records] == [
        ("person", {"@ref": "r1", "Name": "Ann & Co", "Alias": ["A"], "Home": {"Line": "1"}}),
        ("incident", {"person": "r1", "Date": "2026-01-01", "Child": [{"Name": "M"}]}),
        ("incident", {"person": "r1", "Date": "2026-02-01"}),
    ]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (fault_1_1("s:Server", "<p:PersonNotFound xmlns:p='urn:police'/>"), None),
        (fault_1_1("p:PersonNotFound"), None),
        (fault_1_1("s:Client.PersonNotFound"), None),
        (fault_1_1("s:Client", "<e><code>E42</code></e>"), Failure.THROTTLED),
        (fault_1_1("s:Server", "<NotAuthorised/>"), Failure.REJECTED),
        (fault_1_1("s:Server", "<SharingPaused/>"), Failure.PAUSED),
        (fault_1_1("s:Server"), Failure.UNAVAILABLE),
        (fault_1_1("s:Client"), Failure.UNSUPPORTED),
        (fault_1_1("s:MustUnderstand"), Failure.UNSUPPORTED),
        (fault_1_1("s:Server", "<Unknown>CNRY</Unknown>"), Failure.UNAVAILABLE),
        (fault_1_1("", ""), Failure.UNAVAILABLE),
    ],
)
@pytest.mark.parametrize("status", [500, 200])
async def test_a_fault_means_what_the_system_file_says_and_else_a_failure(
    tmp_path: Path, fault: str, expected: Failure | None, status: int
) -> None:
    records, failure = await ask(tmp_path, fault, status)

    assert records == []
    assert (failure.failure if failure else None) == expected
    assert "CNRY" not in str(failure)


@pytest.mark.parametrize(("subcode", "expected"), [("PersonNotFound", None), ("Other", Failure.UNSUPPORTED)])
async def test_soap_1_2_refines_its_codes(tmp_path: Path, subcode: str, expected: Failure | None) -> None:
    text = POLICE.replace('"1.1"', '"1.2"')

    _, failure = await ask(tmp_path, fault_1_2("Sender", subcode), 400, text, "application/soap+xml")

    assert (failure.failure if failure else None) == expected


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<p:OtherResponse xmlns:p='urn:police'/>",
        "<p:FindResponse xmlns:p='urn:police'/>",
        "<p:FindResponse xmlns:p='urn:other'><p:Persons/></p:FindResponse>",
        "<FindResponse><Persons/></FindResponse>",
    ],
)
async def test_an_answer_without_the_place_for_records_is_unreadable(tmp_path: Path, inner: str) -> None:
    _, failure = await ask(tmp_path, envelope(inner))

    assert failure is not None and failure.failure is Failure.UNREADABLE


async def test_an_empty_place_for_records_is_an_answer(tmp_path: Path) -> None:
    empty = "<p:FindResponse xmlns:p='urn:police'><p:Persons/></p:FindResponse>"

    assert await ask(tmp_path, envelope(empty)) == ([], None)


async def test_an_answer_with_an_error_status_is_a_failure_whatever_it_holds(tmp_path: Path) -> None:
    records, failure = await ask(tmp_path, envelope(PERSON), 500)

    assert records == []
    assert failure is not None and failure.failure is Failure.UNAVAILABLE


async def test_the_document_goes_out_with_its_holes_filled_and_escaped(tmp_path: Path) -> None:
    seen: list[tuple[str, str, str, bytes]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = request.headers
        seen.append((request.path, headers["SOAPAction"], headers["Content-Type"], body))
        return web.Response(body=envelope(PERSON).encode(), content_type="text/xml")

    async with connected(
        tmp_path, POLICE, answer, {"username": "gw"}, documents={"find.xml": FIND}
    ) as connector:
        await asked(connector, Query("person", {"nhs-number": "</Find>&é"}, {"from": '2025"'}))

    [(path, action, media, body)] = seen
    document = etree.fromstring(body)
    assert (path, action, media) == ("/base/services/persons", '"urn:police/Find"', "text/xml; charset=utf-8")
    find = document.find(".//Find")
    assert find is not None and (find.text, find.get("from")) == ("</Find>&é", '2025"')
    assert (document.findtext(".//u"), document.findtext(".//p")) == ("gw", "s3cret")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('version = "1.1"', 'version = "2.0"'),
        ('"absent"', '"maybe"'),
        ("p:Person", "q:Person"),
        ('items = "Body/p:FindResponse/p:Persons/p:Person"', ""),
        ("find.xml", "missing.xml"),
    ],
)
async def test_a_system_that_can_never_be_asked_stops_the_start(
    tmp_path: Path, before: str, after: str
) -> None:
    with pytest.raises(SystemMistake):
        await ask(tmp_path, envelope(PERSON), text=POLICE.replace(before, after))
