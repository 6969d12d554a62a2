"""A file that an agency replaces each night: today's index, and the change from one to the next.

CONTRIBUTING.md, "The connector contract"

One thread of its own looks people up and another reads new files, so that a hung disk costs one source. An
index answers only for the file that it was made from: that file stays open until the next index is ready,
and each answer is checked against what the file was before and after it was read. A file that cannot be
read to its end as its format promises is unreadable for every person in it, even if an older one was not.
"""

import asyncio
import logging
import secrets
import threading
import time
from asyncio import get_running_loop, wrap_future
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime

from connectors.base import Failure, SourceError
from connectors.drop_file import Folder, Identity, Place, identity_of, why
from connectors.drop_index import Index
from connectors.drop_indexed import Format, Found, Indexed
from connectors.drop_progress import Step, shown

log = logging.getLogger(__name__)

ShowProgress = Callable[[str, int], AbstractContextManager[Step]]

# a disk may recover, and a checksum come later than its file
_TRY_AGAIN_SECONDS = 60.0
# how long a caller waits for today's records before it is given those of the file before
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Refused:
    """A version of the file that could not be read, and until when that need not be tried again."""

    identity: Identity
    failure: Failure
    detail: str
    until: float

    def error(self) -> SourceError:
        return SourceError(self.failure, self.detail)


Read = Indexed | Refused


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the indexed file says, if it is still whole, and the newer one that is being read, if there is."""

    found: Found | None
    coming: Future[Read] | None


class Drop:
    """One file that an agency replaces each night, asked by identifiers."""

    def __init__(
        self,
        title: str,
        folder: Folder,
        format_: Format,
        key: bytes,
        show: ShowProgress = shown,
        may_be_empty: bool = False,
    ) -> None:
        self._title = title
        # an export that failed often leaves a file with nothing in it
        self._may_be_empty = may_be_empty
        self._folder = folder
        self._format = format_
        # the index never leaves this process: a key of its own does where none is given
        self._key = key[:64] or secrets.token_bytes(32)
        self._show = show
        self._stopping = threading.Event()
        self._looking = ThreadPoolExecutor(1, f"drop-{title}")
        self._reading = ThreadPoolExecutor(1, f"index-{title}")
        # these three belong to the thread that looks up
        self._indexed: Indexed | None = None
        self._refused: Refused | None = None
        self._coming: Future[Read] | None = None
        # when the thread that reads last came forward
        self._stepped = 0.0

    @property
    def as_at(self) -> datetime | None:
        """Of what time the indexed file is; None before there is one."""
        return self._indexed.as_at if self._indexed else None

    def memory(self) -> int:
        """The bytes that the index takes."""
        return self._indexed.index.memory() if self._indexed else 0

    async def find(self, wanted: Mapping[str, str]) -> Found:
        """What today's file says; while that takes long to read, what the one before it says.

        Waits for the first index, and wherever the file before is not whole any more. Raises SourceError.
        """
        while True:
            seen = await get_running_loop().run_in_executor(self._looking, self._look, wanted)
            read = await self._arrival(seen) if seen.coming else None
            if isinstance(read, Refused):
                raise read.error()
            if read is None and seen.found:
                return seen.found

    async def _arrival(self, seen: "_Seen") -> Read | None:
        """The file that is being read, or None if that takes long and an answer of the old one will do."""
        assert seen.coming is not None
        # others may wait for the same index: it must outlive this caller's deadline
        coming = wrap_future(seen.coming)
        while True:
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS if seen.found else None):
                    return await asyncio.shield(coming)
            except TimeoutError:
                # one that does not come forward is a hung disk, and no reason to show old records
                if time.monotonic() - self._stepped < _PATIENCE_SECONDS:
                    return None

    async def close(self) -> None:
        """Ends the threads and closes the file."""
        self._stopping.set()
        await get_running_loop().run_in_executor(self._looking, self._close)
        self._looking.shutdown(wait=False)

    def _look(self, wanted: Mapping[str, str]) -> "_Seen":
        """In its own thread: the answer, and what has to be waited for."""
        try:
            today = self._folder.newest()
            self._take_over()
            if self._refused and self._refused.identity == today.identity:
                raise self._refused.error()
            found = self._found(wanted, today)
            if found and self._has(today):
                return _Seen(found, None)
            return _Seen(found, self._read_in_background(self._folder.newest()))
        except OSError as error:
            raise SourceError(Failure.UNAVAILABLE, f"the file cannot be read: {why(error)}") from None

    def _found(self, wanted: Mapping[str, str], today: Place) -> Found | None:
        """What the indexed file says; None too where what it says is broken and a newer file is there."""
        try:
            return self._indexed.find(wanted) if self._indexed else None
        except SourceError:
            if self._has(today):
                raise
            return None

    def _has(self, today: Place) -> bool:
        return self._indexed is not None and self._indexed.place == today

    def _take_over(self) -> None:
        """Lets a new index take the place of the old one, whose file is then closed."""
        if self._refused and time.monotonic() > self._refused.until:
            self._refused = None
        if self._coming is None or not self._coming.done():
            return
        coming, self._coming = self._coming, None
        read = coming.result()
        if isinstance(read, Refused):
            self._refused = read
            return
        if self._indexed:
            self._indexed.file.close()
        self._indexed = read

    def _read_in_background(self, today: Place) -> Future[Read]:
        if self._coming is None:
            self._coming = self._reading.submit(self._read, today)
        return self._coming

    def _read(self, place: Place) -> Read:
        """In the other thread: the file with its index, or why there is none."""
        try:
            return self._index(place)
        except SourceError as error:
            failure, detail = error.failure, error.detail
        except OSError as error:
            failure, detail = Failure.UNAVAILABLE, f"the file cannot be read: {why(error)}"
        log.warning("%s: %s: %s", self._title, failure, detail)
        return Refused(place.identity, failure, detail, time.monotonic() + _TRY_AGAIN_SECONDS)

    def _index(self, place: Place) -> Indexed:
        began = time.monotonic()
        index = Index(self._key, place.identity.size)
        with ExitStack() as stack:
            file = stack.enter_context(place.path.open("rb"))
            with self._show(self._title, place.identity.size) as step:
                contents = self._format.read(file, place, index, self._unless_stopping(step))
            if identity_of(file) != place.identity:
                raise SourceError(Failure.UNREADABLE, "the file is still being written")
            if not index.pieces and not self._may_be_empty:
                raise SourceError(Failure.UNREADABLE, "the file holds nobody, which it should")
            index.finish()
            # the file stays open for the look-ups
            indexed = Indexed(place, file, index, contents, self._format.keys)
            stack.pop_all()
        seconds = time.monotonic() - began
        log.info("%s: indexed %d pieces in %.1f s", self._title, index.pieces, seconds)
        return indexed

    def _unless_stopping(self, step: Step) -> Step:
        def watched(done: int) -> None:
            if self._stopping.is_set():
                raise SourceError(Failure.UNAVAILABLE, "the source is being closed")
            self._stepped = time.monotonic()
            step(done)

        return watched

    def _close(self) -> None:
        self._reading.shutdown(wait=False, cancel_futures=True)
        if self._coming:
            self._coming.add_done_callback(_close_unused)
        if self._indexed:
            self._indexed.file.close()
            self._indexed = None


def _close_unused(coming: Future[Read]) -> None:
    read = None if coming.cancelled() or coming.exception() else coming.result()
    if isinstance(read, Indexed):
        read.file.close()
