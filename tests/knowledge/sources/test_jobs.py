"""The worker synchronises on demand and on schedule, each request once."""

from contextlib import suppress
from typing import Any

import pytest

from centaure.kit.database import Database
from centaure.kit.errors import Unavailable
from centaure.kit.jobs import open_queue
from centaure.knowledge.sources.jobs import jobs, request_sync, sync_due
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.repository import due_sources

pytestmark = pytest.mark.anyio


async def work(library: Any, database: Database) -> None:
    queue = open_queue(database, {"sources": jobs})
    async with queue.open_async():
        await queue.run_worker_async(
            wait=False,
            additional_context={"database": library.indexer, "parsers": 1, "places": Places()},
            install_signal_handlers=False,
        )


async def states(library: Any) -> list[str]:
    return [str(row[0]) for row in await library.rows("select state from sync_run order by id")]


async def test_a_request_and_its_job_commit_together_and_are_done_once(library: Any) -> None:
    queue = open_queue(library.indexer, {"sources": jobs})
    async with queue.open_async():
        with suppress(LookupError):
            async with library.indexer.write(None) as session:
                await request_sync(session, queue, library.source_id, None)
                raise LookupError
        assert await states(library) == []
        asked = []
        for _ in range(3):
            async with library.indexer.write(None) as session:
                asked.append((await request_sync(session, queue, library.source_id, None)).id)
    assert len(set(asked)) == 1
    await work(library, library.indexer)
    assert await states(library) == ["succeeded"]
    assert await library.sees("alice") == {"notes.md"}


async def test_a_source_is_due_by_its_schedule_or_by_a_request(library: Any) -> None:
    async def due() -> bool:
        async with library.indexer.read(None) as session:
            return library.source_id in await due_sources(session)

    assert await due()
    await library.sync()
    assert not await due()
    async with library.indexer.write(None) as session:
        await session.execute("update sync_run set finished_at = now() - interval '61 minutes'")
    assert await due()
    async with library.indexer.write(None) as session:
        await session.execute("update source set schedule_minutes = null")
    assert not await due()


async def test_the_tick_asks_for_what_is_due(library: Any) -> None:
    queue = open_queue(library.indexer, {"sources": jobs})
    async with queue.open_async():
        await queue.configure_task("sources:sync_due").defer_async(timestamp=0)
    assert sync_due.queueing_lock == "sources:sync_due"
    await work(library, library.indexer)
    assert await states(library) == ["succeeded"]


async def test_a_run_cut_short_is_continued_by_the_next_job(library: Any) -> None:
    async with library.indexer.write(None) as session:
        await session.execute(
            "insert into sync_run (source_id, state, attempt) values (%(source)s, 'running', 1)",
            {"source": library.source_id},
        )
    queue = open_queue(library.indexer, {"sources": jobs})
    async with queue.open_async():
        await queue.configure_task("sources:sync").defer_async(source_id=library.source_id)
    await work(library, library.indexer)
    assert await states(library) == ["succeeded"]


@pytest.mark.parametrize(
    ("twin", "ends"), [(False, ["succeeded"]), (True, ["failed", "succeeded"])]
)
async def test_the_job_of_a_dead_worker_is_done_by_another(
    library: Any, owner_connection: Any, *, twin: bool, ends: list[str]
) -> None:
    """Also where the next synchronisation was asked for meanwhile: only one of them may wait."""
    worker = owner_connection.execute(
        "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id"
    ).fetchone()
    insert = (
        "insert into procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
        " values ('default', 'sources:sync', %(lock)s, %(lock)s, %(args)s, %(status)s, %(worker)s)"
    )
    values = {
        "lock": f"source-{library.source_id}",
        "args": f'{{"source_id": {library.source_id}}}',
    }
    owner_connection.execute(insert, {**values, "status": "doing", "worker": worker[0]})
    if twin:
        owner_connection.execute(insert, {**values, "status": "todo", "worker": None})
    queue = open_queue(library.indexer, {"sources": jobs})
    async with queue.open_async():
        await queue.configure_task("housekeeping:retry_stalled").defer_async(timestamp=0)
    await work(library, library.indexer)
    done = owner_connection.execute(
        "select cast(status as text) from procrastinate_jobs where task_name = 'sources:sync' order by id"
    ).fetchall()
    assert [status for (status,) in done] == ends
    assert await states(library) == ["succeeded"]


async def test_a_fault_of_the_database_does_not_block_the_source(
    library: Any, owner_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next synchronisation waits already when one fails: both end."""
    queue = open_queue(library.indexer, {"sources": jobs}, pool_size=1)
    lock = f"source-{library.source_id}"
    task = queue.configure_task("sources:sync", lock=lock, queueing_lock=lock)
    tried = 0

    async def fail(*_: object, **__: object) -> None:
        nonlocal tried
        tried += 1
        if tried == 1:
            await task.defer_async(source_id=library.source_id)
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr("centaure.knowledge.sources.jobs.sync_source", fail)
    async with queue.open_async():
        await task.defer_async(source_id=library.source_id)
        await work(library, library.indexer)
    left = owner_connection.execute(
        "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
    ).fetchone()
    assert (tried, left) == (2, (0,))
