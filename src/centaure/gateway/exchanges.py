"""One exchange with one model: reserved, checked, sent, streamed, and recorded once, however it ends."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from typing import Protocol

import anyio

from centaure.gateway.breaker import Breaker
from centaure.gateway.calls import Call, Stopped, Verdict
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import Delta, Usage
from centaure.gateway.embeddings import TextRefused
from centaure.gateway.faults import Plain, told
from centaure.gateway.guard import AnswerGuard, ChecksFailed, Guard, admitted, released
from centaure.gateway.live import Catalogue
from centaure.gateway.outcomes import Attempt, End, Outcome
from centaure.gateway.providers import Providers
from centaure.gateway.routing import hindrance
from centaure.gateway.speaking import (
    Written,
    most_characters,
    pumped,
    says_something,
    without_words,
)
from centaure.gateway.tokens import used
from centaure.kit.errors import CentaureError, Late, Refused, Unavailable

log = logging.getLogger(__name__)

_GRACE_S = 1.0
"""What a provider may be late beyond a limit before it is cut off from outside."""
_CLOSING_S = 5.0
_WAIT = frozenset({429, 503})


class Recorder(Protocol):
    """Where calls are accounted for: `records.Records`. A task that is cancelled does not interrupt it."""

    async def begin(self, call: Call, model: CatalogueModel, attempt: Attempt) -> int:
        """Reserve what a call may use and open its record; its number.

        Raises:
            QuotaExhausted: a quota does not suffice.
        """
        ...

    async def kept(self, generation: int) -> None:
        """Wait until the record of a call that goes on is on disk.

        Raises:
            Unavailable: nobody knows whether it is: the call is to end.
        """
        ...

    async def finish(self, generation: int, outcome: Outcome) -> None:
        """Close a record and settle what was reserved."""
        ...

    async def refuse(self, call: Call, why: str) -> int:
        """Record that no model was asked; its number."""
        ...

    async def close(self) -> None:
        """Wait for what is being written."""
        ...


class NotAnswered(Unavailable):
    """This model did not begin to answer; another may be asked.

    `problem` says why for administrators, and may name the place of the model; the message does not.
    `refused` says whether it will not take the text.
    """

    def __init__(self, message: str, problem: str, *, refused: bool) -> None:
        super().__init__(message)
        self.problem = problem
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Desk:
    """What every exchange of a process works with; no guard: nothing is checked."""

    catalogue: Catalogue
    providers: Providers
    records: Recorder
    breaker: Breaker
    guard: Guard | None = None


@dataclass(slots=True)
class Exchange:
    """A call of one model.

    Attributes:
        desk: of the process.
        call: what is wanted; once it is open, as this model is asked it.
        model: who is asked.
        attempt: which of the exchanges of a call it is.
        ends: of the whole call, in the seconds of the event loop.
        guard: what looks at the answer; None: it is shown as it comes.
        generation: number of the record; 0: none yet.
        written: what was said.
        shown: what a guard let through of that; None: nobody reads it.
    """

    desk: Desk
    call: Call
    model: CatalogueModel
    attempt: Attempt
    ends: float
    guard: AnswerGuard | None = None
    generation: int = 0
    written: Written = field(default_factory=Written)
    shown: Written | None = None
    _stream: AsyncGenerator[Delta] | None = None
    _held: list[Delta] = field(default_factory=list[Delta])
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _began: float = 0.0
    _first_s: float | None = None
    _fault: tuple[End, str] | None = None
    _verdicts: tuple[Verdict, ...] = ()
    _ended: bool = False

    @property
    def circuit(self) -> tuple[object, ...]:
        """The key of its circuit breaker: a model that was changed begins anew."""
        return self.model.id, self.model.changed_at

    @property
    def usage(self) -> Usage:
        """The tokens of what was asked and of what was said so far, as its record will have them."""
        return used(self.call.request, self.written.text, self.written.usage)

    async def open(self, *, racing: bool = False) -> None:
        """Ask the model, and wait for the first piece of its answer.

        Args:
            racing: whether another task than this one will read the rest.

        Raises:
            QuotaExhausted: a quota is used up: nothing was sent.
            Stopped: a check does not let this model be asked: nothing was sent.
            ChecksFailed: nobody knows whether it may be.
            NotAnswered: the model may not take it any more, will not, or does not answer.
        """
        breaker, circuit, caller = self.desk.breaker, self.circuit, self.call.principal
        try:
            if (guard := self.desk.guard) is not None:
                found = guard.before(self.call, self.model, self.guard)
                self.call, self.guard = await admitted(found, self.call)
            self._began = asyncio.get_running_loop().time()
            self.generation = await self.desk.records.begin(self.call, self.model, self.attempt)
        except BaseException:
            breaker.left(circuit)
            raise
        try:
            await self._ask(racing=racing)
        except (_NotCleared, TextRefused) as error:
            breaker.left(circuit)
            await self._fail(End.REFUSED, error)
        except _Wordless as error:
            breaker.left(circuit)
            await self._fail(_end_of(self.written), error)
        except Refused as error:
            breaker.failed(circuit, caller, _asked_pause(error))
            await self._fail(End.FAILED, error)
        except TimeoutError:
            breaker.failed(circuit, caller)
            await self._fail(End.FAILED, Late("It has not begun to answer in time."))
        except Exception as error:  # noqa: BLE001 - a provider's library raises what it likes
            breaker.failed(circuit, caller)
            await self._fail(End.FAILED, error)
        except BaseException:
            breaker.left(circuit)
            await self.end()
            raise
        breaker.left(circuit)

    def pieces(self) -> AsyncGenerator[Delta]:
        """The answer, from its first piece, as it may be shown.

        Raises:
            Unavailable: it was cut; the words are for callers.
            Stopped: a check ended it.
        """
        self.shown = Written()
        if self.guard is None:
            return self._said()
        return self._released(self.guard, self.shown)

    async def _released(self, guard: AnswerGuard, shown: Written) -> AsyncGenerator[Delta]:
        try:
            async with aclosing(self._said()) as said, aclosing(released(said, guard)) as pieces:
                async for delta in pieces:
                    shown.take(delta)
                    yield delta
        except Stopped as error:
            self._fault, self._verdicts = (End.REFUSED, error.problem), error.verdicts
            raise
        except ChecksFailed as error:
            self._fault = End.CUT, error.message
            raise

    async def _said(self) -> AsyncGenerator[Delta]:
        """The answer as the model gives it."""
        assert self._stream is not None  # noqa: S101 - it is open
        most, loop = most_characters(self.call.request), asyncio.get_running_loop()
        held, self._held = self._held, []
        for delta in held:
            yield delta
        # The model was asked while the disk was: nobody reads on before both have answered.
        try:
            await self.desk.records.kept(self.generation)
        except Unavailable as error:
            self._fault = End.CUT, error.message
            raise
        try:
            async for delta in self._stream:
                self.written.take(delta)
                yield delta
                if self.written.length > most:
                    self.written.finish = "length"
                    yield Delta(finish="length")
                    return
                self._check(late=loop.time() > self.ends + _GRACE_S)
            self._check(over=True)
        except Exception as error:  # noqa: BLE001 - as above
            self._fault = End.CUT, self._problem(error)
            self.desk.breaker.failed(self.circuit, self.call.principal)
            raise Unavailable(told(self.model.name, error, begun=True)) from None

    async def end(self) -> None:
        """Let go of the model and record how it ended; once."""
        if self._ended or not self.generation:
            return
        self._ended = True
        now = asyncio.get_running_loop().time()
        end, problem = self._fault or (_end_of(self.written), "")
        if self._fault is None and end in {End.DONE, End.LENGTH}:
            self.desk.breaker.worked(self.circuit)
        usage = self.written.usage if self._stream is not None else Usage(0, 0)
        found, shown = self._looked_at()
        outcome = Outcome(
            end,
            problem,
            self.written.text,
            usage,
            self._first_s,
            now - self._began,
            (*self.call.verdicts, *found),
            shown,
        )
        try:
            with anyio.move_on_after(_CLOSING_S, shield=True):
                try:
                    if self._stream is not None:
                        await self._stream.aclose()
                finally:
                    await self._stack.aclose()
        except Exception:  # the edge: what was said is said
            log.exception("The connection of %s could not be closed", self.model.name)
        finally:
            await self.desk.records.finish(self.generation, outcome)

    def _looked_at(self) -> tuple[tuple[Verdict, ...], str | None]:
        """What a guard found in the answer, and what the record may hold of what it showed."""
        if self.shown is None:
            return (), ""  # such as the first piece of a model that another one was faster than
        if self.guard is None:
            return (), None
        try:
            kept = self.shown.told(self.guard.kept)
        except Exception:  # the edge: the end of a call is recorded whatever happens
            log.exception("What was shown could not be made ready for the record")
            kept = ""
        return (*self.guard.verdicts, *self._verdicts), kept

    def leave(self) -> None:
        """Let go of the circuit of a model that was not asked in the end."""
        if not self.generation:
            self.desk.breaker.left(self.circuit)

    async def _ask(self, *, racing: bool) -> None:
        snapshot = await self.desk.catalogue.now()
        fresh = snapshot.model(self.model.id)
        lent = fresh and await self._stack.enter_async_context(
            self.desk.providers.lend(fresh, snapshot)
        )
        # Nothing waits between this and the sending.
        why = self._hindrance(fresh)
        if why or lent is None:
            raise _NotCleared(f"{self.model.name} may not take this. {why}")
        left = self.ends - asyncio.get_running_loop().time()
        first = min(self.call.first_s, left)
        stream = lent.stream(self.call.request, first_s=first, longest_s=left)
        self._stream = pumped(stream) if racing else stream
        async with asyncio.timeout(first + _GRACE_S):
            async for delta in self._stream:
                self._held.append(delta)
                self.written.take(delta)
                if says_something(delta):
                    self._first_s = asyncio.get_running_loop().time() - self._began
                    return
        if self.written.finish == "content_filter":
            raise TextRefused("It will not answer this.")
        if self.written.finish is not None:
            self._first_s = asyncio.get_running_loop().time() - self._began
            raise _Wordless(f"{self.model.name} {without_words(self.written.finish)}")
        raise Plain(f"{self.model.name} answered with nothing.")

    def _hindrance(self, fresh: CatalogueModel | None) -> str:
        """Why the model, as it is now, may not be sent what was made for it; empty: it may."""
        if fresh is None:
            return "It was removed."
        if self.desk.guard is not None and fresh.highest < self.model.highest:
            return "It may be sent less than when it was chosen."
        return hindrance(fresh, self.call.classification)

    def _check(self, *, late: bool = False, over: bool = False) -> None:
        """See that an answer is on time, and whole when it is over."""
        if late:
            raise Plain(f"{self.model.name} has taken too long.")
        if over and self.written.finish is None:
            raise Plain(f"{self.model.name} stopped in the middle of its answer.")

    async def _fail(self, end: End, error: Exception) -> None:
        problem = self._problem(error)
        self._fault = end, problem
        await self.end()
        message = told(self.model.name, error)
        raise NotAnswered(message, problem, refused=end is End.REFUSED) from None

    def _problem(self, error: Exception) -> str:
        """A fault in full, for the record and for administrators; the log has it too."""
        if isinstance(error, CentaureError):
            log.warning("The model %s failed: %s", self.model.name, error.message)
            return error.message
        log.error("The model %s failed", self.model.name, exc_info=error)
        return f"Its provider failed: {type(error).__name__}."


class _Wordless(Plain):
    """Its answer ended before the first word, which a request alone can bring about: it is no failure."""


class _NotCleared(Plain):
    """The model was changed since it was chosen, and may not be sent this any more."""


def _end_of(written: Written) -> End:
    if written.finish is None:
        return End.CANCELLED
    if written.finish == "length":
        return End.LENGTH
    return End.REFUSED if written.finish == "content_filter" else End.DONE


def _asked_pause(error: Refused) -> float | None:
    """Seconds that the service asked to be left alone for; None: it did not."""
    asked = error.answer_headers.get("retry-after", "").strip()
    return float(asked) if error.status_code in _WAIT and asked.isdecimal() else None
