"""The facts that a page can show, as mappings/model.toml names them.

https://hl7.org/fhir/R4/resource.html#Meta : a resource's fact is a tag of its meta.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of fact: its code, the section it stands in, what people call it."""

    code: str
    section: str
    label: str
    timeline: bool = False


UNNAMED = Fact("", "other", "Other information")


@cache
def facts() -> dict[str, Fact]:
    """Every fact by its code."""
    text = resources.files("mappings").joinpath("model.toml").read_text(encoding="utf-8")
    known = tomllib.loads(text)["facts"]
    return {
        code: Fact(code, body["section"], body["label"], body.get("timeline", False))
        for code, body in known.items()
    }
