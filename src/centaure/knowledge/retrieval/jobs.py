"""Search in the worker: what people said of documents, and asked in vain, is forgotten when it is old.

The worker gives its jobs (`additional_context`) `feedback` and `failed_questions`, whether any are kept,
besides the `database`.
"""

import logging
from typing import Any, cast

from procrastinate import Blueprint, JobContext

from centaure.kit.database import Database
from centaure.knowledge.retrieval.thesaurus import missed
from centaure.knowledge.retrieval.votes import KEPT_DAYS, forget_votes

log = logging.getLogger(__name__)

jobs = Blueprint()


@jobs.periodic(cron="19 * * * *")
@jobs.task(name="forget", queueing_lock="search:forget", pass_context=True)
async def forget(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every hour, delete votes and words of questions that are too old; all where they are switched off."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    database: Database = given["database"]
    async with database.write(None) as session:
        forgotten = await forget_votes(session, KEPT_DAYS if given["feedback"] else 0)
        kept_days = missed.KEPT_DAYS if given["failed_questions"] else 0
        words = await missed.forget_old_words(session, kept_days)
    if forgotten:
        log.info("%s votes on documents were deleted.", forgotten)
    if words:
        log.info("%s words of questions without an answer were deleted.", words)
