"""The vector of a question, by the model of the live generation; nothing when that is late or away."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import TypeVar

import anyio
import anyio.to_thread

from centaure.gateway.embeddings import TextRefused
from centaure.gateway.faults import Plain
from centaure.kit.database import Database, Row
from centaure.kit.errors import CentaureError, Forbidden, Unavailable
from centaure.knowledge.retrieval.embedding import QUESTION_S, EmbeddingModel, written
from centaure.knowledge.retrieval.models import DescribedModel, EmbeddingModels, family

log = logging.getLogger(__name__)

_PAUSE_S = 10.0
_FRESH_S = 0.25
_AT_ONCE = 8
_TEXTS_S = 60.0
TURN_S = 1.0
"""Longest wait of a question for a thread to embed it in."""
_Made = TypeVar("_Made")
_LIVE = "select id, kind, location, options, secrets, dimensions, highest from live_model()"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means to a model.

    Attributes:
        model: its number.
        vector: as pgvector reads it.
        family: of the model: how far fusion trusts it.
    """

    model: int
    vector: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of a program.

    Attributes:
        texts: in order.
        classification: highest class of them, 0 to 3.
        as_questions: whether they are questions; some models read those otherwise.
    """

    texts: Sequence[str]
    classification: int
    as_questions: bool = False

    def by(self, model: EmbeddingModel, ends: float) -> list[list[float]]:
        """Their vectors by a model; it blocks.

        Raises:
            TimeoutError: it was not done at `ends`, as `time.monotonic` counts.
        """
        vectors: list[list[float]] = []
        while len(vectors) < len(self.texts):
            if time.monotonic() >= ends:
                raise TimeoutError
            some = self.texts[len(vectors) : len(vectors) + model.batch]
            vectors += (
                [model.embed_question(some[0])] if self.as_questions else model.embed_passages(some)
            )
        return vectors


@dataclass(frozen=True, slots=True)
class _Threads:
    """A few threads that embed, one more being refused: they go on when nobody waits for them any more."""

    turns: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_AT_ONCE))
    working: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_AT_ONCE))

    async def run(self, made: Callable[[], _Made]) -> _Made:
        """What one of them made; call it in one of the turns."""
        return await anyio.to_thread.run_sync(
            self._counted, made, abandon_on_cancel=True, limiter=anyio.CapacityLimiter(1)
        )

    def _counted(self, made: Callable[[], _Made]) -> _Made:
        if not self.working.acquire(blocking=False):
            raise Plain("The embedding model is busy with earlier texts. Try again.")
        try:
            return made()
        finally:
            self.working.release()


@dataclass(slots=True)
class Meanings:
    """Puts questions to the live model. One for a process: it remembers a model that does not answer.

    Attributes:
        models: makes them.
        question_class: class that a question counts as, 0 to 3: a model below it is sent none.
    """

    models: EmbeddingModels
    question_class: int = 1
    _live: Row | None = None
    _read_at: float = -_FRESH_S
    _silent_until: float = 0.0
    _questions: _Threads = field(default_factory=_Threads)
    _others: _Threads = field(default_factory=_Threads)
    _sent: _Threads = field(default_factory=_Threads)

    async def of(
        self, database: Database, question: str, classification: int = 0
    ) -> Meaning | None:
        """The vector of a question; None: no model is live, or it does not answer in time.

        Call it before the transaction that searches opens. A vector of a model that is not live any more
        when the search begins is left aside by the search itself.

        Args:
            database: as the application's role.
            question: what is searched.
            classification: of the question, where it is above that of any.
        """
        live = await self.live(database, classification)
        if live is None or not question.strip():
            return None
        described = DescribedModel(live.kind, live.location, live.options, live.secrets)
        try:
            async with asyncio.timeout(TURN_S):
                await self._questions.turns.acquire()
        except TimeoutError:  # there are many questions: the model is not silent
            return None
        try:
            if time.monotonic() < self._silent_until:  # since this one began to wait
                return None
            async with asyncio.timeout(QUESTION_S):
                vector = await self._questions.run(
                    lambda: self.models.model(described).embed_question(question)
                )
            return _meaning(live, described, vector)
        except TextRefused:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a service answers, words answer the question
            said = error.message if isinstance(error, CentaureError) else type(error).__name__
            log.warning("Questions are answered by words alone for a while: %s", said)
            if self._live is not None and self._live.id == live.id:  # else another is live by now
                self._silent_until = time.monotonic() + _PAUSE_S
            return None
        finally:
            self._questions.turns.release()

    async def of_others(
        self,
        database: Database,
        questions: Sequence[str],
        passages: Sequence[str],
        ends: float,
        classification: int = 0,
    ) -> tuple[list[Meaning | None], list[Meaning | None]]:
        """The vectors of questions and of passages that were made of one question, in one thread.

        All are None when no model is live, or they are not there in time. Whatever happens, the model is
        still asked for the questions that people ask, in threads of their own.

        Args:
            database: as the application's role.
            questions: what is searched beside the question.
            passages: what would answer it.
            ends: when to stop waiting, as `time.monotonic` counts.
            classification: of the question, where it is above that of any.
        """
        nothing: tuple[list[Meaning | None], list[Meaning | None]] = (
            [None] * len(questions),
            [None] * len(passages),
        )
        live = await self.live(database, classification)
        if live is None or not (questions or passages):
            return nothing
        described = DescribedModel(live.kind, live.location, live.options, live.secrets)

        def made() -> tuple[list[list[float]], list[list[float]]]:
            model = self.models.model(described)
            vectors: list[list[float]] = []
            for question in questions:
                vectors.append(model.embed_question(question))
                if time.monotonic() >= ends:
                    raise TimeoutError
            return vectors, model.embed_passages(passages, awaited=True) if passages else []

        try:
            async with asyncio.timeout(ends - time.monotonic()), self._others.turns:
                asked, answers = await self._others.run(made)
            return (
                [_meaning(live, described, vector) for vector in asked],
                [_meaning(live, described, vector) for vector in answers],
            )
        except Exception as error:  # noqa: BLE001 - as above
            log.info("What a model wrote is searched by words alone: %s", type(error).__name__)
            return nothing

    async def of_texts(self, database: Database, texts: Texts) -> list[list[float]]:
        """The vectors of texts that a program sent, in order, in one thread.

        Raises:
            TextRefused: the model will not take one of them.
            Forbidden: it may not be sent texts of that class.
            Unavailable, Refused: none is live, it does not answer in time, or too many wait for it.
        """
        live = await self.live(database)
        if live is None:
            raise Plain("No embedding model answers here now. Try again in a minute.")
        if live.highest < texts.classification:
            raise Forbidden(f"The embedding model may be sent C{live.highest} at most.")
        described = DescribedModel(live.kind, live.location, live.options, live.secrets)
        ends = time.monotonic() + _TEXTS_S
        try:
            async with asyncio.timeout(_TEXTS_S):
                return await self._sent.run(lambda: texts.by(self.models.model(described), ends))
        except TimeoutError:
            raise Plain(
                f"The embedding model took more than {_TEXTS_S:.0f} seconds. Send fewer texts."
            ) from None

    async def live(self, database: Database, classification: int = 0) -> Row | None:
        """The row of the live model; None: it did not answer a moment ago, or none may be sent a question.

        Args:
            database: as the application's role.
            classification: of the question, where it is above that of any.
        """
        if time.monotonic() - self._read_at >= _FRESH_S:
            async with database.read(None) as session:
                row = await session.row(_LIVE)
            if row is None or self._live is None or row.id != self._live.id:
                self._silent_until = 0.0
            self._live = row
            self._read_at = time.monotonic()
        if self._live is None or self._live.highest < max(self.question_class, classification):
            return None
        return None if time.monotonic() < self._silent_until else self._live


def _meaning(live: Row, described: DescribedModel, vector: Sequence[float]) -> Meaning:
    if len(vector) != live.dimensions:
        raise Unavailable(f"The model gave {len(vector)} numbers.")
    return Meaning(live.id, written(vector), family(described))
