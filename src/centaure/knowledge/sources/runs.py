"""One run of synchronisation: its row, its lock, its progress."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Row, text

from centaure.kit.database import SEARCH_PATH, Database, ReadSession, WriteSession
from centaure.kit.errors import Unavailable

_LOCK_CLASS = 0x53594E43  # "SYNC": keeps these advisory locks apart from others of the database
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
    accept_empty: bool
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    report: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Superseded(Unavailable):
    """The run was ended by another process; whoever works on stops without writing."""

    def __init__(self) -> None:
        super().__init__(
            "This synchronisation lost its place to another one, which continues its work."
        )


@asynccontextmanager
async def source_lock(database: Database, source_id: int) -> AsyncGenerator[bool]:
    """Hold the one right to synchronise a source, for as long as the connection lives.

    Yields:
        Whether it was free; the caller waits or goes away otherwise.
    """
    connection = await psycopg.AsyncConnection.connect(
        database.conninfo,
        autocommit=True,
        options=f"-c search_path={SEARCH_PATH}",
        application_name="centaure sync",
        keepalives_idle=30,
        keepalives_interval=10,
        keepalives_count=3,
    )
    async with connection:
        cursor = await connection.execute(
            "select pg_try_advisory_lock(%s, %s)", (_LOCK_CLASS, source_id)
        )
        row = await cursor.fetchone()
        yield bool(row and row[0])


async def take_run(session: WriteSession, source_id: int, requested_by: int | None) -> Run:
    """The run to work on, now running: the one cut short, else the oldest queued, else a new one.

    Call it under `source_lock`: a run that is marked running then has nobody working on it.
    """
    found = await session.scalar(_PENDING, {"source": source_id})
    if found is None:
        found = await session.scalar(_ADD, {"source": source_id, "by": requested_by})
    row = (await session.execute(_START, {"id": found})).one()
    return _run(row)


async def queue_run(
    session: WriteSession, source_id: int, requested_by: int | None, *, accept_empty: bool = False
) -> Run:
    """A run that waits for the worker: one already waiting serves, unless it asks for less."""
    row = (
        await session.execute(_QUEUED, {"source": source_id, "accept_empty": accept_empty})
    ).one_or_none()
    if row is None:
        values = {"source": source_id, "by": requested_by, "accept_empty": accept_empty}
        row = (await session.execute(_QUEUE, values)).one()
    return _run(row)


async def list_runs(session: ReadSession, source_id: int, limit: int = 50) -> list[Run]:
    """The runs of a source, newest first."""
    return [
        _run(row) for row in await session.execute(_LIST, {"source": source_id, "limit": limit})
    ]


async def announce(session: WriteSession, run: Run, phase: str, total: int | None = None) -> None:
    """Say what the run does now and, once known, of how many files.

    Raises:
        Superseded: the run is not running any more.
    """
    row = await session.execute(
        _PHASE, {"id": run.id, "attempt": run.attempt, "phase": phase, "total": total}
    )
    if row.one_or_none() is None:
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
    if (await session.execute(_ADVANCE, values)).one_or_none() is None:
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
    row = (await session.execute(_FINISH, values)).one_or_none()
    if row is None:
        raise Superseded
    return _run(row)


async def read_run(session: ReadSession, run_id: int) -> Run | None:
    """One run."""
    row = (await session.execute(_READ, {"id": run_id})).one_or_none()
    return None if row is None else _run(row)


def _run(row: Row[Any]) -> Run:
    return Run(*row)


_READ = text(
    "select id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_empty, counts, report from sync_run where id = :id"
)
_LIST = text(
    "select id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_empty, counts, report from sync_run"
    " where source_id = :source order by id desc limit :limit"
)
_PENDING = text(
    "select id from sync_run where source_id = :source and state in ('running', 'queued')"
    " order by state = 'running' desc, id limit 1 for update"
)
_ADD = text("insert into sync_run (source_id, requested_by) values (:source, :by) returning id")
_START = text(
    "update sync_run set state = 'running', attempt = attempt + 1, done = 0,"
    " started_at = coalesce(started_at, now())"
    " where id = :id"
    " returning id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_empty, counts, report"
)
_QUEUED = text(
    "select id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_empty, counts, report from sync_run"
    " where source_id = :source and state = 'queued' and accept_empty >= :accept_empty"
    " order by id limit 1"
)
_QUEUE = text(
    "insert into sync_run (source_id, requested_by, accept_empty) values (:source, :by, :accept_empty)"
    " returning id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_empty, counts, report"
)
_PHASE = text(
    "update sync_run set phase = :phase, total = coalesce(cast(:total as int), total)"
    " where id = :id and attempt = :attempt and state = 'running' returning id"
)
_ADVANCE = text("""
    update sync_run set done = done + :done,
        counts = counts || coalesce((
            select jsonb_object_agg(key, cast(value as int) + coalesce(cast(counts ->> key as int), 0))
            from jsonb_each_text(cast(:counts as jsonb))), '{}')
    where id = :id and attempt = :attempt and state = 'running'
    returning id
""")
_FINISH = text(
    "update sync_run set state = :state, finished_at = now(), phase = '',"
    " report = cast(:report as jsonb) where id = :id and attempt = :attempt and state = 'running'"
    " returning id, source_id, state, phase, requested_at, started_at, finished_at, total, done,"
    " attempt, accept_empty, counts, report"
)
