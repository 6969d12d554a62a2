"""The capabilities interaction: what this server can do, computed from what is connected.

https://hl7.org/fhir/R4/http.html#capabilities
"""

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from typing import Any

from gateway.runtime import Runtime

_SEARCH_PATIENT = (("identifier", "token"), ("_id", "token"))
_SEARCH = (("patient", "reference"), ("subject", "reference"))
_EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"


def statement(runtime: Runtime, now: datetime) -> dict[str, Any]:
    """The CapabilityStatement of this server, with the types that its sources can bring."""
    types = {m.resource_type for c in runtime.connected for ms in c.by_kind.values() for m in ms}
    here = {"description": runtime.settings.region, "url": f"{runtime.settings.url}/fhir"}
    return {**software(types, now.date().isoformat()), "kind": "instance", "implementation": here}


def software(types: Iterable[str], day: str) -> dict[str, Any]:
    """The CapabilityStatement of the product, wherever it runs, with these types."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": day,
        "kind": "capability",
        "software": {"name": "wholechild-gateway", "version": version("wholechild-gateway")},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "description": "A bearer token with a purpose of use. Nothing is shown without one."
                },
                "resource": [_resource(name) for name in sorted({*types, "Patient"})],
            }
        ],
    }


def _resource(name: str) -> dict[str, Any]:
    named = _SEARCH_PATIENT if name == "Patient" else _SEARCH
    resource: dict[str, Any] = {
        "type": name,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": parameter, "type": kind} for parameter, kind in named],
    }
    if name == "Patient":
        resource["operation"] = [{"name": "everything", "definition": _EVERYTHING}]
    return resource
