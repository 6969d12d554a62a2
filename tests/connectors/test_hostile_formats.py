"""Answers that are not of the promised format: each ends in a SourceError that names it.

https://owasp.org/www-project-application-security-verification-standard/ (parsers)
"""

from pathlib import Path

import pytest

from connectors.base import Failure
from tests.connectors.serving import ENVELOPE, OVER_HTTP, SOAP, answered, saying

pytestmark = pytest.mark.timeout(30)

TRANSPORTS = list(OVER_HTTP)
XML_TRANSPORTS = ["fhir-xml", "soap"]
JSON_TRANSPORTS = ["fhir-json", "json_api"]


def whole(transport: str, inner: str = "") -> str:
    """A well-formed answer of the transport that is answered in XML, with `inner` in its middle."""
    if transport == "soap":
        return f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><Found>{inner}</Found></s:Body></s:Envelope>'
    return f'<Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/>{inner}</Bundle>'


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"{",
        b"<",
        b"null",
        b"[]",
        b"{}",
        b"<a/>",
        b"<html>log in</html>",
        "<a/>".encode("utf-16"),
    ],
)
async def test_what_is_not_the_promised_format_is_unreadable(
    tmp_path: Path, transport: str, body: bytes
) -> None:
    system, media = OVER_HTTP[transport]

    records, failure = await answered(tmp_path, system, saying(body, media))

    assert records == []
    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_html_page_with_status_200_is_unreadable(tmp_path: Path, transport: str) -> None:
    system, _ = OVER_HTTP[transport]

    _, failure = await answered(tmp_path, system, saying("<html>log in</html>", "text/html; charset=utf-8"))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "utf-7", "windows-1252", "nonsense"])
async def test_another_character_set_is_unreadable(tmp_path: Path, transport: str, charset: str) -> None:
    system, media = OVER_HTTP[transport]
    body = whole(transport) if transport in XML_TRANSPORTS else '{"resourceType": "Bundle", "notes": []}'

    _, failure = await answered(tmp_path, system, saying(body, f"{media}; charset={charset}"))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_bytes_that_are_not_utf8_are_unreadable(tmp_path: Path, transport: str) -> None:
    system, media = OVER_HTTP[transport]
    text = whole(transport, "<Note><id>é</id></Note>" if transport == "soap" else '<id value="é"/>')
    json = '{"resourceType": "Bundle", "id": "é", "notes": []}'
    body = (text if transport in XML_TRANSPORTS else json).encode("latin-1")

    _, failure = await answered(tmp_path, system, saying(body, media))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize("transport", XML_TRANSPORTS)
@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE a>",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
        '<?xml version="1.0" encoding="UTF-7"?>',
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml-stylesheet href="http://127.0.0.1/x.xsl"?>',
        "\x00",
    ],
)
async def test_xml_with_anything_but_elements_in_utf8_is_unreadable(
    tmp_path: Path, transport: str, before: str
) -> None:
    system, media = OVER_HTTP[transport]

    _, failure = await answered(tmp_path, system, saying(before + whole(transport), media))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize("transport", XML_TRANSPORTS)
@pytest.mark.parametrize("inner", ["<a>", "</a>", "&b;", "<a b=c/>", "<a>" * 1000 + "</a>" * 1000])
async def test_malformed_or_very_deep_xml_is_unreadable(tmp_path: Path, transport: str, inner: str) -> None:
    system, media = OVER_HTTP[transport]

    _, failure = await answered(tmp_path, system, saying(whole(transport, inner), media))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize("transport", JSON_TRANSPORTS)
@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-Infinity", "1e999", "1" * 5000, '"\\ud800"', "[" * 1000 + "]" * 1000, "01", "'a'"],
    ids=[
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "5000 digits",
        "lone surrogate",
        "depth 1000",
        "01",
        "quotes",
    ],
)
async def test_json_that_is_no_json_is_unreadable(tmp_path: Path, transport: str, value: str) -> None:
    system, media = OVER_HTTP[transport]
    body = f'{{"resourceType": "Bundle", "notes": [], "x": {value}}}'

    _, failure = await answered(tmp_path, system, saying(body, media))

    assert failure is not None and failure.failure is Failure.UNREADABLE


async def test_a_fault_of_another_soap_version_is_no_empty_answer(tmp_path: Path) -> None:
    other = whole("soap").replace(ENVELOPE, "http://www.w3.org/2003/05/soap-envelope")

    _, failure = await answered(tmp_path, SOAP, saying(other, "text/xml"))

    assert failure is not None and failure.failure is Failure.UNREADABLE
