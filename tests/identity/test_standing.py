"""What administrators decide about accounts in a browser, and the groups that they see."""

from collections.abc import Awaitable, Callable

import psycopg
import pytest
from httpx2 import AsyncClient
from psycopg import ProgrammingError

from centaure.identity import Role, service
from centaure.identity.directory import (
    DirectoryGroup,
    DirectoryUser,
    group_of_all,
    upsert_manifest_directory,
)
from centaure.kit.database import Database

SignIn = Callable[..., Awaitable[AsyncClient]]
AddUser = Callable[..., Awaitable[int]]
Owner = psycopg.Connection[tuple[object, ...]]

pytestmark = pytest.mark.anyio

CURATOR = {"roles": ["curator", "reader"], "clearance": 1, "disabled": False}


async def test_an_administrator_changes_anothers_standing_and_the_audit_has_what_changed(
    sign_in: SignIn, add_user: AddUser, owner_connection: Owner
) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    bobby = await add_user("bobby")
    changed = await ruth.put(f"/users/{bobby}", json=CURATOR)
    assert changed.json() == {
        **CURATOR,
        "id": bobby,
        "login": "bobby",
        "name": "Bobby",
        "has_password": True,
    }
    await ruth.put(f"/users/{bobby}", json=CURATOR)
    await ruth.put(f"/users/{bobby}", json={**CURATOR, "clearance": None, "disabled": True})
    entries = owner_connection.execute(
        "select object, details from audit_event where action = 'user_change' order by id"
    ).fetchall()
    assert entries == [
        (f"user:{bobby}", {"roles": ["curator", "reader"], "clearance": 1}),
        (f"user:{bobby}", {"clearance": None, "disabled": True}),
    ]


async def test_closing_an_account_ends_its_sessions_at_once(sign_in: SignIn) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    bobby = await sign_in("bobby")
    number = next(
        user["id"] for user in (await ruth.get("/users")).json() if user["login"] == "bobby"
    )
    closed = {"roles": ["reader"], "clearance": None, "disabled": True}
    assert (await ruth.put(f"/users/{number}", json=closed)).status_code == 200
    assert (await bobby.get("/session")).status_code == 401


async def test_nobody_changes_their_own_standing_through_any_way(
    sign_in: SignIn, database: Database, owner_connection: Owner
) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    number = (await ruth.get("/users")).json()[0]["id"]
    refused = await ruth.put(
        f"/users/{number}", json={**CURATOR, "roles": ["administrator", "auditor"]}
    )
    assert refused.status_code == 403
    assert "another administrator" in refused.json()["detail"]
    async with database.write(number) as session:  # nor does the database let the application do it
        await session.execute("update user_account set roles = array['auditor']")
    kept = owner_connection.execute("select roles from user_account").fetchall()
    assert kept == [(["administrator"],)]


@pytest.mark.parametrize(
    "wrong",
    [
        {**CURATOR, "roles": []},
        {**CURATOR, "roles": ["owner"]},
        {**CURATOR, "clearance": 4},
        {"roles": ["reader"], "disabled": False},
    ],
)
async def test_a_standing_is_said_whole_and_in_words_that_exist(
    sign_in: SignIn, add_user: AddUser, wrong: dict[str, object]
) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    bobby = await add_user("bobby")
    assert (await ruth.put(f"/users/{bobby}", json=wrong)).status_code == 422


async def test_groups_and_whom_they_name_show_to_administrators_alone(
    sign_in: SignIn, indexer: Database, database: Database, add_user: AddUser
) -> None:
    async with indexer.write(None) as session:
        found = await upsert_manifest_directory(
            session,
            3,
            [
                DirectoryUser("zoe", "Zoé", ("team",)),
                DirectoryUser("abel", "Abel", ("team", "all")),
            ],
            [DirectoryGroup("team", "The team"), DirectoryGroup("all", "Everyone", ("team",))],
        )
        await group_of_all(session, 3, [frozenset({found.groups["team"]})])
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    groups = (await ruth.get("/groups")).json()
    assert [(group["label"], group["key"], group["members"]) for group in groups] == [
        ("Everyone", "source:3/group:all", 2),
        ("The team", "source:3/group:team", 2),
    ]
    everyone = (await ruth.get(f"/groups/{groups[0]['id']}/members")).json()
    assert [(one["kind"], one["label"], one["login"]) for one in everyone] == [
        ("group", "The team", ""),
        ("user", "Abel", "abel"),
    ]
    abel = (await ruth.get(f"/users/{found.users['abel']}/groups")).json()
    assert [group["label"] for group in abel] == ["Everyone", "The team"]
    assert (await ruth.get("/users/999999/groups")).status_code == 404
    assert (await ruth.get("/groups/999999/members")).json() == []
    reader = await add_user("reader")
    async with database.read(reader) as session:
        assert await service.list_groups(session) == []
        assert await service.members_of(session, groups[0]["id"]) == []
    with pytest.raises(ProgrammingError):
        async with database.write(reader) as session:
            await session.execute("insert into group_member (group_id, member_id) values (1, 2)")
