"""The simulated service as programs meet it: over HTTP, by its command, and a thousand at once."""

import asyncio
import os
import subprocess
import sys
from typing import Any

import pytest

from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.openai_compatible import OpenAICompatible
from centaure.gateway.simulation import Behaviour, Fault, SimulatedService
from centaure.kit.async_outbound import AsyncOutbound
from centaure.kit.errors import Refused, Unavailable

pytestmark = pytest.mark.anyio


async def ask(address: str, what: str, document: Any = None) -> Any:
    outbound = AsyncOutbound(hosts=("127.0.0.1",))
    method = "GET" if document is None else "POST"
    try:
        async with outbound.stream(
            method, address + what, json=document, most=1_000_000, longest_s=20
        ) as answer:
            assert answer.headers["x-simulated"] == "true"
            return await answer.json()
    finally:
        await outbound.close()


async def test_its_models_say_what_they_are(simulated: SimulatedService) -> None:
    listed = await ask(simulated.address, "/models")
    names = [one["id"] for one in listed["data"]]
    assert names == ["simulated", *(f"simulated-{fault}" for fault in Fault)]
    assert {one["owned_by"] for one in listed["data"]} == {"centaure-simulate"}


async def test_an_answer_may_come_whole(simulated: SimulatedService) -> None:
    asked = {"model": "simulated", "messages": [{"role": "user", "content": "Hello"}]}
    answer = await ask(simulated.address, "/chat/completions", asked)
    assert answer["system_fingerprint"] == "simulated"
    (choice,) = answer["choices"]
    assert "simulated model" in choice["message"]["content"]
    assert choice["finish_reason"] == "stop"
    assert answer["usage"]["total_tokens"] == 14


async def test_texts_that_share_words_have_vectors_that_are_near(
    simulated: SimulatedService,
) -> None:
    texts = ["the price of a meal", "price of meals", "a train to Lyon"]
    asked = {"model": "simulated", "input": texts}
    found = await ask(simulated.address, "/embeddings", asked)
    price, meals, train = (one["embedding"] for one in found["data"])
    near = sum(a * b for a, b in zip(price, meals, strict=True))
    assert near > sum(a * b for a, b in zip(price, train, strict=True))


@pytest.mark.parametrize(
    ("what", "document", "status"),
    [
        ("/nowhere", None, 404),
        ("/chat/completions", [], 400),
        ("/chat/completions", {"model": "simulated"}, 400),
        ("/chat/completions", {"model": "simulated", "messages": [{"role": "user"}, 7]}, 400),
        ("/chat/completions", {"model": "gpt", "messages": []}, 404),
        ("/embeddings", {"model": "simulated"}, 400),
    ],
)
async def test_what_is_not_of_the_form_is_refused(
    simulated: SimulatedService, what: str, document: Any, status: int
) -> None:
    with pytest.raises(Refused) as raised:
        await ask(simulated.address, what, document)
    assert raised.value.status_code == status


async def test_json_is_cut_where_a_whole_answer_is_to_be_malformed(
    simulated: SimulatedService,
) -> None:
    asked = {"model": "simulated-malformed", "messages": [{"role": "user", "content": "Hello"}]}
    with pytest.raises(Unavailable, match="JSON"):
        await ask(simulated.address, "/chat/completions", asked)


async def test_a_thousand_answers_are_under_way_at_once(simulated: SimulatedService) -> None:
    from centaure.app.cli.running import allow_many_connections  # noqa: PLC0415

    allow_many_connections()
    simulated.behaviour = Behaviour(latency_s=3, tokens_per_second=20, tokens=3)
    model = OpenAICompatible(simulated.address, "simulated")
    request = ChatRequest((Message("user", "Hello"),))

    async def answer() -> str:
        heard = model.stream(request, first_s=120, longest_s=240)
        return "".join([delta.text async for delta in heard])

    answers = asyncio.gather(*(answer() for _ in range(1000)))
    most = 0
    while not answers.done():
        most = max(most, simulated.open)
        await asyncio.sleep(0.05)
    assert set(await answers) == {"I am a"}
    assert most > 900
    await model.close()


async def test_the_command_serves_until_it_is_stopped() -> None:
    words = ["simulate", "--port", "0", "--tokens", "4", "--fault", "no-options"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "centaure.app.cli", *words),
        stdout=subprocess.PIPE,
        env={**os.environ},
    )
    assert process.stdout is not None
    said = (await process.stdout.readline()).decode()
    address = said.split()[4]
    model = OpenAICompatible(address, "simulated")
    request = ChatRequest((Message("user", "Hello"),))
    text = [delta.text async for delta in model.stream(request, first_s=30, longest_s=30)]
    assert "".join(text) == "I am a simulated"
    await model.close()
    process.terminate()
    assert await process.wait() == 0


async def test_a_fault_that_is_none_is_refused() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "centaure.app.cli", "simulate", "--fault", "nonsense"),
        stderr=subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"nonsense is no fault that is known" in said
    assert b"Traceback" not in said
