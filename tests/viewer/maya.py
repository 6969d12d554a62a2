"""Scenario A as a literal View: Maya Oakley at 02:07, the police not answering.

The resources are shaped as the mappings make them; the words are those of the scenario and of its picture.
"""

from dataclasses import replace

from gateway.federation.receipt import Line, Notice, State
from gateway.federation.view import View
from gateway.viewer.model import page
from gateway.viewer.page import Page, Person, Place, Service
from tests.viewer.building import (
    BASE,
    CHILD,
    NOW,
    REDACTED,
    SATURDAY,
    Made,
    display,
    line,
    period,
    resource,
    said,
    to,
)

DR_SEN = Person("Dr R. Sen", "ED registrar", "Northtown General", "emergency-care", token="t0ken")
SERVICE = Service("Northshire children’s record", "Northtown out of hours team", "01632 960111")
PLACE = Place(BASE, "/child/b64opaque", SERVICE)
NIGHT = ("01632 960110", "01632 960111")

_CSC_SECTIONS = ("alerts", "voice", "involved", "plans", "chronology", "family")
_POLICE_SECTIONS = ("police", "chronology")

CP_IS = line(
    "cp-is",
    "CP-IS",
    "child-protection-information",
    agency_name="Northtown Council",
    items=4,
    seconds=1.1,
    as_at=NOW,
    sections=("alerts",),
    phones=NIGHT,
)
CSC = line(
    "northtown-csc",
    "Northtown Council, children’s social care",
    "social-care",
    agency_name="Northtown Council",
    items=9,
    seconds=1.1,
    as_at=NOW,
    sections=_CSC_SECTIONS,
    phones=NIGHT,
)
HOSPITAL = line(
    "northtown-general",
    "Northtown General",
    "hospital",
    items=2,
    seconds=0.4,
    as_at=NOW,
    sections=("health", "involved", "alerts"),
    phones=("01632 960151", "01632 960151"),
)
GP = line(
    "millbrook-gp",
    "Millbrook Surgery",
    "gp",
    items=3,
    seconds=0.9,
    as_at=SATURDAY,
    sections=("health", "involved"),
    phones=("01632 960125",),
)
COMMUNITY = line(
    "northshire-community",
    "Northshire Community Health",
    "community-health",
    items=4,
    seconds=1.6,
    as_at=NOW,
    sections=("health", "involved", "voice"),
    phones=("01632 960130",),
)
POLICE = line(
    "northshire-police",
    "Northshire Police",
    "police",
    State.TIMED_OUT,
    seconds=6.0,
    text="No answer after 6 seconds. Nothing is known either way.",
    sections=_POLICE_SECTIONS,
    phones=("01632 960140", "01632 960140"),
)
NURSERY = line("little-acorns", "Little Acorns Nursery", "nursery", State.NOT_CONNECTED)
HOUSING = line("northtown-homes", "Northtown Homes", "housing", State.NOT_CONNECTED)
PDS = line(
    "pds",
    "Personal Demographics Service",
    "identity",
    items=1,
    as_at=NOW,
    counted=False,
    sections=("identity", "family"),
)
LINES = (PDS, CP_IS, CSC, HOSPITAL, GP, COMMUNITY, POLICE, NURSERY, HOUSING)

