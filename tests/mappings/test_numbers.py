"""Decimals keep their digits: https://hl7.org/fhir/R4/datatypes.html#decimal."""

from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.mistakes import Unreadable
from mappings.numbers import decimal, decimal_text, integer

DIGITS = st.from_regex(r"\A-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,8})?\Z")


@given(DIGITS)
def test_the_digits_of_a_decimal_are_written_as_they_were_read(text: str) -> None:
    assert orjson.dumps({"value": decimal(text)}, default=decimal_text) == b'{"value":' + text.encode() + b"}"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_decimal_that_arrives_as_one_is_the_same(number: Decimal) -> None:
    assert str(decimal(number)) == str(number)


@given(st.text(max_size=12))
def test_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        number = decimal(text)
    except Unreadable:
        return
    assert number.is_finite()
    assert orjson.loads(orjson.dumps(number, default=decimal_text)) == pytest.approx(float(number))


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_whole_number_of_32_bits_is_read(number: int) -> None:
    assert integer(str(number)) == integer(number) == number


@pytest.mark.parametrize("text", ["1.5", "", "1e3", "4294967296", "-2147483649", "٣", "0x1", "1_000"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        integer(text)


def test_only_decimals_have_a_text() -> None:
    with pytest.raises(TypeError):
        orjson.dumps({"value": object()}, default=decimal_text)
