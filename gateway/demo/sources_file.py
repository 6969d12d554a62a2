"""sources.toml of the running demo: northshire.toml with the address of each agency that was started.

The file's form is described in the README, "Connect an agency".
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_HEADER = "# Written by the demo at each start; the agencies' addresses change.\n"


def sources_file(sources: Sequence[Mapping[str, Any]]) -> str:
    """The text of a sources.toml with these sources."""
    return _HEADER + "".join(f"\n[[source]]\n{_lines(source)}" for source in sources)


def _lines(source: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in source.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_value(item)}" for name, item in value.items()) + "}"
    # TOML writes strings, numbers, true, false and lists of them as JSON does
    return json.dumps(value, ensure_ascii=False)
