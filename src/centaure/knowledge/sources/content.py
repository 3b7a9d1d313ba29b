"""Reading what is new or changed: a few files at a time, each written in one transaction of its own."""

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from psycopg.errors import DataError, IntegrityError, ProgrammingError

from centaure.kit.database import Database, WriteSession
from centaure.knowledge.connectors import (
    Connector,
    Item,
    ItemChanged,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
)
from centaure.knowledge.indexing import (
    DocumentPlace,
    hold_sides,
    remove_documents,
    write_document,
)
from centaure.knowledge.retrieval import Vocabulary
from centaure.knowledge.sources.access import Access, settle_file
from centaure.knowledge.sources.control import excluded_about, is_covered
from centaure.knowledge.sources.ledger import (
    Entry,
    note_state,
    note_trouble,
    remove_attachment_lines,
    write_entry,
)
from centaure.knowledge.sources.listing import ToRead, files_to_read
from centaure.knowledge.sources.places import ask
from centaure.knowledge.sources.reading import (
    Parser,
    ReadFile,
    Reading,
    read_file,
)
from centaure.knowledge.sources.runs import Run, advance

log = logging.getLogger(__name__)

REFRESH_S = 30.0
"""Longest time, past the files being read, before a changed manifest is noticed in a long run."""

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Did:
    """What was done with a file that was read, how long reading took, and what of it is left out."""

    what: str
    read_ms: int
    excluded: frozenset[str]


