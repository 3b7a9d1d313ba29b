"""The gateway in the worker: calls that nobody finished are closed, and texts that are old erased.

The worker gives its jobs (`additional_context`) `keep_generations_days` besides the `database`.
"""

import logging
from typing import Any, cast

from procrastinate import Blueprint, JobContext

from centaure.gateway.retention import forget_texts, lose_overdue
from centaure.kit.database import Database

log = logging.getLogger(__name__)

jobs = Blueprint()


@jobs.periodic(cron="* * * * *")
@jobs.task(name="lose", queueing_lock="gateway:lose", pass_context=True)
async def lose(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every minute, close the records of calls whose process is gone."""
    async with _database(context).write(None) as session:
        lost = await lose_overdue(session)
    if lost:
        log.warning("%s calls of models were lost with the process that made them.", lost)


@jobs.periodic(cron="29 * * * *")
@jobs.task(name="forget", queueing_lock="gateway:forget", pass_context=True)
async def forget(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every hour, erase what was asked and answered before the days that are kept."""
    days: int = _given(context)["keep_generations_days"]
    async with _database(context).write(None) as session:
        forgotten = await forget_texts(session, days)
    if forgotten:
        log.info("The words of %s calls of models were erased.", forgotten)


def _database(context: JobContext) -> Database:
    return _given(context)["database"]


def _given(context: JobContext) -> dict[str, Any]:
    return cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
