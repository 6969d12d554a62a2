"""The suite's own rule about skipping, tried on small suites."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services

pytest_plugins = ["pytester"]

SKIPPING = """
import pytest

@pytest.mark.nats
def test_skips():
    pytest.skip("not today")
"""

NEEDING = """
import pytest

@pytest.mark.nats
def test_needs():
    pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(services.ROOT))
    monkeypatch.setenv("CI", "true")
    pytester.makeini("[pytest]\nmarkers =\n    nats: needs NATS\n")
    pytester.makeconftest((services.ROOT / "tests/conftest.py").read_text())
    return pytester


@pytest.fixture
def listening_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def nats_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("TEST_NATS_URL", f"nats://127.0.0.1:{port}")


def test_in_ci_a_skip_is_a_failure_where_the_service_answers(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, listening_port: int
) -> None:
    nats_at(monkeypatch, listening_port)
    suite.makepyfile(SKIPPING)

    suite.runpytest_subprocess().assert_outcomes(failed=1)


def test_outside_ci_a_skip_is_a_skip(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, listening_port: int
) -> None:
    nats_at(monkeypatch, listening_port)
    monkeypatch.delenv("CI")
    suite.makepyfile(SKIPPING)

    suite.runpytest_subprocess().assert_outcomes(skipped=1)


def test_a_test_is_skipped_where_its_service_does_not_answer(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    nats_at(monkeypatch, 1)
    suite.makepyfile(NEEDING)

    suite.runpytest_subprocess().assert_outcomes(skipped=1)


def test_every_marked_need_has_a_probe(pytestconfig: pytest.Config) -> None:
    markers = {line.split(":")[0] for line in pytestconfig.getini("markers")}

    assert services.PROBES.keys() <= markers
    assert markers >= services.REQUIRED_IN_CI


def test_a_folder_that_is_not_there_is_missing_with_a_reason(tmp_path: Path) -> None:
    assert services._folder(tmp_path / "absent", "say why") == "say why"
    assert services._folder(tmp_path, "say why") is None
