"""What some tests need and a machine may lack: the published samples, databases, a message broker, a browser.

A test says what it needs by its marker. Each need is probed once; where it is absent the test is skipped
with the reason. Addresses come from the environment, with the usual local ones as defaults.
"""

import os
import shutil
import socket
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent

POSTGRES_URL: Final = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
MARIADB_URL: Final = os.environ.get("TEST_MARIADB_URL", "mysql://root@127.0.0.1:3306/mysql")
NATS_URL: Final = os.environ.get("TEST_NATS_URL", "nats://127.0.0.1:4222")
SAMPLES_DIR: Final = (ROOT / os.environ.get("SAMPLES_DIR", "../shared/data")).resolve()
VALIDATOR_DIR: Final = (ROOT / os.environ.get("FHIR_VALIDATOR_DIR", ".cache/fhir-validator")).resolve()

# a skip for want of one of these is a failure in CI when the service is there after all
REQUIRED_IN_CI: Final = frozenset({"samples", "postgres", "mariadb", "nats"})


def chromium() -> str | None:
    """The installed browser's path; never one that Playwright would download."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@cache
def missing(need: str) -> str | None:
    """Why `need` is not available here, or None when it is."""
    probe = PROBES.get(need)
    return probe() if probe else None


def _listens(url: str, variable: str) -> str | None:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except OSError:
        return f"nothing answers at {address.hostname}:{address.port} ({variable} names another)"
    return None


def _folder(path: Path, otherwise: str) -> str | None:
    return None if path.exists() else otherwise


PROBES: Final[Mapping[str, Callable[[], str | None]]] = {
    "samples": lambda: _folder(SAMPLES_DIR, "the published samples are not here (SAMPLES_DIR names them)"),
    "postgres": lambda: _listens(POSTGRES_URL, "TEST_POSTGRES_URL"),
    "mariadb": lambda: _listens(MARIADB_URL, "TEST_MARIADB_URL"),
    "nats": lambda: _listens(NATS_URL, "TEST_NATS_URL"),
    "browser": lambda: None if chromium() else "Chromium is not installed",
    "validator": lambda: _folder(VALIDATOR_DIR / "validate.sh", "not built: run 'make validator'"),
}
