"""One question answered twice at once, and kept: each side by the way that every answer takes."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from centaure.answering.answers import Answer, Citation, Judged, Piece, Sentence
from centaure.answering.asking import Asking, Enquiry, Reader
from centaure.answering.conversations.keeping import UNKNOWN, clean
from centaure.answering.events import CitationEvent, SentenceEvent
from centaure.answering.questions import analyse
from centaure.feedback.comparisons import repository
from centaure.feedback.comparisons.settings import Kind, Setting, Task
from centaure.kit.database import WriteSession
from centaure.kit.errors import CentaureError, InvalidInput
from centaure.knowledge.retrieval.filters import FilterWords

log = logging.getLogger(__name__)

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
State = Literal["done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Failed:
    """A side that has no answer, and why, in a sentence."""

    problem: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Both sides are answered and kept: it can be voted on; False: one of them is not."""

    votable: bool


Said = tuple[Side, Piece | Failed]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to compare.

    Attributes:
        question: as it was typed.
        one, other: the settings, in the order in which they were chosen.
        task: what the question is for.
        words: which documents it is narrowed to.
    """

    question: str
    one: Setting
    other: Setting
    task: Task = "other"
    words: FilterWords = field(default_factory=FilterWords)

    @property
    def kind(self) -> Kind:
        """What is compared."""
        return self.one.kind


@dataclass(frozen=True, slots=True)
class Begun:
    """A comparison that is to be answered.

    Attributes:
        number: of it.
        question: that is asked.
        settings: which stands where; drawn by lot, and told to nobody before the vote.
        words: which documents it is narrowed to.
    """

    number: int
    question: str
    settings: dict[Side, Setting]
    words: FilterWords


@dataclass(slots=True)
class _Answered:
    """What there is of one side."""

    sentences: list[Sentence] = field(default_factory=list[Sentence])
    citations: list[Citation] = field(default_factory=list[Citation])
    answer: Answer | None = None

    def take(self, piece: Piece) -> None:
        match piece:
            case Sentence():
                self.sentences.append(piece)
            case Citation():
                self.citations.append(piece)
            case Judged(place, support, reason):
                self.sentences[place] = replace(
                    self.sentences[place], support=support, reason=reason
                )
            case Answer():
                self.answer = piece


async def begin(session: WriteSession, wish: Wish) -> Begun:
    """Begin a comparison of the principal's, the settings on sides drawn by lot.

    Raises:
        InvalidInput: both settings are the same.
    """
    if wish.one == wish.other:
        raise InvalidInput("Both sides are the same. Choose two that differ.")
    pair = [wish.one, wish.other]
    secrets.SystemRandom().shuffle(pair)
    number = await repository.add(session, wish.kind, wish.task, clean(wish.question))
    return Begun(number, wish.question, dict(zip(SIDES, pair, strict=True)), wish.words)


@dataclass(frozen=True, slots=True)
class Comparing:
    """What answers comparisons.

    Attributes:
        asking: what answers questions; one for a process.
    """

    asking: Asking

    async def pieces(self, reader: Reader, begun: Begun) -> AsyncGenerator[Said | Ready]:
        """Both answers as they are made, each piece with its side; that they can be voted on comes last.

        Models and prompts are given the same passages. What there is is kept when it ends, however it ends;
        closing this ends the work on both sides. No transaction is open meanwhile.

        Args:
            reader: whose rights hold.
            begun: what is compared.
        """
        answered: dict[Side, _Answered] = {side: _Answered() for side in SIDES}
        state: State = "stopped"
        try:
            async with aclosing(self._both(reader, begun)) as pieces:
                async for side, piece in pieces:
                    if not isinstance(piece, Failed):
                        answered[side].take(piece)
                    yield side, piece
            whole = all(one.answer is not None for one in answered.values())
            state = "done" if whole else "failed"
        except BaseException as error:
            state = "failed" if isinstance(error, Exception) else "stopped"
            raise
        finally:
            await _whole(self._keep(reader, begun, answered, state))
        yield Ready(state == "done")

    async def _both(self, reader: Reader, begun: Begun) -> AsyncGenerator[Said]:
        language = (await asyncio.to_thread(analyse, begun.question)).language
        enquiry = Enquiry(begun.question, words=begun.words)
        alike = next(iter(begun.settings.values())).kind != "retrieval"
        found = await self.asking.find(reader, enquiry) if alike else None
        said: asyncio.Queue[Said | None] = asyncio.Queue()

        async def speak(side: Side) -> None:
            variant = begun.settings[side].variant(language)
            try:
                pieces = self.asking.ask(reader, replace(enquiry, variant=variant), found=found)
                async with aclosing(pieces):
                    async for piece in pieces:
                        said.put_nowait((side, piece))
            except CentaureError as error:
                said.put_nowait((side, Failed(error.message)))
            finally:
                said.put_nowait(None)

        speaking = [asyncio.create_task(speak(side)) for side in SIDES]
        try:
            left = len(speaking)
            while left:
                piece = await said.get()
                if piece is None:
                    left -= 1
                else:
                    yield piece
            for task in speaking:
                task.result()
        finally:
            for task in speaking:
                task.cancel()
            await asyncio.gather(*speaking, return_exceptions=True)

    async def _keep(
        self, reader: Reader, begun: Begun, answered: dict[Side, _Answered], state: State
    ) -> None:
        """Write what there is of both sides: their settings and words only where both are there."""
        answers: dict[Side, Answer | None] = {side: one.answer for side, one in answered.items()}
        settings = begun.settings
        counts = state == "done" and all(
            answer is not None and settings[side].made(answer) for side, answer in answers.items()
        )
        languages = {answer.language for answer in answers.values() if answer is not None}
        language = languages.pop() if len(languages) == 1 else ""
        async with self.asking.database.write(reader.id) as session:
            kept = await repository.end(session, begun.number, state, language, counts=counts)
            if not kept or state != "done":
                return
            for side, answer in answers.items():
                setting, made = settings[side], cast("Answer", answer)
                outcome = {
                    "player": setting.player,
                    "words": clean(setting.words),
                    "model": made.model,
                    "generation": made.generation,
                    "prompt_version": made.prompt_version,
                    "fallback": made.fallback,
                }
                await repository.add_side(session, begun.number, side, outcome)
                words = _words(answered[side], made)
                await repository.add_answer(session, begun.number, side, words)


def _words(said: _Answered, answer: Answer) -> dict[str, Any]:
    """What a side said, with every document whose words it may repeat."""
    documents = {citation.document.id for citation in said.citations}
    documents.update(answer.given)
    documents.update(document.id for document in answer.left_out)
    if answer.held is not None:
        documents.add(UNKNOWN)
    return {
        "answerable": answer.answerable,
        "sentences": [
            SentenceEvent.of(
                replace(one, text=clean(one.text), reason=clean(one.reason))
            ).model_dump(mode="json")
            for one in said.sentences
        ],
        "citations": [CitationEvent.of(one).model_dump(mode="json") for one in said.citations],
        "documents": sorted(documents),
        "classification": answer.classification or 0,
        "approved": None if answer.approved is None else answer.approved.id,
    }


async def _whole(work: Coroutine[Any, Any, None]) -> None:
    """Do something to its end, even if whoever waits for it is cancelled meanwhile."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
