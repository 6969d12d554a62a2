"""A child's structured record as a general practice's system gives it through GP Connect (FHIR STU3).

https://developer.nhs.uk/apis/gpconnect-1-6-0/accessrecord_structured.html
"""

from collections.abc import Iterator, Sequence

from gateway.demo.agencies._fhir import NHS_NUMBER, ODS, Resource, filled
from gateway.demo.agencies._gp_chart import EXTENSION, Chart, Colleague, coding, listed, typed
from gateway.demo.agencies._gp_entries import (
    allergies,
    consultations,
    immunisations,
    measurements,
    medications,
    problems,
)
from gateway.demo.world import Address, Rows


def structured_record(chart: Chart) -> Resource:
    """The Bundle that $gpc.getstructuredrecord answers with."""
    clinical = [
        *allergies(chart),
        *medications(chart),
        *problems(chart),
        *immunisations(chart),
        *measurements(chart),
        *consultations(chart),
    ]
    resources = [_patient(chart), _organisation(chart), *_colleagues(chart, clinical), *clinical]
    return {
        "resourceType": "Bundle",
        "meta": {
            "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]
        },
        "type": "collection",
        "entry": [{"resource": resource} for resource in resources],
    }


def _patient(chart: Chart) -> Resource:
    person, rows = chart.person, chart.rows
    return filled(
        **typed("Patient", rows["patient"]),
        extension=[_registration(rows)],
        identifier=[_nhs_number(person.nhs_number)] if person.nhs_number else [],
        active=True,
        name=[
            filled(use="official", family=person.family, given=[*person.given], prefix=listed(person.prefix))
        ],
        telecom=[{"system": "phone", "value": person.telephone, "use": "mobile"}] if person.telephone else [],
        gender={"F": "female", "M": "male"}.get(person.sex, "unknown"),
        birthDate=person.birth_date.isoformat(),
        deceasedDateTime=person.died.isoformat() if person.died else None,
        address=[_address(chart)],
        # suppliers send one object where STU3 wants a list, and so does the published example
        generalPractitioner={"reference": chart.staff[rows["gp"]].practitioner},
        managingOrganization={"reference": chart.organisation},
    )


def _registration(rows: Rows) -> Resource:
    period = filled(start=f"{rows['registered'].isoformat()}T00:00:00+00:00")
    return {
        "url": f"{EXTENSION}RegistrationDetails-1",
        "extension": [{"url": "registrationPeriod", "valuePeriod": period}],
    }


def _nhs_number(value: str) -> Resource:
    coding = {
        "system": "https://fhir.nhs.uk/CareConnect-NHSNumberVerificationStatus-1",
        "code": "01",
        "display": "Number present and verified",
    }
    status = {
        "url": f"{EXTENSION}NHSNumberVerificationStatus-1",
        "valueCodeableConcept": {"coding": [coding]},
    }
    return {"extension": [status], "system": NHS_NUMBER, "value": value}


def _address(chart: Chart) -> Resource:
    held = chart.rows.get("address")
    lives = Address(tuple(held["lines"]), held["city"], held["postcode"]) if held else chart.person.address
    since = held.get("since") if held else None
    return filled(
        use="home",
        type="physical",
        line=[*lives.lines],
        city=lives.city,
        postalCode=lives.postcode,
        period={"start": since.isoformat()} if since else {},
    )


def _organisation(chart: Chart) -> Resource:
    practice = chart.practice
    return filled(
        **typed("Organization", chart.organisation.partition("/")[2]),
        identifier=[{"system": ODS, "value": practice.value}],
        name=practice.name,
        telecom=[{"system": "phone", "value": practice.telephone, "use": "work"}],
    )


def _colleagues(chart: Chart, resources: Sequence[Resource]) -> Iterator[Resource]:
    """The registered GP and everybody whom the record names."""
    named = repr(resources)
    for colleague in chart.staff.values():
        if colleague.key == chart.rows["gp"] or colleague.acts_as in named:
            yield from _colleague(colleague, chart)


def _colleague(colleague: Colleague, chart: Chart) -> Iterator[Resource]:
    yield filled(
        **typed("Practitioner", colleague.practitioner.partition("/")[2]),
        identifier=[{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": colleague.number}],
        name=[
            filled(
                use="usual", family=colleague.family, given=listed(colleague.given), prefix=[colleague.prefix]
            )
        ],
    )
    system = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1"
    yield {
        **typed("PractitionerRole", colleague.acts_as.partition("/")[2]),
        "practitioner": {"reference": colleague.practitioner},
        "organization": {"reference": chart.organisation},
        "code": [{"coding": [coding(*colleague.role, system)]}],
    }
