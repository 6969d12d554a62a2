"""The demo as `gateway demo` starts it, once for all documents."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Demo:
    """A running demo: where it is, and its folder."""

    url: str
    folder: Path


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`gateway demo`, with a budget of two seconds so that a silent agency does not take six."""
    folder, port = tmp_path_factory.mktemp("demo") / ".northshire", free_port()
    command = [sys.executable, "-m", "gateway.cli", "demo", "--port", str(port), "--dir", str(folder)]
    running = subprocess.Popen(
        command,
        env={**os.environ, "GATEWAY_BUDGET_SECONDS": "2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    _wait(running, f"{url}/health/ready")
    yield Demo(url, folder)
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=20) == 0


def _wait(running: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        try:
            urlopen(url, timeout=5).close()
            return
        except URLError:
            time.sleep(0.1)
    pytest.fail("the demo did not become ready")
