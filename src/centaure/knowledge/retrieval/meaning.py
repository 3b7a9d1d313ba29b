"""The vector of a question, by the model of the live generation; nothing when that is late or away."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from threading import BoundedSemaphore

import anyio
import anyio.to_thread

from centaure.gateway.embeddings import TextRefused
from centaure.kit.database import Database, Row
from centaure.kit.errors import CentaureError, Unavailable
from centaure.knowledge.retrieval.embedding import QUESTION_S, written
from centaure.knowledge.retrieval.models import DescribedModel, EmbeddingModels, family

log = logging.getLogger(__name__)

_PAUSE_S = 10.0
_FRESH_S = 0.25
_AT_ONCE = 8
_LIVE = "select id, kind, location, options, secrets, dimensions from live_model()"


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


@dataclass(slots=True)
class Meanings:
    """Puts questions to the live model. One for a process: it remembers a model that does not answer.

    Attributes:
        models: makes them.
    """

    models: EmbeddingModels
    _live: Row | None = None
    _read_at: float = -_FRESH_S
    _silent_until: float = 0.0
    _limit: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_AT_ONCE))
    _working: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_AT_ONCE))

    async def of(self, database: Database, question: str) -> Meaning | None:
        """The vector of a question; None: no model is live, or it does not answer in time.

        Call it before the transaction that searches opens. A vector of a model that is not live any more
        when the search begins is left aside by the search itself.
        """
        live = await self.live(database)
        if live is None or not question.strip():
            return None
        described = DescribedModel(live.kind, live.location, live.options, live.secrets)
        try:
            async with asyncio.timeout(QUESTION_S):
                vector = await anyio.to_thread.run_sync(
                    self._embed, described, question, abandon_on_cancel=True, limiter=self._limit
                )
            if len(vector) != live.dimensions:
                raise Unavailable(f"The model gave {len(vector)} numbers.")  # noqa: TRY301
            return Meaning(live.id, written(vector), family(described))
        except TextRefused:
            return None
        except Exception as error:  # noqa: BLE001 - whatever a service answers, words answer the question
            said = error.message if isinstance(error, CentaureError) else type(error).__name__
            log.warning("Questions are answered by words alone for a while: %s", said)
            self._silent_until = time.monotonic() + _PAUSE_S
            return None

    async def live(self, database: Database) -> Row | None:
        """The row of the live model; None: there is none, or it did not answer a moment ago."""
        if time.monotonic() - self._read_at >= _FRESH_S:
            async with database.read(None) as session:
                self._live = await session.row(_LIVE)
            self._read_at = time.monotonic()
        return None if time.monotonic() < self._silent_until else self._live

    def _embed(self, described: DescribedModel, question: str) -> list[float]:
        """In a thread, which goes on when nobody waits for it any more: so threads are counted here."""
        if not self._working.acquire(blocking=False):
            raise Unavailable("Its earlier questions still wait for the model.")
        try:
            return self.models.model(described).embed_question(question)
        finally:
            self._working.release()
