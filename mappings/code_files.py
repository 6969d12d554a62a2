"""Reads mappings/codes/*.yaml into ConceptMaps and CodeSystems; notes every mistake with its line.

The form of the files is in openapi/mappings.md, "Codes".
"""

from collections.abc import Iterable
from importlib.resources.abc import Traversable

from mappings.codes import BASE, Codes, CodeSystem, Coding, ConceptMap, Target
from mappings.mistakes import Mistake, Mistakes
from mappings.read import Block, Items, Node, Text, read

_MAP_LINES = ("title", "source", "target", "unmapped", "ignore-case", "same-as", "codes")
_SYSTEM_LINES = ("title", "url", "codes")
_CODING_LINES = ("system", "code", "display", "equivalence", "text")
_EQUIVALENCES = (
    "equivalent",
    "equal",
    "wider",
    "narrower",
    "inexact",
    "relatedto",
    "subsumes",
    "specializes",
)


def read_codes(files: Iterable[tuple[str, Traversable]]) -> tuple[Codes, list[Mistake]]:
    """All maps and systems of the named files."""
    opened = [(mistakes := Mistakes(name), read(file, mistakes)) for name, file in files]
    systems: dict[str, CodeSystem] = {}
    maps: dict[str, ConceptMap] = {}
    for mistakes, block in opened:
        for key in block or ():
            if key not in ("maps", "systems"):
                mistakes.add(key.line, key, "is neither 'maps' nor 'systems'", key, ("maps", "systems"))
        for name, body in _named(block, "systems", systems, mistakes):
            systems[name] = _system(name, body, mistakes)
    for mistakes, block in opened:
        for name, body in _named(block, "maps", maps, mistakes):
            maps[name] = _Reader(name, body, systems, mistakes).concept_map()
    return Codes(maps, systems), [m for mistakes, _ in opened for m in mistakes.found]


def _named(
    block: Block | None, part: str, known: Iterable[str], mistakes: Mistakes
) -> list[tuple[str, Block]]:
    bodies = block.get(Text(part)) if block is not None else None
    if not isinstance(bodies, Block):
        return []
    for name, body in bodies.items():
        if name in known:
            mistakes.add(name.line, name, "the name is given twice")
        if not isinstance(body, Block):
            mistakes.add(name.line, name, "is not a block")
    return [(name, body) for name, body in bodies.items() if isinstance(body, Block)]


def _line(block: Block, key: str) -> str:
    value = block.get(Text(key), "")
    return str(value) if isinstance(value, str) else ""


def _only_known(name: str, block: Block, known: tuple[str, ...], mistakes: Mistakes) -> None:
    for key in block:
        if key not in known:
            mistakes.add(key.line, name, f"'{key}' is not a line of it", key, known)


def _system(name: str, body: Block, mistakes: Mistakes) -> CodeSystem:
    _only_known(name, body, _SYSTEM_LINES, mistakes)
    for needed in ("title", "codes"):
        if not body.get(Text(needed)):
            mistakes.add(body.line, name, f"the line '{needed}' is missing")
    codes = body.get(Text("codes"))
    displays = (
        {str(k): str(v) for k, v in codes.items() if isinstance(v, Text)} if isinstance(codes, Block) else {}
    )
    url = _line(body, "url") or f"{BASE}/CodeSystem/{name}"
    return CodeSystem(name, _line(body, "title"), url, displays)


