"""A record of every call of a model, written before it is made and closed when it ends, with what it used.

A call whose process died stays open until the longest call would be over; then the worker closes it as lost.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar

from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import Usage
from centaure.gateway.costs import FootprintEstimator, cost_micro_euros
from centaure.gateway.facts import (
    LONGEST_PROBLEM,
    estimated,
    facts_of,
    measured,
    prompt_of,
    storable,
)
from centaure.gateway.outcomes import FIRST, Attempt, End, Outcome
from centaure.gateway.quotas import exhausted
from centaure.gateway.tokens import countable, most_tokens_of_prompt
from centaure.kit.database import Database
from centaure.kit.errors import NotSignedIn, Unavailable
from centaure.kit.flushing import Flushes
from centaure.kit.settings import Settings

log = logging.getLogger(__name__)

_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
T = TypeVar("T")
_UNSENT = Outcome(End.CANCELLED, usage=Usage(0, 0))


@dataclass(frozen=True, slots=True)
class _Open:
    call: Call
    model: CatalogueModel
    on_disk: "asyncio.Task[None]"


@dataclass(slots=True)
class Records:
    """The records of one process, as the principals of its calls; for one event loop.

    Attributes:
        database: as the application's role.
        settings: say how long texts are kept.
        footprint: estimates energy, carbon dioxide and water; None: they are unknown.
    """

    database: Database
    settings: Settings
    footprint: FootprintEstimator | None = None
    _flushes: Flushes = field(init=False)
    _open: dict[int, _Open] = field(default_factory=dict[int, _Open], init=False)
    _closing: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]], init=False)

    def __post_init__(self) -> None:
        self._flushes = Flushes(self.database)

    async def begin(self, call: Call, model: CatalogueModel, attempt: Attempt = FIRST) -> int:
        """Write a record of a call that is about to be made, and reserve what it may use; its number.

        `kept` says when it is on disk: meanwhile the call may begin. Whoever is cancelled here leaves a
        record that says so.

        Raises:
            QuotaExhausted: a quota does not suffice; the refusal is recorded.
            NotSignedIn: there is no such account any more.
        """
        beginning = self._keep(self._begin(call, model, attempt))
        try:
            return await asyncio.shield(beginning)
        except asyncio.CancelledError:
            self._keep(self._forget(beginning))
            raise

    async def kept(self, generation: int) -> None:
        """Wait until the record of a call that goes on is on disk.

        Raises:
            Unavailable: nobody knows whether it is: end the call.
        """
        opened = self._open.get(generation)
        if opened is not None:
            await asyncio.shield(opened.on_disk)

    async def finish(self, generation: int, outcome: Outcome) -> None:
        """Close a record and settle what was reserved, even while its task is being cancelled.

        What the database cannot take now is tried again for half a minute, without the caller; then it is
        told to the log, and the worker closes the record as lost.
        """
        await asyncio.shield(self._keep(self._finish(generation, outcome)))

    async def refuse(self, call: Call, why: str) -> int:
        """Record a call that is not made; its number.

        Args:
            call: what was wanted.
            why: a sentence, without words of the request.

        Raises:
            NotSignedIn: there is no such account any more.
        """
        facts = facts_of(call, None, FIRST)
        values = {"facts": facts, "why": storable(why, LONGEST_PROBLEM)}
        [[(generation,)]] = await self.database.together(call.principal, (_REFUSE, values))
        if generation is None:
            raise _nobody()
        return int(generation)

    async def close(self) -> None:
        """Wait for what is being written; what waits to be tried again is tried now, once."""
        self._closing.set()
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        await self._flushes.close()

    async def _begin(self, call: Call, model: CatalogueModel, attempt: Attempt) -> int:
        prompt_tokens = most_tokens_of_prompt(call.request)
        most = countable(call.request.most_tokens)
        cost = cost_micro_euros(model, prompt_tokens, most) or 0
        supposed = estimated(self.footprint, model, most, call.longest_s)
        values = {
            "facts": facts_of(call, model, attempt),
            "prompt": self._prompt(call),
            "tokens": prompt_tokens + most,
            "micro_euros": cost,
            "co2e_g": supposed.co2e_g[1] if supposed else 0,
        }
        rows = (await self.database.together(call.principal, (_BEGIN, values), durable=False))[0]
        if not rows:
            raise _nobody()
        begun, on_disk = rows[0], self._flushes.after_now()
        if begun.quota is not None:
            await asyncio.shield(on_disk)
            raise exhausted(begun)
        self._open[begun.generation] = _Open(call, model, on_disk)
        return int(begun.generation)

    async def _finish(self, generation: int, outcome: Outcome) -> None:
        opened = self._open.pop(generation)
        principal = opened.call.principal
        try:
            await asyncio.shield(opened.on_disk)
        except Unavailable as error:
            # A database that crashed may give the number again: nothing is closed by it, and the call is
            # put on record anew. If the first record is there after all, the worker closes it as lost.
            log.warning("The database was away when generation %s began.", generation)
            facts = facts_of(opened.call, opened.model, FIRST)
            statement, values = _REFUSE, {"facts": facts, "why": error.message}
        else:
            keeps = self.settings.keep_generations_days > 0
            kept = outcome.answer if outcome.shown is None else outcome.shown
            statement, values = (
                _FINISH,
                {
                    "generation": generation,
                    "facts": measured(opened.call, opened.model, outcome, self.footprint),
                    "answer": storable(kept) if keeps else None,
                },
            )
        if await self._close(generation, principal, statement, values) is not None:
            self._keep(self._close_later(generation, principal, statement, values))

    async def _close(
        self, generation: int, principal: int, statement: LiteralString, values: Mapping[str, Any]
    ) -> Unavailable | None:
        """Close a record; what hinders it."""
        try:
            [[(closed,)]] = await self.database.together(principal, (statement, values))
        except Unavailable as error:
            return error
        if not closed:
            log.warning("Generation %s was closed before it ended.", generation)
        return None

    async def _close_later(
        self, generation: int, principal: int, statement: LiteralString, values: Mapping[str, Any]
    ) -> None:
        """Close a record as soon as the database takes it; not for ever."""
        error: Unavailable | None = None
        for pause_s in _PAUSES_S:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause_s)
            last = self._closing.is_set()
            error = await self._close(generation, principal, statement, values)
            if error is None or last:
                break
        if error is not None:
            log.warning("The end of generation %s was not recorded: %s", generation, error.message)

    async def _forget(self, beginning: "asyncio.Task[int]") -> None:
        """Close the record of a call that nobody waited for: nothing was sent."""
        await asyncio.wait({beginning})
        if not beginning.cancelled() and beginning.exception() is None:
            await self._finish(beginning.result(), _UNSENT)

    def _keep(self, work: "Coroutine[Any, Any, T]") -> "asyncio.Task[T]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _prompt(self, call: Call) -> str | None:
        """The turns that the model is shown, as JSON; None where they are not kept."""
        if self.settings.keep_generations_days == 0 or call.purpose is Purpose.EMBEDDING:
            return None
        return prompt_of(call)


def _nobody() -> NotSignedIn:
    return NotSignedIn("This account is disabled. Ask an administrator.")


_BEGIN = """
    select * from begin_generation(cast(%(facts)s as jsonb), cast(%(prompt)s as jsonb),
        %(tokens)s, cast(%(micro_euros)s as numeric) / 1000000, cast(%(co2e_g)s as numeric))
"""
_REFUSE = "select refuse_generation(cast(%(facts)s as jsonb), %(why)s)"
_FINISH = "select finish_generation(%(generation)s, cast(%(facts)s as jsonb), %(answer)s)"
