"""One-time links: the first administrator's, and those of invited users."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from httpx2 import AsyncClient

from centaure.identity import DirectoryUser, Role, service, upsert_manifest_directory
from centaure.kit.database import Database

AddUser = Callable[..., Awaitable[int]]
SignIn = Callable[..., Awaitable[AsyncClient]]
Owner = "psycopg.Connection[tuple[object, ...]]"

CHOICE = {"login": "root", "name": "Ruth", "password": "a password of one's own"}

pytestmark = pytest.mark.anyio


@pytest.fixture
async def first_token(database: Database) -> str:
    """The link that the first start prints."""
    async with database.write(None) as session:
        token = await service.first_administrator_token(session)
    assert token is not None
    return token


async def test_the_first_link_makes_one_administrator_who_is_signed_in(
    stranger: AsyncClient, first_token: str, database: Database
) -> None:
    response = await stranger.post("/invitation", json={**CHOICE, "token": first_token})
    assert response.status_code == 200
    assert response.json()["user"] == {
        "login": "root",
        "name": "Ruth",
        "roles": ["administrator", "reader"],
    }
    assert (await stranger.get("/users")).status_code == 200
    again = await stranger.post(
        "/invitation", json={**CHOICE, "login": "second", "token": first_token}
    )
    assert again.status_code == 404
    async with database.write(None) as session:
        assert await service.first_administrator_token(session) is None


async def test_two_who_use_a_link_at_once_are_one_winner_and_one_refusal(
    stranger: AsyncClient, first_token: str
) -> None:
    responses = await asyncio.gather(
        *(
            stranger.post("/invitation", json={**CHOICE, "login": login, "token": first_token})
            for login in ("one", "two", "three")
        )
    )
    assert sorted(response.status_code for response in responses) == [200, 404, 404]
    users = (await stranger.get("/users")).json()
    assert len(users) == 1


async def test_a_later_first_link_replaces_the_earlier(
    stranger: AsyncClient, first_token: str, database: Database
) -> None:
    async with database.write(None) as session:
        later = await service.first_administrator_token(session)
    old = await stranger.post("/invitation", json={**CHOICE, "token": first_token})
    assert old.status_code == 404
    new = await stranger.post("/invitation", json={**CHOICE, "token": later})
    assert new.status_code == 200


async def test_the_first_link_is_dead_once_anybody_has_a_password(
    stranger: AsyncClient, first_token: str, add_user: AddUser
) -> None:
    await add_user("ada")
    response = await stranger.post("/invitation", json={**CHOICE, "token": first_token})
    assert response.status_code == 404


async def test_a_mistake_does_not_use_the_link_up(
    stranger: AsyncClient, first_token: str, indexer: Database
) -> None:
    async with indexer.write(None) as session:
        await upsert_manifest_directory(session, 1, [DirectoryUser("declared", "Declared")], [])
    for mistake, status in (
        ({"password": "short"}, 422),
        ({"login": None}, 422),
        ({"login": " "}, 422),
        ({"login": "a\u0000"}, 422),
        ({"login": "declared"}, 409),  # whose rights the link would otherwise open
    ):
        response = await stranger.post(
            "/invitation", json={**CHOICE, "token": first_token, **mistake}
        )
        assert response.status_code == status, mistake
    response = await stranger.post("/invitation", json={**CHOICE, "token": first_token})
    assert response.status_code == 200


async def test_a_link_expires(
    stranger: AsyncClient, first_token: str, owner_connection: Owner
) -> None:
    owner_connection.execute("update invitation set expires_at = now()")
    response = await stranger.post("/invitation", json={**CHOICE, "token": first_token})
    assert response.status_code == 404


async def test_an_administrator_invites_and_only_they_do(
    sign_in: SignIn, stranger: AsyncClient
) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    new = {"login": "bob", "name": "Bob", "roles": ["curator", "reader"]}
    for role in (Role.READER, Role.CURATOR, Role.AUDITOR):
        neighbour = await sign_in(role, role)
        assert (await neighbour.post("/users", json=new)).status_code == 403
        assert (await neighbour.get("/users")).status_code == 403
        assert (await neighbour.post("/users/2/invitation")).status_code == 403
    created = await ruth.post("/users", json=new)
    assert created.status_code == 201
    assert created.json()["user"]["roles"] == ["curator", "reader"]
    link = created.json()["invitation"]["link"]
    assert link.startswith("http://127.0.0.1:8600/setup?token=")
    token = link.partition("token=")[2]
    chosen = {"token": token, "password": "bob's own password", "login": "ignored"}
    response = await stranger.post("/invitation", json=chosen)
    assert response.status_code == 200
    assert response.json()["user"]["login"] == "bob"
    assert (await stranger.post("/invitation", json=chosen)).status_code == 404
    assert (await ruth.post("/users", json=new)).status_code == 409
    assert (await ruth.post("/users/999/invitation")).status_code == 404


async def test_a_new_link_is_how_a_lost_password_is_replaced(
    sign_in: SignIn, stranger: AsyncClient, owner: Database
) -> None:
    bob = await sign_in("bob")
    tokens = []
    for _ in range(2):
        async with owner.write(None) as session:
            user = await service.find_user(session, "bob")
            tokens.append(await service.invite(session, user.id))
    old, new = tokens
    choice = {"password": "bob's newer password"}
    assert (await stranger.post("/invitation", json={**choice, "token": old})).status_code == 404
    assert (await bob.get("/session")).status_code == 200
    assert (await stranger.post("/invitation", json={**choice, "token": new})).status_code == 200
    assert (await bob.get("/session")).status_code == 401


async def test_an_administrator_gets_no_link_into_an_account_that_works(sign_in: SignIn) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    await sign_in("bob")
    bob_id = next(u["id"] for u in (await ruth.get("/users")).json() if u["login"] == "bob")
    response = await ruth.post(f"/users/{bob_id}/invitation")
    assert response.status_code == 409
    assert "link" not in response.json()


async def test_a_new_password_closes_keys_and_open_links(
    sign_in: SignIn, stranger: AsyncClient, owner: Database
) -> None:
    bob = await sign_in("bob")
    new = {"label": "laptop", "scopes": ["search"], "expires_in_days": 1}
    secret = (await bob.post("/keys", json=new)).json()["secret"]
    keyed = {"Authorization": f"Bearer {secret}"}
    assert (await stranger.get("/session", headers=keyed)).status_code == 200
    async with owner.write(None) as session:
        user = await service.find_user(session, "bob")
        token = await service.invite(session, user.id)
    await service.set_password(owner, "bob", "bob's newest password")
    assert (await stranger.get("/session", headers=keyed)).status_code == 401
    choice = {"token": token, "password": "the thief's password"}
    assert (await stranger.post("/invitation", json=choice)).status_code == 404


async def test_a_disabled_user_cannot_use_a_link(
    sign_in: SignIn, stranger: AsyncClient, owner: Database
) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    created = (await ruth.post("/users", json={"login": "bob", "name": "Bob"})).json()
    async with owner.write(None) as session:
        await service.set_disabled(session, "bob", disabled=True)
    token = created["invitation"]["link"].partition("token=")[2]
    choice = {"token": token, "password": "bob's own password"}
    assert (await stranger.post("/invitation", json=choice)).status_code == 404
    again = await ruth.post(f"/users/{created['user']['id']}/invitation")
    assert again.status_code == 404
