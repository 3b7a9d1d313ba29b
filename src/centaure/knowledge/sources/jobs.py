"""Synchronisation in the worker: on demand, and every source when its schedule says so.

The worker gives these to its jobs (`additional_context`): `database`, as the worker's role, `parsers`, how
many files one synchronisation parses at once, `places`, which makes connectors, and for folders that are
asked for in a browser `folders`, where they may be, and `manifests`, where what says who reads them is kept.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from procrastinate import App, Blueprint, JobContext
from procrastinate.exceptions import AlreadyEnqueued

from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import Unavailable
from centaure.kit.jobs import WAITED_FOR
from centaure.knowledge.sources.control import (
    Decision,
    Wish,
    fulfil,
    leave_wish,
    next_wish,
    wishing_sources,
)
from centaure.knowledge.sources.folders import (
    Allowed,
    FolderAsked,
    fulfil_request,
    leave_request,
    waiting_requests,
)
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.repository import due_sources, source_by_id
from centaure.knowledge.sources.runs import Run, Superseded, queue_run, wants_everything
from centaure.knowledge.sources.sync import SourceBusy, SyncOptions, sync_source

log = logging.getLogger(__name__)

SYNC_TASK = "sources:sync"
DECIDE_TASK = "sources:decide"
ADD_TASK = "sources:add_folder"
_FIRST = 100
_HEAR_S = 2.0

MOST_RUNS = 10
"""Runs of one source that a job does one after another, before other sources have their turn."""

jobs = Blueprint()


async def request_sync(  # noqa: PLR0913 - what may be asked of a run, by name
    session: WriteSession,
    queue: App,
    source_id: int,
    requested_by: int | None,
    *,
    accept_loss: bool = False,
    full: bool = False,
) -> Run:
    """Ask the worker for a synchronisation: the run and its job are written together or not at all.

    Args:
        session: the transaction; the job is invisible to workers until it commits.
        queue: the job queue.
        source_id: of the source.
        requested_by: the principal who asks.
        accept_loss: a person says that what the place lost is truly gone.
        full: everything is listed, even of a place that says what changed.

    Returns:
        The run that will do it; one that already waits serves.
    """
    run = await queue_run(session, source_id, requested_by, accept_loss=accept_loss, full=full)
    try:
        async with session.connection.transaction():  # a savepoint
            lock = _lock(source_id)
            task = queue.configure_task(
                SYNC_TASK, lock=lock, queueing_lock=lock, connection=session.connection
            )
            await task.defer_async(source_id=source_id)
    except AlreadyEnqueued:
        log.debug("A job for source %s waits already; it will do this run.", source_id)
    return run


async def request_decision(session: WriteSession, queue: App, wish: Wish) -> str:
    """Ask the worker to leave a path out, take it back or read it again; nothing tells whether it exists.

    Args:
        session: of the curator; the wish and its job are written together or not at all.
        queue: the job queue.
        wish: what the curator decides.

    Returns:
        The path as it will be compared.

    Raises:
        InvalidInput: it is not a path in a source.
    """
    # A job each: one that waits already could end before this wish is committed.
    lock = _decisions(wish.source_id)
    task = queue.configure_task(
        DECIDE_TASK, lock=lock, priority=_FIRST, connection=session.connection
    )
    await task.defer_async(source_id=wish.source_id)
    return await leave_wish(session, wish)


async def request_folder(
    session: WriteSession, queue: App, asked: FolderAsked, allowed: Allowed, requested_by: int
) -> int:
    """Ask the worker to add a folder: the request and its job are written together or not at all.

    Args:
        session: of the administrator.
        queue: the job queue.
        asked: which folder, and who is to read it.
        allowed: where it may be.
        requested_by: the administrator.

    Returns:
        The number of the request.

    Raises:
        InvalidInput: as `leave_request`.
    """
    number = await leave_request(session, asked, allowed, requested_by)
    task = queue.configure_task(
        ADD_TASK, lock=_adding(number), priority=_FIRST, connection=session.connection
    )
    await task.defer_async(number=number)
    return number


@jobs.task(name="add_folder", queue=WAITED_FOR, pass_context=True)
async def add_folder(context: JobContext, number: int) -> None:
    """Add a folder that somebody asked for, and have it read; a fault leaves it for the next minute."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    database, _, places = _given(context)
    try:
        source_id = await fulfil_request(
            database, number, given["folders"], places, given["manifests"]
        )
    except Unavailable as error:
        log.warning("Folder request %s waits (%s); tried again within a minute.", number, error)
        return
    if source_id is not None:
        async with database.write(None) as session:
            await request_sync(session, context.app, source_id, None)


