"""What a council's case system would hold about a made-up child: rows of the Standard Safeguarding Dataset.

https://data-to-insight.github.io/ssd-data-model/
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from gateway.demo.world import Address, Person, World, local_number

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_SOURCES = ("1A", "2A", "2B", "3A", "3B", "3E", "5D", "6")
_CATEGORIES = ("Neglect", "Emotional Abuse", "Physical Abuse", "Sexual Abuse")
_WORKERS = ("50412", "50377", "50233")
_FACTORS = ("1B", "2B", "3B", "4B", "16A", "17A", "4A", "6A")
_PLACEMENTS = (("U6", "PR1"), ("U4", "PR4"), ("U3", "PR1"), ("K2", "PR4"))


@dataclass(slots=True)
class _Case:
    """One child's rows while they are written: `number` is the council's own for the child."""

    person: Person
    number: str
    rng: random.Random
    today: date
    tables: Tables = field(default_factory=dict)

    def add(self, table: str, **columns: Any) -> None:
        """A row, without the columns that have no value."""
        kept = {name: value for name, value in columns.items() if value not in (None, "")}
        self.tables.setdefault(table, []).append(kept)

    def key(self, letters: str) -> str:
        """A row's own number: unique in the database."""
        return f"{self.number}{letters}{sum(map(len, self.tables.values()))}"

    @property
    def worker(self) -> str:
        return _WORKERS[int(self.number) % len(_WORKERS)]


def case_of(person: Person, world: World, rng: random.Random) -> Tables:
    """The rows about one child, who is as the council knows them."""
    case = _Case(person, local_number("northtown-csc", person), rng, world.today.date())
    _person(case)
    for situation, began in person.situation.items():
        if situation in _STORIES:
            _STORIES[situation](case, began)
    return case.tables


def _person(case: _Case) -> None:
    person = case.person
    case.add(
        "ssd_person",
        pers_person_id=case.number,
        pers_forename=person.given[0],
        pers_surname=person.family.title(),
        pers_sex={"M": "1", "F": "2"}.get(person.sex, ""),
        pers_ethnicity=person.ethnicity,
        pers_dob=person.birth_date,
        pers_common_child_id=person.nhs_number,
        pers_death_date=person.died.date() if person.died else None,
    )
    _addresses(case)
    family = min((person.key, *person.siblings))
    case.add(
        "ssd_family", fami_table_id=case.key("F"), fami_family_id=f"F{family}", fami_person_id=case.number
    )
    if person.upn:
        kind = "Unique Pupil Number"
        columns = {"link_identifier_type": kind, "link_identifier_value": person.upn}
        case.add("ssd_linked_identifiers", link_table_id=case.key("L"), link_person_id=case.number, **columns)


def _addresses(case: _Case) -> None:
    since = case.person.birth_date
    for former in sorted(case.person.former_addresses, key=lambda former: former.until):
        _address(case, former.address, since, former.until)
        since = former.until
    _address(case, case.person.address, since, None)


def _address(case: _Case, address: Address, since: date, until: date | None) -> None:
    house, _, street = (address.lines[-1] if address.lines else "").partition(" ")
    flat = address.lines[0] if len(address.lines) > 1 else ""
    case.add(
        "ssd_address",
        addr_table_id=case.key("A"),
        addr_person_id=case.number,
        addr_address_type="Primary Address",
        addr_address_json=json.dumps({"FLAT": flat, "HOUSE": house, "STREET": street, "TOWN": address.city}),
        addr_address_postcode=address.postcode,
        addr_address_start_date=since,
        addr_address_end_date=until,
    )


def _referred(case: _Case, on: date, until: date | None = None) -> str:
    """A contact that became a referral, and the worker who took it on; gives the referral's number."""
    source, referral = case.rng.choice(_SOURCES), case.key("9")
    case.add(
        "ssd_contacts",
        cont_contact_id=case.key("C"),
        cont_person_id=case.number,
        cont_contact_date=on - timedelta(days=1),
        cont_contact_source_code=source,
        cont_contact_outcome_json=_flags("NEW_REFERRAL_FLAG"),
    )
    case.add(
        "ssd_cin_episodes",
        cine_referral_id=referral,
        cine_person_id=case.number,
        cine_referral_date=on,
        cine_cin_primary_need_code=case.rng.choice(("N1", "N1", "N4", "N5")),
        cine_referral_source_code=source,
        cine_referral_outcome_json=_flags("SINGLE_ASSESSMENT_FLAG"),
        cine_referral_nfa="N",
        cine_close_date=until,
        cine_close_reason="RC7" if until else "",
        cine_referral_team="T20",
        cine_referral_worker_id="50020",
    )
    case.add(
        "ssd_involvements",
        invo_involvements_id=case.key("I"),
        invo_person_id=case.number,
        invo_professional_id=case.worker,
        invo_professional_role_id="Allocated Case Worker",
        invo_professional_team="T10",
        invo_involvement_start_date=on,
        invo_involvement_end_date=until,
        invo_referral_id=referral,
    )
    return referral


def _assessed(case: _Case, referral: str, on: date) -> None:
    assessment = case.key("S")
    factors = sorted(case.rng.sample(_FACTORS, k=case.rng.randint(1, 3)))
    case.add(
        "ssd_cin_assessments",
        cina_assessment_id=assessment,
        cina_person_id=case.number,
        cina_referral_id=referral,
        cina_assessment_start_date=on,
        cina_assessment_auth_date=on + timedelta(days=case.rng.randint(15, 40)),
        cina_assessment_child_seen="Y",
        cina_assessment_worker_id=case.worker,
    )
    case.add(
        "ssd_assessment_factors",
        cinf_table_id=case.key("X"),
        cinf_assessment_id=assessment,
        cinf_assessment_factors_json=json.dumps(factors),
    )


