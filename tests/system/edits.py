"""True answers with something wrong in them: foreign or broken records, hostile letters, links elsewhere.

Each format has its own way of being edited: JSON as values, XML as elements.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from tests.system.between import Trick
from tests.system.tricks import MARK, changed, is_xml

CONTROLS = "Zoe\x00\x07\x1b[31m\x9b"
RIGHT_TO_LEFT = "\u202eeoZ\u2066\u200f"
NEW_LINES = f"Zoe\r\nWARNING gateway: all is well {MARK}\n{MARK}"
_NAMES = frozenset(
    {"family", "given", "display", "text", "legalForename", "surname", "forename", "name"}
)  # JSON members, and attributes' elements in FHIR XML, that are names or words
_ELEMENTS = frozenset({"FamilyName", "GivenName", "Narrative", "Name", "Line"})  # of the police's XML
_FHIR = "{http://hl7.org/fhir}"


def in_names(form: str, letters: str) -> Trick:
    """The letters at the end of every name."""
    if is_xml(form):
        return changed(lambda body: _xml_names(body, letters))
    return changed(lambda body: json.dumps(_json_names(json.loads(body), letters)).encode())


def _json_names(value: Any, letters: str) -> Any:
    if isinstance(value, dict):
        return {name: _json_name(name, inner, letters) for name, inner in value.items()}
    return [_json_names(one, letters) for one in value] if isinstance(value, list) else value


def _json_name(name: str, value: Any, letters: str) -> Any:
    if name in _NAMES and isinstance(value, str):
        return value + letters
    if name in _NAMES and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [one + letters for one in value]
    return _json_names(value, letters)


def _xml_names(body: bytes, letters: str) -> bytes:
    """As characters where XML has them, and as references, which are no XML, where it has not."""
    text = "".join(c if c.isprintable() or c in "\u202e\u2066\u200f" else f"&#{ord(c)};" for c in letters)
    root = etree.fromstring(body)
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in _NAMES and "value" in element.attrib:
            element.set("value", f"{element.get('value')}~letters~")
        elif name in _ELEMENTS and not len(element):
            element.text = (element.text or "") + "~letters~"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8").replace(b"~letters~", text.encode())


def leaves(value: Any) -> str:
    """All texts of a value, one after the other."""
    if isinstance(value, dict):
        return "".join(leaves(inner) for inner in value.values())
    if isinstance(value, list):
        return "".join(leaves(inner) for inner in value)
    return value if isinstance(value, str) else ""


def next_page(form: str, address: str) -> Trick:
    """A link to a next page on another host."""
    link = f"{address}/next?{MARK}"
    if is_xml(form):
        return changed(lambda body: _xml_next(body, link))
    return changed(lambda body: json.dumps(_json_next(json.loads(body), link)).encode())


def _json_next(bundle: Any, link: str) -> Any:
    if isinstance(bundle, dict) and bundle.get("type") == "searchset":
        others = [one for one in bundle.get("link", ()) if one["relation"] != "next"]
        bundle["link"] = [*others, {"relation": "next", "url": link}]
    return bundle


def _xml_next(body: bytes, link: str) -> bytes:
    root = etree.fromstring(body)
    for one in root.findall(f"{_FHIR}link"):
        root.remove(one)
    here = etree.fromstring(
        f'<link xmlns="http://hl7.org/fhir"><relation value="next"/><url value="{link}"/></link>'
    )
    root.insert(2, here)
    return etree.tostring(root)


Spoil = Callable[[Any], bool]


def twice(form: str) -> Trick:
    """Every record twice, word for word."""
    return one_more(form, lambda record: True)


def one_more(form: str, spoil: Spoil) -> Trick:
    """A copy of each record which `spoil` changes (a JSON object or an element) beside the true one."""

    def change(body: bytes) -> bytes:
        if is_xml(form):
            root = etree.fromstring(body)
            for element in list(_elements(root)):
                _put_copy(element, spoil)
            return etree.tostring(root)
        value = json.loads(body)
        for records in _lists(value):
            copies = [copy.deepcopy(record) for record in records]
            records += [record for record in copies if spoil(record.get("resource", record))]
        return json.dumps(value).encode()

    return changed(change)


def _lists(answer: Any) -> Iterator[list[Any]]:
    """The list of records in an answer, if it has one."""
    records = answer.get("entry") or answer.get("data") if isinstance(answer, dict) else None
    if isinstance(records, list):
        yield records


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    """What counts as one record: an incident of the police, an entry of a message."""
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name in _RECORDS and element.getparent() is not None:
            yield element
        if name == "entry" and any(element.find(f"{_FHIR}resource/{one}") is not None for one in _RESOURCES):
            yield element


_RECORDS = ("Incident", "Episode", "Person")
_RESOURCES = [
    f"{_FHIR}{name}" for name in ("Observation", "Immunization", "Encounter", "EpisodeOfCare", "Patient")
]


def _put_copy(element: etree._Element, spoil: Spoil) -> None:
    more = copy.deepcopy(element)
    parent = element.getparent()
    if spoil(more) and parent is not None:
        parent.append(more)
