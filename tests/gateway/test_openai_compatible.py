"""A model behind an OpenAI-compatible service: what is heard of it, and each fault as a sentence."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from centaure.gateway.chat import ChatRequest, Delta, Message, Tool, ToolCall, Usage
from centaure.gateway.embeddings import TextRefused
from centaure.gateway.openai_compatible import OpenAICompatible
from centaure.gateway.simulation import Behaviour, Fault, SimulatedService
from centaure.kit.errors import InvalidInput, Late, Refused, Unavailable

pytestmark = pytest.mark.anyio

PASSAGES = (
    '<passage number="1">Le repas est remboursé 25 euros.</passage>'
    '<passage number="2">Le train se réserve en ligne.</passage>'
    "<question>Quel est le remboursement du repas ?</question>"
)
ASKED = ChatRequest((Message("system", "Quote."), Message("user", PASSAGES)))
PLAIN = ChatRequest((Message("user", "Good morning"),))


@contextlib.asynccontextmanager
async def model(
    service: SimulatedService, name: str = "simulated", silence_s: float = 60.0
) -> AsyncIterator[OpenAICompatible]:
    made = OpenAICompatible(service.address, name, key="k3y", silence_s=silence_s)
    try:
        yield made
    finally:
        await made.close()


async def heard(
    made: OpenAICompatible,
    request: ChatRequest = PLAIN,
    first_s: float = 10.0,
    longest_s: float = 20.0,
) -> list[Delta]:
    return [delta async for delta in made.stream(request, first_s=first_s, longest_s=longest_s)]


async def heard_into(
    got: list[Delta], made: OpenAICompatible, request: ChatRequest = PLAIN
) -> None:
    async for delta in made.stream(request, first_s=10, longest_s=60):
        got.append(delta)  # noqa: PERF401 - what came before a fault is kept


def text(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


async def test_an_answer_comes_in_pieces_with_its_finish_and_usage(
    simulated: SimulatedService,
) -> None:
    simulated.behaviour = Behaviour(tokens_per_second=200)
    async with model(simulated) as made:
        deltas = await heard(made, ASKED)
    assert text(deltas) == "Le repas est remboursé 25 euros [1]."
    assert len(deltas) > 3
    assert [delta.finish for delta in deltas if delta.finish] == ["stop"]
    assert [delta.usage for delta in deltas if delta.usage] == [Usage(20, 7)]


async def test_what_is_asked_is_sent_in_the_form_of_the_interface(
    simulated: SimulatedService,
) -> None:
    calls = (ToolCall("c1", "look_up", '{"name": "a"}'),)
    request = ChatRequest(
        (
            Message("user", "hello"),
            Message("assistant", "", tool_calls=calls),
            Message("tool", "found", tool_call_id="c1"),
        ),
        most_tokens=7,
        top_p=0.5,
        seed=3,
        stop=("END",),
        tools=(Tool("look_up", "Looks up.", {"type": "object"}),),
        tool_choice="look_up",
        response_format={"type": "json_object"},
    )
    async with model(simulated) as made:
        await heard(made, request)
    assert simulated.last == {
        "model": "simulated",
        "messages": [
            {"role": "user", "content": "hello"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "look_up", "arguments": '{"name": "a"}'},
                    }
                ],
            },
            {"role": "tool", "content": "found", "tool_call_id": "c1"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 7,
        "temperature": 0.0,
        "top_p": 0.5,
        "seed": 3,
        "stop": ["END"],
        "response_format": {"type": "json_object"},
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "look_up",
                    "description": "Looks up.",
                    "parameters": {"type": "object"},
                },
            }
        ],
        "tool_choice": {"type": "function", "function": {"name": "look_up"}},
    }


async def test_a_tool_is_called(simulated: SimulatedService) -> None:
    parameters = {"properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}
    tool = Tool("read_weather", "The weather.", parameters)
    request = replace(
        PLAIN, messages=(Message("user", 'Read weather of "Lyon" please'),), tools=(tool,)
    )
    async with model(simulated) as made:
        deltas = await heard(made, request)
    (call,) = [one for delta in deltas for one in delta.tool_calls]
    assert (call.index, call.id, call.name) == (0, "call_simulated_1", "read_weather")
    assert json.loads(call.arguments) == {"city": "Lyon", "days": 0}
    assert [delta.finish for delta in deltas if delta.finish] == ["tool_calls"]


async def test_the_limit_of_tokens_holds(simulated: SimulatedService) -> None:
    simulated.behaviour = Behaviour(tokens=50)
    async with model(simulated) as made:
        deltas = await heard(made, replace(PLAIN, most_tokens=10))
    assert [delta.finish for delta in deltas if delta.finish] == ["length"]
    assert [delta.usage for delta in deltas if delta.usage] == [Usage(2, 10)]


@pytest.mark.parametrize(
    ("fault", "raised", "words", "before"),
    [
        (Fault.UNAUTHORISED, Refused, "refuses the key", False),
        (Fault.UNKNOWN, Refused, "knows no model simulated-404", False),
        (Fault.BUSY, Refused, "Try in 7 s", False),
        (Fault.BROKEN, Refused, "HTTP 500", False),
        (Fault.AWAY, Refused, "HTTP 503", False),
        (Fault.TOO_LONG, TextRefused, "will not take this request", False),
        (Fault.CUT, Unavailable, "cut its answer", True),
        (Fault.CUT_AT_ONCE, Unavailable, "cannot be reached", False),
        (Fault.MALFORMED, Unavailable, "makes no sense", True),
        (Fault.WRONG, Unavailable, "makes no sense", True),
        (Fault.FAILED, Unavailable, "failed while it answered", True),
    ],
)
async def test_every_fault_is_a_sentence(
    simulated: SimulatedService, fault: Fault, raised: type[Exception], words: str, before: bool
) -> None:
    simulated.behaviour = Behaviour(tokens_per_second=500)
    got: list[Delta] = []
    async with model(simulated, f"simulated-{fault}") as made:
        with pytest.raises(raised, match=words):
            await heard_into(got, made)
    assert bool(got) is before


async def test_an_answer_without_a_word_says_what_it_used(simulated: SimulatedService) -> None:
    async with model(simulated, "simulated-empty") as made:
        deltas = await heard(made)
    assert text(deltas) == ""
    assert [delta.finish for delta in deltas if delta.finish] == ["stop"]
    assert [delta.usage for delta in deltas if delta.usage] == [Usage(1, 0)]


async def test_the_wait_that_is_asked_for_is_kept(simulated: SimulatedService) -> None:
    async with model(simulated, "simulated-429") as made:
        with pytest.raises(Refused) as raised:
            await heard(made)
    assert raised.value.status_code == 429
    assert raised.value.answer_headers["Retry-After"] == "7"


async def test_an_answer_without_end_is_cut_at_what_was_asked_for(
    simulated: SimulatedService,
) -> None:
    got: list[Delta] = []
    async with model(simulated, "simulated-endless") as made:
        with pytest.raises(Unavailable, match="goes on past"):
            await heard_into(got, made, replace(PLAIN, most_tokens=100))
    assert 0 < len(text(got)) <= 100 * 16 + 1024
    await until(lambda: simulated.open == 0)


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.STALL])
async def test_silence_ends_with_the_time_for_it(simulated: SimulatedService, fault: Fault) -> None:
    started = time.monotonic()
    async with model(simulated, f"simulated-{fault}") as made:
        with pytest.raises(Unavailable, match="in time"):
            await heard(made, first_s=0.2, longest_s=0.4)
    assert time.monotonic() - started < 5
    await until(lambda: simulated.left == 1)


async def test_the_time_to_the_first_piece_is_not_the_time_of_the_whole(
    simulated: SimulatedService,
) -> None:
    simulated.behaviour = Behaviour(tokens_per_second=20, tokens=12)
    async with model(simulated) as made:
        deltas = await heard(made, first_s=0.3, longest_s=20)
        assert len(text(deltas).split()) == 12
        simulated.behaviour = Behaviour(latency_s=5)
        with pytest.raises(Unavailable, match="in time"):
            await heard(made, first_s=0.1, longest_s=20)


async def test_silence_in_the_middle_of_an_answer_ends_it(simulated: SimulatedService) -> None:
    got: list[Delta] = []
    async with model(simulated, "simulated-stall", silence_s=0.2) as made:
        with pytest.raises(Late, match="in time"):
            await heard_into(got, made)
    assert text(got)
    await until(lambda: simulated.left == 1)


async def test_neither_a_slow_model_nor_a_slow_reader_is_silent(
    simulated: SimulatedService,
) -> None:
    simulated.behaviour = Behaviour(tokens_per_second=20, tokens=40)
    got: list[Delta] = []
    async with model(simulated, silence_s=1.5) as made:
        async for delta in made.stream(PLAIN, first_s=10, longest_s=60):
            if not got:
                await asyncio.sleep(1.6)
            got.append(delta)
    assert got[-1].usage == Usage(2, 40)


async def test_leaving_early_ends_the_work_of_the_service(simulated: SimulatedService) -> None:
    simulated.behaviour = Behaviour(tokens_per_second=50, tokens=1000)
    async with model(simulated) as made:
        stream = made.stream(PLAIN, first_s=10, longest_s=60)
        assert (await anext(stream)).text
        await stream.aclose()
        await until(lambda: simulated.left == 1)


async def test_a_cancelled_reader_ends_the_work_of_the_service(
    simulated: SimulatedService,
) -> None:
    async with model(simulated, "simulated-timeout") as made:
        call = asyncio.create_task(heard(made))
        await until(lambda: simulated.open == 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await until(lambda: simulated.left == 1)


@pytest.mark.parametrize(
    ("fault", "tries"), [(Fault.NO_OPTIONS, 2), (Fault.NO_MAX_TOKENS, 2), (Fault.NO_STREAM, 1)]
)
async def test_a_service_with_habits_of_its_own_is_met_and_remembered(
    simulated: SimulatedService, fault: Fault, tries: int
) -> None:
    async with model(simulated, f"simulated-{fault}") as made:
        assert text(await heard(made)).startswith("I am a simulated model")
        assert simulated.asked == tries
        assert text(await heard(made)).startswith("I am a simulated model")
        assert simulated.asked == tries + 1
    assert ("max_completion_tokens" in simulated.last) is (fault is Fault.NO_MAX_TOKENS)
    assert ("stream_options" not in simulated.last) is (fault is Fault.NO_OPTIONS)


async def test_a_value_that_is_refused_to_one_caller_is_taken_from_others(
    simulated: SimulatedService,
) -> None:
    async with model(simulated, "simulated-no-heat") as made:
        assert text(await heard(made, replace(PLAIN, temperature=2.0)))
        assert "temperature" not in simulated.last
        assert text(await heard(made, replace(PLAIN, temperature=1.0)))
        assert simulated.last["temperature"] == 1.0
        assert simulated.last["stream_options"] == {"include_usage": True}
    assert simulated.asked == 3


async def test_a_connection_serves_again_and_one_that_was_closed_is_replaced(
    simulated: SimulatedService,
) -> None:
    async with model(simulated) as made:
        for _ in range(3):
            assert text(await heard(made))
        assert len(simulated.connections) == 1
        await simulated.close()
        assert text(await heard(made))


async def test_many_answers_come_at_once(simulated: SimulatedService) -> None:
    simulated.behaviour = Behaviour(latency_s=0.3)
    async with model(simulated) as made:
        answers = asyncio.gather(*(heard(made) for _ in range(150)))
        await until(lambda: simulated.open == 150)
        assert all(text(deltas) for deltas in await answers)


async def test_a_service_that_is_away_is_said_to_be() -> None:
    made = OpenAICompatible("http://127.0.0.1:9/v1", "m")
    with pytest.raises(Unavailable, match="cannot be reached"):
        await heard(made)
    await made.close()


@pytest.mark.parametrize(
    ("address", "key"),
    [("ftp://host", ""), ("http://models.example.org/v1", ""), ("https://host/v1", "two words")],
)
def test_an_address_or_a_key_that_is_none_is_refused(address: str, key: str) -> None:
    with pytest.raises(InvalidInput):
        OpenAICompatible(address, "m", key=key)


async def until(come: Any) -> None:
    async with asyncio.timeout(10):
        while not come():  # noqa: ASYNC110 - the service has no event for it
            await asyncio.sleep(0.01)
