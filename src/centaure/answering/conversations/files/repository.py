"""The rows of files, as the principal of the session, or as the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from centaure.kit.database import ReadSession, Row, WriteSession

State = Literal["waiting", "reading", "read", "refused"]


@dataclass(frozen=True, slots=True)
class ConversationFile:
    """A file that was dropped in a conversation.

    Attributes:
        size: in bytes.
        classification: 0 (public) to 3 (secret).
        state: "waiting" for the worker, being read, searched ("read"), or "refused".
        reason: why it was refused, in a sentence.
        warnings: what is doubtful of what was read.
        document_id: of what was read; None: nothing (yet), or no document that the principal may read.
        page_count: None where it has no pages.
    """

    id: int
    name: str
    size: int
    classification: int
    state: State
    reason: str
    warnings: Sequence[str]
    added_at: datetime
    document_id: int | None
    page_count: int | None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep; `size` in bytes, `content_hash` the SHA-256 of them."""

    conversation: int
    name: str
    size: int
    content_hash: bytes
    classification: int


async def list_files(session: ReadSession, conversation: int) -> list[ConversationFile]:
    """The files of a conversation of the principal's, in a session within it, the earliest first."""
    rows = await session.rows(
        _FILES + " where file.conversation_id = %(conversation)s order by file.id",
        {"conversation": conversation},
    )
    return [ConversationFile(*row) for row in rows]


async def read_file(
    session: ReadSession, conversation: int, file_id: int
) -> ConversationFile | None:
    """One file of a conversation of the principal's, in a session within it."""
    row = await session.row(
        _FILES + " where file.conversation_id = %(conversation)s and file.id = %(id)s",
        {"conversation": conversation, "id": file_id},
    )
    return None if row is None else ConversationFile(*row)


async def weigh_files(session: ReadSession, conversation: int) -> tuple[int, int]:
    """How many files a conversation of the principal's has, and their bytes together."""
    row = await session.one(_WEIGHT, {"conversation": conversation})
    return int(row.files), int(row.size)


async def add_file(session: WriteSession, new: NewFile) -> int:
    """A file, without its bytes; its number."""
    return int(
        await session.value(
            _ADD,
            {
                "conversation": new.conversation,
                "name": new.name,
                "size": new.size,
                "hash": new.content_hash,
                "classification": new.classification,
            },
        )
    )


async def remove_file(session: WriteSession, conversation: int, file_id: int) -> bool:
    """Remove a file with all that was read of it; whether there was one of the principal's."""
    removed = await session.execute(_REMOVE, {"conversation": conversation, "id": file_id})
    return bool(removed)


async def begin_reading(session: WriteSession, file_id: int) -> Row | None:
    """A file that is to be read, from now on being read; None: it is read, refused or gone."""
    return await session.row(_BEGIN, {"id": file_id})


async def hold_unread(session: WriteSession, file_id: int) -> bool:
    """Whether a file is still to be read; it stays until the transaction ends."""
    return bool(await session.value(_HOLD, {"id": file_id}))


async def end_reading(
    session: WriteSession,
    file_id: int,
    state: State,
    reason: str = "",
    warnings: Sequence[str] = (),
) -> None:
    """Say what became of a file."""
    values = {"id": file_id, "state": state, "reason": reason, "warnings": list(warnings)}
    await session.execute(_END, values)


async def unread_files(session: ReadSession) -> list[int]:
    """The files that should be read by now."""
    return [int(row.id) for row in await session.rows(_UNREAD)]


_FILES = """
    select file.id, file.name, file.size, file.classification, file.state, file.reason, file.warnings,
        file.added_at, document.id as document_id, document.page_count
    from conversation_file file
    left join document on document.file_id = file.id and document.parent_id is null
"""
_WEIGHT = """
    select count(*) as files, coalesce(sum(size), 0) as size from conversation_file
    where conversation_id = %(conversation)s
"""
_ADD = """
    insert into conversation_file (conversation_id, owner, name, size, content_hash, classification)
    values (%(conversation)s, current_principal(), %(name)s, %(size)s, %(hash)s, %(classification)s)
    returning id
"""
_REMOVE = "delete from conversation_file where conversation_id = %(conversation)s and id = %(id)s"
_BEGIN = """
    update conversation_file set state = 'reading'
    where id = %(id)s and state in ('waiting', 'reading')
    returning id, conversation_id, name, size, content_hash, classification, added_at
"""
_HOLD = """
    select true from conversation_file where id = %(id)s and state in ('waiting', 'reading')
    for update
"""
_END = """
    update conversation_file
    set state = %(state)s, reason = %(reason)s, warnings = cast(%(warnings)s as text[])
    where id = %(id)s
"""
_UNREAD = """
    select id from conversation_file
    where state in ('waiting', 'reading') and added_at < now() - interval '1 minute'
    order by id
"""
