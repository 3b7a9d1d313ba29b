"""API keys: what they open, what they never open, and how they end."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from httpx2 import AsyncClient

from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role, require_scope, signed_in

SignIn = Callable[..., Awaitable[AsyncClient]]
Owner = "psycopg.Connection[tuple[object, ...]]"

pytestmark = pytest.mark.anyio


@pytest.fixture
def probes(api: FastAPI) -> FastAPI:
    """A route of each kind."""
    dependencies = {
        "search": require_scope(Scope.SEARCH),
        "curators": require_role(Role.CURATOR, Scope.SOURCES),
        "unnamed": signed_in,
        "role-alone": require_role(Role.READER),
    }
    for name, dependency in dependencies.items():

        async def probe(principal: Annotated[Principal, Depends(dependency)]) -> str:
            return principal.login

        api.get(f"/api/v1/{name}")(probe)
    return api


async def make_key(client: AsyncClient, *scopes: str) -> dict[str, str]:
    """A key of the client's user, as the header that carries it."""
    response = await client.post("/keys", json={"label": "a script", "scopes": list(scopes)})
    assert response.status_code == 201, response.text
    return {"Authorization": f"Bearer {response.json()['secret']}"}


@pytest.mark.usefixtures("probes")
async def test_a_key_opens_its_scopes_and_nothing_else(
    sign_in: SignIn, stranger: AsyncClient
) -> None:
    ada = await sign_in("ada")
    searching, sources = await make_key(ada, "search"), await make_key(ada, "sources", "documents")
    assert (await stranger.get("/search", headers=searching)).json() == "ada"
    assert (await stranger.get("/search", headers=sources)).status_code == 403
    assert (await stranger.get("/curators", headers=sources)).status_code == 403, "no curator"
    for closed in ("/unnamed", "/role-alone", "/keys", "/users"):
        assert (await stranger.get(closed, headers=searching)).status_code == 403, closed
    session = (await stranger.get("/session", headers=searching)).json()
    assert (session["user"]["login"], session["csrf_token"]) == ("ada", None)
    for open_to_browsers in ("/search", "/unnamed", "/role-alone"):
        assert (await ada.get(open_to_browsers)).json() == "ada"


@pytest.mark.usefixtures("probes")
async def test_a_key_gives_no_role_that_its_owner_lacks(
    sign_in: SignIn, stranger: AsyncClient
) -> None:
    cora, ruth = await sign_in("cora", Role.CURATOR), await sign_in("ruth", Role.ADMINISTRATOR)
    key = await make_key(cora, "sources", "administration")
    assert (await stranger.get("/curators", headers=key)).json() == "cora"
    assert (await stranger.get("/users", headers=key)).status_code == 403
    key = await make_key(ruth, "administration")
    assert (await stranger.get("/users", headers=key)).status_code == 200
    created = await stranger.post("/users", headers=key, json={"login": "bob", "name": "Bob"})
    assert created.status_code == 403, "a key makes no other way in"


async def test_a_key_cannot_make_another(sign_in: SignIn, stranger: AsyncClient) -> None:
    ada = await sign_in("ada")
    key = await make_key(ada, "search", "ask", "documents", "sources", "administration")
    new = {"label": "its child", "scopes": ["search"]}
    assert (await stranger.post("/keys", headers=key, json=new)).status_code == 403
    assert (await stranger.delete("/keys/1", headers=key)).status_code == 403
    assert (await stranger.delete("/session", headers=key)).status_code == 403
    account = await ada.post("/keys", json={"label": "all of it", "scopes": ["account"]})
    assert account.status_code == 422


async def test_a_key_is_shown_once_and_kept_as_a_hash(
    sign_in: SignIn, owner_connection: Owner
) -> None:
    ada = await sign_in("ada")
    created = (await ada.post("/keys", json={"label": "mine", "scopes": ["ask"]})).json()
    marker, prefix, secret = created["secret"].split("_", 2)
    assert (marker, prefix) == ("cen", created["key"]["prefix"])
    listed = await ada.get("/keys")
    assert [key["prefix"] for key in listed.json()] == [prefix]
    assert secret not in listed.text
    kept = owner_connection.execute("select cast(api_key as text) from api_key").fetchone()
    assert secret not in str(kept)


async def test_a_neighbour_neither_sees_nor_revokes_a_key(
    sign_in: SignIn, stranger: AsyncClient
) -> None:
    ada, eve = await sign_in("ada"), await sign_in("eve", Role.ADMINISTRATOR)
    key = await make_key(ada, "search")
    assert (await eve.get("/keys")).json() == []
    key_id = (await ada.get("/keys")).json()[0]["id"]
    refused, absent = await eve.delete(f"/keys/{key_id}"), await eve.delete("/keys/999999")
    assert refused.status_code == absent.status_code == 404
    assert refused.text == absent.text
    assert (await eve.delete(f"/keys/{2**70}")).text == absent.text
    assert (await eve.post(f"/users/{2**70}/invitation")).status_code == 404
    assert (await stranger.get("/session", headers=key)).status_code == 200


async def test_a_key_ends_when_revoked_and_when_it_expires(
    sign_in: SignIn, stranger: AsyncClient, owner_connection: Owner
) -> None:
    ada = await sign_in("ada")
    first, second = await make_key(ada, "search"), await make_key(ada, "search")
    newest, oldest = (await ada.get("/keys")).json()
    days = datetime.fromisoformat(newest["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89) < days <= timedelta(days=90)
    assert (await ada.delete(f"/keys/{oldest['id']}")).status_code == 204
    assert (await ada.delete(f"/keys/{oldest['id']}")).status_code == 404
    assert (await stranger.get("/session", headers=first)).status_code == 401
    assert (await stranger.get("/session", headers=second)).status_code == 200
    owner_connection.execute("update api_key set expires_at = now()")
    assert (await stranger.get("/session", headers=second)).status_code == 401


async def test_a_wrong_secret_is_nobody_even_beside_a_good_cookie(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    good = (await make_key(ada, "search"))["Authorization"]
    other = (await make_key(ada, "search"))["Authorization"]
    for wrong in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good[:22] + other[22:],  # another key's secret
        "Bearer",
        "Bearer cen__",
        "Bearer cen_a_b",
        "Bearer " + good,
        "bearer x\u00e9".encode(),
    ):
        response = await ada.get("/session", headers={"Authorization": wrong})
        assert response.status_code == 401, wrong
    assert (await ada.get("/session", headers={"Authorization": good})).status_code == 200


async def test_the_last_use_of_a_key_is_noted(sign_in: SignIn, stranger: AsyncClient) -> None:
    ada = await sign_in("ada")
    key = await make_key(ada, "search")
    assert (await ada.get("/keys")).json()[0]["last_used_at"] is None
    await stranger.get("/session", headers=key)
    assert (await ada.get("/keys")).json()[0]["last_used_at"] is not None
