"""Sources over HTTP: their names for readers, their runs and ledger for curators."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, status

from centaure.audit import Action, record
from centaure.identity import Principal, Role, Scope, find_user
from centaure.identity.access import require_role, require_scope
from centaure.kit.database import Database, ReadSession
from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.retrieval.passages import list_passages
from centaure.knowledge.sources import repository
from centaure.knowledge.sources.control import Wish, list_exclusions
from centaure.knowledge.sources.files import document_at, read_file
from centaure.knowledge.sources.folders import Allowed, FolderRefused, look_at, read_request
from centaure.knowledge.sources.jobs import request_decision, request_folder, request_sync
from centaure.knowledge.sources.ledger import count_by_status, read_ledger
from centaure.knowledge.sources.runs import list_runs
from centaure.knowledge.sources.schemas import (
    DecisionAsked,
    DecisionRead,
    ExclusionRead,
    FolderAdded,
    FolderLook,
    FolderNamed,
    FolderPlace,
    FolderProgress,
    IndexedPassageRead,
    IndexedPassages,
    LedgerLineRead,
    LedgerRead,
    RightsAnswerRead,
    RunRead,
    SourceFileRead,
    SourceRead,
)
from centaure.knowledge.sources.service import RightsQuestion, explain_rights

router = APIRouter(prefix="/sources", tags=["sources"])

Reader = Annotated[Principal, Depends(require_scope(Scope.SOURCES))]
Curator = Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]
PresentCurator = Annotated[Principal, Depends(require_role(Role.CURATOR))]
SourceId = Annotated[int, Path(ge=1, le=2**31 - 1)]
PASSAGES = 20


def _path(path: Annotated[str, Query(min_length=1, max_length=4000)]) -> str:
    return path.replace("\0", "")


FilePath = Annotated[str, Depends(_path)]
"""As the ledger shows it."""

# Whoever adds a folder of the server opens a way to what is in it: an administrator, in person.
PresentAdministrator = Annotated[Principal, Depends(require_role(Role.ADMINISTRATOR))]


@router.get("")
async def list_sources(request: Request, reader: Reader) -> list[SourceRead]:
    """The sources in which the caller can see something; all of them for a curator."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        found = await repository.all_sources(session)
    now, curator = datetime.now(UTC), Role.CURATOR in reader.roles
    return [SourceRead.of(source, now, curator=curator) for source in found]


@router.get("/folders")
async def list_folder_places(
    request: Request,
    administrator: PresentAdministrator,  # noqa: ARG001 - it is what lets one in
) -> list[FolderPlace]:
    """Where folders of the server may be added from in a browser."""
    allowed: Allowed = request.app.state.folders
    return [FolderPlace.of(root) for root in allowed.roots]


@router.post("/folders/look")
async def look_at_folder(
    request: Request,
    administrator: PresentAdministrator,  # noqa: ARG001 - it is what lets one in
    asked: FolderNamed,
) -> FolderLook:
    """What would be read in a folder: how many files of which formats; no name of any."""
    allowed: Allowed = request.app.state.folders
    try:
        found = await anyio.to_thread.run_sync(lambda: look_at(allowed.folder(asked.path)))
    except FolderRefused as error:
        return FolderLook.model_validate({"path": asked.path, "problem": error.why})
    return FolderLook.of(found)


@router.post("/folders", status_code=status.HTTP_202_ACCEPTED)
async def add_folder(
    request: Request, administrator: PresentAdministrator, asked: FolderAdded
) -> FolderProgress:
    """Ask the worker to add a folder and read it; nobody reads it but whom the caller chooses."""
    database: Database = request.app.state.database
    async with database.write(administrator.id) as session:
        number = await request_folder(
            session,
            request.app.state.queue,
            asked.asked(),
            request.app.state.folders,
            administrator.id,
        )
        made = await read_request(session, number)
    return FolderProgress.of(made, None, datetime.now(UTC))


@router.get("/folders/{request_id}")
async def read_folder_progress(
    request: Request,
    administrator: PresentAdministrator,
    request_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
) -> FolderProgress:
    """What became of a folder that the caller asked for, and how far its reading is."""
    database: Database = request.app.state.database
    async with database.read(administrator.id) as session:
        made = await read_request(session, request_id)
        runs = [] if made.source_id is None else await list_runs(session, made.source_id, 1)
    return FolderProgress.of(made, runs[0] if runs else None, datetime.now(UTC))


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


@router.get("/{source_id}/file")
async def read_source_file(
    request: Request, curator: PresentCurator, source_id: SourceId, path: FilePath
) -> SourceFileRead:
    """One file of a source: what is indexed of it, who reads it, and what is recorded of it.

    A document that the caller may not read is not there, whatever they look after.
    """
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        file = await read_file(session, source_id, path)
    if file.document is not None:
        await _opened(database, curator, file.document.id)
    return SourceFileRead.of(file)


@router.get("/{source_id}/file/passages")
async def list_file_passages(
    request: Request,
    curator: PresentCurator,
    source_id: SourceId,
    path: FilePath,
    first: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> IndexedPassages:
    """The passages of a document as they are searched, twenty at once, from a position on."""
    database: Database = request.app.state.database
    async with database.read(curator.id) as session:
        document = await document_at(session, source_id, path)
        found = await list_passages(session, document, first, PASSAGES + 1)
    await _opened(database, curator, document)
    more = found[PASSAGES:]
    return IndexedPassages(
        passages=[IndexedPassageRead.model_validate(asdict(one)) for one in found[:PASSAGES]],
        next=more[0].position if more else None,
    )


@router.get("/{source_id}/file/rights")
async def explain_file_rights(
    request: Request,
    curator: PresentCurator,
    source_id: SourceId,
    path: FilePath,
    login: Annotated[str, Query(min_length=1, max_length=200)],
) -> RightsAnswerRead:
    """Why somebody can or cannot read a document that the caller reads themselves.

    A login that nobody has is no valid one; only who reads the document is told so.
    """
    database: Database = request.app.state.database
    login = login.replace("\0", "").strip()
    async with database.read(curator.id) as session:
        await document_at(session, source_id, path)
        try:
            await find_user(session, login)
        except NotFound:
            raise InvalidInput(f"Nobody has the login '{login}'.") from None
        source = await repository.source_by_id(session, source_id)
        if source is None:
            raise NotFound
    question = RightsQuestion(login, path, source.name)
    answer = await explain_rights(database, database, question, requested_by=curator.id)
    return RightsAnswerRead(
        login=answer.login, readable=answer.readable, sentences=list(answer.sentences)
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


async def _opened(database: Database, curator: Principal, document_id: int) -> None:
    async with database.write(curator.id) as session:
        await record(session, Action.DOCUMENT_OPEN, f"document:{document_id}")


async def _need(session: ReadSession, source_id: int) -> None:
    if await repository.source_by_id(session, source_id) is None:
        raise NotFound
