"""Searching by description: a postcode never finds a child whose address is withheld (P-09, vector 10)."""

import pytest

from gateway.authenticate import Authenticator
from gateway.identity.candidates import Described, candidates
from tests.system.running import Running

JORDAN = Described("Ashworth", "", "2017-06-02", "")
MAYA = Described("Oakley", "", "2022-03-14", "")


async def found(gateway: Running, described: Described) -> list[tuple[str, str, bool]]:
    """First name, shown part of the postcode and whether it is withheld, of each child found."""
    principal = Authenticator(gateway.runtime.trust).token(gateway.token())
    children = await candidates(gateway.runtime, principal, described, "r-search")
    return [(child.given, child.outcode, child.hidden) for child in children]


async def test_by_name_and_birth_date_a_child_is_found_and_a_withheld_address_not_shown(
    healthy: Running,
) -> None:
    assert await found(healthy, JORDAN) == [("Jordan Lee", "", True)]
    assert [child[1:] for child in await found(healthy, MAYA)] == [("NS1", False)]


@pytest.mark.parametrize("postcode", ["NS3 8LP", "NS3", "NS1 9JW", "NS*", "*"])
async def test_with_a_postcode_a_child_whose_address_is_withheld_is_not_found(
    healthy: Running, postcode: str
) -> None:
    assert await found(healthy, Described("Ashworth", "", "2017-06-02", postcode)) == []


async def test_with_her_postcode_another_child_is_found(healthy: Running) -> None:
    described = Described("Oakley", "", "2022-03-14", "NS1 4QE")

    assert len(await found(healthy, described)) == 1
