"""The identity agency: a made-up Personal Demographics Service.

https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from aiohttp import web

from gateway.demo.agencies._fhir import (
    NHS_NUMBER,
    ODS,
    UK_CORE,
    Resource,
    answer,
    filled,
    known_caller,
    object_id,
    refusal,
    searchset,
)
from gateway.demo.world import Address, Carer, Person, Rows, World

SOURCE = "pds"
ADDRESS = "{base}/personal-demographics/FHIR/R4"
SECRET = "demo-pds-token"  # the made-up register's, on loopback only
_PATH = "/personal-demographics/FHIR/R4"
_CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
_CODES = "https://fhir.hl7.org.uk/CodeSystem/"
_ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"

# the register has its own letters for sign languages and the like
_LANGUAGES = {"bfi": ("q4", "British Sign Language"), "en": ("en", "English")}
# those who adopted a child are the child's parents, and the register says no more
_RELATIONSHIPS = {
    "MTH": ("MTH", "mother"),
    "ADOPTM": ("MTH", "mother"),
    "FTH": ("FTH", "father"),
    "ADOPTF": ("FTH", "father"),
}


def invent(person: Person, world: World, rng: random.Random) -> Rows:
    """The register knows everybody; the rest of what it holds follows from the person."""
    return {"version": str(rng.randint(1, 9))}


def application(rows: Mapping[str, Rows], world: World) -> web.Application:
    """The register's server."""
    register = Register(rows, world)
    app = web.Application(middlewares=[known_caller(SECRET)])
    app.add_routes(
        [
            web.get(f"{_PATH}/Patient", register.search),
            web.get(f"{_PATH}/Patient/{{number}}", register.read),
            web.get(f"{_PATH}/Patient/{{number}}/RelatedPerson", register.relatives),
        ]
    )
    return app


