"""How we prove who we are: to the source's own origin only, with tokens kept and renewed once."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from connectors.base import Failure
from connectors.system import SystemMistake
from tests.connectors.serving import JSON_API, asked, connected, serving

OAUTH2 = '[auth]\nkind = "oauth2"\ntoken = "/token"\nscope = "notes.read"\n'


class Authority:
    """A token endpoint and the records behind it; says what it was asked."""

    def __init__(self, lasts: Any = 300, refuse_first: int = 0, status: int = 200) -> None:
        self.lasts, self.refuse, self.status = lasts, refuse_first, status
        self.tokens: list[dict[str, str]] = []
        self.basic: list[str] = []
        self.seen: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/token"):
            return await self._token(request)
        self.seen.append(request.headers.get("Authorization", ""))
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=401)
        return web.Response(body=b'{"notes": [{"id": "1"}]}', content_type="application/json")

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append({name: str(value) for name, value in (await request.post()).items()})
        self.basic.append(request.headers.get("Authorization", ""))
        body = {"access_token": f"t{len(self.tokens)}", "token_type": "Bearer", "expires_in": self.lasts}
        return web.Response(body=orjson.dumps(body), status=self.status, content_type="application/json")


def system(auth: str) -> str:
    return JSON_API.replace("[kinds.note]", f"{auth}[kinds.note]", 1)


async def test_a_token_is_asked_for_once_and_used_until_it_expires(tmp_path: Path) -> None:
    authority = Authority()
    async with connected(tmp_path, system(OAUTH2), authority.answer, {"client_id": "gate:way"}) as connector:
        for _ in range(3):
            assert (await asked(connector))[1] is None

    assert authority.tokens == [{"grant_type": "client_credentials", "scope": "notes.read"}]
    assert authority.basic == ["Basic Z2F0ZSUzQXdheTpzM2NyZXQ="]
    assert authority.seen == ["Bearer t1"] * 3


async def test_a_client_may_be_named_in_the_form(tmp_path: Path) -> None:
    authority = Authority()
    text = system(OAUTH2 + 'client = "body"\n')
    async with connected(tmp_path, text, authority.answer, {"client_id": "gateway"}) as connector:
        await asked(connector)

    assert authority.basic == [""]
    assert authority.tokens[0].items() >= {"client_id": "gateway", "client_secret": "s3cret"}.items()


async def test_a_token_that_is_about_to_expire_is_renewed(tmp_path: Path) -> None:
    authority = Authority(lasts=0)
    async with connected(tmp_path, system(OAUTH2), authority.answer) as connector:
        await asked(connector)
        await asked(connector)

    assert authority.seen == ["Bearer t1", "Bearer t2"]


async def test_a_refused_token_is_renewed_once(tmp_path: Path) -> None:
    authority = Authority(refuse_first=1)
    async with connected(tmp_path, system(OAUTH2), authority.answer) as connector:
        records, failure = await asked(connector)

    assert (len(records), failure) == (1, None)
    assert authority.seen == ["Bearer t1", "Bearer t2"]


async def test_a_source_that_refuses_every_token_is_not_asked_for_ever(tmp_path: Path) -> None:
    authority = Authority(refuse_first=100)
    async with connected(tmp_path, system(OAUTH2), authority.answer) as connector:
        _, failure = await asked(connector)

    assert failure is not None and failure.failure is Failure.REJECTED
    assert len(authority.seen) == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Failure.REJECTED),
        (401, Failure.REJECTED),
        (500, Failure.UNAVAILABLE),
        (429, Failure.THROTTLED),
        (302, Failure.UNREADABLE),
    ],
)
async def test_a_token_endpoint_that_gives_no_token_is_a_failure(
    tmp_path: Path, status: int, expected: Failure
) -> None:
    async with connected(tmp_path, system(OAUTH2), Authority(status=status).answer) as connector:
        _, failure = await asked(connector)

    assert failure is not None and failure.failure is expected
    assert "s3cret" not in str(failure)


async def test_a_token_may_come_from_another_configured_origin_which_sees_no_records(tmp_path: Path) -> None:
    elsewhere, authority = Authority(), Authority()
    async with serving(elsewhere.answer) as url:
        options = {"token_url": f"{url}/token"}
        async with connected(tmp_path, system(OAUTH2), authority.answer, options) as connector:
            _, failure = await asked(connector)

    assert failure is None
    assert (len(elsewhere.tokens), elsewhere.seen, authority.tokens) == (1, [], [])


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ('[auth]\nkind = "api-key"\nheader = "X-Key"\n', "X-Key", "s3cret"),
        ('[auth]\nkind = "bearer"\n', "Authorization", "Bearer s3cret"),
        ('[auth]\nkind = "basic"\n', "Authorization", "Basic dXNlcjpzM2NyZXQ="),
        ("", "Authorization", None),
    ],
)
async def test_the_secret_goes_where_the_system_says(
    tmp_path: Path, auth: str, header: str, value: str | None
) -> None:
    seen: list[str | None] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers.get(header))
        return web.Response(body=b'{"notes": []}', content_type="application/json")

    async with connected(tmp_path, system(auth), answer, {"username": "user"}) as connector:
        assert await asked(connector) == ([], None)

    assert seen == [value]


async def test_a_source_whose_secret_is_not_set_is_never_asked(tmp_path: Path) -> None:
    authority = Authority()
    text = system('[auth]\nkind = "bearer"\n')
    async with connected(tmp_path, text, authority.answer, secret="") as connector:
        _, failure = await asked(connector)

    assert failure is not None and failure.failure is Failure.REJECTED
    assert authority.seen == []


async def test_cookies_are_not_kept(tmp_path: Path) -> None:
    cookies: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        cookies.append(request.headers.get("Cookie", ""))
        headers = {"Set-Cookie": "session=1; Path=/", "Content-Type": "application/json"}
        return web.Response(body=b'{"notes": []}', headers=headers)

    async with connected(tmp_path, JSON_API, answer) as connector:
        await asked(connector)
        await asked(connector)

    assert cookies == ["", ""]


@pytest.mark.parametrize(
    "auth", ['[auth]\nkind = "magic"\n', '[auth]\nkind = "mtls"\n', '[auth]\nkind = "oauth2"\n']
)
async def test_credentials_that_can_never_work_stop_the_start(tmp_path: Path, auth: str) -> None:
    with pytest.raises(SystemMistake):
        async with connected(tmp_path, system(auth), Authority().answer):
            pass
