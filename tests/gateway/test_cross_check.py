"""A wrong child is worse than no child: what a source says is checked against the child asked for."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.identity.child import NHS_NUMBER, Child, Demographics, demographics, same_child

MANY = settings(max_examples=400, deadline=None)


def patient(
    number: str | None = None, born: str = "", family: str = "", given: str = "", gender: str = ""
) -> dict[str, Any]:
    """A Patient that says only what is given."""
    resource: dict[str, Any] = {"resourceType": "Patient"}
    if number is not None:
        resource["identifier"] = [{"system": NHS_NUMBER, "value": number}]
    if born:
        resource["birthDate"] = born
    if family or given:
        name = {"family": family, "given": given.split()}
        resource["name"] = [{k: v for k, v in name.items() if v}]
    if gender:
        resource["gender"] = gender
    return resource


MAYA = Child("9990001375", demographics(patient("9990001375", "2022-03-14", "Oakley", "Maya Rose", "female")))


def is_maya(**said: str) -> bool:
    return same_child(MAYA, demographics(patient(**said)))


@pytest.mark.parametrize("said", [
    {"number": "9990001375", "born": "2022-03-14", "family": "Oakley", "given": "Maya"},
    {"number": "999 000 1375", "born": "2022-03-14"},
    {"number": "9990001375"},
    {"number": "9990001375", "family": "Oakley"},
    {"number": "9990001375", "born": "2022-03-14", "family": "Other"},
    {"number": "9990001375", "born": "2022-03-15", "family": "Oakley", "given": "Maya"},
    {"number": "9990001375", "family": "Other", "given": "Other"},
    {"born": "2022-03-14", "family": "Oakley", "given": "Maya", "gender": "female"},
    {"born": "2022-03-14", "family": "OAKLEY", "given": "maya"},
    {"born": "2022-03-14", "given": "Maya"},
    {"born": "2022-03-14", "family": "Oakley"},
    {"born": "2022-03-14"},
    {"born": "2022-03-14", "family": "Oakley", "given": "Rose"},
    {"born": "2022-03-14", "family": "Oakley", "given": "Maya", "gender": "unknown"},
])  # fmt: skip
def test_this_is_the_child(said: dict[str, str]) -> None:
    assert is_maya(**said)


@pytest.mark.parametrize("said", [
    {"number": "9990002746", "born": "2022-03-14", "family": "Oakley", "given": "Maya"},
    {"number": "9990003175", "born": "2022-03-14", "family": "Oakley", "given": "Maya"},
    {"number": "9990001375", "born": "2020-03-14", "family": "Oakley", "given": "Ella"},
    {"number": "9990001375", "born": "2020-03-14", "family": "Other", "given": "Maya"},
    {"number": "9990001375", "born": "2020-03-14", "family": "Oakley"},
    {"number": "9990001375", "born": "2020-03-14"},
    {"number": "9990001375", "born": "2020-03-14", "family": "Unknown", "given": "Baby"},
    {"born": "2022-03-14", "family": "Oakley", "given": "Ella"},
    {"born": "2022-03-14", "family": "Other", "given": "Maya"},
    {"born": "2022-03-14", "family": "Oakley", "given": "Maya", "gender": "male"},
    {"born": "2022-03-14", "gender": "male"},
    {"born": "2020-03-14", "family": "Oakley", "given": "Maya", "gender": "female"},
    {"born": "2022", "family": "Oakley", "given": "Maya"},
    {"family": "Oakley", "given": "Maya", "gender": "female"},
    {},
])  # fmt: skip
def test_this_is_not_known_to_be_the_child(said: dict[str, str]) -> None:
    assert not is_maya(**said)


@pytest.mark.parametrize(("one", "other"), [
    ("Smith-Jones", "Smith Jones"), ("O'Neill", "ONEILL"), ("Núñez", "Nunez"), ("Strauß", "STRAUSS"),
    ("de la Cruz", "De La Cruz"), ("Zoë", "ZOE"), ("İnci", "inci"), ("ﬁona", "Fiona"),
    ("Anne-Marie", "Anne Marie"),
])  # fmt: skip
def test_spellings_of_one_name_agree(one: str, other: str) -> None:
    child = Child("", demographics(patient(born="2022-03-14", family=one)))

    assert same_child(child, demographics(patient(born="2022-03-14", family=other)))


@pytest.mark.parametrize(("one", "other"), [
    ("Oakley", "Oakleigh"), ("Ahmed", "Ahmad"), ("रीता", "रति"), ("মায়া", "মিয়া"), ("Li", "Ly"),
])  # fmt: skip
def test_different_names_do_not_agree(one: str, other: str) -> None:
    child = Child("", demographics(patient(born="2022-03-14", given=one)))

    assert not same_child(child, demographics(patient(born="2022-03-14", given=other)))


def test_names_of_only_punctuation_say_nothing() -> None:
    child = Child("9990001375", demographics(patient("9990001375", "2022-03-14", "-", "?")))

    assert not same_child(child, demographics(patient("9990001375", "2020-03-14", "-", "?")))


def test_a_record_with_two_current_nhs_numbers_is_nobodys() -> None:
    record = patient("9990001375", "2022-03-14", "Oakley", "Maya")
    record["identifier"].append({"system": NHS_NUMBER, "value": "9990002746"})

    assert not same_child(MAYA, demographics(record))


def test_a_number_that_was_replaced_does_not_count_beside_the_current_one() -> None:
    record = patient("9990002746", "2022-03-14", "Oakley", "Maya")
    record["identifier"][0]["use"] = "old"
    assert not same_child(MAYA, demographics(record))

    record["identifier"].append({"system": NHS_NUMBER, "value": "9990001375"})
    assert same_child(MAYA, demographics(record))


def test_a_number_of_another_system_is_no_nhs_number() -> None:
    record = patient(born="2022-03-14")
    record["identifier"] = [{"system": "https://other.example/Id", "value": "9990002746"}]

    assert demographics(record).nhs_number == ""
    assert same_child(MAYA, demographics(record))


def test_a_name_of_former_times_counts_as_one_of_the_childs_names() -> None:
    both = patient("9990001375", "2022-03-14", "Oakley", "Maya")
    both["name"].append({"use": "old", "family": "Ashworth", "given": ["Maya"]})
    child = Child("9990001375", demographics(both))

    assert same_child(child, demographics(patient(born="2022-03-14", family="Ashworth", given="Maya")))


def test_a_child_asked_for_by_number_alone_is_matched_by_number_alone() -> None:
    asked = Child("9990001375", Demographics("9990001375"), traced=False)

    assert same_child(asked, demographics(patient("9990001375", "2022-03-14", "Oakley", "Maya")))
    assert not same_child(asked, demographics(patient("9990002746", "2022-03-14", "Oakley", "Maya")))
    assert not same_child(asked, demographics(patient(born="2022-03-14", family="Oakley", given="Maya")))


def test_a_typed_birth_date_is_checked_against_what_a_source_says() -> None:
    asked = Child("9990001375", Demographics("9990001375", "2022-03-14"), traced=False)

    assert same_child(asked, demographics(patient("9990001375", "2022-03-14", "Oakley", "Maya")))
    assert not same_child(asked, demographics(patient("9990001375", "2020-03-14", "Oakley", "Maya")))


numbers = st.sampled_from(["9990001375", "9990002746", "9990003175", ""])
born = st.sampled_from(["2022-03-14", "2022-03-15", "2020-01-01", ""])
names = st.sampled_from(["Oakley", "Ashworth", "Maya", "Ella", "Baby", "-", ""])
genders = st.sampled_from(["female", "male", "unknown", ""])
people = st.builds(patient, numbers.map(lambda n: n or None), born, names, names, genders)


@given(people, people)
@MANY
def test_two_different_nhs_numbers_are_never_one_child(one: dict[str, Any], other: dict[str, Any]) -> None:
    asked, found = demographics(one), demographics(other)
    assume(found.nhs_number and asked.nhs_number != found.nhs_number)

    assert not same_child(Child(asked.nhs_number, asked), found)


@given(people, people)
@MANY
def test_without_a_number_nothing_that_both_say_may_differ(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    without = {name: value for name, value in other.items() if name != "identifier"}
    asked, found = demographics(one), demographics(without)
    if same_child(Child(asked.nhs_number, asked), found):
        assert asked.birth_date == found.birth_date != ""
        assert not (asked.families and found.families) or asked.families & found.families
        assert not (asked.givens and found.givens) or asked.givens & found.givens
        assert {asked.gender, found.gender} != {"female", "male"}


@given(people, people)
@MANY
def test_agreeing_does_not_depend_on_who_is_asked_for(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = demographics(one), demographics(other)
    assume(first.nhs_number == second.nhs_number)

    assert same_child(Child(first.nhs_number, first), second) == same_child(
        Child(second.nhs_number, second), first
    )


def test_neither_the_child_nor_what_was_found_prints_a_person() -> None:
    assert repr(MAYA) == "<Child traced=True>"
    assert repr(MAYA.reference) == "<Demographics>"