class Register:
    """Patients by NHS number; a superseded number answers with the record of the number now in use."""

    def __init__(self, rows: Mapping[str, Rows], world: World) -> None:
        self._rows = rows
        self._world = world
        self._people = {child.key: child.at(SOURCE) for child in world.children if child.key in rows}
        self._invalid = {child.nhs_number for child in world.children if child.invalidated}
        self._replaced: dict[str, list[str]] = {}
        for key, person in self._people.items():
            if person.superseded_by:
                self._replaced.setdefault(person.superseded_by, []).append(key)

    async def read(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if number in self._invalid:
            return refusal(
                404, "not-found", "INVALIDATED_RESOURCE", "Resource that has been marked as invalid"
            )
        person = self._now(number)
        if person is None:
            return refusal(404, "not-found", "RESOURCE_NOT_FOUND", "Resource not found")
        return answer(self._patient(person))

    async def relatives(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        person = self._now(number)
        if person is None:
            return refusal(404, "not-found", "RESOURCE_NOT_FOUND", "Resource not found")
        found = [] if person.sensitive else list(_relatives(person))
        return searchset(f"{_base(request)}/Patient/{person.nhs_number}", found)

    async def search(self, request: web.Request) -> web.Response:
        """By name, birth date and postcode, or by NHS number; a sensitive address finds nobody."""
        asked = dict(request.query)
        found = [
            self._patient(p) for p in self._people.values() if not p.superseded_by and _matches(p, asked)
        ]
        if not asked or set(asked) == {"gender"}:
            return refusal(400, "value", "INVALID_SEARCH_DATA", "Search data is invalid")
        return searchset(_base(request), found)

    def _now(self, number: str) -> Person | None:
        person = self._people.get(number)
        return self._people.get(person.superseded_by) if person and person.superseded_by else person

    def _patient(self, person: Person) -> Resource:
        rows = self._rows[person.key]
        return patient(person, rows, self._replaced.get(person.key, []), self._world)


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}{_PATH}"


def _matches(person: Person, asked: Mapping[str, str]) -> bool:
    held = {
        "identifier": {f"{NHS_NUMBER}|{person.nhs_number}".upper()},
        "family": {person.family.upper()},
        "given": {name.upper() for name in person.given},
        "birthdate": {person.birth_date.isoformat(), f"EQ{person.birth_date.isoformat()}"},
        "gender": {_gender(person).upper()},
        "address-postalcode": set() if person.sensitive else {person.address.postcode},
    }
    known = not person.invalidated and asked.keys() <= held.keys()
    return known and all(value.upper() in held[name] for name, value in asked.items())


def patient(person: Person, rows: Rows, replaced: list[str], world: World) -> Resource:
    """The child's record; without address, telephone and practice where it is sensitive."""
    where = {} if person.sensitive else _whereabouts(person, rows, world)
    return filled(
        resourceType="Patient",
        id=person.nhs_number,
        meta={"versionId": rows["version"], "security": [_security(person)]},
        identifier=[_number(person.nhs_number)],
        name=list(_names(person)),
        gender=_gender(person),
        birthDate=person.birth_date.isoformat(),
        deceasedDateTime=person.died.isoformat() if person.died else None,
        link=[_replaces(old) for old in replaced],
        extension=list(_extensions(person, rows)),
        **where,
    )


def _security(person: Person) -> Resource:
    code, display = ("R", "restricted") if person.sensitive else ("U", "unrestricted")
    return {"system": _CONFIDENTIALITY, "code": code, "display": display}


def _number(value: str) -> Resource:
    # as the register sends it: the older name of the code system
    coding = {
        "system": f"{_CODES}UKCore-NHSNumberVerificationStatus",
        "version": "1.0.0",
        "code": "01",
        "display": "Number present and verified",
    }
    status = {
        "url": f"{UK_CORE}Extension-UKCore-NHSNumberVerificationStatus",
        "valueCodeableConcept": {"coding": [coding]},
    }
    return {"extension": [status], "system": NHS_NUMBER, "value": value}


def _replaces(old: str) -> Resource:
    return {"other": {"identifier": {"system": NHS_NUMBER, "value": old}}, "type": "replaces"}


def _names(person: Person) -> Iterator[Resource]:
    yield filled(
        id=object_id(person.key, "name"),
        use="usual",
        period={"start": person.birth_date.isoformat()},
        prefix=[person.prefix] if person.prefix else [],
        given=list(person.given),
        family=person.family,
    )
    if person.known_as and person.known_as not in person.given[:1]:
        yield {"id": object_id(person.key, "known as"), "use": "nickname", "given": [person.known_as]}
    if person.former_family:
        yield filled(
            id=object_id(person.key, "old name"),
            use="old",
            given=list(person.given),
            family=person.former_family,
        )


def _gender(person: Person) -> str:
    return {"F": "female", "M": "male"}.get(person.sex, "unknown")


def _whereabouts(person: Person, rows: Rows, world: World) -> Resource:
    since = max((former.until for former in person.former_addresses), default=person.birth_date)
    phones = [
        filled(id=object_id(person.key, "tel"), system="phone", value=_dense(person.telephone), use="mobile")
    ]
    return {
        "address": [_address(person.key, person.address, since)] if person.address.lines else [],
        "telecom": phones if person.telephone else [],
        "generalPractitioner": list(_practice(person, rows, world)),
    }


def _address(key: str, address: Address, since: date | None = None) -> Resource:
    return filled(
        id=object_id(key, "address"),
        period={"start": since.isoformat()} if since else {},
        use="home",
        line=[*address.lines, address.city],
        postalCode=address.postcode,
    )


def _practice(person: Person, rows: Rows, world: World) -> Iterator[Resource]:
    if person.gp in world.organisations:
        since = rows.get("practice_since", person.birth_date).isoformat()
        number = {"system": ODS, "value": world.organisations[person.gp].value, "period": {"start": since}}
        yield {"id": object_id(person.key, "gp"), "type": "Organization", "identifier": number}


def _extensions(person: Person, rows: Rows) -> Iterator[Resource]:
    for n, language in enumerate(person.languages):
        code, display = _LANGUAGES.get(language, (language, ""))
        coding = filled(system=f"{_CODES}UKCore-HumanLanguage", version="1.0.0", code=code, display=display)
        parts: list[Resource] = [{"url": "language", "valueCodeableConcept": {"coding": [coding]}}]
        if n == 0 and "interpreter" in rows:
            parts.append({"url": "interpreterRequired", "valueBoolean": rows["interpreter"]})
        yield {"url": f"{UK_CORE}Extension-UKCore-NHSCommunication", "extension": parts}
    if person.died:
        yield _death(person.died.isoformat())


def _death(moment: str) -> Resource:
    coding = {"system": f"{_CODES}UKCore-DeathNotificationStatus", "version": "1.0.0", "code": "1"}
    status: Any = {"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [coding]}}
    when = {"url": "systemEffectiveDate", "valueDateTime": moment}
    return {"url": f"{UK_CORE}Extension-UKCore-DeathNotificationStatus", "extension": [status, when]}


def _relatives(person: Person) -> Iterator[Resource]:
    for n, carer in enumerate(person.carers):
        if carer.parental_responsibility and carer.relationship in _RELATIONSHIPS:
            yield _relative(person, carer, n)


def _relative(person: Person, carer: Carer, n: int) -> Resource:
    return filled(
        resourceType="RelatedPerson",
        id=object_id(person.key, "relative", n),
        patient={"identifier": {"system": NHS_NUMBER, "value": person.nhs_number}},
        active=True,
        period={"start": person.birth_date.isoformat()},
        relationship=[{"coding": [*_relationship(carer)]}],
        name=[filled(use="usual", prefix=[carer.prefix], given=list(carer.given), family=carer.family)],
        telecom=[{"system": "phone", "value": _dense(carer.telephone), "use": "mobile"}]
        if carer.telephone
        else [],
        address=[_address(f"{person.key}-{n}", carer.address or person.address)],
    )


def _relationship(carer: Carer) -> Iterator[Resource]:
    code, display = _RELATIONSHIPS[carer.relationship]
    yield {"system": _ROLE_CODE, "code": code, "display": display}
    yield {
        "system": "https://fhir.nhs.uk/R4/CodeSystem/UKCore-AdditionalRelatedPersonRole",
        "code": "Guardian",
        "display": "Guardian of patient",
    }


def _dense(telephone: str) -> str:
    return telephone.replace(" ", "")
