"""The database sees a principal or shows nothing, and a read session cannot write."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator

import anyio
import psycopg
import pytest
from psycopg import Error
from psycopg.conninfo import make_conninfo

from centaure.app.installation import Installation
from centaure.kit import database as module
from centaure.kit.database import Database
from centaure.kit.errors import Unavailable

pytestmark = pytest.mark.anyio


async def test_a_transaction_names_its_principal_and_forgets_it(database: Database) -> None:
    async with database.read(7) as session:
        assert await session.value("select current_principal()") == 7
    async with database.read(None) as session:
        assert await session.value("select current_principal()") is None
        assert await session.value("select current_principals()") == []


async def test_a_read_session_cannot_write(database: Database) -> None:
    with pytest.raises(Error, match="read-only transaction"):
        async with database.read(1) as session:
            await session.execute("insert into source (name, location) values ('a', '/a')")


async def test_a_read_session_cannot_be_made_to_write(database: Database) -> None:
    with pytest.raises(Error, match="must be set before any query"):
        async with database.read(1) as session:
            await session.execute("set transaction read write")


async def test_a_session_ends_with_its_transaction(database: Database) -> None:
    async with database.read(1) as session:
        pass
    with pytest.raises(RuntimeError, match="is over"):
        await session.rows("select 1")


async def test_an_error_that_was_swallowed_is_told_at_the_end(database: Database) -> None:
    async def swallow() -> None:
        async with database.write(1) as session:
            with contextlib.suppress(Error):
                await session.rows("select 1 / 0")

    with pytest.raises(RuntimeError, match="nothing was written"):
        await swallow()


@pytest.fixture
async def narrow(clean: Installation) -> AsyncIterator[Database]:
    """Connections as the owner, one at a time."""
    opened = Database(clean.schema.conninfo("owner"), pool_size=1, statement_timeout_ms=300)
    yield opened
    await opened.close()


async def process_of(database: Database) -> int:
    async with database.read(None) as session:
        return await session.value("select pg_backend_pid()")


async def test_rows_come_by_name_and_as_many_as_were_asked_for(database: Database) -> None:
    one, two = "select 1 as n", "select generate_series(1, 2) as n"
    none = "select 1 as n where false"
    async with database.read(None) as session:
        assert [row.n for row in await session.rows(two)] == [1, 2]
        assert (await session.one(one)).n == await session.value(one) == 1
        assert await session.row(none) is await session.value(none) is None
        for call, statement in ((session.row, two), (session.one, none), (session.value, two)):
            with pytest.raises(LookupError):
                await call(statement)
        numbers = "select generate_series(1, %(last)s) as n"
        for last in (*range(1, 9), 2000, 2500):  # a statement is prepared after the fifth time
            streamed = [row.n async for row in session.stream(numbers, {"last": last})]
            assert streamed == [*range(1, last + 1)]
        assert await session.execute("select '100%'") == 1


async def test_a_lookup_is_nobodys_and_leaves_nothing_open(database: Database) -> None:
    async with database.read(7):
        pass
    row = await database.lookup("select current_principal() as who, %(n)s::int as n", {"n": 3})
    assert (row.who, row.n) == (None, 3)
    assert await database.lookup("select 1 where false") is None
    assert await database.lookup("select principal_id from user_account") is None
    with pytest.raises(LookupError):
        await database.lookup("select generate_series(1, 2)")
    with pytest.raises(Error, match="division by zero"):
        await database.lookup("select 1 / 0")
    assert (await database.lookup("select 1 as n")).n == 1


async def test_a_lookup_survives_a_server_that_began_anew(narrow: Database) -> None:
    process = await process_of(narrow)
    async with await psycopg.AsyncConnection.connect(narrow.conninfo, autocommit=True) as other:
        await other.execute("select pg_terminate_backend(%s, 5000)", [process])
    assert (await narrow.lookup("select pg_backend_pid() as pid")).pid != process
    with pytest.raises(Unavailable, match="took too long"):
        await narrow.lookup("select pg_sleep(1)")
    assert (await narrow.lookup("select 1 as n")).n == 1


async def test_statements_together_are_one_transaction_of_one_principal(narrow: Database) -> None:
    insert = "insert into source (name, location) values (%(name)s, '/a') returning name"
    count = "select count(*) as n from source where name like 'together%%'"
    now = ("select now() as at, current_principal() as who, pg_backend_pid() as pid", None)
    first, made, last = await narrow.together(7, now, (insert, {"name": "together"}), now)
    assert first == last
    assert (first[0].who, made) == (7, [("together",)])
    assert (await narrow.lookup("select current_principal() as who")).who is None
    assert (await narrow.together(None, now))[0][0].who is None
    with pytest.raises(psycopg.errors.UniqueViolation) as raised:
        await narrow.together(7, (insert, {"name": "together 2"}), (insert, {"name": "together"}))
    assert "together" not in str(raised.value)
    with pytest.raises(psycopg.errors.DivisionByZero):
        await narrow.together(7, ("select 1 / 0", None), (insert, {"name": "together 3"}))
    assert (await narrow.lookup(count)).n == 1
    for _ in range(10):  # prepared by now
        assert await narrow.together(7, (count, {}), (count, {})) == [[(1,)], [(1,)]]


async def test_statements_together_survive_a_server_that_began_anew(narrow: Database) -> None:
    process = await process_of(narrow)
    async with await psycopg.AsyncConnection.connect(narrow.conninfo, autocommit=True) as other:
        await other.execute("select pg_terminate_backend(%s, 5000)", [process])
    pid = ("select pg_backend_pid() as pid", None)
    assert (await narrow.together(7, pid))[0][0].pid != process
    with pytest.raises(Unavailable, match="took too long"):
        await narrow.together(7, ("select 1 from pg_sleep(1)", None))
    assert (await narrow.together(7, ("select current_principal()", None))) == [[(7,)]]


async def test_statements_together_that_nobody_waits_for_leave_nothing_open(
    database: Database,
) -> None:
    waiting = asyncio.create_task(database.together(7, ("select 1 from pg_sleep(30)", None)))
    await asyncio.sleep(0.2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(5):
        assert (await database.lookup("select current_principal() as who")).who is None
        assert await database.together(8, ("select current_principal()", None)) == [[(8,)]]


async def test_an_error_rolls_back_and_says_no_words_of_documents(narrow: Database) -> None:
    insert = "insert into source (name, location) values (%(name)s, '/a')"
    async with narrow.write(None) as session:
        await session.execute(insert, {"name": "secret"})
    with pytest.raises(psycopg.errors.UniqueViolation) as raised:  # noqa: PT012 - in one transaction
        async with narrow.write(None) as session:
            await session.execute("delete from source")
            await session.execute(insert, {"name": "secret"})
            await session.execute(insert, {"name": "secret"})
    assert "unique constraint" in str(raised.value)
    assert "secret" not in str(raised.value)
    async with narrow.read(None) as session:
        assert await session.value("select count(*) from source where id > 0") == 1


async def test_connections_that_died_are_replaced(
    clean: Installation, database: Database, owner_connection, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.read(None), database.read(None), database.read(None):
        pass
    ended = owner_connection.execute(
        "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where usename = %s",
        [clean.schema.role_name("app")],
    ).fetchone()
    assert ended[0] >= 3
    with caplog.at_level(logging.ERROR):
        for _ in range(4):
            async with database.read(7) as session:
                assert await session.value("select current_principal()") == 7
    assert not caplog.records


async def test_a_connection_that_dies_in_a_transaction_is_a_sentence_and_is_replaced(
    narrow: Database, owner_connection
) -> None:
    with pytest.raises(Unavailable, match="does not answer"):  # noqa: PT012 - in one transaction
        async with narrow.write(None) as session:
            process = await session.value("select pg_backend_pid()")
            owner_connection.execute("select pg_terminate_backend(%s, 5000)", [process])
            await session.execute("select 1")
    assert await process_of(narrow) != process


async def test_a_server_that_is_away_and_a_full_pool_are_told_apart(
    narrow: Database, clean: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT_S", 0.3)
    away = Database(make_conninfo(clean.schema.conninfo("app"), host="127.0.0.1", port=1))
    with pytest.raises(Unavailable, match="does not answer"):
        await process_of(away)
    await away.close()
    async with narrow.read(None):
        with pytest.raises(Unavailable, match="Too many requests"):
            await process_of(narrow)
    await process_of(narrow)


async def test_a_statement_that_takes_too_long_is_a_sentence(narrow: Database) -> None:
    process = await process_of(narrow)
    with pytest.raises(Unavailable, match="took too long"):
        async with narrow.read(None) as session:
            await session.execute("select pg_sleep(5)")
    assert await process_of(narrow) == process


@pytest.mark.parametrize("level", ["once", "at every step"])
async def test_a_cancelled_request_leaves_nothing_behind(
    clean: Installation, owner_connection, level: str
) -> None:
    database = Database(clean.schema.conninfo("app"), pool_size=1)

    async def sleep() -> None:
        async with database.read(1) as session:
            await session.execute("select pg_sleep(5)")

    if level == "once":
        request = asyncio.create_task(sleep())
        await asyncio.sleep(0.3)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
    else:  # as the server of the API does when a client leaves
        with anyio.move_on_after(0.3):
            await sleep()
    with anyio.fail_after(2):
        assert await process_of(database)
        async with database.read(1) as session:
            assert await session.value("select current_principal()") == 1
    if level == "once":
        open_ones = owner_connection.execute(
            "select count(*) from pg_stat_activity where usename = %s and state <> 'idle'",
            [clean.schema.role_name("app")],
        ).fetchone()
        assert open_ones == (0,)
    await database.close()


async def test_a_request_that_is_cancelled_while_it_waits_takes_no_place(narrow: Database) -> None:
    async with narrow.read(None):
        waiting = [asyncio.create_task(process_of(narrow)) for _ in range(5)]
        await asyncio.sleep(0.05)
        for request in waiting:
            request.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    await process_of(narrow)


async def test_many_more_requests_than_connections_are_all_answered(clean: Installation) -> None:
    database = Database(clean.schema.conninfo("app"), pool_size=3)
    processes = await asyncio.gather(*(process_of(database) for _ in range(50)))
    assert len(set(processes)) <= 3
    await database.close()


async def test_the_roles_of_the_processes_own_nothing_and_cannot_bypass(
    clean: Installation, owner_connection
) -> None:
    for role in ("app", "indexer"):
        name = clean.schema.role_name(role)
        row = owner_connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
            " where rolname = %s",
            [name],
        ).fetchone()
        assert row == (False, False, False, False)
        owned = owner_connection.execute(
            "select relname from pg_class where pg_get_userbyid(relowner) = %s", [name]
        ).fetchall()
        assert owned == []


async def test_every_table_is_under_row_level_security_or_shows_nothing_to_the_application(
    clean: Installation, owner_connection
) -> None:
    app = clean.schema.role_name("app")
    rows = owner_connection.execute(
        "select relname from pg_class"
        " where relnamespace = 'centaure'::regnamespace and relkind = 'r'"
        " and not relrowsecurity and has_any_column_privilege(%s, oid, 'select')"
        " and relname not like 'procrastinate%%' order by relname",
        [app],
    ).fetchall()
    assert [row[0] for row in rows] == []


def test_once_closed_it_serves_another_event_loop(clean: Installation) -> None:
    database = clean.database("app")

    async def use() -> set[str]:
        await process_of(database)
        await database.close()
        return {task.get_name() for task in asyncio.all_tasks()} - {
            asyncio.current_task().get_name()
        }

    for _ in range(2):
        assert asyncio.run(use()) == set()
    gc.collect()
