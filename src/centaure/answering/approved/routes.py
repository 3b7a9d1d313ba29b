"""Approved answers over HTTP, for curators."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Path, Query, Request, status
from pydantic import BaseModel

from centaure.answering.approved import pairs
from centaure.answering.approved.pairs import NewPair, Pair, Reader
from centaure.answering.approved.service import approve, review
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database
from centaure.knowledge.retrieval.schemas import Id

router = APIRouter(prefix="/approved-answers", tags=["approved answers"])

Curator = Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]


class ReaderRead(BaseModel):
    """A person (`user:LOGIN`), a group, or everybody who is signed in (`*`), with its name."""

    key: str
    label: str

    @classmethod
    def of(cls, reader: Reader) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(reader, from_attributes=True)


class PairRead(BaseModel):
    """An approved answer; `owner` is null where nobody stands for it any more."""

    id: int
    assistant: str
    question: str
    phrasings: list[str]
    answer: str
    language: Literal["fr", "en"]
    sources: str
    classification: Literal["C0", "C1", "C2", "C3"]
    readers: list[ReaderRead]
    owner: ReaderRead | None
    valid_from: date
    valid_to: date | None
    review_on: date

    @classmethod
    def of(cls, pair: Pair, names: Mapping[int, Reader]) -> Self:
        """The same, spelled for the API.

        Args:
            pair: what is spelled.
            names: of its readers and its owner, by their numbers.
        """
        fields = {name: getattr(pair, name) for name in cls.model_fields}
        readers = [ReaderRead.of(names[one]) for one in pair.readers if one in names]
        owner = None if pair.owner is None else names.get(pair.owner)
        return cls.model_validate(
            {
                **fields,
                "classification": f"C{pair.classification}",
                "readers": readers,
                "owner": owner and ReaderRead.of(owner),
            }
        )


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
        found = await pairs.list_pairs(session, due)
        people = {number for one in found for number in (*one.readers, one.owner) if number}
        names = await pairs.named(session, people)
    return [PairRead.of(one, names) for one in found]


@router.get("/groups")
async def list_groups_of_readers(request: Request, curator: Curator) -> list[ReaderRead]:
    """The groups whose members an answer can be given to, by name."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        return [ReaderRead.of(one) for one in await pairs.list_groups(session)]


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
        await review(session, answer_id, asked.review_on, asked.valid_to)
