"""Nightly XML files of a repeated element a person, such as a children-in-need census.

https://www.gov.uk/guidance/children-in-need-census, https://www.w3.org/TR/xml/

Reading a file once proves it well-formed to its last byte: every repeated element is parsed, many at a
time, and what is around them (connectors/xml_outline.py). So an element that a look-up reads later has
already been read once, and a file that was cut anywhere is refused as a whole.
"""

import threading
from collections.abc import AsyncGenerator, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from lxml import etree

from connectors.base import Capability, Failure, Query, Record, SourceError
from connectors.drop import ShowProgress
from connectors.drop_file import Place
from connectors.drop_index import Index, written_alike
from connectors.drop_indexed import Raw, identifiers
from connectors.drop_progress import Step, shown
from connectors.drop_source import DropSource
from connectors.paths import steps
from connectors.system import Endpoint, Kind, System, SystemMistake
from connectors.tree import TEXT, local, tree
from connectors.xml_outline import Outline
from connectors.xml_scan import ElementScan, Stretch

_BATCH_BYTES = 64 * 1024


class XmlDrop:
    """One agency's nightly XML files."""

    def __init__(self, system: System, endpoint: Endpoint, show: ShowProgress = shown) -> None:
        options = {**system.options.get("xml", {}), **endpoint.options}
        wholes = [kind for kind in system.kinds.values() if kind.part_of is None]
        formats = {kind.name: XmlFormat(system.id, kind, options) for kind in wholes}
        self._source = DropSource(system, endpoint, formats, "*.xml", show)
        self.ready = self._source.ready
        self.close = self._source.close
        self.memory = self._source.memory

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        return self._source.capabilities

    def fetch(self, query: Query) -> AsyncGenerator[Record, None]:
        return self._source.fetch(query)


class XmlFormat:
    """How to read one kind of file: its repeated element, and where in it the identifiers are."""

    def __init__(self, system: str, kind: Kind, options: Mapping[str, Any]) -> None:
        options = {**options, **kind.request}
        for line in ("root", "element"):
            if line not in options:
                raise SystemMistake(f"{system}.toml: kinds.{kind.name} lacks the line '{line}'")
        self.keys: Mapping[str, str] = kind.person_keys
        self._scan = ElementScan(kind.request["element"])
        self._stated = _Stated(kind.request["element"], self.keys)
        self._root = options["root"]
        self._as_at = steps(options.get("as_at", "").replace("/", "."))
        self._zone = ZoneInfo(options.get("timezone", "Europe/London"))

    def read(self, file: BinaryIO, place: Place, index: Index, step: Step) -> "XmlContents":
        """Fills the index with every repeated element; raises SourceError if any byte is not as it should."""
        reading = _Reading(Outline(self._root, self._as_at), index, self._stated)
        for stretch in self._scan.stretches(file):
            reading.take(stretch)
            step(stretch.offset + stretch.end)
        reading.outline.close()
        as_at = _moment(reading.outline.said, self._zone)
        return XmlContents(as_at, self._scan, self._stated, _wrapper(reading.outline.prefixes))


@dataclass(frozen=True, slots=True)
class XmlContents:
    """An XML file that has been read: of what time it is, and how to read a few elements of it."""

    as_at: datetime | None
    scan: ElementScan
    stated: "_Stated"
    wrapper: bytes

    def raws(self, block: bytes, wanted: Set[str]) -> Iterator[Raw]:
        """The repeated elements of `block` that may state one of the identifiers `wanted`."""
        spans, _ = self.scan.spans(block)
        for element in _parsed(self.wrapper, [block[start:end] for start, end in spans], _PARSERS.all):
            # the children beside the one asked for are not turned into records at all
            if self.stated.may_be(element, wanted):
                yield tree(element)


