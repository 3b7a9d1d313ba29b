"""A folder with its manifest, synchronised into the real database."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from centaure.kit.database import Database
from centaure.knowledge.sources.runs import Run
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import SyncOptions, sync_source

MANIFEST = """
groups:
  - {id: staff, contains_groups: [hr]}
  - {id: hr}
users:
  - {id: alice, groups: [staff]}
  - {id: bob, groups: [hr]}
  - {id: carol}
rules:
  - {path: ., type: folder, classification: C1, read: {groups: [staff]}}
  - {path: hr, type: folder, classification: C2, read: {groups: [hr]}}
"""


@dataclass
class Library:
    """A source under test."""

    indexer: Database
    database: Database
    root: Path
    manifest: Path
    source_id: int = 0

    async def add(self) -> None:
        source = await add_source(self.indexer, NewSource(self.root, manifest=self.manifest))
        self.source_id = source.id

    async def sync(self, options: SyncOptions | None = None) -> Run:
        return await sync_source(self.indexer, self.source_id, options=options)

    def write(self, path: str, content: str | bytes) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    async def rows(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        async with self.indexer.read(None) as session:
            found = await session.rows(statement, {"source": self.source_id, **values})
            return [tuple(row) for row in found]

    async def documents(self) -> dict[object, object]:
        statement = "select path, id from document where source_id = %(source)s"
        return dict(await self.rows(statement))  # type: ignore[arg-type]

    async def ledger(self) -> dict[str, str]:
        rows = await self.rows("select path, status from ledger where source_id = %(source)s")
        return {str(path): str(status) for path, status in rows if status != "rights"}

    async def reason(self, path: str) -> str:
        rows = await self.rows(
            "select reason from ledger where source_id = %(source)s and path = %(path)s", path=path
        )
        return str(rows[0][0])

    async def warnings(self) -> str:
        rows = await self.rows(
            "select warnings from ledger where source_id = %(source)s and status = 'rights'"
        )
        return "\n".join(rows[0][0])  # type: ignore[arg-type]

    async def sees(self, login: str) -> set[str]:
        """The paths that the database shows to a user, as the application's role."""
        async with self.indexer.read(None) as session:
            number = await session.value(
                "select principal_id from user_account where login = %(login)s",
                {"login": login},
            )
        async with self.database.read(number) as session:
            rows = await session.rows("select path from document")
            paths = {row.path for row in rows}
            passages = await session.rows(
                "select distinct path from chunk join document on document.id = document_id"
            )
            assert {row.path for row in passages} <= paths
            return paths


@pytest.fixture
async def library(indexer: Database, database: Database, tmp_path: Path) -> Library:
    """Two documents, one of them of human resources; not synchronised yet."""
    made = Library(indexer, database, tmp_path / "documents", tmp_path / "rights.yaml")
    made.root.mkdir()
    made.manifest.write_text(MANIFEST)
    made.write("notes.md", "# Notes\n\nThe canteen opens at noon for everybody.\n")
    made.write("hr/pay.txt", "The pay scale of the year is confidential to human resources.\n")
    await made.add()
    return made


@pytest.fixture
def counts() -> Callable[[Run], dict[str, int]]:
    """The counts of a report that are not zero, without those of pages and passages."""
    names = ("new", "changed", "moved", "deleted", "rights_changed", "reindexed", "unchanged")
    return lambda run: {name: run.report[name] for name in names if run.report[name]}
