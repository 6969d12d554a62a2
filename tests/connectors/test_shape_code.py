"""The generated reader of declared fields does what the plain one does, whatever a source sends."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.declared import object_reader, tree_of
from connectors.digits import Digits
from connectors.shape_code import generated

NAMES = st.sampled_from(["a", "b", "c", "#text", "@x", "it's", 'a"b', "\\n"])
PARTS = st.builds(lambda name, many: name + many, NAMES, st.sampled_from(["", "[]"]))
PATHS = st.lists(PARTS, min_size=1, max_size=4).map(".".join)
FIELDS = st.dictionaries(PATHS, st.sampled_from(["text", "date", "any"]), min_size=1, max_size=6)
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just(Digits("14.10"))
RAW = st.dictionaries(
    NAMES,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4)
    ),
    max_size=5,
)


@given(FIELDS, RAW)
def test_generated_and_plain_readers_keep_the_same(fields: dict[str, str], raw: dict[str, Any]) -> None:
    tree = tree_of(fields)

    assert generated(tree)(raw) == (object_reader(tree)(raw) or {})
