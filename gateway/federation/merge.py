"""Merging answers: a total order over resources; nothing is merged into one fact.

The order is by source as configured, then type, then id: the same whenever the same resources come.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.identity.child import NHS_NUMBER

Resource = Mapping[str, Any]


def merged(by_source: Iterable[Sequence[Resource]]) -> tuple[Resource, ...]:
    """All resources in total order; sources come in the order given."""
    return tuple(
        resource
        for resources in by_source
        for resource in sorted(resources, key=lambda r: (r["resourceType"], r["id"]))
    )


def under_one_number(resource: Resource, nhs_number: str) -> Resource:
    """An agency's Patient without any other NHS number than the child's: an earlier one may be secret."""
    if resource["resourceType"] != "Patient":
        return resource
    stated = resource.get("identifier", ())
    kept = [i for i in stated if i.get("system") != NHS_NUMBER or _digits(i) == nhs_number]
    if len(kept) == len(stated) and "link" not in resource:
        return resource
    less = {name: value for name, value in resource.items() if name not in ("identifier", "link")}
    return {**less, "identifier": kept} if kept else less


def _digits(identifier: Resource) -> str:
    return str(identifier.get("value", "")).replace(" ", "")


def the_child(
    identity: Resource | None, nhs_number: str, birth_date: str, patient_id: str, base: str
) -> dict[str, Any]:
    """The child's Patient: the identity source's, or what the asker typed, marked as not traced."""
    if identity is not None:
        return {**identity, "id": patient_id}
    return {
        "resourceType": "Patient",
        "id": patient_id,
        "meta": {
            "source": f"{base}/source/asker",
            "tag": [{"system": f"{base}/CodeSystem/fact", "code": "identity"}],
        },
        "identifier": [{"system": NHS_NUMBER, "value": nhs_number}],
        "birthDate": birth_date,
    }


def with_links(patient: Resource, others: Iterable[Resource]) -> dict[str, Any]:
    """The child's Patient with a link to each Patient that an agency itself holds."""
    links = [
        {"other": {"reference": f"Patient/{other['id']}"}, "type": "seealso"}
        for other in others
        if other["resourceType"] == "Patient"
    ]
    kept = [link for link in patient.get("link", ()) if "reference" not in link.get("other", {})]
    result = {name: value for name, value in patient.items() if name != "link"}
    if kept or links:
        result["link"] = [*kept, *links]
    return result
