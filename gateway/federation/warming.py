"""Getting ready in the background: nightly files are indexed at start, so that nobody waits for it later.

A file that cannot be read is said in the log; asking that source then fails with its own state.
"""

import logging
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from connectors.base import SourceError
from gateway.federation.connected import Connected

log = logging.getLogger(__name__)


@runtime_checkable
class Prepares(Protocol):
    """A connector that has something to do before the first question."""

    async def ready(self) -> None: ...


async def warm(connected: Iterable[Connected]) -> None:
    """Lets every connector that prepares itself do so, one after the other."""
    for one in connected:
        if isinstance(one.connector, Prepares):
            try:
                await one.connector.ready()
            except SourceError as error:
                log.warning("source %s: not ready: %s", one.id, error)
