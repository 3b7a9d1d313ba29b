"""Keeping a folder in step: a first synchronisation, one with nothing changed, one with some changes.

The files are 10,000 passages of the public collections, each in a Markdown file, in folders of 100, with a
rights rule for each folder. The third run finds 100 changed, 50 moved and 50 deleted files and 20 changed
rules; the ledger and the documents are then compared with a first synchronisation of the same folder.

With --workers, the throughput of worker processes instead: PDF files (four French guides and ten quarterly
reports, each in a source of its own), parsed by 1, 2 ... processes of `centaure worker` over one database.

    python benchmarks/sync.py [--data ../shared/data] [--files 10000] [--workers 1,2,4]
"""

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from centaure.app.installation import Installation, open_installation
from centaure.app.jobs import BLUEPRINTS
from centaure.kit.database import Database
from centaure.kit.jobs import open_queue
from centaure.kit.settings import Settings
from centaure.knowledge.parsing import ParseOutcome, ParserProcess
from centaure.knowledge.sources.jobs import request_sync
from centaure.knowledge.sources.runs import Run
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import SyncOptions, sync_source
from datasets import read_collection
from report import Cell, report

COLLECTIONS = ("service_public_fr", "multihop_en")
PDFS = ("parsing_fr", "retrieval/kgrag_10q_en/pdfs")
PER_FOLDER = 100
CHANGED, MOVED, DELETED, RULES = 100, 50, 50, 20
GROUPS = 10
PATIENCE_S = 1800.0


class Counting(ParserProcess):
    """Counts the files that are parsed."""

    parsed = 0

    def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
        """Parse as ever."""
        Counting.parsed += 1
        return super().parse(path, name)


def write_files(data: Path, root: Path, wanted: int) -> list[Path]:
    """The passages as Markdown files."""
    passages = [passage for name in COLLECTIONS for passage in read_collection(data, name).passages]
    if len(passages) < wanted:
        raise SystemExit(f"The collections hold {len(passages)} passages only.")
    places: list[Path] = []
    for number, passage in enumerate(passages[:wanted]):
        place = root / f"{number // PER_FOLDER:03d}" / f"{number:05d}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"# {passage.title}\n\n{passage.text}\n", encoding="utf-8")
        places.append(place)
    return places


def write_manifest(place: Path, folders: int, other: frozenset[int] = frozenset()) -> None:
    """A rule for each folder; those of `other` open to another group."""
    groups = [f"g{number}" for number in range(GROUPS)]
    rules = [
        {
            "path": f"{number:03d}",
            "type": "folder",
            "classification": "C1",
            "read": {"groups": [groups[(number + (number in other)) % GROUPS]]},
        }
        for number in range(folders)
    ]
    users = [{"id": f"user-{group}", "groups": [group]} for group in groups]
    content = {"groups": [{"id": group} for group in groups], "users": users, "rules": rules}
    place.write_text(yaml.safe_dump(content), encoding="utf-8")


