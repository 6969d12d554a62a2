"""Scenario A over the API: Maya at 02:07, asked for by the registrar who treats her."""

import base64
import re

import pytest

from tests.system.running import AUDIENCE, MAYA, Running, receipt, resources, states


async def test_the_registrar_sees_the_plan_its_category_and_both_numbers(gateway: Running) -> None:
    bundle = await gateway.everything()

    plans = [r for r in resources(bundle, "cp-is") if r["resourceType"] == "CarePlan"]
    assert [(p["status"], p["period"]["start"]) for p in plans] == [("active", "2026-09-02")]
    assert plans[0]["category"][0]["coding"][0]["code"] == "CPPI"
    told = {p["url"]: p["valueString"] for p in receipt(bundle)["cp-is"]["extension"][0]["extension"]
            if p["url"].startswith("telephone")}  # fmt: skip
    assert told == {"telephone": "01632 960110", "telephone-out-of-hours": "01632 960111"}


async def test_at_least_five_agencies_contribute_to_the_view(gateway: Running) -> None:
    bundle = await gateway.everything()

    answered = {source for source, state in states(bundle).items() if state == "answered-data"}
    contributed = {r["meta"]["source"].rpartition("/")[2] for r in resources(bundle)}
    assert answered >= {"pds", "cp-is", "northtown-csc", "northtown-general", "millbrook-gp"}
    assert contributed >= answered - {"pds"}


async def test_every_source_of_the_region_has_exactly_one_line_in_the_receipt(gateway: Running) -> None:
    bundle = await gateway.everything()

    assert list(receipt(bundle)) == [source.id for source in gateway.runtime.sources]


async def test_ids_are_opaque_and_hold_no_nhs_number(gateway: Running) -> None:
    bundle = await gateway.everything()

    for resource in resources(bundle):
        assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"])
        raw = resource["id"].replace("-", "+").replace(".", "/")
        plain = base64.b64decode(raw + "=" * (-len(raw) % 4))
        assert MAYA not in resource["id"]
        assert MAYA.encode() not in plain
        assert int(MAYA).to_bytes(5) not in plain


async def test_every_resource_can_be_read_again_by_its_id(gateway: Running) -> None:
    bundle = await gateway.everything()

    for resource in resources(bundle):
        status, again = await gateway.get(f"{resource['resourceType']}/{resource['id']}")
        assert status == 200, (resource["resourceType"], resource["meta"]["source"], again)
        assert again["id"] == resource["id"]


async def test_every_reference_leads_to_a_resource_of_the_bundle_or_has_words(gateway: Running) -> None:
    bundle = await gateway.everything()

    here = {f"{r['resourceType']}/{r['id']}" for r in resources(bundle)}
    for reference in _references([*resources(bundle)]):
        assert reference["reference"] in here or reference.get("display"), reference


def _references(value: object) -> list[dict[str, str]]:
    if isinstance(value, list):
        return [found for one in value for found in _references(one)]
    if isinstance(value, dict):
        own = [value] if isinstance(value.get("reference"), str) else []
        return own + [found for one in value.values() for found in _references(one)]
    return []


async def test_every_subject_is_the_one_patient_that_a_search_returns(gateway: Running) -> None:
    _, found = await gateway.find(MAYA)
    patient = found["entry"][0]["resource"]["id"]
    bundle = await gateway.everything()

    subjects = {
        resource[name]["reference"]
        for resource in resources(bundle)
        for name in ("subject", "patient", "for")
        if name in resource
    }
    assert subjects == {f"Patient/{patient}"}


async def test_what_agencies_hold_as_demographics_is_linked_from_the_patient(gateway: Running) -> None:
    bundle = await gateway.everything()

    patients = [r for r in resources(bundle) if r["resourceType"] == "Patient"]
    the_child = next(p for p in patients if p["meta"]["source"].endswith("/pds"))
    linked = {link["other"]["reference"] for link in the_child["link"]}
    assert linked == {f"Patient/{p['id']}" for p in patients if p is not the_child}


async def test_the_self_link_and_every_other_link_name_no_nhs_number(gateway: Running) -> None:
    _, found = await gateway.find(MAYA)
    bundle = await gateway.everything(query="?_count=3")

    links = [link["url"] for one in (found, bundle) for link in one["link"]]
    assert links
    assert not [link for link in links if MAYA in link]


async def test_pages_hold_everything_once(gateway: Running) -> None:
    whole = {r["id"] for r in resources(await gateway.everything())}

    bundle = await gateway.everything(query="?_count=7")
    paged = [r["id"] for r in resources(bundle)]
    while following := [link["url"] for link in bundle["link"] if link["relation"] == "next"]:
        _, bundle = await gateway.get(following[0].partition("/fhir/")[2])
        paged += [r["id"] for r in resources(bundle)]

    assert sorted(paged) == sorted(whole)


async def test_another_persons_cursor_is_refused(gateway: Running) -> None:
    bundle = await gateway.everything(query="?_count=7")
    following = next(link["url"] for link in bundle["link"] if link["relation"] == "next")

    status, outcome = await gateway.get(following.partition("/fhir/")[2], gateway.headers("n.ward"))

    assert (status, outcome["issue"][0]["code"]) == (410, "processing")


@pytest.mark.parametrize(
    ("query", "expected"),
    [("?_type=CarePlan", {"CarePlan"}), ("?_type=Encounter,Immunization", {"Encounter", "Immunization"})],
)
async def test_everything_of_some_types_holds_no_other(
    gateway: Running, query: str, expected: set[str]
) -> None:
    bundle = await gateway.everything(query=query)

    assert {r["resourceType"] for r in resources(bundle)} == expected


async def test_everything_between_two_dates_leaves_out_what_was_before_and_after(gateway: Running) -> None:
    bundle = await gateway.everything(query="?_type=Encounter&start=2026-11-01&end=2026-11-10")

    periods = [r["period"] for r in resources(bundle)]
    assert periods
    assert all(p["start"][:10] <= "2026-11-10" for p in periods)
    assert all(p.get("end", "2026-11-01")[:10] >= "2026-11-01" for p in periods)


async def test_the_receipt_is_signed_for_this_asker_and_these_entries(gateway: Running) -> None:
    from joserfc import jws
    from joserfc.jwk import OKPKey

    bundle = await gateway.everything()
    outcome = next(e["resource"] for e in bundle["entry"] if e["search"]["mode"] == "outcome")
    signed = next(e["valueString"] for e in outcome["extension"] if e["url"].endswith("receipt-jws"))

    async with gateway.session.get(f"{gateway.url}/oauth2/jwks") as answer:
        published = (await answer.json())["keys"]
    key = next(k for k in published if k["kid"].startswith("receipts"))
    found = jws.deserialize_compact(signed, OKPKey.import_key(key), algorithms=["Ed25519"])
    assert f'"outcome":"{outcome["id"]}"'.encode() in found.payload
    assert AUDIENCE.encode() not in found.payload
    assert MAYA.encode() not in found.payload
