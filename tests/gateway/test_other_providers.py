"""Models of Anthropic, Google and Bedrock: what they are asked on their own wires, and what is heard."""

import asyncio
import importlib.util
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from centaure.gateway.chat import ChatRequest, Delta, Message, Tool, ToolCall, Usage
from centaure.gateway.embeddings import TextRefused
from centaure.gateway.other_providers import OtherProvider
from centaure.kit.errors import InvalidInput, Late, Refused, Unavailable
from gateway.wires import Wire, anthropic_says, bedrock_says, google_says, serving

pytestmark = pytest.mark.anyio

MODELS = {
    "anthropic": "claude-haiku-4-5",
    "google": "gemini-2.5-flash",
    "bedrock": "mistral.mistral-large-2402-v1:0",
}
SAYS = {"anthropic": anthropic_says, "google": google_says, "bedrock": bedrock_says}
ASKED = ChatRequest((Message("system", "Be brief."), Message("user", "Good morning")))


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with serving() as told:
        yield told


def made(wire: Wire, kind: str = "anthropic") -> OtherProvider:
    if kind == "bedrock":
        wire.kind = "application/vnd.amazon.eventstream"
    return OtherProvider(kind, MODELS[kind], key="k3y", address=wire.address, region="eu-west-3")


async def heard(
    model: OtherProvider, request: ChatRequest = ASKED, first_s: float = 60.0
) -> list[Delta]:
    try:
        return [delta async for delta in model.stream(request, first_s=first_s, longest_s=120)]
    finally:
        await model.close()


@pytest.mark.parametrize("kind", MODELS)
async def test_each_is_asked_on_its_own_wire_and_heard_in_pieces(wire: Wire, kind: str) -> None:
    wire.pieces = SAYS[kind]("Good ", "day ") if kind != "anthropic" else anthropic_says("Good day")
    deltas = await heard(made(wire, kind), replace(ASKED, most_tokens=77, stop=("END",)))
    assert [delta.text for delta in deltas if delta.text] == ["Good ", "day "]
    assert deltas[-1] == Delta(finish="stop", usage=Usage(11, 5))
    (asked,) = wire.asked
    written = json.dumps(asked)
    assert "Be brief." in written
    assert "Good morning" in written
    assert "77" in written
    assert "END" in written
    if kind == "anthropic":
        assert wire.paths[0].startswith("/v1/messages")
        assert asked["temperature"] == 0.0


async def test_a_tool_is_called_and_its_result_is_told(wire: Wire) -> None:
    wire.pieces = anthropic_says(
        "Let me look", {"name": "weather", "arguments": {"city": "Lyon"}}, stop="tool_use"
    )
    request = ChatRequest(
        (
            Message("user", "Weather in Paris, then Lyon?"),
            Message("assistant", "Paris.", (ToolCall("toolu_0", "weather", '{"city": "Paris"}'),)),
            Message("tool", "rain", tool_call_id="toolu_0"),
        ),
        tools=(Tool("weather", "Tells it.", {"type": "object", "properties": {}}),),
        tool_choice="required",
    )
    deltas = await heard(made(wire), request)
    calls = [call for delta in deltas for call in delta.tool_calls]
    assert (calls[0].index, calls[0].id, calls[0].name) == (0, "toolu_1", "weather")
    assert json.loads("".join(call.arguments for call in calls)) == {"city": "Lyon"}
    assert deltas[-1].finish == "tool_calls"
    (asked,) = wire.asked
    assert asked["tool_choice"]["type"] == "any"
    assert [turn["role"] for turn in asked["messages"]] == ["user", "assistant", "user"]
    result = asked["messages"][2]["content"][0]
    assert (result["type"], result["tool_use_id"]) == ("tool_result", "toolu_0")


async def test_json_is_asked_for(wire: Wire) -> None:
    wire.pieces = anthropic_says('{"city": "Lyon"}')
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "place", "schema": schema}}
    deltas = await heard(made(wire), replace(ASKED, response_format=wanted))
    assert json.loads("".join(delta.text for delta in deltas)) == {"city": "Lyon"}
    assert '"city"' in json.dumps(wire.asked[0])


