"""A catalogue, providers and records in memory, which keep what they were told."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from centaure.gateway.calls import Call, Purpose, QuotaExhausted
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Delta, Message, Usage
from centaure.gateway.embeddings import TextRefused
from centaure.gateway.guard import Guard
from centaure.gateway.live import Snapshot
from centaure.gateway.outcomes import Attempt, Outcome
from centaure.gateway.routing import Rule
from centaure.gateway.service import Gateway
from centaure.kit.errors import Late, Refused, Unavailable

ANSWER = ("The ", "answer", ".")
FOREVER_S = 1e6
PLACE = "models.inside.example"


def call(classification: int = 1, **more: Any) -> Call:
    """A call whose only message says its class."""
    request = more.pop("request", None) or ChatRequest((Message("user", f"C{classification}"),))
    purpose = more.pop("purpose", Purpose.ANSWER)
    principal = more.pop("principal", 1)
    return Call(
        request=request, principal=principal, purpose=purpose, classification=classification, **more
    )


@dataclass
class Fake:
    """A model that behaves in one way.

    Attributes:
        behaviour: what it does with every request.
        wait_s: before its first piece.
        asked: every request that it was sent.
        closed: how many of its streams came to an end.
    """

    behaviour: str = "answers"
    wait_s: float = 0.0
    asked: list[ChatRequest] = field(default_factory=list)
    closed: int = 0
    sent: Callable[[ChatRequest], None] = lambda _: None

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        del first_s, longest_s
        self.asked.append(request)
        self.sent(request)
        try:
            await asyncio.sleep(self.wait_s)
            async for delta in self._says():
                yield delta
        finally:
            self.closed += 1

    async def close(self) -> None:
        pass

    async def _says(self) -> AsyncGenerator[Delta]:  # noqa: C901, PLR0912 - one case a behaviour
        match self.behaviour:
            case "hangs":
                await asyncio.sleep(FOREVER_S)
            case "fails":
                raise Unavailable(f"{PLACE} cannot be reached.")
            case "answers with 500":
                raise Refused(f"{PLACE} answered with HTTP 500.", 500, {})
            case "asks to wait":
                raise Refused(f"{PLACE} answered with HTTP 429.", 429, {"retry-after": "60"})
            case "refuses":
                raise TextRefused(f"{PLACE} will not take this.")
            case "breaks":
                raise ValueError("a library's own error")
            case "says nothing":
                yield Delta(finish="stop", usage=Usage(3, 0))
            case "only thinks":
                yield Delta(finish="length")
                yield Delta(usage=Usage(50_000, 1))
            case "filters":
                yield Delta(finish="content_filter")
            case "cuts":
                yield Delta("The ")
                raise Unavailable(f"{PLACE} cut its answer.")
            case "is late":
                yield Delta("The ")
                raise Late(f"{PLACE} does not answer in time.")
            case "stops":
                yield Delta("The ")
            case "breaks off":
                yield Delta("The ")
                raise ValueError("a library's own error")
            case "never ends":
                while True:
                    yield Delta("again and again " * 8)
                    await asyncio.sleep(0.01)
            case "reaches its limit":
                yield Delta("The ")
                yield Delta(finish="length")
            case _:
                yield Delta()
                for piece in ANSWER:
                    yield Delta(piece)
                    await asyncio.sleep(0)
                yield Delta(finish="stop")
                yield Delta(usage=Usage(3, 3))


@dataclass
class Records:
    """Keeps what is begun and how it ends.

    Attributes:
        poor: numbers of models whose calls a quota refuses.
        crashes: whether nobody knows what is on disk.
        begun: the model of each generation.
        finished: every outcome of each generation.
        calls: every call that was begun or refused.
    """

    poor: frozenset[int] = frozenset()
    crashes: bool = False
    begun: dict[int, int] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    finished: dict[int, list[Outcome]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    async def begin(self, call: Call, model: CatalogueModel, attempt: Attempt) -> int:
        self.calls.append(call)
        await asyncio.sleep(0)
        if model.id in self.poor:
            raise QuotaExhausted("The quota is used up.")
        generation = len(self.begun) + 1
        self.begun[generation] = model.id
        self.attempts.append(attempt)
        return generation

    async def kept(self, generation: int) -> None:
        assert generation in self.begun
        if self.crashes:
            raise Unavailable("The database does not answer.")

    async def finish(self, generation: int, outcome: Outcome) -> None:
        self.finished.setdefault(generation, []).append(outcome)

    async def refuse(self, call: Call, why: str) -> int:
        self.calls.append(call)
        self.refused.append(why)
        return 0

    async def close(self) -> None:
        pass


@dataclass
class Catalogue:
    """Models that may change when somebody looks.

    Attributes:
        models: by number.
        change: called before each look, with how many there were.
    """

    models: dict[int, CatalogueModel]
    rules: tuple[Rule, ...] = ()
    told: list[tuple[str, str]] = field(default_factory=list)
    change: Callable[["Catalogue", int], None] = lambda _, __: None
    looks: int = 0

    async def now(self, *, fresh: bool = False) -> Snapshot:  # noqa: ARG002 - it is what it is
        self.change(self, self.looks)
        self.looks += 1
        return Snapshot(tuple(self.models.values()), self.rules)

    async def tell(self, model: CatalogueModel, problem: str) -> None:
        self.told.append((model.name, problem))
        self.set(model.id, problem=problem)

    def set(self, model_id: int, **values: Any) -> None:
        if model_id in self.models:
            self.models[model_id] = replace(self.models[model_id], **values)


@dataclass
class Providers:
    """Lends fakes.

    Attributes:
        models: by number.
        lent: how many are out.
    """

    models: dict[int, Fake]
    lent: int = 0

    @asynccontextmanager
    async def lend(self, model: CatalogueModel, snapshot: Snapshot) -> AsyncGenerator[Fake]:
        del snapshot
        self.lent += 1
        try:
            yield self.models[model.id]
        finally:
            self.lent -= 1

    async def close(self) -> None:
        pass


@dataclass
class House:
    """A gateway in front of fakes."""

    gateway: Gateway
    catalogue: Catalogue
    providers: Providers
    records: Records

    def fake(self, name: str) -> Fake:
        number = next(one.id for one in self.catalogue.models.values() if one.name == name)
        return self.providers.models[number]


def house(
    *models: tuple[CatalogueModel, Fake],
    rules: Sequence[Rule] = (),
    poor: frozenset[int] = frozenset(),
    guard: Guard | None = None,
) -> House:
    """A gateway with these models."""
    catalogue = Catalogue({model.id: model for model, _ in models}, tuple(rules))
    providers = Providers({model.id: fake for model, fake in models})
    records = Records(poor)
    gateway = Gateway(catalogue, providers, records, guard=guard)
    return House(gateway, catalogue, providers, records)