@dataclass(slots=True)
class Content:
    """The content of one source, read by a few parsers at once.

    Attributes:
        database: as the worker's role.
        run: counts what is done.
        connector: of the source.
        access: the rights to write; replaced between pages when the manifest changed.
    """

    database: Database
    run: Run
    connector: Connector
    access: Access
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    async def read_all(
        self,
        parsers: Sequence[Parser],
        *,
        ocr: bool,
        refresh: Callable[[], Awaitable[Access]],
    ) -> None:
        """Read every file that the listing says is to be read.

        Args:
            parsers: each serves one file at a time; as many files are in memory as there are parsers.
            ocr: whether files that wait for character recognition are tried again.
            refresh: gives the rights as the manifest says now; asked while nothing is being written.
        """
        refreshed = time.monotonic()
        async for page in files_to_read(self.database, self.run.source_id, ocr=ocr):
            queue = deque(page)
            while queue:
                await self._drain(queue, parsers, until=refreshed + REFRESH_S)
                if time.monotonic() >= refreshed + REFRESH_S:
                    self.access = await refresh()
                    refreshed = time.monotonic()

    async def _drain(self, queue: deque[ToRead], parsers: Sequence[Parser], until: float) -> None:
        async def lane(parser: Parser) -> None:
            while queue:
                await self._read_one(parser, queue.popleft())
                if time.monotonic() >= until:
                    return

        try:
            async with asyncio.TaskGroup() as lanes:
                for parser in parsers:
                    lanes.create_task(lane(parser))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _read_one(self, parser: Parser, wanted: ToRead) -> None:
        known_hash = wanted.known_hash if wanted.current else None
        started = time.monotonic()
        try:
            read = await ask(read_file, parser, self.connector, wanted.item.path, known_hash)
        except ItemGone:
            await self._trouble(wanted, "It was moved or removed while it was being read.")
        except ItemChanged:
            await self._trouble(wanted, "It was changing while it was being read.")
        except ItemUnreadable as error:
            await self._trouble(wanted, error.message)
        except ItemTooLarge as error:
            await self._write(wanted, _unread(wanted, "too_large", error.message), started)
        except OSError as error:
            await self._trouble(wanted, f"It cannot be read ({error.strerror}).")
        else:
            if wanted.access is not None and read.version != wanted.item.version:
                # The rights at hand are those of other bytes.
                await self._trouble(wanted, "It changed after its rights were looked at.")
            else:
                await self._write(wanted, read, started)

    async def _trouble(self, wanted: ToRead, reason: str) -> None:
        kept = " What was read of it before is kept." if wanted.known else ""
        path = wanted.item.path
        async with self.database.write(None) as session:
            if not is_covered(path, await excluded_about(session, self.run.source_id, path)):
                await note_trouble(
                    session,
                    self.run.source_id,
                    path,
                    f"{reason}{kept} The next synchronisation tries again.",
                )
            await advance(session, self.run, {"not_read": 1}, done=1)

    async def _write(self, wanted: ToRead, read: ReadFile, started: float) -> None:
        read_ms = round((time.monotonic() - started) * 1000)
        try:
            async with self.database.write(None) as session:
                await self._write_in(session, wanted, read, read_ms)
        except (DataError, IntegrityError, ProgrammingError) as error:
            # One document that the database refuses must not stop the others.
            log.exception("A document could not be stored")
            reason = (
                f"The database refused its content ({type(error).__name__}). Report this fault."
            )
            failed = Reading(
                wanted.item.path, "corrupted", reason, read.item.size or 0, read.content_hash
            )
            async with self.database.write(None) as session:
                unread = ReadFile(read.item, read.version, read.content_hash, failed)
                await self._write_in(session, wanted, unread, read_ms)
        else:
            await self._learn(read.reading)

    async def _learn(self, reading: Reading | None) -> None:
        for one in reading.every() if reading else ():
            if one.document is not None:
                await self.vocabulary.learn(self.database, one.document.words)

    async def _write_in(
        self, session: WriteSession, wanted: ToRead, read: ReadFile, read_ms: int
    ) -> None:
        source_id, reading = self.run.source_id, read.reading
        await hold_sides(session)
        excluded = await excluded_about(session, source_id, wanted.item.path)
        if is_covered(wanted.item.path, excluded):  # left out since it was listed
            await advance(session, self.run, {}, done=1)
            return
        changed = await settle_file(session, source_id, self.access, wanted.item.path)
        rights = {"rights_changed": changed} if changed else {}
        if reading is None:
            await note_state(session, source_id, read.item)
            await advance(session, self.run, rights, done=1)
            return
        same_bytes = wanted.known_hash == reading.content_hash
        if reading.document is None and await self._keep(session, wanted, read, reading, read_ms):
            await advance(session, self.run, {"kept": 1, **rights}, done=1)
            return
        # The rows of attachments are written anew: which of them are still there is not known before.
        await session.execute(_REMOVE_INSIDE, {"source": source_id, "path": wanted.item.path})
        await remove_attachment_lines(session, source_id, wanted.item.path)
        kind = "new" if not wanted.known else "reindexed" if same_bytes else "changed"
        did = _Did(kind, read_ms, excluded)
        counts = await self._store(session, wanted, read.item, reading, did)
        await advance(session, self.run, {kind: 1, **counts, **rights}, done=1)

    async def _keep(
        self,
        session: WriteSession,
        wanted: ToRead,
        read: ReadFile,
        reading: Reading,
        read_ms: int,
    ) -> bool:
        """Bytes that were read well before, and that this version cannot read: keep that reading."""
        document = await session.value(
            _DOCUMENT,
            {"source": self.run.source_id, "path": reading.path, "hash": read.content_hash},
        )
        if document is None:
            return False
        warning = (
            "The present version could not read it again; its earlier reading is kept. "
            f"{reading.reason}"
        )
        await write_entry(
            session,
            self.run.source_id,
            Entry(
                reading.path,
                "parsed",
                warnings=[warning],
                item=read.item,
                content_hash=read.content_hash,
                document_id=document,
                access=wanted.access,
                did="kept",
                read_ms=read_ms,
            ),
        )
        return True

    async def _store(
        self, session: WriteSession, wanted: ToRead, item: Item, root: Reading, did: _Did
    ) -> dict[str, int]:
        """Write a file and all that it carries, with the rights of its path."""
        source_id = self.run.source_id
        rights = await self.access.rights_of(session, root.path, wanted.access)
        modified = _moment(item.modified_ns)
        counts = {"pages": 0, "chunks": 0, "attachments": 0}
        pending: deque[tuple[Reading, Reading | None, int | None]] = deque([(root, None, None)])
        while pending:
            reading, message, parent_id = pending.popleft()
            if is_covered(reading.path, did.excluded):
                continue
            document_id = None
            if reading.document is None:
                documents = await session.rows(
                    _DOCUMENTS, {"source": source_id, "path": reading.path}
                )
                await remove_documents(session, [row.id for row in documents])
            else:
                place = DocumentPlace(
                    source_id,
                    reading.path,
                    parent_id,
                    reading.size,
                    reading.content_hash,
                    modified,
                    rights,
                )
                document_id = await write_document(session, place, reading.document)
                counts["pages"] += reading.document.page_count or 0
                counts["chunks"] += len(reading.document.chunks)
            counts["attachments"] += message is not None
            entry = Entry(
                reading.path,
                reading.status,
                reading.reason,
                reading.document.warnings if reading.document else (),
                message.path if message else None,
                None if message else item,
                reading.content_hash,
                document_id,
                None if message else wanted.access,
                did.what,
                None if message else did.read_ms,
            )
            await write_entry(session, source_id, entry)
            pending.extend((inner, reading, document_id) for inner in reading.inside)
        return {name: count for name, count in counts.items() if count}


def _unread(wanted: ToRead, status: str, reason: str) -> ReadFile:
    """What is known of a file without its bytes."""
    item = wanted.item
    digest = hashlib.sha256(f"{item.path}\0{item.size}\0{item.version}".encode()).digest()
    reading = Reading(item.path, status, reason, item.size or 0, digest)
    return ReadFile(item, item.version, digest, reading)


def _moment(nanoseconds: int | None) -> datetime | None:
    if nanoseconds is None:
        return None
    try:
        moment = datetime.fromtimestamp(nanoseconds / 1e9, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return moment if moment > _EARLIEST else None


_DOCUMENT = (
    "select id from document"
    " where source_id = %(source)s and path = %(path)s and content_hash = %(hash)s"
)
_DOCUMENTS = "select id from document where source_id = %(source)s and path = %(path)s"
_REMOVE_INSIDE = """
    delete from document inside using document message
    where message.source_id = %(source)s and message.path = %(path)s and inside.parent_id = message.id
"""
