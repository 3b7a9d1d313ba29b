"""Transactions as one database role, for one principal.

The application never owns what it reads: it connects as a role under row level security, and every
transaction names its principal, from which the database itself derives groups, clearance and rights.
Without a principal every table of content reads as empty.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from centaure.kit.errors import Unavailable

Role = Literal["app", "indexer", "owner"]

SEARCH_PATH = "centaure,public"
QUERY_CANCELED = "57014"


class ReadSession(AsyncSession):
    """One transaction that cannot write: PostgreSQL refuses it."""


class WriteSession(ReadSession):
    """One transaction that may write; what can read can be done in it as well."""


class Database:
    """The way to the database for one role of one process.

    Args:
        url: address of the database, with the role's name and password.
        pool_size: most connections held at once; a further request waits ten seconds for one.
        statement_timeout_ms: longest time of one statement; 0 is no limit.
    """

    def __init__(
        self, url: URL | str, *, pool_size: int = 10, statement_timeout_ms: int = 0
    ) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        options = (
            f"-c search_path={SEARCH_PATH} -c statement_timeout={statement_timeout_ms} "
            "-c idle_in_transaction_session_timeout=600000 -c jit=off -c timezone=UTC"
        )
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,  # they hold the words of documents, and errors go to logs
            connect_args={"options": options, "connect_timeout": 10},
        )

    @property
    def conninfo(self) -> str:
        """The address in the form that psycopg reads."""
        plain = self.url.set(drivername="postgresql")
        return plain.render_as_string(hide_password=False)

    @asynccontextmanager
    async def read(self, principal: int | None) -> AsyncGenerator[ReadSession]:
        """One read-only transaction as the principal; `None` sees no content."""
        async with (
            _sentences(),
            ReadSession(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            await session.execute(_BEGIN, {"principal": _spelled(principal), "read_only": "on"})
            yield session

    @asynccontextmanager
    async def write(self, principal: int | None) -> AsyncGenerator[WriteSession]:
        """One transaction as the principal, committed at the end, rolled back on any error."""
        async with (
            _sentences(),
            WriteSession(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            await session.execute(_BEGIN, {"principal": _spelled(principal), "read_only": "off"})
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


_BEGIN = text(
    "select set_config('centaure.principal', :principal, true),"
    " set_config('transaction_read_only', :read_only, true)"
)


def _spelled(principal: int | None) -> str:
    return "" if principal is None else str(principal)


@asynccontextmanager
async def _sentences() -> AsyncGenerator[None]:
    """Turn the faults of a database that is away or late into sentences."""
    try:
        yield
    except OperationalError as error:
        raise Unavailable(
            "The database does not answer. It may be starting; try again in a few seconds."
        ) from error
    except TimeoutError as error:
        raise Unavailable("Too many requests are waiting for the database. Try again.") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == QUERY_CANCELED:
            raise Unavailable("The database took too long. Make the question simpler.") from error
        raise
