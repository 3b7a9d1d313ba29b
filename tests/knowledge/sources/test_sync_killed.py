"""A worker killed at any moment, and started again, ends where an undisturbed one ends."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from centaure.app.installation import Installation
from centaure.app.jobs import BLUEPRINTS
from centaure.kit.jobs import open_queue
from centaure.knowledge.sources.jobs import request_sync
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import sync_source

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).with_name("worker_process.py")
FILES = 300
KILLS = 20

STATE = {
    "documents": """
        select path, format, title, language, size, content_hash, modified, classification, rule, family,
            (select path from document parent where parent.id = document.parent_id) as message,
            array(select regexp_replace(key, 'source:[0-9]+/', '') from principal
                where id = any(readers) order by 1)
        from document where source_id = %(source)s order by document.path""",
    "passages": """
        select path, position, text, heading_path, chunk.language from chunk
        join document on document.id = document_id
        where source_id = %(source)s order by path, position""",
    "ledger": """
        select path, parent, status, reason, warnings, size, content_hash, document_id is not null
        from ledger where source_id = %(source)s and status <> 'rights' order by path""",
}
INDEX = """
    select path, chunk_index.position, cast(impacts as text) from chunk_index
    join document on document.id = document_id where source_id = %s order by 1, 2"""


def message(number: int) -> str:
    return (
        f"From: a@example.org\nSubject: Letter {number}\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        f"The letter {number} explains the annex that comes with it.\n--b\n"
        f"Content-Type: text/plain\nContent-Disposition: attachment; filename=annex.txt\n\n"
        f"The annex of the letter {number} holds the figures.\n--b--\n"
    )


def fill(root: Path) -> None:
    for number in range(FILES):
        folder = root / ("hr" if number % 3 == 0 else f"team-{number % 7}")
        folder.mkdir(parents=True, exist_ok=True)
        if number % 10 == 0:
            (folder / f"{number:03}.eml").write_text(message(number))
        elif number % 25 == 1:
            (folder / f"{number:03}.pdf").write_bytes(b"%PDF-1.7\nbroken")
        else:
            words = "\n\n".join(
                f"Paragraph {line} of the note {number}, in some words." for line in range(8)
            )
            (folder / f"{number:03}.md").write_text(f"# Note {number}\n\n{words}\n")


def disturb(root: Path, chance: random.Random) -> None:
    """Change, move, delete and add some files, as people do while a worker is down."""
    files = sorted(path for path in root.rglob("*") if path.suffix == ".md")
    changed, moved, deleted = (chance.sample(files, 30)[i : i + 10] for i in (0, 10, 20))
    for path in changed:
        path.write_text(path.read_text() + f"\nA line added as number {chance.random()}.\n")
    for path in moved:
        target = root / "hr" / f"{chance.randrange(10**6)}-{path.name}"
        path.rename(target)
    for path in deleted:
        path.write_text(f"# Again\n\nAnother text entirely, number {chance.random()}.\n")
        path.rename(path.with_name(f"again-{chance.randrange(10**6)}.md"))


async def state(
    library: Any, source_id: int, owner_connection: Any
) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    async with library.indexer.read(None) as session:
        for name, statement in STATE.items():
            rows = await session.rows(statement, {"source": source_id})
            found[name] = [tuple(row) for row in rows]
    found["index"] = owner_connection.execute(INDEX, (source_id,)).fetchall()
    return found


class Worker:
    """`centaure worker` on the installation under test."""

    def __init__(self, installation: Installation) -> None:
        environment = {**os.environ, "CENTAURE_HOME": str(installation.settings.home)}
        if installation.settings.database_url is not None:
            address = installation.settings.database_url.get_secret_value()
            environment["CENTAURE_DATABASE_URL"] = address
        self._processes = subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._pid = 0

    def _read(self, word: str) -> int:
        assert self._processes.stdout is not None
        return int(self._processes.stdout.readline().removeprefix(word))

    def start(self) -> None:
        assert self._processes.stdin is not None
        self._processes.stdin.write("\n")
        self._processes.stdin.flush()
        self._pid = self._read("started ")

    def end(self, how: signal.Signals) -> int:
        """Its status."""
        os.kill(self._pid, how)
        self._pid = 0
        return self._read("ended ")

    def close(self) -> None:
        assert self._processes.stdin is not None
        assert self._processes.stdout is not None
        if self._pid:
            self.end(signal.SIGKILL)
        self._processes.stdin.close()
        self._processes.stdout.close()
        self._processes.wait(60)


async def attempt(library: Any) -> tuple[int, int, str]:
    """The last run: its number, how often it was begun, and its state."""
    rows = await library.rows(
        "select id, attempt, state from sync_run where source_id = %(source)s order by id desc limit 1"
    )
    return rows[0]


async def ask(library: Any) -> tuple[int, int, str]:
    """What `centaure source sync` does; the run that waits."""
    queue = open_queue(library.indexer, BLUEPRINTS, pool_size=1)
    async with queue.open_async(), library.indexer.write(None) as session:
        run = await request_sync(session, queue, library.source_id, None)
    return run.id, 0, "queued"


async def begun(library: Any, before: tuple[int, int, str]) -> tuple[int, int, str]:
    """The last run, once a worker took it up again, or up to its end."""
    with anyio.fail_after(120):
        while True:
            now = await attempt(library)
            if now[:2] != before[:2] or now[2] in {"succeeded", "failed"}:
                return now
            await anyio.sleep(0.01)


async def test_a_worker_killed_twenty_times_ends_as_if_it_had_not_been(
    library: Any, owner_connection: Any, installation: Installation
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    shutil.rmtree(library.root)
    fill(library.root)
    worker = Worker(installation)
    try:
        worker.start()
        killed, delay = 0, 1.0
        seen = await ask(library)
        while killed < KILLS:
            seen = await begun(library, seen)
            if seen[2] != "succeeded":
                await anyio.sleep(chance.uniform(0.0, delay))
            if (await attempt(library))[2] == "succeeded":
                disturb(library.root, chance)
                delay /= 2
                seen = await ask(library)
            else:
                assert worker.end(signal.SIGKILL) == -signal.SIGKILL
                killed += 1
                delay = min(delay * 1.3, 3.0)
                worker.start()
        while (seen := await begun(library, seen))[2] != "succeeded":
            assert seen[2] == "running", seen
        disturb(library.root, chance)
        seen = await ask(library)
        while (seen := await begun(library, seen))[2] != "succeeded":
            assert seen[2] == "running", seen
        assert worker.end(signal.SIGTERM) == 0
    finally:
        worker.close()
    twin = library.root.with_name("twin")
    shutil.copytree(library.root, twin)
    manifest = library.manifest
    source = await add_source(library.indexer, NewSource(twin, manifest=manifest))
    assert (await sync_source(library.indexer, source.id)).state == "succeeded"
    survived = await state(library, library.source_id, owner_connection)
    undisturbed = await state(library, source.id, owner_connection)
    for name, rows in undisturbed.items():
        assert survived[name] == rows, f"{name} differ, seed {seed}"
    assert len(undisturbed["ledger"]) >= FILES
    orphans = (
        "select count(*) from chunk left join chunk_index on chunk_id = id where chunk_id is null"
    )
    assert owner_connection.execute(orphans).fetchone() == (0,)
