"""What every answer carries, and what becomes of an error that nobody foresaw."""

import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from gateway.web import CONTENT_SECURITY_POLICY, Hardened


async def _broken(request: Request) -> PlainTextResponse:
    raise RuntimeError("Maya Oakley 9990001375")


async def _asked(path: str) -> list[Message]:
    app = Starlette(
        routes=[Route("/broken", _broken), Route("/well", lambda request: PlainTextResponse("ok"))]
    )
    scope: Scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [], "http_version": "1.1", "scheme": "http", "server": ("x", 80), "root_path": "",
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await Hardened(app)(scope, receive, send)
    return sent


async def test_an_unforeseen_error_leaves_a_reference_and_no_word_of_what_it_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        sent = await _asked("/broken")

    body = b"".join(message.get("body", b"") for message in sent)
    assert sent[0]["status"] == 500
    assert "RuntimeError at" in caplog.text
    assert "Maya" not in caplog.text + body.decode()
    assert "9990001375" not in caplog.text + body.decode()


@pytest.mark.parametrize("path", ["/well", "/broken", "/nowhere"])
async def test_every_answer_carries_the_policy_and_is_not_stored(path: str) -> None:
    headers = dict((await _asked(path))[0]["headers"])

    assert headers[b"content-security-policy"].decode() == CONTENT_SECURITY_POLICY
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"x-content-type-options"] == b"nosniff"
