"""The second stage of a search: the best passages, in the order of the live reranker when it answers."""

import asyncio
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import BoundedSemaphore

import anyio
import anyio.to_thread

from centaure.gateway.embeddings import TextRefused
from centaure.kit.database import Database, Row
from centaure.kit.errors import CentaureError, Unavailable
from centaure.knowledge.retrieval.described import DescribedModel
from centaure.knowledge.retrieval.embedding import embedded_text
from centaure.knowledge.retrieval.registry import Live, described_by
from centaure.knowledge.retrieval.rerankers import BUDGET_S, RERANKERS, Rerankers
from centaure.knowledge.retrieval.results import Hit, SearchResult

log = logging.getLogger(__name__)

MOST = 30
"""Passages that are put in order, the best of the search."""
_AT_ONCE = 8


@dataclass(slots=True)
class SecondStage:
    """Puts passages to the live reranker. One for a process: it remembers one that does not answer.

    Attributes:
        rerankers: makes them.
        question_class: class that a question counts as, 0 to 3: a reranker below it is sent none.
        model: the live one.
        turns: of the questions that it is asked at once.
    """

    rerankers: Rerankers
    question_class: int = 1
    model: Live = field(default_factory=lambda: Live(RERANKERS))
    turns: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_AT_ONCE))
    _working: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_AT_ONCE))

    async def live(self, database: Database, classification: int = 0) -> Row | None:
        """The row of the live reranker; None: none may be asked, or it did not answer a moment ago.

        Args:
            database: as the application's role, or the worker's.
            classification: of the question, where it is above that of any.
        """
        live = await self.model.row(database)
        level = max(self.question_class, classification)
        if live is None or live.highest < level or self.model.silent():
            return None
        return live

    async def wanted(self, database: Database, limit: int, classification: int = 0) -> int:
        """How many passages to search for, so that there is something to choose `limit` from."""
        return limit if await self.live(database, classification) is None else max(limit, MOST)

    async def scores(self, live: Row, question: str, texts: Sequence[str]) -> list[float]:
        """What the reranker says.

        Raises:
            TextRefused, Unavailable, Refused, InvalidInput: as in `Reranker`.
        """
        scores = await anyio.to_thread.run_sync(
            self._score,
            described_by(live),
            question,
            texts,
            abandon_on_cancel=True,
            limiter=anyio.CapacityLimiter(1),  # `turns` counts them
        )
        if len(scores) != len(texts) or not all(map(math.isfinite, scores)):
            raise Unavailable("It did not answer with one score for each passage.")
        return scores

    def _score(self, row: DescribedModel, question: str, texts: Sequence[str]) -> list[float]:
        """In a thread, which goes on when nobody waits for it any more: so threads are counted here."""
        if not self._working.acquire(blocking=False):
            raise Unavailable("Earlier questions still wait for it.")
        try:
            return self.rerankers.reranker(row).score(question, texts)
        finally:
            self._working.release()


async def reranked(  # noqa: PLR0913, PLR0917 - the process, the search, and its limits
    stage: SecondStage,
    database: Database,
    result: SearchResult,
    limit: int,
    budget_s: float = BUDGET_S,
    classification: int = 0,
) -> SearchResult:
    """The best passages in the order of the live reranker, cut to `limit`; call it after the transaction.

    A passage above the class that the reranker was added for is not sent, and keeps its place. When there is
    no reranker, or it is late or fails, the order of the search stays.

    Args:
        stage: of the process.
        database: as the application's role, or the worker's.
        result: what search found: `SecondStage.wanted` tells how many to ask for.
        limit: passages wanted.
        budget_s: longest wait for a turn, and then for the reranker.
        classification: of the question, where it is above that of any.
    """
    kept = replace(result, hits=result.hits[:limit])
    live = await stage.live(database, classification)
    if live is None:
        return kept
    places = [
        place
        for place, hit in enumerate(result.hits[:MOST])
        if hit.document.classification <= live.highest
    ]
    texts = [_text(result.hits[place]) for place in places]
    if len(texts) < 2:
        return kept
    problem = ""
    scores: list[float] = []
    try:
        async with asyncio.timeout(budget_s):
            await stage.turns.acquire()
    except TimeoutError:  # there are many questions: the reranker is not silent
        return kept
    try:
        async with asyncio.timeout(budget_s):
            scores = await stage.scores(live, result.question.text, texts)
    except TextRefused:
        return kept
    except TimeoutError:
        problem = f"It has not answered in {budget_s} s."
    except Exception as error:  # noqa: BLE001 - whatever it answers, the order of the search stands
        problem = error.message if isinstance(error, CentaureError) else type(error).__name__
    finally:
        stage.turns.release()
    if problem:
        log.warning("The order of searches stays as found for a while: %s", problem)
        stage.model.pause(live)
    await stage.model.tell(database, live, problem)
    if problem:
        return kept
    return replace(
        result, hits=_ordered(result.hits, places, scores)[:limit], reranked=str(live.name)
    )


def _ordered(
    hits: Sequence[Hit], places: Sequence[int], scores: Sequence[float]
) -> tuple[Hit, ...]:
    """The hits with those that have scores exchanged among their places, the best first."""
    best = sorted(zip(scores, places, strict=True), key=lambda scored: (-scored[0], scored[1]))
    ordered = list(hits)
    for place, (score, source) in zip(places, best, strict=True):
        ordered[place] = replace(hits[source], rerank_score=score)
    return tuple(ordered)


def _text(hit: Hit) -> str:
    return embedded_text(hit.document.title, hit.heading_path, hit.text)
