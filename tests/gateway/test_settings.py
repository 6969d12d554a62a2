"""Settings: what is for the demo alone is refused where people can reach it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gateway.settings import Settings

NEEDED: dict[str, Any] = {name: Path("x") for name in ("sources", "sharing", "keys", "issuer_keys")}
DEMO = [{"demo_folder": Path("x")}, {"demo_start": "2026-11-22T02:07:00+00:00"}]


@pytest.mark.parametrize("said", DEMO)
@pytest.mark.parametrize(
    "url", ["https://record.example", "http://127.0.0.1.example", "http://10.0.0.1:8000"]
)
def test_the_demos_sign_in_and_clock_are_refused_away_from_this_machine(
    said: dict[str, Any], url: str
) -> None:
    with pytest.raises(ValidationError, match="is for the demo on this machine, never in use"):
        Settings(**NEEDED, **said, url=url)


@pytest.mark.parametrize("said", [{}, *DEMO])
@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:8000"])
def test_on_this_machine_they_may_be_set(said: dict[str, Any], url: str) -> None:
    assert Settings(**NEEDED, **said, url=url).url == url
