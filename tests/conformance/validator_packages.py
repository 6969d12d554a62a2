"""Arranges HL7's published packages as the cache folder that the Java validator reads when it is offline.

https://confluence.hl7.org/display/FHIR/FHIR+Package+Cache
Run by build_fhir_validator.sh, before there is an environment: standard library only.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CORE_TYPES = (
    "StructureDefinition",
    "ValueSet",
    "CodeSystem",
    "SearchParameter",
    "ConceptMap",
    "OperationDefinition",
    "CompartmentDefinition",
    "NamingSystem",
)
INDEXED = ("url", "version", "kind", "type", "content")
# the validator ships its own, and reports two
SHIPPED_BY_THE_VALIDATOR = "http://hl7.org/fhir/spdx-license"


def main(cache: Path) -> None:
    (cache / "packages.ini").write_text("[cache]\nversion=3\n\n[urls]\n\n[local]\n")
    count = make_core(cache / "hl7.fhir.r4.core#4.0.1/package")
    rename(cache, "hl7.terminology", "7.0.1")
    rename(cache, "hl7.fhir.uv.extensions", "5.2.0")
    make_empty(cache, "hl7.fhir.xver-extensions", "0.0.12")
    print(f"· {count} definitions of R4", file=sys.stderr)


def make_core(package: Path) -> int:
    """The core package out of the examples package, which holds all of it and the examples besides."""
    definitions = dict(published(package))
    for path in package.glob("*.json"):
        if path.name not in definitions:
            path.unlink()
    manifest = {
        "name": "hl7.fhir.r4.core",
        "version": "4.0.1",
        "tools-version": 3,
        "type": "fhir.core",
        "canonical": "http://hl7.org/fhir",
        "url": "http://hl7.org/fhir/R4",
        "fhirVersions": ["4.0.1"],
        "license": "CC0-1.0",
        "dependencies": {},
    }
    write(package / "package.json", manifest)
    write(package / ".index.json", {"index-version": 1, "files": list(definitions.values())})
    return len(definitions)


def published(package: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The definitions of the standard itself, each with its line of the index."""
    for kind in CORE_TYPES:
        for path in sorted(package.glob(f"{kind}-*.json")):
            resource = json.loads(path.read_text())
            if resource.get("url") == SHIPPED_BY_THE_VALIDATOR or resource["resourceType"] != kind:
                continue
            line = {"filename": path.name, "resourceType": kind, "id": resource["id"]}
            yield (
                path.name,
                line | {key: resource[key] for key in INDEXED if isinstance(resource.get(key), str)},
            )


def rename(cache: Path, name: str, version: str) -> None:
    """Gives a package the name and version by which the validator asks for it."""
    path = cache / f"{name}#{version}/package/package.json"
    write(path, json.loads(path.read_text()) | {"name": name, "version": version, "dependencies": {}})


def make_empty(cache: Path, name: str, version: str) -> None:
    """A package that the validator insists on and that nothing here uses."""
    package = cache / f"{name}#{version}/package"
    package.mkdir(parents=True)
    canonical = f"http://fhir.org/guides/{name}"
    write(
        package / "package.json",
        {"name": name, "version": version, "type": "IG", "canonical": canonical, "url": canonical}
        | {"fhirVersions": ["4.0.1"], "dependencies": {}},
    )
    write(package / ".index.json", {"index-version": 1, "files": []})


def write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
