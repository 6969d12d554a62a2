"""Every counterpart of tests/contract/counterparts, as the fixture `counterpart`."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.contract import counterparts
from tests.contract.counterpart import REQUIRED, Counterpart


def _all() -> Iterator[Counterpart]:
    for module in pkgutil.iter_modules(counterparts.__path__):
        yield from import_module(f"{counterparts.__name__}.{module.name}").COUNTERPARTS


def _ending(counterpart: Counterpart) -> list[str]:
    return [fault for fault in dict.fromkeys((*REQUIRED, *counterpart.failures)) if fault != "hang"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test on each counterpart, and one that takes a fault on each fault that ends by itself."""
    if "fault" in metafunc.fixturenames:
        cases = [
            pytest.param(one, fault, id=f"{one.name}-{fault}", marks=_marks(one))
            for one in _all()
            for fault in _ending(one)
        ]
        metafunc.parametrize(("counterpart", "fault"), cases)
    elif "counterpart" in metafunc.fixturenames:
        every = [pytest.param(one, id=one.name, marks=_marks(one)) for one in _all()]
        metafunc.parametrize("counterpart", every)


def _marks(counterpart: Counterpart) -> tuple[pytest.MarkDecorator, ...]:
    """What a counterpart needs that a machine may lack: its attribute `marks`, if it has one."""
    return getattr(counterpart, "marks", ())
