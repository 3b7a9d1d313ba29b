"""Files that the database keeps itself, in pieces: those that were dropped in conversations."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import anyio.to_thread

from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import NotFound
from centaure.knowledge.documents.service import Original

KIND = "conversation"
"""Kind of the source of such files."""
SOURCE = 0
"""Number of that source."""
PIECE = 1 << 20
"""Bytes of a piece, of which one is in memory at once; the last may be shorter."""


@asynccontextmanager
async def at_hand(session: ReadSession, original: Original) -> AsyncGenerator[Original]:
    """An original with a copy on this machine, if the database keeps it; any other as it is.

    Args:
        session: of somebody who may read it; may be over when the copy is read.
        original: where the file is.

    Raises:
        NotFound: it is not theirs to read any more.
    """
    if original.kind != KIND:
        yield original
        return
    with TemporaryDirectory(prefix="centaure-original-") as folder:
        copy = Path(folder) / "original"
        await copy_out(session, int(original.path.partition("/")[0]), copy)
        yield replace(original, copy=copy)


async def copy_out(session: ReadSession, file_id: int, copy: Path) -> None:
    """Write a file that the database keeps to a path.

    Raises:
        NotFound: there is no such file that the principal may read.
    """
    position = 0
    with copy.open("wb") as opened:
        while (piece := await session.value(_PIECE, _where(file_id, position))) is not None:
            await anyio.to_thread.run_sync(opened.write, piece)
            position += 1
    if not position:
        raise NotFound


async def copy_in(session: WriteSession, file_id: int, file: IO[bytes]) -> None:
    """Keep the bytes of an open file, from its beginning."""
    file.seek(0)
    for position, piece in enumerate(_pieces(file)):
        await session.execute(_KEEP, {**_where(file_id, position), "content": piece})


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _where(file_id: int, position: int) -> dict[str, int]:
    return {"file": file_id, "position": position}


_PIECE = (
    "select content from conversation_file_piece"
    " where file_id = %(file)s and position = %(position)s"
)
_KEEP = (
    "insert into conversation_file_piece (file_id, position, content)"
    " values (%(file)s, %(position)s, %(content)s)"
)
