"""The functions that mappings may name: one line each.

A new one is written in the module of its family, gets its line here and a test in
tests/mappings/test_functions.py. Its docstring is its documentation (`gateway mapping functions`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mappings import codes, conditions, dates, identifiers, lists, numbers, references, texts


@dataclass(frozen=True, slots=True)
class Function:
    """A function with what it wants and gives.

    `arguments` spells its arguments: TEXT, NUMBER, MAP (a ConceptMap), TYPE (a resource type), KEY (a
    path below the value), PATH (another field), `[X]` if it may be left out, `X...` for one or more;
    `outcomes` are the positions of arguments that may be its result, so that they can be checked at
    start. `takes`: text (each item, as text), item (each item as it is) or all (the whole value).
    `gives`: a FHIR primitive type, same (what it got), list (several texts), any, or concept and
    reference, which take the form that the element needs. `absent`: it is asked about absent values
    too. `run`: its first argument is the Run, to note something or to ask the context.
    """

    name: str
    call: Callable[..., Any]
    arguments: str = ""
    takes: str = "text"
    gives: str = "string"
    absent: bool = False
    run: bool = False
    outcomes: tuple[int, ...] = ()
    one: bool = False

    @property
    def meaning(self) -> str:
        return (self.call.__doc__ or "").splitlines()[0]


def _all(
    name: str, call: Callable[..., Any], arguments: str = "", gives: str = "any", one: bool = False
) -> Function:
    return Function(name, call, arguments, takes="all", gives=gives, one=one)


def _asks(name: str, call: Callable[..., Any], arguments: str = "") -> Function:
    """A condition about the whole value, absent or not."""
    return Function(name, call, arguments, takes="all", gives="boolean", absent=True, one=True)


def _answers(name: str, call: Callable[..., Any], arguments: str, outcomes: tuple[int, ...]) -> Function:
    """It gives one of its own arguments."""
    return Function(name, call, arguments, "all", "string", absent=True, outcomes=outcomes, one=True)


_LISTS = (
    Function("words", lists.words, gives="list"),
    Function("split", lists.split, "TEXT", gives="list"),
    _all("join", lists.join, "[TEXT]", "string", one=True),
    _all("first", lists.first, gives="same", one=True),
    _all("last", lists.last, gives="same", one=True),
    _all("rest", lists.rest, gives="same"),
    _all("unique", lists.unique, gives="same"),
    Function("count", lists.count, takes="all", gives="integer", absent=True, one=True),
    _all("where", lists.where, "KEY TEXT...", "same"),
    _all("where-not", lists.where_not, "KEY TEXT...", "same"),
    Function("get", lists.get, "KEY", takes="item", gives="any"),
    Function("values", lists.values, "KEY...", takes="item", gives="list"),
    Function("or", lists.or_, "PATH...", takes="all", gives="same", absent=True),
    Function("with", lists.with_, "PATH...", takes="all", gives="list", absent=True),
    Function("json", lists.json, "[KEY]", takes="item", gives="any"),
    Function("flags", lists.flags, takes="item", gives="list"),
)

_CONDITIONS = (
    _asks("equals", conditions.equals, "TEXT"),
    _asks("not-equals", conditions.not_equals, "TEXT"),
    _asks("differs-from", conditions.differs_from, "PATH"),
    _asks("one-of", conditions.one_of, "TEXT..."),
    _asks("not-one-of", conditions.not_one_of, "TEXT..."),
    _asks("present", conditions.present),
    _asks("absent", conditions.absent),
    Function("contains", conditions.contains, "TEXT", gives="boolean"),
    Function("starts-with", conditions.starts_with, "TEXT", gives="boolean"),
    Function("at-least", conditions.at_least, "NUMBER", "item", "boolean"),
    Function("at-most", conditions.at_most, "NUMBER", "item", "boolean"),
    Function("yes-no", conditions.yes_no, takes="item", gives="boolean"),
    Function("not", conditions.not_, takes="boolean", gives="boolean"),
    Function("then", conditions.then, "TEXT [TEXT]", "boolean", outcomes=(0, 1)),
    _answers("absent-then", conditions.absent_then, "TEXT [TEXT]", (0, 1)),
    _answers("present-then", conditions.present_then, "TEXT [TEXT]", (0, 1)),
    _answers("equals-then", conditions.equals_then, "TEXT TEXT [TEXT]", (1, 2)),
    Function("keep", conditions.keep, "TEXT...", outcomes=tuple(range(99))),
    Function("drop", conditions.drop, "TEXT..."),
    Function("else", conditions.else_, "TEXT", takes="all", gives="same", absent=True),
)

_TEXTS = (
    Function("prefix", texts.prefix, "TEXT"),
    Function("suffix", texts.suffix, "TEXT"),
    Function("uri-prefix", texts.uri_prefix, "TEXT"),
    Function("upper", texts.upper),
    Function("lower", texts.lower),
    Function("capitals", texts.capitals),
    Function("slice", texts.slice_, "INTEGER [INTEGER]"),
    Function("before", texts.before, "TEXT"),
    Function("after", texts.after, "TEXT"),
    Function("replace", texts.replace, "TEXT TEXT"),
    Function("remove", texts.remove, "TEXT..."),
    Function("digits", texts.digits),
    Function("xhtml", texts.xhtml, gives="xhtml"),
    Function("postcode", texts.postcode),
    _all("format", texts.format_, "TEXT", "string", one=True),
)

_VALUES = (
    Function("number", numbers.decimal, takes="item", gives="decimal"),
    Function("decimal", numbers.decimal, takes="item", gives="decimal"),
    Function("integer", numbers.integer, takes="item", gives="integer"),
    Function("percent-of", numbers.percent_of, "PATH", "item", "decimal"),
    Function("date", dates.date, gives="date"),
    Function("uk-date", dates.uk_date, gives="date"),
    Function("compact-date", dates.compact_date, gives="date"),
    Function("datetime", dates.datetime, gives="dateTime", run=True),
    Function("uk-datetime", dates.uk_datetime, gives="dateTime", run=True),
    Function("compact-datetime", dates.compact_datetime, gives="dateTime", run=True),
    Function("instant", dates.instant, gives="instant", run=True),
    Function("time", dates.time, gives="time"),
    Function("nhs-number", identifiers.nhs_number, run=True),
    Function("upn", identifiers.upn, run=True),
)

_MEANINGS = (
    Function("code", codes.code, "MAP", gives="concept", run=True),
    Function("display", codes.display, "MAP", run=True),
    Function("in-map", codes.in_map, "MAP", gives="boolean"),
    Function("known", codes.known, "MAP"),
    Function("ref", references.ref, "[TYPE]", gives="reference", run=True),
    Function("subject", references.subject, takes="all", gives="reference", absent=True, run=True, one=True),
)

FUNCTIONS = {f.name: f for f in (*_LISTS, *_CONDITIONS, *_TEXTS, *_VALUES, *_MEANINGS)}
