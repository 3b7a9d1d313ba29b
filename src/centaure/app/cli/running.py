"""How a command works: one installation, one role, one event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from centaure.app.installation import Installation, open_installation
from centaure.identity import find_user
from centaure.kit.database import Database, Role

T = TypeVar("T")


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
