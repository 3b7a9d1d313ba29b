"""What people do with their conversations; each function in a session of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from centaure.answering.answers import Turn
from centaure.answering.assistants.behaviour import find_behaviour
from centaure.answering.conversations import reading, repository, tree
from centaure.answering.conversations.reading import Answered
from centaure.answering.generated import MOST_TOKENS
from centaure.gateway.calls import Purpose
from centaure.gateway.routing import Facts
from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, NotFound
from centaure.knowledge.retrieval.votes import Thumb

LONGEST_TITLE = 80
MOST_TURNS = 1000
"""Of one conversation, all branches together."""

_BUSY = "An answer is being written in this conversation. Wait until it is there, or stop it."
_FULL = f"This conversation has {MOST_TURNS} turns. Begin another one."


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was typed, and which documents it is narrowed to, as `SearchFilters` says it."""

    text: str
    filters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer that is to be written.

    Attributes:
        conversation: it belongs to.
        question_turn: that it answers.
        turn: of the answer.
        question: what was asked.
        history: what was said before.
        carried: the documents whose words that brings with it, by the answer that was made from them.
        erasures: of the conversation so far.
        assistant: key of the one that the conversation is with; empty: none.
        documents: that are searched in it; empty: all.
        model: name of the one that is to write it; empty: the rules choose.
    """

    conversation: int
    question_turn: int
    turn: int
    question: Question
    history: Sequence[Turn]
    carried: Mapping[int, frozenset[int]]
    erasures: int = 0
    assistant: str = ""
    documents: tuple[int, ...] = ()
    model: str = ""


async def ask(session: WriteSession, conversation: int, question: Question) -> Begun:
    """Ask after the last turn that is shown.

    Raises:
        NotFound: there is no such conversation of the principal's.
        Conflict: an answer is being written in it, or it is full.
    """
    rows = await _held(session, conversation)
    return await _ask(session, conversation, tree.last_shown(rows), question)


async def edit(session: WriteSession, conversation: int, turn: int, question: Question) -> Begun:
    """Ask otherwise in place of an earlier question, which stays in a branch of its own.

    Raises:
        NotFound: there is no such question in a conversation of the principal's.
        Conflict: as in `ask`.
    """
    rows = await _held(session, conversation)
    edited = _turn(rows, turn, "user")
    return await _ask(session, conversation, edited.parent_id, question)


async def regenerate(session: WriteSession, conversation: int, turn: int, model: str = "") -> Begun:
    """Answer the same question again; the earlier answer stays in a branch of its own.

    Args:
        session: of the owner.
        conversation: it is in.
        turn: the answer.
        model: name of the one that is to write it, of `models`; empty: the rules choose.

    Raises:
        NotFound: there is no such answer in a conversation of the principal's.
        Conflict: as in `ask`; or the assistant that the conversation is with by now names another model.
    """
    rows = await _held(session, conversation)
    answer = _turn(rows, turn, "assistant")
    asked = _turn(rows, answer.parent_id, "user")
    begun = await _begin(session, conversation, rows, asked.id, Question(asked.text, asked.filters))
    if (
        model
        and begun.assistant
        and await _named(session, begun.assistant, answer) not in ("", model)
    ):
        raise Conflict("The assistant of this conversation names another model. Choose again.")
    return replace(begun, model=model)


async def facts_of(
    session: ReadSession, conversation: int, turn: int, question_class: int
) -> Facts:
    """What decides which models may make an answer again.

    Args:
        session: of the owner.
        conversation: it is in.
        turn: the answer.
        question_class: that a question counts as.

    Raises:
        NotFound: there is no such answer in a conversation of the principal's.
    """
    found = await repository.find_conversation(session, conversation)
    if found is None or not found.own:
        raise NotFound
    rows = await repository.read_turns(session, conversation)
    answer = _turn(rows, turn, "assistant")
    branch = await reading.turns_of(session, rows, tree.branch_to(rows, turn), own=True)
    classes = [one.classification or 0 for one in branch if isinstance(one, Answered)]
    return Facts(
        classification=max(question_class, *classes),
        purpose=Purpose.ANSWER,
        assistant=found.assistant,
        language=answer.language,
        most_tokens=MOST_TOKENS,
        model=await _named(session, found.assistant, answer) if found.assistant else "",
    )


async def _named(session: ReadSession, assistant: str, answer: Row) -> str:
    """The model that an assistant names; empty: none."""
    language = "en" if answer.language == "en" else "fr"
    return (await find_behaviour(session, assistant, language)).model


async def show(session: WriteSession, conversation: int, turn: int) -> None:
    """Show the branch that a turn is in, from there on the latest turns.

    Raises:
        NotFound: there is no such turn in a conversation of the principal's.
    """
    if await repository.hold_conversation(session, conversation) is None:
        raise NotFound
    rows = await repository.read_turns(session, conversation)
    branch = tree.branch_through(rows, turn)
    if not branch:
        raise NotFound
    await repository.show_branch(session, conversation, branch)


async def rate(session: WriteSession, conversation: int, turn: int, thumb: Thumb | None) -> None:
    """Say whether an answer was of use; None takes that back.

    Raises:
        NotFound: there is no such answer in a conversation of the principal's.
    """
    if not await repository.rate_answer(session, conversation, turn, thumb):
        raise NotFound


async def stop(session: WriteSession, conversation: int) -> None:
    """End the answer that is being written, if there is one.

    Raises:
        NotFound: there is no such conversation of the principal's.
    """
    if await repository.hold_conversation(session, conversation) is None:
        raise NotFound
    await repository.stop_answers(session, conversation)


async def _held(session: WriteSession, conversation: int) -> list[Row]:
    """The turns of a conversation that nobody else adds to meanwhile."""
    if await repository.hold_conversation(session, conversation) is None:
        raise NotFound
    rows = await repository.read_turns(session, conversation)
    if any(row.state == "writing" for row in rows):
        raise Conflict(_BUSY)
    if len(rows) >= MOST_TURNS:
        raise Conflict(_FULL)
    return rows


async def _ask(
    session: WriteSession,
    conversation: int,
    parent: int | None,
    question: Question,
) -> Begun:
    turn = await repository.add_question(
        session, conversation, parent, question.text, question.filters
    )
    rows = await repository.read_turns(session, conversation)
    return await _begin(session, conversation, rows, turn, question)


async def _begin(
    session: WriteSession,
    conversation: int,
    rows: Sequence[Row],
    asked: int,
    question: Question,
) -> Begun:
    """Add an answer to the question of a turn, which is among the rows."""
    erasures = await repository.count_erasures(session, conversation)
    assistant, documents = await repository.settled_of(session, conversation)
    turn = await repository.add_answer(session, conversation, asked, assistant)
    *before, _ = branch = tree.branch_to(rows, asked)
    await repository.show_branch(session, conversation, [*branch, turn])
    await repository.touch_conversation(session, conversation, title_of(question.text))
    earlier = await reading.turns_of(session, rows, before[-reading.MOST_HISTORY :], own=True)
    carried = {each.id: each.documents for each in earlier if isinstance(each, Answered)}
    history = reading.history_of(earlier)
    return Begun(
        conversation, asked, turn, question, history, carried, erasures, assistant, documents
    )


def title_of(question: str) -> str:
    """What a conversation is called by its first question, cut between words."""
    title = " ".join(question.split())
    if len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _turn(rows: Sequence[Row], turn: int | None, role: str) -> Row:
    for row in rows:
        if row.id == turn and row.role == role:
            return row
    raise NotFound
