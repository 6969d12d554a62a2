"""One running gateway for all tests of the whole."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.system.running import Running, running


@pytest_asyncio.fixture(scope="session")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """A gateway with Northshire behind it, budget 2 s so that faults do not take six."""
    async with running(tmp_path_factory.mktemp("northshire"), budget_seconds=2.0) as one:
        yield one


@pytest_asyncio.fixture
async def healthy(gateway: Running) -> AsyncIterator[Running]:
    """The same gateway, with every agency well before and after."""
    yield gateway
    for source in gateway.region.switches:
        await gateway.fault(source, "ok")
