"""The read interaction: one resource, by its logical id.

https://hl7.org/fhir/R4/http.html#read ; the id says which source to ask for which child, and the record
must be the one whose keyed hash the id holds.
"""

from gateway.errors import AllSourcesFailed, AllSourcesTimedOut, NotFound
from gateway.federation.receipt import State
from gateway.federation.view import Resource, View
from gateway.fhir.context import NOT_KNOWN, Context
from gateway.fhir.parameters import iso_date
from gateway.pipeline import open_inquiry


async def read(context: Context, resource_type: str, identifier: str) -> bytes:
    """The resource's bytes; raises NotFound for what is not there or may not be known of."""
    context.parameters.one("_format")
    born = iso_date("birthdate", context.parameters.one("birthdate"))
    context.parameters.unknown(context.preferences.strict)
    place = context.place(resource_type, identifier)
    asking = context.request(
        place.nhs_number, "read", frozenset({resource_type}), frozenset({place.source}), born
    )
    inquiry = await open_inquiry(context.runtime, context.principal, asking)
    view = await inquiry.complete()
    return view.written[_found(view, resource_type, identifier)["id"]]


def _found(view: View, resource_type: str, identifier: str) -> Resource:
    for resource in (view.patient, *view.resources):
        if resource["id"] == identifier and resource["resourceType"] == resource_type:
            return resource
    failed = [line.state for line in view.lines if line.state.incomplete]
    if State.TIMED_OUT in failed:
        raise AllSourcesTimedOut("The agency that holds this did not answer in time.")
    if failed:
        raise AllSourcesFailed("The agency that holds this could not be read. Nothing is known either way.")
    raise NotFound(NOT_KNOWN)
