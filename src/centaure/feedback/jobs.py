"""Comparisons in the worker: what was said is removed when it is old, and what nobody voted on; votes stay.

The worker gives its job (`additional_context`) `keep_conversations_days` besides the `database`.
"""

import logging
from typing import Any, cast

from procrastinate import Blueprint, JobContext

from centaure.kit.database import Database, WriteSession

log = logging.getLogger(__name__)

jobs = Blueprint()
OPEN_DAYS = 7
"""For which a comparison waits for its vote."""


@jobs.periodic(cron="47 * * * *")
@jobs.task(name="forget", queueing_lock="comparisons:forget", pass_context=True)
async def forget(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Every hour, remove what is too old of comparisons."""
    given = cast("dict[str, Any]", context.additional_context)  # pyright: ignore[reportUnknownMemberType] - procrastinate leaves it open
    database: Database = given["database"]
    async with database.write(None) as session:
        removed = await forget_open(session)
        removed += await forget_words(session, given["keep_conversations_days"])
        removed += await forget_groundless(session)
    if removed:
        log.info("%s comparisons were removed, or their words: they were too old.", removed)


async def forget_open(session: WriteSession) -> int:
    """Remove comparisons that nobody voted on for a week; how many there were."""
    return await session.execute(
        "delete from comparison where vote is null"
        " and asked_at < now() - make_interval(days => %(days)s)",
        {"days": OPEN_DAYS},
    )


async def forget_words(session: WriteSession, days: int) -> int:
    """Remove the questions and answers that are that many days old, not the votes; 0 removes none."""
    if not days:
        return 0
    return await session.execute(
        "delete from comparison_text where at < now() - make_interval(days => %(days)s)",
        {"days": days},
    )


async def forget_groundless(session: WriteSession) -> int:
    """Remove the answers that rest on a document that is gone: nobody may read them any more; how many."""
    return await session.execute(
        "delete from comparison_answer where exists ("
        " select from unnest(documents) as one(id)"
        " where not exists (select from document where document.id = one.id))"
    )
