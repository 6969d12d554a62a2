"""Purposes of use in plain words: on the reason page, on the chip, and what the reader will see.

Codes are those of the code system cs-sharing-purpose: https://wholechild.example/fhir/CodeSystem/cs-sharing-purpose
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: its code, short name, the sentence that a person chooses, and a hint."""

    code: str
    name: str
    says: str
    hint: str = ""


_SIGNIFICANT_HARM = "A child may be at risk of significant harm"
_AGREED = "The family has agreed to work with you"
_KNOWN = (
    ("emergency-care", "Emergency care", "I am treating this child now", "Urgent care that was not planned"),
    ("direct-care", "Direct care", "I am caring for this child", "On your caseload or list"),
    ("s47-enquiry", "Section 47 enquiry", "I am making enquiries under section 47", _SIGNIFICANT_HARM),
    ("safeguarding-concern", "Safeguarding concern", "I have a concern", "You are deciding whether to refer"),
    ("s17-assessment", "Section 17 assessment", "I am assessing a child in need", _AGREED),
    ("early-help", "Early help", "I am giving this family early help", _AGREED),
    ("looked-after-care", "Looked-after care", "I am caring for a looked-after child", ""),
    ("send-support", "Special educational needs", "Special educational needs support", ""),
    ("youth-justice", "Youth justice", "I am supervising this young person", "Youth justice"),
    ("child-death-review", "Child death review", "I am reviewing a child’s death", ""),
    ("subject-request", "My own record", "I want to see my own record", ""),
    (
        "family-request",
        "Family request",
        "I want to see my child’s record",
        "You have parental responsibility",
    ),
    ("audit-review", "Audit review", "I am checking who has looked", "The audit, never the record"),
    ("break-glass", "Emergency access", "Emergency access", "This will be looked into"),
)
PURPOSES = {code: Purpose(code, name, says, hint) for code, name, says, hint in _KNOWN}


def purpose(code: str) -> Purpose:
    """A purpose by its code; an unknown one reads as its code."""
    name = code.replace("-", " ").capitalize()
    return PURPOSES.get(code) or Purpose(code, name, name)
