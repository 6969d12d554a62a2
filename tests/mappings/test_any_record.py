"""Whatever a source sends, a mapping gives a resource or an Unmappable, and never another exception."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.system import read_systems
from mappings import OURS, Mapping_, Unmappable, compile_all, decimal_text
from mappings.run import PlainContext

SECRET = "Okafor"
VALUES = (
    st.sampled_from(["", " ", "x", "Y", "N", "1", "0", "M", "NEG", "9990001375", "a  b", "\x00", "ééé"])
    | st.sampled_from(
        ["2022-03-05", "2022-03-05T01:30:00", "31/02/2020", "{}", '{"A": "Y"}', "[1]", "Patient/1"]
    )
    | st.sampled_from([None, 0, 1, True, False])
    | st.sampled_from(["[]", "{}", '["x", "y"]', "[null]", "[[]]", "[{}]", '{"a": 1}']).map(orjson.loads)
)


@cache
def mappings() -> dict[str, Mapping_]:
    declared = {s.id: {k: kind.fields for k, kind in s.kinds.items()} for s in read_systems().values()}
    return {m.name: m for m in compile_all([OURS], declared)}


def put(record: Any, path: str, value: Any) -> None:
    """Puts a value where a path leads, making the blocks and lists that it speaks of."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    if not rest:
        record[key] = [value] if name != key else value
        return
    if name != key:
        below = record.setdefault(key, [{}])
        record = below[0] if isinstance(below, list) and below and isinstance(below[0], dict) else {}
    else:
        below = record.setdefault(key, {})
        record = below if isinstance(below, dict) else {}
    put(record, rest, value)


@pytest.mark.parametrize("name", sorted(mappings()))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_record_of_any_content_is_mapped_or_counted(name: str, data: st.DataObject) -> None:
    mapping = mappings()[name]
    record: dict[str, Any] = {"resourceType": mapping.resource_type}
    for path in sorted(mapping.paths - {"", "."}):
        put(record, path, data.draw(VALUES))
    if field := data.draw(st.sampled_from(sorted(mapping.paths))):
        put(record, field, data.draw(st.sampled_from([SECRET, f"{SECRET}/1", [SECRET], {SECRET: SECRET}])))

    try:
        made = mapping.make(record, PlainContext())
    except Unmappable as error:
        assert SECRET not in f"{error} {error.element}"
        return
    if made is not None:
        assert orjson.dumps(made.resource, default=decimal_text)


def test_our_mappings_are_found_in_the_installed_package() -> None:
    assert files("mappings") == OURS
