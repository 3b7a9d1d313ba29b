"""How a command works: one installation, one role, one event loop."""

import asyncio
import contextlib
import resource
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from centaure.app.installation import Installation, open_installation
from centaure.identity import find_user
from centaure.kit.database import Database, Role

T = TypeVar("T")
MANY = 65_536


@dataclass(frozen=True, slots=True)
class Somebody:
    """Whose rights hold, without a key."""

    id: int
    key_id: int | None = None


def run(role: Role, work: Callable[[Database, Installation], Awaitable[T]]) -> T:
    """Do some work with connections of a role, and close everything after it."""
    with open_installation() as installation:

        async def with_database() -> T:
            database = installation.database(role)
            try:
                return await work(database, installation)
            finally:
                await database.close()

        return asyncio.run(with_database())


def serve_until_done(main: Coroutine[Any, Any, None]) -> None:
    """Run what holds thousands of connections, in uvloop's event loop."""
    import uvloop  # noqa: PLC0415 - commands that serve nothing do without

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


def allow_many_connections() -> None:
    """Let this process hold thousands of them, as far as the system allows: each one is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY if hard == resource.RLIM_INFINITY else min(MANY, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def acting_as(installation: Installation, login: str) -> int:
    """The principal behind `--as LOGIN`.

    Whoever runs the command line holds the installation's secret and could act as anybody anyway; the
    transaction that follows is under row level security as that person.

    Raises:
        NotFound: there is no such user.
    """
    owner = installation.database("owner")
    try:
        async with owner.read(None) as session:
            return (await find_user(session, login)).id
    finally:
        await owner.close()
