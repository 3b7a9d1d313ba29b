"""Approved answers over HTTP, for curators."""

from datetime import date
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Path, Query, Request, status
from pydantic import BaseModel

from centaure.answering.approved import pairs
from centaure.answering.approved.pairs import NewPair, Pair
from centaure.answering.approved.service import approve
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database
from centaure.knowledge.retrieval.schemas import Id

router = APIRouter(prefix="/approved-answers", tags=["approved answers"])

Curator = Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]


class PairRead(BaseModel):
    """An approved answer; `readers` and `owner` are numbers of principals."""

    id: int
    assistant: str
    question: str
    phrasings: list[str]
    answer: str
    language: Literal["fr", "en"]
    sources: str
    classification: Literal["C0", "C1", "C2", "C3"]
    readers: list[int]
    owner: int | None
    valid_from: date
    valid_to: date | None
    review_on: date

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """The same, spelled for the API."""
        fields = {name: getattr(pair, name) for name in cls.model_fields}
        return cls.model_validate({**fields, "classification": f"C{pair.classification}"})


class PairAdded(BaseModel):
    """The number of an approved answer."""

    id: int


class Reviewed(BaseModel):
    """When it is to be looked at again, and its last day; what is left out stays."""

    review_on: date | None = None
    valid_to: date | None = None


@router.get("")
async def list_approved_answers(
    request: Request,
    curator: Curator,
    due: Annotated[date | None, Query(description="Only those to be reviewed by then.")] = None,
) -> list[PairRead]:
    """The approved answers that the caller may read or looks after, by their day of review."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        return [PairRead.of(one) for one in await pairs.list_pairs(session, due)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def add_approved_answer(request: Request, curator: Curator, asked: NewPair) -> PairAdded:
    """Approve an answer: from its first day, a question like its own is given it word for word."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        return PairAdded(id=await approve(session, asked))


@router.post("/{answer_id}/review", status_code=status.HTTP_204_NO_CONTENT)
async def review_approved_answer(
    request: Request, answer_id: Annotated[Id, Path()], curator: Curator, asked: Reviewed
) -> None:
    """Say that it was reviewed, until when, or end it; its words never change."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        await pairs.review(session, answer_id, asked.review_on, asked.valid_to)