@pytest.mark.parametrize(
    ("kind", "status", "raised", "words"),
    [
        ("anthropic", 401, Refused, "Anthropic refuses the key"),
        ("anthropic", 404, Refused, "knows no model claude-haiku-4-5"),
        ("anthropic", 429, Refused, "Try in 9 s"),
        ("anthropic", 500, Refused, "HTTP 500"),
        ("anthropic", 529, Refused, "HTTP 529"),
        ("anthropic", 400, TextRefused, "will not take this request"),
        ("google", 403, Refused, "Google refuses the key"),
        ("google", 503, Refused, "HTTP 503"),
        ("bedrock", 403, Refused, "Bedrock refuses the key"),
        ("bedrock", 400, TextRefused, "will not take this request"),
        ("bedrock", 503, Refused, "HTTP 503"),
    ],
)
async def test_a_refusal_is_a_sentence_and_asked_once(
    wire: Wire, kind: str, status: int, raised: type[Exception], words: str
) -> None:
    model = made(wire, kind)
    secret = "what the provider says may quote the request"
    wire.status, wire.kind = status, "application/json"
    wire.pieces = [json.dumps({"error": {"type": "x", "message": secret}}).encode()]
    with pytest.raises(raised, match=words) as said:
        await heard(model)
    assert secret not in str(said.value)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "pieces",
    [
        anthropic_says("Good day to you")[:4],
        [*anthropic_says("Good day")[:2], b"event: content_block_delta\ndata: {bro\n\n"],
        anthropic_says()[:-2],
        [],
    ],
    ids=["cut", "malformed", "no word", "nothing"],
)
@pytest.mark.parametrize("cut", [False, True])
async def test_a_broken_answer_is_a_sentence(wire: Wire, pieces: list[bytes], cut: bool) -> None:
    wire.pieces, wire.cut = pieces, cut
    with pytest.raises(Unavailable, match="Anthropic"):
        await heard(made(wire))


async def test_an_answer_without_a_word_says_what_it_used(wire: Wire) -> None:
    wire.pieces = anthropic_says()
    deltas = await heard(made(wire))
    assert "".join(delta.text for delta in deltas) == ""
    assert [delta.finish for delta in deltas if delta.finish] == ["stop"]
    assert [delta.usage for delta in deltas if delta.usage]


async def test_an_answer_without_end_is_cut(wire: Wire) -> None:
    wire.pieces = anthropic_says(" ".join(["word" * 1000] * 20))
    with pytest.raises(Unavailable, match="goes on past"):
        await heard(made(wire), replace(ASKED, most_tokens=100))


async def test_silence_ends_with_its_time_and_closes_the_connection(wire: Wire) -> None:
    model = made(wire)
    wire.pieces = anthropic_says("Good day")
    assert await anext(model.stream(ASKED, first_s=60, longest_s=60))  # their library is loaded
    wire.pieces, wire.silent = (), True
    with pytest.raises(Unavailable, match="Anthropic does not answer in time"):
        await heard(model, first_s=0.3)
    async with asyncio.timeout(10):
        await wire.gone.wait()


async def test_silence_in_the_middle_of_an_answer_ends_it(wire: Wire) -> None:
    wire.pieces, wire.silent = anthropic_says("Good day to you all")[:4], True
    model = OtherProvider(
        "anthropic", MODELS["anthropic"], key="k3y", address=wire.address, silence_s=0.3
    )
    with pytest.raises(Late, match="Anthropic does not answer in time"):
        await heard(model)


async def test_leaving_early_closes_the_connection(wire: Wire) -> None:
    wire.pieces, wire.silent = anthropic_says("Good day to you all")[:4], True
    model = made(wire)
    stream = model.stream(ASKED, first_s=60, longest_s=60)
    assert (await anext(stream)).text == "Good "
    await stream.aclose()
    async with asyncio.timeout(10):
        await wire.gone.wait()
    await model.close()


def test_what_is_needed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="Anthropic needs a key"):
        OtherProvider("anthropic", "m", key="")
    with pytest.raises(InvalidInput, match="Bedrock needs a region"):
        OtherProvider("bedrock", "m", key="k")
    with pytest.raises(InvalidInput, match="clear"):
        OtherProvider("google", "m", key="k", address="http://models.example.org")

    def find(name: str, *_: Any) -> None:
        if name == "google.genai":
            raise ModuleNotFoundError

    monkeypatch.setattr(importlib.util, "find_spec", find)
    for kind in ("anthropic", "google"):
        with pytest.raises(Unavailable, match=r"pip install -e .\.\[providers\]"):
            OtherProvider(kind, "m", key="k")


def test_nobody_who_does_not_use_them_loads_their_libraries() -> None:
    code = (
        "import sys, centaure.gateway.other_providers as o;"
        "o.OtherProvider('anthropic', 'm', key='k');"
        "print([n for n in ('pydantic_ai', 'anthropic', 'google.genai', 'boto3') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