def change(places: list[Path], manifest: Path, folders: int) -> None:
    """What happens between the second run and the third."""
    chosen = random.Random(7).sample(places, CHANGED + MOVED + DELETED)
    for place in chosen[:CHANGED]:
        place.write_text(place.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    for place in chosen[CHANGED : CHANGED + MOVED]:
        place.rename(place.with_name(f"moved-{place.name}"))
    for place in chosen[CHANGED + MOVED :]:
        place.unlink()
    write_manifest(manifest, folders, frozenset(range(RULES)))


async def state(database: Database) -> list[tuple[Any, ...]]:
    """What the database says of every file, without numbers and times."""
    async with database.read(None) as session:
        rows = await session.rows(
            """
            select ledger.path, ledger.status, document.content_hash, document.classification,
                array(select key from principal where id = any(document.readers) order by key) as readers,
                array(
                    select text from chunk
                    where document_id = document.id and side = live_side() order by position
                ) as texts
            from ledger left join document on document.id = ledger.document_id
            where ledger.status <> 'rights' order by ledger.path
            """
        )
    return [tuple(row) for row in rows]


async def one_source(installation: Installation, root: Path, manifest: Path) -> int:
    """A new source; its number."""
    database = installation.database("indexer")
    try:
        return (await add_source(database, NewSource(root, manifest=manifest))).id
    finally:
        await database.close()


async def timed(installation: Installation, source: int) -> tuple[Run, float]:
    """One synchronisation and its seconds."""
    database = installation.database("indexer")
    options = SyncOptions(parsers=installation.settings.worker_processes, open_parser=Counting)
    try:
        started = time.perf_counter()
        run = await sync_source(database, source, options=options)
        return run, time.perf_counter() - started
    finally:
        await database.close()


async def final_state(installation: Installation) -> list[tuple[Any, ...]]:
    """`state`, with connections of its own."""
    database = installation.database("indexer")
    try:
        return await state(database)
    finally:
        await database.close()


@contextmanager
def fresh_installation() -> Iterator[tuple[Path, Installation]]:
    """A folder and an installation in it, which go together."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="centaure-sync-")))
        folder.chmod(0o711)
        yield folder, stack.enter_context(open_installation(Settings(home=folder / "home")))


def three_runs(data: Path, files: int) -> None:
    """The three synchronisations, and whether the last is exact."""
    rows: list[list[Cell]] = []
    with fresh_installation() as (folder, installation):
        root, manifest = folder / "library", folder / "rights.yaml"
        places = write_files(data, root, files)
        folders = -(-files // PER_FOLDER)
        write_manifest(manifest, folders)
        source = asyncio.run(one_source(installation, root, manifest))
        seconds: list[float] = []
        for name in ("first", "nothing changed", "some changed"):
            if name == "some changed":
                change(places, manifest, folders)
            Counting.parsed = 0
            run, took = asyncio.run(timed(installation, source))
            if run.state != "succeeded":
                raise SystemExit(f"The synchronisation did not end well: {run.report}")
            seconds.append(took)
            kinds = ("new", "changed", "moved", "deleted", "rights_changed")
            counts = [int(run.report[kind]) for kind in kinds]
            rows.append([name, took, files / took, Counting.parsed, *counts])
        kept = asyncio.run(final_state(installation))
        with fresh_installation() as (_, other):
            asyncio.run(timed(other, asyncio.run(one_source(other, root, manifest))))
            # Groups bear the number of their source, which is the first of each installation.
            exact = asyncio.run(final_state(other)) == kept
    notes: dict[str, Cell] = {
        "files": files,
        "second_faster_than_first": seconds[0] / seconds[1],
        "second_faster_at_least": 50,
        "third_is_exact": str(exact),
    }
    columns = [
        "run",
        "seconds",
        "files/s",
        "parsed",
        "new",
        "changed",
        "moved",
        "deleted",
        "rights",
    ]
    report("sync", columns, rows, notes)


def throughput(data: Path, workers: list[int]) -> None:
    """Worker processes over one database."""
    originals = sorted(path for folder in PDFS for path in (data / folder).glob("*.pdf"))
    rows: list[list[Cell]] = []
    for number in workers:
        with fresh_installation() as (folder, installation):
            manifest = folder / "rights.yaml"
            manifest.write_text(
                "rules: [{path: ., type: folder, classification: C1, read: {groups: ['*']}}]\n"
            )
            for original in originals:
                place = folder / "library" / original.stem
                place.mkdir(parents=True)
                shutil.copyfile(original, place / original.name)
                asyncio.run(one_source(installation, place, manifest))
            pages, took = asyncio.run(_worked(installation, number))
            rows.append([number, pages, took, pages / took])
    notes = {
        f"{row[0]} workers, times one": float(row[3] or 0) / float(rows[0][3] or 1)
        for row in rows[1:]
    }
    report("sync-workers", ["workers", "pages", "seconds", "pages/s"], rows, notes)


async def _worked(installation: Installation, number: int) -> tuple[int, float]:
    database = installation.database("indexer")
    environment = {
        **os.environ,
        "CENTAURE_HOME": str(installation.settings.home),
        "CENTAURE_WORKER_PROCESSES": "1",
        "CENTAURE_WORKER_JOBS": "1",
    }
    try:
        queue = open_queue(database, BLUEPRINTS, pool_size=1)
        async with queue.open_async(), database.write(None) as session:
            for row in await session.rows("select id from source order by id"):
                await request_sync(session, queue, row.id, None)
        command = [sys.executable, "-m", "centaure.app.cli", "worker"]
        processes = _started(command, environment, number)
        try:
            return await _all_read(database)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(60)
    finally:
        await database.close()


def _started(
    command: list[str], environment: dict[str, str], number: int
) -> list[subprocess.Popen[bytes]]:
    return [subprocess.Popen(command, env=environment) for _ in range(number)]


async def _all_read(database: Database) -> tuple[int, float]:
    """Pages read and seconds, from the first start of a run to the last end."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        async with database.read(None) as session:
            row = await session.one(
                "select count(*) filter (where state <> 'succeeded') as left,"
                " sum(cast(report->>'pages' as int)) as pages,"
                " extract(epoch from max(finished_at) - min(started_at)) as seconds from sync_run"
            )
        if row.left == 0:
            return int(row.pages), float(row.seconds)
    raise SystemExit("The workers have not ended in time.")


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--files", type=int, default=10_000)
    arguments.add_argument("--workers", default="", help="numbers of worker processes: 1,2,4")
    chosen = arguments.parse_args()
    if chosen.workers:
        throughput(chosen.data, [int(number) for number in chosen.workers.split(",")])
    else:
        three_runs(chosen.data, chosen.files)


if __name__ == "__main__":
    main()
