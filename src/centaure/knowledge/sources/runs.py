"""One run of synchronisation: its row, its lock, its progress."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from centaure.kit.database import SEARCH_PATH, Database, ReadSession, Row, WriteSession
from centaure.kit.errors import Unavailable

_LOCK_CLASS = 0x53594E43  # "SYNC": keeps these advisory locks apart from others of the database
_INDEX_LOCK_CLASS = 0x494E4458  # "INDX"
UNFINISHED = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as a curator sees it; `done` of `total` files, `counts` by what happened to them."""

    id: int
    source_id: int
    state: str
    phase: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    total: int
    done: int
    attempt: int
    accept_loss: bool
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    report: Mapping[str, Any] = field(default_factory=dict[str, Any])
    full_listing: bool = False
    phase_at: datetime | None = None

    def pace(self, now: datetime) -> tuple[float | None, float | None]:
        """Files per second in this phase, and seconds left at that pace; None until it can be told."""
        if self.state != "running" or self.phase_at is None or self.done == 0:
            return None, None
        rate = self.done / max((now - self.phase_at).total_seconds(), 0.001)
        return rate, max(0, self.total - self.done) / rate


class Superseded(Unavailable):
    """The run was ended by another process; whoever works on stops without writing."""

    def __init__(self) -> None:
        super().__init__(
            "This synchronisation lost its place to another one, which continues its work."
        )


def source_lock(database: Database, source_id: int) -> AbstractAsyncContextManager[bool]:
    """Hold the one right to synchronise a source, for as long as the connection lives.

    Yields:
        Whether it was free; the caller waits or goes away otherwise.
    """
    return _advisory_lock(database, _LOCK_CLASS, source_id)


def index_lock(database: Database) -> AbstractAsyncContextManager[bool]:
    """Hold the one right to build the index; yields as `source_lock`."""
    return _advisory_lock(database, _INDEX_LOCK_CLASS, 0)


@asynccontextmanager
async def _advisory_lock(database: Database, kind: int, number: int) -> AsyncGenerator[bool]:
    connection = await psycopg.AsyncConnection.connect(
        database.conninfo,
        autocommit=True,
        options=f"-c search_path={SEARCH_PATH}",
        application_name="centaure sync" if kind == _LOCK_CLASS else "centaure index",
        keepalives_idle=30,
        keepalives_interval=10,
        keepalives_count=3,
    )
    async with connection:
        cursor = await connection.execute("select pg_try_advisory_lock(%s, %s)", (kind, number))
        row = await cursor.fetchone()
        free = bool(row and row[0])
        try:
            yield free
        finally:
            # A server may notice late that its client left, and the next run comes at once.
            if free:
                with suppress(psycopg.Error):
                    await connection.execute("select pg_advisory_unlock(%s, %s)", (kind, number))


async def take_run(session: WriteSession, source_id: int, requested_by: int | None) -> Run:
    """The run to work on, now running: the one cut short, else the oldest queued, else a new one.

    Call it under `source_lock`: a run that is marked running then has nobody working on it.
    """
    found = await session.value(_PENDING, {"source": source_id})
    if found is None:
        found = await session.value(_ADD, {"source": source_id, "by": requested_by})
    row = await session.one(_START, {"id": found})
    return _run(row)


async def queue_run(
    session: WriteSession,
    source_id: int,
    requested_by: int | None,
    *,
    accept_loss: bool = False,
    full: bool = False,
) -> Run:
    """A run that waits for the worker: one already waiting serves, unless it asks for less."""
    values = {"source": source_id, "by": requested_by, "accept_loss": accept_loss, "full": full}
    row = await session.row(_QUEUED, values)
    if row is None:
        row = await session.one(_QUEUE, values)
    return _run(row)


async def wants_everything(session: ReadSession, source_id: int) -> bool:
    """Whether the run that comes next is to list everything."""
    return bool(await session.value(_NEXT_FULL, {"source": source_id}))


async def list_runs(session: ReadSession, source_id: int, limit: int = 50) -> list[Run]:
    """The runs of a source, newest first."""
    return [_run(row) for row in await session.rows(_LIST, {"source": source_id, "limit": limit})]


