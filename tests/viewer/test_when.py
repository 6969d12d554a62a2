"""Dates and ages as people read them.

https://hl7.org/fhir/R4/datatypes.html#dateTime
"""

from datetime import date, datetime

import pytest

from gateway.viewer import age
from gateway.viewer.when import When, as_at, as_at_in_full, office_hours, when
from tests.viewer.building import LONDON, NOW, SATURDAY


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-03-14", "14-Mar-2022"),
        ("2022-03", "Mar-2022"),
        ("2022", "2022"),
        ("2026-11-12T09:14:00+00:00", "12-Nov-2026 09:14"),
        ("2026-07-01T23:30:00Z", "02-Jul-2026 00:30"),
        ("2026-09-03T00:00:00+01:00", "03-Sep-2026"),
    ],
)
def test_a_date_is_read_no_more_precisely_than_it_was_written(written: str, read: str) -> None:
    found = when(written)

    assert found is not None
    assert found.with_clock == read


@pytest.mark.parametrize(
    "written", ["", "2022-02-30", "14/03/2022", "yesterday", "2022-13", "2026-11-12T99:00", None, 7]
)
def test_what_is_not_a_date_is_no_date(written: object) -> None:
    assert when(written) is None


@pytest.mark.parametrize(
    ("born", "on", "shown"),
    [
        ("2022-03-14", date(2026, 11, 22), "4y"),
        ("2026-01-15", date(2026, 11, 22), "10m"),
        ("2026-10-01", date(2026, 11, 22), "7w"),
        ("2024-11-23", date(2026, 11, 22), "23m"),
        ("2024-11-22", date(2026, 11, 22), "2y"),
        ("2020-02-29", date(2026, 2, 28), "5y"),
        ("2027-01-01", date(2026, 11, 22), "not yet born"),
        ("2022", date(2026, 11, 22), "about 4y"),
    ],
)
def test_the_banner_gives_weeks_below_twelve_weeks_and_months_below_two_years(
    born: str, on: date, shown: str
) -> None:
    birth = when(born)

    assert birth is not None
    assert age.in_banner(birth, on) == shown


def test_an_event_has_the_age_at_which_it_happened() -> None:
    birth = When(date(2022, 3, 14))

    assert age.at_event(birth, When(date(2026, 11, 9))) == "4y 7m"
    assert age.at_event(birth, When(date(2022, 2, 1))) == "before birth"
    assert age.at_event(birth, When(date(2026, 1, 1), parts=1)) == ""


def test_an_answer_of_today_has_a_time_and_an_older_one_a_day() -> None:
    assert as_at(NOW, NOW) == "02:07"
    assert as_at(SATURDAY, NOW) == "Sat 18:00"
    assert as_at(datetime(2026, 11, 6, 9, 0, tzinfo=LONDON), NOW) == "06-Nov-2026"
    assert as_at_in_full(SATURDAY, NOW) == "21-Nov 18:00"


def test_office_hours_are_working_days_from_quarter_to_nine_to_five() -> None:
    assert not office_hours(NOW)
    assert office_hours(datetime(2026, 11, 23, 9, 0, tzinfo=LONDON))
    assert not office_hours(datetime(2026, 11, 23, 17, 0, tzinfo=LONDON))


def test_a_length_of_time_is_said_in_the_unit_that_people_use() -> None:
    start = date(2026, 9, 2)

    assert age.length(start, date(2026, 9, 3)) == "1 day"
    assert age.length(start, date(2026, 11, 22)) == "11 weeks"
    assert age.length(start, date(2027, 9, 2)) == "12 months"
    assert age.length(start, date(2030, 9, 2)) == "4 years"
