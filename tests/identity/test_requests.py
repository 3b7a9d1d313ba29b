"""Requests for rights: asked for oneself, decided by another person; neither opens or tells anything."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import LiteralString

import psycopg
import pytest
from psycopg import ProgrammingError

from centaure.identity import Role, requests
from centaure.identity.requests import AccessRequest, Decision
from centaure.identity.requests import service as asking
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, Forbidden, InvalidInput, NotFound

pytestmark = pytest.mark.anyio

AddUser = Callable[..., Awaitable[int]]
Connection = psycopg.Connection[tuple[object, ...]]


async def ask(database: Database, who: int, wanted: str = "the folder Board") -> AccessRequest:
    async with database.write(who) as session:
        return await requests.ask(session, wanted, "I replace its secretary.", 365)


async def decide(
    database: Database, who: int, number: int, decision: Decision = "approved"
) -> None:
    by = "Facilities" if decision == "approved" else ""
    async with database.write(who) as session:
        await requests.decide(session, number, decision, "needed until June", by)


async def waiting(database: Database, who: int) -> list[int]:
    async with database.read(who) as session:
        return [one.id for one in await requests.to_decide(session)]


async def rights(connection: Connection) -> list[object]:
    """All that a right follows from."""
    tables = ("group_member", "clearance_claim", "user_account", "document", "principal")
    return [connection.execute(f"select * from {one} order by 1, 2").fetchall() for one in tables]


async def test_another_person_decides_and_nothing_is_opened_by_it(
    database: Database, add_user: AddUser, owner_connection: Connection
) -> None:
    alice, carol = await add_user("alice"), await add_user("carol", Role.CURATOR)
    before = await rights(owner_connection)
    asked = await ask(database, alice, " the folder\n Board ")
    assert (asked.wanted, asked.state, asked.login) == ("the folder Board", "waiting", "alice")
    assert await waiting(database, carol) == [asked.id]
    await decide(database, carol, asked.id)
    assert await waiting(database, carol) == []
    async with database.read(alice) as session:
        (mine,) = await requests.own(session)
    assert (mine.state, mine.reason, mine.applied_by) == (
        "approved", "needed until June", "Facilities",
    )  # fmt: skip
    with pytest.raises(Conflict):
        await decide(database, carol, asked.id, "refused")
    assert await rights(owner_connection) == before
    entries = owner_connection.execute(
        "select actor, object, details->>'what', details->>'reason' from audit_event"
        " where action = 'access_request' order by id"
    ).fetchall()
    assert entries == [
        (alice, f"access_request:{asked.id}", "asked", None),
        (carol, f"access_request:{asked.id}", "approved", "needed until June"),
    ]
    told = owner_connection.execute("select cast(details as text) from audit_event").fetchall()
    assert not any("Board" in str(line) or "secretary" in str(line) for line in told)


async def test_nobody_decides_on_their_own_and_only_a_curator_on_others(
    database: Database, add_user: AddUser
) -> None:
    carol, carl = [await add_user(one, Role.CURATOR) for one in ("carol", "carl")]
    others = [await add_user("ada", Role.ADMINISTRATOR, Role.AUDITOR), await add_user("bob")]
    asked = await ask(database, carol)
    assert await waiting(database, carol) == []
    with pytest.raises(NotFound) as own:
        await decide(database, carol, asked.id)
    with pytest.raises(NotFound) as absent:
        await decide(database, carol, asked.id + 1000)
    assert own.value.message == absent.value.message
    for who in others:
        assert await waiting(database, who) == []
        with pytest.raises(Forbidden):
            await decide(database, who, asked.id)
        async with database.read(who) as session:
            assert await requests.own(session) == []
    assert await waiting(database, carl) == [asked.id]
    await decide(database, carl, asked.id, "refused")


CHANGES: tuple[LiteralString, ...] = (
    "wanted = 'everything' where id = %(theirs)s",
    "principal = %(other)s where id = %(theirs)s",
    "state = 'refused', decided_at = now(), decided_by = %(other)s where id = %(theirs)s",
)


async def test_the_database_holds_a_curator_to_it(database: Database, add_user: AddUser) -> None:
    carol, bob = await add_user("carol", Role.CURATOR), await add_user("bob")
    own, theirs = await ask(database, carol), await ask(database, bob)
    values = {"own": own.id, "theirs": theirs.id, "other": bob}
    for change in CHANGES:
        with pytest.raises(ProgrammingError):
            async with database.write(carol) as session:
                await session.execute("update access_request set " + change, values)
    with pytest.raises(ProgrammingError):
        async with database.write(carol) as session:
            await session.execute(
                "insert into access_request (principal, wanted, why, expires_at)"
                " values (%(other)s, 'x', 'y', now())",
                values,
            )
    with pytest.raises(ProgrammingError):
        async with database.write(carol) as session:
            await session.execute("delete from access_request")
    async with database.write(carol) as session:
        assert not await session.execute(
            "update access_request set state = 'refused', decided_at = now(),"
            " decided_by = current_principal() where id = %(own)s",
            values,
        )


async def test_what_exists_and_what_does_not_are_asked_for_alike(
    database: Database, add_user: AddUser, owner_connection: Connection
) -> None:
    """In the same words, and in the same time: while nobody can look anything up, both are asked for."""
    alice = await add_user("alice")
    owner_connection.execute("insert into source (name, location) values ('Zanzibar', '/z')")
    with owner_connection.transaction():
        owner_connection.execute(
            "lock table source, document, chunk, ledger, sync_run in access exclusive mode"
        )
        there = await ask(database, alice, "Zanzibar")
        absent = await ask(database, alice, "Quexolite")
    for name in ("principal", "login", "why", "state", "reason", "applied_by", "decided_at"):
        assert getattr(there, name) == getattr(absent, name)


async def test_the_same_is_asked_once_and_not_too_much_at_a_time(
    database: Database, add_user: AddUser, owner_connection: Connection
) -> None:
    alice, carol = await add_user("alice"), await add_user("carol", Role.CURATOR)
    first = await ask(database, alice)
    assert await ask(database, alice) == first
    for number in range(asking.MOST_WAITING - 1):
        await ask(database, alice, f"folder {number}")
    with pytest.raises(Conflict):
        await ask(database, alice, "one more")
    await decide(database, carol, first.id, "refused")
    assert (await ask(database, alice)).id > first.id
    owner_connection.execute("update access_request set expires_at = now() - interval '1 second'")
    assert await waiting(database, carol) == []


async def test_what_waits_comes_the_earliest_first_and_what_was_decided_the_latest_first(
    database: Database, add_user: AddUser
) -> None:
    alice, carol = await add_user("alice"), await add_user("carol", Role.CURATOR)
    first, second, third, fourth = [
        (await ask(database, alice, f"folder {number}")).id for number in range(4)
    ]
    assert await waiting(database, carol) == [first, second, third, fourth]
    for number in (second, first):
        await decide(database, carol, number)
    async with database.read(carol) as session:
        decided = await requests.to_decide(session, "approved")
        every = await requests.to_decide(session, None)
    assert [one.id for one in decided] == [first, second]
    assert [one.id for one in every] == [third, fourth, first, second]


async def test_the_bound_holds_for_what_is_asked_at_the_same_moment(
    database: Database, add_user: AddUser
) -> None:
    alice, bob = await add_user("alice"), await add_user("bob")
    for number in range(asking.MOST_WAITING - 1):
        await ask(database, alice, f"folder {number}")
    async with database.write(alice) as session:
        last = await requests.ask(session, "the last", "I replace its secretary.", 365)
        meanwhile = [asyncio.create_task(ask(database, alice, one)) for one in ("more", "the last")]
        done, _ = await asyncio.wait(meanwhile, timeout=0.3)  # both have counted, or wait to
        assert done == set()
    more, same = await asyncio.gather(*meanwhile, return_exceptions=True)
    assert isinstance(more, Conflict)
    assert same == last
    assert (await ask(database, bob)).state == "waiting"
    async with database.read(alice) as session:
        assert len(await requests.own(session)) == asking.MOST_WAITING


@pytest.mark.parametrize("wanted", ["", " \n\0", "x" * 201])
async def test_words_are_needed(database: Database, add_user: AddUser, wanted: str) -> None:
    with pytest.raises(InvalidInput):
        await ask(database, await add_user("alice"), wanted)


async def test_an_approval_says_who_applies_it(database: Database, add_user: AddUser) -> None:
    alice, carol = await add_user("alice"), await add_user("carol", Role.CURATOR)
    asked = await ask(database, alice)
    for decision, by in (("approved", " "), ("refused", "Facilities")):
        with pytest.raises(InvalidInput):
            async with database.write(carol) as session:
                await requests.decide(session, asked.id, decision, "why", by)  # type: ignore[arg-type]


async def test_what_is_old_is_removed(
    database: Database, indexer: Database, add_user: AddUser, owner_connection: Connection
) -> None:
    await ask(database, await add_user("alice"))
    async with indexer.write(None) as session:
        assert await requests.forget_requests(session) == 0
    owner_connection.execute("update access_request set expires_at = now()")
    async with indexer.write(None) as session:
        assert await requests.forget_requests(session) == 1
