"""Opaque ids: what goes in comes out, with the key only, on every process, and nothing shows through.

https://hl7.org/fhir/R4/datatypes.html#id
"""

import base64
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.identity.ids import TYPES, Ids, UnknownId, check_sources, source_number
from gateway.keys import Key, new_keys, read_keys, rotate
from gateway.sources import SourcesMistake

SOURCES = ("pds", "northtown-csc", "hill-road-school")
KEY = Key("ids", {1: bytes(range(32))})
IDS = Ids(KEY, SOURCES)
FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
MANY = settings(max_examples=400, deadline=None)

sources = st.sampled_from(SOURCES)
types = st.sampled_from(TYPES)
nhs_numbers = st.integers(0, 10**10 - 1).map(lambda n: f"{n:010d}")
# what one source calls the child: up to 20 bytes, never ten digits (that is an NHS number), no NUL
own_numbers = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).filter(
    lambda t: len(t.encode()) <= 20 and not (len(t) == 10 and t.isdecimal())
)
records = st.text(st.characters(codec="utf-8"), max_size=60)


@given(sources, types, nhs_numbers, records)
@MANY
def test_an_id_made_of_an_nhs_number_reads_back(source: str, kind: str, number: str, record: str) -> None:
    place = IDS.read(IDS.make(source, kind, number, record))

    assert (place.source, place.type, place.nhs_number, place.own_number) == (source, kind, number, "")
    assert IDS.matches(place, record)


@given(sources, types, own_numbers, records)
@MANY
def test_an_id_made_of_a_sources_own_number_reads_back(
    source: str, kind: str, number: str, record: str
) -> None:
    place = IDS.read(IDS.make(source, kind, number, record))

    assert (place.source, place.type, place.nhs_number, place.own_number) == (source, kind, "", number)
    assert IDS.matches(place, record)


@given(sources, types, nhs_numbers | st.text(st.characters(codec="utf-8"), max_size=80), records)
@MANY
def test_every_id_is_a_fhir_id_of_at_most_64_characters(
    source: str, kind: str, child: str, record: str
) -> None:
    assert FHIR_ID.match(IDS.make(source, kind, child, record))


@given(sources, types, nhs_numbers, records)
@MANY
def test_no_id_shows_the_nhs_number_in_any_spelling(source: str, kind: str, number: str, record: str) -> None:
    made = IDS.make(source, kind, number, record)
    raw = base64.b64decode(made.replace("-", "+").replace(".", "/") + "==")

    assert number not in made
    assert number.encode() not in raw
    assert int(number).to_bytes(5) not in raw


@given(sources, types, nhs_numbers, records, records)
@MANY
def test_another_record_does_not_match(source: str, kind: str, number: str, one: str, other: str) -> None:
    assume(one != other)

    assert not IDS.matches(IDS.read(IDS.make(source, kind, number, one)), other)


@given(sources, types, nhs_numbers, records)
@MANY
def test_the_same_record_of_another_source_type_or_child_has_another_id(
    source: str, kind: str, number: str, record: str
) -> None:
    made = IDS.make(source, kind, number, record)
    others = {
        *(IDS.make(s, kind, number, record) for s in SOURCES if s != source),
        *(IDS.make(source, k, number, record) for k in TYPES if k != kind),
        IDS.make(source, kind, f"{(int(number) + 1) % 10**10:010d}", record),
    }

    assert made not in others


@given(nhs_numbers, records, st.data())
@MANY
def test_an_id_with_any_one_letter_changed_is_unreadable(
    number: str, record: str, data: st.DataObject
) -> None:
    made = IDS.make("pds", "Patient", number, record)
    at = data.draw(st.integers(0, len(made) - 1))
    letter = data.draw(st.sampled_from("ABCXYZabcxyz0189-.+/=_"))
    changed = made[:at] + letter + made[at + 1 :]
    assume(changed != made)

    with pytest.raises(UnknownId):
        IDS.read(changed)


