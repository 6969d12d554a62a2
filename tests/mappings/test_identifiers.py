"""NHS numbers and UPNs, right and wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.identifiers import nhs_number, upn
from mappings.references import Run
from mappings.run import PlainContext


def run() -> Run:
    return Run(PlainContext())


@pytest.mark.parametrize("text", ["9990001375", "999 000 1375", "999-000-1375"])
def test_a_right_nhs_number_has_ten_digits_however_it_was_written(text: str) -> None:
    assert nhs_number(run(), text) == "9990001375"


@given(st.from_regex(r"\A999[0-9]{6}\Z"), st.integers(0, 9))
def test_of_ten_last_digits_at_most_one_is_right(first: str, last: int) -> None:
    right = [d for d in "0123456789" if nhs_number(run(), first + d)]

    assert len(right) <= 1
    assert (str(last) in right) == (nhs_number(run(), f"{first}{last}") is not None)


@pytest.mark.parametrize("text", ["9990001376", "999000137", "99900013755", "999000137X", "٩٩٩٠٠٠١٣٧٥"])
def test_a_wrong_nhs_number_is_dropped_and_noted(text: str) -> None:
    noting = run()

    assert nhs_number(noting, text) is None
    assert len(noting.notes) == 1


@pytest.mark.parametrize(("text", "made", "notes"), [
    ("H801200001001", "H801200001001", 0),
    ("h80 1200001001 ", "H801200001001", 0),
    ("A801200001001", "A801200001001", 1),
    ("H80120000100", None, 1),
    ("H8012000010011", None, 1),
    ("1801200001001", "1801200001001", 1),
])  # fmt: skip
def test_a_upn_is_kept_with_a_wrong_check_letter_and_dropped_with_a_wrong_length(
    text: str, made: str | None, notes: int
) -> None:
    noting = run()

    assert upn(noting, text) == made
    assert len(noting.notes) == notes
