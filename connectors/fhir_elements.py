"""Makes fhir_r4.json and fhir_stu3.json: which elements of FHIR are lists, numbers, booleans or objects.

XML does not say so, JSON must. Run `python -m connectors.fhir_elements` after an update of fhir.resources
(R4B and R4 have the same elements for the types that we carry: DECISIONS.md).
https://hl7.org/fhir/R4/json.html
"""

import inspect
import json
import pkgutil
import types
import typing
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from fhir_core.fhirabstractmodel import FHIRAbstractModel

# every element may have these: no need to say so 682 times
EVERYWHERE = {"extension": "Extension*", "modifierExtension": "Extension*"}
_SKIPPED = {"fhir_comments", "resource_type", *EVERYWHERE}

PACKAGES = {"r4": "fhir.resources.R4B", "stu3": "fhir.resources.STU3"}

Elements = dict[str, dict[str, str]]


def elements_of(version: str) -> Elements:
    """For each type, its elements that are not one string, and what they are.

    boolean, integer, decimal, xhtml, Resource, or the name of a type; "" for string; then "*" for a list.
    """
    package = import_module(PACKAGES[version])
    found: Elements = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "tests":
            loaded = import_module(f"{PACKAGES[version]}.{module.name}")
            for name, model in inspect.getmembers(loaded, inspect.isclass):
                if issubclass(model, FHIRAbstractModel) and model.__module__ == loaded.__name__:
                    found[name] = _elements(model)
    return dict(sorted((name, elements) for name, elements in found.items() if elements))


def _elements(model: type[FHIRAbstractModel]) -> dict[str, str]:
    described = {
        field.alias or name: _described(field.annotation)
        for name, field in model.model_fields.items()
        if not name.endswith("__ext") and name not in _SKIPPED
    }
    return {name: text for name, text in sorted(described.items()) if text}


def _described(annotation: Any) -> str:
    kind = _present(annotation)
    if typing.get_origin(kind) is list:
        # a list of primitives may hold nulls
        return _named(_present(typing.get_args(kind)[0])) + "*"
    return _named(kind)


def _present(annotation: Any) -> Any:
    """`annotation` without the None of what may be absent."""
    if typing.get_origin(annotation) not in (typing.Union, types.UnionType):
        return annotation
    return next(part for part in typing.get_args(annotation) if part is not type(None))


def _named(kind: Any) -> str:
    plain = typing.get_args(kind)[0] if typing.get_origin(kind) is typing.Annotated else kind
    if hasattr(kind, "__metadata__") and type(kind.__metadata__[0]).__name__ == "Xhtml":
        return "xhtml"
    if inspect.isclass(plain):
        for type_, name in ((bool, "boolean"), (int, "integer"), (Decimal, "decimal")):
            if issubclass(plain, type_):
                return name
        if not issubclass(plain, (str, bytes, date)) and plain.__name__.endswith("Type"):
            return plain.__name__.removesuffix("Type")
    return ""


def main() -> None:
    """Writes both files beside this one."""
    for version in PACKAGES:
        text = json.dumps(elements_of(version), separators=(",", ":")).replace("},", "},\n")
        Path(__file__).with_name(f"fhir_{version}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
