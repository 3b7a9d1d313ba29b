"""One file of a source, as its curators look at it: what is indexed of it, who reads it, what is recorded.

Everything is read as the curator who asks. Of a document that they may not read, nothing is there: not its
line in the ledger, and so not this either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from centaure.kit.database import ReadSession
from centaure.kit.errors import NotFound
from centaure.knowledge.connectors.port import EVERYONE
from centaure.knowledge.retrieval.passages import count_passages
from centaure.knowledge.sources.ledger import LedgerLine, read_line
from centaure.knowledge.sources.place_rights import held_access

_MOST_BESIDE = 200


@dataclass(frozen=True, slots=True)
class Indexed:
    """The document that a file became.

    Attributes:
        classification: 0 to 3.
        modified: aware, as the document or its place says.
        size: in bytes.
        indexed_at: when the reading that is searched was made.
        parser, chunker, analysis: versions that made it.
        kept: why that reading was copied and not made anew, in words; empty where it was not.
        passages: how many are searched.
    """

    id: int
    title: str
    format: str
    language: str
    classification: int
    modified: datetime | None
    author: str | None
    page_count: int | None
    size: int
    content_hash: bytes
    indexed_at: datetime
    parser: str
    chunker: str
    analysis: str
    kept: str
    passages: int


class Who(StrEnum):
    """What a right names; `all`: whoever meets each of several conditions."""

    EVERYONE = "everyone"
    USER = "user"
    GROUP = "group"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a right names, as the directory calls them; `login` is empty but for a user."""

    who: Who
    name: str
    login: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRights:
    """What the place itself says: a reader is named in each of `clauses`, and not in `denied`.

    `problem` says why it could not be read; nobody reads the document then.
    """

    clauses: Sequence[Sequence[Named]]
    denied: Sequence[Named]
    problem: str


@dataclass(frozen=True, slots=True)
class HeldRights:
    """Who reads a document, as the database has it.

    Attributes:
        rule: path of the rule of the manifest that applied, '.' for the whole source; None: no rule did.
        place: None where only a manifest says who reads it.
    """

    readers: Sequence[Named]
    denied: Sequence[Named]
    rule: str | None
    place: PlaceRights | None


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that is recorded of a file.

    Attributes:
        what: what its line in the ledger says was done last (empty: it was noted that it cannot be read), or
            'indexed', 'planted' (words in it that speak to an assistant were found), 'seen'.
        run: the synchronisation that was at work then, if one was.
        content_hash: SHA-256 of the content that it was about, where that is recorded; only of a document,
            which the curator may read.
    """

    at: datetime
    what: str
    run: int | None
    content_hash: bytes | None


@dataclass(frozen=True, slots=True)
class Version:
    """Another file of the source that passes for a version or a copy of the same document."""

    path: str
    title: str
    modified: datetime | None
    same_content: bool


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source.

    Attributes:
        message: path of the message that carries it.
        inside: paths of what it carries, 200 at most.
        history: the latest first.
        versions: by date, the latest first, 200 at most.
    """

    line: LedgerLine
    document: Indexed | None
    rights: HeldRights | None
    message: str | None
    inside: Sequence[str]
    history: Sequence[Happened]
    versions: Sequence[Version]


async def read_file(session: ReadSession, source_id: int, path: str) -> SourceFile:
    """What is known of one file.

    Args:
        session: of a curator.
        source_id: of the source.
        path: as the ledger shows it.

    Raises:
        NotFound: the ledger has no such line, or none that they may see.
    """
    values = {"source": source_id, "path": path, "most": _MOST_BESIDE}
    line = await read_line(session, source_id, path)
    if line is None:
        raise NotFound
    found = None
    if line.document_id is not None:
        found = await session.row(_DOCUMENT, {"document": line.document_id})
    document = rights = None
    versions: list[Version] = []
    if found is not None:
        document = Indexed(*found[:15], passages=await count_passages(session, found.id))
        rights = HeldRights(
            await _named(session, found.readers),
            await _named(session, found.denied),
            found.rule,
            await _place_rights(session, source_id, path),
        )
        beside = {"document": document.id, "family": found.family, "hash": document.content_hash}
        versions = [Version(*row) for row in await session.rows(_VERSIONS, {**values, **beside})]
    history = await session.rows(_HISTORY, {**values, "document": line.document_id})
    return SourceFile(
        line,
        document,
        rights,
        await session.value(_MESSAGE, values),
        [row.path for row in await session.rows(_INSIDE, values)],
        [Happened(*row) for row in history],
        versions,
    )


