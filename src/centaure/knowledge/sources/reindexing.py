"""Building a generation of the index: every document read again, or taken over, beside what is searched.

Each document is one transaction, so that a build that was cut short goes on where it was. What cannot be
read again is taken over as it was read before, and says so: a generation never loses a document.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from psycopg.errors import DataError, IntegrityError, ProgrammingError

from centaure.audit import Action, record
from centaure.kit.database import Database, Row, WriteSession
from centaure.kit.errors import NotFound, Unavailable
from centaure.knowledge.connectors import (
    Connector,
    ItemChanged,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceUnavailable,
)
from centaure.knowledge.indexing.generations import (
    VERSIONS,
    Generation,
    building_generation,
    complete,
    list_generations,
    note_problem,
    note_progress,
    remove_left,
    still_building,
)
from centaure.knowledge.indexing.writing import write_reading
from centaure.knowledge.parsing import ParserProcess
from centaure.knowledge.retrieval.models import EmbeddingModels
from centaure.knowledge.retrieval.vectors import embed_waiting, plan_vectors
from centaure.knowledge.sources.places import Places, ask
from centaure.knowledge.sources.reading import Parser, Reading, read_file
from centaure.knowledge.sources.repository import all_sources
from centaure.knowledge.sources.sync import open_connector

log = logging.getLogger(__name__)

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Means:
    """What a build works with.

    Attributes:
        parsers: how many files are read at once.
        places: makes connectors.
        models: makes embedding models.
        open_parser: makes what reads files.
    """

    parsers: int = 2
    places: Places = field(default_factory=Places)
    models: EmbeddingModels = field(default_factory=EmbeddingModels)
    open_parser: Callable[[], Parser] = ParserProcess


async def keep_index(database: Database, means: Means) -> None:
    """Do what the index waits for: a generation to build, vectors to make, what was left to remove.

    Everything resumes: call it again after whatever cut it short.

    Args:
        database: as the worker's role.
        means: what it works with.

    Raises:
        Unavailable: the database went away.
    """
    while await _keep_once(database, means):
        log.info("Something more urgent than vectors is to be done.")


async def _keep_once(database: Database, means: Means) -> bool:
    """One round; whether it left the vectors for something more urgent."""
    await remove_left(database)
    async with database.read(None) as session:
        building = await building_generation(session)
    if building is not None:
        await _build(database, building, means)
    known = building and building.id
    urgent = False

    async def goes_on() -> bool:
        nonlocal urgent
        async with database.write(None) as session:
            await note_progress(session)
            now = await list_generations(session)
        urgent = any(
            one.state == "leaving" or (one.state == "building" and one.id != known) for one in now
        )
        return not urgent

    await embed_waiting(database, means.models, goes_on)
    async with database.write(None) as session:
        await note_progress(session)
    if building is not None:
        with suppress(NotFound):
            await _complete(database, building)
    return urgent


async def _build(database: Database, building: Generation, means: Means) -> None:
    """Give it its readings; a fault that nobody foresaw is said where people look."""
    try:
        await _Build(database, building, means).read_all()
    except _Removed:
        return
    except Unavailable:
        raise
    except Exception as error:
        async with database.write(None) as session:
            problem = f"It cannot be built ({type(error).__name__}). Report this fault."
            await note_problem(session, building.id, problem)
        raise


async def _complete(database: Database, building: Generation) -> None:
    async with database.write(None) as session:
        after = await complete(session, building.id)
        if after.state in {"ready", "live"}:
            await record(
                session,
                Action.ADMINISTRATION,
                f"generation:{after.id}",
                details={"what": "generation_built", "state": after.state},
            )


class _Removed(Exception):
    """The generation is not to be built any more."""


@dataclass(slots=True)
class _Build:
    """The readings of one generation."""

    database: Database
    generation: Generation
    means: Means

    async def read_all(self) -> None:
        """Give every document a reading on the generation's side, then plan its vectors."""
        problems: list[str] = []
        async with self.database.read(None) as session:
            sources = await all_sources(session)
        for source in sources:
            if not await self._missing(source.id):
                continue
            try:
                async with self.database.read(None) as session:
                    need_place = await session.value(
                        _ANY_OUTDATED, {**self._where(source.id), **VERSIONS}
                    )
                connector = None
                if need_place:
                    connector = await open_connector(self.database, source, self.means.places)
                try:
                    if connector is not None:
                        await ask(connector.check)
                    await self._read_source(source.id, connector)
                finally:
                    if connector is not None:
                        await ask(connector.close)
            except PlaceUnavailable as error:
                problems.append(f"{source.name}: {error.message}")
        while not problems and await self._take_over_rest():
            pass
        async with self.database.write(None) as session:
            await self._hold(session)
            if not problems and self.generation.model_id is not None:
                await plan_vectors(session, self.generation.model_id, self.generation.side)
            await note_problem(session, self.generation.id, " ".join(problems))
            await note_progress(session)

    async def _read_source(self, source_id: int, connector: Connector | None) -> None:
        with ExitStack() as opened:
            parsers = [
                opened.enter_context(self.means.open_parser())
                for _ in range(self.means.parsers if connector else 0)
            ]
            after = 0
            while page := await self._missing(source_id, after):
                after = page[-1].id
                await self._read_page(page, connector, parsers)
                async with self.database.write(None) as session:
                    await note_progress(session)

    async def _read_page(
        self, page: Sequence[Row], connector: Connector | None, parsers: Sequence[Parser]
    ) -> None:
        anew = deque[Row]()
        for row in page:
            if connector is not None and (row.outdated or self.generation.read_again):
                anew.append(row)
            else:
                await self._take_over(row, "")

        async def lane(parser: Parser, place: Connector) -> None:
            while anew:
                await self._read_one(parser, place, anew.popleft())

        if connector is None:
            return
        try:
            async with asyncio.TaskGroup() as lanes:
                for parser in parsers:
                    lanes.create_task(lane(parser, connector))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _read_one(self, parser: Parser, connector: Connector, row: Row) -> None:
        try:
            read = await ask(read_file, parser, connector, row.path, None)
        except (ItemGone, ItemChanged):
            reason = "It was changed or gone; the next synchronisation sees to it."
        except (ItemUnreadable, ItemTooLarge) as error:
            reason = error.message
        except OSError as error:
            reason = f"It cannot be read ({error.strerror})."
        else:
            reading = read.reading
            if read.content_hash != row.content_hash or reading is None:
                reason = "It changed since; the next synchronisation reads it."
            elif reading.document is None:
                reason = reading.reason
            elif await self._write(row, reading):
                return
            else:
                reason = "The database refused what this version reads of it."
        await self._take_over(row, reason)

    async def _write(self, row: Row, reading: Reading) -> bool:
        """Write what was read of a file and of what it carries; False: the database refuses it."""
        try:
            async with self.database.write(None) as session:
                await self._hold(session)
                if await session.value(_WANTS, self._of(row)):
                    await self._write_in(session, row, reading)
        except (DataError, IntegrityError, ProgrammingError):
            log.exception("A reading could not be stored")
            return False
        return True

    async def _write_in(self, session: WriteSession, row: Row, reading: Reading) -> None:
        made = {inner.path: inner for inner in reading.every()}
        for known in await session.rows(_FAMILY, self._of(row)):
            inner = made.get(known.path)
            if inner is None or inner.document is None or inner.content_hash != known.content_hash:
                await session.execute(
                    _COPY, {**self._of(known), "reason": "It was not found again."}
                )
            else:
                await write_reading(session, known.id, self.generation.side, known, inner.document)

    async def _take_over(self, row: Row, reason: str) -> None:
        async with self.database.write(None) as session:
            await self._hold(session)
            if await session.value(_WANTS, self._of(row)):
                for known in await session.rows(_FAMILY, self._of(row)):
                    await session.execute(_COPY, {**self._of(known), "reason": reason})

    async def _take_over_rest(self) -> int:
        """Some attachments whose message had its reading before they had theirs; how many."""
        async with self.database.write(None) as session:
            await self._hold(session)
            rest = await session.rows(_REST, {"side": self.generation.side, "page": _PAGE})
            for row in rest:
                await session.execute(_COPY, {**self._of(row), "reason": ""})
            return len(rest)

    async def _hold(self, session: WriteSession) -> None:
        if not await still_building(session, self.generation.id):
            raise _Removed

    async def _missing(self, source_id: int, after: int = 0) -> list[Row]:
        async with self.database.read(None) as session:
            return await session.rows(
                _MISSING,
                {**self._where(source_id), **VERSIONS, "after": after, "page": _PAGE},
            )

    def _where(self, source_id: int) -> dict[str, object]:
        return {
            "source": source_id,
            "side": self.generation.side,
            "anew": self.generation.read_again,
        }

    def _of(self, row: Row) -> dict[str, object]:
        return {
            "id": row.id,
            "side": self.generation.side,
            "model": self.generation.model_id,
        }


