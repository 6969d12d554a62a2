"""How far the reading of a large file has come, for the person who waits at a terminal, or for a log.

https://rich.readthedocs.io/en/stable/progress.html
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

log = logging.getLogger(__name__)

# bytes read so far
Step = Callable[[int], None]

_WORTH_SHOWING = 8 << 20


class Progress(Protocol):
    """Told of every file that is read: what it is called, its size; and then how far it has come."""

    def __call__(self, title: str, size: int) -> Step: ...


@contextmanager
def shown(title: str, size: int) -> Iterator[Step]:
    """A bar on a terminal's standard error, otherwise a log line each tenth; small files show nothing."""
    if size < _WORTH_SHOWING:
        yield lambda done: None
    elif sys.stderr.isatty():
        with _bar(title, size) as step:
            yield step
    else:
        yield _logged(title, size)


@contextmanager
def _bar(title: str, size: int) -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"Indexing {title}", total=size)
        yield lambda done: progress.update(task, completed=done)


def _logged(title: str, size: int) -> Step:
    tenths = 0

    def step(done: int) -> None:
        nonlocal tenths
        if done * 10 // size > tenths:
            tenths = done * 10 // size
            log.info("indexing %s: %d %%", title, tenths * 10)

    return step
