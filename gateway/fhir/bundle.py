"""A view as a searchset Bundle: matches, what they refer to, and the receipt.

https://hl7.org/fhir/R4/bundle.html#searchset ; no `total` while anything may be missing.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from gateway.federation.view import Resource, View
from gateway.fhir.receipt import outcome_entry
from gateway.fhir.sign import ReceiptSigner
from gateway.fhir.write import dumps

# resources that others refer to; in $everything they are included, not matched
_REFERRED = frozenset({"Practitioner", "PractitionerRole", "Organization", "Location"})


@dataclass(frozen=True, slots=True)
class Page:
    """What one page of a searchset holds, and the links that it has."""

    matches: Sequence[Resource]
    included: Sequence[Resource]
    self_link: str
    next_link: str = ""
    total: int | None = None
    ignored: Sequence[str] = ()


def is_referred(resource: Resource) -> bool:
    """In $everything, a resource that others refer to."""
    return resource["resourceType"] in _REFERRED


def searchset(page: Page, view: View, base: str, url: str, asker: str, signer: ReceiptSigner) -> bytes:
    """The Bundle's bytes; `url` is the FHIR base that clients use."""
    entries = [_entry(resource, url, "match") for resource in page.matches]
    entries += [_entry(resource, url, "include") for resource in page.included]
    receipt = outcome_entry(view, base, asker, entries, signer)
    # the bytes that the audit has vouched for, not a second writing of the same
    for entry in entries:
        entry["resource"] = orjson.Fragment(view.written[entry["resource"]["id"]])
    receipt["resource"]["issue"] += [_ignored(name) for name in page.ignored]
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "id": str(uuid.uuid4()),
        "meta": {"lastUpdated": _instant(view.asked_at)},
        "type": "searchset",
        "timestamp": _instant(view.asked_at),
        "link": _links(page),
        "entry": [*entries, receipt],
    }
    if page.total is not None and view.complete:
        bundle["total"] = page.total
    return dumps(bundle)


def _links(page: Page) -> list[Mapping[str, str]]:
    links: list[Mapping[str, str]] = [{"relation": "self", "url": page.self_link}]
    if page.next_link:
        links.append({"relation": "next", "url": page.next_link})
    return links


def _entry(resource: Resource, url: str, mode: str) -> dict[str, Any]:
    full = f"{url}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": full, "resource": resource, "search": {"mode": mode}}


def _ignored(name: str) -> dict[str, Any]:
    return {
        "severity": "warning",
        "code": "not-supported",
        "details": {"text": f"The parameter {name} is not supported and was not applied."},
    }


def _instant(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds")
