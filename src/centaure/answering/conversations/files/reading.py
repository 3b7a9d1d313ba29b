"""Reading a file in the worker: from its kept bytes to a document that shows in its conversation alone."""

import logging
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio.to_thread
from psycopg.errors import DataError, IntegrityError, ProgrammingError

from centaure.answering.conversations.files import repository
from centaure.kit.database import Database, Row, WriteSession
from centaure.kit.errors import NotFound, Unavailable
from centaure.knowledge.documents.kept import SOURCE, copy_out
from centaure.knowledge.indexing import DocumentPlace, StoredRights, hold_sides, write_document
from centaure.knowledge.parsing import ParserProcess
from centaure.knowledge.sources.reading import Reading, read_copy

log = logging.getLogger(__name__)

MOST_WARNINGS = 20


async def read_waiting(database: Database, file_id: int) -> None:
    """Read a file that waits, and make it searched in its conversation; whatever happens is said in its row.

    Nothing is done for a file that is gone, or read already. Its words join no list of words for questions
    typed wrong: what is proposed there is of documents that several people read.

    Args:
        database: as the worker's role.
        file_id: of the file.

    Raises:
        Unavailable: the database went away; the file waits still.
    """
    async with database.write(None) as session:
        row = await repository.begin_reading(session, file_id)
    if row is None:
        return
    try:
        with TemporaryDirectory(prefix="centaure-reading-") as folder:
            copy = Path(folder) / "file"
            async with database.read(None) as session:
                await copy_out(session, file_id, copy)
            reading = await anyio.to_thread.run_sync(_read, copy, row, abandon_on_cancel=True)
        async with database.write(None) as session:
            await _write(session, row, reading)
    except NotFound:
        log.debug("File %s was removed before it was read.", file_id)
    except Unavailable:
        raise
    except (DataError, IntegrityError, ProgrammingError) as error:
        log.exception("A file could not be stored")
        told = f"The database refused its content ({type(error).__name__}). Report this fault."
        await _refuse(database, file_id, told)
    except Exception as error:  # the edge: a fault on one file is told to whoever dropped it
        log.exception("A file could not be read")
        told = f"Centaure failed on this file ({type(error).__name__}). Report this fault."
        await _refuse(database, file_id, told)


def _read(copy: Path, row: Row) -> Reading:
    path = f"{row.id}/{row.name}"
    with ParserProcess() as parser:
        return read_copy(parser, copy, path, row.size, bytes(row.content_hash))


async def _write(session: WriteSession, row: Row, root: Reading) -> None:
    """Write what was read of a file and of all that it carries, or why it was not."""
    await hold_sides(session)
    if not await repository.hold_unread(session, row.id):
        return
    if root.document is None:
        await repository.end_reading(session, row.id, "refused", root.reason)
        return
    rights = StoredRights((-row.conversation_id,), (), row.classification, None)
    pending: deque[tuple[Reading, int | None]] = deque([(root, None)])
    while pending:
        reading, parent = pending.popleft()
        if reading.document is None:
            continue
        place = DocumentPlace(
            SOURCE,
            reading.path,
            parent,
            reading.size,
            reading.content_hash,
            row.added_at,
            rights,
        )
        document = await write_document(session, place, reading.document)
        await session.execute(
            "update document set file_id = %(file)s where id = %(id)s",
            {"file": row.id, "id": document},
        )
        pending.extend((inner, document) for inner in reading.inside)
    await repository.end_reading(session, row.id, "read", warnings=_doubts(root))


def _doubts(root: Reading) -> Sequence[str]:
    """What is doubtful of what was read, and what of it was not."""
    doubts: list[str] = []
    for reading in root.every():
        inner = reading.path.removeprefix(f"{root.path}/")
        named = "" if reading is root else f"{inner}: "
        told = [reading.reason] if reading.document is None else reading.document.warnings
        doubts += [f"{named}{doubt}" for doubt in told]
    if len(doubts) > MOST_WARNINGS:
        rest = len(doubts) - MOST_WARNINGS + 1
        doubts = [*doubts[: MOST_WARNINGS - 1], f"There are {rest} more warnings."]
    return doubts


async def _refuse(database: Database, file_id: int, reason: str) -> None:
    async with database.write(None) as session:
        await repository.end_reading(session, file_id, "refused", reason)
