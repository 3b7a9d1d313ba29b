"""A live language model opens nothing: what it writes is searched with the rights of whoever asks."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from centaure.app.installation import Installation
from centaure.kit.database import Database
from centaure.knowledge.retrieval.language_models import LANGUAGE_MODELS
from contracts.company import SECRETS, Company

pytestmark = pytest.mark.anyio

LEAK = "when does the Zanzibar canteen of Cobaltine close"


@pytest.fixture
async def told(clean_module: Installation, company: Company, chat: Any) -> AsyncIterator[Any]:  # noqa: ARG001
    """A live model behind HTTP that writes the secret's words, whatever it is asked."""
    chat.write = lambda *_: LEAK
    indexer = clean_module.database("indexer")
    models = clean_module.language_models()
    row = await models.describe("service", chat.address, {"model": "m"}, "")
    await models.close()
    async with indexer.write(None) as session:
        await LANGUAGE_MODELS.add(session, "parrot", row)
    await _use(indexer, "parrot")
    chat.asked.clear()
    chat.began.clear()
    yield chat
    await _use(indexer, None)
    async with indexer.write(None) as session:
        await LANGUAGE_MODELS.remove(session, "parrot")
    await indexer.close()


async def _use(indexer: Database, name: str | None) -> None:
    async with indexer.write(None) as session:
        await LANGUAGE_MODELS.use(session, name)
    await asyncio.sleep(0.3)  # a process reads the row again after a quarter of a second


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
    started = time.monotonic()
    await client._transport.app(scope, receive, send)
    assert told.began.is_set()
    assert time.monotonic() - started < 1.4  # sooner than the budget
    assert await asyncio.to_thread(told.gone.wait, 5)
