"""Every line that the gateway logs while a test looks, tracebacks among them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_OURS = ("gateway", "connectors", "mappings", "auth")
# uvicorn's loggers do not hand on what they log
_ALL = ("", "uvicorn", "uvicorn.error", "uvicorn.access")


class Lines(logging.Handler):
    """Keeps formatted lines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.kept: list[str] = []
        # the agencies' servers, which in a test live in the same process
        self.addFilter(lambda record: not record.name.startswith("aiohttp.server"))

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(self.format(record))

    @property
    def text(self) -> str:
        return "\n".join(self.kept)


@contextmanager
def lines() -> Iterator[Lines]:
    """All that is logged within the block; our own parts down to DEBUG."""
    handler = Lines()
    before = {name: logging.getLogger(name).level for name in _OURS}
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    for name in _ALL:
        logging.getLogger(name).addHandler(handler)
    try:
        yield handler
    finally:
        for name in _ALL:
            logging.getLogger(name).removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
