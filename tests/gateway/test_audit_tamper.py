"""The tamper matrix: whoever can write to the database cannot change what it says unnoticed.

Every attack is found, and the first number that cannot be relied on is named.
https://c2sp.org/tlog-checkpoint
"""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.audit.chain import GENESIS, Row, next_hash
from gateway.audit.checkpoint import CheckpointMistake, read, sign
from gateway.audit.verify import verify
from tests.gateway.chains import COLUMNS, KEY, Place, row, write, written

ROWS = 45
ANYWHERE = [1, 2, 9, 10, 11, 23, 30, 44, 45]
Attack = Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return written(tmp_path_factory.mktemp("chain"), ROWS)


@pytest.fixture
def place(original: Place, tmp_path: Path) -> Place:
    """A copy of a chain of 45 rows with checkpoints at 10, 20, 30, 40 and its end."""
    shutil.copytree(original.folder, tmp_path / "copy")
    return Place(tmp_path / "copy")


def first_bad(place: Place, attack: Attack) -> int | None:
    with place.connection() as db:
        attack(db)
    verdict = place.verdict()
    assert verdict.holds is (verdict.bad is None) is (not verdict.why)
    return verdict.bad


def rechain(db: sqlite3.Connection, start: int = 1) -> None:
    """Every hash from a row on made right again, as anybody can who can write."""
    before = db.execute("SELECT hash FROM audit WHERE seq = ?", (start - 1,)).fetchone()
    head = before[0] if before else GENESIS
    for seq, _, *values, _ in db.execute(
        f"SELECT seq, {COLUMNS} FROM audit WHERE seq >= ? ORDER BY seq", (start,)
    ):
        head = next_hash(head, Row(*values))
        db.execute("UPDATE audit SET hash = ? WHERE seq = ?", (head, seq))


