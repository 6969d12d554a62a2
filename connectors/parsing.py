"""Where large answers are parsed: in a thread, so that no other answer waits for it.

https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# parsing this much takes a few milliseconds; a thread for less would cost more than it saves
_LARGE = 512 * 1024


async def parsed(parse: Callable[[bytes], T], body: bytes) -> T:
    """`parse(body)`, away from the loop if `body` is large."""
    return await asyncio.to_thread(parse, body) if len(body) > _LARGE else parse(body)
