"""Transactions as one database role, for one principal.

The application never owns what it reads: it connects as a role under row level security, and every
transaction names its principal, from which the database itself derives groups, clearance and rights.
Without a principal every table of content reads as empty.

Statements are SQL with `%(name)s` where a parameter goes, and their text is known before the program runs:
what people write travels beside it.
"""

import select
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal, LiteralString, NamedTuple, TypeAlias

import anyio
from psycopg import AsyncConnection, Error, OperationalError
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from centaure.kit.database_faults import AWAY, in_sentences
from centaure.kit.errors import Unavailable

Role = Literal["app", "indexer", "owner"]
Row: TypeAlias = Any
"""A named tuple; the statement names its fields."""
Parameters = Mapping[str, Any]
Statement = tuple[LiteralString, Parameters | None]
_Connection = AsyncConnection[NamedTuple]
_Pool = AsyncConnectionPool[_Connection]

SEARCH_PATH = "centaure,public"
CONNECT_TIMEOUT_S = 10
_WAIT_S = 10.0
_RECONNECT_S = 5.0  # of one attempt to replace a connection: the next request begins another
_ROLLBACK_S = 10.0
_FETCH_STREAMED: LiteralString = "fetch forward 1000 from streamed"
_NAME = "select set_config('centaure.principal', %s, true) as principal"
_NAME_SOON = f"{_NAME}, set_config('synchronous_commit', 'off', true) as committed"
_BUSY = "Too many requests are waiting for the database. Try again."


class ReadSession:
    """One transaction that cannot write: PostgreSQL refuses it.

    Args:
        connection: in the transaction, which others begin and end.
    """

    def __init__(self, connection: _Connection) -> None:
        self._connection: _Connection | None = connection

    @property
    def connection(self) -> _Connection:
        """What the transaction is on.

        Raises:
            RuntimeError: the transaction is over, and the connection may be somebody else's.
        """
        if self._connection is None:
            raise RuntimeError("The transaction of this session is over.")
        return self._connection

    def end(self) -> None:
        """Forget the connection."""
        self._connection = None

    async def rows(
        self, statement: LiteralString, parameters: Parameters | None = None
    ) -> list[Row]:
        """Every row of a statement."""
        cursor = await self.connection.execute(statement, parameters)
        return await cursor.fetchall()

    async def row(
        self, statement: LiteralString, parameters: Parameters | None = None
    ) -> Row | None:
        """The row of a statement that gives one or none.

        Raises:
            LookupError: it gave several.
        """
        rows = await self.rows(statement, parameters)
        if len(rows) > 1:
            raise LookupError(f"One row was expected at most, and {len(rows)} came.")
        return rows[0] if rows else None

    async def one(self, statement: LiteralString, parameters: Parameters | None = None) -> Row:
        """The row of a statement that gives exactly one.

        Raises:
            LookupError: it gave none, or several.
        """
        row = await self.row(statement, parameters)
        if row is None:
            raise LookupError("One row was expected, and none came.")
        return row

    async def value(self, statement: LiteralString, parameters: Parameters | None = None) -> Any:
        """The first column of the row of a statement that gives one or none; None without a row.

        Raises:
            LookupError: it gave several rows.
        """
        row = await self.row(statement, parameters)
        return None if row is None else row[0]

    async def stream(
        self, statement: LiteralString, parameters: Parameters | None = None
    ) -> AsyncGenerator[Row]:
        """The rows of a statement, 1,000 in memory at once; one statement at a time, to its last row."""
        await self.execute("declare streamed no scroll cursor for " + statement, parameters)
        while rows := await self.rows(_FETCH_STREAMED):
            for row in rows:
                yield row
        await self.execute("close streamed")

    async def execute(self, statement: LiteralString, parameters: Parameters | None = None) -> int:
        """How many rows a statement gave or changed."""
        return (await self.connection.execute(statement, parameters)).rowcount


class WriteSession(ReadSession):
    """One transaction that may write; what can read can be done in it as well."""