async def announce(session: WriteSession, run: Run, phase: str, total: int | None = None) -> None:
    """Say what the run does now and, once known, of how many files.

    Raises:
        Superseded: the run is not running any more.
    """
    row = await session.row(
        _PHASE, {"id": run.id, "attempt": run.attempt, "phase": phase, "total": total}
    )
    if row is None:
        raise Superseded


async def advance(
    session: WriteSession, run: Run, counts: Mapping[str, int], done: int = 0
) -> None:
    """Count what this transaction did; last in the transaction, because the row stays locked.

    Raises:
        Superseded: the run is not running any more; the transaction must not commit.
    """
    values = {
        "id": run.id,
        "attempt": run.attempt,
        "counts": json.dumps(dict(counts)),
        "done": done,
    }
    if await session.row(_ADVANCE, values) is None:
        raise Superseded


async def finish(session: WriteSession, run: Run, state: str, report: Mapping[str, Any]) -> Run:
    """End a run with its report.

    Raises:
        Superseded: the run is not running any more.
    """
    values = {
        "id": run.id,
        "attempt": run.attempt,
        "state": state,
        "report": json.dumps(dict(report)),
    }
    row = await session.row(_FINISH, values)
    if row is None:
        raise Superseded
    return _run(row)


async def read_run(session: ReadSession, run_id: int) -> Run | None:
    """One run."""
    row = await session.row(_READ, {"id": run_id})
    return None if row is None else _run(row)


def _run(row: Row) -> Run:
    return Run(*row)


_READ = (
    "select id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_loss, counts, report, full_listing, phase_at"
    " from sync_run where id = %(id)s"
)
_LIST = (
    "select id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_loss, counts, report, full_listing, phase_at from sync_run"
    " where source_id = %(source)s order by id desc limit %(limit)s"
)
_PENDING = (
    "select id from sync_run where source_id = %(source)s and state in ('running', 'queued')"
    " order by state = 'running' desc, id limit 1 for update"
)
_NEXT_FULL = (
    "select full_listing from sync_run where source_id = %(source)s and state in ('running', 'queued')"
    " order by state = 'running' desc, id limit 1"
)
_ADD = "insert into sync_run (source_id, requested_by) values (%(source)s, %(by)s) returning id"
_START = (
    "update sync_run set state = 'running', attempt = attempt + 1, done = 0,"
    " started_at = coalesce(started_at, now()), phase_at = now()"
    " where id = %(id)s"
    " returning id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_loss, counts, report, full_listing, phase_at"
)
_QUEUED = (
    "select id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_loss, counts, report, full_listing, phase_at from sync_run"
    " where source_id = %(source)s and state = 'queued' and accept_loss >= %(accept_loss)s"
    " and full_listing >= %(full)s"
    " order by id limit 1"
)
_QUEUE = (
    "insert into sync_run (source_id, requested_by, accept_loss, full_listing)"
    " values (%(source)s, %(by)s, %(accept_loss)s, %(full)s)"
    " returning id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_loss, counts, report, full_listing, phase_at"
)
_PHASE = (
    "update sync_run set phase = %(phase)s, phase_at = now(), total = coalesce(cast(%(total)s as int), total)"
    " where id = %(id)s and attempt = %(attempt)s and state = 'running' returning id"
)
_ADVANCE = """
    update sync_run set done = done + %(done)s,
        counts = counts || coalesce((
            select jsonb_object_agg(key, cast(value as int) + coalesce(cast(counts ->> key as int), 0))
            from jsonb_each_text(cast(%(counts)s as jsonb))), '{}')
    where id = %(id)s and attempt = %(attempt)s and state = 'running'
    returning id
"""
_FINISH = (
    "update sync_run set state = %(state)s, finished_at = now(), phase = '',"
    " report = cast(%(report)s as jsonb) where id = %(id)s and attempt = %(attempt)s and state = 'running'"
    " returning id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_loss, counts, report, full_listing, phase_at"
)
