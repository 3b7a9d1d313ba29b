"""The audit over HTTP: auditors look through it and verify it part by part; nobody else learns of it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import psycopg
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from centaure.app.installation import Installation
from centaure.app.problems import answer_with_problems
from centaure.audit import Action, Outcome, record
from centaure.governance import routes
from centaure.identity import Role, repository, service
from centaure.identity.routes import router as identity
from centaure.kit.database import Database

PASSWORD = "correct horse battery"
ADDRESS = "http://127.0.0.1:8600"

Client = httpx2.AsyncClient
Owner = psycopg.Connection[tuple[object, ...]]
SignIn = Callable[..., Awaitable[Client]]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def sign_in(clean: Installation, database: Database) -> AsyncIterator[SignIn]:
    """Make a user and sign in as them."""
    api = FastAPI()
    for router in (identity, routes.router):
        api.include_router(router, prefix="/api/v1")
    api.state.database, api.state.settings = database, clean.settings
    answer_with_problems(api)
    transport = httpx2.ASGITransport(app=api)
    owner = clean.database("owner")
    secret = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    opened: list[Client] = []

    async def enter(login: str, *roles: Role) -> Client:
        async with owner.write(None) as session:
            user = await service.create_user(session, login, login.title(), roles)
            await repository.set_password_hash(session, user.id, secret)
        client = Client(transport=transport, base_url=f"{ADDRESS}/api/v1")
        opened.append(client)
        answer = await client.post("/session", json={"login": login, "password": PASSWORD})
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client

    yield enter
    for client in opened:
        await client.aclose()
    await owner.close()


def tamper(owner: Owner, statement: str) -> None:
    """What only the owner of the machine can do."""
    owner.execute("set session_replication_role = replica")
    owner.execute(statement.encode())
    owner.execute("set session_replication_role = default")
    owner.commit()


async def test_an_auditor_looks_through_what_was_done_page_by_page(
    sign_in: SignIn, database: Database
) -> None:
    ada = await sign_in("ada", Role.AUDITOR)
    bob = await sign_in("bob", Role.READER)
    number = (await ada.get("/audit", params={"login": "bob"})).json()[0]["actor"]
    for count in range(3):
        async with database.write(number) as session:
            await record(session, Action.SEARCH, f"query:{count}", Outcome.DONE, {"hits": count})
    async with database.write(None) as session:
        await record(session, Action.SIGN_IN, "", Outcome.REFUSED)
    found = (await ada.get("/audit", params={"login": "bob", "action": "search"})).json()
    assert [(one["subject"], one["name"], one["details"]) for one in found] == [
        (f"query:{count}", "Bob", {"hits": count}) for count in (2, 1, 0)
    ]
    first = (await ada.get("/audit", params={"action": "search", "limit": 2})).json()
    rest = await ada.get("/audit", params={"action": "search", "before": first[-1]["id"]})
    assert [one["subject"] for one in (*first, *rest.json())] == ["query:2", "query:1", "query:0"]
    refused = (await ada.get("/audit", params={"outcome": "refused", "login": ""})).json()
    assert [(one["action"], one["actor"]) for one in refused] == [("sign_in", None)]
    begun = (await ada.get("/audit", params={"subject": "query:1"})).json()
    assert [one["subject"] for one in begun] == ["query:1"]
    later = {"since": "2100-01-01T00:00:00Z"}
    assert (await ada.get("/audit", params=later)).json() == []
    assert (await ada.get("/audit", params={"login": "nobody"})).status_code == 404
    assert (await ada.get("/audit", params={"action": "rewrite"})).status_code == 422
    assert (await bob.get("/audit")).status_code == 403


async def test_an_administrator_who_is_no_auditor_reads_nothing_of_it(sign_in: SignIn) -> None:
    ruth = await sign_in("ruth", Role.ADMINISTRATOR)
    assert (await ruth.get("/audit")).status_code == 403
    assert (await ruth.post("/audit/verification", json={})).status_code == 403


async def test_the_chain_is_verified_part_by_part_and_that_it_was_is_on_record(
    sign_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "AT_ONCE", 2)
    monkeypatch.setattr("centaure.audit.verification.BATCH", 2)
    ada = await sign_in("ada", Role.AUDITOR)
    for count in range(4):
        async with database.write(None) as session:
            await record(session, Action.SEARCH, f"query:{count}")
    after, seen = "", list[int]()
    while True:
        part = (await ada.post("/audit/verification", json={"after": after})).json()
        seen.append(part["verified"])
        assert part["fault"] is None
        if part["whole"]:
            break
        assert part["entries"] == 6
        after = part["head"]
    assert seen == [2, 4, 6]
    last = (await ada.get("/audit")).json()[0]
    assert last["details"] == {"what": "audit_verified", "from": 5, "entries": 6, "intact": True}
    kept = part["head"]
    again = await ada.post("/audit/verification", json={"after": after, "kept": kept})
    assert again.json()["fault"] is None
    other = kept.partition(":")[0] + ":" + "0" * 64
    forged = await ada.post("/audit/verification", json={"after": after, "kept": other})
    assert forged.json()["fault"]["what"] == "head"
    for never_there in ("x", after.partition(":")[0] + ":" + "0" * 64, "99:" + "0" * 64):
        said = await ada.post("/audit/verification", json={"after": never_there})
        assert said.status_code == 422


async def test_what_was_changed_behind_its_back_is_named(
    sign_in: SignIn, owner_connection: Owner
) -> None:
    ada = await sign_in("ada", Role.AUDITOR)
    tamper(owner_connection, "update audit_event set actor = 99 where id = 2")
    report = (await ada.post("/audit/verification", json={})).json()
    assert (report["verified"], report["whole"]) == (1, True)
    assert report["fault"]["entry"] == 2
    assert report["fault"]["what"] == "changed"
