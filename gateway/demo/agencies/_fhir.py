"""What the made-up FHIR servers share: searchsets, refusals, and the check of who asks.

https://hl7.org/fhir/R4/bundle.html#searchset ; https://hl7.org/fhir/R4/operationoutcome.html
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from aiohttp import web

Resource = dict[str, Any]

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/"
SPINE_ERRORS = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"
_NAMES = UUID("7a3c9a52-5a0b-4a53-9c1b-0f2a5f6d8e11")


def answer(resource: Resource, status: int = 200) -> web.Response:
    """`resource` as a server sends it."""
    return web.Response(
        text=json.dumps(resource, ensure_ascii=False), status=status, content_type="application/fhir+json"
    )


def refusal(status: int, code: str, spine_code: str, text: str) -> web.Response:
    """An OperationOutcome in the manner of the NHS's national services."""
    coding = {"system": SPINE_ERRORS, "version": "1", "code": spine_code, "display": text}
    issue = {"severity": "error", "code": code, "details": {"coding": [coding]}}
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def searchset(base: str, matches: Sequence[Resource], included: Sequence[Resource] = ()) -> web.Response:
    """A page of matches and of what they refer to; all on one page."""
    entries = [_entry(base, found, "match") for found in matches]
    entries += [_entry(base, found, "include") for found in included]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(matches)}
    return answer({**bundle, "entry": entries} if entries else bundle)


def _entry(base: str, resource: Resource, mode: str) -> Resource:
    url = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}


def known_caller(secret: str) -> Any:
    """A middleware that answers 401 unless the caller presents the token."""

    @web.middleware
    async def check(request: web.Request, handler: Any) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {secret}":
            return refusal(401, "login", "ACCESS_DENIED", "Access denied")
        found: web.StreamResponse = await handler(request)
        return found

    return check


def filled(**elements: Any) -> Resource:
    """The elements that have a value."""
    return {name: value for name, value in elements.items() if value not in (None, "", [], {}, ())}


def object_id(*parts: object) -> str:
    """Eight hexadecimal digits that stay the same for the same parts."""
    return f"{zlib.crc32('/'.join(map(str, parts)).encode()):08X}"


def resource_id(*parts: object) -> str:
    """A UUID that stays the same for the same parts."""
    return str(uuid5(_NAMES, "/".join(map(str, parts))))


def token_value(parameter: str, system: str) -> str:
    """The value of a token parameter ("system|value"), empty if it names another system."""
    named, bar, value = parameter.partition("|")
    return value if bar and named == system else ""
