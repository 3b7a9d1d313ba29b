"""What did not wait for the disk is on it when somebody asks, and those who ask together wait once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from centaure.app.installation import Installation
from centaure.kit.database import Database
from centaure.kit.errors import Unavailable
from centaure.kit.flushing import Flushes

pytestmark = pytest.mark.anyio


class Slow:
    """A database whose writes end when they are told to; it counts those that began."""

    def __init__(self) -> None:
        self.began = 0
        self.ended: asyncio.Queue[Exception | None] = asyncio.Queue()

    async def flush(self) -> None:
        self.began += 1
        if (error := await self.ended.get()) is not None:
            raise error


@pytest.fixture
async def owner(clean: Installation) -> AsyncIterator[Database]:
    opened = clean.database("owner")
    yield opened
    await opened.close()


async def begun(slow: Slow, number: int) -> None:
    async with asyncio.timeout(10):
        while slow.began < number:  # noqa: ASYNC110 - it is a counter
            await asyncio.sleep(0.001)


async def test_what_was_committed_is_on_disk_after_a_flush(owner: Database) -> None:
    insert = "insert into source (name, location) values ('flushed', '/a') returning 1"
    off = ("select current_setting('synchronous_commit')", None)
    assert await owner.together(None, off, (insert, None), durable=False) == [[("off",)], [(1,)]]
    assert await owner.together(None, off) == [[("on",)]]
    where = "select cast(pg_current_wal_insert_lsn() as text) as place"
    written = await owner.lookup(where)
    await owner.flush()
    reached = "select pg_current_wal_flush_lsn() >= cast(%(place)s as pg_lsn) as reached"
    assert (await owner.lookup(reached, {"place": written.place})).reached


async def test_the_role_of_the_application_may_flush(database: Database) -> None:
    await database.flush()


async def test_those_who_come_while_one_writes_wait_for_the_next_together() -> None:
    slow = Slow()
    flushes = Flushes(cast("Any", slow))
    first = flushes.after_now()
    assert flushes.after_now() is first  # it has not begun
    await begun(slow, 1)
    second = flushes.after_now()
    assert second is not first
    assert flushes.after_now() is second
    slow.ended.put_nowait(None)
    await first
    await begun(slow, 2)
    assert not second.done()
    slow.ended.put_nowait(None)
    await flushes.close()
    assert second.done()


async def test_a_write_that_fails_fails_those_who_waited_for_it_alone() -> None:
    slow = Slow()
    flushes = Flushes(cast("Any", slow))
    first = flushes.after_now()
    slow.ended.put_nowait(Unavailable("The database does not answer."))
    with pytest.raises(Unavailable):
        await asyncio.shield(first)
    second = flushes.after_now()
    slow.ended.put_nowait(None)
    await second