class Database:
    """The way to the database for one role of one process.

    Connections are made when they are needed, in the event loop that needs them; once closed, it may be
    used again, in another loop too.

    Args:
        conninfo: address of the database as psycopg reads it, with the role's name and password.
        pool_size: most connections held at once; a further request waits ten seconds for one.
        statement_timeout_ms: longest time of one statement; 0 is no limit.
    """

    def __init__(
        self, conninfo: str, *, pool_size: int = 10, statement_timeout_ms: int = 0
    ) -> None:
        self.conninfo = conninfo
        self._pool_size = pool_size
        self._options = (
            f"-c search_path={SEARCH_PATH} -c statement_timeout={statement_timeout_ms} "
            "-c idle_in_transaction_session_timeout=600000 -c jit=off -c timezone=UTC"
        )
        self._pool: _Pool | None = None
        self._lent = 0

    @asynccontextmanager
    async def read(
        self, principal: int | None, within: int | None = None
    ) -> AsyncGenerator[ReadSession]:
        """One read-only transaction as the principal; `None` sees no content.

        Args:
            principal: whom it acts for.
            within: a conversation of theirs, whose files show in this transaction.
        """
        async with self._transaction("read only", principal, within) as connection:
            session = ReadSession(connection)
            try:
                yield session
            finally:
                session.end()

    @asynccontextmanager
    async def write(
        self, principal: int | None, within: int | None = None
    ) -> AsyncGenerator[WriteSession]:
        """One transaction as the principal, committed at the end, rolled back on any error.

        Args:
            principal: whom it acts for.
            within: as in `read`.
        """
        async with self._transaction("read write", principal, within) as connection:
            session = WriteSession(connection)
            try:
                yield session
            finally:
                session.end()

    async def lookup(
        self, statement: LiteralString, parameters: Parameters | None = None
    ) -> Row | None:
        """The row of one statement that reads, for nobody, in one round trip and no transaction around it.

        For what must be known before there is a principal; None: there is none.

        Raises:
            LookupError: it gave several rows.
        """
        with in_sentences():
            pool = await self._open_pool()
            for _ in range(self._pool_size + 1):
                connection = await self._take(pool)
                try:
                    cursor = await connection.execute(statement, parameters)
                    rows = await cursor.fetchall()
                except OperationalError:
                    if not connection.broken:
                        raise
                else:
                    if len(rows) > 1:
                        raise LookupError(f"One row was expected at most, and {len(rows)} came.")
                    return rows[0] if rows else None
                finally:
                    await self._give_back(pool, connection)
            raise Unavailable(AWAY)

    async def together(
        self, principal: int | None, *statements: Statement, durable: bool = True
    ) -> list[list[Row]]:
        """The rows of each of some statements, in one transaction as the principal and in one round trip.

        For what every request waits for. They are sent at once, so none can use what another gave; each
        gives rows, and one that fails undoes all.

        Args:
            principal: as in `write`.
            statements: each with its parameters.
            durable: whether what they wrote is on disk when this returns; else everybody sees it, and a
                crash of the database may still lose it until `flush` was waited for.
        """
        name = _NAME if durable else _NAME_SOON
        with in_sentences():
            pool = await self._open_pool()
            connection = await self._take_alive(pool)
            try:
                # What PostgreSQL is sent up to the end of a pipeline is one transaction.
                async with connection.pipeline():
                    await connection.execute(name, (_number(principal),))
                    cursors = [await connection.execute(*statement) for statement in statements]
                return [await cursor.fetchall() for cursor in cursors]
            finally:
                await self._give_back(pool, connection)

    async def flush(self) -> None:
        """Wait until all that was committed by now is on disk.

        A commit that wrote something waits for all that was written before it: this one writes a message
        that nobody reads.
        """
        await self.together(None, ("select pg_logical_emit_message(true, 'centaure', '')", None))

    async def close(self) -> None:
        """Close every connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    @asynccontextmanager
    async def _transaction(
        self, mode: Literal["read only", "read write"], principal: int | None, within: int | None
    ) -> AsyncGenerator[_Connection]:
        settings = f"set_config('centaure.principal', '{_number(principal)}', true)"
        if within is not None:
            settings += f", set_config('centaure.within', '{_number(within)}', true)"
        # Both in one round trip. The second takes the transaction's snapshot: once there is one, nothing
        # makes a read-only transaction writable.
        begin = f"begin {mode}; select {settings}"
        with in_sentences():
            pool = await self._open_pool()
            connection = await self._begin(pool, begin.encode())
            try:
                yield connection
                if connection.info.transaction_status == TransactionStatus.INERROR:
                    raise RuntimeError(
                        "A statement failed and its error was lost: nothing was written."
                    )
                await connection.commit()
            finally:
                await self._give_back(pool, connection)

    async def _open_pool(self) -> _Pool:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                self.conninfo,
                kwargs={
                    "autocommit": True,
                    "row_factory": namedtuple_row,
                    "options": self._options,
                    "connect_timeout": CONNECT_TIMEOUT_S,
                },
                min_size=0,
                max_size=self._pool_size,
                open=False,
                timeout=_WAIT_S,
                reconnect_timeout=_RECONNECT_S,
            )
        await self._pool.open()  # does nothing when it is open
        return self._pool

    async def _begin(self, pool: _Pool, begin: bytes) -> _Connection:
        """Begin a transaction on a connection that lives: those that a restart left dead are dropped."""
        for _ in range(self._pool_size + 1):
            connection = await self._take(pool)
            try:
                await connection.execute(begin, prepare=False)
            except OperationalError:
                await connection.close()
                await self._give_back(pool, connection)
            except BaseException:
                await self._give_back(pool, connection)
                raise
            else:
                return connection
        raise Unavailable(AWAY)

    async def _take_alive(self, pool: _Pool) -> _Connection:
        """A connection that lives: one that a restart left dead has its end to be read."""
        for _ in range(self._pool_size + 1):
            connection = await self._take(pool)
            waiting = select.poll()
            waiting.register(connection.fileno(), select.POLLIN)
            if not waiting.poll(0):
                return connection
            await connection.close()
            await self._give_back(pool, connection)
        raise Unavailable(AWAY)

    async def _take(self, pool: _Pool) -> _Connection:
        try:
            connection = await pool.getconn()
        except PoolTimeout as error:
            busy = self._lent >= self._pool_size
            raise Unavailable(_BUSY if busy else AWAY) from error
        self._lent += 1
        return connection

    async def _give_back(self, pool: _Pool, connection: _Connection) -> None:
        """Return a connection with no transaction on it, even while its request is being cancelled."""
        with anyio.CancelScope(shield=True):
            try:
                if connection.info.transaction_status != TransactionStatus.IDLE:
                    with anyio.fail_after(_ROLLBACK_S):
                        await connection.rollback()
            except (Error, TimeoutError):  # it is dead, or still in the middle of a statement
                await connection.close()
            finally:
                self._lent -= 1
                await pool.putconn(connection)


def _number(number: int | None) -> str:
    return "" if number is None else f"{number:d}"
