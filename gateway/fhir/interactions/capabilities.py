"""The capabilities interaction: what this server can do, computed from what is connected.

https://hl7.org/fhir/R4/http.html#capabilities
"""

from datetime import datetime
from importlib.metadata import version
from typing import Any

from gateway.runtime import Runtime

_SEARCH_PATIENT = (("identifier", "token"), ("_id", "token"))
_SEARCH = (("patient", "reference"), ("subject", "reference"))
_EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"


def statement(runtime: Runtime, now: datetime) -> dict[str, Any]:
    """The CapabilityStatement."""
    types = {m.resource_type for c in runtime.connected for ms in c.by_kind.values() for m in ms}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": now.date().isoformat(),
        "kind": "instance",
        "software": {"name": "wholechild-gateway", "version": version("wholechild-gateway")},
        "implementation": {"description": runtime.settings.region, "url": f"{runtime.settings.url}/fhir"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "description": "A bearer token with a purpose of use. Nothing is shown without one."
                },
                "resource": [_resource(name) for name in sorted(types | {"Patient"})],
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
