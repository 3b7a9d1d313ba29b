"""Assistants that people wrote, in the database, as the principal of the session."""

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from centaure.kit.database import ReadSession, Row, WriteSession

_FOUND = """
    select assistant.id, assistant.key, assistant.version, assistant.changed_at, written.definition,
        assistant.owner = current_principal() as own,
        coalesce((
            select share.owner_name from assistant_share share
            where share.assistant_id = assistant.id and share.owner <> current_principal()
            order by share.shared_at limit 1), '') as owner_name
      from assistant
      join assistant_version written
        on written.assistant_id = assistant.id and written.version = assistant.version
"""


async def list_assistants(session: ReadSession, most: int) -> list[Row]:
    """Those that the principal owns or shares in, the latest first."""
    return await session.rows(
        _FOUND + " order by assistant.changed_at desc, assistant.id desc limit %(most)s",
        {"most": most},
    )


async def find(session: ReadSession, key: str) -> Row | None:
    """One that the principal owns or shares in."""
    return await session.row(_FOUND + " where assistant.key = %(key)s", {"key": key})


async def hold(session: WriteSession, key: str) -> Row | None:
    """One of the principal's own, held until the transaction ends: its number and its version."""
    return await session.row(
        "select id, version from assistant where key = %(key)s and owner = current_principal() for update",
        {"key": key},
    )


async def add(session: WriteSession, key: str) -> int:
    """A new one of the principal's, whose first version is still to be written."""
    number: int = await session.value(
        "insert into assistant (key, owner) values (%(key)s, current_principal()) returning id",
        {"key": key},
    )
    return number


async def write_version(
    session: WriteSession, assistant: int, version: int, definition: Mapping[str, Any], note: str
) -> None:
    """Write a version; it is in force once `put_in_force` says so."""
    await session.execute(
        "insert into assistant_version (assistant_id, version, definition, note)"
        " values (%(id)s, %(version)s, %(definition)s, %(note)s)",
        {
            "id": assistant,
            "version": version,
            "definition": Jsonb(dict(definition)),
            "note": note,
        },
    )


async def put_in_force(session: WriteSession, assistant: int, version: int) -> None:
    """From now on this version answers."""
    await session.execute(
        "update assistant set version = %(version)s, changed_at = now() where id = %(id)s",
        {"id": assistant, "version": version},
    )


async def list_versions(session: ReadSession, assistant: int, most: int) -> list[Row]:
    """The latest versions of one of the principal's own, the newest first."""
    return await session.rows(
        "select version, definition, note, changed_at from assistant_version"
        " where assistant_id = %(id)s order by version desc limit %(most)s",
        {"id": assistant, "most": most},
    )


async def read_version(session: ReadSession, assistant: int, version: int) -> Row | None:
    """One version."""
    return await session.row(
        "select definition from assistant_version where assistant_id = %(id)s and version = %(version)s",
        {"id": assistant, "version": version},
    )


async def remove(session: WriteSession, key: str) -> bool:
    """Remove one with its versions and shares; whether there was one of the principal's."""
    removed = await session.execute(
        "delete from assistant where key = %(key)s and owner = current_principal()", {"key": key}
    )
    return bool(removed)


async def count_own(session: ReadSession) -> int:
    """How many the principal owns."""
    counted: int = await session.value(
        "select count(*) from assistant where owner = current_principal()"
    )
    return counted


async def readable(session: ReadSession, names: list[str], folders: list[str]) -> Row:
    """Which of these sources and folders the principal can read something in."""
    return await session.one(
        "select array(select name from source where name = any(%(names)s)) as sources,"
        " array(select one.path from unnest(cast(%(folders)s as text[])) as one(path)"
        " where exists (select from document where starts_with(document.path, one.path || '/'))) as folders",
        {"names": names, "folders": [folder.strip("/") for folder in folders]},
    )


async def read_use(session: ReadSession, key: str) -> list[Row]:
    """How one of the principal's own is used, by month, the latest first."""
    return await session.rows("select * from assistant_use(%(key)s)", {"key": key})
