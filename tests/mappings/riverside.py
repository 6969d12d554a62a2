"""A made-up system whose mappings tests write in place."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from mappings import Made, Mapping_, MappingMistakes, compile_all
from mappings.run import PlainContext

FIELDS = {
    "id": "text",
    "sex": "text",
    "surname": "text",
    "forename": "text",
    "middle": "text",
    "dob": "date",
    "nhs_no": "text",
    "active": "boolean",
    "age": "integer",
    "kg": "decimal",
    "taken": "datetime",
    "nurse_id": "text",
    "json": "text",
    "other": "any",
    "home.street": "text",
    "home.town": "text",
    "tags[]": "text",
    "phones[].no": "text",
    "phones[].type": "text",
    "phones[].calls[].at": "datetime",
}

CODES = """
maps:
  sex:
    title: Sex
    target: http://hl7.org/fhir/administrative-gender
    unmapped: {code: unknown}
    codes: {M: male, F: female}
  strict:
    title: Sex, strictly
    target: http://hl7.org/fhir/administrative-gender
    unmapped: error
    codes: {M: male, F: female}
  category:
    title: Category of abuse
    target: https://wholechild.example/fhir/CodeSystem/cs-abuse
    unmapped: text-only
    codes:
      NEG: neglect
      BOTH:
        - {code: neglect, text: Neglect and harm}
        - {system: http://snomed.info/sct, code: "1"}
      HUSH: nothing
      UNK: {text: Not known}
systems:
  cs-abuse:
    title: Category of abuse
    codes: {neglect: Neglect, physical: Physical abuse}
"""


def write(folder: Path, resource: str, fact: str = "identity", lines: str = "", codes: str = CODES) -> None:
    """Writes one mapping, riverside/thing.yaml, whose `resource` begins at line 6 or after `lines`."""
    (folder / "codes").mkdir(exist_ok=True)
    (folder / "riverside").mkdir(exist_ok=True)
    (folder / "codes" / "riverside.yaml").write_text(dedent(codes), encoding="utf-8")
    key = "" if "key:" in lines else "key: = id\n"
    head = f"system: riverside\nkind: thing\nfact: {fact}\n{key}{lines}resource:"
    body = dedent(resource).strip("\n")
    text = f"{head} {body}\n" if body.startswith("=") else f"{head}\n{indent(body, '  ')}\n"
    (folder / "riverside" / "thing.yaml").write_text(text, encoding="utf-8")


def compiled(folder: Path, resource: str, fields: Mapping[str, str] = FIELDS, **more: str) -> Mapping_:
    """The mapping with this template."""
    write(folder, resource, **more)
    return compile_all([folder], {"riverside": {"thing": fields}})[0]


def make(folder: Path, resource: str, record: Mapping[str, Any], **more: Any) -> Made | None:
    """What the template makes of a record that has at least an id."""
    return compiled(folder, resource, **more).make({"id": "1", **record}, PlainContext())


def patient(folder: Path, elements: str, record: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The Patient that these elements make, without its type."""
    made = make(folder, "resourceType: Patient\n" + dedent(elements).strip("\n"), record, **more)
    assert made is not None
    return {k: v for k, v in made.resource.items() if k != "resourceType"}


def mistakes(folder: Path, resource: str, **more: Any) -> list[str]:
    """The messages that the check gives."""
    try:
        compiled(folder, resource, **more)
    except MappingMistakes as error:
        return [str(m) for m in error.mistakes]
    return []


def patient_mistakes(folder: Path, elements: str, **more: Any) -> list[str]:
    """The messages about these elements of a Patient; the first of them stands in line 7."""
    return mistakes(folder, "resourceType: Patient\n" + dedent(elements).strip("\n"), **more)
