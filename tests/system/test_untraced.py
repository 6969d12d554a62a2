"""While the identity source is silent nobody knows of a restriction: no place leaves, from any source."""

import json

import pytest

from gateway.identity.child import NHS_NUMBER
from tests.system.running import JORDAN, Running

BORN = "2017-06-02"
PLACES = ["Wharfinger", "NS3 8LP", "Hill Road", "NS1 9JW", "Millbrook", "960211", "960212"]


async def shown(gateway: Running, headers: dict[str, str]) -> str:
    """Every resource that $everything gives of Jordan, as text; agencies name themselves in the receipt."""
    form = {"identifier": f"{NHS_NUMBER}|{JORDAN}", "birthdate": BORN}
    place = f"{gateway.url}/fhir/Patient/_search"
    async with gateway.session.post(place, data=form, headers=headers) as answer:
        found = await answer.json(content_type=None)
    identifier = found["entry"][0]["resource"]["id"]
    status, bundle = await gateway.get(f"Patient/{identifier}/$everything?birthdate={BORN}", headers)
    assert status == 200, bundle
    resources = [entry["resource"] for entry in bundle["entry"] if entry["search"]["mode"] != "outcome"]
    assert len(resources) > 20
    return json.dumps(resources)


@pytest.mark.parametrize("fault", ["down", "error"])
async def test_a_withheld_address_stays_withheld_when_the_register_that_says_so_is_silent(
    healthy: Running, fault: str
) -> None:
    said = {"reason": "bruising seen at nursery", "told": "yes"}
    await healthy.fault("pds", fault)

    for user, purpose in (("t.mash", "s47-enquiry"), ("m.ode", "direct-care")):
        seen = await shown(healthy, healthy.headers(user, purpose, **said))
        assert [place for place in PLACES if place in seen] == []
