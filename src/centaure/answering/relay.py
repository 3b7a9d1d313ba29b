"""A generator that is run in one task, whoever takes its pieces."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from centaure.kit.errors import CentaureError

log = logging.getLogger(__name__)

Piece = TypeVar("Piece")

_END = object()


class Relay(Generic[Piece]):
    """The pieces of a generator, in order, as an asynchronous iterator.

    The generator runs in one task from its beginning to its end, since time limits and cancellation belong to
    a task; its pieces may be taken in another, and its error is raised there.

    Args:
        pieces: what is run, from now on, in the running event loop; ends by itself.
    """

    def __init__(self, pieces: AsyncGenerator[Piece]) -> None:
        self._queue = asyncio.Queue[Any]()
        self._task = asyncio.create_task(self._run(pieces))
        self._task.add_done_callback(lambda _: self._queue.put_nowait(_END))

    def __aiter__(self) -> "Relay[Piece]":
        return self

    async def __anext__(self) -> Piece:
        piece = await self._queue.get()
        if piece is not _END:
            return piece
        self._queue.put_nowait(_END)  # for whoever asks again
        if not self._task.cancelled():
            self._task.result()
        raise StopAsyncIteration

    @property
    def ended(self) -> bool:
        """Whether the generator has come to its end, however it did."""
        return self._task.done()

    @property
    def stopped(self) -> bool:
        """Whether it ended because it was stopped."""
        return self._task.cancelled()

    async def first(self, gone: Callable[[], Awaitable[None]]) -> Piece | None:
        """The first piece; None: nobody waits for it any more, and the generator is ended.

        Args:
            gone: comes back once nobody waits.
        """
        taking = asyncio.ensure_future(anext(self))
        leaving = asyncio.ensure_future(gone())
        try:
            await asyncio.wait({taking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if taking.done():
                return taking.result()
            return None
        finally:
            if not taking.done():
                await self.close()
            taking.cancel()
            leaving.cancel()
            await asyncio.gather(taking, leaving, return_exceptions=True)

    def stop(self) -> None:
        """End the generator where it is; what it gave so far can still be taken, and then that was all."""
        if not self._task.cancelling():  # it is not disturbed while it tidies up
            self._task.cancel()

    async def close(self) -> None:
        """End the generator, and wait until it has tidied up."""
        self.stop()
        await asyncio.wait({self._task})

    def afterwards(self, told: Callable[[], object]) -> None:
        """Tell somebody once the generator has come to its end, however it did."""
        self._task.add_done_callback(lambda _: told())

    def leave(self) -> None:
        """Let the generator come to its end, though nobody takes its pieces any more."""
        self._task.add_done_callback(_log_error)

    async def _run(self, pieces: AsyncGenerator[Piece]) -> None:
        async with aclosing(pieces):
            async for piece in pieces:
                self._queue.put_nowait(piece)


def _log_error(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, CentaureError):
        log.error("What nobody waited for failed.", exc_info=error)
