"""S and A: every cell of the sensitivity matrix, typed again from the policy's table, not from our file.

Where the table's cell depends on something that no token or fact says yet (relevance, engagement, training,
a commission, an order, a custodian's answer), the stricter of its outcomes is expected.
"""

import pytest

from auth.decision import Facts, Outcome, Ruling
from tests.auth.asking import COLUMNS, LINKED, aged, asker, item, ruling

# one letter a cell, columns in the table's order:
# health, s47, s17, school DSL, school nurse/HV, police PPU, youth justice, early help, GP routine
# P permit · F fact, date and safety line · M mask · o own permitted, else mask · E exists only
# R review · D deny · S silent · Y permit under 13, else mask
TABLE = {
    "refuge-address": "MMMMMMMMM",  # S-01; s47 and PPU may break glass, later
    "LOCIS": "MMMMMMMMM",
    "placement-address": "MooMMMMMM",  # S-02; own council's child; commission and order are not known
    "SEX": "MYMSoMDDo",  # S-03; relevance to the presentation is not known
    "STD": "MYMSoMDDo",
    "PREGNANT": "MYMSoMDDo",
    "sexual-health": "MYMSoMDDo",
    "MH": "PPEEPEPEP",  # S-04; engagement with s17 is not known
    "PSY": "PPEEPEPEP",
    "SUD": "PPEEPEPEP",
    "PSYTHPN": "DDDDDDDDD",  # S-05
    "SDV": "FPPFFPFEF",  # S-06
    "police-sensitive": "EESSSPDDD",  # S-07
    "youth-caution": "DPMDDPPDD",  # S-08
    "third-party": "MPMMMPMMM",  # S-09
    "referrer-identity": "DPMDMPMDM",  # S-10
    "child-confidence": "MPMMPRMMM",  # S-11; safeguarding training is not known
    "immigration-status": "DPPDDDDDD",  # S-12
    "poverty-proxy": "DPPoDDDDD",  # S-13; engagement with early help is not known
    "adoption-link": "SSSSSSSSS",
    "protected-person": "SSSSSSSSS",
    "covert": "SSSSSPSSS",
    "legal-privilege": "DDDDDDDDD",
    "court-restricted": "EEEEEEEEE",
}
RULE = {
    "refuge-address": "S-01", "LOCIS": "S-01", "placement-address": "S-02", "SEX": "S-03", "STD": "S-03",
    "PREGNANT": "S-03", "sexual-health": "S-03", "MH": "S-04", "PSY": "S-04", "SUD": "S-04",
    "PSYTHPN": "S-05", "SDV": "S-06", "police-sensitive": "S-07", "youth-caution": "S-08",
    "third-party": "S-09", "referrer-identity": "S-10", "child-confidence": "S-11",
    "immigration-status": "S-12", "poverty-proxy": "S-13", "adoption-link": "A-01",
    "protected-person": "A-02", "covert": "A-03", "legal-privilege": "A-04", "court-restricted": "A-05",
}  # fmt: skip
OUTCOME = {
    "P": Outcome.PERMIT,
    "F": Outcome.MASK,
    "M": Outcome.MASK,
    "o": Outcome.MASK,
    "Y": Outcome.MASK,
    "E": Outcome.EXISTS_ONLY,
    "R": Outcome.REVIEW,
    "D": Outcome.DENY,
    "S": Outcome.SILENT,
}
CELLS = [
    (label, column, letter)
    for label, letters in TABLE.items()
    for column, letter in zip(COLUMNS, letters, strict=True)
]


def of(column: str, label: str, own: bool = False, facts: Facts = LINKED) -> Ruling:
    return ruling(asker(*COLUMNS[column]), item(label, own=own), facts)


@pytest.mark.parametrize(("label", "column", "letter"), CELLS)
def test_the_cell_of_a_label_and_a_column_decides(label: str, column: str, letter: str) -> None:
    found = of(column, label)

    assert found.outcome is OUTCOME[letter]
    assert RULE[label] in found.rules
    assert found.fact_only is (letter == "F")


@pytest.mark.parametrize(("label", "column", "letter"), CELLS)
def test_own_records_open_only_where_the_cell_says_own(label: str, column: str, letter: str) -> None:
    expected = Outcome.PERMIT if letter == "o" else OUTCOME[letter]

    assert of(column, label, own=True).outcome is expected


@pytest.mark.parametrize(("label", "column", "letter"), CELLS)
def test_under_thirteen_opens_only_where_the_cell_says_so(label: str, column: str, letter: str) -> None:
    expected = Outcome.PERMIT if letter == "Y" else OUTCOME[letter]

    assert of(column, label, facts=aged(12)).outcome is expected
    assert of(column, label, facts=aged(13)).outcome is OUTCOME[letter]
    assert of(column, label, facts=aged(None)).outcome is OUTCOME[letter]


@pytest.mark.parametrize(
    ("label", "column"), [(one, where) for one, where, letter in CELLS if letter in "FMoYERD"]
)
def test_what_is_held_back_and_may_be_known_of_says_why(label: str, column: str) -> None:
    assert of(column, label).text


@pytest.mark.parametrize(
    "label", ["SEX", "third-party", "child-confidence", "youth-caution", "poverty-proxy"]
)
def test_a_mask_that_names_no_elements_seals_the_whole_record(label: str) -> None:
    masks = [of(column, label) for (one, column, letter) in CELLS if one == label and letter in "MoY"]

    assert masks
    assert all(found.sealed and not found.fact_only for found in masks)


@pytest.mark.parametrize("label", ["refuge-address", "LOCIS", "placement-address"])
def test_a_masked_place_loses_every_element_that_says_where(label: str) -> None:
    for column in COLUMNS:
        found = of(column, label)
        assert found.masks >= {"location", "address", "telecom", "serviceProvider", "Location.name"}


def test_the_mash_decision_maker_is_named_for_covert_records_and_no_other_social_worker_is() -> None:
    assert ruling(asker("mash", "s47-enquiry"), item("covert")).outcome is Outcome.PERMIT
    assert ruling(asker("social-worker", "s47-enquiry"), item("covert")).outcome is Outcome.SILENT


def test_every_label_of_our_own_code_system_has_a_row() -> None:
    ours = {
        "adoption-link", "refuge-address", "protected-person", "placement-address", "police-sensitive",
        "covert", "third-party", "referrer-identity", "court-restricted", "child-confidence",
        "youth-caution", "sexual-health", "legal-privilege",
    }  # fmt: skip

    assert ours <= TABLE.keys()


@pytest.mark.parametrize("label", ["HIV", "VIO", "V", "ETH", "NOAUTH", "ORCON", "sdv", "SDV ", "made-up", ""])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_label_that_no_row_names_is_refused(column: str, label: str) -> None:
    assert of(column, label).outcome is Outcome.DENY


@pytest.mark.parametrize("label", ["U", "L", "M", "N", "R", "NORDSCLCD", "NOPAT", "REDACTED", "PATAST"])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_label_on_handling_closes_nothing_by_itself(column: str, label: str) -> None:
    assert of(column, label).outcome is Outcome.PERMIT


def test_of_several_labels_the_strictest_decides_and_every_rule_is_named() -> None:
    found = ruling(
        asker("police-protection", "s47-enquiry"), item("SDV", "SEX", "child-confidence", "PSYTHPN")
    )

    assert found.outcome is Outcome.DENY
    assert found.text == "Therapy notes are not shared here."
    assert set(found.rules) == {"R-identity", "S-03", "S-05", "S-06", "S-11"}
