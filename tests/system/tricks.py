"""What a broken or hostile agency answers: one function a trick, for each of the formats that agencies speak.

Tricks that change a true answer are in tests/system/edits.py. Every bad answer carries MARK, which must
then appear in no log line.
"""

import asyncio
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from aiohttp import web

from tests.system.between import Said, Trick

MARK = "zq7hostile7qz"
MEDIA = {
    "fhir-json": "application/fhir+json",
    "fhir-xml": "application/fhir+xml",
    "json": "application/json",
    "soap": "application/soap+xml",
}
MEGABYTE = 1024 * 1024
_LOGIN = f"<!DOCTYPE html><html><head><title>Sign in</title></head><body>{MARK}<form></form></body></html>"
_ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"


def saying(
    body: bytes | str, media: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Trick:
    """This answer, whatever is asked."""
    content = body.encode() if isinstance(body, str) else body

    async def answer(request: web.Request, said: Said) -> web.StreamResponse:
        return web.Response(body=content, status=status, headers={"Content-Type": media, **(headers or {})})

    return answer


def changed(change: Callable[[bytes], bytes]) -> Trick:
    """The true answer's body, changed."""

    async def answer(request: web.Request, said: Said) -> web.StreamResponse:
        return web.Response(body=change(said.body), status=said.status, headers={"Content-Type": said.media})

    return answer


def is_xml(form: str) -> bool:
    return form in ("fhir-xml", "soap")


def malformed(form: str) -> Trick:
    """Neither JSON nor XML, under the promised media type."""
    text = f"<Bundle><entry>{MARK}</Bundle" if is_xml(form) else f'{{"resourceType": "Bundle", "x": {MARK}]'
    return saying(text, MEDIA[form])


def truncated(form: str) -> Trick:
    """The first half, as if it were the whole."""
    return changed(lambda body: body[: len(body) // 2])


def empty(form: str) -> Trick:
    return saying(b"", MEDIA[form])


def login_page(form: str) -> Trick:
    """An HTML page with status 200."""
    return saying(_LOGIN, "text/html; charset=utf-8")


def login_page_as_promised(form: str) -> Trick:
    """An HTML page with status 200 under the promised media type."""
    return saying(_LOGIN, MEDIA[form])


def doctype(form: str, address: str, file: str) -> Trick:
    """An XML document whose entities lead to an address and to a file, under the promised media type."""
    entities = (
        f'<!ENTITY % more SYSTEM "{address}/more.dtd">%more;'
        f'<!ENTITY net SYSTEM "{address}/entity"><!ENTITY file SYSTEM "file://{file}">'
    )
    root = f'<Bundle xmlns="http://hl7.org/fhir"><id value="&net;"/><title>&file;{MARK}</title></Bundle>'
    if form == "soap":
        root = f'<s:Envelope xmlns:s="{_ENVELOPE}"><s:Body>&net;&file;{MARK}</s:Body></s:Envelope>'
    return saying(
        f'<?xml version="1.0"?><!DOCTYPE x SYSTEM "{address}/x.dtd" [{entities}]>{root}', MEDIA[form]
    )


def laughs(form: str) -> Trick:
    """Entities that grow a thousand million times."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else MARK}">' for n in range(9))
    return saying(f"<!DOCTYPE x [{entities}]><x>&a8;</x>", MEDIA[form])


def other_charset(form: str) -> Trick:
    """The true answer in UTF-16, and it says so."""

    async def answer(request: web.Request, said: Said) -> web.StreamResponse:
        body = said.body.decode().replace("UTF-8", "UTF-16").encode("utf-16")
        return web.Response(body=body, headers={"Content-Type": f"{MEDIA[form]}; charset=utf-16"})

    return answer


def wrong_charset(form: str) -> Trick:
    """Latin-1 that says it is UTF-8: the e with an accent is no character there."""

    def spoil(body: bytes) -> bytes:
        text = body.decode()
        at = text.index(">", text.index("?>") + 2) + 1 if is_xml(form) else text.index("{") + 1
        extra = f"<!-- {MARK}é -->" if is_xml(form) else f'"extra": "{MARK}é", '
        return (text[:at] + extra + text[at:]).encode("latin-1", "replace")

    return changed(spoil)


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * MEGABYTE) for _ in range(300)) + packer.flush()


def bomb(form: str) -> Trick:
    """300 MB in 300 KB of gzip."""
    return saying(_bomb(), MEDIA[form], headers={"Content-Encoding": "gzip"})


def ten_megabytes(form: str) -> Trick:
    """One string of ten megabytes."""
    text = MARK + "A" * 10 * MEGABYTE
    return saying(f'<Bundle><id value="{text}"/></Bundle>' if is_xml(form) else json.dumps(text), MEDIA[form])


def endless(form: str) -> Trick:
    """A body that does not end."""
    return _streaming(form, lambda body: iter(lambda: MARK.encode() * 4096, b""), 0.0)


def drip(form: str) -> Trick:
    """The true answer, a letter at a time."""
    return _streaming(form, lambda body: (body[n : n + 1] for n in range(len(body))), 0.05)


def _streaming(form: str, parts: Callable[[bytes], Iterator[bytes]], wait: float) -> Trick:
    async def answer(request: web.Request, said: Said) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": MEDIA[form]})
        await response.prepare(request)
        try:
            for part in parts(said.body):
                await response.write(part)
                await asyncio.sleep(wait)
        except ConnectionError:
            pass  # the gateway has had enough, which is what is hoped for
        return response

    return answer


def cut_off(form: str) -> Trick:
    """Fewer bytes than its head promises."""

    async def answer(request: web.Request, said: Said) -> web.StreamResponse:
        head = {"Content-Type": MEDIA[form], "Content-Length": str(len(said.body))}
        response = web.StreamResponse(headers=head)
        await response.prepare(request)
        await response.write(said.body[: len(said.body) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    return answer


def many_headers(form: str) -> Trick:
    """A head of half a megabyte."""
    return saying(b"{}", MEDIA[form], headers={f"X-{n}": MARK * 4 for n in range(9000)})


def redirect(form: str, address: str, status: int = 307) -> Trick:
    """Go and ask another host."""
    return saying(b"", MEDIA[form], status, {"Location": f"{address}/stolen?{MARK}"})


def refused_in_200(form: str) -> Trick:
    """What FHIR, SOAP and JSON say when they have no answer, with status 200."""
    issue = {"severity": "error", "code": "exception", "diagnostics": MARK}
    fault = f"<s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>{MARK}</s:Text></s:Reason>"
    texts = {
        "fhir-json": json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}),
        "fhir-xml": '<OperationOutcome xmlns="http://hl7.org/fhir"><issue><severity value="error"/>'
        f'<code value="exception"/><diagnostics value="{MARK}"/></issue></OperationOutcome>',
        "json": json.dumps({"error": {"code": "internal", "message": MARK}}),
        "soap": f'<s:Envelope xmlns:s="{_ENVELOPE}"><s:Body><s:Fault>{fault}</s:Fault></s:Body></s:Envelope>',
    }
    return saying(texts[form], MEDIA[form])


def a_traceback(form: str) -> Trick:
    """Status 500 with the agency's own stack, in which a value stands."""
    return saying(f'Traceback (most recent call last):\n  File "x.py"\nKeyError: {MARK}', "text/plain", 500)


def deep(form: str) -> Trick:
    """A thousand levels."""
    if is_xml(form):
        return saying("<a>" * 1000 + MARK + "</a>" * 1000, MEDIA[form])
    return saying('{"resourceType": "Bundle", "x": ' + "[" * 1000 + "]" * 1000 + "}", MEDIA[form])


def another_shape(form: str) -> Trick:
    """A true answer of somebody else's interface."""
    texts = {
        "fhir-json": json.dumps([{"resourceType": MARK}]),
        "fhir-xml": f"<Bundle><entry>{MARK}</entry></Bundle>",
        "json": json.dumps([[MARK]]),
        "soap": f'<s:Envelope xmlns:s="{_ENVELOPE}"><s:Body><x>{MARK}</x></s:Body></s:Envelope>',
    }
    return saying(texts[form], MEDIA[form])


def nulls(form: str) -> Trick:
    """Every value missing."""
    texts = {
        "fhir-json": json.dumps(
            {"resourceType": "Bundle", "type": None, "entry": [None, {"resource": None}]}
        ),
        "fhir-xml": '<Bundle xmlns="http://hl7.org/fhir"><entry/><entry><resource/></entry></Bundle>',
        "json": "null",
        "soap": f'<s:Envelope xmlns:s="{_ENVELOPE}"/>',
    }
    return saying(texts[form], MEDIA[form])


def a_number_that_is_none(form: str) -> Trick:
    """NaN, which is no JSON."""
    return changed(lambda body: b'{"weight": NaN, ' + body.lstrip()[1:])


def a_number_beyond_measure(form: str) -> Trick:
    """1e999999, which is JSON and no number that can be held."""
    return changed(lambda body: b'{"weight": 1e999999, ' + body.lstrip()[1:])
