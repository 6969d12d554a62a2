"""Which child is taken for which."""

from gateway.demo.population import population
from gateway.demo.region import region
from gateway.demo.swap import partners, swapped_rows
from gateway.demo.world import Rows

MAYA, AMARA, AMARACHI, LEO, CALLUM, NOAH = (
    "9990001375", "9990004110", "9990004188", "9990006857", "9990008221", "9990012334",
)  # fmt: skip


def test_a_child_is_never_taken_for_one_born_on_the_same_day() -> None:
    world = region(population(300))
    pairs = partners({key: {} for key in world.by_key}, world)

    assert pairs.keys() == world.by_key.keys()
    assert all(world.child(a).birth_date != world.child(b).birth_date for a, b in pairs.items())


def test_scenario_children_are_taken_for_each_other() -> None:
    world = region(population(50))
    pairs = partners({key: {} for key in world.by_key}, world)

    assert all(world.child(pairs[key]).scenario for key in (MAYA, AMARA, LEO, NOAH))


def test_a_scenario_child_is_taken_for_the_one_about_whom_most_is_held() -> None:
    rows: dict[str, Rows] = {MAYA: {"plans": [{}]}, NOAH: {"plans": []}, LEO: {"plans": [{"a": 1}, {"a": 2}]}}

    assert partners(rows, region()) == {MAYA: LEO, NOAH: LEO, LEO: MAYA}


def test_the_two_numbers_of_an_adopted_child_are_never_taken_for_each_other() -> None:
    pairs = partners({key: {} for key in (LEO, CALLUM, NOAH, AMARACHI)}, region())

    assert pairs[LEO] != CALLUM and pairs[CALLUM] != LEO


def test_another_childs_rows_come_under_this_childs_identifiers() -> None:
    world = region()
    rows: dict[str, Rows] = {
        MAYA: {"person": {"nhs": MAYA, "family": "OAKLEY"}, "notes": [f"seen ({MAYA})", 3]},
        NOAH: {"person": {"nhs": NOAH, "family": "BRIGHT"}, "notes": []},
    }

    assert swapped_rows(rows, partners(rows, world), world) == {
        MAYA: {"person": {"nhs": MAYA, "family": "BRIGHT"}, "notes": []},
        NOAH: {"person": {"nhs": NOAH, "family": "OAKLEY"}, "notes": [f"seen ({NOAH})", 3]},
    }
