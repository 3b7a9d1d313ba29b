"""The one way to a language model: routed, cleared, reserved, streamed, recorded, whatever happens."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from centaure.gateway.accounting import accounted
from centaure.gateway.breaker import Breaker
from centaure.gateway.calls import (
    Call,
    Completed,
    QuotaExhausted,
    Stopped,
    Verdict,
    once_more,
)
from centaure.gateway.candidates import Candidates
from centaure.gateway.catalogue import CatalogueModel, Lifecycle
from centaure.gateway.chat import Delta, Usage
from centaure.gateway.exchanges import Desk, Exchange, NotAnswered, Recorder
from centaure.gateway.first_words import first_word
from centaure.gateway.guard import AnswerGuard, ChecksFailed, Guard, admitted
from centaure.gateway.live import Catalogue
from centaure.gateway.providers import Providers
from centaure.gateway.routing import Carbon, Facts, Plan, active_parameters, plan
from centaure.gateway.speaking import says_something
from centaure.kit.errors import CentaureError, NotFound

_RACERS = 2
_TELL_AGAIN_S = 5.0
"""Calls that began together tell the same of a model once."""


class Spoken:
    """An answer whose first piece is there.

    Args:
        exchange: with the model that speaks.
        again: makes the exchange in which the answer is given once more, where a check asks for that and
            nothing was shown; what was said first is not shown then.
    """

    def __init__(
        self, exchange: Exchange, again: Callable[[Exchange, str], Awaitable[Exchange]]
    ) -> None:
        self._exchange = exchange
        self._again = again
        self._pieces = self._said()

    @property
    def model(self) -> CatalogueModel:
        """Who speaks; somebody else may once a check has asked for another answer."""
        return self._exchange.model

    @property
    def generation(self) -> int:
        """Number of its record; of the last one, as above."""
        return self._exchange.generation

    @property
    def usage(self) -> Usage:
        """Tokens so far: counted by the provider, or else estimated."""
        return self._exchange.usage

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What checks have found so far, in the call and in its answer."""
        guard = self._exchange.guard
        return (*self._exchange.call.verdicts, *(guard.verdicts if guard else ()))

    def __aiter__(self) -> AsyncGenerator[Delta]:
        """The pieces, once."""
        return self._pieces

    async def _said(self) -> AsyncGenerator[Delta]:
        shown, told = False, ""
        try:
            async with aclosing(self._exchange.pieces()) as pieces:
                async for delta in pieces:
                    shown = shown or says_something(delta)
                    yield delta
        except Stopped as error:
            told = error.again
            if shown or not told:
                raise
        if not told:
            return
        self._exchange = await self._again(self._exchange, told)
        async with aclosing(self._exchange.pieces()) as pieces:
            async for delta in pieces:
                yield delta


