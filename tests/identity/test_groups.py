"""Whom a user belongs to, as the database computes it."""

import random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centaure.identity import (
    DirectoryGroup,
    DirectoryUser,
    forget_manifest_directory,
    service,
    upsert_manifest_directory,
)
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput

EVERYONE = 1
FIRST_USER, FIRST_GROUP = 1001, 2001
Owner = psycopg.Connection[tuple[object, ...]]

users = st.integers(FIRST_USER, FIRST_USER + 3)
groups = st.integers(FIRST_GROUP, FIRST_GROUP + 6)
memberships = st.sets(
    st.tuples(groups | st.just(EVERYONE), users | groups | st.just(EVERYONE)), max_size=25
)


def belongs_to(user: int, members: set[tuple[int, int]]) -> list[int]:
    """The reference: grow until nothing is added."""
    found: set[int] = set()
    more = {user, EVERYONE}
    while more - found:
        found |= more
        more = {group for group, member in members if member in found}
    return sorted(found)


@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(members=memberships, disabled=st.sets(users, max_size=1))
def test_groups_nest_to_any_depth_and_cycles_harm_nothing(
    owner_connection: Owner, members: set[tuple[int, int]], disabled: set[int]
) -> None:
    with owner_connection.transaction(force_rollback=True):
        owner_connection.execute(
            """
            insert into principal (id, kind, key, label) overriding system value
            select id, 'user', 'user:' || id, 'u' from generate_series(1001, 1004) id
            union all
            select id, 'group', 'source:1/group:' || id, 'g' from generate_series(2001, 2007) id
            """
        )
        owner_connection.execute(
            "insert into user_account (principal_id, login, name, disabled_at)"
            " select id, id, id, case when id = any(%s) then now() end"
            " from generate_series(1001, 1004) id",
            [list(disabled)],
        )
        owner_connection.execute(
            "insert into group_member select * from unnest(%s::int[], %s::int[])",
            [[group for group, _ in members], [member for _, member in members]],
        )
        found = owner_connection.execute(
            "select id, principals_of(id) from generate_series(1001, 1005) id"
        ).fetchall()
        groups_alone = owner_connection.execute("select principals_of(2001)").fetchone()
    expected = {
        user: [] if user in disabled or user == 1005 else belongs_to(user, members)
        for user in range(1001, 1006)
    }
    assert dict(found) == expected
    assert groups_alone == ([],), "a group is nobody"


@pytest.mark.parametrize("setting", ["", " ", "x", "-1", "1.5", "2 or 1", "2147483648", "9" * 40])
def test_garbage_in_the_principal_is_nobody(owner_connection: Owner, setting: str) -> None:
    with owner_connection.transaction():
        row = owner_connection.execute(
            "select set_config('centaure.principal', %s, true)", [setting]
        )
        row = owner_connection.execute(
            "select current_principal(), current_principals(), current_clearance(),"
            " has_role('reader')"
        ).fetchone()
    assert row == (None, [], -1, False)


@pytest.mark.anyio
async def test_a_source_declares_exactly_what_its_last_manifest_says(
    indexer: Database, database: Database, owner_connection: Owner
) -> None:
    chance = random.Random(7)
    logins, names = [f"user {n}" for n in range(6)], [f"group {n}" for n in range(5)]
    for _ in range(25):
        declared = [
            DirectoryGroup(name, name.upper(), tuple(chance.sample(names, 2)))
            for name in chance.sample(names, chance.randrange(5))
        ]
        people = [
            DirectoryUser(
                login, login, tuple(chance.sample(names, 2)), chance.choice([None, 0, 1, 2, 3])
            )
            for login in chance.sample(logins, chance.randrange(6))
        ]
        async with indexer.write(None) as session:
            directory = await upsert_manifest_directory(session, 3, people, declared)
            await upsert_manifest_directory(
                session, 30, [DirectoryUser("user 0", "user 0", ("group 0",))],
                [DirectoryGroup("group 0", "Another")],
            )  # fmt: skip
        assert set(directory.users) == {user.id for user in people}
        assert set(directory.groups) == {group.id for group in declared}
        members = {
            (directory.groups[group], directory.users[user.id])
            for user in people
            for group in user.groups
            if group in directory.groups
        } | {
            (directory.groups[group.id], directory.groups[inner])
            for group in declared
            for inner in group.contains_groups
            if inner in directory.groups
        }
        kept = owner_connection.execute(
            "select group_id, member_id from group_member where source_id = 3"
        ).fetchall()
        assert set(kept) == members
        for user in people:
            async with database.read(directory.users[user.id]) as session:
                row = await session.one("select current_principals(), current_clearance()")
            mine = belongs_to(directory.users[user.id], members)
            theirs = 1 if user.id == "user 0" else 0
            assert set(mine) <= set(row[0])
            assert len(row[0]) == len(mine) + theirs
            assert row[1] == (3 if user.clearance is None else user.clearance)


@pytest.mark.anyio
async def test_a_manifest_gives_no_password_and_takes_none(
    indexer: Database, owner: Database
) -> None:
    async with owner.write(None) as session:
        await service.create_user(session, "ada", "Ada", ["administrator"], clearance=2)
    await service.set_password(owner, "ada", "a password of one's own")
    async with owner.write(None) as session:
        await service.set_disabled(session, "ada", disabled=True)
    async with indexer.write(None) as session:
        people = [DirectoryUser("ada", "Ada L.", clearance=3), DirectoryUser("new", "New")]
        await upsert_manifest_directory(session, 1, people, [])
    async with owner.read(None) as session:
        ada, new = await service.list_users(session)
    assert (ada.name, list(ada.roles), ada.has_password, ada.disabled) == (
        "Ada L.",
        ["administrator"],
        True,
        True,
    )
    assert (list(new.roles), new.has_password, new.disabled) == (["reader"], False, False)


@pytest.mark.anyio
async def test_the_lowest_of_several_ceilings_holds(indexer: Database, owner: Database) -> None:
    async with owner.write(None) as session:
        ada = await service.create_user(session, "ada", "Ada", clearance=2)
    for level, effective in ((3, 2), (1, 1), (None, 2)):
        async with indexer.write(None) as session:
            await upsert_manifest_directory(
                session, 1, [DirectoryUser("ada", "Ada", (), level)], []
            )
        async with indexer.read(ada.id) as session:
            assert await session.value("select current_clearance()") == effective


@pytest.mark.anyio
async def test_a_source_that_goes_takes_its_groups_along(
    indexer: Database, owner_connection: Owner
) -> None:
    async with indexer.write(None) as session:
        people = [DirectoryUser("ada", "Ada", ("finance",), 0)]
        directory = await upsert_manifest_directory(
            session, 1, people, [DirectoryGroup("finance", "Finance")]
        )
        await forget_manifest_directory(session, 1)
    rows = owner_connection.execute(
        "select principals_of(%s), (select count(*) from clearance_claim)", [directory.users["ada"]]
    ).fetchone()
    assert rows == ([EVERYONE, directory.users["ada"]], 0)


@pytest.mark.anyio
@pytest.mark.parametrize("identifier", ["", " ada", "ada\n", "a\0", "a\u202eb", "a" * 201])
async def test_an_identifier_that_nobody_could_type_is_refused(
    indexer: Database, identifier: str
) -> None:
    with pytest.raises(InvalidInput, match="dentifier"):
        async with indexer.write(None) as session:
            await upsert_manifest_directory(session, 1, [DirectoryUser(identifier, "Ada")], [])
