"""What the audit's tests need beside the database."""

from collections.abc import AsyncIterator

import pytest

from centaure.app.installation import Installation
from centaure.kit.database import Database


@pytest.fixture
async def owner(clean: Installation) -> AsyncIterator[Database]:
    """Connections as the machine's own administrators have them."""
    opened = clean.database("owner")
    yield opened
    await opened.close()
