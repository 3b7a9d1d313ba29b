"""People whose calls of models are accounted for, and the simulated service."""

from collections.abc import AsyncIterator

import pytest

from centaure.app.installation import Installation
from centaure.gateway.simulation import SimulatedService, simulated_service
from gateway.accounting import Accounts, keeping_accounts


@pytest.fixture
async def accounts(clean: Installation) -> AsyncIterator[Accounts]:
    """An installation with one administrator, Ruth."""
    async with keeping_accounts(clean) as kept:
        yield kept


@pytest.fixture
async def simulated() -> AsyncIterator[SimulatedService]:
    """A simulated service of language models on loopback."""
    async with simulated_service() as service:
        yield service
