"""Policies of assistants: kept in versions, and taken by whoever checks."""

from typing import ClassVar

import psycopg
import pytest

from centaure.app.installation import Installation
from centaure.guardrails import policies
from centaure.guardrails.policies import LivePolicies, history, in_force, roll_back, write
from centaure.guardrails.policy import DEFAULT, Policy, Sensitivity
from centaure.identity import Role, service
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotFound

pytestmark = pytest.mark.anyio


async def test_the_highest_version_is_in_force_and_none_is_lost(indexer: Database) -> None:
    first, second = Policy(longest=10), Policy(longest=20)
    async with indexer.write(None) as session:
        assert await write(session, "", first, None) == 1
        assert await write(session, "", second, None) == 2
        assert await write(session, "hr", first, None) == 1
        assert [one.policy for one in await in_force(session)] == [second, first]
        assert await roll_back(session, "", 1, None) == 3
        assert [one.version for one in await history(session, "")] == [3, 2, 1]
        assert (await in_force(session))[0].policy == first
        with pytest.raises(NotFound):
            await roll_back(session, "", 9, None)
        with pytest.raises(InvalidInput):
            await write(session, "x" * 101, first, None)


class _Extra:
    name: ClassVar[str] = "brought-along"


async def test_a_policy_names_only_checks_that_are_there(
    indexer: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = (Policy(off=frozenset({"atack"})), Policy(off=frozenset({"length"})))
    async with indexer.write(None) as session:
        with pytest.raises(
            InvalidInput, match=r"checks: there is no check 'atack'.* attack, .*length"
        ):
            await write(session, "", Policy(checks={"atack": Sensitivity()}), None)
        for policy in wrong:
            with pytest.raises(InvalidInput, match="off: "):
                await write(session, "", policy, None)
        known = Policy(checks={"length": Sensitivity()}, off=frozenset({"attack"}))
        assert await write(session, "", known, None) == 1
        monkeypatch.setattr(policies, "checks", lambda: (_Extra(),))
        brought = Policy(off=frozenset({"brought-along"}))
        assert await write(session, "", brought, None) == 2
        monkeypatch.undo()
        assert await roll_back(session, "", 2, None) == 3  # as it once was


async def test_an_assistant_without_one_has_that_of_all(
    database: Database, indexer: Database
) -> None:
    assert await LivePolicies(database).of("hr") == DEFAULT
    async with indexer.write(None) as session:
        await write(session, "", Policy(longest=10), None)
        await write(session, "hr", Policy(longest=20), None)
    live = LivePolicies(database)
    assert [(await live.of(name)).longest for name in ("", "hr", "other")] == [10, 20, 10]


async def test_only_administrators_read_and_write_them(
    clean: Installation, database: Database, indexer: Database
) -> None:
    owner = clean.database("owner")
    async with owner.write(None) as session:
        reader = await service.create_user(session, "reader", "Reader", {Role.READER})
        administrator = await service.create_user(session, "admin", "Admin", {Role.ADMINISTRATOR})
    await owner.close()
    async with indexer.write(None) as session:
        await write(session, "", Policy(), None)
    async with database.write(administrator.id) as session:
        assert await write(session, "", Policy(longest=5), administrator.id) == 2
        assert len(await history(session, "")) == 2
    async with database.read(reader.id) as session:
        assert await in_force(session) == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.write(reader.id) as session:
            await write(session, "", Policy(), reader.id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.write(administrator.id) as session:
            await session.execute("update guard_policy set policy = '{}'")
