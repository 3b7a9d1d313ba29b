"""A file while it arrives: on disk, never whole in memory, within a limit of size and of time.

Nobody has more than a few arrive at once, so that nobody fills the disk alone.
"""

import asyncio
import hashlib
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import IO

import anyio.to_thread

from centaure.kit.errors import InvalidInput, TooManyRequests

ARRIVES_S = 900.0
"""Longest time that a file takes to arrive."""
PATIENCE_S = 30.0
"""Time that any file may take, however small."""
SLOWEST = 10_000
"""Bytes a second that one brings after that, on the whole: less is somebody who holds a place."""
MOST_AT_ONCE = 4
"""Files of one account that arrive in one process."""
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that arrived whole.

    Attributes:
        file: open; gone once it is closed.
        size: in bytes.
        content_hash: SHA-256 of them.
    """

    file: IO[bytes]
    size: int
    content_hash: bytes


class Arrivals:
    """How many files of whom arrive; one for a process and its event loop."""

    def __init__(self) -> None:
        self._under_way = Counter[int]()

    @contextmanager
    def one_of(self, account: int) -> Generator[None]:
        """While a file of an account arrives.

        Raises:
            TooManyRequests: as many arrive already as may at once.
        """
        if self._under_way[account] >= MOST_AT_ONCE:
            raise TooManyRequests(
                f"{MOST_AT_ONCE} files of yours are arriving. Wait until one of them is there, then send "
                "this one again."
            )
        self._under_way[account] += 1
        try:
            yield
        finally:
            self._under_way[account] -= 1
            if not self._under_way[account]:
                del self._under_way[account]


@asynccontextmanager
async def arrived(pieces: AsyncIterable[bytes], most: int) -> AsyncGenerator[Arrived]:
    """The file that pieces make, once the last has come; gone after the block.

    Args:
        pieces: of its bytes, in order.
        most: bytes.

    Raises:
        InvalidInput: it is empty, too large or too slow to come.
    """
    size, digest = 0, hashlib.sha256()
    with tempfile.TemporaryFile(prefix="centaure-arriving-") as file:
        try:
            began = asyncio.get_running_loop().time()
            async with asyncio.timeout(PATIENCE_S) as patience:
                async for piece in pieces:
                    size += len(piece)
                    longest = min(ARRIVES_S, PATIENCE_S + size / SLOWEST)
                    patience.reschedule(began + longest)
                    refuse_size(size, most)
                    digest.update(piece)
                    await anyio.to_thread.run_sync(file.write, piece)
        except TimeoutError:
            raise InvalidInput("The file took too long to arrive. Try again.") from None
        if not size:
            raise InvalidInput("The file is empty.")
        yield Arrived(file, size, digest.digest())


def refuse_size(size: int, most: int) -> None:
    """Refuse a file of more bytes than those.

    Raises:
        InvalidInput: with the limit.
    """
    if size > most:
        raise InvalidInput(
            f"The file is larger than {most // MEGABYTE} MB. Split it into smaller ones."
        )
