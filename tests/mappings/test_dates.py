"""Dates and times as agencies write them: https://hl7.org/fhir/R4/datatypes.html#dateTime."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings import dates
from mappings.mistakes import Unreadable
from mappings.references import Run
from mappings.run import PlainContext

LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(1800, 1, 1), date(2199, 12, 31))
MOMENTS = st.datetimes(datetime(1972, 1, 1), datetime(2037, 12, 31)).map(lambda m: m.replace(microsecond=0))


def run() -> Run:
    return Run(PlainContext())


@given(DAYS)
def test_a_day_is_read_alike_from_every_form_in_which_agencies_write_it(day: date) -> None:
    iso = day.isoformat()

    assert dates.date(iso) == iso
    assert dates.date(f"{iso}T00:00:00") == iso
    assert dates.date(f"{iso} 23:59:59.999") == iso
    assert dates.uk_date(f"{day:%d/%m/%Y}") == iso
    assert dates.uk_date(f"{day.day}/{day.month}/{day.year}") == iso
    assert dates.uk_date(f"{day:%d-%b-%Y}") == iso
    assert dates.uk_date(f"{day:%d %B %Y}") == iso
    assert dates.uk_date(f"{day:%d.%m.%Y} 10:00") == iso
    assert dates.uk_date(iso) == iso
    assert dates.compact_date(f"{day:%Y%m%d}") == iso
    assert dates.compact_date(f"{day:%Y%m%d}101112") == iso


@given(st.text(max_size=25))
def test_text_is_a_date_that_exists_or_refused(text: str) -> None:
    for read in (dates.date, dates.uk_date, dates.compact_date):
        try:
            made = read(text)
        except Unreadable:
            continue
        whole = (made + "-01-01")[:10]
        assert date.fromisoformat(whole).isoformat() == whole


@given(st.from_regex(r"\A[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}\Z"))
def test_digits_shaped_like_a_date_are_a_date_that_exists_or_refused(text: str) -> None:
    try:
        made = dates.uk_date(text)
    except Unreadable:
        return
    assert date.fromisoformat(made).isoformat() == made


@given(MOMENTS)
def test_a_local_time_is_the_moment_that_londons_clock_showed(moment: datetime) -> None:
    made = datetime.fromisoformat(dates.datetime(run(), moment.isoformat()))

    assert made.replace(tzinfo=None) == moment
    assert made == moment.replace(tzinfo=LONDON).astimezone(made.tzinfo)


@given(MOMENTS, st.integers(-12, 12))
def test_a_time_with_an_offset_keeps_it(moment: datetime, hours: int) -> None:
    zone = f"{hours:+03}:30"
    text = f"{moment.isoformat()}{zone}"

    assert dates.datetime(run(), text) == text
    assert dates.datetime(run(), f"{moment.isoformat()}Z") == f"{moment.isoformat()}+00:00"


@given(MOMENTS)
def test_the_date_of_a_time_with_an_offset_is_londons(moment: datetime) -> None:
    local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(LONDON)

    assert dates.date(f"{moment.isoformat()}Z") == local.date().isoformat()


def test_the_hour_that_october_doubles_is_the_first_and_noted() -> None:
    noting = run()

    assert dates.datetime(noting, "2026-10-25T01:30:00") == "2026-10-25T01:30:00+01:00"
    assert [reason for _, reason in noting.notes] == ["an hour that the clock has twice, taken as the first"]
    assert dates.datetime(noting, "2026-10-25T00:59:59") == "2026-10-25T00:59:59+01:00"
    assert dates.datetime(noting, "2026-10-25T02:00:00") == "2026-10-25T02:00:00+00:00"
    assert len(noting.notes) == 1


def test_an_hour_that_march_skips_is_noted() -> None:
    noting = run()

    assert dates.datetime(noting, "2026-03-29T01:30:00") == "2026-03-29T01:30:00+00:00"
    assert [reason for _, reason in noting.notes] == ["a time that the clock skips"]


def test_the_offset_of_a_summer_before_the_clocks_rules_of_today_is_right() -> None:
    assert dates.datetime(run(), "1970-01-01T10:00:00") == "1970-01-01T10:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("2022", "2022"),
        ("2022-03", "2022-03"),
        ("2022-03-05", "2022-03-05"),
        ("2022-03-05T10:11", "2022-03-05T10:11:00+00:00"),
        ("2022-03-05 10:11:12", "2022-03-05T10:11:12+00:00"),
        ("2022-03-05T10:11:12.345", "2022-03-05T10:11:12.345+00:00"),
        ("2022-03-05T10:11:12+0100", "2022-03-05T10:11:12+01:00"),
    ],
)
def test_a_datetime_is_as_exact_as_it_was_written(text: str, made: str) -> None:
    assert dates.datetime(run(), text) == made


@pytest.mark.parametrize(
    "text", ["2022-02-30", "2022-13-01", "0022-01-01", "2022-W01-1", "2022-1-1", "22-01-01", "٢٠٢٢-٠١-٠١"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        dates.date(text)


@pytest.mark.parametrize(
    "text", ["31/04/2022", "01/13/2022", "1/1/22", "05-Mai-2022", "1//2022", "aa/bb/2022"]
)
def test_what_is_no_uk_date_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        dates.uk_date(text)


@pytest.mark.parametrize("text", ["25:00", "9", "10:61", "24:00", "noon"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        dates.time(text)


def test_a_day_after_another_sorts_after_it() -> None:
    first = date(2026, 11, 22)

    assert dates.date(first.isoformat()) < dates.date((first + timedelta(1)).isoformat())
