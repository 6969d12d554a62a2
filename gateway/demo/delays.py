"""How long demo agencies think before they answer.

The realistic figures are those of scenario A, halved: an agency is mostly asked twice, who and then what.
"""

import asyncio
import random
from collections.abc import Mapping
from enum import StrEnum

from aiohttp import web
from aiohttp.typedefs import Handler


class Delay(StrEnum):
    """None at all, enough that a page feels alive, or as agencies are in life."""

    NONE = "none"
    SMALL = "small"
    REALISTIC = "realistic"


_REALISTIC: Mapping[str, float] = {
    "pds": 0.08,
    "cp-is": 0.55,
    "northtown-general": 0.2,
    "millbrook-gp": 0.45,
    "northshire-community": 0.8,
    "hill-road-school": 0.3,
    "northshire-police": 0.95,
}
_SMALL = (0.004, 0.06)
_IDENTITY = (0.002, 0.01)  # nothing is asked before it has answered


def delay_answers(application: web.Application, source: str, delay: Delay, rng: random.Random) -> None:
    """Makes the application wait before each answer."""

    @web.middleware
    async def wait(request: web.Request, handler: Handler) -> web.StreamResponse:
        if delay is Delay.REALISTIC:
            await asyncio.sleep(_REALISTIC.get(source, 0.3) * rng.uniform(0.9, 1.1))
        else:
            await asyncio.sleep(rng.uniform(*(_IDENTITY if source == "pds" else _SMALL)))
        return await handler(request)

    if delay is not Delay.NONE:
        application.middlewares.insert(0, wait)
