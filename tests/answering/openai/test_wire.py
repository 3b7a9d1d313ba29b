"""What OpenAI's clients read of a stream is what the model said, whole or in pieces."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.answering.openai import completions
from centaure.answering.openai.errors import event, shaped
from centaure.answering.openai.wire import END
from centaure.gateway.calls import Call, NoModel, Purpose, QuotaExhausted
from centaure.gateway.chat import ChatRequest, Delta, Message, ToolCallPart, Usage
from centaure.gateway.service import Gateway
from centaure.kit.errors import CentaureError, Forbidden, InvalidInput, NotFound, NotSignedIn

pytestmark = pytest.mark.anyio
CALL = Call(ChatRequest((Message("user", "Hello"),)), 1, Purpose.CHAT, 1)


class Spoken:
    def __init__(self, deltas: list[Delta]) -> None:
        self.model, self.generation, self.deltas = (
            SimpleNamespace(name='mo"del', simulated=False),
            7,
            deltas,
        )
        self.usage = Usage(3, 4)

    async def __aiter__(self) -> AsyncIterator[Delta]:
        for delta in self.deltas:
            yield delta


class Speaker:
    """A gateway whose model says what it is told to."""

    def __init__(self, deltas: list[Delta]) -> None:
        self.deltas = deltas

    @asynccontextmanager
    async def speak(self, _: Call) -> AsyncIterator[Spoken]:
        yield Spoken(self.deltas)


def read(stream: bytes) -> list[dict[str, Any]]:
    """The chunks of a stream that is whole."""
    assert stream.endswith(END)
    events = stream.decode().removesuffix(END.decode()).split("\n\n")
    assert events.pop() == ""
    assert all(one.startswith("data: ") and "\n" not in one for one in events)
    return [json.loads(one[6:]) for one in events]


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
PARTS = st.builds(ToolCallPart, st.integers(0, 2), st.sampled_from(["", "call"]), TEXTS, TEXTS)
DELTAS = st.lists(st.builds(Delta, TEXTS, st.lists(PARTS, max_size=2).map(tuple)), max_size=8)


@given(deltas=DELTAS, finish=st.sampled_from(["stop", "length", "tool_calls"]), tells=st.booleans())
async def test_the_pieces_put_together_are_the_whole(
    deltas: list[Delta], finish: Any, tells: bool
) -> None:
    speaker = cast("Gateway", Speaker([*deltas, Delta(finish=finish)]))
    headers: dict[str, str] = {}
    pieces = completions.streamed(speaker, CALL, headers, tells_usage=tells)
    chunks = read(b"".join([piece async for piece in pieces]))
    (document,) = [json.loads(one) async for one in completions.whole(speaker, CALL, {})]

    assert headers["x-request-id"] == "gen-7"
    said = [chunk["choices"][0] for chunk in chunks if chunk["choices"]]
    text = "".join(one["delta"].get("content") or "" for one in said)
    message = document["choices"][0]["message"]
    assert text == (message["content"] or "")
    assert text == "".join(delta.text for delta in deltas)
    arguments: dict[int, str] = {}
    for one in said:
        for part in one["delta"].get("tool_calls", []):
            index = part["index"]
            arguments[index] = arguments.get(index, "") + part["function"]["arguments"]
    called = [call["function"]["arguments"] for call in message.get("tool_calls", [])]
    assert [arguments[index] for index in sorted(arguments)] == called
    assert [one["finish_reason"] for one in said if one["finish_reason"]] == [finish]
    assert document["choices"][0]["finish_reason"] == finish
    assert {chunk["id"] for chunk in chunks} == {document["id"]} == {"chatcmpl-7"}
    assert {chunk["model"] for chunk in chunks} == {document["model"]} == {'mo"del'}
    assert all(("usage" in chunk) == tells for chunk in chunks)
    if tells:
        assert chunks[-1]["choices"] == []
        assert chunks[-1]["usage"] == document["usage"]
        assert document["usage"]["total_tokens"] == 7
    if any(delta.text or delta.tool_calls for delta in deltas):
        assert said[0]["delta"]["role"] == "assistant"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InvalidInput("n: one answer at a time."), 400, "invalid_request"),
        (NotSignedIn("Who?"), 401, "invalid_api_key"),
        (Forbidden("No."), 403, "permission_denied"),
        (NotFound("None."), 404, "model_not_found"),
        (QuotaExhausted("Until Monday.", headers={"Retry-After": "9"}), 429, "insufficient_quota"),
        (NoModel("None answers."), 503, "service_unavailable"),
        (CentaureError("Failed."), 500, "internal_error"),
    ],
)
async def test_errors_have_the_shape_that_clients_read(
    error: CentaureError, status: int, code: str
) -> None:
    found, body, headers = shaped(error)
    said = json.loads(body)["error"]
    assert (found, said["message"], said["code"]) == (status, error.message, code)
    assert said["type"]
    assert (headers.get("X-Should-Retry"), headers.get("Retry-After")) == (
        ("false", "9") if status == 429 else (None, None)
    )
    assert json.loads(event(error).removeprefix(b"data: ").removesuffix(b"\n\n")) == {"error": said}
