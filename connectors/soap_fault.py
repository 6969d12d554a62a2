"""SOAP faults: what each means, told apart from answers. A fault is never an empty answer unless declared so.

https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383507 and
https://www.w3.org/TR/soap12-part1/#soapfault
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from connectors.base import Failure, SourceError
from connectors.system import SystemMistake
from connectors.tree import local

ABSENT = "absent"

# the codes of both versions that say that it is we who asked wrongly
_OURS = frozenset({"Client", "Sender", "MustUnderstand", "VersionMismatch", "DataEncodingUnknown"})


@dataclass(frozen=True, slots=True)
class Version:
    """A version of SOAP: the namespace of its Envelope, and how a request says what it is."""

    namespace: str
    media: str
    action_in_header: bool

    def content_type(self, action: str) -> str:
        named = f'; action="{action}"' if action and not self.action_in_header else ""
        return f"{self.media}; charset=utf-8{named}"

    def headers(self, action: str) -> dict[str, str]:
        # SOAP 1.1 wants the header even where it is empty
        return {"SOAPAction": f'"{action}"'} if self.action_in_header else {}


VERSIONS: Mapping[str, Version] = {
    "1.1": Version("{http://schemas.xmlsoap.org/soap/envelope/}", "text/xml", True),
    "1.2": Version("{http://www.w3.org/2003/05/soap-envelope}", "application/soap+xml", False),
}


def meanings(system: str, faults: Mapping[str, Any]) -> Mapping[str, Failure | None]:
    """What the fault codes of a system mean; None for: not known here. Raises SystemMistake."""
    known = {ABSENT: None, **{str(failure): failure for failure in Failure}}
    for code, meaning in faults.items():
        if meaning not in known:
            raise SystemMistake(f"{system}.toml: soap.faults.{code} is one of {', '.join(known)}")
    return {code: known[meaning] for code, meaning in faults.items()}


def means_absent(fault: etree._Element, meant: Mapping[str, Failure | None]) -> bool:
    """Whether `fault` says that the child is not known; raises SourceError for every other fault."""
    codes = list(_codes(fault))
    said = next((code for code in codes if code in meant), None)
    if said is not None:
        failure = meant[said]
        if failure is None:
            return True
        raise SourceError(failure, "a SOAP fault")
    ours = any(code in _OURS for code in codes)
    raise SourceError(Failure.UNSUPPORTED if ours else Failure.UNAVAILABLE, "a SOAP fault")


def _codes(fault: etree._Element) -> Iterator[str]:
    """The codes of a fault, the most special first: names and texts in its detail, then its own codes."""
    own: list[str] = []
    for child in fault:
        if local(child.tag) in ("detail", "Detail"):
            for element in child.iterdescendants():
                yield local(element.tag)
                yield (element.text or "").strip()
        elif local(child.tag) in ("faultcode", "Code"):
            own = [(element.text or "").strip() for element in child.iter()]
    for code in reversed(own):
        # codes are qualified names; SOAP 1.1 also refines them by dots: Client.NotFound
        name = code.rpartition(":")[2]
        yield name
        yield from reversed(name.split("."))
