"""From a question to the passages that are shown: read by the live models, searched, joined, put in order."""

import asyncio
import json
import logging
import math
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from centaure.kit.database import Database
from centaure.kit.errors import Unavailable
from centaure.knowledge.retrieval.embedding import written
from centaure.knowledge.retrieval.filters import FilterWords, resolve_filters
from centaure.knowledge.retrieval.highlights import Finder
from centaure.knowledge.retrieval.highlights import joined as spans
from centaure.knowledge.retrieval.meaning import Meaning, Meanings
from centaure.knowledge.retrieval.prompts import TASKS
from centaure.knowledge.retrieval.question import Question
from centaure.knowledge.retrieval.ranking import Signals, name_of
from centaure.knowledge.retrieval.readings import Reading, Turn
from centaure.knowledge.retrieval.reranking import SecondStage, reranked
from centaure.knowledge.retrieval.results import Hit, SearchResult
from centaure.knowledge.retrieval.service import BEST_HITS, SHORT, search
from centaure.knowledge.retrieval.understanding import Asker, Understanding

log = logging.getLogger(__name__)

ITSELF = "question"
"""What a hit is found through when it is by the question as it was asked."""
DEPTH = 30
"""Passages that each other search gives: further down, a rank adds next to nothing."""
WEIGHT = 0.5
"""Of what a model wrote, where the question itself has 1: its first passage comes sixth."""
FLAT = 3
"""Added to ranks. The usual 60 lets what several searches give in the middle pass the question's best."""


Stage = Literal["words", "meaning", "reranked"]
"""How far a search goes: by words alone; by what they mean too; and put in order by a reranker, as usual."""

OTHERS_S = 1.0
"""Seconds, beyond those of the language model, for the vectors and searches of what it wrote."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, as somebody asks it.

    Attributes:
        text: what is searched first and counts most.
        words: what it is narrowed to.
        question: what a language model is asked about; empty: the text.
        history: earlier turns, the oldest first.
        classification: class of what is asked, 0 to 3, where it is above that of a question.
        key_id: of the API key that was used; None: a browser session.
        conversation: that it belongs to, whose files are searched too; None: none.
        erasures: of that conversation, before anything of it was read.
        upto: how far the search goes, where the models for it are live.
    """

    text: str
    words: FilterWords = field(default_factory=FilterWords)
    question: str = ""
    history: Sequence[Turn] = ()
    classification: int = 0
    key_id: int | None = None
    conversation: int | None = None
    erasures: int = 0
    upto: Stage = "reranked"


@dataclass(slots=True)
class Finding:
    """What finds passages; one for a process.

    Attributes:
        database: as the application's role.
        meanings: of the live embedding model.
        second_stage: of the live reranker.
        understanding: of questions, by language models.
    """

    database: Database
    meanings: Meanings
    second_stage: SecondStage
    understanding: Understanding

    async def find(
        self,
        principal: int,
        asked: Asked,
        limit: int,
        gone: Callable[[], Awaitable[None]] | None = None,
    ) -> SearchResult:
        """The passages that answer best, among those that the principal may read.

        The question is always searched as it was asked; what a language model makes of it is searched as
        well, with the same rights and filters, as far as the time for it goes: that of the language model
        and `OTHERS_S`; where such a search fails, the question's own stands. No transaction is open while
        a model is asked.

        Args:
            principal: whose rights hold.
            asked: the question.
            limit: most passages.
            gone: comes back once nobody waits any more: then no language model is waited for.
        """
        ends = time.monotonic() + self.understanding.budget_s + OTHERS_S
        (reading, others, answer), meaning = await asyncio.gather(
            self._others(principal, asked, gone, ends),
            self._meaning(asked),
        )
        if meaning is not None:
            meaning = between(meaning, answer)
        texts = reading.searches if reading is not None else {}
        wanted = limit
        if asked.upto == "reranked":
            wanted = await self.second_stage.wanted(self.database, limit, asked.classification)
        async with self.database.read(principal, asked.conversation) as session:
            filters = await resolve_filters(session, asked.words)
            result = await search(session, asked.text, filters, wanted, meaning)
        results = {ITSELF: result}
        for name, text in texts.items():
            if time.monotonic() >= ends:
                break
            try:
                async with self.database.read(principal, asked.conversation) as session:
                    results[name] = await search(session, text, filters, DEPTH, others[name])
            except Unavailable as error:  # the question has its passages
                log.warning("A search for what a language model wrote failed: %s", error.message)
                break
        if reading is not None:
            late = [text for name, text in texts.items() if name not in results]
            reading = reading.without(late, "late")
        if len(results) > 1:
            hits = joined(results, wanted)
            long = sum(len(hit.text) for hit in hits) > SHORT
            result = (
                await asyncio.to_thread(as_asked, result, hits) if long else as_asked(result, hits)
            )
        result = replace(result, reading=reading)
        if asked.upto != "reranked":
            return replace(result, hits=result.hits[:limit])
        return await reranked(
            self.second_stage, self.database, result, limit, classification=asked.classification
        )

    async def stages(self) -> list[Stage]:
        """How far a search can go here: words always, the rest where its models are live."""
        found: list[Stage] = ["words"]
        if await self.meanings.live(self.database) is not None:
            found.append("meaning")
        if await self.second_stage.live(self.database) is not None:
            found.append("reranked")
        return found

    async def _meaning(self, asked: Asked) -> Meaning | None:
        if asked.upto == "words":
            return None
        return await self.meanings.of(self.database, asked.text, asked.classification)

    async def _others(
        self,
        principal: int,
        asked: Asked,
        gone: Callable[[], Awaitable[None]] | None,
        ends: float,
    ) -> tuple[Reading | None, dict[str, Meaning | None], Meaning | None]:
        """What is made of the question, the vectors of what to search, that of what would answer."""
        reading = await self._read(principal, asked, gone)
        if reading is None:
            return None, {}, None
        reading = reading.without([asked.text], "unchanged")
        texts = reading.searches
        # What may hold more than a question is not sent to another model.
        level = max(self.understanding.question_class, asked.classification)
        if asked.upto == "words" or reading.classification > level:
            return reading, dict.fromkeys(texts), None
        passages = [reading.hypothetical] if reading.hypothetical else []
        found, answers = await self.meanings.of_others(
            self.database, list(texts.values()), passages, ends, asked.classification
        )
        return reading, dict(zip(texts, found, strict=True)), answers[0] if answers else None

    async def _read(
        self, principal: int, asked: Asked, gone: Callable[[], Awaitable[None]] | None
    ) -> Reading | None:
        """What a language model makes of the question; None: none is asked, or nobody waits for it."""
        question = asked.question or asked.text
        level = max(self.understanding.question_class, asked.classification)
        if await self.understanding.reader(level, question) is None:
            return None
        wishes = set(TASKS)
        live = await self.meanings.live(self.database, asked.classification)
        if live is None or asked.upto == "words":
            wishes.discard("hypothetical")
        asker = Asker(principal, asked.key_id, asked.conversation, asked.erasures)
        reading = asyncio.ensure_future(
            self.understanding.read(asker, question, asked.history, wishes, asked.classification)
        )
        leaving = asyncio.ensure_future(_never() if gone is None else gone())
        try:
            await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() else None
        finally:
            reading.cancel()
            leaving.cancel()
            await asyncio.gather(reading, leaving, return_exceptions=True)


