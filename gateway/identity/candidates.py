"""Children who may be meant by a name and a date of birth, as the identity source has them.

https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir ; the search is in the
audit before it is asked, and so is each child that it finds, by pseudonym, before any is shown.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field

from auth.decision import Outcome
from auth.policy.decide import before_identity
from auth.principal import Principal
from connectors.base import Query, Record, SourceError
from gateway.audit.recording import recorder
from gateway.errors import IdentityUnknown, InvalidRequest, Refused
from gateway.federation.connected import Connected
from gateway.runtime import Runtime

KIND = "candidate"
MOST = 10
_HIDDEN = frozenset({"R", "V"})


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of the child who is looked for; `born` is ISO. Prints without content."""

    family: str = field(repr=False)
    given: str = field(repr=False)
    born: str = field(repr=False)
    postcode: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """One child who may be meant. `id` is that of their Patient; `hidden`: the address is withheld."""

    id: str
    family: str = field(repr=False)
    given: str = field(repr=False)
    born: str = field(repr=False)
    gender: str
    outcode: str = field(repr=False)
    hidden: bool


async def candidates(
    runtime: Runtime, principal: Principal, described: Described, request_id: str
) -> tuple[Found, ...]:
    """Children who may be meant; raises Refused, InvalidRequest, IdentityUnknown or AuditUnavailable."""
    record = recorder(runtime, principal, request_id, "search-type")
    await record.opened()
    ruling, needs = before_identity(runtime.rules, principal)
    if ruling.outcome is not Outcome.PERMIT:
        await record.refused(ruling)
        raise Refused(ruling.text, runtime.settings.contact, ruling.rules, needs)
    if not described.family or not described.born:
        raise InvalidRequest("Enter the last name and the date of birth.")
    identity = next((c for c in runtime.connected if c.source.agency == "identity"), None)
    records = await _asked(runtime, identity, described)
    # a search by postcode must not find whom it could locate
    shown = [r for r in records if not (described.postcode and _hidden(r))][:MOST]
    await record.found(identity.id if identity else "", [str(r["id"]) for r in shown])
    return tuple(_found(runtime, r) for r in shown)


async def _asked(runtime: Runtime, identity: Connected | None, described: Described) -> list[Record]:
    unknown = IdentityUnknown(
        "The register of names did not answer. Nothing is known either way. Search by NHS number, or phone.",
        runtime.settings.contact,
    )
    if identity is None or KIND not in identity.connector.capabilities:
        raise unknown
    filters = {"given": described.given, "born": described.born, "postcode": described.postcode}
    query = Query(KIND, {"family": described.family}, {k: v for k, v in filters.items() if v}, MOST)
    try:
        async with asyncio.timeout(runtime.settings.budget_seconds):
            async with aclosing(identity.connector.fetch(query)) as records:
                return [record async for record in records if record.kind == KIND]
    except (SourceError, TimeoutError) as error:
        raise unknown from error


def _hidden(record: Record) -> bool:
    return any(label.get("code") in _HIDDEN for label in record.get("meta", {}).get("security", ()))


def _found(runtime: Runtime, record: Record) -> Found:
    names = sorted(record.get("name", ()), key=lambda name: name.get("use") != "usual")
    name = names[0] if names else {}
    addresses = [] if _hidden(record) else record.get("address", ())
    postcode = next((a["postalCode"] for a in addresses if a.get("postalCode")), "")
    number = str(record["id"])
    return Found(
        id=runtime.ids.make(runtime.identity_source, "Patient", number, number),
        family=name.get("family", ""),
        given=" ".join(name.get("given", ())),
        born=record.get("birthDate", ""),
        gender=record.get("gender", ""),
        outcode=postcode.split(" ")[0],
        hidden=_hidden(record),
    )
