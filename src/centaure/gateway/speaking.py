"""What one model says: piece by piece, bounded, and whole when it is over."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from centaure.gateway.chat import ChatRequest, Delta, Finish, ToolCallPart, Usage

_CHARACTERS_PER_TOKEN = 24
"""More than tokens hold on average, whatever the tokeniser: what is longer does not keep to its limit."""
_MARGIN = 1_000
_QUEUED = 64


@dataclass(slots=True)
class Written:
    """What a model has said so far.

    Attributes:
        length: characters.
        finish: why it stopped; None: it has not.
        usage: tokens that its provider counted; None: not counted.
    """

    texts: list[str] = field(default_factory=list[str])
    tool_calls: dict[int, list[ToolCallPart]] = field(default_factory=dict[int, list[ToolCallPart]])
    length: int = 0
    finish: Finish | None = None
    usage: Usage | None = None

    def take(self, delta: Delta) -> None:
        """Add the next piece."""
        if delta.text:
            self.texts.append(delta.text)
            self.length += len(delta.text)
        for part in delta.tool_calls:
            self.tool_calls.setdefault(part.index, []).append(part)
            self.length += len(part.name) + len(part.arguments)
        if delta.finish is not None:
            self.finish = delta.finish
        if delta.usage is not None:
            self.usage = delta.usage

    @property
    def text(self) -> str:
        """All of it; the tools that it wants called are a line of JSON each."""
        return self.told(str)

    def told(self, as_: Callable[[str], str]) -> str:
        """The same, each text in it and the arguments of each tool told otherwise."""
        calls = [
            {
                "tool": "".join(part.name for part in parts),
                "arguments": as_("".join(part.arguments for part in parts)),
            }
            for _, parts in sorted(self.tool_calls.items())
        ]
        lines = [json.dumps(call, ensure_ascii=False) for call in calls]
        said = as_("".join(self.texts))
        return "\n".join([said, *lines] if said else lines)


def says_something(delta: Delta) -> bool:
    """Whether a piece is one of an answer, not only of its frame."""
    return bool(delta.text or delta.tool_calls)


def without_words(finish: Finish) -> str:
    """What an answer was that ended before its first word; to be said of a model."""
    thought = ": all that it may write went into thinking" if finish == "length" else ""
    return f"answered without a word{thought}."


def most_characters(request: ChatRequest) -> int:
    """Characters at which an answer is cut."""
    return max(1, request.most_tokens) * _CHARACTERS_PER_TOKEN + _MARGIN


async def pumped(stream: AsyncGenerator[Delta]) -> AsyncGenerator[Delta]:
    """The same pieces, for readers in another task than the one that began to read.

    What a provider opens while it streams (time limits, connections) belongs to the task that opened it, so
    a task of its own reads the stream from its first piece to its last.
    """
    queue: asyncio.Queue[Delta | BaseException | None] = asyncio.Queue(_QUEUED)

    async def pump() -> None:
        last: Exception | None = None
        try:
            async for delta in stream:
                await queue.put(delta)
        except Exception as error:  # noqa: BLE001 - it is raised again where the pieces are read
            last = error
        finally:
            await stream.aclose()
        await queue.put(last)

    task = asyncio.create_task(pump())
    try:
        while (piece := await queue.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])