def joined(
    results: Mapping[str, SearchResult], limit: int, weight: float = WEIGHT, flat: float = FLAT
) -> tuple[Hit, ...]:
    """The passages of several searches in one order, each once, at most `limit`.

    Scores of different words cannot be compared, so ranks are (reciprocal rank fusion: Cormack and others,
    SIGIR 2009), that of the question itself with the largest weight: its best passage stays before all that
    only one other search gives. Of the members of a family, those that the earliest search shows are kept.

    Args:
        results: by what was searched; the question itself comes first.
        limit: most passages.
        weight: of each other search.
        flat: added to ranks, from 1.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    through: defaultdict[int, list[str]] = defaultdict(list)
    hits: dict[int, Hit] = {}
    shown: set[int] = set()
    hidden: set[int] = set()
    for name, result in results.items():
        kept = [hit for hit in result.hits if hit.document.id not in hidden]
        for rank, hit in enumerate(kept, 1):
            scores[hit.chunk_id] += (1.0 if name == ITSELF else weight) / (flat + rank)
            through[hit.chunk_id].append(name)
            hits.setdefault(hit.chunk_id, hit)
        shown.update(hit.document.id for hit in kept)
        hidden.update(other.id for hit in kept for other in hit.others if other.id not in shown)
    best = sorted(hits, key=lambda chunk: -scores[chunk])[:limit]
    return tuple(replace(hits[chunk], through=tuple(through[chunk])) for chunk in best)


def as_asked(result: SearchResult, hits: Sequence[Hit]) -> SearchResult:
    """The result with other hits, read by the words of its question, however they were found.

    A hit that the question itself did not find has, as far as words go, what its terms weigh, each once.
    """
    question = result.question
    finder = Finder(question.stems())
    seen = tuple(
        hit if not hit.through or ITSELF in hit.through else _seen(question, finder, hit)
        for hit in hits
    )
    together = frozenset[int]().union(*(question.matched(hit.stems) for hit in seen[:BEST_HITS]))
    return replace(result, hits=seen, coverage=question.share(together))


def _seen(question: Question, finder: Finder, hit: Hit) -> Hit:
    texts = (hit.text, hit.document.title, *hit.heading_path, name_of(hit.document.path))
    places, *about = finder.occurrences(texts, hit.language)
    stems = frozenset(stem for each in (places, *about) for stem, _, _ in each)
    matched = question.matched(stems)
    score = sum(question.terms[place].weight for place in matched)
    return replace(
        hit,
        score=score,
        signals=Signals(words=score),
        similarity=None,
        stems=stems,
        coverage=question.share(matched),
        highlights=spans((start, end) for _, start, end in places),
    )


def between(one: Meaning, other: Meaning | None) -> Meaning:
    """The direction half-way between two vectors of one model; the first where there is no such thing."""
    if other is None or other.model != one.model:
        return one
    first, second = (_unit(json.loads(each.vector)) for each in (one, other))
    mean = _unit([a + b for a, b in zip(first, second, strict=True)])
    return replace(one, vector=written(mean)) if any(mean) else one


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.hypot(*vector) or 1.0
    return [number / length for number in vector]


async def _never() -> None:
    await asyncio.Event().wait()
