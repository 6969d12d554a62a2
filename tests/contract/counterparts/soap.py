"""A SOAP service, 1.1 and 1.2, that says by a fault that it does not know a child."""

from xml.sax.saxutils import escape

from aiohttp import web
from lxml import etree

from tests.contract.counterpart import NOTES, Note
from tests.contract.http_source import FAILURES, HttpSource

_SPACES = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
_SYSTEM = """
id = "notes"
title = "Notes"
transport = "soap"
[soap]
version = "VERSION"
[soap.namespaces]
n = "urn:notes"
[soap.faults]
ChildNotFound = "absent"
[kinds.note]
path = "/notes"
request = "find.xml"
action = "urn:notes/Find"
items = "Body/n:FindResponse/n:Note"
person_keys = {local = "document"}
[kinds.note.fields]
id = "text"
text = "text"
"""
_REQUEST = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="SPACE" xmlns:n="urn:notes">
  <s:Body><n:Find><n:Child>{local}</n:Child></n:Find></s:Body>
</s:Envelope>
"""


def _note(note: Note) -> str:
    return (
        f'<n:Note hidden="{note.hidden}"><n:id>{note.key}</n:id><n:text>{escape(note.text)}</n:text>'
        f"<n:hidden><n:more>{note.hidden}</n:more></n:hidden></n:Note>"
    )


def _fault(version: str) -> str:
    if version == "1.1":
        return (
            "<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring>"
            '<detail><n:ChildNotFound xmlns:n="urn:notes"/></detail></s:Fault>'
        )
    return (
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:n='urn:notes'>n:ChildNotFound"
        "</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang='en'>no</s:Text></s:Reason></s:Fault>"
    )


def _source(version: str) -> HttpSource:
    async def find(request: web.Request) -> web.Response:
        asked = etree.fromstring(await request.read())
        child = asked.findtext(".//{urn:notes}Child") or ""
        if version == "1.1":
            assert request.headers["SOAPAction"] == '"urn:notes/Find"'
        known = child in NOTES
        notes = "".join(map(_note, NOTES.get(child, ())))
        inner = f'<n:FindResponse xmlns:n="urn:notes">{notes}</n:FindResponse>' if known else _fault(version)
        text = f'<s:Envelope xmlns:s="{_SPACES[version]}"><s:Body>{inner}</s:Body></s:Envelope>'
        media = "text/xml" if version == "1.1" else "application/soap+xml"
        return web.Response(
            body=text.encode(), status=200 if known else 500, content_type=media, charset="utf-8"
        )

    return HttpSource(
        f"soap-{version}",
        _SYSTEM.replace("VERSION", version),
        find,
        # one document is read whole before its first record
        failures=FAILURES,
        documents={"find.xml": _REQUEST.replace("SPACE", _SPACES[version])},
    )


COUNTERPARTS = (_source("1.1"), _source("1.2"))
