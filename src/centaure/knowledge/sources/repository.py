"""The rows of sources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from centaure.kit.database import ReadSession, Row, WriteSession


@dataclass(frozen=True, slots=True)
class Source:
    """A place that documents come from.

    Attributes:
        kind: of its connector.
        location: as the connector gave it: a folder's absolute path, an address.
        options: what its connector is told, without secrets.
        manifest: absolute path of its rights manifest; None: the place's own rights hold, if it has any.
        manifest_hash: SHA-256 of the manifest that was applied last.
        schedule_minutes: None where it is synchronised on demand only.
        documents: how many of its documents the principal of the transaction can see.
        last_sync_at: when it was last synchronised to the end.
        feed_token: where the place's feed of changes goes on; None: everything is listed.
        full_sync_at: when everything was last listed.
    """

    id: int
    name: str
    kind: str
    location: str
    manifest: str | None
    manifest_hash: bytes | None
    schedule_minutes: int | None
    created_at: datetime
    last_sync_at: datetime | None
    documents: int
    options: Mapping[str, Any]
    feed_token: str | None
    full_sync_at: datetime | None

    @property
    def last_full_at(self) -> datetime | None:
        """When everything was last listed: at each run, where the place does not tell changes."""
        return self.last_sync_at if self.feed_token is None else self.full_sync_at

    def with_manifest_hash(self, manifest_hash: bytes | None) -> "Source":
        """The same source, once another manifest is applied."""
        return replace(self, manifest_hash=manifest_hash)


async def all_sources(session: ReadSession) -> list[Source]:
    """The sources that the principal of the transaction may see, by name."""
    return [_source(row) for row in await session.rows(_ALL)]


async def source_by_id(session: ReadSession, source_id: int) -> Source | None:
    """One source, if the principal of the transaction may see it."""
    row = await session.row(_BY_ID, {"id": source_id})
    return None if row is None else _source(row)


async def source_by_name(session: ReadSession, name: str) -> Source | None:
    """The source of a name, if the principal of the transaction may see it."""
    row = await session.row(_BY_NAME, {"name": name})
    return None if row is None else _source(row)


async def source_at(session: ReadSession, location: str) -> str | None:
    """The name of the source of a folder."""
    return await session.value(_AT, {"location": location})


async def local_locations(session: ReadSession) -> list[str]:
    """The locations on this machine, of whatever kind, that the principal of the transaction may see."""
    return [row.location for row in await session.rows(_LOCAL)]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source to insert; `secrets` are encrypted."""

    name: str
    kind: str
    location: str
    options: Mapping[str, Any]
    secrets: bytes | None
    manifest: str | None
    schedule_minutes: int | None


async def insert_source(session: WriteSession, row: SourceRow) -> int:
    """A new source; its number."""
    values = {
        "name": row.name,
        "kind": row.kind,
        "location": row.location,
        "options": json.dumps(dict(row.options)),
        "secrets": row.secrets,
        "manifest": row.manifest,
        "schedule": row.schedule_minutes,
    }
    return int(await session.value(_INSERT, values))


async def source_secrets(session: ReadSession, source_id: int) -> bytes | None:
    """The encrypted secrets of a source, for the worker."""
    return await session.value(_SECRETS, {"id": source_id})


async def keep_feed(
    session: WriteSession, source_id: int, token: str | None, *, full: bool
) -> None:
    """Remember where the feed goes on; `full` says that everything was just listed."""
    await session.execute(_FEED, {"id": source_id, "token": token, "full": full})


async def due_sources(session: ReadSession) -> list[int]:
    """The sources whose last run ended longer ago than their schedule says, or that have a run to do."""
    return [int(row.id) for row in await session.rows(_DUE)]


def _source(row: Row) -> Source:
    return Source(*row)


_COLUMNS = """
    select id, name, kind, location, manifest, manifest_hash, schedule_minutes, created_at, last_sync_at,
        (select count(*) from document where document.source_id = source.id) as documents,
        options, feed_token, full_sync_at
    from source
"""
_ALL = f"{_COLUMNS} order by name"
_BY_ID = f"{_COLUMNS} where id = %(id)s"
_BY_NAME = f"{_COLUMNS} where name = %(name)s"
_AT = "select name from source where location = %(location)s"
_LOCAL = "select location from source where starts_with(location, '/')"
_INSERT = (
    "insert into source (name, kind, location, options, secrets, manifest, schedule_minutes)"
    " values (%(name)s, %(kind)s, %(location)s, cast(%(options)s as jsonb), %(secrets)s, %(manifest)s,"
    " %(schedule)s) returning id"
)
_SECRETS = "select secrets from source where id = %(id)s"
_FEED = (
    "update source set feed_token = %(token)s,"
    " full_sync_at = case when %(full)s then now() else full_sync_at end where id = %(id)s"
)
_DUE = """
    select id from source
    where exists (
            select from sync_run waiting
            where waiting.source_id = source.id and waiting.state in ('queued', 'running'))
        or schedule_minutes is not null and not exists (
            select from sync_run recent
            where recent.source_id = source.id
                and coalesce(recent.finished_at, now())
                    > now() - make_interval(mins => source.schedule_minutes))
"""
