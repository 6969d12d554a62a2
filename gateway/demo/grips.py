"""Holding on to a file so that nobody else can read it: what a hung database or a hung share feels like.

SQLite's exclusive lock: https://www.sqlite.org/lockingv3.html
Leases, which make every open() of others wait: https://man7.org/linux/man-pages/man2/fcntl.2.html
"""

import asyncio
import fcntl
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

from gateway.demo.faults import SLOW_SECONDS, FaultImpossible

_BREATH_SECONDS = 0.3
# the kernel takes a lease away after /proc/sys/fs/lease-break-time (45 s): it is renewed before
_LEASE_SECONDS = 20.0


async def lock_database(file: Path, slow: bool) -> None:
    """Holds SQLite's exclusive lock until cancelled; with `slow`, lets readers in between now and then."""
    while True:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as database:
            if await _exclusively(database):
                await asyncio.sleep(SLOW_SECONDS if slow else float("inf"))
        await asyncio.sleep(_BREATH_SECONDS)


async def _exclusively(database: sqlite3.Connection) -> bool:
    for _ in range(100):
        # a reader at work holds the lock off for a moment
        with suppress(sqlite3.OperationalError):
            database.execute("BEGIN EXCLUSIVE")
            return True
        await asyncio.sleep(0.01)
    return False


async def lease_file(file: Path, renew: Callable[[], Awaitable[None]], slow: bool) -> None:
    """Makes every open() of the file wait until cancelled (`slow`: wait for a while, again and again).

    `renew` puts a fresh file there, because a file that somebody has open cannot be leased.
    """
    # the kernel tells the holder of a lease that somebody waits, and that signal ends a process by default
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    while True:
        await renew()
        held = os.open(file, os.O_RDWR)
        try:
            _lease(held)
            await asyncio.sleep(SLOW_SECONDS if slow else _LEASE_SECONDS)
        finally:
            os.close(held)  # ends the lease
        if slow:
            await asyncio.sleep(_BREATH_SECONDS)


def _lease(held: int) -> None:
    if not hasattr(fcntl, "F_SETLEASE"):
        raise FaultImpossible("this operating system cannot make a file hang")
    try:
        fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError as error:
        raise FaultImpossible("this file system cannot make a file hang") from error
