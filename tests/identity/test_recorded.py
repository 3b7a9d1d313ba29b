"""What identity leaves in the audit, and what it never does."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import psycopg
import pytest
from httpx2 import AsyncClient

from centaure.audit import verify
from centaure.identity import Role, Scope, service
from centaure.kit.database import Database

PASSWORD = "correct horse battery"
SignIn = Callable[..., Awaitable[AsyncClient]]
Owner = psycopg.Connection[tuple[object, ...]]

pytestmark = pytest.mark.anyio


async def test_every_act_is_recorded_without_a_name(
    sign_in: SignIn, stranger: AsyncClient, owner: Database, owner_connection: Owner
) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    created = await ruth.post("/users", json={"login": "bobby", "name": "Robert"})
    token = created.json()["invitation"]["link"].partition("token=")[2]
    chosen = {"token": token, "password": "bobby's own password"}
    assert (await stranger.post("/invitation", json=chosen)).status_code == 200
    await ruth.post("/keys", json={"label": "secret project", "scopes": ["ask"]})
    await ruth.delete("/keys/1")
    await stranger.post("/session", json={"login": "mallory", "password": "wrong" * 4})
    await ruth.delete("/session")
    async with owner.write(None) as session:
        bobby = await service.set_roles(session, "bobby", [Role.CURATOR])
        key, _ = await service.create_key(
            session, bobby.id, "a label", [Scope.ASK], timedelta(days=1)
        )
        await service.revoke_key(session, bobby.id, key.id)
        await service.set_disabled(session, "bobby", disabled=True)
    await service.set_password(owner, "bobby", "yet another password")
    entries = owner_connection.execute(
        "select actor, action, object, outcome from audit_event order by id"
    ).fetchall()
    assert entries == [
        (None, "user_create", "user:2", "done"),
        (2, "sign_in", "user:2", "done"),
        (2, "user_create", "user:3", "done"),
        (2, "invitation_create", "user:3", "done"),
        (None, "invitation_use", "user:3", "done"),
        (3, "sign_in", "user:3", "done"),
        (2, "key_create", "key:1", "done"),
        (2, "key_revoke", "key:1", "done"),
        (None, "sign_in", "", "refused"),
        (2, "sign_out", "user:2", "done"),
        (None, "user_change", "user:3", "done"),
        (None, "key_create", "key:2", "done"),
        (None, "key_revoke", "key:2", "done"),
        (None, "user_change", "user:3", "done"),
        (None, "password_change", "user:3", "done"),
    ]
    everything = str(
        owner_connection.execute("select audit_event::text from audit_event").fetchall()
    )
    for word in ("ruth", "bobby", "robert", "mallory", "secret", "label", "127.0.0.1"):
        assert word not in everything.lower()
    async with owner.read(None) as session:
        assert (await verify(session)).intact
