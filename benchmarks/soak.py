"""Random changes of a folder while its worker is killed again and again: the end equals a fresh index.

For as long as is asked, files are written, changed, moved and deleted, folders move and the rights are
rewritten, while synchronisations are asked for and `centaure worker` gets SIGKILL every four to twelve
seconds. All along, somebody whom no rule lets in must see nothing. At the end one undisturbed
synchronisation is waited for, and the database is compared with a first synchronisation of the same
folder into another one.

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
from centaure.kit.jobs import open_queue
from centaure.knowledge.sources.jobs import request_sync
from report import report
from sync import final_state, fresh_installation, one_source, timed, write_files, write_manifest

FILES = 400
FOLDERS = 4
LAST_S = 600.0


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
) -> tuple[int, int]:
    """Disturb and kill; then wait for a run that nothing disturbs. How many looks, and leaks seen."""
    indexer, reader = installation.database("indexer"), installation.database("app")
    end = time.monotonic() + minutes * 60
    next_kill = next_ask = time.monotonic()
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
            looks, leaks = looks + 1, leaks + await outsider_sees(reader, indexer)
            await asyncio.sleep(disturber.chance.uniform(0, 0.5))
        await asyncio.sleep(3)  # what was written last is older than the clock's tick
        last = await ask_for_sync(indexer, source, accept_loss=True)
        await _finished(indexer, last)
    finally:
        await indexer.close()
        await reader.close()
    return looks, leaks


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
            looks, leaks = asyncio.run(
                soak(installation, source, disturber, worker, chosen.minutes)
            )
        except BaseException:
            sys.stderr.write((folder / "worker.log").read_text(errors="replace")[-5000:])
            raise
        finally:
            worker.stop()
        kept = asyncio.run(final_state(installation))
        with fresh_installation() as (_, other):
            asyncio.run(timed(other, asyncio.run(one_source(other, root, manifest))))
            equal = asyncio.run(final_state(other)) == kept
    row = [chosen.minutes, disturber.done, worker.kills, len(kept), looks, leaks, str(equal)]
    columns = ["minutes", "changes", "kills", "files at the end", "looks", "leaks", "equal"]
    report("soak", columns, [row])
    if leaks or not equal:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
