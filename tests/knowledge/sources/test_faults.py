"""Faults from outside: a database cut off or full, clocks that lie, files and folders without measure."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.errors import DiskFull

from centaure.app.installation import Installation
from centaure.kit.errors import Unavailable
from centaure.knowledge.connectors.files.folder import FolderConnector
from centaure.knowledge.parsing import ParseOutcome, ParserProcess
from centaure.knowledge.sources import content
from centaure.knowledge.sources.listing import (
    count_listed,
    count_to_read,
    missing_files,
    take_listing,
)
from centaure.knowledge.sources.repository import source_by_id
from centaure.knowledge.sources.sync import SyncOptions

pytestmark = pytest.mark.anyio

NOTES = 12


@pytest.fixture
def owner(installation: Installation) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(installation.schema.conninfo("owner"), autocommit=True) as connection:
        yield connection


def fill(library: Any) -> None:
    for number in range(NOTES):
        library.write(f"{number:02}.md", f"# Note {number}\n\nThe words of the note {number}.\n")


async def as_undisturbed(library: Any) -> None:
    """The last word: everything is there once, and whole."""
    run = await library.sync()
    assert run.state == "succeeded"
    assert len(await library.documents()) == NOTES + 2
    rows = await library.rows(
        "select count(*) as chunks, count(distinct document_id) as documents from chunk"
    )
    assert rows == [(NOTES + 2, NOTES + 2)]
    assert len(await library.sees("alice")) == NOTES + 1  # human resources is closed to her


async def test_connections_that_are_cut_in_the_middle_lose_nothing(
    library: Any, owner: psycopg.Connection[Any]
) -> None:
    """What a restart of PostgreSQL does to a synchronisation: every connection is gone at once."""
    fill(library)

    class Cutting(ParserProcess):
        parsed = 0

        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            Cutting.parsed += 1
            if Cutting.parsed == NOTES // 2:
                owner.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where pid <> pg_backend_pid() and backend_type = 'client backend'"
                )
            return super().parse(path, name)

    try:
        run = await library.sync(SyncOptions(parsers=1, open_parser=Cutting))
        assert run.state == "succeeded"
    except Unavailable:
        assert 0 < len(await library.documents()) < NOTES + 2
    assert Cutting.parsed >= NOTES // 2
    await as_undisturbed(library)


async def test_a_full_disk_of_the_database_stops_the_run_and_loses_nothing(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(library)
    write = content.write_document
    written = 0

    async def filling(session: Any, place: Any, document: Any) -> int:
        nonlocal written
        written += 1
        number = await write(session, place, document)
        if written > NOTES // 2:
            raise DiskFull("could not extend file")
        return number

    monkeypatch.setattr(content, "write_document", filling)
    with pytest.raises((Unavailable, psycopg.Error)):
        await library.sync()
    monkeypatch.undo()
    # What another parser had just read may be given up with it.
    assert NOTES // 2 - 1 <= len(await library.documents()) <= NOTES // 2
    await as_undisturbed(library)


async def test_clocks_that_lie_make_no_file_read_twice_and_none_missed(library: Any) -> None:
    ahead = library.write("ahead.md", "A file of the day after tomorrow.")
    behind = library.write("behind.md", "A file from before the computers.")
    os.utime(ahead, (time.time() + 2 * 86400,) * 2)
    os.utime(behind, (0, 0))
    await library.sync()
    again = await library.sync()
    assert (again.report["changed"], again.report["reindexed"]) == (0, 0)
    times = ahead.stat()
    ahead.write_text("A file of another day entirely.  ")
    os.utime(ahead, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert (await library.sync()).report["changed"] == 1


async def test_a_file_of_5_gigabytes_is_a_line_of_the_ledger(library: Any) -> None:
    with (library.root / "huge.pdf").open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(5 * 1024**3)  # sparse: it takes no room
    started = time.monotonic()
    run = await library.sync()
    assert time.monotonic() - started < 120
    assert run.state == "succeeded"
    assert (await library.ledger())["huge.pdf"] == "too_large"
    assert "notes.md" in await library.documents()


@pytest.mark.slow
async def test_a_folder_of_100_000_files_is_listed_in_bounded_memory(library: Any) -> None:
    await library.sync()
    folder = library.root / "many"
    folder.mkdir()
    for number in range(100_000):
        (folder / f"{number}.md").touch()
    async with library.indexer.read(None) as session:
        source = await source_by_id(session, library.source_id)
    assert source is not None
    before = peak_kilobytes()
    await take_listing(
        library.indexer, source, FolderConnector(library.root), frozenset(), full=True
    )
    async with library.indexer.read(None) as session:
        assert await count_listed(session, library.source_id) == 100_002
        assert await missing_files(session, library.source_id) == []
        assert await count_to_read(session, library.source_id, ocr=False) >= 100_000
    assert peak_kilobytes() - before < 100_000


def peak_kilobytes() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
