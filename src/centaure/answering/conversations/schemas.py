"""Conversations as the API spells them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from centaure.answering.answers import Fallback, Stop
from centaure.answering.conversations import reading, sharing
from centaure.answering.events import CitationEvent, SentenceEvent
from centaure.answering.gaps.keeping import LONGEST_COMMENT, Reason
from centaure.knowledge.retrieval.schemas import (
    Classification,
    Described,
    DocumentBrief,
    Id,
    SearchFilters,
)
from centaure.knowledge.retrieval.votes import Thumb

LEFT_OUT = {
    "fr": "Ce que vous ne pouvez pas lire n'est pas montré.",
    "en": "What you may not read is left out.",
}
"""Said once of every conversation of somebody else's, whether anything is left out or not."""


def _storable(text: str) -> str:
    """The text without a character that the database cannot hold."""
    return text.replace("\0", " ")


Words = Annotated[str, AfterValidator(_storable)]
Line = Annotated[str, Field(max_length=200), AfterValidator(lambda text: _storable(text).strip())]
LongQuestion = Annotated[Words, Field(min_length=1, max_length=10_000)]


Documents = Annotated[list[Id], Field(max_length=100)]
"""That a conversation is about: of these, what its owner may read is searched in it. Empty: all."""
Key = Annotated[str, Field(max_length=100, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")]
"""Of an assistant; empty: none."""


class NewConversation(BaseModel):
    """A conversation to begin; without a title it is called by its first question."""

    title: Line = ""
    folder: Line = ""
    assistant: Key = ""
    documents: Documents = []


class ConversationChange(BaseModel):
    """What to change of a conversation; what is left out stays."""

    title: Line | None = None
    folder: Line | None = None
    pinned: bool | None = None
    assistant: Key | None = None
    documents: Documents | None = None


class Rated(BaseModel):
    """Whether an answer was of use; null takes that back."""

    thumb: Thumb | None = None


class SentToCurators(BaseModel):
    """What is wrong with an answer, for those who look after documents; they read the question as well."""

    reason: Reason = ""
    comment: Annotated[str, Field(max_length=LONGEST_COMMENT)] = ""


class NewQuestion(BaseModel):
    """A question in a conversation, and what it is narrowed to."""

    question: LongQuestion
    filters: SearchFilters | None = None


class AnswerAgain(BaseModel):
    """By which model of `models` an answer is to be made again; empty: the rules choose."""

    model: Annotated[str, Field(max_length=200)] = ""


class ConversationRead(BaseModel):
    """A conversation without its turns; one that is not the caller's `own` names who shared it.

    `assistant` is the key of the one that answers in it, and empty where there is none.
    """

    id: int
    title: str
    folder: str
    pinned: bool
    own: bool
    owner_name: str
    created_at: datetime
    updated_at: datetime
    assistant: str

    @classmethod
    def of(cls, conversation: reading.Conversation) -> Self:
        """The same conversation, spelled for the API."""
        return cls.model_validate(conversation, from_attributes=True)


class Conversations(BaseModel):
    """Some of the caller's conversations, and whether there are more after them."""

    conversations: list[ConversationRead]
    more: bool


class QuestionTurn(BaseModel):
    """A question; `siblings` are it and what stands in its place in other branches."""

    role: Literal["user"] = "user"
    id: int
    at: datetime
    text: str
    filters: SearchFilters
    siblings: list[int]


class AnswerTurn(BaseModel):
    """An answer, as far as the caller may read what it rests on; fields as in event `done` of `/ask`.

    `held_state` says what became of what a check held back of it for a person to decide on, and `problem`
    what they said; of a question that is `released`, the answer may be made again. `approved` is the number
    of the approved answer that it is.
    """

    role: Literal["assistant"] = "assistant"
    id: int
    at: datetime
    state: Literal["writing", "done", "stopped", "failed"]
    problem: str
    language: str
    answerable: bool
    sentences: list[SentenceEvent]
    citations: list[CitationEvent]
    classification: Classification | None
    helped_by: str
    model: str
    generation: int | None
    prompt_version: str
    fallback: Fallback | None
    stopped: Stop | None
    warning: bool
    held: int | None
    held_state: reading.Waiting | None
    approved: int | None
    left_out: list[DocumentBrief]
    thumb: Thumb | None
    sent: bool
    siblings: list[int]


class WholeConversation(ConversationRead):
    """A conversation with the turns of the branch that is shown.

    `notice` says of every conversation that is not the caller's own that what they may not read is left out.
    `documents` are those that it is about, as far as the caller may read them; null: it is about all.
    """

    notice: str
    documents: list[DocumentBrief] | None
    turns: list[Annotated[QuestionTurn | AnswerTurn, Field(discriminator="role")]]


class ShareRead(BaseModel):
    """Somebody who reads a conversation: a login, or the name of a group."""

    kind: sharing.Kind
    label: str


class ShareWith(BaseModel):
    """Who is to read a conversation, and nobody else: logins, and numbers of groups."""

    users: Annotated[list[Line], Field(max_length=100)] = []
    groups: Annotated[list[Id], Field(max_length=100)] = []


class GroupRead(BaseModel):
    """A group that a conversation can be shared with."""

    id: int
    label: str


class BegunEvent(BaseModel):
    """Event `turn`, the first of an answer in a conversation: the numbers of its turns."""

    question: int
    answer: int


class StoppedEvent(BaseModel):
    """Event `stopped`, the last of an answer that was stopped."""

    answer: int


class ProblemEvent(BaseModel):
    """Event `problem`, the last of an answer that failed: what happened, as problem details say it."""

    title: str
    status: int
    detail: str


def whole(
    conversation: reading.Conversation, turns: Sequence[reading.Asked | reading.Answered]
) -> WholeConversation:
    """A conversation with its turns, spelled for the API."""
    spoken = [turn.language for turn in turns if isinstance(turn, reading.Answered)]
    notice = "" if conversation.own else LEFT_OUT["fr" if "fr" in spoken[:1] else "en"]
    return WholeConversation(
        **ConversationRead.of(conversation).model_dump(),
        notice=notice,
        documents=_briefs(conversation.documents),
        turns=[_turn(turn) for turn in turns],
    )


def _briefs(documents: Sequence[Described] | None) -> list[DocumentBrief] | None:
    return None if documents is None else [DocumentBrief.of(one) for one in documents]


def _turn(turn: reading.Asked | reading.Answered) -> QuestionTurn | AnswerTurn:
    if isinstance(turn, reading.Asked):
        return QuestionTurn(
            id=turn.id,
            at=turn.at,
            text=turn.text,
            filters=SearchFilters.model_validate(turn.filters),
            siblings=list(turn.siblings),
        )
    level = turn.classification
    return AnswerTurn.model_validate(
        {
            "id": turn.id,
            "at": turn.at,
            "state": turn.state,
            "problem": turn.problem,
            "language": turn.language,
            "answerable": turn.answerable,
            "sentences": [SentenceEvent.of(sentence) for sentence in turn.sentences],
            "citations": [CitationEvent.of(citation) for citation in turn.citations],
            "classification": None if level is None else f"C{level}",
            "helped_by": turn.helped_by,
            "model": turn.model,
            "generation": turn.generation,
            "prompt_version": turn.prompt_version,
            "fallback": turn.fallback,
            "stopped": turn.stopped,
            "warning": turn.warning,
            "held": turn.held,
            "held_state": turn.held_state,
            "approved": turn.approved,
            "left_out": [DocumentBrief.of(document) for document in turn.left_out],
            "thumb": turn.thumb,
            "sent": turn.sent,
            "siblings": list(turn.siblings),
        }
    )
