"""Whether everything works: that the API answers, for anybody; the parts of it, for administrators."""

import asyncio
import shutil
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

import centaure
from centaure.gateway import catalogue
from centaure.gateway.service import Gateway
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database, ReadSession
from centaure.kit.jobs import STALLED_S

router = APIRouter(tags=["health"])

Administrator = Annotated[
    Principal, Depends(require_role(Role.ADMINISTRATOR, Scope.ADMINISTRATION))
]


class Health(BaseModel):
    """That the API answers, and which version it is."""

    status: str = "ok"
    version: str = centaure.__version__


class DatabaseHealth(BaseModel):
    """The database: its server, its revision, and its size in bytes."""

    embedded: bool
    server: str
    revision: str
    size: int


class QueueHealth(BaseModel):
    """The jobs of the queue.

    `workers` are alive; `waiting` are due, the oldest since `waiting_since`; `failed` did in the last day.
    """

    workers: int
    waiting: int
    waiting_since: datetime | None
    running: int
    failed: int


class DiskHealth(BaseModel):
    """The disk that the data folder is on, in bytes."""

    total: int
    free: int


class ModelHealth(BaseModel):
    """A language model; `answers`: it was not seen to fail again and again lately."""

    name: str
    answers: bool
    problem: str


class HealthDetails(Health):
    """The parts, as they are now."""

    database: DatabaseHealth
    queue: QueueHealth
    disk: DiskHealth
    scans_are_read: bool
    models: list[ModelHealth]


@router.get("/health")
async def read_health() -> Health:
    """Tell that the API answers."""
    return Health()


@router.get("/health/details")
async def read_health_details(request: Request, administrator: Administrator) -> HealthDetails:
    """Tell how the database, the queue, the disk and the language models are."""
    state = request.app.state
    database: Database = state.database
    gateway: Gateway = state.gateway
    usage, tesseract = await asyncio.to_thread(
        lambda: (shutil.disk_usage(state.settings.home), shutil.which("tesseract"))
    )
    async with database.read(administrator.id) as session:
        found = DatabaseHealth(
            embedded=state.settings.database_url is None,
            server=await session.value("select current_setting('server_version')"),
            revision=await session.value("select version_num from alembic_version"),
            size=await session.value("select pg_database_size(current_database())"),
        )
        queue = await _queue(session)
        models = await catalogue.all_models(session)
    return HealthDetails(
        database=found,
        queue=queue,
        disk=DiskHealth(total=usage.total, free=usage.free),
        scans_are_read=tesseract is not None,
        models=[
            ModelHealth(name=model.name, answers=gateway.answers(model), problem=model.problem)
            for model in models
        ],
    )


async def _queue(session: ReadSession) -> QueueHealth:
    alive = await session.value(
        "select count(*) from procrastinate_workers"
        " where last_heartbeat > now() - cast(%(stalled)s as float8) * interval '1 second'",
        {"stalled": STALLED_S},
    )
    jobs = await session.one(
        "select count(*) filter (where status = 'todo' and coalesce(scheduled_at, now()) <= now())"
        " as waiting, count(*) filter (where status = 'doing') as running from procrastinate_jobs"
        " where status in ('todo', 'doing')"
    )
    # A job's events say when it was put in the queue, and when it failed; of the latest only, there are many.
    since = await session.value(
        "select min(at) from procrastinate_events"
        " join procrastinate_jobs on procrastinate_jobs.id = job_id"
        " where status = 'todo' and coalesce(scheduled_at, now()) <= now()"
        " and type in ('deferred', 'deferred_for_retry')"
    )
    failed = await session.value(
        "select count(distinct job_id) from procrastinate_events"
        " where type = 'failed' and at > now() - interval '1 day'"
        " and id > (select max(id) from procrastinate_events) - 100000"
    )
    return QueueHealth(
        workers=alive,
        waiting=jobs.waiting,
        waiting_since=since,
        running=jobs.running,
        failed=failed,
    )
