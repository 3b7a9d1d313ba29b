"""The vector of a question, by the model of the live generation; nothing when that is late or away."""

import asyncio
import logging
import time
from dataclasses import dataclass, field

import anyio
import anyio.to_thread

from centaure.kit.database import Database, Row
from centaure.kit.errors import CentaureError
from centaure.knowledge.retrieval.embedding import written
from centaure.knowledge.retrieval.models import DescribedModel, EmbeddingModels

log = logging.getLogger(__name__)

QUESTION_S = 2.0
"""Longest wait for the vector of a question; after it the question is answered by words alone."""
_PAUSE_S = 10.0
_FRESH_S = 0.25
_AT_ONCE = 8
_LIVE = "select id, kind, location, options, secrets from live_model()"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question means to a model; `vector` is as pgvector reads it."""

    model: int
    vector: str


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

    async def of(self, database: Database, question: str) -> Meaning | None:
        """The vector of a question; None: no model is live, or it does not answer in time.

        Call it before the transaction that searches opens. A vector of a model that is not live any more
        when the search begins is left aside by the search itself.
        """
        if time.monotonic() - self._read_at >= _FRESH_S:
            async with database.read(None) as session:
                self._live = await session.row(_LIVE)
            self._read_at = time.monotonic()
        live = self._live
        if live is None or not question.strip() or time.monotonic() < self._silent_until:
            return None
        described = DescribedModel(live.kind, live.location, live.options, live.secrets)
        try:
            async with asyncio.timeout(QUESTION_S):
                vector = await anyio.to_thread.run_sync(
                    lambda: self.models.model(described).embed_question(question),
                    abandon_on_cancel=True,
                    limiter=self._limit,
                )
        except (CentaureError, TimeoutError) as error:
            log.warning("Questions are answered by words alone for a while: %s", error or "late")
            self._silent_until = time.monotonic() + _PAUSE_S
            return None
        return Meaning(live.id, written(vector))
