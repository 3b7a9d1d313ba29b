"""Making the database say what a place and its manifest say.

What the manifest takes away comes first; then what is gone or moved; then what the manifest opens, on the
files that are as they were; then content.

Every step is resumed by doing it again: each transaction leaves the ledger telling the truth, and a run
that was cut short is continued from the difference that remains.
"""

import asyncio
import logging
import shlex
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio.to_thread

from centaure.audit import Action, Outcome, record
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.knowledge.connectors import Connector, PlaceGroup, PlaceUnavailable
from centaure.knowledge.indexing import hold_sides
from centaure.knowledge.parsing import ParserProcess
from centaure.knowledge.sources.access import (
    Access,
    narrow_access,
    narrow_by_place,
    settle_access,
    write_manifest_line,
)
from centaure.knowledge.sources.content import Content
from centaure.knowledge.sources.ledger import count_by_status
from centaure.knowledge.sources.listing import (
    count_listed,
    count_to_read,
    note_rule_use,
    take_listing,
    write_problems,
)
from centaure.knowledge.sources.manifest import InvalidManifest, Manifest
from centaure.knowledge.sources.manifest_reading import load_manifest
from centaure.knowledge.sources.ocr import ocr_is_there
from centaure.knowledge.sources.place_rights import PlacePeople, named_by_listing
from centaure.knowledge.sources.places import Described, Places, ask
from centaure.knowledge.sources.reading import Parser
from centaure.knowledge.sources.repository import Source, source_by_id, source_secrets
from centaure.knowledge.sources.rule_use import RuleUse
from centaure.knowledge.sources.runs import (
    Run,
    advance,
    announce,
    finish,
    read_run,
    source_lock,
    take_run,
)
from centaure.knowledge.sources.structure import Bounds, settle_structure

log = logging.getLogger(__name__)

FOLDER = "folder"
FULL_EVERY = timedelta(days=1)
"""How often everything is listed of a place that says by itself what changed."""
LARGEST_LOSS = 0.2
FEWEST_LOST = 3
"""A source that lacks a larger share of its files, and at least so many, is held for a person."""

_POLL_S = 0.5
_WARNINGS_IN_REPORT = 100
_MANY = 20  # files read in one run from which the planner is told at once


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; `rate` is in files per second, `left_s` None until it can be told."""

    phase: str
    done: int
    total: int
    rate: float
    left_s: float | None


class SourceBusy(Conflict):
    """Another synchronisation of the source is working."""

    def __init__(self) -> None:
        super().__init__("This source is being synchronised already. Wait until that run ends.")


class _Held(Exception):
    """The place looks emptied: nothing is removed until a person has looked."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How a synchronisation runs.

    Attributes:
        parsers: how many files are parsed at once.
        wait: wait for a run that is working, instead of refusing.
        full: list everything, even where the place could say what changed.
        places: makes the source's connector.
        open_parser: makes what reads files; each is entered once and serves one file at a time.
    """

    parsers: int = 2
    wait: bool = False
    full: bool = False
    places: Places = field(default_factory=Places)
    open_parser: Callable[[], Parser] = ParserProcess


async def sync_source(
    database: Database,
    source_id: int,
    *,
    requested_by: int | None = None,
    options: SyncOptions | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Synchronise a source now, in this process; the run's row holds the report.

    Args:
        database: as the worker's role.
        source_id: of the source.
        requested_by: the principal who asked, None for the schedule.
        options: by default two parsers, refusing where another run works.
        progress: told about twice a second.

    Raises:
        NotFound: there is no such source.
        SourceBusy: another run of this source works, and `wait` is off.
        Superseded: another process took the run over.
        Unavailable: the database went away; the run continues when it is asked for again.
    """
    options = options or SyncOptions()
    async with _the_lock(database, source_id, options, progress):
        async with database.read(None) as session:
            source = await source_by_id(session, source_id)
        if source is None:
            raise NotFound("There is no such source.")
        async with database.write(None) as session:
            run = await take_run(session, source_id, requested_by)
        async with _told(database, run, progress):
            return await _Sync(database, source, run, requested_by, options).perform()