class _Reader:
    """Reads one ConceptMap."""

    def __init__(self, name: str, body: Block, systems: dict[str, CodeSystem], mistakes: Mistakes) -> None:
        self.name, self.body, self.systems, self.mistakes = name, body, systems, mistakes
        self.by_url = {s.url: s for s in systems.values()}
        self.default = _line(body, "target")

    def concept_map(self) -> ConceptMap:
        _only_known(self.name, self.body, _MAP_LINES, self.mistakes)
        if not _line(self.body, "title"):
            self.mistakes.add(self.body.line, self.name, "the line 'title' is missing")
        ignore_case = _line(self.body, "ignore-case") == "true"
        codes = self._same_as() | self._codes()
        return ConceptMap(
            name=self.name,
            title=_line(self.body, "title"),
            codes={k.casefold(): v for k, v in codes.items()} if ignore_case else codes,
            unmapped=self._unmapped(),
            source=_line(self.body, "source"),
            target=self.default,
            ignore_case=ignore_case,
        )

    def _same_as(self) -> dict[str, Target]:
        name = _line(self.body, "same-as")
        if name and name not in self.systems:
            line = self.body.line_of("same-as")
            self.mistakes.add(line, self.name, f"there is no code system '{name}'", name, self.systems)
        if name not in self.systems:
            return {}
        system = self.systems[name]
        self.default = self.default or system.url
        return {c: Target((Coding(system.url, c, d),)) for c, d in system.codes.items()}

    def _codes(self) -> dict[str, Target]:
        codes = self.body.get(Text("codes"), Block())
        if not isinstance(codes, Block) or not (codes or "same-as" in self.body):
            self.mistakes.add(self.body.line_of("codes"), self.name, "has no codes")
            return {}
        return {str(k): self._target(k, v) for k, v in codes.items()}

    def _target(self, key: Text, node: Node) -> Target:
        if isinstance(node, Text) and node == "nothing":
            return Target()
        if isinstance(node, Block) and Text("code") not in node and _line(node, "text"):
            return Target(text=_line(node, "text"))
        parts = list(node) if isinstance(node, Items) else [node]
        texts = [text for part in parts if isinstance(part, Block) and (text := _line(part, "text"))]
        return Target(tuple(self._coding(key, part) for part in parts), texts[0] if texts else "")

    def _coding(self, key: Text, node: Node) -> Coding:
        if isinstance(node, Block):
            _only_known(self.name, node, _CODING_LINES, self.mistakes)
        system = (_line(node, "system") if isinstance(node, Block) else "") or self.default
        code = _line(node, "code") if isinstance(node, Block) else str(node) if isinstance(node, Text) else ""
        if not code or not system:
            self.mistakes.add(key.line, self.name, f"'{key}' has no {'system' if code else 'code'}")
        return self._checked(
            key, Coding(system, code, self._display(system, code, node), self._equivalence(node))
        )

    def _display(self, system: str, code: str, node: Node) -> str:
        own = _line(node, "display") if isinstance(node, Block) else ""
        known = self.by_url[system].codes.get(code, "") if system in self.by_url else ""
        return own or known

    def _equivalence(self, node: Node) -> str:
        word = (_line(node, "equivalence") if isinstance(node, Block) else "") or "equivalent"
        if word not in _EQUIVALENCES:
            self.mistakes.add(node.line, self.name, f"'{word}' is not an equivalence", word, _EQUIVALENCES)
        return word

    def _checked(self, key: Text, coding: Coding) -> Coding:
        """A code of one of our own systems must be listed there."""
        system = self.by_url.get(coding.system)
        if coding.system.startswith(BASE) and (system is None or coding.code not in system.codes):
            known = system.codes if system else self.by_url
            wrong = coding.code if system else coding.system
            problem = f"'{key}': '{wrong}' is not " + (
                f"in {system.name}" if system else "one of our code systems"
            )
            self.mistakes.add(key.line, self.name, problem, wrong, known)
        return coding

    def _unmapped(self) -> str | Coding:
        rule = self.body.get(Text("unmapped"))
        if isinstance(rule, Block):
            return self._coding(_unmapped_key(rule), rule)
        if rule not in ("error", "text-only"):
            line = self.body.line_of("unmapped")
            self.mistakes.add(line, self.name, "unmapped is 'error', 'text-only' or a fixed {code: ...}")
        return str(rule)


def _unmapped_key(block: Block) -> Text:
    key = Text("unmapped")
    key.line = block.line
    return key
