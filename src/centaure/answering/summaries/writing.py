"""A summary that language models write: part by part, a few at once, then put together."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from centaure.answering.answers import Citation, Sentence, Stop
from centaure.answering.generated import Sources, Writing
from centaure.answering.generated.request import Request
from centaure.answering.generated.writing import Policy
from centaure.answering.summaries.parts import Part, between, lots
from centaure.answering.summaries.requests import Digest, of_digests, of_part
from centaure.answering.summaries.summary import Place, Progress, Stage, SummarySentence
from centaure.gateway.calls import Call, QuotaExhausted
from centaure.gateway.service import Gateway
from centaure.kit.errors import CentaureError, NotFound, Unavailable
from centaure.knowledge.parsing import Box
from centaure.knowledge.retrieval import Hit

MOST_AT_ONCE = 4
PART_S = 180.0
"""For what is written at once."""
LONGEST_S = 1_800.0
"""For the parts together; those that are not begun then are missing."""
TRIES = 2
MOST_OF_A_PART = 10
"""Sentences that are kept of what was written of a part."""
MOST_UNJOINED = 40
"""Sentences of a summary whose parts were not put together."""

Admit = Callable[[Request, float], Awaitable[Call]]
"""Makes the call of a request that may last so many seconds, or raises `NotFound`: the document may not be
read any more."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it is summarised.

    Attributes:
        parts: in its order.
        boxes: lines of the passages that run over several pages, by chunk.
        language: "fr" or "en", of the summary.
        room: characters that a model reads at once.
    """

    parts: Sequence[Part]
    boxes: Mapping[int, Sequence[Box]]
    language: str
    room: int

    @property
    def hits(self) -> dict[int, Hit]:
        """The passages by chunk."""
        return {hit.chunk_id: hit for part in self.parts for hit in part.hits}


@dataclass(slots=True)
class _Step:
    """Something to be written; `number` is its rank among those of the same stage."""

    number: int
    asked: Request
    place: Place
    tries: int = 0


@dataclass(slots=True)
class Written:
    """A summary while it is written; iterate over `pieces` once, then read the rest.

    Attributes:
        gateway: by which models are asked.
        admit: looks up rights and class anew, before each part is sent.
        text: what is summarised.
        policy: what becomes of sentences that are not borne out.
        sentences: those that were given.
        missing: the parts that nothing was written of.
        joined: whether the parts were put together.
        models, generations, versions: who wrote, the records of that, what they were told.
        stopped: why it ends early.
        problem: which quota was used up.
    """

    gateway: Gateway
    admit: Admit
    text: Text
    policy: Policy
    sentences: list[SummarySentence] = field(default_factory=list[SummarySentence])
    missing: list[Place] = field(default_factory=list[Place])
    joined: bool = True
    models: dict[str, None] = field(default_factory=dict[str, None])
    generations: list[int] = field(default_factory=list[int])
    versions: dict[str, None] = field(default_factory=dict[str, None])
    stopped: Stop | None = None
    problem: str = ""
    _began: float = 0.0

    @property
    def doubts(self) -> bool:
        """Whether any sentence is not borne out."""
        return any(one.support == "unsupported" for one in self.sentences)

    async def pieces(self) -> AsyncGenerator[Progress | SummarySentence]:
        """Progress, and then the sentences. Open no transaction around it.

        Raises:
            NotFound: the document may not be read any more.
            QuotaExhausted: before any sentence: a quota is used up.
            Unavailable: before any sentence: nothing could be written of any part.
        """
        self._began = self._now()
        if len(self.text.parts) == 1:
            asked = of_part(self.text.parts[0], self.text.language, self.text.room)
            async with aclosing(self._last(asked)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        digests: dict[int, Digest] = {}
        steps = [
            _Step(number, of_part(part, self.text.language, self.text.room), part.place)
            for number, part in enumerate(self.text.parts)
        ]
        async with aclosing(self._each("parts", steps, digests)) as progress:
            async for piece in progress:
                yield piece
        self.missing = [step.place for step in steps if step.number not in digests]
        found = [digests[number] for number in sorted(digests) if digests[number].sentences]
        if not found:
            raise Unavailable("No language model wrote anything of this document.")
        async with aclosing(self._together(found)) as pieces:
            async for piece in pieces:
                yield piece

    async def _together(self, found: list[Digest]) -> AsyncGenerator[Progress | SummarySentence]:
        """One summary of the parts; where they cannot be put together, each for itself."""
        first = found
        try:
            while len(cut := list(lots([one.size for one in found], self.text.room))) > 1:
                digests: dict[int, Digest] = {}
                steps = [self._joining(number, found[lot]) for number, lot in enumerate(cut)]
                async with aclosing(self._each("joining", steps, digests)) as progress:
                    async for piece in progress:
                        yield piece
                for number, lot in enumerate(cut):
                    if number not in digests or not digests[number].sentences:
                        digests[number] = _shortened(found[lot])
                found = [digests[number] for number in range(len(cut))]
            asked = of_digests(found, self.text.hits, self.text.language)
            yield self._progress("joining", 0, 1)
            async with aclosing(self._last(asked)) as pieces:
                async for piece in pieces:
                    yield piece
        except NotFound:
            raise
        except CentaureError as error:
            if isinstance(error, QuotaExhausted):
                self.problem = error.message
            self.joined = False
            most = max(1, MOST_UNJOINED // len(first))
            for sentence in [one for digest in first for one in digest.sentences[:most]]:
                self.sentences.append(sentence)
                yield sentence

    def _joining(self, number: int, digests: Sequence[Digest]) -> _Step:
        asked = of_digests(digests, self.text.hits, self.text.language)
        return _Step(number, asked, between([one.place for one in digests]))

    async def _each(
        self, stage: Stage, steps: Sequence[_Step], digests: dict[int, Digest]
    ) -> AsyncGenerator[Progress]:
        """Have several things written, a few at once; what fails is tried again after the others."""
        waiting = deque(steps)
        running: dict[asyncio.Task[Digest], _Step] = {}
        over = 0
        try:
            while waiting or running:
                while waiting and len(running) < MOST_AT_ONCE:
                    step = waiting.popleft()
                    step.tries += 1
                    running[asyncio.create_task(self._digest(step))] = step
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    step = running.pop(task)
                    try:
                        digests[step.number] = task.result()
                    except (NotFound, QuotaExhausted):
                        raise
                    except CentaureError:
                        if step.tries < TRIES and self._left_s() > 0:
                            waiting.append(step)
                            continue
                    over += 1
                    yield self._progress(stage, over, len(steps))
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _digest(self, step: _Step) -> Digest:
        """What is written of a part: its sentences that are borne out, or may be, and cite something."""
        writing = await self._writing(step.asked, "withhold")
        kept: list[SummarySentence] = []
        citations: dict[int, Citation] = {}
        async with aclosing(writing.pieces()) as pieces:
            async for piece in pieces:
                if isinstance(piece, Citation):
                    citations[piece.number] = piece
                elif isinstance(piece, Sentence) and piece.citations:
                    kept.append(SummarySentence.of(piece, citations))
        if writing.stopped == "cut":
            raise Unavailable("The language model broke off.")
        if not kept and not writing.draft.says_nothing:
            raise Unavailable("The language model wrote nothing that names where it stands.")
        self._keep(writing)
        return Digest(step.place, tuple(kept[:MOST_OF_A_PART]))

    async def _last(self, asked: Request) -> AsyncGenerator[SummarySentence]:
        """The sentences of the whole summary as they are written."""
        for number in range(TRIES):
            writing = await self._writing(asked, self.policy)
            citations: dict[int, Citation] = {}
            try:
                async with aclosing(writing.pieces()) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Sentence):
                            sentence = SummarySentence.of(piece, citations)
                            self.sentences.append(sentence)
                            yield sentence
                        elif isinstance(piece, Citation):
                            citations[piece.number] = piece
                if not self.sentences:
                    raise Unavailable("The language model wrote nothing.")
            except QuotaExhausted:
                raise
            except CentaureError:
                if number == TRIES - 1:
                    raise
            else:
                self.stopped = writing.stopped
                self._keep(writing)
                return

    async def _writing(self, asked: Request, policy: Policy) -> Writing:
        left_s = self._left_s()
        call = await self.admit(asked, min(PART_S, left_s))
        if left_s <= 0:
            raise Unavailable("The document takes too long to summarise.")
        sources = Sources(asked.passages, self.text.boxes, "", self.text.language)
        return Writing(self.gateway, call, asked, sources, policy, call.classification)

    def _keep(self, writing: Writing) -> None:
        self.models[writing.model] = None
        self.versions[writing.version] = None
        if writing.generation is not None:
            self.generations.append(writing.generation)

    def _progress(self, stage: Stage, done: int, parts: int) -> Progress:
        """How far it is; putting together counts as one more part."""
        spent_s = self._now() - self._began
        left_s = None
        if stage == "parts" and done:
            left_s = round(spent_s / done * (parts - done + 1), 1)
        return Progress(stage, done, parts, left_s)

    def _left_s(self) -> float:
        return self._began + LONGEST_S - self._now()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _shortened(digests: Sequence[Digest]) -> Digest:
    """What stands for summaries that were not put together: the first sentences of each."""
    most = max(1, MOST_OF_A_PART // len(digests))
    sentences = tuple(one for digest in digests for one in digest.sentences[:most])
    return Digest(between([one.place for one in digests]), sentences)
