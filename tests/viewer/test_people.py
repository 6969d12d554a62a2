"""Who's involved: each person once, lead first, with the number that works now and how we know."""

from dataclasses import replace

from gateway.federation.view import View
from gateway.viewer.parts import Fig, Worker
from tests.viewer import maya
from tests.viewer.building import Made, display, period, resource, said, to


def people(*resources: Made, view: View = maya.VIEW) -> tuple[Worker, ...]:
    return maya.shown(replace(view, resources=resources)).workers


def practitioner(id_: str, name: str, number: str = "", origin: str = "northtown-csc") -> Made:
    numbers = [{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": number}] if number else []
    return resource("Practitioner", "practitioner", origin, id=id_, name=[{"text": name}], identifier=numbers)


def team(member: Made, origin: str = "northtown-csc", role: str = "Social worker", **times: str) -> Made:
    part = {"member": to(member), "role": [said(role)], "period": period(**times) if times else {}}
    return resource("CareTeam", "involvement", origin, participant=[part])


def test_scenario_a_names_four_people_lead_first() -> None:
    shown = maya.shown()

    assert [worker.name for worker in shown.workers] == ["J. Patel", "Named nurse", "Dr Wyn", "K. Doyle"]
    assert shown.workers_heading == "4 people, lead first"


def test_the_lead_has_her_number_and_the_councils_night_number() -> None:
    lead = maya.shown().workers[0]

    assert lead.group == "lead"
    assert lead.phones == (Fig("", "01632 960112"), Fig("At night", "01632 960111"))
    assert (lead.job, lead.since, lead.last_contact) == ("Social worker", "05-Aug-2026", "28-Oct-2026")
    assert lead.how == "case record"


def test_only_a_rota_makes_someone_reachable_now() -> None:
    tags = {worker.name: (worker.tag, worker.reachable) for worker in maya.shown().workers}

    assert tags["Named nurse"] == ("Reachable now", True)
    assert tags["K. Doyle"] == ("Office hours", False)
    assert tags["Dr Wyn"] == ("", False)


def test_those_who_looked_before_are_not_involved_for_that() -> None:
    assert not any("Liaison" in worker.job for worker in maya.shown().workers)


def test_one_registration_number_is_one_person_however_the_name_is_written() -> None:
    here = practitioner("p1", "Dr Ann Wyn", "7654321")
    there = practitioner("p2", "WYN A", "7654321", "northtown-general")
    found = people(here, team(here), there, team(there, "northtown-general"))

    assert len(found) == 1
    assert [mark.source for mark in found[0].marks] == ["northtown-csc", "northtown-general"]


def test_two_people_of_one_name_at_two_places_stay_two() -> None:
    here = practitioner("p1", "J. Smith", "1111111")
    there = practitioner("p2", "J. Smith", "2222222", "northtown-general")

    assert len(people(here, team(here), there, team(there, "northtown-general"))) == 2


def test_an_involvement_that_has_ended_is_in_the_past() -> None:
    worker = practitioner("p1", "E. Brook")
    found = people(worker, team(worker, start="2025-01-01", end="2026-05-14"))

    assert found[0].group == "past"


def test_a_worker_without_a_number_has_their_agencys() -> None:
    worker = practitioner("p1", "E. Brook")

    assert people(worker, team(worker))[0].phones == (
        Fig("Northtown Council, office", "01632 960110"),
        Fig("At night", "01632 960111"),
    )


def test_relatives_in_a_care_team_are_not_professionals() -> None:
    mother = {"member": {"reference": "RelatedPerson/m", "display": "Tara"}}

    assert people(resource("CareTeam", "involvement", "northtown-csc", participant=[mother])) == ()


def test_a_contact_that_did_not_happen_is_no_last_contact() -> None:
    worker = practitioner("p1", "K. Doyle")
    missed = resource(
        "Encounter", "health-review", "northtown-csc", status="cancelled", period=period("2026-10-01"),
        participant=[{"individual": to(worker)}],
    )  # fmt: skip

    assert people(worker, team(worker), missed)[0].last_contact == ""


def test_a_practice_known_by_its_code_only_is_named_if_another_source_names_it() -> None:
    code = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "DEMO3"}
    practice = resource(
        "Organization", "organization", "millbrook-gp", name="Millbrook Surgery", identifier=[code]
    )
    patient = {**maya.PATIENT, "generalPractitioner": [{"identifier": code}]}
    found = people(practice, view=replace(maya.VIEW, patient=patient))

    assert [worker.name for worker in found] == ["Millbrook Surgery"]


def test_they_can_be_copied_as_text() -> None:
    assert maya.shown().workers_text.splitlines()[0] == (
        "J. Patel (lead); Social worker; Northtown Council; 01632 960112, At night 01632 960111"
    )


def test_someone_known_by_a_display_only_is_still_named() -> None:
    found = people(
        resource("CareTeam", "involvement", "northtown-general", participant=[{"member": display("N. Ward")}])
    )

    assert [worker.name for worker in found] == ["N. Ward"]
