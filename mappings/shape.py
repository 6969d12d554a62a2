"""The check of a template: every block and list against the R4 definition, as a tree.

https://hl7.org/fhir/R4/json.html: what is a list there is written as a list here.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mappings.codes import BASE, Codes
from mappings.elements import Element, children, codes_of, resource_types, subject_element
from mappings.expressions import is_expression
from mappings.fit import literal
from mappings.mistakes import Mistakes
from mappings.paths import Declared
from mappings.pipeline import Pipeline
from mappings.read import Block, Items, Node, Text
from mappings.state import Place
from mappings.tree import Constant, Field, Group, Listing, Repeat, Value
from mappings.tree import Node as Tree

# written by the gateway, which knows the source and the key
_GATEWAY_SETS = {"": ("id",), "meta": ("source", "tag", "lastUpdated", "versionId")}

# what these types are about: without it the rest says nothing
_ESSENTIAL = {"Identifier": "value", "ContactPoint": "value", "Quantity": "value", "Annotation": "text"}


class Shape:
    """Checks the template of one mapping."""

    def __init__(self, codes: Codes, mistakes: Mistakes) -> None:
        self.codes, self.mistakes = codes, mistakes
        self.pipeline = Pipeline(codes, mistakes)

    def resource(self, block: Block, resource_type: str, fields: Declared) -> Group:
        """The whole template of a resource."""
        written = block.get(Text("resourceType"))
        if written != resource_type:
            line = block.line_of("resourceType")
            problem = f"the fact is a {resource_type}, and this is '{written}'" if written else "is missing"
            self.mistakes.add(line, "resourceType", problem)
        subject = subject_element(resource_type)
        body = Block((k, v) for k, v in block.items() if k != "resourceType")
        body.line = block.line
        self._not_ours(body, "", (*_GATEWAY_SETS[""], *[subject] * bool(subject)))
        if isinstance(meta := block.get(Text("meta")), Block):
            self._not_ours(meta, "meta.", _GATEWAY_SETS["meta"])
        place = Place(resource_type, block.line, None, fields)
        made = self._fields(body, resource_type, place, besides=(subject,))
        constant = Field("resourceType", Constant(resource_type))
        return Group((constant, *made), resource_type, keeps=True)

    def _not_ours(self, block: Block, prefix: str, names: Iterable[str]) -> None:
        for key in block:
            if key in names:
                self.mistakes.add(key.line, prefix + key, "is set by the gateway, not by a mapping")

    # --- blocks ---

    def _fields(self, block: Block, inside: str, place: Place, besides: tuple[str, ...] = ()) -> list[Field]:
        known = children(inside)
        made: list[Field] = []
        chosen: dict[str, Text] = {}
        for key, node in block.items():
            element = self._element(key, inside, place)
            if element is None:
                continue
            if element.choice:
                self._form(key, element.choice, chosen, block, place)
            here = replace(place, name=f"{place.name}.{key}", line=_line(key, node), element=element)
            if (tree := self.node(node, here)) is not None:
                made.append(Field(str(key), tree, element.required, element.choice))
        self._required(block, known, place, (*chosen, *besides))
        return [replace(f, several=bool(f.choice) and _forms(made, f.choice) > 1) for f in made]

    def _form(self, key: Text, choice: str, chosen: dict[str, Text], block: Block, place: Place) -> None:
        """Of several forms the first with a value is taken, so only the last may be a literal."""
        earlier = chosen.get(choice)
        if earlier is not None and not has_expression(block[earlier]):
            self._mistake(key.line, place, key, f"is never taken: '{earlier}' always has a value")
        chosen[choice] = key

    def _element(self, key: Text, inside: str, place: Place) -> Element | None:
        known = children(inside)
        if key.startswith("_") and key[1:] in known and known[key[1:]].primitive:
            of_primitive = known[key[1:]]
            return Element("Element", "Element", of_primitive.many, required=False)
        if key not in known:
            self._mistake(key.line, place, key, f"{inside} has no element '{key}'", known)
        element = known.get(key)
        if element is not None and inside == "Reference" and place.element is not None:
            return replace(element, targets=place.element.targets)
        return element

    def _required(self, block: Block, known: dict[str, Element], place: Place, given: Iterable[str]) -> None:
        missing = {e.choice or name for name, e in known.items() if e.required} - {*block, *given}
        for name in sorted(missing - {""}):
            if f"_{name}" not in block:
                self._mistake(block.line, place, name, "is required, and the mapping does not write it")

    def _mistake(self, line: int, place: Place, key: str, problem: str, known: Iterable[str] = ()) -> None:
        self.mistakes.add(line, f"{place.name}.{key}", problem, key, known)

    # --- one element ---

    def node(self, node: Node, place: Place) -> Tree | None:
        """What is written for one element, which may have to be a list."""
        element = place.element
        assert element is not None
        if isinstance(node, Items):
            if not element.many:
                self.mistakes.add(place.line, place.name, "takes one, and this is a list")
                return None
            return self._listing(node, place)
        if isinstance(node, Block) and "for" in node:
            if not element.many:
                self.mistakes.add(place.line, place.name, "takes one, and `for` gives a list")
                return None
            return self._repeat(node, place)
        tree = self._single(node, place)
        many = tree.many if isinstance(tree, Value) else False
        if element.many and many is False and tree is not None:
            self.mistakes.add(place.line, place.name, "is a list: write it in [ ]")
        if not element.many and many:
            self.mistakes.add(
                place.line, place.name, "takes one, and this gives several: add `first` or `join`"
            )
        return tree

    def _single(self, node: Node, place: Place) -> Tree | None:
        if isinstance(node, Text):
            if is_expression(node):
                found = self.pipeline.value(node, place)
                return found[0] if found else None
            return self._literal(node, place)
        if isinstance(node, Block):
            return self._group(node, place)
        self.mistakes.add(place.line, place.name, "is a list in a list")
        return None

    def _listing(self, node: Items, place: Place) -> Tree | None:
        made: list[Tree] = []
        for item in node:
            here = replace(place, line=item.line)
            again = isinstance(item, Block) and "for" in item
            tree = self._repeat(item, here) if again and isinstance(item, Block) else self._single(item, here)
            if tree is not None:
                made.append(tree)
        if not node:
            self.mistakes.add(place.line, place.name, "is an empty list")
        constants = [item.value for item in made if isinstance(item, Constant)]
        return Constant(constants) if len(constants) == len(made) else Listing(tuple(made), place.name)

    def _repeat(self, node: Block, place: Place) -> Tree | None:
        for key in node:
            if key not in ("for", "each"):
                self.mistakes.add(key.line, place.name, f"'{key}' may not stand beside `for` and `each`")
        source, each = node.get(Text("for")), node.get(Text("each"))
        if not isinstance(source, Text) or each is None:
            self.mistakes.add(node.line, place.name, "`for` is a path, and `each` stands beside it")
            return None
        name = f"{place.name} for"
        found = self.pipeline.value(source, replace(place, name=name, line=source.line, element=None))
        if found is None:
            return None
        value, state = found
        fields = state.scope if state.scope is not None else Declared({"": state.kind})
        inner = replace(place, fields=fields, in_item=True, line=_line(None, each))
        tree = self._single(each, inner)
        return Repeat(value, tree, place.name) if tree is not None else None

    def _literal(self, node: Text, place: Place) -> Tree | None:
        element = place.element
        assert element is not None
        if not node.strip():
            self.mistakes.add(node.line, place.name, "is empty")
            return None
        if not element.primitive:
            self.mistakes.add(node.line, place.name, f"is a {element.type}: write a block")
            return None
        value = literal(node, replace(place, line=node.line), element, self.mistakes)
        return None if value is None else Constant(value)

    def _group(self, node: Block, place: Place) -> Tree | None:
        element = place.element
        assert element is not None
        inside = element.inside
        body = node
        if element.type == "Resource":
            inside = str(node.get(Text("resourceType"), ""))
            body = Block((k, v) for k, v in node.items() if k != "resourceType")
            body.line = node.line
        if element.primitive or not children(inside):
            problem = (
                f"is a {element.type}, not a block" if element.primitive else "has no resourceType of ours"
            )
            known = () if element.primitive else resource_types()
            self.mistakes.add(place.line, place.name, problem, inside, known)
            return None
        fields = self._fields(body, inside, replace(place, line=node.line))
        if element.type == "Resource":
            fields.insert(0, Field("resourceType", Constant(inside)))
        self._codings(fields, place, element)
        return _folded(tuple(fields), place.name, element)

    # --- codes written as literals ---

    def _codings(self, fields: list[Field], place: Place, element: Element) -> None:
        """Literal codes: of our code systems, and of required bindings."""
        written = {f.name: f.node for f in fields}
        if element.type == "CodeableConcept" and isinstance(
            coding := written.get("coding"), Constant | Listing
        ):
            items = coding.value if isinstance(coding, Constant) else coding.items
            for item in (
                items if len(items) == 1 else ()
            ):  # a required binding wants one of its codes, not all
                self._in_binding(item.value if isinstance(item, Constant) else item, place, element)
        if element.type == "Coding":
            pair = {n: node.value for n, node in written.items() if isinstance(node, Constant)}
            self._in_binding(pair, place, element)
            self._in_our_system(pair, place)

    def _in_binding(self, coding: Any, place: Place, element: Element) -> None:
        codes = codes_of(element.binding) if element.binding else None
        if codes is None or not isinstance(coding, dict) or not {"system", "code"} <= set(coding):
            return
        if coding["code"] not in codes.get(coding["system"], ()):
            known = codes.get(coding["system"]) or list(codes)
            wrong = coding["code"] if coding["system"] in codes else coding["system"]
            self.mistakes.add(place.line, place.name, f"'{wrong}' is not in {element.binding}", wrong, known)

    def _in_our_system(self, coding: dict[str, Any], place: Place) -> None:
        url, code = str(coding.get("system", "")), str(coding.get("code", ""))
        if not url.startswith(f"{BASE}/CodeSystem/"):
            return
        systems = {s.url: s for s in self.codes.systems.values()}
        if url not in systems:
            self.mistakes.add(place.line, place.name, f"'{url}' is not one of our code systems", url, systems)
        elif code and code not in systems[url].codes:
            problem = f"'{code}' is not in {systems[url].name}"
            self.mistakes.add(place.line, place.name, problem, code, systems[url].codes)


def _forms(fields: Iterable[Field], choice: str) -> int:
    return sum(f.choice == choice for f in fields)


def has_expression(node: Node) -> bool:
    """Does anything in it come from the record?"""
    if isinstance(node, Text):
        return is_expression(node)
    return any(has_expression(part) for part in (node.values() if isinstance(node, Block) else node))


def _line(key: Text | None, node: Node) -> int:
    return node.line if isinstance(node, Text) or key is None else key.line


def _folded(fields: tuple[Field, ...], name: str, element: Element) -> Tree:
    """A block of nothing but literals is itself a literal."""
    if all(isinstance(f.node, Constant) for f in fields):
        return Constant({f.name: f.node.value for f in fields if isinstance(f.node, Constant)})
    # a literal coding says what it is, and a literal profile what is claimed, whatever else has no value
    keeps = element.type in ("CodeableConcept", "Meta") and any(_has_constant(f) for f in fields)
    essential = _ESSENTIAL.get(element.type, "")
    written = any(f.name == essential and not isinstance(f.node, Constant) for f in fields)
    return Group(fields, name, keeps, essential if written else "")


def _has_constant(field: Field) -> bool:
    node = field.node
    parts = node.items if isinstance(node, Listing) else (node,)
    return field.name in ("coding", "text", "profile") and any(isinstance(p, Constant) for p in parts)
