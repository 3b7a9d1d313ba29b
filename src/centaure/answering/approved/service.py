"""Approving an answer, and the one that a question asks for."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime

from centaure.answering.answers import Answer, Approved, Sentence, Turn
from centaure.answering.approved import pairs
from centaure.answering.approved.matching import fitting, looked_up, stems_of
from centaure.answering.approved.pairs import NewPair, Pair
from centaure.answering.followups import complete
from centaure.answering.questions import analyse
from centaure.kit.database import ReadSession, WriteSession
from centaure.knowledge.language.sentences import sentences


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


async def approve(session: WriteSession, pair: NewPair) -> int:
    """Approve an answer; its number. Errors as in `pairs.add`."""
    asked = [analyse(text) for text in (pair.question, *pair.phrasings)]
    language = asked[0].language
    stems = stems_of([one for one in asked if one.language == language])
    return await pairs.add(session, pair, language, stems, today())


async def approved_answer(
    session: ReadSession, question: str, history: Sequence[Turn] = (), assistant: str = ""
) -> Answer | None:
    """The approved answer to a question, of those that the principal may read; None: none fits.

    A question that leaves words to earlier turns has none.
    """
    asked = await asyncio.to_thread(complete, question, history)
    if asked.lent:
        return None
    found = await pairs.candidates(session, looked_up(asked), asked.language, today(), assistant)
    pair = await asyncio.to_thread(fitting, asked, found) if found else None
    return None if pair is None else _answer(question, pair)


def _answer(question: str, pair: Pair) -> Answer:
    said = tuple(
        Sentence(" ".join(pair.answer[start:end].split()), ())
        for start, end in sentences(pair.answer, pair.language)
    )
    approved = Approved(pair.id, pair.sources, pair.review_on)
    return Answer(
        question, pair.language, True, said, (), shown=pair.classification, approved=approved
    )
