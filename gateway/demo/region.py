"""Northshire's people and organisations, read from the files beside this one.

people.toml (scenario children), staff.toml (demo users), northshire.toml (sources and organisations);
scenario rows of an agency are in facts/<source id>.toml.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Any

from gateway.demo.world import (
    CLOCK_START,
    LONDON,
    Address,
    Carer,
    FormerAddress,
    Organisation,
    Person,
    Rows,
    Staff,
    World,
)


def region(made_up: Sequence[Person] = (), today: datetime = CLOCK_START) -> World:
    """Northshire with its scenario children, and these made-up ones after them."""
    return World((*scenario_children(), *made_up), staff(), organisations(), today)


def scenario_children() -> tuple[Person, ...]:
    """The children of the scenarios, in the order of people.toml."""
    return tuple(_person(n, number, body) for n, (number, body) in enumerate(_read("people.toml").items()))


def staff() -> dict[str, Staff]:
    """The demo users by user id."""
    connected = {source["id"] for source in planned_sources() if "system" in source}
    members = [_staff(body, connected) for body in _read("staff.toml").values()]
    return {member.user: member for member in members}


def organisations() -> dict[str, Organisation]:
    """Agencies, practices and schools by id, sources that are not connected among them."""
    plan = _read("northshire.toml")
    known = [_agency(body) for body in plan["source"]] + [
        _organisation(body) for body in plan["organisation"]
    ]
    return {organisation.id: organisation for organisation in known}


def planned_sources() -> list[dict[str, Any]]:
    """The sources as northshire.toml names them, without address and secret."""
    sources: list[dict[str, Any]] = _read("northshire.toml")["source"]
    return sources


def facts(source: str) -> dict[str, Rows]:
    """What an agency holds about the scenario children, by NHS number; empty if there is no such file."""
    file = files("gateway.demo") / "facts" / f"{source}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("gateway.demo") / name).read_text(encoding="utf-8"))


def _person(index: int, number: str, body: Mapping[str, Any]) -> Person:
    died = body.get("died")
    return Person(
        **{
            **body,
            "key": number,
            "index": index,
            "nhs_number": number,
            "given": tuple(body["given"]),
            "address": _address(body["address"]),
            "languages": tuple(body.get("languages", ("en",))),
            "carers": tuple(_carer(carer) for carer in body.get("carers", ())),
            "former_addresses": tuple(_former(former) for former in body.get("former_addresses", ())),
            "known_to": frozenset(body["known_to"]),
            "died": died.astimezone(LONDON) if died else None,
        }
    )


def _carer(body: Mapping[str, Any]) -> Carer:
    carer = Carer(**{**body, "given": tuple(body["given"]), "address": None})
    return replace(carer, address=_address(body["address"])) if "address" in body else carer


def _former(body: Mapping[str, Any]) -> FormerAddress:
    return FormerAddress(_address(body["address"]), body["until"], body["area"])


def _address(body: Mapping[str, Any]) -> Address:
    return Address(tuple(body["lines"]), body["city"], body["postcode"])


def _staff(body: Mapping[str, Any], connected: set[str]) -> Staff:
    own = body["organisation"] if body["organisation"] in connected else ""
    return Staff(**{**body, "source": own, "local_ids": tuple(body.get("local_ids", ()))})


def _agency(body: Mapping[str, Any]) -> Organisation:
    telephone, code = body["telephone"], body["organization"]
    return Organisation(
        id=body["id"],
        name=body["agency_name"],
        kind=body["agency"],
        system=code["system"],
        value=code["value"],
        telephone=telephone["office"],
        out_of_hours=telephone.get("out_of_hours", ""),
    )


def _organisation(body: Mapping[str, Any]) -> Organisation:
    code = body["organization"]
    return Organisation(
        body["id"], body["name"], body["kind"], code["system"], code["value"], body["telephone"]
    )
