"""The codes of each required binding, expanded from the official ValueSets and CodeSystems.

https://hl7.org/fhir/R4/valueset.html#compositions
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import orjson

from gateway.fhir.definitions.elements import Row

# no complete list of codes is published with R4: media types (BCP 13) and currencies (ISO 4217)
OPEN = frozenset({"mimetypes", "currencies"})


class Concept(TypedDict):
    code: str
    concept: NotRequired[list["Concept"]]


class Include(TypedDict):
    system: NotRequired[str]
    concept: NotRequired[list[Concept]]
    valueSet: NotRequired[list[str]]


class Compose(TypedDict):
    include: list[Include]
    exclude: NotRequired[list[Include]]


def value_sets(package: Path, rows: Mapping[str, Row]) -> dict[str, dict[str, list[str]]]:
    """By value set and code system."""
    required = [r for r in rows.values() if r.get("binding") == "required" and r.get("valueSet")]
    needed = {str(r["valueSet"]) for r in required}
    return {url: _expand(package, url) for url in sorted(needed) if url.rsplit("/", 1)[1] not in OPEN}


def _expand(package: Path, url: str) -> dict[str, list[str]]:
    codes: dict[str, set[str]] = {}
    compose = _composes(package)[url]
    for include in compose["include"]:
        for system, code in _included(package, include):
            codes.setdefault(system, set()).add(code)
    for exclude in compose.get("exclude", ()):
        for system, code in _included(package, exclude):
            codes[system].discard(code)
    return {system: sorted(found) for system, found in sorted(codes.items())}


def _included(package: Path, include: Include) -> Iterator[tuple[str, str]]:
    if "filter" in include:
        raise ValueError(f"a value set of a required binding has a filter: {include.get('system')}")
    for url in include.get("valueSet", ()):
        for system, codes in _expand(package, url.split("|")[0]).items():
            yield from ((system, code) for code in codes)
    if system := include.get("system", ""):
        concepts = include.get("concept") or _concepts(package)[system]
        yield from ((system, code) for code in _flat(concepts))


def _flat(concepts: Iterable[Concept]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _flat(concept.get("concept", ()))


@cache
def _composes(package: Path) -> dict[str, Compose]:
    bodies = (orjson.loads(f.read_bytes()) for f in sorted(package.glob("ValueSet-*.json")))
    return {b["url"]: b["compose"] for b in bodies if "compose" in b and "url" in b}


@cache
def _concepts(package: Path) -> dict[str, list[Concept]]:
    bodies = (orjson.loads(f.read_bytes()) for f in sorted(package.glob("CodeSystem-*.json")))
    return {b["url"]: b["concept"] for b in bodies if "concept" in b and "url" in b}
