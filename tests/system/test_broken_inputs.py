"""Broken answers, one agency at a time, at the running gateway: each ends in a state, not in a crash.

Every case: status 200, the other agencies' data, the agency's state by name, no traceback, and no value of
the bad answer in any log line (tests/system/hostile.py). Edited true answers: test_broken_records.py.
"""

from collections.abc import AsyncIterator, Callable

import pytest

from tests.system import tricks
from tests.system.between import Trick
from tests.system.hostile import Hostile, forms, hostile, one_of_each_form
from tests.system.memory import growth
from tests.system.running import receipt, states

FORMS = forms()
ONE_OF_EACH = one_of_each_form()
MEGABYTE = 1024 * 1024
BROKEN: dict[str, Callable[[str], Trick]] = {
    "malformed": tricks.malformed,
    "truncated": tricks.truncated,
    "empty": tricks.empty,
    "login-page": tricks.login_page,
    "login-page-as-promised": tricks.login_page_as_promised,
    "laughs": tricks.laughs,
    "other-charset": tricks.other_charset,
    "wrong-charset": tricks.wrong_charset,
    "ten-megabytes": tricks.ten_megabytes,
    "endless": tricks.endless,
    "cut-off": tricks.cut_off,
    "many-headers": tricks.many_headers,
    "refused-in-200": tricks.refused_in_200,
    "traceback": tricks.a_traceback,
    "deep": tricks.deep,
    "another-shape": tricks.another_shape,
    "nulls": tricks.nulls,
}
JSON_ONLY = {"nan": tricks.a_number_that_is_none, "beyond-measure": tricks.a_number_beyond_measure}


@pytest.fixture(scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hostile]:
    async with hostile(tmp_path_factory.mktemp("hostile")) as one:
        yield one


@pytest.mark.parametrize("source", FORMS)
@pytest.mark.parametrize("name", BROKEN)
async def test_an_answer_that_cannot_be_read_is_an_error_and_never_none(
    gateway: Hostile, source: str, name: str
) -> None:
    told = await gateway.look(source, BROKEN[name](FORMS[source]))

    assert (told.state, told.own) == ("error", [])


@pytest.mark.parametrize("source", [s for s, form in FORMS.items() if not tricks.is_xml(form)])
@pytest.mark.parametrize("name", JSON_ONLY)
async def test_a_number_that_is_no_number_is_an_error(gateway: Hostile, source: str, name: str) -> None:
    told = await gateway.look(source, JSON_ONLY[name](FORMS[source]))

    assert (told.state, told.own) == ("error", [])


@pytest.mark.parametrize("source", FORMS)
async def test_entities_are_neither_fetched_nor_read(gateway: Hostile, source: str) -> None:
    """The address and the file of the entities are a listener and a pipe that `look` watches."""
    trick = tricks.doctype(FORMS[source], gateway.canary.url, str(gateway.secret))

    told = await gateway.look(source, trick)

    assert (told.state, told.own) == ("error", [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("form", ONE_OF_EACH)
async def test_a_redirect_is_never_followed(gateway: Hostile, form: str, status: int) -> None:
    """The listener that it leads to is one that `look` watches."""
    told = await gateway.look(ONE_OF_EACH[form], tricks.redirect(form, gateway.canary.url, status))

    assert (told.state, told.own) == ("error", [])


@pytest.mark.parametrize("form", ONE_OF_EACH)
async def test_a_letter_at_a_time_ends_at_the_deadline(gateway: Hostile, form: str) -> None:
    told = await gateway.look(ONE_OF_EACH[form], tricks.drip(form))

    assert (told.state, told.own) == ("timed-out", [])


async def test_an_agency_that_lends_no_pupil_number_keeps_no_census_waiting(gateway: Hostile) -> None:
    """Maya has none; the practice, which is slow, could not lend one to the census either."""
    told = await gateway.look("millbrook-gp", tricks.drip("fhir-json"))

    parts = receipt(told.bundle)["southwold-csc"]["extension"][0]["extension"]
    waited = next(part["valueInteger"] for part in parts if part["url"] == "milliseconds")
    assert states(told.bundle)["southwold-csc"] == "identity-unmatched"
    assert waited < 1500


@pytest.mark.parametrize("source", FORMS)
async def test_a_bomb_of_300_mb_costs_less_than_64(gateway: Hostile, source: str) -> None:
    trick = tricks.bomb(FORMS[source])

    with growth() as grown:
        told = await gateway.look(source, trick)

    assert (told.state, told.own) == ("error", [])
    assert grown.bytes < 64 * MEGABYTE
