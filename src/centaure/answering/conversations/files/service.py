"""What people do with the files of a conversation; each function in a session of theirs."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from procrastinate import App

from centaure.answering.conversations.files.jobs import request_reading
from centaure.answering.conversations.files.receiving import MEGABYTE, Arrived, refuse_size
from centaure.answering.conversations.files.repository import (
    ConversationFile,
    NewFile,
    add_file,
    read_file,
    remove_file,
    weigh_files,
)
from centaure.answering.conversations.repository import hold_conversation
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.kit.settings import Settings
from centaure.knowledge.documents.kept import copy_in

MOST_FILES = 20
"""Of one conversation."""
LONGEST_NAME = 200
_LONGEST_SUFFIX = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a conversation takes in, in bytes: of one file, and of all together."""

    file: int
    together: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Those of an installation."""
        return cls(
            settings.conversation_file_mb * MEGABYTE, settings.conversation_files_mb * MEGABYTE
        )


async def class_of(session: ReadSession, chosen: int | None, default: int) -> int:
    """The class of a file: what its owner chose, or the default as far as they may read it.

    Args:
        session: of the owner.
        chosen: 0 to 3; None: nothing.
        default: of the installation.

    Raises:
        InvalidInput: they may not read what they chose.
    """
    clearance = int(await session.value("select current_clearance()"))
    if chosen is None:
        return max(0, min(default, clearance))
    if chosen > clearance:
        raise InvalidInput(
            f"You may read documents up to C{clearance}: a file of class C{chosen} would not show to you."
        )
    return chosen


async def admit(session: WriteSession, conversation: int, size: int, limits: Limits) -> None:
    """Refuse a file of this size that a conversation does not take; nobody adds another one meanwhile.

    Raises:
        NotFound: there is no such conversation of the principal's.
        Conflict: the conversation has as many files as it may have, or as large ones.
        InvalidInput: the file is too large by itself.
    """
    if await hold_conversation(session, conversation) is None:
        raise NotFound
    refuse_size(size, limits.file)
    files, together = await weigh_files(session, conversation)
    if files >= MOST_FILES:
        raise Conflict(f"This conversation has {MOST_FILES} files. Remove one, or begin another.")
    if together + size > limits.together:
        raise Conflict(
            f"The files of a conversation have {limits.together // MEGABYTE} MB together at most. Remove "
            "some, or begin another conversation."
        )


async def add(
    session: WriteSession, queue: App | None, new: NewFile, arrived: Arrived, limits: Limits
) -> ConversationFile:
    """Keep a file that arrived, and ask the worker to read it: both, or neither.

    Args:
        session: of the owner, within the conversation.
        queue: the job queue; None: whoever calls reads the file.
        new: the file; its name as `plain_name` gives it.
        arrived: its bytes.
        limits: of a conversation.

    Raises:
        NotFound, Conflict, InvalidInput: as `admit`.
    """
    await admit(session, new.conversation, new.size, limits)
    number = await add_file(session, new)
    await copy_in(session, number, arrived.file)
    if queue is not None:
        await request_reading(session, queue, number)
    added = await read_file(session, new.conversation, number)
    if added is None:
        raise NotFound
    return added


async def remove(session: WriteSession, conversation: int, file_id: int) -> None:
    """Remove a file, for good, with all that was read of it and quoted from it.

    Raises:
        NotFound: there is no such file in a conversation of the principal's.
    """
    if await hold_conversation(session, conversation) is None:
        raise NotFound
    if not await remove_file(session, conversation, file_id):
        raise NotFound


def plain_name(written: str) -> str:
    """The name of a file without folders and characters that are not seen; cut before its suffix.

    Raises:
        InvalidInput: nothing is left of it.
    """
    kept = "".join(
        " " if unicodedata.category(character)[0] in "CZ" else character for character in written
    )
    name = " ".join(kept.replace("\\", "/").rpartition("/")[2].split())
    if not name.strip(". "):
        raise InvalidInput("The file needs a name, such as contract.pdf.")
    if len(name) > LONGEST_NAME:
        suffix = PurePosixPath(name).suffix[:_LONGEST_SUFFIX]
        name = name[: LONGEST_NAME - len(suffix)] + suffix
    return name
