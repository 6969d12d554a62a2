"""Each mapping of these systems makes of its example records exactly what stands beside them."""

from collections.abc import Iterator

import pytest

from mappings import OURS
from mappings.run import unread_fields
from tests.systems.asking import SYSTEMS, example_pair, examples, made_of, mappings_of

OWN = ("pds", "cpis", "ssd", "uk-core")
SEARCH = "candidate"  # read by gateway/identity/candidates.py, and becomes no resource


@pytest.mark.parametrize(("system", "name"), [(s, n) for s in OWN for n in examples(s)])
def test_an_example_becomes_exactly_what_stands_beside_it(system: str, name: str) -> None:
    records, expected = example_pair(system, name)

    assert made_of(system, name, records) == expected
    assert expected


@pytest.mark.parametrize("system", OWN)
def test_no_example_stands_without_its_mapping(system: str) -> None:
    files = {f.name.partition(".")[0] for f in (OURS / system / "examples").iterdir()}

    assert files == set(examples(system))


@pytest.mark.parametrize("system", OWN)
def test_every_declared_field_is_read_by_a_mapping_or_has_a_reason_not_to_be(system: str) -> None:
    for name, kind in SYSTEMS[system].kinds.items():
        if name == SEARCH:
            continue
        serves = {*kind.owner.values(), *kind.person_keys.values(), *_evidence(system, name)}
        reasons = dict.fromkeys([*serves, *_lent(kind.request)], "finds the child") | dict(kind.unmapped)
        unread = unread_fields(mappings_of(system, name), kind.fields, reasons)

        assert [field for field, reason in unread.items() if not reason] == [], name


def _evidence(system: str, kind: str) -> Iterator[str]:
    """The fields that tell who works with the child."""
    for rule in SYSTEMS[system].options.get("relationship", ()):
        if rule["kind"] == kind:
            yield from (rule.get("asker", ""), *rule.get("where", {}), *rule.get("without", ()))


def _lent(request: object) -> set[str]:
    """The fields from which identifiers are lent to other sources."""
    rules = request.get("identifiers", {}).values() if isinstance(request, dict) else ()
    found: set[str] = set()
    for rule in rules:
        parts = rule if isinstance(rule, dict) else {"field": rule}
        found |= {parts["field"], *parts.get("where", {}), *parts.get("without", ())}
    return found
