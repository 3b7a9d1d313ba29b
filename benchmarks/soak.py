"""Random changes of a folder while its worker is killed again and again: the end equals a fresh index.

For as long as is asked, files are written, changed, moved and deleted, folders move and the rights are
rewritten, while synchronisations are asked for and `centaure worker` gets SIGKILL every four to twelve
seconds, and generations of the index are begun, switched to and removed. All along, somebody whom no rule
lets in must see nothing. At the end one undisturbed synchronisation is waited for, and what each
generation shows is compared with a first synchronisation of the same folder into another database.

    python benchmarks/soak.py [--data ../shared/data] [--minutes 30] [--seed 1]
"""

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from centaure.app.installation import Installation
from centaure.app.jobs import BLUEPRINTS
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.kit.jobs import open_queue
from centaure.knowledge.indexing.generations import (
    Wanted,
    begin_generation,
    find_generation,
    list_generations,
    remove_generation,
    switch_to,
)
from centaure.knowledge.retrieval.models import EmbeddingModels, add_model
from centaure.knowledge.sources.index_jobs import index_waits, request_keeping
from centaure.knowledge.sources.jobs import request_sync
from report import report
from sync import final_state, fresh_installation, one_source, timed, write_files, write_manifest

FILES = 400
FOLDERS = 4
LAST_S = 600.0
MODELS = {"small": 64, "large": 96}
"""Embedding models, and the numbers of their vectors."""


class Disturber:
    """Changes a folder at random, a little at a time."""

    def __init__(self, root: Path, manifest: Path, chance: random.Random) -> None:
        self.root, self.manifest, self.chance = root, manifest, chance
        self.words = [place.read_text(encoding="utf-8") for place in self._files()]
        self.done = 0

    def disturb(self) -> None:
        """One change."""
        kinds: list[Callable[[], None]] = [self._write, self._change, self._move, self._delete]
        weights = [6, 6, 4, 4 if len(self._files()) > FILES // 2 else 0]
        if self.chance.random() < 0.03:
            kinds, weights = [self._move_folder, self._rights], [1, 2]
        self.chance.choices(kinds, weights)[0]()
        self.done += 1

    def _files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*") if path.is_file())

    def _some(self) -> Path:
        return self.chance.choice(self._files())

    def _write(self) -> None:
        folder = self.chance.choice(sorted(path for path in self.root.iterdir() if path.is_dir()))
        name = f"{self.chance.randrange(10**9)}{self.chance.choice(['.md', '.txt'])}"
        (folder / name).write_text(self.chance.choice(self.words), encoding="utf-8")

    def _change(self) -> None:
        with self._some().open("a", encoding="utf-8") as file:
            file.write(f"\nLine {self.chance.randrange(10**9)}.\n")

    def _move(self) -> None:
        place = self._some()
        folder = self.chance.choice(sorted(path for path in self.root.iterdir() if path.is_dir()))
        place.rename(folder / f"moved-{self.chance.randrange(10**9)}{place.suffix}")

    def _delete(self) -> None:
        self._some().unlink()

    def _move_folder(self) -> None:
        folder = self.chance.choice(sorted(path for path in self.root.iterdir() if path.is_dir()))
        aside = self.root / f"aside-{self.chance.randrange(10**9)}"
        folder.rename(aside)
        time.sleep(self.chance.random())
        aside.rename(folder)

    def _rights(self) -> None:
        other = frozenset(self.chance.sample(range(FOLDERS), self.chance.randrange(FOLDERS)))
        aside = self.manifest.with_name("rights.new")
        write_manifest(aside, FOLDERS, other)
        aside.replace(self.manifest)


class Worker:
    """`centaure worker`, killed and started again."""

    def __init__(self, installation: Installation, log: Path) -> None:
        self.environment = {
            **os.environ,
            "CENTAURE_HOME": str(installation.settings.home),
            "CENTAURE_WORKER_PROCESSES": "1",
        }
        self.log = log.open("ab")
        self.kills = 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "centaure.app.cli", "worker"]
        return subprocess.Popen(command, env=self.environment, stderr=self.log, stdout=self.log)

    def kill(self) -> None:
        """SIGKILL, then another one."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        self.process = self._start()

    def stop(self) -> None:
        """End it as a person would."""
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


class Indexer:
    """Begins, switches and removes generations of the index at random."""

    def __init__(self, database: Database, chance: random.Random) -> None:
        self.database, self.chance = database, chance
        self.done = 0

    async def disturb(self) -> None:
        """One change, if it can be made now."""
        async with (
            open_queue(self.database, BLUEPRINTS, pool_size=1).open_async() as queue,
            self.database.write(None) as session,
        ):
            others = [one for one in await list_generations(session) if one.state != "live"]
            other = self.chance.choice(others).id if others else 0
            try:
                match self.chance.randrange(4):
                    case 0:
                        await switch_to(session, other)
                    case 1:
                        await remove_generation(session, other)
                    case _:
                        wanted = Wanted(
                            self.chance.choice(["", *MODELS]), self.chance.random() < 0.5
                        )
                        await begin_generation(session, wanted, None)
            except (Conflict, InvalidInput, NotFound):
                return
            await request_keeping(session, queue)
        self.done += 1

    async def settled(self) -> list[int]:
        """Once nothing is being built, embedded or removed: the generations, the live one last."""
        deadline = time.monotonic() + LAST_S
        while time.monotonic() < deadline:
            async with self.database.read(None) as session:
                generations = await list_generations(session)
                if not await index_waits(session):
                    ready = [one for one in generations if one.state in {"kept", "ready", "live"}]
                    return [one.id for one in sorted(ready, key=lambda one: one.state == "live")]
            await asyncio.sleep(0.5)
        raise SystemExit("The index has not settled in time.")


async def add_models(database: Database) -> None:
    """Two models that need no network."""
    for name, dimensions in MODELS.items():
        options = {"dimensions": str(dimensions)}
        described, length = EmbeddingModels().describe("trigrams", "", options, "")
        async with database.write(None) as session:
            await add_model(session, name, described, length)


async def show(database: Database, number: int) -> int:
    """Make a generation live; how many of its passages lack the vectors that it is to have."""
    async with database.write(None) as session:
        if (await find_generation(session, number)).state != "live":
            await switch_to(session, number)
        return int(await session.value(_LACKING))


async def ask_for_sync(database: Database, source: int, *, accept_loss: bool) -> int:
    """Ask for a synchronisation; the number of its run."""
    async with (
        open_queue(database, BLUEPRINTS, pool_size=1).open_async() as queue,
        database.write(None) as session,
    ):
        return (await request_sync(session, queue, source, None, accept_loss=accept_loss)).id


async def outsider_sees(reader: Database, indexer: Database) -> int:
    """How many documents somebody sees whom no rule lets in."""
    async with indexer.read(None) as session:
        account = await session.value(
            "select principal_id from user_account where login = 'outsider'"
        )
    async with reader.read(account) as session:
        return int(await session.value("select count(*) from document") or 0)


async def soak(
    installation: Installation, source: int, disturber: Disturber, worker: Worker, minutes: float
) -> tuple[int, int, int, list[int]]:
    """Disturb and kill; then wait for a run that nothing disturbs.

    Returns:
        How many looks, and leaks seen; how many changes of the index; the generations at the end.
    """
    indexer, reader = installation.database("indexer"), installation.database("app")
    await add_models(indexer)
    generations = Indexer(indexer, disturber.chance)
    end = time.monotonic() + minutes * 60
    next_kill = next_ask = next_index = time.monotonic()
    looks = leaks = 0
    try:
        while (now := time.monotonic()) < end:
            await asyncio.to_thread(disturber.disturb)
            if now > next_ask:
                await ask_for_sync(indexer, source, accept_loss=False)
                next_ask = now + 3
            if now > next_kill:
                await asyncio.to_thread(worker.kill)
                next_kill = now + 3 + disturber.chance.uniform(1, 9)
            if now > next_index:
                await generations.disturb()
                next_index = now + disturber.chance.uniform(5, 40)
            looks, leaks = looks + 1, leaks + await outsider_sees(reader, indexer)
            await asyncio.sleep(disturber.chance.uniform(0, 0.5))
        await asyncio.sleep(3)  # what was written last is older than the clock's tick
        last = await ask_for_sync(indexer, source, accept_loss=True)
        await _finished(indexer, last)
        left = await generations.settled()
    finally:
        await indexer.close()
        await reader.close()
    return looks, leaks, generations.done, left


async def _finished(database: Database, run: int) -> None:
    deadline = time.monotonic() + LAST_S
    while time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        async with database.read(None) as session:
            state = await session.value("select state from sync_run where id = %(id)s", {"id": run})
        if state == "succeeded":
            return
        if state not in {"queued", "running"}:
            raise SystemExit(f"The last synchronisation ended as '{state}'.")
    raise SystemExit("The last synchronisation has not ended in time.")


async def add_outsider(installation: Installation) -> None:
    """An account that no rule names."""
    owner = installation.database("owner")
    async with owner.write(None) as session:
        await session.execute(
            "with made as (insert into principal (kind, key, label)"
            " values ('user', 'user:outsider', 'Outsider') returning id)"
            " insert into user_account (principal_id, login, name)"
            " select id, 'outsider', 'Outsider' from made"
        )
    await owner.close()


async def compared(
    installation: Installation, generations: list[int], fresh: object
) -> tuple[int, bool]:
    """How many vectors the generations lack, and whether each shows what a fresh index does."""
    database = installation.database("indexer")
    lacking, equal = 0, True
    for number in generations:
        lacking += await show(database, number)
        equal = equal and await final_state(installation) == fresh
    await database.close()
    return lacking, equal


_LACKING = """
    select count(*) from chunk
    join generation on generation.state = 'live' and generation.side = chunk.side
    where generation.model is not null and not exists (
        select from chunk_vector
        where chunk_vector.chunk_id = chunk.id and chunk_vector.model = generation.model)
