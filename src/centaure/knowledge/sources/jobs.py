"""Synchronisation in the worker: on demand, and every source when its schedule says so.

The worker gives three things to its jobs (`additional_context`): `database`, as the worker's role,
`parsers`, how many files one synchronisation parses at once, and `places`, which makes connectors.
"""

import logging
from typing import Any, cast

from procrastinate import App, Blueprint, JobContext
from procrastinate.exceptions import AlreadyEnqueued

from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import Unavailable
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.repository import due_sources
from centaure.knowledge.sources.runs import Run, Superseded, queue_run
from centaure.knowledge.sources.sync import SourceBusy, SyncOptions, sync_source

log = logging.getLogger(__name__)

SYNC_TASK = "sources:sync"

jobs = Blueprint()


async def request_sync(
    session: WriteSession,
    queue: App,
    source_id: int,
    requested_by: int | None,
    *,
    accept_loss: bool = False,
) -> Run:
    """Ask the worker for a synchronisation: the run and its job are written together or not at all.

    Args:
        session: the transaction; the job is invisible to workers until it commits.
        queue: the job queue.
        source_id: of the source.
        requested_by: the principal who asks.
        accept_loss: a person says that what the place lost is truly gone.

    Returns:
        The run that will do it; one that already waits serves.
    """
    run = await queue_run(session, source_id, requested_by, accept_loss=accept_loss)
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


@jobs.task(name="sync", pass_context=True)
async def sync(context: JobContext, source_id: int) -> None:
    """Synchronise a source, if a run waits for it or its schedule says so.

    What was cut short by a fault is asked for again by the next `sync_due`, within a minute. The queue itself
    never tries a job again: where the next one waits already, that fails, and the source is blocked.
    """
    database, parsers, places = _given(context)
    options = SyncOptions(parsers=parsers, places=places)
    try:
        async with database.read(None) as session:
            if source_id not in await due_sources(session):
                return
        run = await sync_source(database, source_id, options=options)
    except (SourceBusy, Superseded):
        log.info("Source %s is being synchronised elsewhere.", source_id)
    except (Unavailable, OSError) as error:
        log.warning(
            "Source %s was not synchronised (%s); tried again within a minute.", source_id, error
        )
    else:
        log.info("Run %s of source %s: %s.", run.id, source_id, run.state)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="sync_due", queueing_lock="sources:sync_due", pass_context=True)
async def sync_due(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every minute, ask for what is due: schedules, and runs that lost their job."""
    database, _, _ = _given(context)
    async with database.read(None) as session:
        due = await due_sources(session)
    for source_id in due:
        try:
            lock = _lock(source_id)
            task = context.app.configure_task(SYNC_TASK, lock=lock, queueing_lock=lock)
            await task.defer_async(source_id=source_id)
        except AlreadyEnqueued:
            continue


def _lock(source_id: int) -> str:
    """One job of a source waits at most, and one works at most."""
    return f"source-{source_id}"


def _given(context: JobContext) -> tuple[Database, int, Places]:
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    return given["database"], int(given["parsers"]), given["places"]
