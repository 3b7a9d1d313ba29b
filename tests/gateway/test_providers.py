"""Models are made once, and let go of when they are changed or removed and no call goes on."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from centaure.gateway import providers
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.live import Snapshot
from centaure.gateway.providers import LiveProviders
from centaure.kit.vault import Vault

pytestmark = pytest.mark.anyio

ONE = CatalogueModel(id=1, name="one", kind="openai")
TWO = CatalogueModel(id=2, name="two", kind="openai")
BOTH = Snapshot((ONE, TWO))


@dataclass
class Made:
    """What was made of a row."""

    model: CatalogueModel
    closed: int = 0

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Made]:
    """Every model that was made, in order."""
    kept: list[Made] = []

    def make(model: CatalogueModel, *_: object) -> Any:
        kept.append(Made(model))
        return kept[-1]

    monkeypatch.setattr(providers, "make_model", make)
    return kept


@pytest.fixture
def live() -> LiveProviders:
    """Without keys."""
    return LiveProviders(Vault(b"0" * 32))


async def test_a_model_is_made_once(live: LiveProviders, made: list[Made]) -> None:
    for model in (ONE, TWO, ONE):
        async with live.lend(model, BOTH):
            pass
    assert [(one.model, one.closed) for one in made] == [(ONE, 0), (TWO, 0)]
    await live.close()
    assert [one.closed for one in made] == [1, 1]


async def test_what_was_removed_is_let_go_of(live: LiveProviders, made: list[Made]) -> None:
    async with live.lend(ONE, BOTH):
        pass
    async with live.lend(TWO, Snapshot((TWO,))):
        pass
    assert [one.closed for one in made] == [1, 0]
    await live.close()
    assert [one.closed for one in made] == [1, 1]


async def test_a_call_that_goes_on_keeps_what_was_removed_or_changed(
    live: LiveProviders, made: list[Made]
) -> None:
    changed = replace(TWO, changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    async with AsyncExitStack() as calls:
        await calls.enter_async_context(live.lend(ONE, BOTH))
        await calls.enter_async_context(live.lend(TWO, BOTH))
        async with live.lend(changed, Snapshot((changed,))):
            pass
        assert [one.closed for one in made] == [0, 0, 0]
    assert [one.closed for one in made] == [1, 1, 0]
