"""Good tokens become exactly the Principal that they state.

https://www.rfc-editor.org/rfc/rfc9068
"""

from datetime import UTC, datetime, timedelta

import pytest

from auth.principal import Principal
from auth.tokens import InvalidToken, authenticate
from tests.auth.issuing import good, now, signer, trust

OURS = signer()
TRUST = trust(OURS)


def test_a_good_token_becomes_the_principal_that_it_states() -> None:
    expires = good()["exp"]
    token = OURS.token(
        name="Dr R. Sen",
        job="Registrar",
        org_name="Northtown General",
        exp=expires,
        source="northtown-general",
        unscheduled=False,
        reason="bruising that nobody can explain",
        told_family="no",
        scope="user/*.rs openid",
        local_ids=["C123", "C124"],
    )

    assert authenticate(token, TRUST, now()) == Principal(
        user="dr.sen",
        name="Dr R. Sen",
        role="ed-clinician",
        job="Registrar",
        organization=("https://fhir.nhs.uk/Id/ods-organization-code", "DEMO1"),
        organization_name="Northtown General",
        purpose="emergency-care",
        expires=datetime.fromtimestamp(expires, UTC),
        token_id="a1b2",
        source="northtown-general",
        unscheduled=False,
        reason="bruising that nobody can explain",
        told_family="no",
        scopes=frozenset({"user/*.rs", "openid"}),
        local_ids=frozenset({"C123", "C124"}),
    )


def test_a_look_is_unscheduled_and_by_a_person_unless_the_token_says_otherwise() -> None:
    principal = authenticate(OURS.token(), TRUST, now())

    assert principal.unscheduled
    assert principal.person


def test_a_token_without_purpose_proves_who_asks_but_not_why() -> None:
    assert authenticate(OURS.token(purpose_of_use=None), TRUST, now()).purpose == ""


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_both_spellings_of_an_access_tokens_type_are_accepted(typ: str) -> None:
    assert authenticate(OURS.token({"typ": typ}), TRUST, now()).user == "dr.sen"


def test_each_of_the_issuers_keys_is_accepted_by_its_name() -> None:
    second = signer("two")
    both = trust(OURS, second)

    assert authenticate(OURS.token(), both, now()).user == "dr.sen"
    assert authenticate(second.token({"kid": "two"}), both, now()).user == "dr.sen"


def test_the_leeway_of_the_clocks_is_thirty_seconds_on_both_sides() -> None:
    moment = now()
    token = OURS.token(iat=int(moment.timestamp()) + 29, exp=int(moment.timestamp()) - 29)

    assert authenticate(token, TRUST, moment).user == "dr.sen"
    with pytest.raises(InvalidToken):
        authenticate(token, TRUST, moment + timedelta(seconds=2))
    with pytest.raises(InvalidToken):
        authenticate(token, TRUST, moment - timedelta(seconds=2))


def test_the_reason_and_what_the_family_was_told_are_not_printed() -> None:
    principal = authenticate(OURS.token(reason="CANARY-reason", told_family="CANARY-told"), TRUST, now())

    assert "CANARY" not in repr(principal)
