"""The text of a generated function, written from a checked tree.

A value that can be empty is a variable that can be None; a block is a dict literal from which the empty
ones are deleted; each line knows the field and element that it is about.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mappings import paths
from mappings.mistakes import Unreadable
from mappings.references import Run
from mappings.tree import Constant, Field, Group, Listing, Node, Read, Repeat, Stage, Value, values


@dataclass(frozen=True, slots=True)
class Made:
    """An expression of Python; `live` is the condition under which it holds a record's value, "" if never."""

    code: str
    live: str = ""
    optional: bool = False  # it may be None
    many: bool | None = False


class Source:
    """Writes one function, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fields: dict[int, tuple[str, str]] = {}  # line -> field and element
        self.names: dict[str, Any] = {function.__name__: function for function in _CALLED}
        self._depth, self._count = 1, 0
        self._item, self._in_blocks = "record", True
        self._about = ("", "")

    # --- lines and names ---

    def add(self, line: str) -> None:
        self.lines.append("    " * self._depth + line)
        self.fields[len(self.lines) + 1] = self._about  # the `def` is line 1

    @contextmanager
    def indented(self, line: str) -> Iterator[None]:
        self.add(line)
        self._depth += 1
        yield
        self._depth -= 1

    def about(self, field: str, element: str) -> None:
        """The lines that follow are about this field and element."""
        self._about = (field, element)

    def new(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def named(self, name: str, value: Any) -> str:
        """The name of an object that cannot be written as a literal."""
        stem = "".join(c if c.isalnum() else "_" for c in name)
        numbered = (stem, *(f"{stem}_{i}" for i in range(2, 999)))
        return next(n for n in numbered if self.names.setdefault(n, value) is value)

    def literal(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{k!r}: {self.literal(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.literal, value)) + "]"
        if isinstance(value, Decimal) or not isinstance(value, str | int | tuple | None):
            return self.named(getattr(value, "name", type(value).__name__) + "_", value)
        return repr(str(value) if isinstance(value, str) else value)

    # --- the nodes of the tree ---

    def node(self, node: Node) -> Made:
        match node:
            case Constant():
                return Made(self.literal(node.value))
            case Value():
                name = self.value(node)
                return Made(name, f"{name} is not None", optional=True, many=node.many)
            case Group():
                return self.group(node)
            case Listing():
                return self.listing(node)
            case Repeat():
                return self.repeat(node)

    def group(self, node: Group) -> Made:
        made = self._choices([(field, self.node(field.node)) for field in node.fields])
        lives = [m.live for f, m in made if m.live and (not node.essential or f.name == node.essential)]
        name = self.new("block")
        self.about("", node.element)
        if node.keeps or not lives:
            self._block(name, node.element, made)
            return Made(name, " or ".join(lives))
        with self.indented(f"if {' or '.join(lives)}:"):
            # what decides alone whether the block is there has a value in it
            self._block(name, node.element, made, certain=lives[0] if len(lives) == 1 else "")
        self.add("else:")
        self.add(f"    {name} = None")
        return Made(name, f"{name} is not None", optional=True)

    def _choices(self, made: list[tuple[Field, Made]]) -> list[tuple[Field, Made]]:
        """Of several forms of a choice the first with a value stays; a required one must have one of them."""
        done: list[tuple[Field, Made]] = []
        for field, value in made:
            earlier = [m.code for f, m in done if field.choice and f.choice == field.choice]
            if not earlier:
                done.append((field, value))
                continue
            name = self.new("form")
            self.add(f"{name} = {value.code} if {' is None and '.join(earlier)} is None else None")
            live = f"{name} is not None" if value.live else ""
            done.append((field, Made(name, live, optional=True)))
        return done

    def _block(self, name: str, element: str, made: list[tuple[Field, Made]], certain: str = "") -> None:
        for field, codes in _required(made):
            self.about(_field_of(field.node), f"{element}.{field.name}")
            self.add(f"if {' is None and '.join(codes)} is None: required()")
        body = ", ".join(f"{field.name!r}: {value.code}" for field, value in made)
        self.add(f"{name} = {{{body}}}")
        for field, value in made:
            needed = field.required and not field.several
            if value.optional and not needed and f"{value.code} is not None" != certain:
                self.add(f"if {value.code} is None: del {name}[{field.name!r}]")

    def listing(self, node: Listing) -> Made:
        made = [self.node(item) for item in node.items]
        live = " or ".join(m.live for m in made if m.live)
        name, optional = self.new("list"), all(m.optional for m in made)
        self.about("", node.element)
        if any(m.many is not False for m in made):
            self.add(f"{name} = []")
            for m in made:
                self._append(name, m)
            if optional:
                self.add(f"{name} = {name} or None")
        elif len(made) == 1:
            self.add(f"{name} = [{made[0].code}] if {live} else None")
        else:
            codes = ", ".join(m.code for m in made)
            self.add(f"{name} = [x for x in ({codes}) if x is not None]" + " or None" * optional)
        return Made(name, f"{name} is not None" if optional else f"({live})", optional)

    def _append(self, name: str, made: Made) -> None:
        if made.many is None:
            self.add(f"{name}.extend(items({made.code}))")
        elif made.optional:
            self.add(f"if {made.code} is not None: {name}.{'extend' if made.many else 'append'}({made.code})")
        else:
            self.add(f"{name}.append({made.code})")

    def repeat(self, node: Repeat) -> Made:
        source = self.value(node.source)
        name, item, outer = self.new("list"), self.new("item"), (self._item, self._in_blocks)
        self.add(f"{name} = []")
        whole = any(not read.steps for v in values(node.each) for read in v.reads())
        with self.indented(f"for {item} in {'items' if whole else 'blocks'}({source}):"):
            self._item, self._in_blocks = item, not whole
            self._append(name, self.node(node.each))
            self._item, self._in_blocks = outer
        self.add(f"{name} = {name} or None")
        return Made(name, f"{name} is not None", optional=True, many=True)

    # --- values ---

    def value(self, value: Value) -> str:
        """Writes the lines that compute it; the name of the variable."""
        name, stages = self.new("v"), list(value.stages)
        self.about(value.read.field, value.element)
        wants_text = bool(stages) and value.read.many is False and stages[0].many is False
        wants_text = wants_text and (stages[0].takes == "text" or stages[0].call is paths.as_text)
        self.add(f"{name} = {self.read(value.read, as_text=wants_text)}")
        if wants_text and stages[0].call is paths.as_text:
            stages.pop(0)
        is_text = wants_text
        for stage in stages:
            self._stage(name, stage, is_text)
            is_text = stage.written
        return name

    def read(self, read: Read, as_text: bool = False) -> str:
        base = "record" if read.from_record else self._item
        wrap = "text" if as_text else "clean"
        if any(many for _, many in read.steps):
            return f"every({base}, {read.steps!r})"
        if not read.steps:
            return f"{wrap}({base})"
        if len(read.steps) == 1 and (base == "record" or self._in_blocks):
            return f"{wrap}({base}.get({read.steps[0][0]!r}))"
        found = f"one({base}, {tuple(step for step, _ in read.steps)!r})"
        return f"text({found})" if as_text else found

    def _stage(self, name: str, stage: Stage, is_text: bool) -> None:
        if stage.run or stage.attempt:
            self.add(f"run.field = {self._about[0]!r}")
        code = self._called(name, stage, is_text)
        if stage.attempt:
            code = f"attempt(run, lambda: {code})"
        self.add(f"{name} = {code}" if stage.absent else f"if {name} is not None: {name} = {code}")

    def _called(self, name: str, stage: Stage, is_text: bool) -> str:
        function = self.named(stage.call.__name__, stage.call)
        arguments = [self.read(a) if isinstance(a, Read) else self.literal(a) for a in stage.arguments]

        def call(argument: str) -> str:
            wanted = f"as_text({argument})" if stage.takes == "text" and not is_text else argument
            return f"{function}({', '.join(['run'] * stage.run + [wanted, *arguments])})"

        nothing = " or None" * stage.texts
        if stage.many is None:
            return f"each(lambda x: {call('x')}, {name}){nothing}"
        if stage.many and stage.flat:
            return f"[y for x in {name} for y in {call('x')} or ()] or None"
        if stage.many:
            return f"[y for x in {name} if (y := {call('x')}{nothing}) is not None] or None"
        return call(name) + nothing


def _required(made: list[tuple[Field, Made]]) -> Iterator[tuple[Field, list[str]]]:
    """Each required element that may be empty, with the variables of which one must have a value."""
    forms: dict[str, list[tuple[Field, Made]]] = {}
    for field, value in made:
        if field.required:
            forms.setdefault(field.choice or field.name, []).append((field, value))
    for group in forms.values():
        if all(value.optional for _, value in group) and not any(_is_last_resort(f) for f, _ in group):
            yield group[0][0], [value.code for _, value in group]


def _is_last_resort(field: Field) -> bool:
    """A literal form of a choice, which is taken if the others have no value."""
    return isinstance(field.node, Constant)


def _field_of(node: Node) -> str:
    """The first field that an element depends on, to name it when the element has no value."""
    return next((value.read.field for value in values(node)), "")


# --- what generated code calls besides functions of mappings ---


def each(call: Callable[[Any], Any], value: Any) -> Any:
    """The function on a value, or on each item if it turns out to be a list."""
    if not isinstance(value, list):
        return call(value)
    made = [y for x in value if (y := call(x)) is not None]
    flat = [z for y in made for z in (y if isinstance(y, list) else [y])]
    return flat or None


def attempt(run: Run, call: Callable[[], Any]) -> Any:
    """What the function gives, or nothing, with a note, if it cannot read its value."""
    try:
        return call()
    except Unreadable as error:
        run.note(str(error))
        return None


def required() -> None:
    raise Unreadable("no value for a required element")


_CALLED: tuple[Callable[..., Any], ...] = (
    paths.one, paths.every, paths.items, paths.blocks, paths.clean, paths.text, paths.as_text,
    each, attempt, required,
)  # fmt: skip
