"""Models behind a service that speaks like OpenAI's `/v1/chat/completions`, heard piece by piece.

vLLM, Ollama, llama.cpp, Mistral, Scaleway, OVHcloud, Azure and others; what they disagree on is in
`_Dialect`. Why they are spoken to directly is in `docs/decisions/0009-providers.md`.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

from centaure.gateway.chat import SILENCE_S, ChatRequest, Delta, Message
from centaure.gateway.chunks import Chunks, whole_answer
from centaure.gateway.clients import async_client
from centaure.gateway.events import EventReader
from centaure.gateway.faults import refusal
from centaure.kit.async_outbound import AsyncAnswer
from centaure.kit.errors import Unavailable
from centaure.kit.outbound import shown

_BYTES_PER_TOKEN = 2048
_BYTES_BESIDE = 1024 * 1024
_REFUSAL_BYTES = 65_536
_LAST_BYTES_S = 1.0


class OpenAICompatible:
    """A model behind HTTP, for one event loop: any number of answers at once, each on its connection."""

    def __init__(
        self,
        address: str,
        model: str,
        *,
        key: str = "",
        ca_file: str = "",
        silence_s: float = SILENCE_S,
    ) -> None:
        """Opens nothing yet; errors as in `service_client`.

        Args:
            address: up to the version, such as `https://host/v1`.
            model: as the service names it.
            key: sent as a bearer token; empty: none is needed.
            ca_file: certificates to trust besides the system's own.
            silence_s: longest wait for a piece of an answer that has begun.
        """
        self._silence_s = silence_s
        self._outbound = async_client(address, key=key, ca_file=ca_file)
        self._url = address.rstrip("/") + "/chat/completions"
        self._model = model
        self._dialect = _Dialect()

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        """As in `ChatModel`; what arrives together is one piece."""
        clock = asyncio.get_running_loop().time
        began = clock()
        dialect = self._dialect
        while True:
            late = clock() - began
            async with self._outbound.stream(
                "POST",
                self._url,
                json=dialect.written(self._model, request),
                most=request.most_tokens * _BYTES_PER_TOKEN + _BYTES_BESIDE,
                first_s=max(0.0, first_s - late),
                silence_s=self._silence_s,
                longest_s=max(0.0, longest_s - late),
                accept=_ANY,
            ) as answer:
                if answer.status_code < 300:
                    self._dialect = dialect.lasting()
                    async for delta in self._heard(answer, request):
                        yield delta
                    return
                other = None
                if answer.status_code in {400, 422}:
                    other = dialect.without_what_is_refused(await _said(answer))
                if other is None:
                    raise refusal(shown(self._url), self._model, answer.status_code, answer.headers)
                dialect = other

    async def close(self) -> None:
        """Let go of connections."""
        await self._outbound.close()

    async def _heard(self, answer: AsyncAnswer, request: ChatRequest) -> AsyncGenerator[Delta]:
        chunks = Chunks(answer.asked, request.most_tokens)
        if "json" in answer.content_type:
            yield whole_answer(chunks, await answer.json())
            return
        events = EventReader()
        begun = False
        while not chunks.ended:
            piece = await answer.read()
            delta = chunks.merged(events.feed(piece) if piece else events.end())
            if not begun and chunks.begun:
                begun = True
                answer.started()
            if delta is not None:
                yield delta
            if not piece:
                break
        last = chunks.last()
        if last is not None:
            yield last
        # The end of the body follows the last event: with it, the connection serves again.
        with contextlib.suppress(TimeoutError, Unavailable):
            async with asyncio.timeout(_LAST_BYTES_S):
                await answer.read()


_ANY = frozenset(range(300, 600))


class _Dialect:
    """Which of the parameters a service takes; frozen, another is made from it.

    OpenAI's newer models know `max_completion_tokens` only, most other services `max_tokens`; some take no
    `stream_options`, some models no temperature but their own.
    """

    def __init__(self, without: frozenset[str] = frozenset()) -> None:
        self._without = without

    def written(self, model: str, request: ChatRequest) -> dict[str, Any]:
        """The request as JSON."""
        limit = "max_completion_tokens" if "max_tokens" in self._without else "max_tokens"
        said: dict[str, Any] = {
            "model": model,
            "messages": [_written(message) for message in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            limit: request.most_tokens,
            "temperature": request.temperature,
            "top_p": request.top_p,
            "seed": request.seed,
            "stop": list(request.stop) or None,
            "response_format": request.response_format,
        }
        if request.tools:
            said["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.parameters,
                    },
                }
                for tool in request.tools
            ]
            choice = request.tool_choice
            named = {"type": "function", "function": {"name": choice}}
            said["tool_choice"] = choice if choice in {"auto", "none", "required"} else named
        return {
            name: value
            for name, value in said.items()
            if value is not None and name not in self._without
        }

    def without_what_is_refused(self, words: str) -> "_Dialect | None":
        """Another to try after a refusal in these words; None: there is none."""
        refused = {name for name in _OF_THE_CALLER if name in words} - self._without
        if not refused:
            refused = {name for name, sign in _LASTING.items() if sign in words} - self._without
        if not refused:
            refused = {"stream_options"} - self._without
        return _Dialect(self._without | refused) if refused else None

    def lasting(self) -> "_Dialect":
        """What holds for other requests too: a value of one caller may be refused, and another be taken."""
        return _Dialect(self._without & _LASTING.keys())


_OF_THE_CALLER = ("temperature", "seed")
_LASTING = {"stream_options": "stream_options", "max_tokens": "max_completion_tokens"}
"""Parameters that services refuse whatever their value, and the word in their refusal that says so."""


async def _said(answer: AsyncAnswer) -> str:
    """What a service says when it refuses; it may quote the request, and is shown to nobody."""
    said = bytearray()
    with contextlib.suppress(Unavailable):
        while len(said) < _REFUSAL_BYTES and (piece := await answer.read()):
            said += piece
    return said.decode(errors="replace")


def _written(message: Message) -> dict[str, Any]:
    said: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        said["content"] = message.content or None
        said["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in message.tool_calls
        ]
    if message.role == "tool":
        said["tool_call_id"] = message.tool_call_id
    return said