@jobs.task(name="decide", pass_context=True)
async def decide(context: JobContext, source_id: int) -> None:
    """Do what curators wished for a source; what a fault leaves is asked for again within a minute."""
    database, _, _ = _given(context)
    try:
        await _fulfil_wishes(database, context.app, source_id)
    except Unavailable as error:
        log.warning("Decisions on source %s wait (%s); tried again soon.", source_id, error)


async def _fulfil_wishes(database: Database, queue: App, source_id: int | None = None) -> None:
    while True:
        async with database.read(None) as session:
            wish = await next_wish(session, source_id)
            source = wish and await source_by_id(session, wish.source_id)
        if wish is None or source is None:
            return
        async with database.write(wish.requested_by) as session:
            if wish.decision is not Decision.EXCLUDE:
                await request_sync(session, queue, source.id, wish.requested_by)
            await fulfil(session, source, wish)


@asynccontextmanager
async def hearing(database: Database, queue: App) -> AsyncGenerator[None]:
    """Do what curators wish while a synchronisation works, even where all places of the worker are taken."""
    ended = asyncio.Event()

    async def hear() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _HEAR_S)
            try:
                await _fulfil_wishes(database, queue)
            except Unavailable as error:
                log.warning("Decisions wait (%s); tried again soon.", error)

    hearer = asyncio.create_task(hear())
    try:
        yield
    finally:
        ended.set()
        await hearer


@jobs.task(name="sync", pass_context=True)
async def sync(context: JobContext, source_id: int) -> None:
    """Synchronise a source for as long as a run waits for it or its schedule says so.

    What was cut short by a fault is asked for again by the next `sync_due`, within a minute. The queue itself
    never tries a job again: where the next one waits already, that fails, and the source is blocked.
    """
    for _ in range(MOST_RUNS):
        if not await _sync_once(context, source_id):
            return


async def _sync_once(context: JobContext, source_id: int) -> bool:
    """Whether a run was there to do, and was done."""
    database, parsers, places = _given(context)
    try:
        async with database.read(None) as session:
            if source_id not in await due_sources(session):
                return False
            full = await wants_everything(session, source_id)
        options = SyncOptions(parsers=parsers, full=full, places=places)
        async with hearing(database, context.app):
            run = await sync_source(database, source_id, options=options)
    except (SourceBusy, Superseded):
        log.info("Source %s is being synchronised elsewhere.", source_id)
    except (Unavailable, OSError) as error:
        log.warning(
            "Source %s was not synchronised (%s); tried again within a minute.", source_id, error
        )
    else:
        log.info("Run %s of source %s: %s.", run.id, source_id, run.state)
        return True
    return False


@jobs.periodic(cron="* * * * *")
@jobs.task(name="sync_due", queueing_lock="sources:sync_due", pass_context=True)
async def sync_due(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every minute, ask for what is due: schedules, and runs and wishes that lost their job."""
    database, _, _ = _given(context)
    async with database.read(None) as session:
        wishing = await wishing_sources(session)
        due = [(DECIDE_TASK, source_id, _decisions(source_id)) for source_id in wishing]
        due += [
            (SYNC_TASK, source_id, _lock(source_id)) for source_id in await due_sources(session)
        ]
        requests = await waiting_requests(session)
    for name, source_id, lock in due:
        try:
            task = context.app.configure_task(name, lock=lock, queueing_lock=lock)
            await task.defer_async(source_id=source_id)
        except AlreadyEnqueued:
            continue
    for number in requests:
        lock = _adding(number)
        try:
            task = context.app.configure_task(ADD_TASK, lock=lock, queueing_lock=lock)
            await task.defer_async(number=number)
        except AlreadyEnqueued:
            continue


def _lock(source_id: int) -> str:
    """One job of a source waits at most, and one works at most."""
    return f"source-{source_id}"


def _decisions(source_id: int) -> str:
    """Apart from synchronisation: what is to be erased does not wait for a long one to end."""
    return f"decisions-{source_id}"


def _adding(number: int) -> str:
    return f"folder-request-{number}"


def _given(context: JobContext) -> tuple[Database, int, Places]:
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    return given["database"], int(given["parsers"]), given["places"]
