"""Functions of mappings about lists, blocks and other fields of the record.

Listed in mappings/functions.py; "a value or a list" is what most of them get.
"""

import json as json_
from decimal import Decimal
from typing import Any

from mappings.mistakes import Unreadable
from mappings.paths import Steps, as_text, clean, every, items

_DECODER = json_.JSONDecoder(parse_float=Decimal)


def words(value: str) -> list[str]:
    """The words of a text."""
    return value.split()


def split(value: str, separator: str) -> list[str]:
    """The parts of a text between separators, without empty ones."""
    return [part for piece in value.split(separator) if (part := piece.strip())]


def join(value: Any, separator: str = " ") -> str:
    """The items of a list as one text."""
    return separator.join(as_text(v) for v in items(value))


def first(value: Any) -> Any:
    """The first item of a list."""
    return value[0] if isinstance(value, list) else value


def last(value: Any) -> Any:
    """The last item of a list."""
    return value[-1] if isinstance(value, list) else value


def rest(value: Any) -> Any:
    """All items but the first."""
    return (value[1:] or None) if isinstance(value, list) else None


def unique(value: Any) -> list[Any]:
    """Each item once, in the order of its first appearance."""
    found: list[Any] = []
    for item in items(value):
        if item not in found:
            found.append(item)
    return found


def count(value: Any) -> int:
    """How many items there are; 0 if there are none."""
    return len(items(value))


def where(value: Any, key: Steps, *texts: str) -> list[Any] | None:
    """The blocks of a list whose key is one of the texts."""
    return [item for item in items(value) if _has(item, key, texts)] or None


def where_not(value: Any, key: Steps, *texts: str) -> list[Any] | None:
    """The blocks of a list whose key is none of the texts."""
    return [item for item in items(value) if not _has(item, key, texts)] or None


def _has(item: Any, key: Steps, texts: tuple[str, ...]) -> bool:
    found = every(item, key)
    return found is not None and any(as_text(v) in texts for v in found)


def get(value: Any, key: Steps) -> Any:
    """The value at a path below a block."""
    found = every(value, key)
    many = any(is_list for _, is_list in key)
    return found if many or found is None else clean(found[0])


def values(value: Any, *keys: Steps) -> list[str]:
    """The values of a block at these paths, in this order, those that there are."""
    return [as_text(v) for key in keys for v in every(value, key) or ()]


def or_(value: Any, *others: Any) -> Any:
    """The first of these that has a value."""
    return next((v for v in (value, *others) if v is not None), None)


def with_(value: Any, *others: Any) -> list[Any]:
    """This and the others that have a value, as one list."""
    return [item for v in (value, *others) for item in items(v)]


def json(value: Any, key: Steps = ()) -> Any:
    """What a text column that holds JSON says, at a path in it; what is JSON already is taken as it is."""
    if isinstance(value, str):
        try:
            value = _DECODER.decode(value)
        except (json_.JSONDecodeError, RecursionError):
            raise Unreadable("not JSON") from None
    return clean(get(value, key) if key else value)


def flags(value: Any) -> list[str]:
    """The names of a block whose values say yes."""
    if not isinstance(value, dict):
        raise Unreadable("not a block of flags")
    return [
        name for name, says in value.items() if as_text(says).strip().upper() in ("Y", "YES", "TRUE", "1")
    ]