async def document_at(session: ReadSession, source_id: int, path: str) -> int:
    """Number of the document that a file became.

    Raises:
        NotFound: there is none that the principal may read.
    """
    line = await read_line(session, source_id, path)
    if line is None or line.document_id is None:
        raise NotFound
    return line.document_id


async def _named(session: ReadSession, principals: Sequence[int]) -> list[Named]:
    rows = await session.rows(_PRINCIPALS, {"ids": list(principals)})
    return [Named(Who.ALL if row.several else Who(row.kind), row.label, row.login) for row in rows]


async def _place_rights(session: ReadSession, source_id: int, path: str) -> PlaceRights | None:
    _, access = await held_access(session, source_id, path)
    if access is None:
        return None
    keys = access.denied.union(*access.clauses)
    rows = await session.rows(
        _PLACE_LABELS, {"keys": sorted(keys), "prefix": f"source:{source_id}/place:"}
    )
    labels = {row.key: row.label for row in rows}

    def named(keys: Iterable[str]) -> list[Named]:
        return [_of_place(key, labels) for key in sorted(keys)]

    return PlaceRights(
        [named(clause) for clause in access.clauses], named(access.denied), access.problem
    )


def _of_place(key: str, labels: dict[str, str]) -> Named:
    if key == EVERYONE:
        return Named(Who.EVERYONE, key)
    kind, _, name = key.partition(":")
    if kind == "user":
        return Named(Who.USER, labels.get(key, name), name)
    return Named(Who.GROUP, labels.get(key, name))


_DOCUMENT = """
    select document.id, document.title, document.format, document.language, document.classification,
        document.modified, document.author, document.page_count, document.size, document.content_hash,
        reading.indexed_at, reading.parser_version, reading.chunker_version, reading.language_version,
        reading.kept, document.readers, document.denied, document.rule, document.family
    from document join reading on reading.document_id = document.id
    where document.id = %(document)s
"""
_VERSIONS = """
    select path, title, modified, content_hash = %(hash)s as same_content from document
    where source_id = %(source)s and (family = %(family)s or content_hash = %(hash)s)
        and id <> %(document)s
    order by modified desc nulls last, path limit %(most)s
"""
_PRINCIPALS = """
    select kind, label, key like 'source:%%/all:%%' as several,
        case kind when 'user' then substr(key, 6) else '' end as login
    from principal
    where id = any(cast(%(ids)s as int[])) order by kind, label, id
"""
_PLACE_LABELS = """
    select given.key, principal.label from unnest(cast(%(keys)s as text[])) as given(key)
    join principal on principal.key = case
        when starts_with(given.key, 'group:') then %(prefix)s || substr(given.key, 7) else given.key end
"""
_MESSAGE = "select parent from ledger where source_id = %(source)s and path = %(path)s"
_INSIDE = """
    select path from ledger where source_id = %(source)s and parent = %(path)s order by path limit %(most)s
"""
# What a run did is counted, file by file only in the ledger: which run it was follows from when it was.
_HISTORY = """
    with happened(at, what, content_hash) as (
        select updated_at, case when status in ('ignored', 'unreadable') then '' else did end,
            case when document_id is not null then content_hash end
        from ledger where source_id = %(source)s and path = %(path)s
        union all
        select indexed_at, 'indexed', content_hash
        from reading join document on document.id = reading.document_id where document_id = %(document)s
        union all
        select found_at, 'planted', content_hash from planted_notice where document_id = %(document)s
        union all
        select last_sync_at, 'seen', null from source where id = %(source)s and exists (
            select from sync_run later
            where later.source_id = %(source)s and later.state = 'succeeded' and later.started_at > (
                select updated_at from ledger where source_id = %(source)s and path = %(path)s))
    )
    select at, what, (
            select max(id) from sync_run
            where source_id = %(source)s and what <> 'planted'
                and started_at <= at and coalesce(finished_at, now()) >= at
        ) as run, content_hash
    from happened order by at desc, what
"""
