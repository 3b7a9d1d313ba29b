"""Questions over HTTP: an answer as server-sent events, each sentence after its citations."""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from centaure.answering.answers import Answer, Citation, Turn
from centaure.answering.service import MOST_PASSAGES, answer, searched_text
from centaure.audit import Action, describe_question, record
from centaure.identity import Principal, Scope
from centaure.identity.access import require_scope
from centaure.kit.database import Database
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval.finding import Asked, Finding
from centaure.knowledge.retrieval.routes import client_gone
from centaure.knowledge.retrieval.schemas import Classification, DocumentBrief, SearchFilters
from centaure.knowledge.retrieval.thesaurus.missed import keep_missed

router = APIRouter(tags=["ask"])

Reader = Annotated[Principal, Depends(require_scope(Scope.ASK))]
LONGEST_QUESTION = 10_000
_LEVELS: Mapping[str, Literal[0, 1, 2, 3]] = {"C0": 0, "C1": 1, "C2": 2, "C3": 3}


class EarlierTurn(BaseModel):
    """One earlier turn of the conversation; `classification` is that of the answer that it was."""

    role: Literal["user", "assistant"]
    text: Annotated[str, Field(max_length=20_000)]
    classification: Classification | None = None

    def turn(self) -> Turn:
        """The turn as the package takes it."""
        return Turn(self.role, self.text, _LEVELS.get(self.classification or ""))


class Question(BaseModel):
    """A question, what was said before it, and what it is narrowed to."""

    question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    history: Annotated[list[EarlierTurn], Field(max_length=50)] = []
    filters: SearchFilters | None = None


class CitationEvent(BaseModel):
    """Event `citation`: words of a document that the answer rests on."""

    number: int
    document: DocumentBrief
    chunk_id: int
    page: int | None
    sheet: str | None
    cells: str | None
    heading: list[str]
    quote: str


class SentenceEvent(BaseModel):
    """Event `sentence`: the next sentence, and the numbers of its citations."""

    text: str
    citations: list[int]


class DoneEvent(BaseModel):
    """Event `done`: the whole answer.

    `classification` is the highest of its sources; `helped_by` names the language model that said the
    question otherwise for the search, and is empty where none did.
    """

    question: str
    language: str
    answerable: bool
    answer: str
    classification: Classification | None
    citations: list[CitationEvent]
    helped_by: str


@router.post(
    "/ask",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
            "description": "Server-sent events: `citation`, `sentence`, `done`.",
        }
    },
)
async def ask(request: Request, asked: Question, reader: Reader) -> StreamingResponse:
    """Answer a question from the documents that the caller may read."""
    database: Database = request.app.state.database
    history = [turn.turn() for turn in asked.history]
    words = (asked.filters or SearchFilters()).words()
    text = await searched_text(asked.question, history)
    finding: Finding = request.app.state.finding
    passages = await finding.find(
        reader.id,
        Asked(text, words, asked.question, history),
        MOST_PASSAGES,
        partial(client_gone, request),
    )
    async with database.read(reader.id) as session:
        found = await answer(session, asked.question, history, found=passages)
    settings: Settings = request.app.state.settings
    async with database.write(reader.id) as session:
        cited = sorted({citation.document.id for citation in found.citations})
        details = {
            **describe_question(asked.question, settings.digest_key),
            "answerable": found.answerable,
            "documents": cited,
        }
        await record(session, Action.ASK, "", details=details)
    if settings.keep_failed_questions and not found.answerable:
        await keep_missed(database, text, passages, reader.id, settings.asker_key)
    return StreamingResponse(_events(found), media_type="text/event-stream")


async def _events(found: Answer) -> AsyncGenerator[str]:
    citations = [_citation(citation) for citation in found.citations]
    sent: set[int] = set()
    for sentence in found.sentences:
        for citation in citations:
            if citation.number in sentence.citations and citation.number not in sent:
                sent.add(citation.number)
                yield _event("citation", citation)
        yield _event(
            "sentence", SentenceEvent(text=sentence.text, citations=list(sentence.citations))
        )
    yield _event("done", _done(found, citations))


def _event(name: str, data: BaseModel) -> str:
    # JSON holds no line break, so one data line is enough (HTML standard, 9.2 server-sent events).
    return (
        f"event: {name}\ndata: {json.dumps(data.model_dump(mode='json'), ensure_ascii=False)}\n\n"
    )


def _done(found: Answer, citations: Sequence[CitationEvent]) -> DoneEvent:
    level = found.classification
    return DoneEvent.model_validate(
        {
            "question": found.question,
            "language": found.language,
            "answerable": found.answerable,
            "answer": found.text,
            "classification": None if level is None else f"C{level}",
            "citations": [citation.model_dump() for citation in citations],
            "helped_by": found.helped_by,
        }
    )


def _citation(citation: Citation) -> CitationEvent:
    return CitationEvent(
        number=citation.number,
        document=DocumentBrief.of(citation.document),
        chunk_id=citation.chunk_id,
        page=citation.page,
        sheet=citation.sheet,
        cells=citation.cells,
        heading=list(citation.heading),
        quote=citation.quote,
    )
