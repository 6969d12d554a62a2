"""One of each: resources that differ only in ids, times, numbers and words get one verdict.

The schema of R4, which looks at every one, is what says how ids, times and numbers are written.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

# what a profile, a binding or an invariant may look at
_TELLING = frozenset(
    "resourceType url system code display version status intent mode use type profile gender "
    "valueCode action outcome severity unit comparator language priority kind".split()
)


def one_of_each(resources: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first resource of each shape."""
    found: dict[str, Mapping[str, Any]] = {}
    for resource in resources:
        found.setdefault(json.dumps(shape(resource), sort_keys=True), resource)
    return list(found.values())


def shape(value: Any, name: str = "") -> Any:
    """The value with the telling texts kept; of the elements of a list, one of each shape."""
    if isinstance(value, Mapping):
        return {inner: shape(one, inner) for inner, one in value.items()}
    if isinstance(value, list):
        shapes = {json.dumps(shape(one, name), sort_keys=True) for one in value}
        return [*sorted(shapes), len(value) > 1]
    if name == "reference" and isinstance(value, str):
        return value.partition("/")[0]
    return value if name in _TELLING and isinstance(value, str) else type(value).__name__
