"""When what was committed is on disk, for those who had something to do meanwhile."""

import asyncio

from centaure.kit.database import Database

_TOGETHER_S = 0.005


class Flushes:
    """Sees that commits which did not wait for the disk are on it; for one event loop.

    Those that come within five milliseconds, or while one write is under way, wait for the next together.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def after_now(self) -> "asyncio.Task[None]":
        """Ends when all that was committed by now is on disk; others wait for it too: shield it.

        It raises `Unavailable` where nobody knows whether it is.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._flush())
            self._tasks.add(self._next)
            self._next.add_done_callback(self._over)
        return self._next

    async def close(self) -> None:
        """Wait for what is being written."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _flush(self) -> None:
        await asyncio.sleep(_TOGETHER_S)  # what follows the commit goes first
        async with self._writing:
            self._next = None  # what is committed from now on may come too late for this one
            await self._database.flush()

    def _over(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever needs to know waits for it: nobody else is told
