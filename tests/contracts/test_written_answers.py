"""Answers that a model writes, over HTTP: nothing above its class or the reader's rights reaches it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from centaure.app.installation import Installation
from centaure.gateway.simulation import Behaviour, SimulatedService, simulated_service
from contracts.company import SECRETS, Company
from doubts import doubt

pytestmark = pytest.mark.anyio

CANTEEN = "At what hour is it that the canteen opens and closes?"
SECRET = "When is the Cobaltine purchase signed?"


@pytest.fixture
async def service() -> AsyncIterator[SimulatedService]:
    async with simulated_service(Behaviour(tokens_per_second=500)) as served:
        yield served


@pytest.fixture
async def add(company: Company, service: SimulatedService) -> AsyncIterator[Any]:
    """Adds a model of the simulated service, by its name there and the class that it may be sent."""
    client = company.people["administrator"]
    added: list[int] = []

    async def adds(model: str = "simulated", highest: str = "C1") -> None:
        body = {
            "name": f"writer {len(added)}", "location": service.address, "model": model, "highest": highest,
            "lifecycle": "approved",
        }  # fmt: skip
        response = await client.post("/api/v1/models", json=body)
        assert response.status_code == 201, response.text
        added.append(response.json()["id"])
        await asyncio.sleep(0.3)  # a process sees it after a quarter of a second

    yield adds
    for model_id in added:
        await client.delete(f"/api/v1/models/{model_id}")
    await asyncio.sleep(0.3)


async def asked(company: Company, person: str, question: str) -> list[tuple[str, dict[str, Any]]]:
    response = await company.people[person].post("/api/v1/ask", json={"question": question})
    assert response.status_code == 200, response.text
    blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
    return [(name[7:], json.loads(data[6:])) for name, data in blocks]


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - it is another server's state
        await asyncio.sleep(0.01)


async def test_an_answer_is_written_cited_and_held_against_its_passages(
    company: Company, service: SimulatedService, add: Any
) -> None:
    await add()
    events = await asked(company, "neighbour", CANTEEN)
    assert [name for name, _ in events][:2] == ["citation", "sentence"]
    sentence, done = events[1][1], events[-1][1]
    assert "opens at noon" in sentence["text"]
    assert "[" not in sentence["text"]
    assert (sentence["citations"], sentence["support"]) == ([1], "supported")
    assert done["model"] == "writer 0 (simulated)"
    assert done["generation"] > 0
    assert done["prompt_version"].startswith("answer.en ")
    assert (done["fallback"], done["stopped"], done["classification"]) == (None, None, "C1")
    assert done["citations"][0]["quote"] == "The canteen opens at noon and closes at two."
    assert not any(secret in str(service.last).lower() for secret in SECRETS)


async def test_what_is_above_a_model_is_quoted_and_never_sent(
    company: Company, service: SimulatedService, add: Any
) -> None:
    await add(highest="C2")
    done = (await asked(company, "owner", SECRET))[-1][1]
    assert (done["model"], done["fallback"], done["classification"]) == ("", "no_model", "C3")
    assert "14 March" in done["answer"]
    assert service.asked == 0
    await add(highest="C3")
    done = (await asked(company, "owner", SECRET))[-1][1]
    assert (done["model"], done["classification"]) == ("writer 1 (simulated)", "C3")


async def test_a_neighbour_gets_the_same_answer_as_without_the_document(
    company: Company, service: SimulatedService, add: Any
) -> None:
    await add(highest="C3")
    for question in (SECRET, "When is the zebra purchase signed?"):
        done = (await asked(company, "neighbour", question))[-1][1]
        assert (done["answerable"], done["model"], done["fallback"]) == (False, "", None)
    assert service.asked == 0


@pytest.mark.parametrize("fault", ["401", "500", "cut-at-once", "malformed", "empty", "too-long"])
async def test_documents_are_quoted_where_the_model_fails(
    company: Company, add: Any, fault: str
) -> None:
    await add(f"simulated-{fault}")
    done = (await asked(company, "neighbour", CANTEEN))[-1][1]
    assert (done["model"], done["fallback"]) == ("", "failed")
    assert "opens at noon" in done["answer"]


async def test_an_answer_without_end_is_ended(company: Company, add: Any) -> None:
    await add("simulated-endless")
    done = (await asked(company, "neighbour", CANTEEN))[-1][1]
    assert done["stopped"] in {"length", "cut"}


MCP = {
    "jsonrpc": "2.0", "id": 1, "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": CANTEEN}},
}  # fmt: skip


DOORS = {"/api/v1/ask": {"question": CANTEEN}, "/mcp": MCP}


@pytest.mark.parametrize("path", DOORS)
async def test_who_leaves_before_the_first_sentence_ends_the_call(
    company: Company, clean_module: Installation, service: SimulatedService, add: Any, path: str
) -> None:
    await add()
    service.behaviour = Behaviour(latency_s=60)
    client = company.people["neighbour"]
    key = {"label": "gone", "scopes": ["ask"], "expires_in_days": 1}
    secret = (await client.post("/api/v1/keys", json=key)).json()["secret"]
    sent = [{"type": "http.request", "body": json.dumps(DOORS[path]).encode(), "more_body": False}]

    async def receive() -> dict[str, Any]:
        if sent:
            return sent.pop()
        await until(lambda: service.open > 0)
        return {"type": "http.disconnect"}

    async def send(_: dict[str, Any]) -> None:
        pass

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http",
        "query_string": b"", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8600),
        "headers": [
            (b"authorization", f"Bearer {secret}".encode()), (b"content-type", b"application/json"),
            (b"accept", b"application/json, text/event-stream"),
        ],
    }  # fmt: skip
    transport: Any = client._transport
    async with asyncio.timeout(30):
        await transport.app(scope, receive, send)
        await until(lambda: service.open == 0)
    owner = clean_module.database("owner")
    async with owner.read(None) as session:
        ended = await session.value("select ended from model_generation order by id desc limit 1")
    await owner.close()
    assert ended == "cancelled"


@pytest.fixture
async def judged(
    company: Company, chat: Any, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A model writes a sentence in doubt, and the offline twin judges it; the reason that is given."""
    doubt(monkeypatch, "sandwiches")
    chat.write = lambda *_: "The canteen opens at noon and sells sandwiches [1]."
    client = company.people["administrator"]
    models = (
        {"name": "scribe", "location": chat.address, "model": "m", "lifecycle": "approved"},
        {"name": "twin", "kind": "extractive", "lifecycle": "trial"},
    )
    added = [await client.post("/api/v1/models", json=body) for body in models]
    rule = {"name": "judges", "purposes": ["judge"], "models": ["twin"], "exclusive": True}
    assert (await client.put("/api/v1/models/rules", json=[rule])).status_code == 200
    await asyncio.sleep(0.3)
    yield "Judged by twin (simulated): the passages do not bear it out."
    assert (await client.put("/api/v1/models/rules", json=[])).status_code == 200
    for response in added:
        await client.delete(f"/api/v1/models/{response.json()['id']}")
    await asyncio.sleep(0.3)


