"""`/v1` in front of the real gateway: routed, counted, recorded, and stopped when the client has gone."""

import asyncio
import base64
import json
import struct
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from centaure.answering.asking import Asking, Enquiry
from centaure.app.api import make_api
from centaure.app.installation import Installation
from centaure.gateway import administration as admin
from centaure.gateway.descriptions import ModelDescription
from centaure.gateway.quotas import Measure, NewQuota, Period, Subject, set_quota
from centaure.gateway.simulation import Behaviour
from centaure.gateway.simulation.server import SimulatedService, simulated_service
from centaure.guardrails import policies
from centaure.guardrails.policy import Policy
from centaure.identity import Role, Scope, service
from centaure.kit.database import Database
from centaure.kit.vault import Vault
from centaure.knowledge.retrieval.models import EmbeddingModels, add_model
from listening import listening

pytestmark = pytest.mark.anyio
PASSAGE = (
    '<passage number="1">Le repas est remboursé 22 euros au plus.</passage>'
    "<question>Quel est le plafond d'un repas ?</question>"
)


@dataclass(frozen=True)
class House:
    """A client with somebody's key, and what is looked at behind its back."""

    client: httpx2.AsyncClient
    owner: Database
    installation: Installation
    person: int

    async def ask(self, model: str, words: str = "Bonjour", **more: Any) -> httpx2.Response:
        messages = [{"role": "user", "content": words}]
        return await self.client.post(
            "/chat/completions", json={"model": model, "messages": messages, **more}
        )

    async def offer(self, name: str, **said: Any) -> None:
        """Put a model in the catalogue."""
        described = ModelDescription.model_validate({"name": name, "lifecycle": "approved", **said})
        async with self.owner.write(None) as session:
            await admin.add(session, described, "", Vault.of(self.installation.settings))
        await asyncio.sleep(0.3)

    async def models(self) -> list[str]:
        """Those that can be named, but for the assistants."""
        listed = (await self.client.get("/models")).json()["data"]
        return [model["id"] for model in listed if not model["id"].startswith("assistant:")]

    async def record(self) -> Any:
        """The last one, once it is closed."""
        for _ in range(100):
            async with self.owner.read(None) as session:
                row = await session.row(
                    "select * from model_generation order by id desc fetch first row only"
                )
            if row is not None and row.ended is not None:
                return row
            await asyncio.sleep(0.05)
        raise AssertionError("no record was closed")


@pytest.fixture
def address(clean: Installation) -> Iterator[str]:
    with listening(make_api(clean)) as address:
        yield address


@pytest.fixture
async def house(clean: Installation, address: str) -> AsyncIterator[House]:
    owner = clean.database("owner")
    async with owner.write(None) as session:
        user = await service.create_user(session, "ada", "Ada", {Role.READER, Role.ADMINISTRATOR})
        _, key = await service.create_key(session, user.id, "a", [Scope.ASK], timedelta(days=1))
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=f"{address}/v1", headers=headers, timeout=30) as client:
        yield House(client, owner, clean, user.id)
    await owner.close()


@pytest.fixture
async def simulated() -> AsyncIterator[SimulatedService]:
    async with simulated_service(Behaviour()) as served:
        yield served


async def quiet(simulated: SimulatedService) -> None:
    """Wait until the service has no answer under way."""
    async with asyncio.timeout(10):
        while simulated.open:  # noqa: ASYNC110 - the service has no event for it
            await asyncio.sleep(0.02)


async def test_the_twin_answers_and_its_call_is_recorded(house: House) -> None:
    await house.offer("twin", kind="extractive", highest="C3")
    said = await house.ask("twin", PASSAGE)
    assert said.status_code == 200, said.text
    assert "22 euros" in said.json()["choices"][0]["message"]["content"]
    assert said.json()["model"] == "twin (simulated)"
    row = await house.record()
    assert said.headers["x-request-id"] == f"gen-{row.id}"
    assert (row.ended, row.purpose, row.classification) == ("done", "chat", 1)
    assert (row.principal, row.model_name) == (house.person, "twin")
    assert row.key_id is not None
    named = await house.models()
    assert named == ["centaure", "twin"]


