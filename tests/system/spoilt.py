"""One record spoilt in place, a JSON object or an XML element: another child's, unreadable, contradicting.

Each function says whether the record is one that it could spoil.
"""

from typing import Any

from tests.system.tricks import MARK

OTHER = "9990009627"  # an NHS number that no agency holds
_NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
_FHIR = "{http://hl7.org/fhir}"
_POLICE = "{urn:police:safeguarding-exchange:2}"
_DATES = ("date", "onsetDateTime", "startDate", "from", "dateOfBirth", "recorded", "effectiveDateTime")


def anothers(record: Any) -> bool:
    """The record becomes one of another child."""
    _renamed(record)
    return _anothers_json(record) if isinstance(record, dict) else _anothers_xml(record)


def _anothers_json(record: dict[str, Any]) -> bool:
    number = {"system": _NHS_NUMBER, "value": OTHER}
    if record.get("resourceType") == "Patient":
        record |= {"identifier": [number], "birthDate": "2011-01-01"}
        return True
    if "studentId" in record or "nhsNumber" in record:
        record |= {name: OTHER for name in ("studentId", "nhsNumber", "upn") if name in record}
        return True
    names = [name for name in ("subject", "patient") if name in record]
    for name in names:
        record[name] = {"reference": f"Patient/{OTHER}", "identifier": number}
    return bool(names)


def _anothers_xml(record: Any) -> bool:
    places = [one.find(f"{_FHIR}reference") for one in record.iter(f"{_FHIR}patient", f"{_FHIR}subject")]
    for place in places:
        place.set("value", f"urn:uuid:{OTHER}")
    numbers = list(record.iter(f"{_POLICE}NhsNumber", f"{_POLICE}PersonReference"))
    for number in numbers:
        number.text = OTHER
    values = [one for one in record.iter(f"{_FHIR}value") if (one.get("value") or "").startswith("999000")]
    for value in values:
        value.set("value", OTHER)
    return bool(places or numbers or values)


def unreadable(record: Any) -> bool:
    """The record's dates are no dates."""
    _renamed(record)
    if isinstance(record, dict):
        return _redated(record, MARK) and record.get("resourceType") not in ("List", "MedicationRequest")
    dates = list(record.iter(f"{_FHIR}date", f"{_FHIR}effectiveDateTime", f"{_FHIR}start"))
    for date in dates:
        date.set("value", MARK)
    times = list(record.iter(f"{_POLICE}OccurredAt"))
    for time in times:
        time.text = MARK
    return bool(dates or times)


def contradicting(record: Any) -> bool:
    """The same record, with the same number, that says something else."""
    if not isinstance(record, dict):
        times = list(record.iter(f"{_POLICE}OccurredAt"))
        for time in times:
            time.text = "2020-01-01T00:00:00"
        dates = list(record.iter(f"{_FHIR}date", f"{_FHIR}effectiveDateTime"))
        for date in dates:
            date.set("value", "2020-01-01")
        return bool(times or dates)
    return _redated(record, "2020-01-01") and "nhsNumber" not in record


def _redated(record: dict[str, Any], date: str) -> bool:
    """All dates of the record become this one; False if it has none."""
    dates: dict[str, Any] = {name: date for name in _DATES if name in record}
    if "period" in record:
        dates["period"] = {"start": date}
    record |= dates
    return bool(dates)


def _renamed(record: Any) -> None:
    """The copy gets a number of its own."""
    if isinstance(record, dict):
        record["id"] = f"copy-{str(record.get('id', ''))[:40]}"
        return
    for element in record.iter(f"{_FHIR}id"):
        element.set("value", f"copy-{element.get('value')[:40]}")
    for element in record.iter(f"{_POLICE}Reference"):
        element.text = f"copy-{element.text}"
