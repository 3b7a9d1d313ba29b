"""A file while it arrives: on disk, never whole in memory, within a limit of size and of time."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO

import anyio.to_thread

from centaure.kit.errors import InvalidInput

ARRIVES_S = 900.0
"""Longest time that a file takes to arrive."""
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
            async with asyncio.timeout(ARRIVES_S):
                async for piece in pieces:
                    size += len(piece)
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