def next_checkpoint(number: int) -> int:
    return min(-(-number // 10) * 10, ROWS)


def test_an_untouched_chain_holds(place: Place) -> None:
    verdict = place.verdict()

    assert (verdict.rows, verdict.checkpoints, verdict.bad, verdict.why) == (ROWS, 5, None, "")


@pytest.mark.parametrize("column", ["recorded", "child", "actor", "request", "body", "hash"])
@pytest.mark.parametrize("number", ANYWHERE)
def test_an_edit_of_any_column_is_found_at_its_row(place: Place, column: str, number: int) -> None:
    changed = f"UPDATE audit SET {column} = {column} || 'x' WHERE seq = {number}"

    assert first_bad(place, lambda db: db.execute(changed)) == number


@pytest.mark.parametrize("value", ["CAST(body AS TEXT)", "x''", "''", "1", "zeroblob(50)", "x'ff' || body"])
def test_a_body_of_another_kind_is_found_and_stops_nothing(place: Place, value: str) -> None:
    changed = f"UPDATE audit SET body = {value} WHERE seq = 23"

    assert first_bad(place, lambda db: db.execute(changed)) == 23


@pytest.mark.parametrize("value", ["CAST(x'ff' AS TEXT)", "x'00'", "7", "char(0)", "actor || char(10)"])
def test_an_actor_of_another_kind_is_found_and_stops_nothing(place: Place, value: str) -> None:
    changed = f"UPDATE audit SET actor = {value} WHERE seq = 23"

    assert first_bad(place, lambda db: db.execute(changed)) == 23


def test_text_moved_from_one_column_to_the_next_is_found(place: Place) -> None:
    changed = "UPDATE audit SET actor = actor || request, request = '' WHERE seq = 23"

    assert first_bad(place, lambda db: db.execute(changed)) == 23


@pytest.mark.parametrize("number", ANYWHERE)
def test_a_row_deleted_is_found_at_its_number(place: Place, number: int) -> None:
    assert first_bad(place, lambda db: db.execute(f"DELETE FROM audit WHERE seq = {number}")) == number


@pytest.mark.parametrize("number", ANYWHERE[:-1])
def test_a_row_deleted_and_the_rest_moved_up_and_chained_again_is_found(place: Place, number: int) -> None:
    def attack(db: sqlite3.Connection) -> None:
        db.execute(f"DELETE FROM audit WHERE seq = {number}")
        db.execute(f"UPDATE audit SET seq = -seq WHERE seq > {number}")
        db.execute("UPDATE audit SET seq = -seq - 1 WHERE seq < 0")
        rechain(db, number)

    assert first_bad(place, attack) == min(next_checkpoint(number), ROWS)


@pytest.mark.parametrize(("one", "other"), [(1, 2), (9, 10), (10, 11), (3, 40), (44, 45)])
def test_two_rows_swapped_are_found_at_the_first(place: Place, one: int, other: int) -> None:
    def attack(db: sqlite3.Connection) -> None:
        for old, new in ((one, -1), (other, one), (-1, other)):
            db.execute(f"UPDATE audit SET seq = {new} WHERE seq = {old}")

    assert first_bad(place, attack) == one


@pytest.mark.parametrize("number", ANYWHERE)
@pytest.mark.parametrize("chained", [False, True])
def test_a_row_inserted_is_found(place: Place, number: int, chained: bool) -> None:
    def attack(db: sqlite3.Connection) -> None:
        db.execute(f"UPDATE audit SET seq = -seq WHERE seq >= {number}")
        db.execute("UPDATE audit SET seq = -seq + 1 WHERE seq < 0")
        insert(db, number, row(999))
        if chained:
            rechain(db, number)

    signed = next_checkpoint(number)
    assert first_bad(place, attack) == (signed if chained else min(number + 1, signed))


def insert(db: sqlite3.Connection, number: int, one: Row) -> None:
    before = db.execute("SELECT hash FROM audit WHERE seq = ?", (number - 1,)).fetchone()
    head = next_hash(before[0] if before else GENESIS, one)
    values = (number, one.recorded, one.child, one.actor, one.request, one.body, head)
    db.execute(f"INSERT INTO audit ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)


@pytest.mark.parametrize(("number", "found"), [(0, 1), (-5, 1), (46, 7), (2**62, 7)])
def test_a_row_outside_the_numbers_is_found(place: Place, number: int, found: int) -> None:
    moved = f"UPDATE audit SET seq = {number} WHERE seq = 7"

    assert first_bad(place, lambda db: db.execute(moved)) == found


@pytest.mark.parametrize("number", ANYWHERE)
def test_an_edit_with_every_later_hash_made_right_is_found_at_the_next_checkpoint(
    place: Place, number: int
) -> None:
    def attack(db: sqlite3.Connection) -> None:
        db.execute("UPDATE audit SET actor = 'nobody' WHERE seq = ?", (number,))
        rechain(db, number)

    assert first_bad(place, attack) == next_checkpoint(number)


@pytest.mark.parametrize("cut", [1, 4, 5, 6, 14, 15, 35, 44, 45])
def test_a_tail_cut_off_is_found_where_it_was_cut(place: Place, cut: int) -> None:
    attacked = first_bad(place, lambda db: db.execute(f"DELETE FROM audit WHERE seq > {ROWS - cut}"))

    assert attacked == ROWS - cut + 1


def test_another_whole_chain_in_its_place_is_found(place: Place) -> None:
    def attack(db: sqlite3.Connection) -> None:
        db.execute("UPDATE audit SET actor = 'nobody'")
        rechain(db)

    assert first_bad(place, attack) == 10


@pytest.mark.parametrize("regrown", [0, 1, 9, 10, 25, 26, 40])
def test_a_database_rolled_back_and_grown_again_is_found(place: Place, regrown: int) -> None:
    """The gateway itself signs the new rows: the old signatures still say otherwise."""
    with place.connection() as db:
        db.execute("DELETE FROM audit WHERE seq > 19")

    write(place, range(1000, 1000 + regrown))

    assert place.verdict().bad == 20


def test_a_checkpoint_taken_out_exposes_nothing_that_a_later_one_signs(place: Place) -> None:
    notes = place.checkpoints.read_text().split("\n\nwholechild")
    place.checkpoints.write_text("\n\nwholechild".join(notes[:1] + notes[-1:]))
    assert place.verdict().holds

    def attack(db: sqlite3.Connection) -> None:
        db.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 12")
        rechain(db, 12)

    assert first_bad(place, attack) == ROWS


def test_all_checkpoints_gone_is_found(place: Place) -> None:
    place.checkpoints.unlink()

    assert (place.verdict().bad, place.verdict().why) == (1, "there is no signed checkpoint to compare with")


def test_a_broken_database_is_found_where_it_breaks(place: Place) -> None:
    raw = bytearray(place.database.read_bytes())
    raw[len(raw) // 2 :] = b"\xff" * (len(raw) - len(raw) // 2)
    place.database.write_bytes(raw)

    verdict = place.verdict()

    assert verdict.bad is not None
    assert verdict.bad <= ROWS + 1


STRANGER = Ed25519PrivateKey.generate()


@pytest.mark.parametrize("forge", [
    lambda text: sign(ROWS, "ab" * 32, STRANGER) + "\n",
    lambda text: text + sign(100, "ab" * 32, STRANGER) + "\n",
    lambda text: text.replace("\n40\n", "\n41\n"),
    lambda text: text.replace("\n10\n", "\n010\n"),
    lambda text: text.replace("wholechild.example/audit\n30", "another.example/audit\n30"),
    lambda text: text.replace("— wholechild", "- wholechild", 1),
    lambda text: text.replace("A", "B", 1),
    lambda text: text.replace("=", "", 1),
    lambda text: "nonsense\n\n" + text,
    lambda text: text + "nonsense",
    lambda text: "nonsense",
    lambda text: text.encode("utf-16").decode("latin-1"),
    lambda text: text.replace("\n\n—", "\n—", 1),
    lambda text: text[200:],
])  # fmt: skip
def test_a_forged_checkpoint_file_is_refused(place: Place, forge: Callable[[str], str]) -> None:
    text = place.checkpoints.read_text(encoding="utf-8")
    forged = forge(text)
    assert forged != text
    place.checkpoints.write_text(forged, encoding="utf-8")

    with pytest.raises(CheckpointMistake):
        read(place.checkpoints, (KEY.public_key(),))


def test_a_checkpoint_signed_with_an_older_version_of_the_key_still_counts(place: Place) -> None:
    keys = (STRANGER.public_key(), KEY.public_key())

    assert verify(place.database, read(place.checkpoints, keys)).checkpoints == 5


def test_without_a_checkpoint_file_there_is_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(CheckpointMistake):
        read(tmp_path / "gateway.checkpoints", (KEY.public_key(),))