@given(own_numbers, st.integers(1, 63))
@MANY
def test_no_id_has_a_second_spelling(number: str, bits: int) -> None:
    """The last letter of base 64 may hold bits that decoding ignores."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
    made = IDS.make("pds", "Patient", number, "record")
    other = made[:-1] + letters[(letters.index(made[-1]) + bits) % 64]

    with pytest.raises(UnknownId):
        IDS.read(other)


@given(
    st.text(max_size=80) | st.text("ABab09-.", max_size=64) | st.binary().map(lambda b: b.decode("latin-1"))
)
@MANY
def test_any_text_at_all_is_an_unknown_id(text: str) -> None:
    with pytest.raises(UnknownId):
        IDS.read(text)


@pytest.mark.parametrize("change", [
    lambda made: made + "\n", lambda made: " " + made, lambda made: made + "=", lambda made: made + "A",
    lambda made: made[:-1], lambda made: made * 2, lambda made: made.lower(), lambda made: "A" * 10_000_000,
    lambda made: made.replace("-", "+").replace(".", "/") + "+", lambda made: "", lambda made: "\ud800",
])  # fmt: skip
def test_what_is_not_spelt_as_an_id_is_unknown(change: object) -> None:
    assert callable(change)
    with pytest.raises(UnknownId):
        IDS.read(change(IDS.make("pds", "Patient", "9990001375", "1")))


def test_another_process_makes_the_same_id() -> None:
    code = (
        "from gateway.identity.ids import Ids; from gateway.keys import Key;"
        "ids = Ids(Key('ids', {1: bytes(range(32))}), ['another', 'hill-road-school', 'pds']);"
        "print(ids.make('pds', 'CarePlan', '9990001375', 'plan-7'))"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert made.strip() == IDS.make("pds", "CarePlan", "9990001375", "plan-7")


def test_ids_of_every_older_key_are_still_read_and_new_ones_use_the_newest() -> None:
    old = IDS.make("pds", "Patient", "9990001375", "1")
    rotated = Ids(Key("ids", {**KEY.versions, 2: bytes(32), 3: bytes(range(1, 33))}), SOURCES)
    new = rotated.make("pds", "Patient", "9990001375", "1")

    assert old != new
    for made in (old, new):
        place = rotated.read(made)
        assert place.nhs_number == "9990001375"
        assert rotated.matches(place, "1")
        assert not rotated.matches(place, "2")


def test_without_its_key_an_id_is_unknown() -> None:
    made = IDS.make("pds", "Patient", "9990001375", "1")

    for versions in ({1: bytes(32)}, {2: KEY.secret}):
        with pytest.raises(UnknownId):
            Ids(Key("ids", versions), SOURCES).read(made)


def test_an_id_of_a_source_that_is_gone_is_unknown() -> None:
    made = IDS.make("hill-road-school", "Patient", "9990001375", "1")

    with pytest.raises(UnknownId):
        Ids(KEY, ("pds",)).read(made)


def test_two_sources_that_would_share_a_number_stop_the_start() -> None:
    numbers: dict[int, str] = {}
    for name in (f"source-{n}" for n in range(100_000)):
        other = numbers.setdefault(source_number(name), name)
        if other != name:
            break

    with pytest.raises(SourcesMistake, match=name):
        check_sources([other, name])


def test_keys_from_a_folder_survive_their_rotation(tmp_path: Path) -> None:
    new_keys(tmp_path / "keys")
    first = Ids(read_keys(tmp_path / "keys").ids, SOURCES).make("pds", "Patient", "9990001375", "1")

    assert rotate(tmp_path / "keys", "ids") == 2

    after = Ids(read_keys(tmp_path / "keys").ids, SOURCES)
    assert after.read(first).nhs_number == "9990001375"
    assert after.make("pds", "Patient", "9990001375", "1") != first
