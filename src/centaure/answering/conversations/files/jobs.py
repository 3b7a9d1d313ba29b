"""Files of conversations in the worker: each read once it is there, and again after whatever cut that short.

The worker gives its jobs the `database`, as its role (`additional_context`).
"""

import logging
from typing import Any, cast

from procrastinate import App, Blueprint, JobContext
from procrastinate.exceptions import AlreadyEnqueued

from centaure.answering.conversations.files.reading import read_waiting
from centaure.answering.conversations.files.repository import unread_files
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import Unavailable
from centaure.kit.jobs import WAITED_FOR

log = logging.getLogger(__name__)

READ_TASK = "files:read"
_FIRST = 100
"""Priority: somebody waits."""

jobs = Blueprint()


async def request_reading(session: WriteSession, queue: App, file_id: int) -> None:
    """Ask the worker to read a file: the file and its job are written together or not at all."""
    task = queue.configure_task(
        READ_TASK, lock=_lock(file_id), priority=_FIRST, connection=session.connection
    )
    await task.defer_async(file_id=file_id)


@jobs.task(name="read", queue=WAITED_FOR, pass_context=True)
async def read(context: JobContext, file_id: int) -> None:
    """Read a file; where the database went away it is asked for again within a minute."""
    try:
        await read_waiting(_database(context), file_id)
    except Unavailable as error:
        log.warning("File %s was not read (%s); tried again within a minute.", file_id, error)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="read_due", queueing_lock="files:read_due", pass_context=True)
async def read_due(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every minute, ask for the files that should be read by now: their job may be lost."""
    async with _database(context).read(None) as session:
        due = await unread_files(session)
    for file_id in due:
        lock = _lock(file_id)
        try:
            task = context.app.configure_task(
                READ_TASK, lock=lock, queueing_lock=lock, priority=_FIRST
            )
            await task.defer_async(file_id=file_id)
        except AlreadyEnqueued:
            continue


def _lock(file_id: int) -> str:
    return f"file-{file_id}"


def _database(context: JobContext) -> Database:
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    return given["database"]
