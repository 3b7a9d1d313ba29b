"""What a model of the catalogue says, in the words of OpenAI's API, as it comes."""

import time
from collections.abc import AsyncGenerator, MutableMapping

from centaure.answering.openai.wire import NOTHING, Chunks, completion
from centaure.gateway.calls import Call
from centaure.gateway.catalogue import shown_name
from centaure.gateway.chat import Delta, Finish, ToolCall
from centaure.gateway.service import Gateway
from centaure.gateway.speaking import says_something
from centaure.kit.errors import Unavailable

Headers = MutableMapping[str, str]
"""Of the response; they are complete once the first bytes are there."""


async def streamed(
    gateway: Gateway, call: Call, headers: Headers, *, tells_usage: bool
) -> AsyncGenerator[bytes]:
    """The answer to a call as server-sent events.

    Args:
        gateway: the way to the models.
        call: what is asked, and for whom.
        headers: that the response will have; written before the first bytes come.
        tells_usage: whether counted tokens come at the end.

    Raises:
        CentaureError: before the first bytes, or where the answer is cut.
    """
    finish, chunks, created = None, None, int(time.time())
    async with gateway.speak(call) as spoken:
        async for delta in spoken:
            finish = delta.finish or finish
            if chunks is None:  # before the first words, somebody else may yet speak
                if not (says_something(delta) or delta.finish):
                    continue
                chunks = Chunks(
                    _name(spoken.generation, headers),
                    shown_name(spoken.model.name, simulated=spoken.model.simulated),
                    created,
                    tells_usage=tells_usage,
                )
            if piece := chunks.piece(delta):
                yield piece
    ended = _ended(finish)
    assert chunks is not None  # noqa: S101 - what has a finish had a piece
    yield chunks.end(ended, spoken.usage if tells_usage else NOTHING)


async def whole(gateway: Gateway, call: Call, headers: Headers) -> AsyncGenerator[bytes]:
    """The same, as one document; arguments and errors as in `streamed`."""
    said, created = _Said(), int(time.time())
    async with gateway.speak(call) as spoken:
        async for delta in spoken:
            said.add(delta)
    yield completion(
        _name(spoken.generation, headers),
        shown_name(spoken.model.name, simulated=spoken.model.simulated),
        created,
        text="".join(said.texts),
        finish=_ended(said.finish),
        usage=spoken.usage,
        tool_calls=said.tool_calls,
    )


class _Said:
    """An answer put together from its pieces."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.finish: Finish | None = None
        self._calls: dict[int, list[str]] = {}

    def add(self, delta: Delta) -> None:
        """Add the next piece."""
        self.texts.append(delta.text)
        for part in delta.tool_calls:
            call = self._calls.setdefault(part.index, ["", "", ""])
            for place, more in enumerate((part.id, part.name, part.arguments)):
                call[place] += more
        self.finish = delta.finish or self.finish

    @property
    def tool_calls(self) -> list[ToolCall]:
        """The tools that it wants called, in order."""
        return [ToolCall(*call) for _, call in sorted(self._calls.items())]


def _name(generation: int, headers: Headers) -> str:
    """Name of an answer: that of its record, which whoever runs this can look up."""
    headers["x-request-id"] = f"gen-{generation}"
    return f"chatcmpl-{generation}"


def _ended(finish: Finish | None) -> Finish:
    if finish is None:
        raise Unavailable("The model's answer was cut: it did not come to an end. Ask again.")
    return finish