def _in_need(case: _Case, on: date) -> None:
    referral = _referred(case, on - timedelta(days=30))
    _assessed(case, referral, on - timedelta(days=28))
    case.add(
        "ssd_cin_plans",
        cinp_cin_plan_id=case.key("N"),
        cinp_referral_id=referral,
        cinp_person_id=case.number,
        cinp_cin_plan_start_date=on,
        cinp_cin_plan_team="T10",
        cinp_cin_plan_worker_id=case.worker,
    )


def _protected(case: _Case, on: date) -> None:
    _plan(case, on, None)
    for weeks in range(0, max((case.today - on).days // 7, 0), 4):
        case.add(
            "ssd_cp_visits",
            cppv_cp_visit_id=case.key("V"),
            cppv_person_id=case.number,
            cppv_cp_visit_date=on + timedelta(weeks=weeks, days=5),
            cppv_cp_visit_seen="Y",
            cppv_cp_visit_seen_alone=case.rng.choice("YN"),
        )


def _protection_ended(case: _Case, on: date) -> None:
    _plan(case, on - timedelta(days=250), on)


def _plan(case: _Case, on: date, until: date | None) -> None:
    referral = _referred(case, on - timedelta(days=35), until)
    _assessed(case, referral, on - timedelta(days=33))
    enquiry, conference, plan = case.key("Q"), case.key("K"), case.key("P")
    category = case.rng.choice(_CATEGORIES)
    case.add(
        "ssd_s47_enquiry",
        s47e_s47_enquiry_id=enquiry,
        s47e_referral_id=referral,
        s47e_person_id=case.number,
        s47e_s47_start_date=on - timedelta(days=15),
        s47e_s47_end_date=on - timedelta(days=5),
        s47e_s47_outcome_json=_flags("CP_CONFERENCE_FLAG"),
        s47e_s47_completed_by_worker_id=case.worker,
    )
    case.add(
        "ssd_initial_cp_conference",
        icpc_icpc_id=conference,
        icpc_s47_enquiry_id=enquiry,
        icpc_person_id=case.number,
        icpc_icpc_date=on,
        icpc_icpc_outcome_cp_flag="Y",
    )
    case.add(
        "ssd_cp_plans",
        cppl_cp_plan_id=plan,
        cppl_referral_id=referral,
        cppl_icpc_id=conference,
        cppl_person_id=case.number,
        cppl_cp_plan_start_date=on,
        cppl_cp_plan_end_date=until,
        cppl_cp_plan_initial_category=category,
        cppl_cp_plan_latest_category=category,
    )
    _reviews(case, plan, on, until)


def _reviews(case: _Case, plan: str, on: date, until: date | None) -> None:
    """A review after three months, and then every six; the last one is due."""
    due = on + timedelta(days=91)
    while due <= (until or case.today + timedelta(days=182)):
        held = due if due <= case.today else None
        case.add(
            "ssd_cp_reviews",
            cppr_cp_review_id=case.key("R"),
            cppr_person_id=case.number,
            cppr_cp_plan_id=plan,
            cppr_cp_review_due=due,
            cppr_cp_review_date=held,
            cppr_cp_review_outcome_continue_cp=("N" if held == until else "Y") if held else None,
        )
        due += timedelta(days=182)


def _looked_after(case: _Case, on: date) -> None:
    _referred(case, on - timedelta(days=10))
    kind, provider = case.rng.choice(_PLACEMENTS)
    period, placement = case.key("E"), case.key("M")
    case.add(
        "ssd_cla_episodes",
        clae_cla_episode_id=case.key("H"),
        clae_person_id=case.number,
        clae_cla_id=period,
        clae_cla_episode_start_date=on,
        clae_entered_care_date=on,
        clae_cla_episode_start_reason="S",
        clae_cla_primary_need_code="N1",
        clae_cla_placement_id=placement,
    )
    case.add(
        "ssd_cla_placement",
        clap_cla_placement_id=placement,
        clap_cla_id=period,
        clap_person_id=case.number,
        clap_cla_placement_start_date=on,
        clap_cla_placement_type=kind,
        clap_cla_placement_provider=provider,
        clap_cla_placement_postcode=f"NS{case.rng.randint(1, 5)} {case.rng.randint(1, 9)}ZZ",
    )
    case.add(
        "ssd_legal_status",
        lega_legal_status_id=case.key("G"),
        lega_person_id=case.number,
        lega_legal_status=case.rng.choice(("C1", "C2", "V2")),
        lega_legal_status_start_date=on,
    )


def _missing(case: _Case, on: date) -> None:
    offered = case.rng.choice(("Y", "Y", "N", ""))
    case.add(
        "ssd_missing",
        miss_table_id=case.key("Z"),
        miss_person_id=case.number,
        miss_missing_episode_start_date=on,
        miss_missing_episode_end_date=on + timedelta(days=case.rng.randint(0, 2)),
        miss_missing_episode_type="M",
        miss_missing_rhi_offered=offered,
        miss_missing_rhi_accepted=case.rng.choice("YN") if offered == "Y" else "",
    )


def _flags(*said: str, names: Sequence[str] = ("NFA_FLAG", "OTHER_OUTCOMES_EXIST_FLAG")) -> str:
    """An outcome as the dataset writes it: every flag is there, and only some say yes."""
    return json.dumps({**dict.fromkeys(names, "N"), **dict.fromkeys(said, "Y")})


_STORIES = {
    "child-in-need": _in_need,
    "child-protection": _protected,
    "child-protection-ended": _protection_ended,
    "looked-after": _looked_after,
    "missing": _missing,
}
