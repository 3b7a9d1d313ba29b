"""Transactions as one database role, for one principal.

The application never owns what it reads: it connects as a role under row level security, and every
transaction names its principal, from which the database itself derives groups, clearance and rights.
Without a principal every table of content reads as empty.

Statements are SQL with `%(name)s` where a parameter goes, and their text is known before the program runs:
what people write travels beside it.
"""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Literal, LiteralString, NamedTuple, TypeAlias

import anyio
from psycopg import AsyncConnection, Error, OperationalError
from psycopg.errors import QueryCanceled
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from centaure.kit.errors import Unavailable

Role = Literal["app", "indexer", "owner"]
Row: TypeAlias = Any
"""A named tuple; the statement names its fields."""
Parameters = Mapping[str, Any]
_Connection = AsyncConnection[NamedTuple]
_Pool = AsyncConnectionPool[_Connection]

SEARCH_PATH = "centaure,public"
CONNECT_TIMEOUT_S = 10
_WAIT_S = 10.0
_RECONNECT_S = 5.0  # of one attempt to replace a connection: the next request begins another
_ROLLBACK_S = 10.0
_STREAMED_AT_ONCE = 1000
_AWAY = "The database does not answer. It may be starting; try again in a few seconds."
_REFUSED = "The database could not do this now; its log says why. Try again in a few seconds."
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
        """The rows of a statement, 1,000 in memory at once; one statement at a time."""
        async with self.connection.cursor("streamed") as cursor:
            cursor.itersize = _STREAMED_AT_ONCE
            await cursor.execute(statement, parameters)
            async for row in cursor:
                yield row

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
    async def read(self, principal: int | None) -> AsyncGenerator[ReadSession]:
        """One read-only transaction as the principal; `None` sees no content."""
        async with self._transaction("read only", principal) as connection:
            session = ReadSession(connection)
            try:
                yield session
            finally:
                session.end()

    @asynccontextmanager
    async def write(self, principal: int | None) -> AsyncGenerator[WriteSession]:
        """One transaction as the principal, committed at the end, rolled back on any error."""
        async with self._transaction("read write", principal) as connection:
            session = WriteSession(connection)
            try:
                yield session
            finally:
                session.end()

    async def close(self) -> None:
        """Close every connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    @asynccontextmanager
    async def _transaction(
        self, mode: Literal["read only", "read write"], principal: int | None
    ) -> AsyncGenerator[_Connection]:
        named = "" if principal is None else f"{principal:d}"
        # Both in one round trip. The second takes the transaction's snapshot: once there is one, nothing
        # makes a read-only transaction writable.
        begin = f"begin {mode}; select set_config('centaure.principal', '{named}', true)"
        with _sentences():
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
        raise Unavailable(_AWAY)

    async def _take(self, pool: _Pool) -> _Connection:
        try:
            connection = await pool.getconn()
        except PoolTimeout as error:
            busy = self._lent >= self._pool_size
            raise Unavailable(_BUSY if busy else _AWAY) from error
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


@contextmanager
def _sentences() -> Generator[None]:
    """Turn the faults of a database that is away or late into sentences.

    What remains of an error is its first line: the others may hold the words of documents, and errors go
    to logs.
    """
    try:
        yield
    except QueryCanceled as error:
        raise Unavailable("The database took too long. Make the question simpler.") from error
    except OperationalError as error:
        away = error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
        raise Unavailable(_AWAY if away else _REFUSED) from error
    except Error as error:
        error.args = (error.diag.message_primary or str(error).partition("\n")[0],)
        raise
