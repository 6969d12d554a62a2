"""R: every cell of role minimisation, typed again from the policy's table, not from our file.

The legend of the table: Y full, s summary, e existence, contact and what a sensitivity row expressly permits
as fact, - none; here also o (full, one's own only) and x (only what such a row expressly permits).
"""

import pytest

from auth.decision import Outcome, SourceFacts
from tests.auth.asking import LINKED, ODS, asker, decision, item, ruling

ASKERS = {
    "A&E clin.": ("ed-clinician", "emergency-care"),
    "GP": ("gp", "direct-care"),
    "HV": ("health-visitor", "direct-care"),
    "SN": ("school-nurse", "safeguarding-concern"),
    "SW s47": ("social-worker", "s47-enquiry"),
    "MASH": ("mash", "safeguarding-concern"),
    "SW s17": ("social-worker", "s17-assessment"),
    "EH worker": ("early-help", "early-help"),
    "DSL": ("safeguarding-lead", "safeguarding-concern"),
    "police PPU": ("police-protection", "s47-enquiry"),
    "YJ": ("youth-justice", "youth-justice"),
    "CDOP": ("child-death-review", "child-death-review"),
    "SEN lead": ("sen-lead", "send-support"),
}
# columns: A&E, GP, HV, SN, SW s47, MASH, SW s17, EH, DSL, PPU, YJ, CDOP, SEN lead (education sections only)
TABLE = {
    "identity": "Y YYY YY Y Y Y Y Y Y Y",
    "alerts": "Y YYY YY Y e Y Y Y Y -",
    "voice": "Y YYY YY Y Y Y s Y - -",
    "involved": "Y YYY YY Y Y s Y Y Y s",
    "plans": "s sss YY Y e s s s Y -",
    "chronology": "s sss YY Y e s s s Y -",  # A&E's twelve months and DSL's school and CSC: the amount only
    "health": "Y YYY ss s - - - s Y -",  # DSL's SEND and medical needs cannot be told apart yet
    "education": "s sss YY Y s o s Y Y Y",
    "police": "e eee YY s - x Y Y Y -",  # DSL: Encompass only
    "housing": "e eee YY Y s e s s s -",
    "family": "s sss YY Y s s Y s Y -",
}
OUTCOME = {
    "Y": Outcome.PERMIT,
    "s": Outcome.MASK,
    "e": Outcome.EXISTS_ONLY,
    "o": Outcome.DENY,
    "x": Outcome.DENY,
    "-": Outcome.DENY,
}
CELLS = [
    (section, column, letter)
    for section, letters in TABLE.items()
    for column, letter in zip(ASKERS, letters.replace(" ", ""), strict=True)
]


@pytest.mark.parametrize(("section", "column", "letter"), CELLS)
def test_the_cell_of_a_section_and_a_column_decides(section: str, column: str, letter: str) -> None:
    found = ruling(asker(*ASKERS[column]), item(section=section))

    assert found.outcome is OUTCOME[letter]
    assert found.rules == (f"R-{section}",)
    assert (found.masks >= {"note", "text", "description", "valueString"}) is (letter == "s")


@pytest.mark.parametrize(("section", "column", "letter"), CELLS)
def test_what_ones_own_agency_recorded_is_full_unless_the_section_is_closed(
    section: str, column: str, letter: str
) -> None:
    found = ruling(asker(*ASKERS[column]), item(section=section, own=True))

    assert found.outcome is (Outcome.DENY if letter == "-" else Outcome.PERMIT)


@pytest.mark.parametrize(("section", "column", "letter"), CELLS)
def test_the_fact_of_domestic_abuse_opens_only_where_the_table_says(
    section: str, column: str, letter: str
) -> None:
    """S-06 permits the fact to these columns; "-" stays closed even so."""
    permits = {"A&E clin.", "GP", "HV", "SN", "DSL", "YJ", "SEN lead"}

    found = ruling(asker(*ASKERS[column]), item("SDV", section=section))

    opened = column in permits and letter in "Ysex"
    assert (found.outcome is Outcome.MASK and found.fact_only) is opened


@pytest.mark.parametrize("column", ASKERS)
def test_a_section_that_no_column_names_is_refused(column: str) -> None:
    for section in ("access-log", "made-up", "", "Identity"):
        assert ruling(asker(*ASKERS[column]), item(section=section)).outcome is Outcome.DENY


@pytest.mark.parametrize(("column", "section", "asked"), [
    ("DSL", "police", True),
    ("DSL", "health", False),
    ("DSL", "education", False),
    ("EH worker", "police", False),
    ("A&E clin.", "police", True),
    ("SEN lead", "education", True),
    ("SEN lead", "health", False),
])  # fmt: skip
def test_a_source_is_asked_only_if_some_section_that_it_feeds_may_be_seen(
    column: str, section: str, asked: bool
) -> None:
    source = SourceFacts("other", (ODS, "OTHER"), "police", ("agreement",), "", frozenset({section}))

    found = decision(asker(*ASKERS[column]), LINKED, source).sources["other"]

    assert (found.outcome is Outcome.PERMIT) is asked
    assert found.rules == (("P-03",) if asked else ("R",))


def test_a_school_asks_itself_for_education() -> None:
    source = SourceFacts("own", (ODS, "OWN"), "school", (), "", frozenset({"education"}))

    found = decision(asker(*ASKERS["DSL"]), LINKED, source).sources["own"]

    assert found.outcome is Outcome.PERMIT
