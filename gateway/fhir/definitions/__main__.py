"""Writes the four tables: `python -m gateway.fhir.definitions [TARGET [PACKAGE [SCHEMA]]]`.

https://hl7.org/fhir/R4/downloads.html
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import orjson

from gateway.fhir.definitions.elements import elements
from gateway.fhir.definitions.json_schema import reduced
from gateway.fhir.definitions.search_parameters import search_parameters
from gateway.fhir.definitions.value_sets import value_sets

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "node_modules" / "hl7.fhir.r4.examples"
SCHEMA = ROOT / "node_modules" / "@asymmetrik" / "fhir-json-schema-validator" / "fhir.schema.json"


def main(target: Path = ROOT, package: Path = PACKAGE, schema: Path = SCHEMA) -> None:
    """Writes the tables below `target`."""
    rows = elements(package)
    codes = value_sets(package, rows)
    write(target / "mappings/r4/elements.json", rows)
    write(target / "mappings/r4/valuesets.json", codes)
    write(target / "gateway/fhir/r4/search-parameters.json", search_parameters(package))
    write(target / "gateway/fhir/r4/schema.json", reduced(orjson.loads(schema.read_bytes()), rows, codes))


def write(path: Path, rows: Mapping[str, object]) -> None:
    """One key a line, sorted, so that a change of the standard reads well in a diff."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_lines(rows) + "\n", encoding="utf-8")


def _lines(rows: Mapping[str, object]) -> str:
    def text(key: str) -> str:
        value = rows[key]
        if key == "definitions" and isinstance(value, dict):
            return _lines(value)
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    return "{\n" + ",\n".join(f"{orjson.dumps(key).decode()}: {text(key)}" for key in sorted(rows)) + "\n}"


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
