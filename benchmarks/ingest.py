"""From PDF files to searchable passages: pages and passages per second, and the memory that it takes.

Three measures on real PDFs (four French guides, ten American quarterly reports):
- parsing and chunking in one process, in pages per second of CPU, without OCR;
- the whole way: synchronisation of a folder of copies of them into an empty database, parsed by two
  processes, in pages and passages per second of wall time;
- a 300-page PDF made of them, on its own, for its peak of memory.

Memory is the sum of the resident sets of this process and of all its children but PostgreSQL's, sampled
20 times a second; pages that they share are counted in each.

    python benchmarks/ingest.py [--data ../shared/data] [--copies 3] [--home FOLDER]
"""

import argparse
import asyncio
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pypdfium2

from centaure.app.installation import Installation, open_installation
from centaure.kit.settings import Settings
from centaure.knowledge.chunking import chunk_document
from centaure.knowledge.indexing import prepare
from centaure.knowledge.parsing import parse_file
from centaure.knowledge.sources.runs import Run
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import SyncOptions, sync_source
from report import report

FOLDERS = ("parsing_fr", "retrieval/kgrag_10q_en/pdfs")
LONG_PAGES = 300
SAMPLE_S = 0.05
MANIFEST = "rules: [{path: ., type: folder, classification: C1, read: {groups: ['*']}}]\n"


class Memory:
    """The highest sum of resident memory, in MB, of this process and its children."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_S):
            self.peak_mb = max(self.peak_mb, resident_mb(Path("/proc/self").resolve()))


def resident_mb(process: Path) -> float:
    """Resident memory of a process and its children, PostgreSQL's left out."""
    try:
        if (process / "comm").read_text().startswith("postgres"):
            return 0.0
        lines = (process / "status").read_text().splitlines()
        own = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0) / 1000
        children = [
            child
            for task in (process / "task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return 0.0
    return own + sum(resident_mb(Path("/proc") / child) for child in children)


def long_pdf(originals: list[Path], place: Path) -> None:
    """A PDF of 300 pages, taken from the others in turn."""
    made = pypdfium2.PdfDocument.new()
    while len(made) < LONG_PAGES:
        for original in originals:
            source = pypdfium2.PdfDocument(original)
            made.import_pages(source, list(range(min(len(source), LONG_PAGES - len(made)))))
            source.close()
            if len(made) == LONG_PAGES:
                break
    made.save(place)
    made.close()


def parse_and_chunk(originals: list[Path]) -> tuple[int, int, float, float]:
    """Pages, passages, CPU seconds of parsing and chunking, and those of the index analysis on top."""
    parse_file(originals[0])  # the libraries are loaded once
    pages = chunks = 0
    reading = analysing = 0.0
    for original in originals:
        started = time.process_time()
        document = parse_file(original).document
        assert document is not None
        cut = chunk_document(document)
        middle = time.process_time()
        prepare(document, original.name)
        after = time.process_time()
        pages += document.page_count or 0
        chunks += len(cut)
        reading += middle - started
        # `prepare` cuts once more: its own cutting is taken off.
        started = time.process_time()
        chunk_document(document)
        analysing += (after - middle) - (time.process_time() - started)
    return pages, chunks, reading, analysing


async def synchronise(installation: Installation, folder: Path, manifest: Path) -> Run:
    """Add a folder and synchronise it."""
    database = installation.database("indexer")
    try:
        source = await add_source(database, NewSource(folder, manifest=manifest))
        options = SyncOptions(parsers=installation.settings.worker_processes)
        return await sync_source(database, source.id, options=options)
    finally:
        await database.close()


def main() -> None:
    """Measure, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--copies", type=int, default=3)
    arguments.add_argument("--home", type=Path, default=None)
    chosen = arguments.parse_args()
    originals = sorted(path for folder in FOLDERS for path in (chosen.data / folder).glob("*.pdf"))
    pages, chunks, reading, analysing = parse_and_chunk(originals)
    rows: list[list[str | int | float | None]] = [
        [
            "parsing and chunking, per CPU second",
            pages,
            chunks,
            pages / reading,
            chunks / reading,
            None,
        ],
        [
            "with the analysis for search, per CPU second",
            pages,
            chunks,
            pages / (reading + analysing),
            chunks / (reading + analysing),
            None,
        ],
    ]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="centaure-ingest-")))
        folder.chmod(0o711)
        manifest = folder / "rights.yaml"
        manifest.write_text(MANIFEST, encoding="utf-8")
        library, alone = folder / "library", folder / "alone"
        for copy in range(chosen.copies):
            (library / str(copy)).mkdir(parents=True)
            for original in originals:
                shutil.copyfile(original, library / str(copy) / original.name)
        alone.mkdir()
        long_pdf(originals, alone / "long.pdf")
        settings = Settings(home=chosen.home or folder / "home")
        installation = stack.enter_context(open_installation(settings))
        measures = (("whole way, per second", library), ("300-page PDF, per second", alone))
        for name, place in measures:
            with Memory() as memory:
                started = time.perf_counter()
                run = asyncio.run(synchronise(installation, place, manifest))
                seconds = time.perf_counter() - started
            if run.state != "succeeded" or run.report["failed"]:
                raise SystemExit(f"The synchronisation did not end well: {run.report}")
            read, written = int(run.report["pages"]), int(run.report["chunks"])
            rows.append([name, read, written, read / seconds, written / seconds, memory.peak_mb])
    notes = {
        "files": len(originals) * chosen.copies,
        "parser_processes": settings.worker_processes,
        "passages_per_page": chunks / pages,
        "pages_at_least": 40,
        "pages_per_cpu_second_at_least": 120,
        "peak_mb_of_300_pages_at_most": 600,
        "pages_of_long_pdf": LONG_PAGES,
    }
    columns = ["measure", "pages", "passages", "pages/s", "passages/s", "peak MB"]
    report("ingest", columns, rows, notes)


if __name__ == "__main__":
    main()
