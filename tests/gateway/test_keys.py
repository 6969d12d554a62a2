"""The key folder: made once, for its owner only, rotated by adding, and refused when it is not right."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.keys import NAMES, KeysMistake, new_keys, read_keys, rotate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_keys(tmp_path / "keys")
    return tmp_path / "keys"


def test_new_keys_are_different_and_readable_by_their_owner_only(folder: Path) -> None:
    keys = read_keys(folder)
    secrets = {getattr(keys, name).secret for name in NAMES}

    assert len(secrets) == len(NAMES)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_keys_are_never_overwritten(folder: Path) -> None:
    with pytest.raises(KeysMistake):
        new_keys(folder)


def test_a_key_prints_as_its_name_and_version_only(folder: Path) -> None:
    keys = read_keys(folder)

    assert repr(keys.ids) == "<Key ids.1>"
    assert not any(getattr(keys, name).secret.hex() in repr(keys) for name in NAMES)


def test_rotation_adds_a_version_that_writes_and_keeps_the_old(folder: Path) -> None:
    before = read_keys(folder).cursors

    assert rotate(folder, "cursors") == 2

    after = read_keys(folder).cursors
    assert after.newest == 2
    assert after.versions[1] == before.secret
    assert after.secret != before.secret


def test_the_last_version_cannot_be_rotated_into_one_that_cannot_be_read(folder: Path) -> None:
    (folder / "ids.1").rename(folder / "ids.255")

    with pytest.raises(KeysMistake):
        rotate(folder, "ids")
    assert read_keys(folder).ids.newest == 255


@pytest.mark.parametrize("spoil", [
    lambda folder: (folder / "pseudonyms.1").unlink(),
    lambda folder: (folder / "ids.1").write_text(""),
    lambda folder: (folder / "ids.1").write_text("ab" * 31),
    lambda folder: (folder / "ids.1").write_text("ab" * 33),
    lambda folder: (folder / "ids.1").write_text("not hex" * 10),
    lambda folder: (folder / "ids.1").write_bytes(b"\xff" * 64),
    lambda folder: (folder / "ids.0").write_text("ab" * 32),
    lambda folder: (folder / "ids.-1").write_text("ab" * 32),
    lambda folder: (folder / "ids.01").write_text("ab" * 32),
    lambda folder: (folder / "ids.256").write_text("ab" * 32),
    lambda folder: (folder / "ids.1.backup").write_text("ab" * 32),
    lambda folder: (folder / "ids.2").mkdir(),
])  # fmt: skip
def test_a_key_folder_that_is_not_right_stops_the_start(
    folder: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(folder)

    with pytest.raises(KeysMistake) as mistake:
        read_keys(folder)
    assert "abab" not in str(mistake.value)


def test_a_key_folder_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(KeysMistake):
        read_keys(tmp_path / "nowhere")
