"""SAFETY.md is true: every hazard has its parts, and every test and place that it names is there."""

import ast
import re

import pytest

from tests.services import ROOT

LOG = (ROOT / "SAFETY.md").read_text(encoding="utf-8")
HAZARDS = re.split(r"^### ", LOG, flags=re.M)[1:]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", LOG)))
PLACES = sorted(set(re.findall(r"`((?:auth|gateway|connectors|mappings)/[\w/.]*)`", LOG)))


def test_the_log_has_the_hazards_one_to_seventeen() -> None:
    assert [hazard.split()[0] for hazard in HAZARDS] == [f"H{number}" for number in range(1, 18)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda text: text.split()[0])
def test_every_hazard_says_its_effect_control_place_status_and_tests(hazard: str) -> None:
    parts = re.findall(r"^\| ([\w ]+) \| (.+) \|$", hazard, flags=re.M)

    assert [name for name, _ in parts] == ["Effect on a child", "Control", "Where", "Status", "Tests"]
    assert dict(parts)["Status"].startswith(("Built", "Partly", "Not built yet"))
    assert "::test_" in dict(parts)["Tests"]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_that_the_log_names_exists(file: str, test: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    assert test in {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("place", PLACES)
def test_every_place_that_the_log_names_exists(place: str) -> None:
    assert (ROOT / place).exists()
