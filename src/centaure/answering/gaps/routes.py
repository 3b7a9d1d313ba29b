"""Questions that documents answered badly, over HTTP, for curators."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Path, Query, Request, status
from pydantic import BaseModel, Field

from centaure.answering.gaps import groups
from centaure.answering.gaps.groups import LONGEST_NOTE, Group, Settled, State
from centaure.answering.gaps.keeping import Reason
from centaure.audit import Action, describe_question, record
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database
from centaure.knowledge.retrieval.schemas import DocumentBrief, Id

router = APIRouter(prefix="/gaps", tags=["gaps"])

Curator = Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]
Word = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]+$")]
Note = Annotated[str, Field(max_length=LONGEST_NOTE)]


class SentQuestion(BaseModel):
    """A question that its author let curators read; who they are is not said."""

    question: str
    reason: Reason
    comment: str
    day: date
    unanswered: bool
    disliked: bool


class Gap(BaseModel):
    """Questions that have words in common; a count is null where fewer than three other people asked.

    `terms` names an open group, `id` what was made of one.
    """

    id: int | None
    terms: list[str]
    words: list[str]
    questions: int | None
    people: int | None
    unanswered: int | None
    disliked: int | None
    languages: list[str]
    last_day: date
    sent: list[SentQuestion]
    note: str
    decided_by: str
    decided_at: datetime | None

    @classmethod
    def of(cls, group: Group) -> Self:
        """The same group, spelled for the API."""
        return cls.model_validate(group, from_attributes=True)


class Gaps(BaseModel):
    """Groups of questions in one state; `kept`: whether questions count that nobody sent."""

    kept: bool
    gaps: list[Gap]


class GapDocuments(BaseModel):
    """The words that no document holds which the caller may read, and the nearest of these documents."""

    missing: list[str]
    documents: list[DocumentBrief]


class GapSettled(BaseModel):
    """What is made of an open group: a document is asked for, it is dealt with, or it belongs elsewhere."""

    terms: Annotated[list[Word], Field(max_length=2)]
    state: Settled
    note: Note = ""


class GapChange(BaseModel):
    """What is made of a group from now on; `open`: nothing."""

    state: State
    note: Note = ""


class GapNumber(BaseModel):
    """The number of what was made of a group."""

    id: int


@router.get("")
async def list_gaps(
    request: Request, curator: Curator, state: Annotated[State, Query()] = "open"
) -> Gaps:
    """Questions without a good answer, grouped by the words that they have in common."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        found = await groups.list_groups(session, state)
    kept = request.app.state.settings.keep_failed_questions
    return Gaps(kept=kept, gaps=[Gap.of(group) for group in found])


@router.get("/documents")
async def find_gap_documents(
    request: Request,
    curator: Curator,
    words: Annotated[list[Word], Query(min_length=1, max_length=20)],
) -> GapDocuments:
    """What the documents that the caller may read have for the words of a group."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        found = await groups.nearest(session, words)
    key = request.app.state.settings.digest_key
    async with database.write(curator.id) as session:
        details = {**describe_question(" ".join(words), key), "hits": len(found.documents)}
        await record(session, Action.SEARCH, "", details=details)
    return GapDocuments(
        missing=list(found.missing),
        documents=[DocumentBrief.of(document) for document in found.documents],
    )


@router.post("", status_code=status.HTTP_201_CREATED)
async def settle_gap(request: Request, curator: Curator, asked: GapSettled) -> GapNumber:
    """Say what is made of an open group."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        return GapNumber(id=await groups.settle(session, asked.terms, asked.state, asked.note))


@router.put("/{gap_id}", status_code=status.HTTP_204_NO_CONTENT)
async def change_gap(
    request: Request, gap_id: Annotated[Id, Path()], curator: Curator, asked: GapChange
) -> None:
    """Say otherwise what is made of a group, or open it again."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        await groups.change(session, gap_id, asked.state, asked.note)