async def open_connector(database: Database, source: Source, places: Places) -> Connector:
    """The connector of a source, its secrets decrypted.

    Raises:
        PlaceUnavailable: it cannot be made.
    """
    async with database.read(None) as session:
        secrets = await source_secrets(session, source.id)
    described = Described(source.location, source.options, secrets)
    return await ask(places.connector, source.kind, described)


@asynccontextmanager
async def _the_lock(
    database: Database,
    source_id: int,
    options: SyncOptions,
    progress: Callable[[Progress], None] | None,
) -> AsyncGenerator[None]:
    while True:
        async with source_lock(database, source_id) as free:
            if free:
                yield
                return
        if not options.wait:
            raise SourceBusy
        if progress is not None:
            progress(Progress("waiting for the run that works", 0, 0, 0.0, None))
        await asyncio.sleep(_POLL_S)


@asynccontextmanager
async def _told(
    database: Database, run: Run, progress: Callable[[Progress], None] | None
) -> AsyncGenerator[None]:
    """Tell the caller how the run advances, from its row, for as long as it works."""
    if progress is None:
        yield
        return
    tell = progress
    started = time.monotonic()

    async def watch() -> None:
        while True:
            await asyncio.sleep(_POLL_S)
            async with database.read(None) as session:
                now = await read_run(session, run.id)
            if now is not None:
                rate = now.done / max(time.monotonic() - started, 0.001)
                left = (now.total - now.done) / rate if rate > 0 else None
                tell(Progress(now.phase, now.done, now.total, rate, left))

    watcher = asyncio.create_task(watch())
    try:
        yield
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)