_MISSING = """
    select document.id, document.path, document.content_hash,
        coalesce((known.parser_version, known.chunker_version, known.language_version)
            <> (%(parser)s, %(chunker)s, %(analysis)s), true) as outdated
    from document
    left join reading known on known.document_id = document.id and known.side = 1 - %(side)s
    where document.source_id = %(source)s and document.parent_id is null and document.id > %(after)s
        and not exists (
            select from reading where document_id = document.id and side = %(side)s)
    order by document.id limit %(page)s
"""
_ANY_OUTDATED = """
    select %(anew)s or exists (
        select from document
        join reading known on known.document_id = document.id and known.side = 1 - %(side)s
        where document.source_id = %(source)s
            and (known.parser_version, known.chunker_version, known.language_version)
                <> (%(parser)s, %(chunker)s, %(analysis)s)
            and not exists (
                select from reading where document_id = document.id and side = %(side)s))
"""
# The document is held: nobody writes another reading of it meanwhile.
_WANTS = """
    select true from document
    where id = %(id)s and not exists (
        select from reading where document_id = document.id and side = %(side)s)
    for update
"""
_FAMILY = """
    with recursive family(id) as (
        select cast(%(id)s as bigint)
        union
        select inside.id from document inside join family on inside.parent_id = family.id
    )
    select document.id, path, content_hash, modified from document join family using (id)
    where not exists (select from reading where document_id = document.id and side = %(side)s)
    order by id
"""
_REST = """
    select id from document where not exists (
        select from reading where document_id = document.id and side = %(side)s)
    order by id limit %(page)s for update
"""
_COPY = "select copy_reading(%(id)s, cast(%(side)s as smallint), %(model)s, %(reason)s)"
