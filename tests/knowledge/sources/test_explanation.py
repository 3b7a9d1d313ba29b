"""A curator is told why somebody can or cannot read a document, as the database has it today."""

from typing import Any

import pytest

from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.knowledge.sources.manifest import InvalidManifest
from centaure.knowledge.sources.service import (
    NewSource,
    RightsAnswer,
    RightsQuestion,
    add_source,
    explain_rights,
    source_status,
)
from centaure.knowledge.sources.sync import sync_source

pytestmark = pytest.mark.anyio


async def ask(library: Any, login: str, path: str) -> RightsAnswer:
    return await explain_rights(library.indexer, library.database, RightsQuestion(login, path))


async def test_the_answer_is_what_the_database_shows(library: Any) -> None:
    await library.sync()
    for login in ("alice", "bob", "carol"):
        seen = await library.sees(login)
        for path in ("notes.md", "hr/pay.txt"):
            answer = await ask(library, login, path)
            assert answer.readable == (path in seen), answer
            assert "The database agrees" in answer.sentences[-1]
            assert answer == await ask(library, login, str(library.root / path))


async def test_it_tells_what_the_manifest_cannot(library: Any) -> None:
    await library.sync()
    async with library.indexer.read(None) as session:
        runs = (await source_status(session, library.source_id)).runs
    assert [run.state for run in runs] == ["succeeded"]
    assert "No such file" in (await ask(library, "alice", "absent.md")).sentences[0]
    library.write("broken.pdf", b"%PDF-1.7 broken")
    await library.sync()
    assert "corrupted" in (await ask(library, "alice", "broken.pdf")).sentences[-1]
    library.manifest.write_text(
        library.manifest.read_text().replace("groups: [staff]}}", "groups: []}}")
    )
    assert "still can" in (await ask(library, "alice", "notes.md")).sentences[-1]


async def test_a_ceiling_of_the_account_is_told_where_it_is_what_closes(
    library: Any, owner_connection: Any
) -> None:
    await library.sync()
    owner_connection.execute("update user_account set clearance = 0 where login = 'alice'")
    answer = await ask(library, "alice", "notes.md")
    assert not answer.readable
    assert "C0 (public)" in answer.sentences[-1]
    # A ceiling that is high enough closes nothing: the manifest was changed, and not applied yet.
    owner_connection.execute("update user_account set clearance = 1 where login = 'alice'")
    words = library.manifest.read_text()
    library.manifest.write_text(
        words.replace("C2, read: {groups: [hr]}", "C1, read: {groups: [staff]}")
    )
    answer = await ask(library, "alice", "hr/pay.txt")
    assert not answer.readable
    assert "a synchronisation is due" in answer.sentences[-1]


async def test_the_ceiling_that_another_source_sets_is_told(
    library: Any, owner_connection: Any
) -> None:
    await library.sync()
    other = library.root.with_name("other")
    other.mkdir()
    (other / "rights.yaml").write_text("users: [{id: alice, clearance: C0}]\nrules: []\n")
    added = await add_source(library.indexer, NewSource(other))
    await sync_source(library.indexer, added.id)
    question = RightsQuestion("alice", "notes.md", "documents")
    answer = await explain_rights(library.indexer, library.database, question)
    assert not answer.readable
    assert "their ceiling is C0 (public)" in answer.sentences[-1]
    owner_connection.execute("update user_account set disabled_at = now() where login = 'alice'")
    answer = await explain_rights(library.indexer, library.database, question)
    assert "the account is disabled" in answer.sentences[-1]


async def test_who_or_what_does_not_exist_is_said(library: Any) -> None:
    with pytest.raises(NotFound, match="no user"):
        await ask(library, "mallory", "notes.md")
    await library.sync()
    with pytest.raises(NotFound, match="No source holds"):
        await ask(library, "alice", "/elsewhere/notes.md")


async def test_a_source_is_added_only_if_it_can_work(library: Any) -> None:
    with pytest.raises(Conflict, match="already the source"):
        await add_source(library.indexer, NewSource(library.root, manifest=library.manifest))
    other = library.root.with_name("other")
    with pytest.raises(InvalidInput, match="cannot be used"):
        await add_source(library.indexer, NewSource(other))
    other.mkdir()
    with pytest.raises(Conflict, match="already a source named"):
        await add_source(
            library.indexer, NewSource(other, name="documents", manifest=library.manifest)
        )
    (other / "rights.yaml").write_text("rules: nobody")
    with pytest.raises(InvalidManifest):
        await add_source(library.indexer, NewSource(other))
    (other / "rights.yaml").unlink()
    with pytest.raises(InvalidInput, match="nobody could read its documents"):
        await add_source(library.indexer, NewSource(other))
    folder = NewSource(other, manifest=library.manifest, schedule_minutes=None)
    added = await add_source(library.indexer, folder)
    assert (added.manifest, added.schedule_minutes) == (str(library.manifest), None)


async def test_without_a_manifest_nobody_reads(library: Any) -> None:
    async with library.indexer.write(None) as session:
        await session.execute("update source set manifest = null")
    library.manifest.unlink()
    assert (await library.sync()).state == "succeeded"
    assert set(await library.documents()) == {"notes.md", "hr/pay.txt"}
    async with library.indexer.read(None) as session:
        readers = await session.value("select sum(cardinality(readers)) from document")
    assert readers == 0