@pytest.mark.parametrize("stream", [False, True])
async def test_a_model_that_is_not_cleared_reads_no_value_and_the_record_has_none(
    house: House, simulated: SimulatedService, stream: bool
) -> None:
    policy = Policy(cleared_from="C3", off=frozenset({"attack", "links"}))
    async with house.owner.write(None) as session:
        await policies.write(session, "", policy, None)
    await house.offer(
        "scribe", location=simulated.address, model="simulated-obedient", highest="C2"
    )
    words = "Madame Claire Martin est née le 3 mai 1980, IBAN FR76 3000 6000 0112 3456 7890 189."
    tool = {"type": "function", "function": {"name": "send_everything"}}
    said = await house.ask("scribe", words, stream=stream, tools=[tool])
    assert said.status_code == 200, said.text
    shown = said.text if not stream else _text_of(said.text)
    row = await house.record()
    async with house.owner.read(None) as session:
        kept = await session.row(
            "select prompt::text, answer from model_generation_text where generation = %(id)s",
            {"id": row.id},
        )
    assert kept is not None
    for value in ("Claire Martin", "3 mai 1980", "FR76 3000 6000 0112 3456 7890 189"):
        assert value in shown
        assert value not in json.dumps(simulated.last, ensure_ascii=False)
        assert value not in f"{row} {kept}"
    assert "[PERSON_1]" in kept.prompt
    assert "[PERSON_1]" in kept.answer


def _text_of(events: str) -> str:
    """What the chunks of a stream say."""
    lines = (line.removeprefix("data: ") for line in events.splitlines() if line[6:7] == "{")
    choices = [choice for line in lines for choice in json.loads(line)["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


async def test_a_quota_that_is_used_up_is_429(house: House) -> None:
    await house.offer("twin", kind="extractive")
    async with house.owner.write(house.person) as session:
        await set_quota(
            session,
            NewQuota(Subject.EVERYBODY, "", Measure.REQUESTS, Decimal(1), Period.DAY, each=False),
        )
    assert (await house.ask("twin")).status_code == 200
    refused = await house.ask("twin", stream=True)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "insufficient_quota"
    assert int(refused.headers["retry-after"]) > 0


async def test_what_a_model_named_cannot_do_is_400_and_one_not_cleared_is_404(
    house: House,
) -> None:
    await house.offer("plain", kind="extractive", capabilities=[], context=500)
    await house.offer("public", kind="extractive", capabilities=[], highest="C0")
    tool = {"type": "function", "function": {"name": "weather"}}
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"tools": [tool]}, "does not offer tools"),
        ({"response_format": {"type": "json_object"}}, "does not offer json"),
        ({"max_tokens": 600}, "takes 500 tokens"),
    )
    for more, why in cases:
        said = await house.ask("plain", **more)
        assert (said.status_code, said.json()["error"]["type"]) == (400, "invalid_request_error")
        assert why in said.json()["error"]["message"]
        assert (await house.record()).ended == "refused"
        assert (await house.ask("public", **more)).status_code == 404


async def test_faults_of_a_provider_are_told_in_the_shape_of_clients(
    house: House, simulated: SimulatedService
) -> None:
    for fault in ("500", "cut", "malformed", "empty", "endless"):
        await house.offer(fault, location=simulated.address, model=f"simulated-{fault}")
    failed = (await house.ask("500")).json()["error"]
    assert failed["code"] == "service_unavailable"
    assert "500 does not answer (HTTP 500)." in failed["message"]
    assert "localhost" not in failed["message"]
    assert (await house.record()).ended == "failed"
    for fault in ("cut", "malformed"):
        streamed = (await house.ask(fault, stream=True)).text.rstrip().split("\n\n")
        said = json.loads(streamed[-1].removeprefix("data: "))
        assert "localhost" not in said["error"]["message"]
        # A connection that is reset may take the first pieces with it.
        assert (await house.record()).ended in {"cut", "failed"}
    assert (await house.ask("empty")).status_code == 503
    long = await house.ask("endless", max_tokens=5)
    assert long.status_code == 503, "it does not keep to what was asked"


async def test_what_a_provider_does_not_count_is_estimated_as_in_the_record(
    house: House, simulated: SimulatedService
) -> None:
    await house.offer("quiet", location=simulated.address, model="simulated-no-options")
    whole = (await house.ask("quiet", PASSAGE)).json()["usage"]
    row = await house.record()
    assert row.tokens_counted is False
    assert 0 < row.completion_tokens == whole["completion_tokens"]
    assert 0 < row.prompt_tokens == whole["prompt_tokens"]
    asked = {"stream": True, "stream_options": {"include_usage": True}}
    streamed = (await house.ask("quiet", PASSAGE, **asked)).text.rstrip().split("\n\n")
    assert json.loads(streamed[-2].removeprefix("data: "))["usage"] == whole