class _Sync:
    """One run, under the source's lock."""

    def __init__(
        self,
        database: Database,
        source: Source,
        run: Run,
        requested_by: int | None,
        options: SyncOptions,
    ) -> None:
        self.database = database
        self.source = source
        self.run = run
        self.requested_by = requested_by
        self.options = options
        self.started = time.monotonic()
        self.files = 0
        self.known = 0
        self.passed_over = 0
        self.invalid: InvalidManifest | None = None
        self.access = Access(source.id, None)
        self.manifest: Manifest | None = None
        self.people: PlacePeople | None = None

    async def perform(self) -> Run:
        try:
            await self._rights()
            connector = await open_connector(self.database, self.source, self.options.places)
            try:
                await self._in_step(connector)
            finally:
                await ask(connector.close)
        except InvalidInput as error:
            return await self._end("failed", error.message)
        except (_Held, PlaceUnavailable) as held:
            return await self._end("held", str(held))
        return await self._end("succeeded", "")

    async def _in_step(self, connector: Connector) -> None:
        await ask(connector.check)
        if self.invalid is not None:  # said only now: a place that is away explains it
            place = Path(self.source.manifest or "")
            async with self.database.write(None) as session:
                await write_manifest_line(session, self.source.id, place, (), self.invalid.message)
            raise self.invalid
        await self._list(connector)
        if connector.reports_access:
            await self._place_rights(connector)
        await self._announce("moves and deletions")
        await settle_structure(
            self.database,
            self.run,
            connector,
            self.access,
            Bounds(self._skipped(self.manifest), self._hold_a_loss),
        )
        await self._open()
        await self._content(connector)

    async def _rights(self) -> None:
        """Revocations come first, and do not wait for the place to answer."""
        await self._announce("rights")
        try:
            self.manifest = await self._load()
        except InvalidManifest as error:
            self.invalid = error
            return
        await self._narrow()

    async def _load(self) -> Manifest | None:
        if self.source.manifest is None:
            return None
        return await anyio.to_thread.run_sync(load_manifest, Path(self.source.manifest))

    async def _narrow(self) -> None:
        place = None if self.source.manifest is None else Path(self.source.manifest)
        before = self.source.manifest_hash
        async with self.database.write(self.requested_by) as session:
            await hold_sides(session)
            self.access = await narrow_access(
                session, self.source.id, self.manifest, place, self.people
            )
            now = self.manifest and self.manifest.hash
            await self._tell_rights(
                session, self.access.changed, self.access.narrowed, always=now != before
            )
            self.source = self.source.with_manifest_hash(now)

    async def _place_rights(self, connector: Connector) -> None:
        """What the place itself does not give any more goes before anything else is done."""
        async with self.database.read(None) as session:
            logins, named = await named_by_listing(session, self.source.id)
        try:
            groups = await ask(lambda: list(connector.groups(named)))
        except PlaceUnavailable:
            await self._narrow_by_place(
                logins, None
            )  # what is known to be taken away goes all the same
            raise
        await self._narrow_by_place(logins, groups)

    async def _narrow_by_place(
        self, logins: Iterable[str], groups: Iterable[PlaceGroup] | None
    ) -> None:
        async with self.database.write(self.requested_by) as session:
            await hold_sides(session)
            self.access = await narrow_by_place(session, self.access, logins, groups)
            self.people = self.access.people
            await self._tell_rights(session, self.access.changed, self.access.narrowed)

    async def _open(self) -> None:
        """What the manifest opens: on files that were just seen to be what the database knows."""
        async with self.database.write(self.requested_by) as session:
            await hold_sides(session)
            changed = await settle_access(session, self.source.id, self.access)
            await self._tell_rights(session, changed)

    async def _tell_rights(
        self, session: WriteSession, changed: int, narrowed: int = 0, *, always: bool = False
    ) -> None:
        await advance(session, self.run, {"rights_changed": changed} if changed else {})
        if changed or narrowed or always:
            await record(
                session,
                Action.RIGHTS_CHANGE,
                f"source:{self.source.id}",
                details={"documents": changed, "narrowed": narrowed, "run": self.run.id},
            )

    async def _refreshed(self) -> Access:
        """The rights as the manifest says now; an invalid one leaves them as they are.

        What it opens on files that were looked at before waits for the next run, which looks again.
        """
        try:
            manifest = await self._load()
        except InvalidManifest:
            return self.access
        if (manifest and manifest.hash) != (self.manifest and self.manifest.hash):
            log.info("The manifest changed during run %s; its rights are applied.", self.run.id)
            self.manifest = manifest
            await self._narrow()
        return self.access

    async def _list(self, connector: Connector) -> None:
        await self._announce("listing")
        await take_listing(
            self.database,
            self.source,
            connector,
            self._skipped(self.manifest),
            full=self.options.full or self._full_is_due(),
        )
        self.passed_over = connector.passed_over
        use = RuleUse(self.manifest) if self.manifest else None
        async with self.database.write(None) as session:
            self.files = await count_listed(session, self.source.id)
            self.known = int(await session.value(_KNOWN_FILES, {"source": self.source.id}) or 0)
            await write_problems(session, self.source.id)
            if use is not None and self.source.manifest is not None:
                await note_rule_use(session, self.source.id, use)
                self.access = self.access.with_warnings(use.warnings())
                await write_manifest_line(
                    session, self.source.id, Path(self.source.manifest), self.access.warnings
                )

    def _hold_a_loss(self, lost: int) -> None:
        """A place that suddenly lacks much was perhaps emptied, or shows less than it holds."""
        if self.run.accept_loss or lost == 0:
            return
        if self.files == 0:
            what = f"lists no file, where {self.known} were known"
        elif lost >= FEWEST_LOST and lost > self.known * LARGEST_LOSS:
            what = f"lacks {lost} of the {self.known} files that were known"
        else:
            return
        raise _Held(
            f"{self.source.location} {what}. Nothing was removed. If something is away (a mount, a "
            "right), bring it back; if they are truly gone, say so: "
            f"`centaure source sync {shlex.quote(self.source.name)} --accept-loss`."
        )

    def _full_is_due(self) -> bool:
        last = self.source.full_sync_at
        return last is None or datetime.now(UTC) - last > FULL_EVERY

    def _skipped(self, manifest: Manifest | None) -> frozenset[str]:
        """The manifest is not content, unless a rule for that very file says so."""
        if self.source.manifest is None:
            return frozenset()
        place, root = Path(self.source.manifest), Path(self.source.location)
        if self.source.kind != FOLDER or not place.is_relative_to(root):
            return frozenset()
        path = place.relative_to(root).as_posix()
        stated = manifest is not None and any(
            rule.type == "file" and rule.path == path for rule in manifest.rules
        )
        return frozenset() if stated else frozenset({path})

    async def _content(self, connector: Connector) -> None:
        ocr = await anyio.to_thread.run_sync(ocr_is_there)
        async with self.database.write(None) as session:
            total = await count_to_read(session, self.source.id, ocr=ocr)
            await announce(session, self.run, "reading", total)
        if total == 0:
            return
        content = Content(self.database, self.run, connector, self.access)
        with ExitStack() as parsers:
            opened = [
                parsers.enter_context(self.options.open_parser())
                for _ in range(min(self.options.parsers, total))
            ]
            await content.read_all(opened, ocr=ocr, refresh=self._refreshed)
        if total >= _MANY:
            async with self.database.write(None) as session:
                await session.execute(_REFRESH_STATISTICS)

    async def _announce(self, phase: str) -> None:
        async with self.database.write(None) as session:
            await announce(session, self.run, phase)

    async def _end(self, state: str, problem: str) -> Run:
        async with self.database.write(self.requested_by) as session:
            now = await read_run(session, self.run.id)
            counts = dict(now.counts) if now else {}
            statuses = await count_by_status(session, self.source.id)
            report = self._report(counts, statuses, self.access.warnings, problem)
            run = await finish(session, self.run, state, report)
            if state == "succeeded":
                await session.execute(_SYNCED, {"id": self.source.id})
            await record(
                session,
                Action.SYNC,
                f"source:{self.source.id}",
                Outcome.DONE if state == "succeeded" else Outcome.FAILED,
                {"run": self.run.id, "state": state, **counts},
            )
        return run

    def _report(
        self,
        counts: dict[str, int],
        statuses: dict[str, int],
        warnings: Sequence[str],
        problem: str,
    ) -> dict[str, Any]:
        touched = sum(
            counts.get(kind, 0) for kind in ("new", "changed", "moved", "reindexed", "kept")
        )
        failed = {
            status: files
            for status, files in statuses.items()
            if status not in {"parsed", "ignored", "rights"}
        }
        return {
            "problem": problem,
            "files": self.files,
            "new": counts.get("new", 0),
            "changed": counts.get("changed", 0),
            "moved": counts.get("moved", 0),
            "deleted": counts.get("deleted", 0),
            "rights_changed": counts.get("rights_changed", 0),
            "reindexed": counts.get("reindexed", 0),
            "unchanged": max(0, self.files - touched - counts.get("not_read", 0)),
            "attachments": counts.get("attachments", 0),
            "pages": counts.get("pages", 0),
            "chunks": counts.get("chunks", 0),
            "passed_over": self.passed_over,
            "statuses": statuses,
            "failed": failed,
            "warnings": list(warnings[:_WARNINGS_IN_REPORT]),
            "more_warnings": max(0, len(warnings) - _WARNINGS_IN_REPORT),
            "duration_s": round(time.monotonic() - self.started, 3),
        }


_KNOWN_FILES = (
    "select count(*) from ledger where source_id = %(source)s and document_id is not null"
    " and parent is null"
)
_REFRESH_STATISTICS = "select refresh_statistics()"
_SYNCED = "update source set last_sync_at = now() where id = %(id)s"