PATIENT = resource(
    "Patient",
    "identity",
    "pds",
    id="maya",
    extension=[
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", "valueBoolean": False}
    ],
    identifier=[{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990001375"}],
    name=[
        {"use": "usual", "prefix": ["Miss"], "given": ["Maya"], "family": "Oakley"},
        {"use": "nickname", "given": ["May"]},
    ],
    gender="female",
    birthDate="2022-03-14",
    address=[{"use": "home", "line": ["14 Elm Road"], "city": "Northtown", "postalCode": "NS1 4QE"}],
    communication=[{"language": said("English")}, {"language": said("BSL")}],
)
GP_PATIENT = resource(
    "Patient",
    "identity",
    "millbrook-gp",
    name=[{"use": "official", "prefix": ["Miss"], "given": ["Maya"], "family": "Oakley"}],
    gender="female",
    birthDate="2022-03-14",
    address=[{"use": "home", "line": ["2 Ash Close"], "city": "Northtown", "postalCode": "NS1 6BT"}],
    generalPractitioner=[{"reference": "PractitionerRole/dr-wyn-role"}],
)

_COUNCIL = resource(
    "Organization",
    "organization",
    "cp-is",
    name="Northtown Council",
    contact=[
        {"purpose": said("Office hours"), "telecom": [{"system": "phone", "value": "01632960110"}]},
        {"purpose": said("Out of hours"), "telecom": [{"system": "phone", "value": "01632960111"}]},
    ],
)
_CP_KIND = {
    "coding": [
        {"system": "https://fhir.nhs.uk/R4/CodeSystem/CPIS-ObservationType", "code": "CPPI"},
        {"system": "http://snomed.info/sct", "code": "342191000000101"},
    ],
    "text": "Child protection plan",
}
CP_IS_PLAN = resource(
    "CarePlan",
    "child-protection-plan",
    "cp-is",
    status="active",
    intent="plan",
    title="Child protection plan",
    category=[_CP_KIND],
    subject=CHILD,
    period=period("2026-09-02"),
    author=to(_COUNCIL),
)
CSC_PLAN = resource(
    "CarePlan",
    "child-protection-plan",
    "northtown-csc",
    status="active",
    intent="plan",
    title="Child protection plan",
    category=[
        _CP_KIND,
        {"text": "Neglect", "coding": [{"system": f"{BASE}/CodeSystem/dfe-abuse", "code": "NEG"}]},
    ],
    subject=CHILD,
    period=period("2026-09-02"),
)


def _viewer(key: str, role: str, organisation: str, moment: str) -> tuple[Made, Made]:
    who = resource(
        "PractitionerRole",
        "practitioner-role",
        "cp-is",
        id=f"viewer-{key}",
        organization=display(organisation),
        code=[said(role)],
    )
    event = resource(
        "AuditEvent",
        "previous-viewer",
        "cp-is",
        action="R",
        recorded=moment,
        agent=[{"who": to(who), "requestor": True}],
        source={"observer": display("CP-IS")},
    )
    return event, who


_VIEWERS = (
    *_viewer("1", "Health Visitor", "Northshire Community Health", "2026-11-12T09:14:00+00:00"),
    *_viewer("2", "ED Nurse", "Northtown General", "2026-11-09T22:40:00+00:00"),
    *_viewer("3", "Paediatric Liaison", "Northtown General", "2026-09-03T00:00:00+01:00"),
)

_PATEL = resource(
    "Practitioner",
    "practitioner",
    "northtown-csc",
    id="patel",
    identifier=[{"system": f"{BASE}/Id/social-work-england-number", "value": "SW12345"}],
    name=[{"text": "J. Patel"}],
    qualification=[{"code": said("Social worker")}],
)
_TEAM = resource("Organization", "organization", "northtown-csc", id="team", name="Northtown Council")
INVOLVEMENT = resource(
    "CareTeam",
    "involvement",
    "northtown-csc",
    status="active",
    name="case record",
    period=period("2026-08-05"),
    participant=[
        {
            "role": [said("Lead practitioner", "lead-practitioner")],
            "member": {**to(_PATEL), "display": "J. Patel"},
            "onBehalfOf": to(_TEAM),
            "period": period("2026-08-05"),
        }
    ],
)
_PATEL_ROLE = resource(
    "PractitionerRole",
    "practitioner-role",
    "northtown-csc",
    practitioner=to(_PATEL),
    organization=to(_TEAM),
    code=[said("Social worker")],
    telecom=[{"system": "phone", "value": "01632960112", "use": "work"}],
    availabilityExceptions="Mon to Fri 8.45 to 5",
)
_NURSE_ROLE = resource(
    "PractitionerRole",
    "practitioner-role",
    "northtown-general",
    id="named-nurse",
    practitioner=display("Named nurse"),
    organization=display("Northtown General"),
    code=[said("Safeguarding")],
    telecom=[{"system": "pager", "value": "960150"}],
    availableTime=[{"allDay": True}],
)
NURSE = resource(
    "CareTeam",
    "involvement",
    "northtown-general",
    status="active",
    name="rota",
    participant=[{"role": [said("Named nurse")], "member": to(_NURSE_ROLE)}],
)
_DOYLE = resource(
    "Practitioner", "practitioner", "northshire-community", id="doyle", name=[{"text": "K. Doyle"}]
)
_DOYLE_ROLE = resource(
    "PractitionerRole",
    "practitioner-role",
    "northshire-community",
    id="doyle-role",
    practitioner=to(_DOYLE),
    organization=display("Community Health"),
    code=[said("Health visitor")],
    telecom=[{"system": "phone", "value": "01632960130"}],
    availableTime=[
        {
            "daysOfWeek": ["mon", "tue", "wed", "thu", "fri"],
            "availableStartTime": "09:00:00",
            "availableEndTime": "17:00:00",
        }
    ],
)
VISITOR = resource(
    "EpisodeOfCare",
    "health-episode",
    "northshire-community",
    status="active",
    type=[said("Health visiting")],
    period=period("2022-03-30"),
    careManager=to(_DOYLE_ROLE),
)
_WYN = resource(
    "Practitioner", "practitioner", "millbrook-gp", id="wyn", name=[{"prefix": ["Dr"], "family": "Wyn"}]
)
_WYN_ROLE = resource(
    "PractitionerRole",
    "practitioner-role",
    "millbrook-gp",
    id="dr-wyn-role",
    practitioner=to(_WYN),
    organization=display("Millbrook Surgery"),
    code=[said("GP")],
    telecom=[{"system": "phone", "value": "01632960125"}],
)
PEOPLE = (_PATEL, _TEAM, INVOLVEMENT, _PATEL_ROLE, _NURSE_ROLE, NURSE, _DOYLE, _DOYLE_ROLE, _WYN, _WYN_ROLE)

WORDS = resource(
    "Observation",
    "voice-of-child",
    "northtown-csc",
    status="final",
    code=said("The child’s words"),
    effectiveDateTime="2026-10-28",
    performer=[{**to(_PATEL), "display": "J. Patel"}],
    valueString="I like it at Nana’s. She does my hair. I don’t like the shouting.",
    note=[{"text": "At nursery"}],
)
HELPS = resource(
    "Observation",
    "what-helps",
    "northshire-community",
    status="final",
    code=said("What helps the child"),
    effectiveDateTime="2026-05-12",
    performer=[display("K. Doyle")],
    valueString="Tell me before you touch me. Use signs. I want Bun, my blue rabbit.",
)
EVENTS = (
    resource(
        "Encounter",
        "ed-attendance",
        "northtown-general",
        status="finished",
        type=[said("ED attendance")],
        reasonCode=[said("bruised ear")],
        period=period("2026-11-09T22:31:00+00:00", "2026-11-09T23:50:00+00:00"),
        hospitalization={"dischargeDisposition": said("Discharged home")},
        participant=[{"individual": display("R0260 ED")}],
    ),
    resource(
        "Encounter",
        "social-care-visit",
        "northtown-csc",
        status="finished",
        type=[said("Maya spoke with her social worker"), said("Seen alone, at nursery")],
        period=period("2026-10-28"),
        participant=[{"individual": {**to(_PATEL), "display": "J. Patel"}}],
    ),
    resource(
        "Encounter",
        "health-review",
        "northshire-community",
        status="cancelled",
        type=[said("Review"), said("Was not brought")],
        period=period("2026-10-01"),
        participant=[{"individual": to(_DOYLE_ROLE)}],
    ),
    resource(
        "ServiceRequest",
        "referral",
        "northtown-csc",
        status="active",
        intent="order",
        code=said("Referral to children’s social care"),
        authoredOn="2026-08-05",
        requester=display("nursery (2B)"),
        reasonCode=[said("Abuse or neglect")],
    ),
    resource(
        "Immunization",
        "immunisation",
        "millbrook-gp",
        status="completed",
        vaccineCode=said("4-in-1 pre-school booster"),
        occurrenceDateTime="2026-05-12",
        note=[{"text": "Given at the surgery. Mother present."}],
    ),
    resource(
        "Immunization",
        "immunisation",
        "millbrook-gp",
        status="completed",
        vaccineCode=said("MMR 1"),
        occurrenceDateTime="2023-04-01",
    ),
    resource(
        "Encounter",
        "health-review",
        "northshire-community",
        status="finished",
        type=[said("4-year contact"), said("Seen at home")],
        period=period("2026-03-16"),
        participant=[{"individual": to(_DOYLE_ROLE)}],
    ),
    resource(
        "Encounter",
        "ed-attendance",
        "northtown-general",
        status="finished",
        type=[said("ED attendance")],
        reasonCode=[said("tummy bug")],
        period=period("2026-01-20"),
        hospitalization={"dischargeDisposition": said("Treated and sent home")},
    ),
)
ALLERGY_LIST = resource(
    "List",
    "allergy-list",
    "millbrook-gp",
    status="current",
    mode="snapshot",
    code=said("Allergies"),
    emptyReason={"coding": [{"code": "no-content-recorded"}]},
)
WEIGHT = resource(
    "Observation",
    "measurement",
    "millbrook-gp",
    status="final",
    code=said("Weight"),
    effectiveDateTime="2026-10-01",
    valueQuantity={"value": "14.1", "unit": "kg"},
)
FACTOR = resource(
    "Observation",
    "assessment-factor",
    "northtown-csc",
    status="final",
    code=said("Parent/carer factor recorded"),
    effectiveDateTime="2026-08-05",
    security=[REDACTED],
)


def _relative(relation: str, given: str, *stated: str) -> Made:
    kinds = [{"coding": [{"system": f"{BASE}/CodeSystem/cs-family", "code": code}]} for code in stated]
    return resource(
        "RelatedPerson",
        "related-person",
        "northtown-csc",
        relationship=[said(relation), *kinds],
        name=[{"use": "usual", "given": [given], "family": "Oakley"}],
        period=period("2026-08-05"),
    )


RELATIVES = (
    _relative("Mother", "Tara", "parental-responsibility", "lives-with-child"),
    _relative("Grandmother", "Jean", "no-parental-responsibility", "lives-elsewhere"),
)
RESOURCES = (
    CP_IS_PLAN,
    _COUNCIL,
    *_VIEWERS,
    CSC_PLAN,
    *PEOPLE,
    VISITOR,
    WORDS,
    HELPS,
    *EVENTS,
    ALLERGY_LIST,
    WEIGHT,
    FACTOR,
    *RELATIVES,
    GP_PATIENT,
)
NOTICE = Notice(
    what="Adult details about a carer",
    why="They are about another person. Your reason, emergency care, does not cover them.",
    contact="phone social care 01632 960111",
    source="northtown-csc",
    rules=("S-09",),
)
VIEW = View(
    patient=PATIENT,
    resources=RESOURCES,
    lines=LINES,
    notices=(NOTICE,),
    asked_at=NOW,
    finished=True,
    column="health-unscheduled",
    purpose="emergency-care",
    policy_version="northshire-msp-2026.4",
    reference="7F3K-21",
)
INCIDENT = resource(
    "Encounter",
    "domestic-abuse-incident",
    "northshire-police",
    status="finished",
    type=[said("Domestic abuse incident, child present", "domestic-abuse-incident")],
    period=period("2026-11-18"),
    security=[REDACTED],
)


def answered(view: View = VIEW) -> View:
    """The same view once the police have answered."""
    police = replace(POLICE, state=State.ANSWERED_DATA, items=1, seconds=2.0, as_at=NOW, text="")
    return replace(view, lines=swapped(view.lines, police), resources=(*view.resources, INCIDENT))


def swapped(lines: tuple[Line, ...], new: Line) -> tuple[Line, ...]:
    """The lines with the one of the same source replaced."""
    return tuple(new if old.source == new.source else old for old in lines)


def waiting(*sources: str, view: View = VIEW) -> View:
    """The view while these sources are still asked: their lines pend and their resources are not there."""
    lines = tuple(
        replace(old, pending=True, items=0, state=State.TIMED_OUT, text="", seconds=None, as_at=None)
        if old.source in sources
        else old
        for old in view.lines
    )
    here = tuple(r for r in view.resources if r["meta"]["source"].rpartition("/")[2] not in sources)
    return replace(view, lines=lines, resources=here, finished=False)


def shown(view: View = VIEW) -> Page:
    """The page that Dr Sen sees of a view."""
    return page(view, DR_SEN, NOW, PLACE)
