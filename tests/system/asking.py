"""Asking the running gateway about a scenario child, over the API and as a page, as somebody who may.

Each source is asked about a child that it knows.
"""

from html.parser import HTMLParser

import aiohttp

from gateway.identity.child import NHS_NUMBER
from tests.system.running import JORDAN, MAYA, Json, Running

KNOWS_JORDAN = ("southwold-csc", "hill-road-school")
BORN = {MAYA: "2022-03-14", JORDAN: "2017-06-02"}
ASKER = {MAYA: ("dr.sen", "emergency-care"), JORDAN: ("m.ode", "direct-care")}


def known_to(source: str) -> str:
    """The child about whom the source has something to say."""
    return JORDAN if source in KNOWS_JORDAN else MAYA


def headers(gateway: Running, number: str) -> dict[str, str]:
    """Those of somebody who may look at this child."""
    user, purpose = ASKER[number]
    return gateway.headers(user, purpose)


async def everything(gateway: Running, number: str) -> Json:
    """All about the child; the birth date is told, so that a silent identity source ends nothing."""
    who = headers(gateway, number)
    form = {"identifier": f"{NHS_NUMBER}|{number}", "birthdate": BORN[number]}
    async with gateway.session.post(f"{gateway.url}/fhir/Patient/_search", data=form, headers=who) as answer:
        found = await answer.json(content_type=None)
        assert answer.status == 200, found
    identifier = found["entry"][0]["resource"]["id"]
    status, bundle = await gateway.get(f"Patient/{identifier}/$everything?birthdate={BORN[number]}", who)
    assert status == 200, bundle
    return bundle


async def page(gateway: Running, number: str) -> str:
    """The child's page as a person without scripts gets it, marks and all."""
    user, purpose = ASKER[number]
    year, month, day = BORN[number].split("-")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        await session.post(f"{gateway.url}/sign-in", data={"user": user})
        await session.post(f"{gateway.url}/reason", data={"purpose": purpose})
        form = {"nhs_number": number, "day": day, "month": month, "year": year, "by": "number"}
        async with session.post(f"{gateway.url}/find", data=form) as answer:
            text = await answer.text()
            assert answer.status == 200, text
            assert "/child/" in str(answer.url), text
            return text


class _Text(HTMLParser):
    """The words of a page, without its marks."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(html: str) -> str:
    """What a reader reads."""
    reader = _Text()
    reader.feed(html)
    return " ".join(reader.words)
