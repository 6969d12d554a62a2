"""The search of the no-storage test finds a word in each of its disguises, and nothing where nothing is."""

import base64
import gzip
import json
import random
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.system.searching import Searcher

WORD = "QXCANARY7ZK9"
TEXT = f'{{"family": "Oakley {WORD}0A1B2C3D", "given": ["Maya"]}}'
DISGUISES = {
    "plain": TEXT.encode(),
    "lower case": TEXT.lower().encode(),
    "utf-16": TEXT.encode("utf-16"),
    "hex": TEXT.encode().hex().encode(),
    "upper-case hex": TEXT.encode().hex().upper().encode(),
    "percent": "".join(f"%{ord(letter):02x}" for letter in TEXT).encode(),
    "base64": base64.b64encode(TEXT.encode()),
    "base64, one on": base64.b64encode(b"x" + TEXT.encode()),
    "base64, two on": base64.urlsafe_b64encode(b"xx" + TEXT.encode()),
    "gzip": gzip.compress(TEXT.encode()),
    "gzip in gzip": gzip.compress(gzip.compress(TEXT.encode())),
    "zlib": zlib.compress(TEXT.encode(), 9),
    "base64 in gzip": gzip.compress(base64.b64encode(TEXT.encode())),
    "in json": json.dumps({"body": TEXT}).encode(),
    "in a query": quote(TEXT).encode(),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_a_word_is_found_in_each_of_its_disguises(tmp_path: Path, name: str) -> None:
    noise = random.Random(name).randbytes(5000)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(noise + DISGUISES[name] + noise)

    finds = Searcher([WORD]).folder(tmp_path)

    assert {find.word for find in finds} == {WORD}


def test_a_word_is_found_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / f"{WORD}.txt").touch()

    assert [find.form for find in Searcher([WORD]).folder(tmp_path)] == ["plain"]


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(random.Random(1).randbytes(3_000_000) + zlib.compress(b"Oakley" * 100))

    assert Searcher([WORD, "9990001375"]).folder(tmp_path) == []


def test_what_is_left_out_is_not_searched(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(WORD)

    assert Searcher([WORD]).folder(tmp_path, lambda path: path.name == "file") == []
