"""Answers that models wrote and that say something else than an approved answer to the same question."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from centaure.answering.approved.pairs import Pair
from centaure.answering.approved.service import pair_of_each
from centaure.answering.groundedness import Passage
from centaure.answering.groundedness.checking import check, prepare
from centaure.answering.questions import analyse
from centaure.kit.database import ReadSession

MOST_READ = 1000
_AGAINST = frozenset({"number", "date", "bound", "unit", "excepted", "opposite", "negation"})
"""Findings that say another thing; what is only not there may be true."""

_WRITTEN = """
    select answer.id, answer.conversation_id, question.text as question,
           string_agg(sentence.text, ' ' order by sentence.position) as answer
      from turn answer
      join turn question on question.id = answer.parent_id
      join turn_sentence sentence on sentence.turn_id = answer.id
     where answer.role = 'assistant' and answer.model <> '' and answer.state = 'done'
     group by answer.id, question.id
     order by answer.id desc
     limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that a model wrote: its turn, its conversation, what was asked and what it says."""

    turn: int
    conversation: int
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A sentence that says something else than an approved answer, and why."""

    turn: int
    conversation: int
    pair: int
    sentence: str
    reason: str


async def contradictions(session: ReadSession) -> list[Contradiction]:
    """What contradicts approved answers in the conversations that the principal of the session may read.

    The latest 1,000 answers are read, and held against the pairs in force that the principal may read: one
    for each assistant that has one for the question, since a conversation keeps no assistant.
    """
    rows = await session.rows(_WRITTEN, {"most": MOST_READ})
    found: list[Contradiction] = []
    for row in rows:
        recorded = Recorded(row.id, row.conversation_id, row.question, row.answer)
        asked = await asyncio.to_thread(analyse, recorded.question)
        for pair in await pair_of_each(session, asked):
            found += await asyncio.to_thread(against, recorded, pair)
    return found


def against(recorded: Recorded, pair: Pair) -> Sequence[Contradiction]:
    """The sentences of an answer that say something else than an approved one."""
    passages = [Passage(str(pair.id), pair.answer)]
    judged = check(recorded.answer, passages, recorded.question)
    prepared = prepare(recorded.answer, passages, recorded.question)
    return [
        Contradiction(
            recorded.turn,
            recorded.conversation,
            pair.id,
            recorded.answer[one.start : one.end],
            one.reason,
        )
        for one, weighed in zip(judged, prepared, strict=True)
        if one.outcome == "unsupported"
        and weighed.evidence is not None
        and any(
            found.kind in _AGAINST or found.kind.endswith("changed")
            for found in weighed.evidence.findings
        )
    ]
