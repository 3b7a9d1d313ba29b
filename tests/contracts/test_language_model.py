"""A language model that reads questions opens nothing: what it writes is searched with the asker's rights."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from centaure.app.installation import Installation
from contracts.company import SECRETS, Company

pytestmark = pytest.mark.anyio

LEAK = "when does the Zanzibar canteen of Cobaltine close"


@pytest.fixture
async def told(company: Company, chat: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """A model behind HTTP that reads questions and writes the secret's words, whatever it is asked."""
    chat.write = lambda *_: LEAK
    client = company.people["administrator"]
    understanding = client._transport.app.state.finding.understanding
    monkeypatch.setattr(understanding, "budget_s", 30.0)  # no test is decided by it
    body = {"name": "parrot", "location": chat.address, "model": "m", "highest": "C1"}
    response = await client.post("/api/v1/models", json={**body, "lifecycle": "trial"})
    assert response.status_code == 201, response.text
    rule = {"name": "readers", "purposes": ["understanding"], "models": ["parrot"]}
    ruled = await client.put("/api/v1/models/rules", json=[rule])
    assert ruled.status_code == 200, ruled.text
    await asyncio.sleep(0.3)  # a process sees both after a quarter of a second
    chat.asked.clear()
    chat.began.clear()
    yield chat
    assert (await client.put("/api/v1/models/rules", json=[])).status_code == 200
    await client.delete(f"/api/v1/models/{response.json()['id']}")
    await asyncio.sleep(0.3)


QUESTION = "when does the canteen close?"


async def test_it_finds_for_each_what_that_person_may_read(company: Company, told: Any) -> None:
    found = {}
    for person in ("neighbour", "owner"):
        response = await company.people[person].get(
            "/api/v1/search", params={"q": QUESTION, "explain": True}
        )
        assert response.status_code == 200
        body = response.json()
        found[person] = [hit["document"]["path"] for hit in body["hits"]]
        reading = body["explanation"]["reading"]
        assert reading["model"] == "parrot"
        assert reading["translation"] is not None
        for hit in body["hits"] if person == "neighbour" else ():
            assert not any(secret in str(hit).lower() for secret in SECRETS)
    assert found["neighbour"] == ["open/readme.md"]
    assert any("confidentiel" in path for path in found["owner"])
    assert "cobaltine" not in told.said().lower()


async def test_an_answer_says_who_helped_and_quotes_what_may_be_read(
    company: Company, told: Any
) -> None:
    body = {
        "question": "And when does it close?",
        "history": [
            {"role": "user", "text": "When does the canteen open?"},
            {"role": "assistant", "text": "It opens at noon.", "classification": "C1"},
            {"role": "assistant", "text": "A quotation of C3.", "classification": "C3"},
            {"role": "assistant", "text": "An unclassified quotation."},
        ],
    }
    response = await company.people["neighbour"].post("/api/v1/ask", json=body)
    assert response.status_code == 200
    assert '"helped_by": "parrot"' in response.text
    assert "closes at two" in response.text
    assert not any(secret in response.text.lower() for secret in SECRETS)
    assert "It opens at noon." in told.said()
    assert "quotation" not in told.said()


async def test_who_closes_the_connection_ends_the_call(company: Company, told: Any) -> None:
    client = company.people["owner"]
    body = {"label": "gone", "scopes": ["search"], "expires_in_days": 1}
    key = (await client.post("/api/v1/keys", json=body)).json()["secret"]
    told.wait_s = 30.0
    sent = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if sent:
            return sent.pop()
        await asyncio.to_thread(told.began.wait, 10)
        return {"type": "http.disconnect"}

    async def send(_: dict[str, Any]) -> None:
        pass

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "path": "/api/v1/search", "raw_path": b"/api/v1/search", "root_path": "", "scheme": "http",
        "query_string": b"q=when+does+the+canteen+close", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8600), "headers": [(b"authorization", f"Bearer {key}".encode())],
    }  # fmt: skip
    await client._transport.app(scope, receive, send)
    assert told.began.is_set()
    assert await asyncio.to_thread(told.gone.wait, 5)


async def test_its_calls_are_recorded_and_held_to_quotas(
    clean_module: Installation, company: Company, told: Any
) -> None:
    owner, administrator = company.people["owner"], company.people["administrator"]

    async def records() -> list[Any]:
        database = clean_module.database("owner")
        async with database.read(None) as session:
            rows = await session.rows(
                "select ended, classification, model_name, prompt_version from model_generation"
                " where purpose = 'understanding' order by id"
            )
        await database.close()
        return rows

    async def search() -> dict[str, Any]:
        response = await owner.get("/api/v1/search", params={"q": QUESTION, "explain": True})
        assert response.status_code == 200
        return response.json()["explanation"]["reading"]

    before = await records()
    assert (await search())["translation"] is not None
    made = (await records())[len(before) :]
    assert {tuple(row) for row in made} == {
        ("done", 1, "parrot", "parts 1"),
        ("done", 1, "parrot", "translation 1"),
    }
    quota = {
        "subject": "user",
        "name": "owner",
        "measure": "requests",
        "amount": 0,
        "period": "month",
    }
    put = await administrator.put("/api/v1/quotas", json=quota)
    assert put.status_code == 200, put.text
    told.asked.clear()
    assert set((await search())["unused"].values()) == {"over quota"}
    assert told.asked == []
    await administrator.delete(f"/api/v1/quotas/{put.json()['id']}")