class Gateway:
    """The language models of a process; for one event loop.

    Args:
        catalogue: which models there are, and the rules among them.
        providers: makes what answers.
        records: accounts for every call.
        carbon: what an answer of a model costs in carbon, for rules that ask for the least.
        guard: looks at every call and answer; None: nothing does.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        providers: Providers,
        records: Recorder,
        carbon: Carbon = active_parameters,
        guard: Guard | None = None,
    ) -> None:
        breaker = Breaker(lambda: asyncio.get_running_loop().time())
        self._desk = Desk(catalogue, providers, records, breaker, guard)
        self._carbon = carbon
        self._told: dict[int, tuple[tuple[datetime, str], float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def speak(self, call: Call) -> AbstractAsyncContextManager[Spoken]:
        """The answer to a call, from the first allowed model that begins to give one.

        Open no transaction around it. Leaving the block before the end cancels the answer.

        Raises:
            NoModel: none may take it, or none of those that may answers; `NotTaken` where each declines.
            Unsuitable: the one that is asked for by name cannot do it.
            QuotaExhausted: a quota is used up.
            Stopped: a check does not let it pass; also while it is read.
            Unavailable: while it is read: the answer was cut.
        """
        return self._speak(call)

    async def complete(self, call: Call) -> Completed:
        """The whole answer to a call; errors as in `speak`."""
        async with self.speak(call) as spoken:
            text = "".join([delta.text async for delta in spoken])
        return Completed(text, spoken.model, spoken.generation)

    @asynccontextmanager
    async def account(self, call: Call, model: CatalogueModel) -> AsyncGenerator[Call]:
        """Account for a call that the block makes of a model outside the catalogue, as `accounted` does.

        It gives the call as it may be made: what is asked, and its class, may be others.

        Raises:
            Stopped: a check does not let it pass.
        """
        made, _ = await self._admit(call)
        async with accounted(self._desk.records, made, model):
            yield made

    async def plan(self, facts: Facts, *, fresh: bool = False) -> Plan:
        """Who would be asked, in which order, and why each other model would not; `fresh`: by now's rules."""
        now = await self._desk.catalogue.now(fresh=fresh)
        return plan(now.models, now.rules, facts, self._carbon)

    async def appointed(self, facts: Facts, principal: int | None = None) -> CatalogueModel | None:
        """Who would be asked where a rule that names the purpose decides; None: none does, or nobody answers.

        It is for what answers can do without: adding a model makes none of them slower or dearer.

        Args:
            facts: of the request.
            principal: for whom; None: whoever it is.
        """
        chosen = await self.plan(facts)
        if chosen.rule is None or facts.purpose not in chosen.rule.purposes:
            return None
        return next((model for model in chosen.models if self.answers(model, principal)), None)

    async def models(self) -> list[CatalogueModel]:
        """Every model that is not retired."""
        now = await self._desk.catalogue.now()
        return [model for model in now.models if model.lifecycle is not Lifecycle.RETIRED]

    async def offered(self, facts: Facts, principal: int | None = None) -> list[CatalogueModel]:
        """The models that may be asked by name for such a request, and answer, in the order of their names.

        Args:
            facts: of the request; where they name a model, no other is offered.
            principal: for whom; None: whoever it is.
        """
        found: list[CatalogueModel] = []
        for model in await self.models():
            named = facts.model in {"", model.name} and self.answers(model, principal)
            if named and (await self.plan(replace(facts, model=model.name))).models:
                found.append(model)
        return sorted(found, key=lambda model: model.name.casefold())

    async def try_out(self, model_id: int) -> float:
        """Seconds until a model begins to answer a question that holds nothing.

        Raises:
            NotFound: there is no such model.
            InvalidInput, Refused, Unavailable: it does not answer; the catalogue says so from now on.
        """
        now = await self._desk.catalogue.now(fresh=True)  # it may have been added just now
        model = now.model(model_id)
        if model is None:
            raise NotFound("There is no such model.")
        try:
            lending = self._desk.providers.lend(model, now)
            async with lending as lent:
                took_s = await first_word(lent)
        except CentaureError as error:
            self._tell(model, error.message)
            raise
        self._desk.breaker.worked((model.id, model.changed_at))
        self._tell(model, "")
        return took_s

    def answers(self, model: CatalogueModel, principal: int | None = None) -> bool:
        """Whether a model was not seen to fail again and again lately, by this process.

        Args:
            model: who would be asked.
            principal: for whom; None: whoever it is.
        """
        return self._desk.breaker.state((model.id, model.changed_at), principal) != "open"

    async def close(self) -> None:
        """Wait until every end is recorded, and let go of connections."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        await self._desk.records.close()
        await self._desk.providers.close()

    @asynccontextmanager
    async def _speak(self, call: Call) -> AsyncGenerator[Spoken]:
        async with AsyncExitStack() as ends:

            async def opened(call: Call) -> Exchange:
                made, guard = await self._admit(call)
                async with self._refusing(made):
                    exchange = await self._answering(made, guard)
                ends.push_async_callback(exchange.end)
                return exchange

            async def again(first: Exchange, told: str) -> Exchange:
                await first.end()
                left = first.ends - asyncio.get_running_loop().time()
                return await opened(once_more(replace(call, longest_s=max(left, 1.0)), told))

            yield Spoken(await opened(call), again)

    async def _admit(self, call: Call) -> tuple[Call, AnswerGuard | None]:
        """A call as it may be made, and what looks at its answer."""
        guard = self._desk.guard
        if guard is None:
            return call, None
        async with self._refusing(call):
            return await admitted(guard.admit(call), call)

    @asynccontextmanager
    async def _refusing(self, call: Call) -> AsyncGenerator[None]:
        """Put on record that a check does not let a call pass, or fails."""
        try:
            yield
        except Stopped as error:
            verdicts = (*call.verdicts, *error.verdicts)
            await self._desk.records.refuse(replace(call, verdicts=verdicts), error.problem)
            raise
        except ChecksFailed as error:
            await self._desk.records.refuse(call, error.message)
            raise

    async def _answering(self, call: Call, guard: AnswerGuard | None) -> Exchange:
        """The exchange whose first piece is there."""
        chosen = await self.plan(Facts.of(call))
        queue = Candidates(self._desk, call, chosen, guard)
        hedge_s = chosen.rule.hedge_s if chosen.rule is not None else None
        if hedge_s is not None and len(chosen.models) > 1:
            answering = await self._race(queue, hedge_s)
        else:
            answering = await self._one_by_one(queue)
        if answering is not None:
            self._tell(answering.model, "")
            return answering
        if queue.stopped is not None:
            raise queue.stopped
        if queue.exhausted is not None:
            raise queue.exhausted
        error = queue.fault()
        if not queue.asked:
            await self._desk.records.refuse(call, error.message)
        raise error

    async def _one_by_one(self, queue: Candidates) -> Exchange | None:
        """The first to speak of those asked one after the other."""
        while (exchange := queue.next()) is not None:
            try:
                await exchange.open()
            except (NotAnswered, QuotaExhausted, Stopped) as error:
                self._failed(queue, exchange, error)
            else:
                return exchange
        return None

    async def _race(self, queue: Candidates, hedge_s: float) -> Exchange | None:
        """The first of two to speak; the second is asked when the first has been silent for `hedge_s`."""
        running: dict[asyncio.Task[None], Exchange] = {}
        more = True
        try:
            while True:
                if more and len(running) < _RACERS:
                    exchange = queue.next(hedge=bool(running))
                    more = exchange is not None
                    if exchange is not None:
                        running[asyncio.create_task(exchange.open(racing=True))] = exchange
                if not running:
                    return None
                wait_s = hedge_s if more and len(running) < _RACERS else None
                done, _ = await asyncio.wait(
                    running, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    exchange = running.pop(task)
                    try:
                        task.result()
                    except (NotAnswered, QuotaExhausted, Stopped) as error:
                        self._failed(queue, exchange, error)
                    else:
                        return exchange
        finally:
            for task, exchange in running.items():
                task.cancel()
                self._keep(_leave(task, exchange))

    def _failed(
        self,
        queue: Candidates,
        exchange: Exchange,
        error: NotAnswered | QuotaExhausted | Stopped,
    ) -> None:
        queue.failed(error)
        if isinstance(error, NotAnswered):
            self._tell(exchange.model, error.problem)

    def _tell(self, model: CatalogueModel, problem: str) -> None:
        """Keep why a model did not answer, or that it does, where the catalogue says something else."""
        now = asyncio.get_running_loop().time()
        told = (model.changed_at, problem)
        before, at = self._told.get(model.id, (None, 0.0))
        if problem != model.problem and (told != before or now - at >= _TELL_AGAIN_S):
            self._told[model.id] = told, now
            self._keep(self._desk.catalogue.tell(model, problem))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work to its end, though nobody waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _leave(task: asyncio.Task[None], exchange: Exchange) -> None:
    """Let go of an exchange: another one spoke first, or nobody waits any more."""
    await asyncio.wait([task])
    if task.cancelled():
        exchange.leave()
    elif task.exception() is None:
        await exchange.end()
