"""Who is refused, with which words, and that every refusal is in the audit."""

import pytest

from gateway.demo.numbers import nhs_numbers
from tests.system.running import MAYA, Running

CALLUM = "9990008221"  # an adopted child's earlier number


@pytest.mark.parametrize(
    ("user", "purpose", "words"),
    [
        ("r.front", "direct-care", "Your role cannot use this purpose."),
        ("dr.sen", "research", "This gateway does not serve that purpose."),
        ("dr.sen", "curiosity", "Say why you need this record."),
        ("dr.sen", "", "Say why you need this record."),
        ("svc.case-system", "direct-care", "A named person must make this request."),
        ("priv.officer", "audit-review", "This purpose opens the audit, not a child's record."),
        ("k.doyle", "early-help", "Your role cannot use this purpose."),
    ],
)
async def test_a_purpose_that_is_not_theirs_is_refused_in_words(
    gateway: Running, user: str, purpose: str, words: str
) -> None:
    status, outcome = await gateway.find(MAYA, gateway.headers(user, purpose))

    assert (status, outcome["issue"][0]["code"]) == (403, "forbidden")
    assert outcome["issue"][0]["details"]["text"] == words


async def test_a_social_worker_must_say_why_and_whether_the_family_was_told(gateway: Running) -> None:
    status, outcome = await gateway.find(MAYA, gateway.headers("j.patel", "s47-enquiry"))

    assert status == 403
    assert "the claim reason, told_family" in outcome["issue"][0]["diagnostics"]


async def test_a_social_worker_who_says_both_is_let_in(gateway: Running) -> None:
    said = gateway.headers("j.patel", "s47-enquiry", reason="bruising seen at nursery", told="yes")

    status, _ = await gateway.find(MAYA, said)

    assert status == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer " + "x" * 9000]
)
async def test_without_a_valid_token_nothing_is_answered(gateway: Running, header: str) -> None:
    status, outcome = await gateway.find(MAYA, {"Authorization": header})

    assert (status, outcome["issue"][0]["code"]) == (401, "login")
    assert MAYA not in str(outcome)


async def test_a_number_that_nobody_has_and_a_superseded_one_get_the_same_answer(gateway: Running) -> None:
    unused = next(nhs_numbers(gateway.region.world.by_key, seed=99))
    first = await gateway.find(unused)
    second = await gateway.find(CALLUM)

    assert first == second
    assert first[0] == 404


@pytest.mark.parametrize("query", ["CarePlan", "CarePlan?_count=5", "Patient", "Patient?name=Oakley"])
async def test_a_search_that_names_no_child_is_too_costly(gateway: Running, query: str) -> None:
    status, outcome = await gateway.get(query)

    assert (status, outcome["issue"][0]["code"]) == (403, "too-costly")


@pytest.mark.parametrize(
    "number",
    [
        "1234567890",
        "999000137",
        "9990001374",
        "abc",
        "",
        "\u0669\u0669\u0669\u0660\u0660\u0660\u0661\u0663\u0667\u0665",
    ],
)
async def test_what_is_not_an_nhs_number_is_said_to_be_none(gateway: Running, number: str) -> None:
    status, outcome = await gateway.find(number)

    assert (status, outcome["issue"][0]["code"]) == (400, "invalid")


async def test_an_identifier_of_another_system_is_not_taken_for_an_nhs_number(gateway: Running) -> None:
    status, outcome = await gateway.get(f"Patient?identifier=https://example.org/x|{MAYA}")

    assert (status, outcome["issue"][0]["code"]) == (400, "invalid")


async def test_an_unknown_parameter_is_reported_or_refused_as_the_client_prefers(gateway: Running) -> None:
    lenient = await gateway.everything(query="?colour=blue")
    identifier = lenient["entry"][0]["resource"]["id"]
    strict = {**gateway.headers(), "Prefer": "handling=strict"}
    status, outcome = await gateway.get(f"Patient/{identifier}/$everything?colour=blue", strict)

    receipt = next(e["resource"] for e in lenient["entry"] if e["search"]["mode"] == "outcome")
    assert "The parameter colour is not supported and was not applied." in str(receipt["issue"][-1])
    assert "colour" not in str(lenient["link"])
    assert (status, outcome["issue"][0]["code"]) == (400, "invalid")
