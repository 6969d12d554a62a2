"""The official R4 JSON schema, reduced to our types and made as strict as the standard's own text.

https://hl7.org/fhir/R4/json.html. Added to the published schema, because it lets them pass: a list is
not empty, a complex value is an object, a choice has one form, a text has at most 1024 * 1024 letters, and
a code of a required binding is one of its value set.
"""

import re
from collections.abc import Mapping, Sequence

import orjson

from gateway.fhir.definitions.elements import TYPES, Row

Schema = dict[str, object]
ValueSets = Mapping[str, Mapping[str, list[str]]]

# https://hl7.org/fhir/R4/datatypes.html#string: strings shall not exceed 1 MB
LONGEST_TEXT = 1024 * 1024
_TEXTS = ("string", "markdown")
# a choice of all types (Extension.value[x]) would add thousands of rules
WIDEST_CHOICE = 20


def reduced(full: Schema, rows: Mapping[str, Row], codes: ValueSets) -> Schema:
    """The schema to compile; its root fails readably."""
    definitions = full["definitions"]
    assert isinstance(definitions, dict)
    kept: dict[str, object] = {}
    waiting = list(TYPES)
    while waiting:
        name = waiting.pop()
        if name not in kept and name != "ResourceList":
            kept[name] = _strict(_plain(definitions[name]))
            waiting.extend(re.findall(r'"#/definitions/(\w+)"', orjson.dumps(kept[name]).decode()))
    kept |= {name: {**_object(kept[name]), "maxLength": LONGEST_TEXT} for name in _TEXTS if name in kept}
    for path, row in rows.items():
        _add_rules(kept, path, row, codes)
    kept["ResourceList"] = _resource_list()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": "#/definitions/ResourceList",
        "definitions": kept,
    }


def _resource_list() -> Schema:
    """A missing or foreign resourceType is one fault, not one a type."""
    return {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"enum": TYPES}},
        "if": {"required": ["resourceType"], "properties": {"resourceType": {"enum": TYPES}}},
        "then": _choice(TYPES),
    }


def _choice(types: Sequence[str]) -> Schema:
    """The definition of one of these types, found by halves: a list of 38 conditions costs 2 microseconds."""
    if len(types) == 1:
        return {"$ref": f"#/definitions/{types[0]}"}
    half = len(types) // 2
    test: Schema = {"properties": {"resourceType": {"enum": types[:half]}}}
    return {"if": test, "then": _choice(types[:half]), "else": _choice(types[half:])}


def _plain(node: object) -> object:
    """Without the descriptions, which are most of it."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {k: _plain(v) for k, v in node.items() if k != "description" or not isinstance(v, str)}


def _object(definition: object) -> Schema:
    assert isinstance(definition, dict)
    return definition


def _strict(definition: object) -> object:
    if not isinstance(definition, dict) or "properties" not in definition:
        return definition
    for element in definition["properties"].values():
        if element.get("type") == "array":
            element["minItems"] = 1
    return {"type": "object", **definition}


def _add_rules(kept: Mapping[str, object], path: str, row: Row, codes: ValueSets) -> None:
    """The rules that an element's row adds to the definition that holds it."""
    *holders, name = path.split(".")
    definition = _definition(kept, holders)
    types = row.get("types", [])
    if definition is None or not isinstance(types, list):
        return
    if name.endswith("[x]") and len(types) <= WIDEST_CHOICE:
        _one_form(definition, [name[:-3] + t[0].upper() + t[1:] for t in types])
    value_set = codes.get(str(row.get("valueSet"))) if row.get("binding") == "required" else None
    properties = definition["properties"]
    if value_set is not None and isinstance(properties, dict) and name in properties:
        _bind(properties, name, types[0], value_set)


def _definition(kept: Mapping[str, object], holders: list[str]) -> Schema | None:
    """The definition of a type, or of the backbone element that the path leads to."""
    name = holders[0]
    for step in holders[1:]:
        name = _refers_to(kept[name], step)
    found = kept.get(name)
    return found if isinstance(found, dict) and "properties" in found else None


def _refers_to(definition: object, step: str) -> str:
    assert isinstance(definition, dict)
    element = definition["properties"][step]
    reference: str = element.get("items", element)["$ref"]
    return reference.removeprefix("#/definitions/")


def _one_form(definition: Schema, forms: list[str]) -> None:
    rules = definition.setdefault("dependencies", {})
    assert isinstance(rules, dict)
    for place, form in enumerate(forms[:-1]):
        rules[form] = {"not": {"anyOf": [{"required": [other]} for other in forms[place + 1 :]]}}


def _bind(properties: Schema, name: str, type_: str, value_set: Mapping[str, list[str]]) -> None:
    every = sorted({code for codes in value_set.values() for code in codes})
    coded = [{"properties": {"system": {"const": s}, "code": {"enum": c}}} for s, c in value_set.items()]
    rule: Schema = {"enum": every}
    if type_ == "CodeableConcept":
        one = {"required": ["system", "code"], "anyOf": coded}
        rule = {"required": ["coding"], "properties": {"coding": {"contains": one}}}
    if type_ == "Coding":
        rule = {"required": ["system", "code"], "anyOf": coded}
    element = properties[name]
    assert isinstance(element, dict)
    if element.get("type") == "array":
        element["items"] = {"allOf": [element["items"], rule]}
    elif type_ == "code":
        properties[name] = rule
    else:
        properties[name] = {"allOf": [element, rule]}
