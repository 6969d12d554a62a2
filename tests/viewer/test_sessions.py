"""A session left open on a ward ends by itself, and nobody else can make, read or change its cookie."""

import base64
import time
from dataclasses import replace

import pytest

from gateway.keys import Key
from gateway.viewer.sessions import ABSOLUTE_SECONDS, IDLE_SECONDS, Sessions, begin

KEY = Key("cursors", {1: bytes(range(32))})
SESSIONS = Sessions(KEY)
DOCTOR = replace(begin("dr.sen"), purpose="emergency-care", reason="CANARY-reason", told="CANARY-told")


def test_a_session_idle_for_fifteen_minutes_or_eight_hours_old_ends() -> None:
    assert (IDLE_SECONDS, ABSOLUTE_SECONDS) == (15 * 60, 8 * 3600)


def test_an_idle_session_ends_and_one_that_is_used_goes_on() -> None:
    cookie = SESSIONS.seal(DOCTOR)
    time.sleep(0.05)
    used = SESSIONS.open(cookie)
    assert used is not None
    again = SESSIONS.open(SESSIONS.seal(used))

    assert again is not None
    assert again.seen - used.seen >= 0.05
    assert Sessions(KEY, idle=0.04).open(cookie) is None


def test_a_session_ends_after_its_time_however_much_it_is_used() -> None:
    began = time.time() - ABSOLUTE_SECONDS

    assert SESSIONS.open(SESSIONS.seal(replace(DOCTOR, began=began + 5))) is not None
    assert SESSIONS.open(SESSIONS.seal(replace(DOCTOR, began=began - 1))) is None


def test_what_was_sealed_is_what_is_opened() -> None:
    opened = SESSIONS.open(SESSIONS.seal(DOCTOR))

    assert opened is not None
    assert replace(opened, seen=DOCTOR.seen) == DOCTOR


def test_a_cookie_and_a_session_show_nobodys_words() -> None:
    cookie = SESSIONS.seal(DOCTOR)

    assert b"CANARY" not in base64.urlsafe_b64decode(cookie)
    assert SESSIONS.seal(DOCTOR) != SESSIONS.seal(DOCTOR)
    assert "CANARY" not in repr(DOCTOR)


def test_another_key_opens_nothing_and_an_older_version_of_the_key_still_opens() -> None:
    cookie = SESSIONS.seal(DOCTOR)

    assert Sessions(Key("cursors", {1: bytes(32)})).open(cookie) is None
    assert Sessions(Key("cursors", {1: KEY.secret, 2: bytes(32)})).open(cookie) is not None


@pytest.mark.parametrize("bit", [1, 16, 128])
def test_a_cookie_of_which_any_byte_was_changed_is_no_session(bit: int) -> None:
    raw = base64.urlsafe_b64decode(SESSIONS.seal(DOCTOR))

    for place in range(len(raw)):
        changed = raw[:place] + bytes((raw[place] ^ bit,)) + raw[place + 1 :]
        assert SESSIONS.open(base64.urlsafe_b64encode(changed).decode()) is None


@pytest.mark.parametrize("cookie", ["", "A", "AQ==", "AQ" + "A" * 40, "none", "é", "\ud800", "A" * 100_000])
def test_what_is_no_cookie_is_no_session(cookie: str) -> None:
    assert SESSIONS.open(cookie) is None
