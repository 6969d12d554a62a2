"""The elements of R4 by path: type, cardinality, targets and binding, from mappings/r4 (`make definitions`).

https://hl7.org/fhir/R4/elementdefinition.html
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

COMPLEX_OF_PRIMITIVES = "Element"


@dataclass(frozen=True, slots=True)
class Element:
    """One element as a mapping can write it: of a choice, the variant (`valueQuantity`) that was written."""

    path: str
    type: str
    many: bool
    required: bool
    targets: tuple[str, ...] = ()
    binding: str = ""  # the value set of a required binding
    choice: str = ""  # "value[x]", if it is one variant of a choice

    @property
    def primitive(self) -> bool:
        return self.type[:1].islower()

    @property
    def inside(self) -> str:
        """Where its own elements are listed."""
        return self.path if self.type in ("BackboneElement", "Element") else self.type


@cache
def _tables() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, list[str]]]]:
    folder = files("mappings") / "r4"
    elements = json.loads((folder / "elements.json").read_text(encoding="utf-8"))
    return elements, json.loads((folder / "valuesets.json").read_text(encoding="utf-8"))


def codes_of(value_set: str) -> dict[str, list[str]] | None:
    """The codes of a required value set by system; None if it is open (media types, currencies)."""
    return _tables()[1].get(value_set)


@cache
def children(inside: str) -> dict[str, Element]:
    """The elements directly below a type or a backbone element, by name, each variant of a choice too."""
    found: dict[str, Element] = {}
    for path, row in _tables()[0].items():
        parent, _, name = path.rpartition(".")
        if parent == inside:
            found |= {e_name: element for e_name, element in _variants(path, name, row)}
    return found


def _variants(path: str, name: str, row: dict[str, Any]) -> list[tuple[str, Element]]:
    if "content" in row:
        return [(name, _element(row["content"], "BackboneElement", row))]
    if not name.endswith("[x]"):
        return [(name, _element(path, row["types"][0], row))]
    stem = name[:-3]
    return [(stem + t[0].upper() + t[1:], _element(path, t, row, name)) for t in row["types"]]


def _element(path: str, type_: str, row: dict[str, Any], choice: str = "") -> Element:
    return Element(
        path=path,
        type=type_,
        many=row.get("max", "1") != "1",
        required=bool(row.get("min", 0)),
        targets=tuple(row.get("targets", ())) if type_ in ("Reference", "canonical") else (),
        binding=row["valueSet"] if row.get("binding") == "required" and "valueSet" in row else "",
        choice=choice,
    )


def resource_types() -> set[str]:
    """The resource types that we have definitions of."""
    return {path.split(".")[0] for path in _tables()[0] if path.endswith(".implicitRules")}


SUBJECTS = ("subject", "patient", "beneficiary", "for")


def subject_element(resource_type: str) -> str:
    """The element that says whom a resource is about; "" if it has none for a single child."""
    known = children(resource_type)
    return next((name for name in SUBJECTS if name in known and not known[name].many), "")