async def test_a_sentence_in_doubt_is_judged_and_the_verdict_is_shown_kept_and_on_record(
    company: Company, clean_module: Installation, judged: str
) -> None:
    events = await asked(company, "neighbour", CANTEEN)
    assert [name for name, _ in events] == ["citation", "sentence", "judged", "done"]
    sentence, verdict, done = (data for _, data in events[1:])
    assert sentence["support"] == "unchecked"
    assert verdict == {"sentence": 0, "support": "unsupported", "reason": judged}
    assert done["warning"]

    client = company.people["neighbour"]
    talk = (await client.post("/api/v1/conversations", json={})).json()["id"]
    told = await client.post(f"/api/v1/conversations/{talk}/ask", json={"question": CANTEEN})
    assert "event: judged" in told.text
    kept = (await client.get(f"/api/v1/conversations/{talk}")).json()["turns"][1]["sentences"]
    assert [(one["support"], one["reason"]) for one in kept] == [("unsupported", judged)]

    owner = clean_module.database("owner")
    async with owner.read(None) as session:
        made = await session.rows(
            "select model_name, purpose, classification, ended, conversation from model_generation"
            " order by id desc limit 2"
        )
    await owner.close()
    assert [tuple(row) for row in made] == [
        ("twin", "judge", 1, "done", talk), ("scribe", "answer", 1, "done", talk),
    ]  # fmt: skip
