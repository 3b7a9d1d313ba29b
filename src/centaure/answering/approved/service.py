"""Approving an answer, and the one that a question asks for."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime

from centaure.answering.answers import Answer, Approved, Sentence, Turn
from centaure.answering.approved import pairs
from centaure.answering.approved.matching import fitting, looked_up, same_question, stems_of
from centaure.answering.approved.pairs import Likely, NewPair, Pair, Sought
from centaure.answering.followups import complete
from centaure.answering.questions import Question, analyse
from centaure.identity import Role, need_role
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict
from centaure.knowledge.language.sentences import sentences

EVERYBODY = "*"


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


async def approve(session: WriteSession, pair: NewPair) -> int:
    """Approve an answer; its number.

    Raises:
        Conflict: another one that the curator may read says something else to the same question, on some of
            the same days, to some of the same readers.
        Forbidden, InvalidInput, NotFound: as in `pairs.add`.
    """
    await need_role(session, Role.CURATOR)
    asked = await asyncio.to_thread(_analysed, (pair.question, *pair.phrasings))
    language = asked[0].language
    begins = pair.valid_from or today()
    readers = await pairs.principals_of(session, pair.readers)
    for one in asked:
        if one.language == language:
            sought = _sought(one, pair.assistant, begins, pair.valid_to)
            await _no_other(session, one, sought, readers, pair.answer)
    wordings = [stems_of(one) if one.language == language else [] for one in asked]
    return await pairs.add(session, pair, language, wordings, today())


async def review(
    session: WriteSession, number: int, review_on: date | None, valid_to: date | None
) -> None:
    """Say when a pair is to be looked at again, or its last day; None leaves what is there.

    Raises:
        Conflict: it has ended already, or would go on beside another answer, as in `approve`.
        Forbidden, InvalidInput, NotFound: as in `pairs.review`.
    """
    pair = await pairs.find(session, number)
    if valid_to is not None and pair.valid_to is not None and valid_to > pair.valid_to:
        if pair.valid_to < today():
            raise Conflict(
                "This answer has ended. Approve it again, so that somebody stands for it."
            )
        for one in await asyncio.to_thread(_analysed, pair.wordings):
            sought = _sought(one, pair.assistant, pair.valid_to, valid_to)
            await _no_other(session, one, sought, pair.readers, pair.answer)
    await pairs.review(session, number, review_on, valid_to)


async def approved_answer(
    session: ReadSession, question: str, history: Sequence[Turn] = (), assistant: str = ""
) -> Answer | None:
    """The approved answer to a question, of those that the principal may read; None: none fits.

    A question that leaves words to earlier turns has none.
    """
    asked = await asyncio.to_thread(complete, question, history)
    if asked.lent:
        return None
    pair = await pair_for(session, asked, assistant)
    return None if pair is None else _answer(question, pair)


async def pair_for(session: ReadSession, asked: Question, assistant: str = "") -> Pair | None:
    """The pair in force that a question asks for, of those that are given to the principal."""
    day = today()
    found = await pairs.candidates(session, _sought(asked, assistant, day, day))
    return await asyncio.to_thread(fitting, asked, found) if found else None


async def pair_of_each(session: ReadSession, asked: Question) -> list[Pair]:
    """As `pair_for`, of each assistant that has one, and of none."""
    day = today()
    by_assistant: dict[str, list[Likely]] = {}
    for one in await pairs.candidates(session, _sought(asked, None, day, day)):
        by_assistant.setdefault(one.pair.assistant, []).append(one)
    fit = [await asyncio.to_thread(fitting, asked, theirs) for theirs in by_assistant.values()]
    return [pair for pair in fit if pair is not None]


async def _no_other(
    session: ReadSession, asked: Question, sought: Sought, readers: Sequence[int], answer: str
) -> None:
    """See that nobody who reads an answer is given another one to the same question.

    Those that the curator may not read are not looked at: to them they are not there. They still stand.

    Raises:
        Conflict: somebody would be.
    """
    everybody = await pairs.principals_of(session, [EVERYBODY])
    found = [
        one
        for one in await pairs.candidates(session, sought, given=False)
        if one.pair.answer != answer
        and (
            not {*everybody}.isdisjoint((*readers, *one.pair.readers))
            or not {*readers}.isdisjoint(one.pair.readers)
        )
    ]
    for one in found:
        if await asyncio.to_thread(same_question, asked.text, one.wording):
            raise Conflict(
                f"Approved answer {one.pair.id} says something else to the same question, and some of its "
                "readers are the same. End it first, or begin this one on the day after its last."
            )


def _sought(asked: Question, assistant: str | None, first: date, last: date | None) -> Sought:
    size = len(stems_of(asked))
    return Sought(looked_up(asked), size, asked.language, assistant, first, last)


def _analysed(wordings: Sequence[str]) -> list[Question]:
    return [analyse(text) for text in wordings]


def _answer(question: str, pair: Pair) -> Answer:
    said = tuple(
        Sentence(" ".join(pair.answer[start:end].split()), ())
        for start, end in sentences(pair.answer, pair.language)
    )
    approved = Approved(pair.id, pair.sources, pair.review_on)
    return Answer(
        question, pair.language, True, said, (), shown=pair.classification, approved=approved
    )
