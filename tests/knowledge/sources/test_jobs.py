"""The worker synchronises on demand and on schedule, each request once."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from centaure.kit.database import Database
from centaure.kit.errors import Unavailable
from centaure.kit.jobs import open_queue
from centaure.knowledge.sources.control import (
    Decision,
    Wish,
    fulfil,
    leave_wish,
    list_exclusions,
    next_wish,
)
from centaure.knowledge.sources.jobs import (
    hearing,
    jobs,
    request_decision,
    request_sync,
    sync_due,
)
from centaure.knowledge.sources.ledger import read_ledger
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.repository import due_sources, source_by_id
from centaure.knowledge.sources.runs import Run, wants_everything
from centaure.knowledge.sources.sync import SyncOptions, sync_source

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


async def curator_of(owner_connection: Any) -> int:
    """Carol, whom no rule lets read anything, with the role."""
    row = owner_connection.execute(
        "update user_account set roles = '{reader,curator}' where login = 'carol' returning principal_id"
    ).fetchone()
    return int(row[0])


async def wish(database: Database, library: Any, curator: int, *wishes: tuple[str, str]) -> None:
    queue = open_queue(database, {"sources": jobs})
    async with queue.open_async():
        for decision, path in wishes:
            async with database.write(curator) as session:
                wished = Wish(library.source_id, Decision(decision), path, curator)
                await request_decision(session, queue, wished)


async def names_shown(database: Database, library: Any, curator: int) -> set[str]:
    async with database.read(curator) as session:
        lines = await read_ledger(session, library.source_id)
        return {line.path for line in lines if line.status != "rights"}


async def test_a_curator_leaves_out_takes_back_and_is_told_no_name(
    library: Any, database: Database, owner_connection: Any
) -> None:
    await library.sync()
    curator = await curator_of(owner_connection)
    await wish(database, library, curator, ("exclude", "hr/"), ("exclude", "nowhere"))
    async with database.read(curator) as session:
        asked = await list_exclusions(session, library.source_id)
    assert [(one.path, one.excluded_at, one.asked) for one in asked] == [
        ("hr", None, Decision.EXCLUDE),
        ("nowhere", None, Decision.EXCLUDE),
    ]
    await work(library, library.indexer)
    assert set(await library.documents()) == {"notes.md"}
    assert await names_shown(database, library, curator) == set()
    async with database.read(curator) as session:
        done = await list_exclusions(session, library.source_id)
    assert [(one.path, one.asked) for one in done] == [("hr", None), ("nowhere", None)]
    await library.sync()
    assert await names_shown(database, library, curator) == set()
    await wish(database, library, curator, ("include", "hr"), ("include", "never"))
    async with library.indexer.write(curator) as session:
        taken = await next_wish(session)
        source = await source_by_id(session, library.source_id)
        assert await fulfil(session, source, taken)
        assert not await fulfil(session, source, taken)
    assert await names_shown(database, library, curator) == set()
    await work(library, library.indexer)
    assert set(await library.documents()) == {"notes.md", "hr/pay.txt"}
    assert await names_shown(database, library, curator) == set()
    recorded = owner_connection.execute(
        "select details ->> 'asked', details ->> 'did' from audit_event"
        " where action = 'source_change' and actor = %s order by id",
        (curator,),
    ).fetchall()
    assert recorded == [
        ("exclude", None), ("exclude", None), (None, "exclude"), (None, "exclude"),
        ("include", None), ("include", None), (None, "include"),
    ]  # fmt: skip


async def test_a_curator_has_a_file_read_again(
    library: Any, database: Database, owner_connection: Any
) -> None:
    await library.sync()
    curator = await curator_of(owner_connection)
    await wish(database, library, curator, ("read_again", "notes.md"), ("read_again", "absent"))
    await work(library, library.indexer)
    reports = await library.rows("select report -> 'changed' from sync_run order by id")
    assert reports == [(0,), (1,)]
    assert await library.rows("select count(*) from wish") == [(0,)]


async def test_nobody_but_a_curator_wishes_or_sees_wishes(
    library: Any, database: Database, owner_connection: Any
) -> None:
    await library.sync()
    curator = await curator_of(owner_connection)
    await wish(database, library, curator, ("exclude", "hr"))
    owner_connection.execute("insert into exclusion (source_id, path) values (1, 'x')")
    alice = owner_connection.execute(
        "select principal_id from user_account where login = 'alice'"
    ).fetchone()[0]
    async with database.read(alice) as session:
        assert await list_exclusions(session, library.source_id) == []
    for who, named in ((alice, alice), (curator, alice)):
        with pytest.raises(InsufficientPrivilege):
            async with database.write(who) as session:
                await leave_wish(session, Wish(library.source_id, Decision.EXCLUDE, "hr", named))


async def test_a_wish_that_lost_its_job_is_done_by_the_tick(
    library: Any, database: Database, owner_connection: Any
) -> None:
    await library.sync()
    curator = await curator_of(owner_connection)
    async with database.write(curator) as session:
        await leave_wish(session, Wish(library.source_id, Decision.EXCLUDE, "hr", curator))
    queue = open_queue(library.indexer, {"sources": jobs})
    async with queue.open_async():
        await queue.configure_task("sources:sync_due").defer_async(timestamp=0)
    await work(library, library.indexer)
    assert set(await library.documents()) == {"notes.md"}


async def test_a_wish_is_heard_while_a_synchronisation_works(
    library: Any, database: Database, owner_connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.sync()
    curator = await curator_of(owner_connection)
    async with database.write(curator) as session:
        await leave_wish(session, Wish(library.source_id, Decision.EXCLUDE, "hr", curator))
    monkeypatch.setattr("centaure.knowledge.sources.jobs._HEAR_S", 0.01)
    queue = open_queue(library.indexer, {"sources": jobs})
    async with queue.open_async(), hearing(library.indexer, queue):
        for _ in range(200):
            await asyncio.sleep(0.05)
            if set(await library.documents()) == {"notes.md"}:
                break
    assert set(await library.documents()) == {"notes.md"}


async def test_a_person_has_everything_listed(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    full: list[bool] = []

    async def noted(database: Database, source_id: int, *, options: SyncOptions) -> Run:
        full.append(options.full)
        return await sync_source(database, source_id, options=options)

    monkeypatch.setattr("centaure.knowledge.sources.jobs.sync_source", noted)
    await library.sync()
    queue = open_queue(library.indexer, {"sources": jobs})
    async with queue.open_async(), library.indexer.write(None) as session:
        await request_sync(session, queue, library.source_id, None)
        run = await request_sync(session, queue, library.source_id, None, full=True)
        assert run.full_listing
    async with library.indexer.read(None) as session:
        assert not await wants_everything(session, library.source_id)
    await library.sync()
    async with library.indexer.read(None) as session:
        assert await wants_everything(session, library.source_id)
    await work(library, library.indexer)
    assert full == [True]
