"""What the simulated service reads and writes, in the form of OpenAI's interface."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, cast

from centaure.gateway.by_rule import telling_words
from centaure.gateway.chat import ChatRequest, Delta, Message, Tool, ToolCall
from centaure.gateway.simulation.behaviour import NAME, Fault
from centaure.gateway.simulation.wire import as_json

_DIMENSIONS = 64
_NAMES = 64
_BEGAN = 1_700_000_000
_Json = dict[str, Any]


def listed() -> bytes:
    """The models that there are."""
    names = [NAME, *(f"{NAME}-{fault}" for fault in Fault)]
    data = [
        {"id": name, "object": "model", "created": _BEGAN, "owned_by": "centaure-simulate"}
        for name in names
    ]
    return as_json({"object": "list", "data": data})


def error(message: str, code: str) -> bytes:
    """A refusal."""
    return as_json({"error": {"message": message, "type": code, "param": None, "code": code}})


def chat_request(said: _Json) -> ChatRequest:
    """What is asked.

    Raises:
        KeyError, TypeError, AttributeError, ValueError: it is not of the form.
    """
    choice = said.get("tool_choice") or "auto"
    return ChatRequest(
        messages=tuple(_message(one) for one in said["messages"]),
        most_tokens=int(said.get("max_completion_tokens") or said.get("max_tokens") or 4096),
        stop=_stop(said.get("stop")),
        tools=tuple(_tool(one["function"]) for one in said.get("tools") or ()),
        tool_choice=choice if isinstance(choice, str) else choice["function"]["name"],
        response_format=said.get("response_format"),
    )


def chunk(model: str, delta: Delta) -> bytes:
    """One piece of an answer."""
    if delta.text and not (delta.tool_calls or delta.finish):
        before, after = _frame(model)
        return b"%b%b%b" % (before, encode_basestring(delta.text).encode(), after)
    return _chunk(model, delta)


@lru_cache(_NAMES)
def _frame(model: str) -> tuple[bytes, bytes]:
    """What stands around the words of a piece that is words alone, quotes included."""
    before, _, after = _chunk(model, Delta("~")).rpartition(b'"~"')
    return before, after


def _chunk(model: str, delta: Delta) -> bytes:
    said: _Json = {"role": "assistant", "content": delta.text} if delta.text else {}
    if delta.tool_calls:
        said["tool_calls"] = [
            _call(one.index, one.id, one.name, one.arguments) for one in delta.tool_calls
        ]
    choice: _Json = {"index": 0, "delta": said, "finish_reason": delta.finish}
    return as_json(_document("chat.completion.chunk", model) | {"choices": [choice]})


def usage_chunk(model: str, delta: Delta) -> bytes:
    """The piece that counts the tokens."""
    counted: _Json = {"choices": [], "usage": _usage(delta)}
    return as_json(_document("chat.completion.chunk", model) | counted)


def completion(model: str, deltas: Sequence[Delta]) -> bytes:
    """An answer in one piece."""
    last = deltas[-1]
    calls = [
        _call(one.index, one.id, one.name, one.arguments)
        for delta in deltas
        for one in delta.tool_calls
    ]
    text = "".join(delta.text for delta in deltas)
    message: _Json = {"role": "assistant", "content": text or None, "tool_calls": calls or None}
    choice: _Json = {"index": 0, "message": message, "finish_reason": last.finish}
    return as_json(
        _document("chat.completion", model) | {"choices": [choice], "usage": _usage(last)}
    )


def embeddings(said: _Json) -> bytes:
    """Vectors of texts: words, hashed; texts that share words are near each other.

    Raises:
        KeyError, TypeError: the request is not of the form.
    """
    given = said["input"]
    texts = [given] if isinstance(given, str) else [str(one) for one in given]
    data = [
        {"object": "embedding", "index": at, "embedding": _vector(text)}
        for at, text in enumerate(texts)
    ]
    counted = {
        "prompt_tokens": sum(map(len, texts)) // 4,
        "total_tokens": sum(map(len, texts)) // 4,
    }
    return as_json({"object": "list", "model": said["model"], "data": data, "usage": counted})


def _vector(text: str) -> list[float]:
    vector = [0.0] * _DIMENSIONS
    vector[0] = 1e-3  # a text without words has a direction too
    for word in telling_words(text):
        vector[hashlib.sha256(word.encode()).digest()[0] % _DIMENSIONS] += 1.0
    length = math.sqrt(sum(number * number for number in vector))
    return [number / length for number in vector]


def _document(kind: str, model: str) -> _Json:
    return {
        "id": "chatcmpl-simulated",
        "object": kind,
        "created": _BEGAN,
        "model": model,
        "system_fingerprint": "simulated",
    }


def _usage(delta: Delta) -> _Json:
    counted: _Json = (
        asdict(delta.usage) if delta.usage else {"prompt_tokens": 0, "completion_tokens": 0}
    )
    return counted | {"total_tokens": counted["prompt_tokens"] + counted["completion_tokens"]}


def _call(index: int, identifier: str, name: str, arguments: str) -> _Json:
    function = {"name": name, "arguments": arguments}
    return {"index": index, "id": identifier, "type": "function", "function": function}


def _message(said: _Json) -> Message:
    return Message(
        role=said["role"] if said["role"] != "developer" else "system",
        content=_content(said.get("content")),
        tool_calls=tuple(
            ToolCall(one["id"], one["function"]["name"], one["function"]["arguments"])
            for one in said.get("tool_calls") or ()
        ),
        tool_call_id=str(said.get("tool_call_id") or ""),
    )


def _content(content: object) -> str:
    if isinstance(content, list):
        parts = cast("list[_Json]", content)
        return "".join(part["text"] for part in parts if part["type"] == "text")
    return "" if content is None else str(content)


def _tool(function: _Json) -> Tool:
    return Tool(
        function["name"], function.get("description") or "", function.get("parameters") or {}
    )


def _stop(stop: object) -> tuple[str, ...]:
    if isinstance(stop, str):
        return (stop,)
    return tuple(str(one) for one in cast("list[object]", stop or []))


def parsed(body: bytes) -> _Json:
    """A request's body.

    Raises:
        ValueError, RecursionError: it is not JSON.
    """
    return json.loads(body)
