"""A language model that says what a test wrote for it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from centaure.gateway.chat import ChatRequest, Delta
from centaure.kit.errors import Unavailable


@dataclass
class Script:
    """A model that says what is written, one text a request, in small pieces.

    Attributes:
        texts: what it answers, in turn; an exception is raised where it stands.
        size: characters of a piece.
        wait_s: between two pieces.
    """

    texts: Sequence[str | Exception]
    size: int = 5
    wait_s: float = 0.0
    finish: str = "stop"
    asked: list[ChatRequest] = field(default_factory=list)
    closed: int = 0

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        del first_s, longest_s
        said = self.texts[len(self.asked)]
        self.asked.append(request)
        try:
            if isinstance(said, Exception):
                raise said
            text, cut, _ = said.partition("<cut>")
            for place in range(0, len(text), self.size):
                await asyncio.sleep(self.wait_s)
                yield Delta(text[place : place + self.size])
            if cut:
                raise Unavailable("The model broke off.")
            yield Delta(finish=self.finish)  # type: ignore[arg-type]
        finally:
            self.closed += 1

    async def close(self) -> None:
        pass
