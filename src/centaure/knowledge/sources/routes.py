"""Sources over HTTP: their names for readers, their runs and ledger for curators."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, status

from centaure.audit import Action, record
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role, require_scope
from centaure.kit.database import Database, ReadSession
from centaure.kit.errors import NotFound
from centaure.knowledge.sources import repository
from centaure.knowledge.sources.control import Wish, list_exclusions
from centaure.knowledge.sources.jobs import request_decision, request_sync
from centaure.knowledge.sources.ledger import count_by_status, read_ledger
from centaure.knowledge.sources.runs import list_runs
from centaure.knowledge.sources.schemas import (
    DecisionAsked,
    DecisionRead,
    ExclusionRead,
    LedgerLineRead,
    LedgerRead,
    RunRead,
    SourceRead,
)

router = APIRouter(prefix="/sources", tags=["sources"])

Reader = Annotated[Principal, Depends(require_scope(Scope.SOURCES))]
Curator = Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]
SourceId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
async def list_sources(request: Request, reader: Reader) -> list[SourceRead]:
    """The sources in which the caller can see something; all of them for a curator."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        found = await repository.all_sources(session)
    now, curator = datetime.now(UTC), Role.CURATOR in reader.roles
    return [SourceRead.of(source, now, curator=curator) for source in found]


@router.post("/{source_id}/sync", status_code=status.HTTP_202_ACCEPTED)
async def sync_source(
    request: Request,
    curator: Curator,
    source_id: SourceId,
    *,
    accept_loss: Annotated[bool, Query(description="What the place lost is truly gone.")] = False,
    full: Annotated[bool, Query(description="List everything, not only changes.")] = False,
) -> RunRead:
    """Ask the worker to synchronise a source; a run that already waits is given back."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        await _need(session, source_id)
        run = await request_sync(
            session,
            request.app.state.queue,
            source_id,
            curator.id,
            accept_loss=accept_loss,
            full=full,
        )
        await record(session, Action.SYNC, f"source:{source_id}", details={"run": run.id})
    return RunRead.of(run, datetime.now(UTC))


@router.get("/{source_id}/runs")
async def list_source_runs(
    request: Request,
    curator: Curator,
    source_id: SourceId,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[RunRead]:
    """The synchronisations of a source, newest first."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        await _need(session, source_id)
        runs = await list_runs(session, source_id, limit)
    now = datetime.now(UTC)
    return [RunRead.of(run, now) for run in runs]


@router.get("/{source_id}/ledger")
async def read_source_ledger(
    request: Request,
    curator: Curator,
    source_id: SourceId,
    status: Annotated[str | None, Query(max_length=20)] = None,
    after: Annotated[str, Query(max_length=4000)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> LedgerRead:
    """What became of every file of a source, by path."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        await _need(session, source_id)
        lines = await read_ledger(
            session, source_id, status=status, after=after.replace("\0", ""), limit=limit
        )
        return LedgerRead(
            statuses=await count_by_status(session, source_id),
            lines=[LedgerLineRead.of(line) for line in lines],
            next=lines[-1].path if len(lines) == limit else None,
        )


@router.post("/{source_id}/decisions", status_code=status.HTTP_202_ACCEPTED)
async def decide(
    request: Request, curator: Curator, source_id: SourceId, asked: DecisionAsked
) -> DecisionRead:
    """Leave a file or folder out, take it back or read it again: the worker does it within moments.

    What is left out loses its content at once and does not come back. The answer is the same whether there
    is anything at the path or not.
    """
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        await _need(session, source_id)
        wish = Wish(source_id, asked.decision, asked.path, curator.id)
        path = await request_decision(session, request.app.state.queue, wish)
    return DecisionRead(decision=asked.decision, path=path)


@router.get("/{source_id}/exclusions")
async def list_source_exclusions(
    request: Request, curator: Curator, source_id: SourceId
) -> list[ExclusionRead]:
    """What is left out of a source, by the paths that people wrote."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        await _need(session, source_id)
        return [ExclusionRead.of(found) for found in await list_exclusions(session, source_id)]


async def _need(session: ReadSession, source_id: int) -> None:
    if await repository.source_by_id(session, source_id) is None:
        raise NotFound
