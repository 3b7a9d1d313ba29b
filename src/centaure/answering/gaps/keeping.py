"""What is kept of a question that documents answered badly: by the installation, or sent by its author."""

import logging
from typing import Literal

from centaure.answering.assistants.behaviour import find_behaviour
from centaure.answering.gaps.words import telling_words
from centaure.audit import Action, record
from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, NotFound

log = logging.getLogger(__name__)

KEPT_DAYS = 90
"""Days after which what is kept of a question is deleted, if its conversation was not before."""
LONGEST_COMMENT = 1000
Reason = Literal["", "missing", "wrong", "outdated", "incomplete", "other"]

# The owner alone: those whom a conversation is shared with read its turns as well. What was asked of some
# documents only says nothing of the others.
_QUESTION = """
    select question.text, turn.state, turn.assistant,
        turn.held is null and coalesce(turn.fallback, '') not in ('check', 'access', 'needs_model')
            as searched,
        cardinality(conversation.documents) > 0 or jsonb_strip_nulls(question.filters) <> '{}'
            as narrowed,
        not turn.answerable or coalesce(turn.fallback = 'withheld', false) as unanswered
    from turn
    join turn question on question.id = turn.parent_id
    join conversation on conversation.id = turn.conversation_id
    where turn.id = %(turn)s and turn.conversation_id = %(conversation)s and turn.role = 'assistant'
        and conversation.owner = current_principal()
"""
_KEEP = """
    insert into gap_question (turn_id, kept, sent, stems, words, weights)
    values (%(turn)s, true, false, %(stems)s, %(words)s, %(weights)s)
    on conflict (turn_id) do update set kept = true
"""
_SEND = """
    insert into gap_question (turn_id, kept, sent, reason, comment, stems, words, weights)
    values (%(turn)s, false, true, %(reason)s, %(comment)s, %(stems)s, %(words)s, %(weights)s)
    on conflict (turn_id) do update set sent = true, reason = %(reason)s, comment = %(comment)s
"""


async def keep_unanswered(database: Database, asker: int, conversation: int, turn: int) -> None:
    """Keep the words of a question that found no answer, in a transaction of its own; never fails.

    Call it once the answer is kept: what goes wrong here is logged, without the words.
    """
    try:
        async with database.write(asker) as session:
            row = await session.row(_QUESTION, {"conversation": conversation, "turn": turn})
            if row is not None and row.state == "done" and row.unanswered and not row.narrowed:
                await _keep(session, turn, row)
    except Exception as error:  # noqa: BLE001 - the edge: no answer depends on it
        log.warning("The words of a failed question were not kept: %s", type(error).__name__)


async def keep_disliked(session: WriteSession, conversation: int, turn: int) -> None:
    """Keep the words of a question whose answer its author found of no use, if documents were searched."""
    row = await session.row(_QUESTION, {"conversation": conversation, "turn": turn})
    if row is not None and not row.narrowed:
        await _keep(session, turn, row)


async def send(
    session: WriteSession, conversation: int, turn: int, reason: Reason, comment: str
) -> None:
    """Let curators read a question of the principal's own, and what they say of its answer.

    Args:
        session: of the author.
        conversation: it is in.
        turn: the answer's.
        reason: what is wrong with it; empty: not said.
        comment: in the author's words; may be empty.

    Raises:
        NotFound: there is no such answer in a conversation of the principal's.
        Conflict: it is no answer from documents, or not there yet.
    """
    row = await session.row(_QUESTION, {"conversation": conversation, "turn": turn})
    if row is None:
        raise NotFound
    if row.state == "writing" or not await _searched(session, row):
        raise Conflict("This is not an answer from documents. Send one that is there.")
    said = {"reason": reason, "comment": comment.replace("\0", " ").strip()}
    await session.execute(_SEND, {"turn": turn, **_telling(row.text), **said})
    await record(session, Action.GAP_CHANGE, f"turn:{turn}", details={"did": "send"})


async def withdraw(session: WriteSession, conversation: int, turn: int) -> None:
    """Take back what was sent of a question; curators do not read it any more.

    Raises:
        NotFound: nothing was sent of such an answer of the principal's.
    """
    found = await session.row(_QUESTION, {"conversation": conversation, "turn": turn})
    if found is None or not await take_back(session, turn):
        raise NotFound
    await record(session, Action.GAP_CHANGE, f"turn:{turn}", details={"did": "withdraw"})


async def forget_disliked(session: WriteSession, conversation: int, turn: int) -> None:
    """Once a principal's answer is not of no use any more, take back what was sent and kept for that."""
    await take_back(session, turn)
    row = await session.row(_QUESTION, {"conversation": conversation, "turn": turn})
    if row is not None and not row.unanswered:
        await session.execute("delete from gap_question where turn_id = %(turn)s", {"turn": turn})


async def take_back(session: WriteSession, turn: int) -> bool:
    """Take back what was sent of an answer of the principal's; whether anything was."""
    given = {"turn": turn}
    taken = await session.execute(
        "update gap_question set sent = false, reason = '', comment = ''"
        " where turn_id = %(turn)s and sent and kept",
        given,
    )
    return bool(
        taken
        or await session.execute(
            "delete from gap_question where turn_id = %(turn)s and sent", given
        )
    )


async def forget_gaps(session: WriteSession, kept: bool) -> int:
    """As the worker, delete what is too old, and, where nothing is to be kept, all that was not sent.

    Returns:
        How many questions there were.
    """
    forgotten = await session.execute(
        "delete from gap_question where day <= current_date - cast(%(days)s as int)"
        " or not (sent or %(kept)s)",
        {"days": KEPT_DAYS, "kept": kept},
    )
    await session.execute(
        "delete from gap where not exists (select from gap_question where gap_question.gap_id = gap.id)"
    )
    return forgotten


async def _searched(session: ReadSession, row: Row) -> bool:
    """Whether documents were to answer: a draft of an assistant that writes is none of theirs."""
    if not row.searched or row.assistant == "":
        return bool(row.searched)
    try:
        behaviour = await find_behaviour(session, row.assistant, "en")
    except NotFound:
        return False
    return behaviour.kind == "documents"


async def _keep(session: WriteSession, turn: int, row: Row) -> None:
    telling = _telling(row.text)
    if telling["stems"] and await _searched(session, row):
        await session.execute(_KEEP, {"turn": turn, **telling})


def _telling(text: str) -> dict[str, list[str] | list[float]]:
    words = telling_words(text)
    return {
        "stems": [one.stem for one in words],
        "words": [one.word for one in words],
        "weights": [one.weight for one in words],
    }