"""


def main() -> None:
    """Disturb, compare, print and write."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--minutes", type=float, default=30.0)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with fresh_installation() as (folder, installation):
        root, manifest = folder / "library", folder / "rights.yaml"
        write_files(chosen.data, root, FILES)
        write_manifest(manifest, FOLDERS)
        source = asyncio.run(one_source(installation, root, manifest))
        asyncio.run(add_outsider(installation))
        disturber = Disturber(root, manifest, random.Random(chosen.seed))
        worker = Worker(installation, folder / "worker.log")
        try:
            looks, leaks, index_changes, left = asyncio.run(
                soak(installation, source, disturber, worker, chosen.minutes)
            )
        except BaseException:
            sys.stderr.write((folder / "worker.log").read_text(errors="replace")[-5000:])
            raise
        finally:
            worker.stop()
        with fresh_installation() as (_, other):
            asyncio.run(timed(other, asyncio.run(one_source(other, root, manifest))))
            fresh = asyncio.run(final_state(other))
        lacking, equal = asyncio.run(compared(installation, left, fresh))
    row = [
        chosen.minutes, disturber.done, worker.kills, index_changes, len(left), len(fresh), looks, leaks,
        lacking, str(equal),
    ]  # fmt: skip
    columns = [
        "minutes", "changes", "kills", "index changes", "generations", "files at the end", "looks",
        "leaks", "vectors lacking", "equal",
    ]  # fmt: skip
    report("soak", columns, [row])
    if leaks or lacking or not equal:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