async def test_a_client_that_leaves_ends_the_providers_work(
    house: House, simulated: SimulatedService
) -> None:
    simulated.behaviour = Behaviour(tokens_per_second=50)
    # An answer that never ends by itself; what is shown of it comes a whole sentence at a time.
    await house.offer("slow", location=simulated.address, model="simulated-endless")
    asked = {"model": "slow", "messages": [{"role": "user", "content": PASSAGE}], "stream": True}
    async with house.client.stream("POST", "/chat/completions", json=asked) as response:
        async for _ in response.aiter_bytes():
            break
    assert (await house.record()).ended == "cancelled"
    await quiet(simulated)
    assert simulated.left == 1
    simulated.behaviour = Behaviour(latency_s=20)
    with pytest.raises(httpx2.ReadTimeout):
        await house.client.post("/chat/completions", json=asked, timeout=1)
    await quiet(simulated)
    assert (await house.record()).ended == "cancelled"


async def test_texts_get_the_vectors_of_the_live_model(house: House) -> None:
    described, length = EmbeddingModels().describe("trigrams", "", {"dimensions": "64"}, "")
    async with house.owner.write(None) as session:
        await add_model(session, "letters", described, length)
        await session.execute("update generation set model = 1")
    await asyncio.sleep(0.3)

    async def embed(**asked: Any) -> httpx2.Response:
        return await house.client.post(
            "/embeddings", json={"model": "centaure-embeddings", **asked}
        )

    said = (await embed(input=["repas", "train", "repas"])).json()
    vectors = [one["embedding"] for one in said["data"]]
    assert said["model"] == "centaure-embeddings-1"
    assert [len(vector) for vector in vectors] == [64] * 3
    assert vectors[0] == vectors[2] != vectors[1]
    row = await house.record()
    assert (row.ended, row.purpose, row.model_name) == ("done", "embedding", said["model"])
    assert (row.principal, row.model_id, row.completion_tokens) == (house.person, None, 0)
    assert row.prompt_tokens == said["usage"]["total_tokens"] > 0
    assert row.key_id is not None
    async with house.owner.read(None) as session:
        assert not await session.value("select count(*) from model_generation_text")
    packed = (await embed(input="repas", encoding_format="base64", dimensions=64)).json()
    read = struct.unpack("<64f", base64.b64decode(packed["data"][0]["embedding"]))
    assert list(read) == pytest.approx(vectors[0], abs=1e-6)
    assert (await embed(input=["repas"] * 200, input_type="query")).status_code == 200
    names = await house.models()
    assert names == ["centaure", "centaure-embeddings", "centaure-embeddings-1"]
    for wrong in ({"input": ""}, {"input": []}, {"input": [1, 2]}, {"input": "a", "dimensions": 3}):
        assert (await embed(**wrong)).status_code == 400, wrong
    assert (await embed(input=["a"] * 1000)).status_code == 400
    gone = await embed(input="a", model="centaure-embeddings-9")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "model_not_found")
    async with house.owner.write(None) as session:
        await session.execute("update embedding_model set highest = 1")
    await asyncio.sleep(0.3)
    asked = {"model": "centaure-embeddings", "input": "a"}
    raised = {"X-Centaure-Classification": "C2"}
    assert (await house.client.post("/embeddings", json=asked, headers=raised)).status_code == 403
    assert (await house.record()).ended == "refused"
    async with house.owner.write(house.person) as session:
        await set_quota(
            session,
            NewQuota(Subject.EVERYBODY, "", Measure.TOKENS, Decimal(50), Period.DAY, each=False),
        )
    assert (await embed(input="a word")).status_code == 200
    spent = await embed(input="a word " * 100)
    assert (spent.status_code, spent.json()["error"]["code"]) == (429, "insufficient_quota")


async def test_the_class_that_is_declared_goes_with_a_question_to_centaure(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes: list[int] = []
    ask = Asking.ask

    def noted(self: Asking, reader: Any, enquiry: Enquiry) -> Any:
        classes.append(enquiry.classification)
        return ask(self, reader, enquiry)

    monkeypatch.setattr(Asking, "ask", noted)
    asked = {"model": "centaure", "messages": [{"role": "user", "content": "Bonjour ?"}]}
    for sent in ("C0", "C2", "C3"):
        raised = {"X-Centaure-Classification": sent}
        said = await house.client.post("/chat/completions", json=asked, headers=raised)
        assert said.status_code == 200, said.text
    assert classes == [1, 2, 3], "never below the class of a question"


async def test_what_cannot_be_read_is_400(house: House) -> None:
    for body in (b"", b"{", b"[]", b'{"model": "twin"}', b'{"model": 3, "messages": []}'):
        wrong = await house.client.post(
            "/chat/completions", content=body, headers={"content-type": "application/json"}
        )
        assert wrong.status_code == 400, body
        assert wrong.json()["error"]["message"]
    large = await house.ask("twin", "a" * 1_100_000)
    assert large.status_code == 400
