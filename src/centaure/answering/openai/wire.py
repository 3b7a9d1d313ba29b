"""Answers as OpenAI's API writes them; chunks by hand, since thousands leave in a second."""

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from centaure.gateway.chat import Delta, Finish, ToolCall, ToolCallPart, Usage

END = b"data: [DONE]\n\n"
NOTHING = Usage(0, 0)


class Chunks:
    """Writes the pieces of one answer as server-sent events."""

    def __init__(self, name: str, model: str, created: int, *, tells_usage: bool) -> None:
        """Writes nothing yet.

        Args:
            name: of the answer.
            model: that speaks.
            created: seconds since 1970.
            tells_usage: whether the tokens come at the end.
        """
        head = {"id": name, "object": "chat.completion.chunk", "created": created, "model": model}
        self._head = f"data: {json.dumps(head)[:-1]}"
        self._open = f'{self._head}, "choices": [{{"index": 0, "delta": {{'
        self._text = f'{self._open}"content": '
        self._usage = ', "usage": null' if tells_usage else ""
        self._rest = f'}}, "finish_reason": null}}]{self._usage}}}\n\n'
        self._tells_usage = tells_usage
        self._begun = False

    def piece(self, delta: Delta) -> bytes:
        """What an answer says next; empty where a delta says nothing."""
        if self._begun and delta.text and not delta.tool_calls:
            return f"{self._text}{quoted(delta.text)}{self._rest}".encode()
        fields: list[str] = []
        if not self._begun:
            fields += ['"role": "assistant"', f'"content": {quoted(delta.text)}']
            self._begun = True
        elif delta.text:
            fields.append(f'"content": {quoted(delta.text)}')
        if delta.tool_calls:
            calls = json.dumps([_part(part) for part in delta.tool_calls])
            fields.append(f'"tool_calls": {calls}')
        return f"{self._open}{', '.join(fields)}{self._rest}".encode() if fields else b""

    def end(
        self, finish: Finish, usage: Usage, extension: Mapping[str, Any] | None = None
    ) -> bytes:
        """Why the answer ends, then what was counted if that is told; the last chunk has the extension."""
        more = "" if extension is None else f', "centaure": {json.dumps(extension)}'
        last = (
            f'{self._open}}}, "finish_reason": "{finish}"}}]{self._usage}'
            f"{'' if self._tells_usage else more}}}\n\n"
        )
        if self._tells_usage:
            counted = json.dumps(usage_read(usage))
            last += f'{self._head}, "choices": [], "usage": {counted}{more}}}\n\n'
        return last.encode() + END


def completion(  # noqa: PLR0913 - what a completion says
    name: str,
    model: str,
    created: int,
    *,
    text: str,
    finish: Finish,
    usage: Usage,
    tool_calls: Sequence[ToolCall] = (),
    extension: Mapping[str, Any] | None = None,
) -> bytes:
    """A whole answer."""
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    if tool_calls:
        message["content"] = text or None
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in tool_calls
        ]
    answer: dict[str, Any] = {
        "id": name,
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": usage_read(usage),
    }
    if extension is not None:
        answer["centaure"] = extension
    return json.dumps(answer).encode()


def embeddings(
    model: str, vectors: Sequence[Sequence[float]], tokens: int, *, packed: bool
) -> bytes:
    """Vectors in order, as numbers or packed: base64 of 32-bit floats, the least byte first."""
    data = [
        {"object": "embedding", "index": index, "embedding": _packed(one) if packed else list(one)}
        for index, one in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return json.dumps({"object": "list", "data": data, "model": model, "usage": usage}).encode()


def usage_read(usage: Usage) -> dict[str, int]:
    """Counted tokens."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    }


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _part(part: ToolCallPart) -> dict[str, Any]:
    """A piece of a tool call; its first one names it."""
    function = {"name": part.name} if part.name else {}
    read: dict[str, Any] = {"index": part.index}
    if part.id:
        read |= {"id": part.id, "type": "function"}
    return read | {"function": function | {"arguments": part.arguments}}
