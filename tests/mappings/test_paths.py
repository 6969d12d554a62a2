"""Paths: what is declared, and what is found in records of any shape."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.mistakes import Unreadable
from mappings.paths import Declared, clean, every, items, one, parse, text

NAMES = st.sampled_from(["a", "b", "c"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


def every_slowly(value: Any, steps: list[tuple[str, bool]]) -> list[Any]:
    """The same in the plainest words."""
    if not steps:
        cleaned = clean(value)
        return [] if cleaned is None else [cleaned]
    (name, many), *rest = steps
    below = clean(value.get(name)) if isinstance(value, dict) else None
    found = below if many and isinstance(below, list) else [] if below is None else [below]
    return [v for item in found if clean(item) is not None for v in every_slowly(item, rest)]


@given(JSON, st.lists(st.tuples(NAMES, st.booleans()), min_size=1, max_size=3))
def test_every_value_at_a_path_is_found_in_order_or_the_shape_is_refused(
    value: Any, steps: list[tuple[str, bool]]
) -> None:
    try:
        found = every(value, tuple(steps))
    except Unreadable:
        return
    if not isinstance(value, dict):
        return
    assert found == (every_slowly(value, steps) or None)


@given(JSON, st.lists(NAMES, min_size=1, max_size=3))
def test_one_and_every_agree_where_there_are_no_lists(value: Any, names: list[str]) -> None:
    try:
        found = one(value, tuple(names))
    except Unreadable:
        return
    if isinstance(value, dict):
        assert [found] == (every(value, tuple((name, False) for name in names)) or [None])


@given(JSON)
def test_no_item_is_empty(value: Any) -> None:
    assert all(item not in (None, "", [], {}) for item in items(value))


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (" a ", "a"),
        ("  ", None),
        (1, "1"),
        (0, "0"),
        (True, "true"),
        (False, "false"),
        (None, None),
        ([], None),
    ],
)
def test_a_value_as_text_is_stripped_and_numbers_keep_their_digits(value: Any, made: str | None) -> None:
    assert text(value) == made


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
def test_a_list_or_a_block_is_not_text(value: Any) -> None:
    with pytest.raises(Unreadable):
        text(value)


@given(
    st.lists(
        st.text(st.characters(blacklist_characters="'\"", blacklist_categories=["Cs"]), min_size=1),
        min_size=1,
    )
)
def test_a_path_of_quoted_names_is_read_back(names: list[str]) -> None:
    path = parse(".".join(f"'{name}'" for name in names))

    assert [step.name for step in path.steps] == names


@pytest.mark.parametrize("spelled", ["a..b", ".a", "a.", "a[", "a[0]", "a]b", ""])
def test_what_is_no_path_is_refused(spelled: str) -> None:
    if spelled:
        with pytest.raises(ValueError, match="is not a path"):
            parse(spelled)
    else:
        assert parse(spelled).steps == ()


FIELDS = Declared(
    {"a": "text", "b.c": "date", "l[].x": "text", "l[].m[].y": "text", "t[]": "text", "o": "any"}
)


@pytest.mark.parametrize(
    ("spelled", "path", "kind", "many"),
    [
        ("a", "a", "text", False),
        ("b", "b", "block", False),
        ("b.c", "b.c", "date", False),
        ("l", "l[]", "block", True),
        ("l[]", "l[]", "block", True),
        ("l[].x", "l[].x", "text", True),
        ("l[].m", "l[].m[]", "block", True),
        ("t", "t[]", "text", True),
        ("o", "o", "any", None),
        ("o.deep.er", "o.deep.er", "any", None),
        ("o.deep[].er", "o.deep[].er", "any", True),
    ],
)
def test_a_declared_path_is_known_with_its_type_and_number(
    spelled: str, path: str, kind: str, many: bool | None
) -> None:
    found = FIELDS.find(parse(spelled))

    assert found is not None
    assert (found.path, found.type, found.many) == (path, kind, many)


@pytest.mark.parametrize("spelled", ["x", "a.x", "b.x", "l.x", "l[].y", "b[]", "t.x", "ab", "b.cc"])
def test_a_path_that_is_not_declared_is_not_found(spelled: str) -> None:
    assert FIELDS.find(parse(spelled)) is None
