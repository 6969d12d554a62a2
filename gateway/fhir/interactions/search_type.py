"""The search-type interaction: resources of one type about one child.

https://hl7.org/fhir/R4/http.html#search ; there are no population queries: every search names a child.
"""

from gateway.errors import InvalidRequest, NotFound, TooCostly
from gateway.federation.view import Resource, View
from gateway.fhir.bundle import Page, searchset
from gateway.fhir.context import Context
from gateway.fhir.failures import check
from gateway.fhir.paging import check_cursor, cut, ranking
from gateway.fhir.parameters import count, iso_date, nhs_number, reference, self_query
from gateway.pipeline import open_inquiry

_CHILDLESS = "A search must name a child: patient=Patient/id"


async def search_patient(context: Context) -> bytes:
    """Patient?identifier= or ?_id=: exactly the one child, or nothing."""
    parameters = context.parameters
    parameters.one("_format")
    number = nhs_number(parameters.one("identifier"))
    identifier = parameters.one("_id")
    born = iso_date("birthdate", parameters.one("birthdate"))
    parameters.one("_count")
    ignored = parameters.unknown(context.preferences.strict)
    if number is None and identifier is None:
        raise TooCostly("A search for a Patient must name an identifier or _id.")
    if number is None:
        number = context.place("Patient", identifier or "").nhs_number
    source = frozenset({context.runtime.identity_source})
    asking = context.request(number, "search-type", frozenset({"Patient"}), source, born)
    inquiry = await open_inquiry(context.runtime, context.principal, asking)
    view = await inquiry.complete()
    # the link names what was applied without the number, which no address that we make may hold
    link = f"{context.url}/Patient?_id={view.patient['id']}"
    return _searchset(context, view, Page([view.patient], (), link, total=1, ignored=ignored))


async def search_type(context: Context, resource_type: str) -> bytes:
    """Type?patient= (or subject=): all of one type about the child."""
    parameters = context.parameters
    parameters.one("_format")
    named = parameters.one("patient", "subject")
    size = count(parameters.one("_count"))
    cursor = parameters.one("_cursor")
    born = iso_date("birthdate", parameters.one("birthdate"))
    ignored = parameters.unknown(context.preferences.strict)
    if not named:
        raise TooCostly(_CHILDLESS)
    patient = reference("patient", named)
    number = context.place("Patient", patient).nhs_number
    asking = context.request(number, "search-type", frozenset({resource_type}), birth_date=born)
    inquiry = await open_inquiry(context.runtime, context.principal, asking)
    check_cursor(context, cursor, f"{resource_type}|{patient}")
    view = await inquiry.complete()
    check(view)
    found = sorted((r for r in view.resources if r["resourceType"] == resource_type), key=ranking(context))
    return _page(context, view, found, resource_type, patient, size, cursor, ignored)


def _page(  # noqa: PLR0913 a page is made of this
    context: Context,
    view: View,
    found: list[Resource],
    resource_type: str,
    patient: str,
    size: int | None,
    cursor: str | None,
    ignored: tuple[str, ...],
) -> bytes:
    page = cut(context, found, size, cursor, f"{resource_type}|{patient}", ranking(context))
    query = [("patient", f"Patient/{patient}")]
    if size is not None:
        query.append(("_count", str(size)))
    here = f"{context.url}/{resource_type}"
    own = [*query, ("_cursor", cursor)] if cursor else query
    following = f"{here}?{self_query([*query, ('_cursor', page.cursor)])}" if page.cursor else ""
    whole = Page(page.resources, (), f"{here}?{self_query(own)}", following, len(found), ignored)
    return _searchset(context, view, whole)


def _searchset(context: Context, view: View, page: Page) -> bytes:
    runtime = context.runtime
    return searchset(page, view, runtime.base, context.url, context.asker, runtime.receipts)


def refuse_unknown(resource_type: str) -> None:
    """Raises for a type that is not served."""
    if not resource_type[:1].isupper() or not resource_type.isalpha():
        raise InvalidRequest("That is not the name of a resource type.")
    raise NotFound("That type is not served here.")
