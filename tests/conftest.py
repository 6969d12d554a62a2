"""Skips what this machine cannot run, and does not let CI skip what it could."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests import services


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of published schemas and samples; use it with the marker `samples`."""
    return services.SAMPLES_DIR


@pytest.fixture(scope="session")
def postgres_url() -> str:
    return services.POSTGRES_URL


@pytest.fixture(scope="session")
def mariadb_url() -> str:
    return services.MARIADB_URL


@pytest.fixture(scope="session")
def nats_url() -> str:
    return services.NATS_URL


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed browser; use it with the marker `browser`."""
    path = services.chromium()
    assert path, "the marker `browser` is missing"
    return path


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers():
        if reason := services.missing(marker.name):
            pytest.skip(f"{marker.name}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test whose service answers is a failed test: a green run must mean that it ran."""
    report = yield
    needs = {marker.name for marker in item.iter_markers()} & services.REQUIRED_IN_CI
    available = needs and not any(services.missing(need) for need in needs)
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail") and available:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI although {', '.join(sorted(needs))} is available: {report.longrepr}"
    return report
