"""Writes audit rows until it is killed, and prints the number of each that was acknowledged.

Run as `python -m tests.gateway.audit_writer FOLDER [BYTES]`. With BYTES no file may grow beyond that: a full
disk. It then prints "unavailable" for what is refused, frees the disk after three refusals, and stops three
rows later.
"""

import asyncio
import os
import resource
import sys
from pathlib import Path

from gateway.audit.chain import Chain
from gateway.errors import AuditUnavailable
from tests.gateway.chains import Place, row

_WRITERS = 8


def say(line: str) -> None:
    """One line, as one write: a kill leaves it whole or not there."""
    os.write(1, f"{line}\n".encode())


async def until_killed(chain: Chain, folder: Path) -> None:
    """Several writers at once; each says what it was told is on disk."""
    place = Place(folder)
    number = place.verdict().rows

    async def writer() -> None:
        nonlocal number
        while True:
            number += 1
            say(str(await chain.write([row(number)])))

    await asyncio.gather(*(writer() for _ in range(_WRITERS)))


async def through_a_full_disk(chain: Chain, largest: int) -> None:
    """Writes into a disk that fills up, and goes on when there is room again."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    number = refused = after = 0
    while after < 3:
        number += 1
        try:
            say(str(await chain.write([row(number)])))
            after += refused >= 3
        except AuditUnavailable:
            say("unavailable")
            refused += 1
            if refused == 3:
                resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def main() -> None:
    """Writes into the chain of the folder named on the command line."""
    folder = Path(sys.argv[1])
    with Place(folder).chain() as chain:
        if len(sys.argv) > 2:
            asyncio.run(through_a_full_disk(chain, int(sys.argv[2])))
        else:
            asyncio.run(until_killed(chain, folder))


if __name__ == "__main__":
    main()
