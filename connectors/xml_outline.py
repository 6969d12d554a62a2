"""The XML document around its repeated elements: whole, UTF-8, without a DOCTYPE, and of what time.

https://www.w3.org/TR/xml/#sec-well-formed, https://www.w3.org/TR/xml/#sec-prolog-dtd
"""

from xml.parsers import expat

from connectors.base import Failure, SourceError
from connectors.paths import Step
from connectors.tree import local

_STAND_IN = b"<_/>"
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class Outline:
    """Reads all bytes of a document but its repeated elements, for each of which a stand-in is fed.

    If this is well-formed, and each of the elements is, then the document is. Its root element must be
    `root`: an error page is XML too. `prefixes` are the namespace prefixes declared so far, `said` the
    text found at `path` (local names below the root). Everything raises SourceError (UNREADABLE).
    """

    def __init__(self, root: str, path: tuple[Step, ...] = ()) -> None:
        self._root = root
        self.prefixes: dict[str, str] = {}
        self.said = ""
        self._path = [step.name for step in path]
        self._place: list[str] = []
        self._fed_since_element = True
        self._parser = expat.ParserCreate("utf-8")
        self._parser.XmlDeclHandler = _only_utf_8
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def around(self, data: bytes) -> None:
        """Takes in what lies between two elements; blanks between them cost nothing."""
        if data and not data.isspace():
            self._parse(data)
            self._fed_since_element = True

    def element(self) -> None:
        """Takes in that one of the repeated elements is here."""
        if self._fed_since_element:
            self._parse(_STAND_IN)
            self._fed_since_element = False

    def close(self) -> None:
        """The document ends here."""
        self._parse(b"", last=True)

    def _parse(self, data: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "not well-formed")
            raise SourceError(Failure.UNREADABLE, f"the XML is cut off or malformed: {reason}") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._place and _local(name) != self._root:
            raise SourceError(Failure.UNREADABLE, f"the XML is no <{self._root}>")
        self._place.append(_local(name))
        for attribute, value in attributes.items():
            if attribute.startswith("xmlns:"):
                self.prefixes.setdefault(attribute.removeprefix("xmlns:"), value)

    def _end(self, _: str) -> None:
        self._place.pop()

    def _text(self, text: str) -> None:
        if self._path and self._place[1:] == self._path:
            self.said += text


def _local(name: str) -> str:
    return local(name).rpartition(":")[2]


def _only_utf_8(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in _UTF_8:
        raise SourceError(Failure.UNREADABLE, "the XML declares an encoding other than UTF-8")


def _refuse_doctype(*_: object) -> None:
    raise SourceError(Failure.UNREADABLE, "the XML has a DOCTYPE")
