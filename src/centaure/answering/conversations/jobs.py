"""Conversations in the worker: what is old is removed, and what rests on documents that are gone.

The worker gives its job (`additional_context`) `keep_conversations_days` and `failed_questions`, whether any
are kept, besides the `database`.
"""

import logging
from typing import Any, cast

from procrastinate import Blueprint, JobContext

from centaure.answering.gaps.keeping import forget_gaps
from centaure.guardrails.retention import forget_held, forget_pseudonyms
from centaure.identity.requests import forget_requests
from centaure.kit.database import Database, WriteSession

log = logging.getLogger(__name__)

jobs = Blueprint()


@jobs.periodic(cron="41 * * * *")
@jobs.task(name="forget", queueing_lock="conversations:forget", pass_context=True)
async def forget(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every hour, remove conversations that are too old, groundless sentences, and what has expired."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    database: Database = given["database"]
    async with database.write(None) as session:
        removed = await forget_old(session, given["keep_conversations_days"])
        await forget_groundless(session)
        await forget_pseudonyms(session)
        await forget_held(session)
        await forget_requests(session)
        await forget_gaps(session, given["failed_questions"])
    if removed:
        log.info("%s conversations were removed: they were too old.", removed)


async def forget_old(session: WriteSession, days: int) -> int:
    """Remove the conversations whose last turn is that many days ago; 0 removes none. How many there were."""
    if not days:
        return 0
    return await session.execute(
        "delete from conversation where updated_at < now() - make_interval(days => %(days)s)",
        {"days": days},
    )


async def forget_groundless(session: WriteSession) -> int:
    """Remove the sentences that nobody may read any more; how many there were."""
    forgotten: int = await session.value("select forget_groundless_sentences()")
    return forgotten
