"""Files that a question is asked about: in a conversation of their own, gone with the answer."""

import hashlib
import os
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from centaure.answering.conversations.files.reading import read_waiting
from centaure.answering.conversations.files.receiving import Arrived, refuse_size
from centaure.answering.conversations.files.repository import NewFile, read_file
from centaure.answering.conversations.files.service import Limits, add, class_of, plain_name
from centaure.answering.conversations.repository import add_conversation, remove_conversation
from centaure.app.installation import Installation
from centaure.audit import Action, record
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput


@asynccontextmanager
async def dropped(
    database: Database, installation: Installation, reader: int, paths: Sequence[Path]
) -> AsyncGenerator[int | None]:
    """The number of a conversation in which these files are read, gone after the block; None without files.

    Args:
        database: as the application's role.
        installation: reads the files here, whether a worker runs or not.
        reader: whose conversation it is.
        paths: of the files.

    Raises:
        InvalidInput: one of them cannot be read; the sentence says why.
    """
    if not paths:
        yield None
        return
    async with database.write(reader) as session:
        conversation = await add_conversation(session, "", "")
    indexer = installation.database("indexer")
    try:
        for path in paths:
            await _drop(database, indexer, installation, reader, conversation, path)
        yield conversation
    finally:
        await indexer.close()
        async with database.write(reader) as session:
            await remove_conversation(session, conversation)


async def _drop(
    database: Database,
    indexer: Database,
    installation: Installation,
    reader: int,
    conversation: int,
    path: Path,
) -> None:
    settings = installation.settings
    limits = Limits.of(settings)
    with _opened(path, limits.file) as arrived:
        async with database.write(reader, conversation) as session:
            level = await class_of(session, None, int(settings.file_class[1:]))
            name = plain_name(path.name)
            new = NewFile(conversation, name, arrived.size, arrived.content_hash, level)
            number = (await add(session, None, new, arrived, limits)).id
            details = {"what": "file", "file": number, "class": f"C{level}", "by": "machine"}
            subject = f"conversation:{conversation}"
            await record(session, Action.CONVERSATION_FILE, subject, details=details)
    await read_waiting(indexer, number)
    async with database.read(reader, conversation) as session:
        read = await read_file(session, conversation, number)
    if read is None or read.state == "refused":
        raise InvalidInput(f"{path} was not read. {read.reason if read else ''}".rstrip())


@contextmanager
def _opened(path: Path, most: int) -> Generator[Arrived]:
    """A file of at most so many bytes, as one that arrived."""
    try:
        if not path.is_file():
            raise InvalidInput(f"{path} is not a file.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                raise InvalidInput(f"{path} is empty.")
            refuse_size(size, most)
            yield Arrived(file, size, hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror}).") from None
