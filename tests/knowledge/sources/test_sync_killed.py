"""A synchronisation killed at any moment, and started again, ends where an undisturbed one ends."""

import os
import random
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from centaure.knowledge.sources.service import NewFolder, add_folder_source
from centaure.knowledge.sources.sync import sync_source

pytestmark = pytest.mark.anyio

PROGRAM = Path(__file__).with_name("sync_process.py")
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


async def test_killed_twenty_times_it_ends_as_if_it_had_not_been(
    library: Any, owner_connection: Any
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    shutil.rmtree(library.root)
    fill(library.root)
    address = library.indexer.conninfo
    killed, delay = 0, 1.0
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else waits for this loop
        [sys.executable, str(PROGRAM), address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as processes:
        assert processes.stdin is not None
        assert processes.stdout is not None
        while killed < KILLS:
            processes.stdin.write(f"{library.source_id}\n")
            processes.stdin.flush()
            child = int(processes.stdout.readline().removeprefix("started "))
            ended, _, _ = select.select([processes.stdout], [], [], chance.uniform(0.0, delay))
            if not ended:
                os.kill(child, signal.SIGKILL)
            status = int(processes.stdout.readline().removeprefix("ended "))
            if status == -signal.SIGKILL:
                killed += 1
                delay = min(delay * 1.3, 3.0)
            else:
                assert status == 0
                disturb(library.root, chance)
                delay /= 2
        processes.stdin.close()
    disturb(library.root, chance)
    run = await library.sync()
    assert run.state == "succeeded"
    twin = library.root.with_name("twin")
    shutil.copytree(library.root, twin)
    manifest = library.manifest
    source = await add_folder_source(library.indexer, NewFolder(twin, manifest=manifest))
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
