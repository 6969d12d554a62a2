"""The check of all mappings at start: every mistake of every file, or the compiled mappings.

What it finds is listed in openapi/mappings.md, "What the check finds".
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable

from mappings.code_files import read_codes
from mappings.codes import Codes
from mappings.compile import Template, compile_template
from mappings.elements import children, subject_element
from mappings.fit import SINGLE, converter
from mappings.mapping import Mapping_, Row
from mappings.mistakes import MappingMistakes, Mistake, Mistakes
from mappings.paths import Declared
from mappings.pipeline import Pipeline
from mappings.read import Block, Items, Node, Text, read
from mappings.shape import Shape
from mappings.state import Place
from mappings.tree import Group, Value, fields, values

OURS: Traversable = files("mappings")
_LINES = ("system", "kind", "fact", "key", "only", "resource")
_NOT_SYSTEMS = ("codes", "r4", "__pycache__")

Fields = Mapping[str, Mapping[str, Mapping[str, str]]]


def compile_all(folders: Iterable[Traversable], declared: Fields) -> tuple[Mapping_, ...]:
    """Every mapping of the folders (ours is `OURS`), for the declared fields of system and kind.

    Raises MappingMistakes with all mistakes of all files.
    """
    places = list(folders)
    codes, mistakes = read_codes(_code_files(places))
    facts = _facts(places)
    made: list[Mapping_] = []
    for name, file in _mapping_files(places):
        checked = _File(name, Mistakes(name), codes, facts, declared)
        mapping = checked.compiled(file)
        mistakes += checked.mistakes.found
        if mapping is not None:
            made.append(mapping)
    if mistakes:
        raise MappingMistakes(mistakes)
    return tuple(made)


def compile_file(file: Traversable, declared: Fields, folders: Iterable[Traversable] = (OURS,)) -> Mapping_:
    """One mapping file, with the code files of the folders; raises MappingMistakes."""
    places = list(folders)
    codes, mistakes = read_codes(_code_files(places))
    checked = _File(file.name, Mistakes(file.name), codes, _facts(places), declared)
    mapping = checked.compiled(file)
    if mapping is None or mistakes:
        raise MappingMistakes([*mistakes, *checked.mistakes.found])
    return mapping


def _code_files(folders: Iterable[Traversable]) -> Iterator[tuple[str, Traversable]]:
    for folder in folders:
        if (codes := folder / "codes").is_dir():
            yield from ((f"codes/{f.name}", f) for f in _yaml(codes))


def _mapping_files(folders: Iterable[Traversable]) -> Iterator[tuple[str, Traversable]]:
    for folder in folders:
        for system in sorted(folder.iterdir(), key=lambda f: f.name):
            if system.is_dir() and system.name not in _NOT_SYSTEMS:
                yield from ((f"{system.name}/{f.name}", f) for f in _yaml(system))


def _yaml(folder: Traversable) -> list[Traversable]:
    return sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)


def _facts(folders: Iterable[Traversable]) -> dict[str, str]:
    """Each fact with its resource type, from our model.toml and those of the folders."""
    found: dict[str, str] = {}
    for folder in (OURS, *folders):
        model = folder / "model.toml"
        if model.is_file():
            facts = tomllib.loads(model.read_text(encoding="utf-8"))["facts"]
            found |= {name: str(body["type"]) for name, body in facts.items()}
    return found


class _File:
    """One mapping file while it is checked."""

    def __init__(
        self, name: str, mistakes: Mistakes, codes: Codes, facts: Mapping[str, str], declared: Fields
    ) -> None:
        self.name, self.mistakes, self.codes = name, mistakes, codes
        self.facts, self.declared = facts, declared
        self.pipeline = Pipeline(codes, mistakes)

    def compiled(self, file: Traversable) -> Mapping_ | None:
        block = read(file, self.mistakes)
        if block is None or not self._has_its_lines(block):
            return None
        fields = self._fields(block)
        resource_type = self._resource_type(block)
        if fields is None or resource_type is None:
            return None
        template = self._template(block, fields, resource_type)
        if template is None or self.mistakes.found:
            return None
        return _mapping(template, self._text(block, "system"), self._text(block, "kind"))

    def _text(self, block: Block, key: str) -> Text:
        found = block.get(Text(key))
        return found if isinstance(found, Text) else Text("")

    def _has_its_lines(self, block: Block) -> bool:
        for key in block:
            if key not in _LINES:
                self.mistakes.add(key.line, key, "is not a line of a mapping", key, _LINES)
        missing = [line for line in _LINES if line != "only" and not block.get(Text(line))]
        for line in missing:
            self.mistakes.add(block.line, line, "is missing")
        return not missing

    def _fields(self, block: Block) -> Declared | None:
        system, kind = self._text(block, "system"), self._text(block, "kind")
        if system not in self.declared:
            line = block.line_of("system")
            self.mistakes.add(line, "system", f"there is no system '{system}'", system, self.declared)
            return None
        if kind not in self.declared[system]:
            line, known = block.line_of("kind"), self.declared[system]
            self.mistakes.add(line, "kind", f"'{system}' has no kind '{kind}'", kind, known)
            return None
        return Declared(self.declared[system][kind])

    def _resource_type(self, block: Block) -> str | None:
        fact = self._text(block, "fact")
        if fact not in self.facts:
            self.mistakes.add(block.line_of("fact"), "fact", f"there is no fact '{fact}'", fact, self.facts)
        return self.facts.get(fact)

    def _template(self, block: Block, fields: Declared, resource_type: str) -> Template | None:
        key = self._line("key", block[Text("key")], fields)
        only = block.get(Text("only"), Items())
        conditions = [
            self._line("only", node, fields) for node in (only if isinstance(only, Items) else [only])
        ]
        resource = self._resource(block[Text("resource")], fields, resource_type)
        if key is None or resource is None or None in conditions:
            return None
        one = () if key.many is False else (SINGLE,)
        key = replace(key, stages=(*key.stages, *one, converter("string", many=False)))
        subject = subject_element(resource_type) if isinstance(resource, Group) else ""
        return Template(
            name=self.name.removesuffix(".yaml"),
            fact=str(self._text(block, "fact")),
            resource_type=resource_type,
            key=key,
            only=tuple(c for c in conditions if c is not None),
            resource=resource,
            subject=subject,
            subject_required=bool(subject) and children(resource_type)[subject].required,
        )

    def _line(self, name: str, node: Node, fields: Declared) -> Value | None:
        """`key` or one condition of `only`."""
        if not isinstance(node, Text) or not node.startswith("="):
            self.mistakes.add(node.line, name, "is an expression that starts with '='")
            return None
        found = self.pipeline.value(node, Place(name, node.line, None, fields))
        return found[0] if found else None

    def _resource(self, node: Node, fields: Declared, resource_type: str) -> Group | Value | None:
        if isinstance(node, Block):
            return Shape(self.codes, self.mistakes).resource(node, resource_type, fields)
        value = self._line("resource", node, fields)
        if value is not None and value.stages:
            self.mistakes.add(node.line, "resource", "a record that passes unchanged passes no function")
        return value


def _mapping(template: Template, system: str, kind: str) -> Mapping_:
    make, source = compile_template(template)
    tree = [template.key, *template.only, template.resource]
    found = [value for node in tree for value in values(node)]
    return Mapping_(
        name=template.name,
        system=str(system),
        kind=str(kind),
        fact=template.fact,
        resource_type=template.resource_type,
        paths=frozenset(name for node in tree for name in fields(node)),
        make=make,
        rows=tuple(Row(read.field, v.element, v.text) for v in found for read in v.reads()),
        source=source,
        passing=isinstance(template.resource, Value),
    )


def all_mistakes(folders: Iterable[Traversable], declared: Fields) -> tuple[Mistake, ...]:
    """The mistakes that compile_all would raise, for `mapping check`."""
    try:
        compile_all(folders, declared)
    except MappingMistakes as error:
        return error.mistakes
    return ()
