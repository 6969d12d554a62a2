"""A checked mapping as one function from a record to its resource.

The text of the function is written by mappings/source.py and run once, at start; `python -m mappings show
NAME` prints it. An Unreadable that leaves it becomes an Unmappable that names the field of the line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from mappings.mapping import Made, Make
from mappings.mistakes import Unmappable, Unreadable
from mappings.references import Context, Run
from mappings.source import Source
from mappings.tree import Group, Value

Body = Callable[[Mapping[str, Any], Run], tuple[str, dict[str, Any]] | None]


@dataclass(frozen=True)
class Template:
    """What one mapping file says, checked. `subject` is the element for the child ("" if there is none)."""

    name: str
    fact: str
    resource_type: str
    key: Value
    only: tuple[Value, ...]
    resource: Group | Value
    subject: str = ""
    subject_required: bool = False


def compile_template(template: Template) -> tuple[Make, str]:
    """The function, and its text."""
    source = Source()
    for value in template.only:
        name = source.value(value)
        source.add(f"if {name} is None or {name} is False: return None")
    key = source.value(template.key)
    source.add(f"if {key} is None: required()")
    if isinstance(template.resource, Group):
        made = source.group(template.resource).code
        _subject(source, template, made)
    else:
        made = source.value(template.resource)
        source.add(
            f"if {made} is None or {made}.get('resourceType') != {template.resource_type!r}: another_type()"
        )
        source.add(f"{made} = dict({made})")
    source.add(f"return {key}, {made}")
    text = "\n".join(["def body(record, run):", *source.lines])
    world = source.names | {"another_type": _another_type}
    exec(compile(text, f"<mapping {template.name}>", "exec"), world)
    return _make(template, world["body"], source.fields), text


def _subject(source: Source, template: Template, made: str) -> None:
    if not template.subject:
        return
    source.about("", f"{template.resource_type}.{template.subject}")
    with source.indented("if run.context.subject is not None:"):
        source.add(f"{made}[{template.subject!r}] = dict(run.context.subject)")
    if template.subject_required:
        source.add("else: required()")


def _another_type() -> None:
    raise Unreadable("not a resource of this mapping's type")


def _make(template: Template, body: Body, fields: Mapping[int, tuple[str, str]]) -> Make:
    fact, resource_type = template.fact, template.resource_type

    def make(record: Mapping[str, Any], context: Context) -> Made | None:
        run = Run(context)
        try:
            found = body(record, run)
        except Unreadable as error:
            field, element = fields[_line(error.__traceback__)]
            # not chained: what an Unreadable was raised from may hold content
            raise Unmappable(field or element, str(error), element) from None
        if found is None:
            return None
        return Made(found[0], fact, found[1], resource_type, tuple(run.notes))

    return make


def _line(traceback: TracebackType | None) -> int:
    """The line of the generated function, which is the second frame."""
    assert traceback is not None and traceback.tb_next is not None
    return traceback.tb_next.tb_lineno