class _Reading:
    """One file while it is read: what is around the elements goes to the outline, they to the index."""

    def __init__(self, outline: Outline, index: Index, stated: "_Stated") -> None:
        self.outline = outline
        self._index = index
        self._stated = stated

    def take(self, stretch: Stretch) -> None:
        data, at = stretch.data, 0
        batch: list[tuple[int, int]] = []
        for start, end in stretch.spans:
            # most often a line end, which is not worth a call
            if at == 0 or not data[at:start].isspace():
                self.outline.around(data[at:start])
                self.outline.element()
            batch.append((start, end))
            at = end
            if end - batch[0][0] >= _BATCH_BYTES:
                self._add(stretch, batch)
                batch = []
        self._add(stretch, batch)
        self.outline.around(data[at : stretch.end])

    def _add(self, stretch: Stretch, batch: list[tuple[int, int]]) -> None:
        slices = [stretch.data[start:end] for start, end in batch]
        root = _parsed(_wrapper(self.outline.prefixes), slices, _PARSERS.without_blanks)
        offset = stretch.offset
        self._stated.fill(self._index, root, [(offset + start, offset + end) for start, end in batch])


class _Stated:
    """The identifiers that elements state, fast: whatever stands in an element of a key's last name.

    Those are all that the keys name, and may be more, which the check of a look-up drops.
    """

    def __init__(self, element: str, keys: Mapping[str, str]) -> None:
        self._element = element
        self._keys = keys
        lasts = {name: steps(path)[-1].name for name, path in keys.items()}
        self._names = {last: [n for n in lasts if lasts[n] == last] for last in lasts.values()}
        self._tags = [f"{{*}}{last}" for last in self._names]
        self._in_attributes = any(last.startswith(("@", "#")) for last in self._names)

    def may_be(self, element: etree._Element, wanted: Set[str]) -> bool:
        """Whether `element` may state one of the identifiers `wanted`."""
        return self._in_attributes or any(_text(found) in wanted for found in element.iter(*self._tags))

    def fill(self, index: Index, root: etree._Element, places: list[tuple[int, int]]) -> None:
        """Tells the index of the elements in `root`, which lie at `places` of the file."""
        if self._in_attributes:
            self._slowly(index, root, places)
            return
        following, names, person = iter(places), self._names, index.person
        for found in root.iter(f"{{*}}{self._element}", *self._tags):
            name = local(found.tag)
            if name == self._element and found.getparent() is root:
                index.piece(*next(following))
            if name in names and (text := _text(found)):
                for identifier in names[name]:
                    person(identifier, text)

    def _slowly(self, index: Index, root: etree._Element, places: list[tuple[int, int]]) -> None:
        for place, element in zip(places, root, strict=True):
            index.piece(*place)
            for name, value in identifiers(tree(element), self._keys):
                index.person(name, value)


def _text(element: etree._Element) -> str:
    if len(element):
        return written_alike(tree(element).get(TEXT, ""))
    return written_alike(element.text or "")


def _parsed(wrapper: bytes, slices: list[bytes], parser: etree.XMLParser) -> etree._Element:
    """An element around those that `slices` are; raises SourceError (UNREADABLE)."""
    try:
        root = etree.fromstring(b"%b%b</_>" % (wrapper, b"".join(slices)), parser)
    except etree.XMLSyntaxError:
        # the parser's words may quote the record
        raise SourceError(Failure.UNREADABLE, "a repeated element is malformed") from None
    if len(root) != len(slices):
        raise SourceError(Failure.UNREADABLE, "a repeated element is malformed")
    return root


def _parser(remove_blank_text: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        remove_blank_text=remove_blank_text,
    )


class _Parsers(threading.local):
    """Hardened parsers, a pair a thread; blanks do not matter to identifiers, and cost time."""

    def __init__(self) -> None:
        self.all = _parser(remove_blank_text=False)
        self.without_blanks = _parser(remove_blank_text=True)


_PARSERS = _Parsers()


def _wrapper(prefixes: Mapping[str, str]) -> bytes:
    """A start tag that declares the namespaces of the elements to be read inside it."""
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in prefixes.items())
    return f"<_{declared}>".encode()


def _moment(said: str, zone: ZoneInfo) -> datetime | None:
    """The time that the file declares; local time there if it names no zone; None if it is no time."""
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
