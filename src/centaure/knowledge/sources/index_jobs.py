"""The index in the worker: generations built, vectors made, what was left behind removed.

The worker gives its jobs (`additional_context`) the `means` of `reindexing` besides the `database`.
"""

import logging
from typing import Any, cast

from procrastinate import App, Blueprint, JobContext
from procrastinate.exceptions import AlreadyEnqueued

from centaure.kit.database import Database, ReadSession, WriteSession
from centaure.kit.errors import Unavailable
from centaure.knowledge.retrieval.recall import test_recall
from centaure.knowledge.retrieval.spelling import forget_words
from centaure.knowledge.sources.reindexing import Means, keep_index
from centaure.knowledge.sources.runs import index_lock

log = logging.getLogger(__name__)

KEEP_TASK = "index:keep"
_LOCK = "index"

jobs = Blueprint()


async def request_keeping(session: WriteSession, queue: App) -> None:
    """Have the worker look at the index once the transaction commits."""
    try:
        async with session.connection.transaction():  # a savepoint
            task = queue.configure_task(
                KEEP_TASK, lock=_LOCK, queueing_lock=_LOCK, connection=session.connection
            )
            await task.defer_async()
    except AlreadyEnqueued:
        log.debug("A job for the index waits already.")


@jobs.task(name="keep", pass_context=True)
async def keep(context: JobContext) -> None:
    """Do what the index waits for; what a fault cuts short is asked for again within a minute."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    database: Database = given["database"]
    means: Means = given["means"]
    try:
        async with index_lock(database) as free:
            if free:
                await keep_index(database, means)
    except Unavailable as error:
        log.warning("The index waits (%s); tried again within a minute.", error)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="keep_due", queueing_lock="index:keep_due", pass_context=True)
async def keep_due(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every minute, ask for what the index waits for."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    database: Database = given["database"]
    async with database.read(None) as session:
        if not await index_waits(session):
            return
    try:
        task = context.app.configure_task(KEEP_TASK, lock=_LOCK, queueing_lock=_LOCK)
        await task.defer_async()
    except AlreadyEnqueued:
        return


@jobs.periodic(cron="40 3 * * *")
@jobs.task(name="forget_words", queueing_lock="index:forget_words", pass_context=True)
async def forget(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every night, forget the words that no passage holds any more."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    await forget_words(given["database"])


@jobs.periodic(cron="23 * * * *")
@jobs.task(name="recall_due", queueing_lock="index:recall_due", pass_context=True)
async def recall_due(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every hour, test what the index of vectors finds."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    database: Database = given["database"]
    await test_recall(database)


async def index_waits(session: ReadSession) -> bool:
    """Whether there is something to build, to embed or to remove."""
    return bool(await session.value(_WAITS))


_WAITS = """
    select exists (select from generation where state in ('building', 'leaving'))
        or exists (select from embedding_task)
"""
