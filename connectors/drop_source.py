"""File drops as a source of records: each kind that stands for itself is one file of its own.

CONTRIBUTING.md, "The connector contract"
"""

from collections.abc import AsyncGenerator, Mapping

from connectors.base import Capability, Failure, Query, Record, SourceError
from connectors.drop import Drop, ShowProgress
from connectors.drop_file import folder_of
from connectors.drop_index import written_alike
from connectors.drop_indexed import Format
from connectors.records import asked, capabilities, parts
from connectors.system import Endpoint, System


class DropSource:
    """The files of one agency, each read by its `Format` (by the name of its kind)."""

    def __init__(
        self,
        system: System,
        endpoint: Endpoint,
        formats: Mapping[str, Format],
        pattern: str,
        show: ShowProgress,
    ) -> None:
        self._system = system
        self._endpoint = endpoint
        self._pattern = pattern
        self._show = show
        self._drops = {kind: self._drop(kind, format_) for kind, format_ in formats.items()}

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        offered: dict[str, Capability] = {}
        for kind, drop in self._drops.items():
            of_this_time = capabilities(self._system, drop.as_at)
            offered |= {name: c for name, c in of_this_time.items() if c.asked_as == kind}
        return offered

    async def fetch(self, query: Query) -> AsyncGenerator[Record, None]:
        """The records of the kind asked for, or of the whole group if it is the group's name."""
        if query.kind not in self._system.kinds:
            raise SourceError(Failure.UNSUPPORTED, "the source has no such kind")
        whole = asked(self._system, query.kind).name
        found = await self._drops[whole].find(self._wanted(whole, query))
        for raw in found.raws:
            for record in parts(self._system, whole, raw, found.as_at):
                if query.kind in (whole, record.kind):
                    yield record

    async def ready(self) -> None:
        """Returns when today's files are indexed, so that the first person asked for need not wait.

        Raises SourceError.
        """
        for drop in self._drops.values():
            await drop.find({})

    async def close(self) -> None:
        """Ends the threads and closes the files."""
        for drop in self._drops.values():
            await drop.close()

    def memory(self) -> int:
        """The bytes that the indexes take."""
        return sum(drop.memory() for drop in self._drops.values())

    def _drop(self, kind: str, format_: Format) -> Drop:
        request = self._system.kinds[kind].request
        return Drop(
            f"{self._endpoint.source} {kind}",
            folder_of(self._endpoint.url, request.get("file", ""), self._pattern),
            format_,
            self._endpoint.hash_key,
            self._show,
            may_be_empty=request.get("may_be_empty", False),
        )

    def _wanted(self, kind: str, query: Query) -> dict[str, str]:
        known = self._system.kinds[kind].person_keys
        wanted = {name: written_alike(value) for name, value in query.person.items() if name in known}
        if not any(wanted.values()):
            raise SourceError(Failure.UNSUPPORTED, "the source knows people by other identifiers")
        return {name: value for name, value in wanted.items() if value}
