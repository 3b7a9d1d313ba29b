"""A gateway whose models say what a test expects, by their names."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

from centaure.gateway.calls import Call, NoModel, QuotaExhausted
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import Delta, ToolCallPart, Usage
from centaure.kit.errors import Unavailable

ARGUMENTS = json.dumps({"city": "Orléans"})


class Spoken:
    """An answer as it comes."""

    def __init__(
        self, model: CatalogueModel, generation: int, pieces: AsyncIterator[Delta]
    ) -> None:
        self.model, self.generation, self._pieces = model, generation, pieces
        self.usage = Usage(5, 3)

    def __aiter__(self) -> AsyncIterator[Delta]:
        return self._pieces


class Scripted:
    """Models: `echo`, `secret` (cleared for C3), `slow`, `cut`, `poor` (no quota left), `away`.

    Attributes:
        calls: what was asked, the oldest first.
        left: set once somebody who listened to `slow` has gone.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.left = Event()
        names = ("echo", "slow", "cut", "poor", "away")
        self._models = [
            CatalogueModel(id=number, name=name, kind="openai", highest=1)
            for number, name in enumerate(names, 1)
        ]
        self._models.append(CatalogueModel(id=9, name="secret", kind="openai", highest=3))

    async def models(self) -> list[CatalogueModel]:
        return self._models

    @asynccontextmanager
    async def speak(self, call: Call) -> AsyncIterator[Spoken]:
        self.calls.append(call)
        if call.model == "poor":
            raise QuotaExhausted(
                "Your quota of requests is used up until 2027-01-01.", headers={"Retry-After": "7"}
            )
        if call.model == "away":
            raise NoModel("No language model answers. Try again in a moment.")
        (model,) = (model for model in self._models if model.name == call.model)
        yield Spoken(model, len(self.calls), self._pieces(call))

    async def _pieces(self, call: Call) -> AsyncIterator[Delta]:
        request = call.request
        if call.model == "slow":
            yield Delta("Well")
            try:
                await asyncio.sleep(60)
            finally:
                self.left.set()
        if call.model == "cut":
            yield Delta("Well")
            raise Unavailable("The model stopped in the middle of its answer.")
        if request.tools and request.messages[-1].role != "tool":
            name = request.tools[0].name
            yield Delta(tool_calls=(ToolCallPart(0, "call_1", name, ARGUMENTS[:5]),))
            yield Delta(tool_calls=(ToolCallPart(0, arguments=ARGUMENTS[5:]),))
            yield Delta(finish="tool_calls")
            return
        text = ARGUMENTS if request.response_format else f"« {request.messages[-1].content} »"
        for start in range(0, len(text), 4):
            yield Delta(text[start : start + 4])
        yield Delta(finish="stop")

    async def close(self) -> None:
        """Nothing is open."""
