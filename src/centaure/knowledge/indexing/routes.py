"""The index over HTTP: its generations and how far each is, for curators."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database
from centaure.knowledge.indexing.generations import Generation, State, list_generations

router = APIRouter(prefix="/index", tags=["sources"])

Curator = Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]


class GenerationRead(BaseModel):
    """A generation of the index; `embedding` is null where search is by words alone.

    `to_read` documents have no reading in it yet, and passages of `to_embed` documents wait for vectors;
    `problem` says what keeps it from being complete; `recall` is the part of the nearest vectors that their
    index found when it was last tested.
    """

    id: int
    state: State
    embedding: str | None
    to_read: int
    to_embed: int
    problem: str
    requested_at: datetime
    built_at: datetime | None
    live_at: datetime | None
    recall: float | None

    @classmethod
    def of(cls, generation: Generation) -> Self:
        """The same generation, spelled for the API."""
        return cls(
            id=generation.id,
            state=generation.state,
            embedding=generation.model,
            to_read=generation.to_read,
            to_embed=generation.to_embed,
            problem=generation.waits_for,
            requested_at=generation.requested_at,
            built_at=generation.built_at,
            live_at=generation.live_at,
            recall=generation.recall,
        )


@router.get("")
async def read_index(request: Request, curator: Curator) -> list[GenerationRead]:
    """The generations of the index, the latest first."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        return [GenerationRead.of(one) for one in await list_generations(session)]
