"""Mapping files are text with line numbers: every scalar, every key."""

from pathlib import Path

import pytest

from mappings.mistakes import Mistakes
from mappings.read import Block, Items, Text, read


def opened(folder: Path, text: str) -> tuple[Block | None, list[str]]:
    file = folder / "x.yaml"
    file.write_bytes(text.encode("utf-8"))
    mistakes = Mistakes("x.yaml")
    return read(file, mistakes), [str(m) for m in mistakes.found]


@pytest.mark.parametrize(
    "scalar", ["NO", "on", "1.10", "0123", "2022-03-05", "~", "null", "1_000", "= a | b", "="]
)
def test_every_scalar_is_the_text_that_was_written(tmp_path: Path, scalar: str) -> None:
    block, mistakes = opened(tmp_path, f"key: {scalar}")

    assert (block, mistakes) == ({"key": scalar}, [])


def test_keys_lists_and_blocks_know_their_lines(tmp_path: Path) -> None:
    block, _ = opened(tmp_path, "a: 1\nb:\n  - x\n  - {c: y}\n")
    assert block is not None

    items = block[Text("b")]
    assert isinstance(items, Items)
    inner = items[1]
    assert isinstance(inner, Block)
    assert (block.line, block.line_of("b"), items.line, inner.line) == (1, 2, 3, 4)


def test_a_key_given_twice_is_a_mistake_where_it_stands(tmp_path: Path) -> None:
    assert opened(tmp_path, "a: {b: 1,\n b: 2}")[1] == ["x.yaml:2 b: the key is given twice"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "x.yaml:2: is not YAML: did not find expected ',' or ']'"),
        ("- a", "x.yaml:1: is not a block of keys"),
        ("", "x.yaml:1: is not a block of keys"),
        ("a: \x01", "x.yaml:1: is not YAML: it holds characters that are not allowed"),
    ],
)
def test_what_is_not_a_block_of_yaml_is_a_mistake(tmp_path: Path, text: str, message: str) -> None:
    assert opened(tmp_path, text) == (None, [message])
