"""Hostile tokens at the door: 401 and how to log in, one row in the audit, and no word of the token."""

import sqlite3

import pytest

from tests.auth.test_hostile_tokens import HOSTILE
from tests.system.running import Running

LONGEST = 7000  # a longer header is refused by the server before we see it
NEARLY = {
    case: token
    for case, make in HOSTILE.items()
    if len(token := make()) < LONGEST and token.isascii() and token.isprintable() and token == token.strip()
}


def rows(gateway: Running) -> int:
    database = sqlite3.connect(gateway.runtime.settings.database)
    try:
        return int(database.execute("SELECT count(*) FROM audit").fetchone()[0])
    finally:
        database.close()


def test_most_hostile_tokens_can_be_sent() -> None:
    assert len(NEARLY) >= 60


@pytest.mark.parametrize("case", NEARLY)
async def test_a_hostile_token_gets_401_and_one_row_in_the_audit(healthy: Running, case: str) -> None:
    before = rows(healthy)
    headers = {"Authorization": f"Bearer {NEARLY[case]}"}

    async with healthy.session.get(f"{healthy.url}/fhir/Patient/anything", headers=headers) as answer:
        body = await answer.text()

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert '"login"' in body
    assert not any(part in body for part in NEARLY[case].split(".") if len(part) > 8)
    assert rows(healthy) == before + 1
