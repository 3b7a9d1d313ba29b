"""A conversation as somebody may read it now.

An answer of which they may read nothing looks like one that found nothing, since for them that is what it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast

from centaure.answering.answers import Citation, Fallback, Sentence, Stop, Turn, joined
from centaure.answering.conversations import repository, tree
from centaure.answering.service import NOT_FOUND
from centaure.kit.database import ReadSession, Row
from centaure.kit.errors import NotFound
from centaure.knowledge.documents.service import Document, read_documents
from centaure.knowledge.retrieval.results import DocumentBrief
from centaure.knowledge.retrieval.votes import Thumb

State = Literal["writing", "done", "stopped", "failed"]
Waiting = Literal["waiting", "released", "refused", "expired"]
"""What became of what a check held back for a person to decide on; a question that is `released` may be asked
again."""
Level = Literal[0, 1, 2, 3]

MOST_HISTORY = 20
"""Turns before a question that are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a conversation.

    Attributes:
        id: of the turn.
        parent_id: the answer that it follows; None: it begins the conversation.
        at: when it was asked.
        text: as it was typed.
        filters: which documents it is narrowed to.
        siblings: it and what stands in its place in other branches, the earliest first.
    """

    id: int
    parent_id: int | None
    at: datetime
    text: str
    filters: Mapping[str, Any]
    siblings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of a conversation, as somebody may read it.

    Attributes:
        id: of the turn.
        parent_id: the question.
        at: when it was begun.
        state: whether it is being written, and how that ended.
        problem: why it failed, or what a person said who decided on it.
        language: "fr" or "en"; empty where it was not said.
        answerable: whether anything was found.
        sentences: of it; citations are numbered from 1.
        citations: by number.
        documents: that it was made from.
        classification: highest of these, as they were or are; None: there is none.
        helped_by: the language model that said the question otherwise for the search.
        model: the language model that wrote it; empty: it is made of quotations.
        generation: the record of that model's call, for the owner.
        prompt_version: of the prompt that the model was given.
        fallback: why it is made of quotations, where a model might have written it.
        stopped: why its model ended early.
        warning: whether its reader is to be warned that some sentences are not borne out.
        held: number of what is held back of it, or of its question, for the owner; None: nothing is.
        held_state: what became of that.
        approved: number of the approved answer that it is; None: it is none.
        siblings: it and the answers that were made to the same question, the earliest first.
        left_out: documents of which a part is left out, since it speaks to an assistant and not to a reader.
        thumb: what its owner says of it.
        sent: whether its owner sent the question to curators.
    """

    id: int
    parent_id: int | None
    at: datetime
    state: State
    problem: str
    language: str
    answerable: bool
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    documents: frozenset[int]
    classification: Level | None
    helped_by: str
    model: str
    generation: int | None
    prompt_version: str
    fallback: Fallback | None
    stopped: Stop | None
    warning: bool
    held: int | None
    held_state: Waiting | None
    approved: int | None
    siblings: tuple[int, ...]
    left_out: tuple[DocumentBrief, ...] = ()
    thumb: Thumb | None = None
    sent: bool = False

    @property
    def text(self) -> str:
        """The sentences in a row, without the numbers of citations."""
        return joined(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its turns.

    Attributes:
        own: whether whoever reads it made it.
        owner_name: who shared it; empty for the owner.
        assistant: key of the one that it is with, for its owner; empty: none.
        documents: that it is about, as far as they may be read; None: all, or `read` did not look.
    """

    id: int
    title: str
    folder: str
    pinned: bool
    own: bool
    owner_name: str
    created_at: datetime
    updated_at: datetime
    assistant: str = ""
    documents: tuple[DocumentBrief, ...] | None = None


async def find(session: ReadSession, conversation: int) -> Conversation:
    """What is known of a conversation.

    Raises:
        NotFound: it does not exist, or is not theirs to read.
    """
    return conversation_of(await _row(session, conversation))


async def read(
    session: ReadSession, conversation: int
) -> tuple[Conversation, list[Asked | Answered]]:
    """A conversation and the turns of the branch that is shown, the first first.

    Raises:
        NotFound: it does not exist, or is not theirs to read.
    """
    row = await _row(session, conversation)
    found = replace(conversation_of(row), documents=await _documents(session, row))
    rows = await repository.read_turns(session, conversation)
    branch = tree.branch_to(rows, tree.last_shown(rows))
    return found, await turns_of(session, rows, branch, own=found.own)


async def _row(session: ReadSession, conversation: int) -> Row:
    row = await repository.find_conversation(session, conversation)
    if row is None:
        raise NotFound
    return row


async def _documents(session: ReadSession, row: Row) -> tuple[DocumentBrief, ...] | None:
    """Those that a conversation is about; its owner alone is told that none of them may be read."""
    if not row.documents:
        return None
    known = await read_documents(session, row.documents)
    shown = tuple(_brief(known[number]) for number in row.documents if number in known)
    return shown if shown or row.own else None


async def turns_of(
    session: ReadSession, rows: Sequence[Row], branch: Sequence[int], *, own: bool
) -> list[Asked | Answered]:
    """The turns of a branch, from the rows of `repository.read_turns`."""
    by_id = {row.id: row for row in rows}
    answers = [turn for turn in branch if by_id[turn].role == "assistant"]
    sentences = _grouped(await repository.read_sentences(session, answers))
    citations = _grouped(await repository.read_citations(session, answers))
    sources = _grouped(await repository.read_sources(session, answers))
    known = {row.document_id for group in sources.values() for row in group}
    documents = await read_documents(session, known) if known else {}
    turns: list[Asked | Answered] = []
    for turn in branch:
        row = by_id[turn]
        beside = tree.siblings(rows, turn) if own else (turn,)
        if row.role == "user":
            turns.append(Asked(turn, row.parent_id, row.at, row.text, row.filters, beside))
            continue
        found_nothing = row.state == "done" and not row.answerable
        shown = _answered(
            row,
            [] if found_nothing and not own else sentences.get(turn, []),
            citations.get(turn, []),
            [(each, documents.get(each.document_id)) for each in sources.get(turn, [])],
            beside,
        )
        turns.append(shown if own else _for_others(shown))
    return turns


def history_of(turns: Sequence[Asked | Answered]) -> list[Turn]:
    """What was said, as the next question is completed by it.

    A question that a check stopped, that asks for a right, or for which there was no model, is left out with
    its reply: no model was asked it, and none is to be. An approved answer has no class here, so that no
    model is shown it.
    """
    history: list[Turn] = []
    for turn in turns:
        match turn:
            case Asked():
                history.append(Turn("user", turn.text))
            case Answered(fallback="check" | "access" | "needs_model"):
                if history and history[-1].role == "user":
                    history.pop()
            case Answered(approved=int()):
                # It has readers of its own: a model that repeated it would tell them to others.
                history.append(Turn("assistant", turn.text))
            case Answered(classification=None, answerable=True) if turn.model:
                # What it is made from, a model was given in this conversation: it rests on no document.
                history.append(Turn("assistant", turn.text, 0))
            case Answered():
                history.append(Turn("assistant", turn.text, turn.classification))
    return history


def conversation_of(row: Row) -> Conversation:
    """A conversation from its row."""
    return Conversation(
        id=row.id,
        title=row.title,
        folder=row.folder,
        pinned=row.pinned,
        own=row.own,
        owner_name=row.owner_name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        assistant=row.assistant,
    )


def _answered(
    row: Row,
    sentences: Sequence[Row],
    citations: Sequence[Row],
    sources: Sequence[tuple[Row, Document | None]],
    siblings: tuple[int, ...],
) -> Answered:
    if not sentences:
        return _empty(row, siblings)
    documents = {source.document_id: document for source, document in sources if document}
    # Numbers that are left out would tell of what may not be read.
    kept = [one for one in citations if one.document_id in documents]
    renumbered = {one.number: number for number, one in enumerate(kept, start=1)}
    levels = [
        max(source.classification, document.classification)
        for source, document in sources
        if document
    ]
    if row.approved is not None:
        levels.append(row.approved_class)
    return Answered(
        id=row.id,
        parent_id=row.parent_id,
        at=row.at,
        state=row.state,
        problem=row.problem,
        language=row.language,
        answerable=row.answerable,
        sentences=tuple(
            Sentence(
                one.text,
                tuple(renumbered[n] for n in one.citations if n in renumbered),
                one.support,
                one.reason,
            )
            for one in sentences
        ),
        citations=tuple(
            _citation(renumbered[one.number], one, documents[one.document_id]) for one in kept
        ),
        documents=frozenset(documents),
        classification=cast("Level | None", max(levels, default=None)),
        helped_by=row.helped_by,
        model=row.model,
        generation=row.generation,
        prompt_version=row.prompt_version,
        fallback=row.fallback,
        stopped=row.stopped,
        warning=row.warning and any(one.support == "unsupported" for one in sentences),
        held=row.held,
        held_state=row.held_state,
        approved=row.approved,
        siblings=siblings,
        left_out=tuple(
            _brief(document) for source, document in sources if document and source.left_out
        ),
        thumb=row.thumb,
        sent=row.sent,
    )


def _empty(row: Row, siblings: tuple[int, ...]) -> Answered:
    """An answer without a sentence: it found nothing, or came to nothing."""
    language = row.language or "en"
    said = (Sentence(NOT_FOUND[language], ()),) if row.state == "done" else ()
    return Answered(
        id=row.id,
        parent_id=row.parent_id,
        at=row.at,
        state=row.state,
        problem=row.problem,
        language=language,
        answerable=False,
        sentences=said,
        citations=(),
        documents=frozenset(),
        classification=None,
        helped_by="",
        model="",
        generation=None,
        prompt_version="",
        fallback=None,
        stopped=None,
        warning=False,
        held=row.held,
        held_state=row.held_state,
        approved=None,
        siblings=siblings,
        thumb=row.thumb,
        sent=row.sent,
    )


def _for_others(answer: Answered) -> Answered:
    """The answer without what concerns its owner alone."""
    return replace(
        answer,
        generation=None,
        helped_by="",
        prompt_version="",  # it names the assistant
        problem="",
        fallback=None,
        held=None,
        held_state=None,
        thumb=None,
        sent=False,
    )


def _grouped(rows: Sequence[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.turn_id, []).append(row)
    return groups


def _citation(number: int, row: Row, document: Document) -> Citation:
    return Citation(
        number=number,
        document=_brief(document),
        chunk_id=row.chunk_id,
        page=row.page,
        sheet=row.sheet,
        cells=row.cells,
        heading=tuple(row.heading),
        quote=row.quote,
    )


def _brief(document: Document) -> DocumentBrief:
    return DocumentBrief(
        id=document.id,
        source_id=document.source_id,
        source=document.source,
        path=document.path,
        title=document.title,
        format=document.format,
        language=document.language,
        classification=document.classification,
        modified=document.modified,
    )
