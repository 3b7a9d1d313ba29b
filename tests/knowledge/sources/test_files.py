"""What curators are told of one file: its document, its rights, what it carries, what is recorded of it."""

import json
from email.message import EmailMessage
from typing import Any

import pytest

from centaure.identity import group_of_all
from centaure.kit.errors import NotFound
from centaure.knowledge.sources.files import (
    Happened,
    Named,
    PlaceRights,
    SourceFile,
    Who,
    document_at,
    read_file,
)
from centaure.knowledge.sources.service import RightsQuestion, explain_rights

pytestmark = pytest.mark.anyio


@pytest.fixture
def curators(owner_connection: Any) -> Any:
    """Makes a curator of somebody, who reads what they read before."""

    def make(login: str) -> int:
        row = owner_connection.execute(
            "update user_account set roles = array['reader', 'curator'] where login = %s"
            " returning principal_id",
            (login,),
        ).fetchone()
        return int(row[0])

    return make


async def look(library: Any, curator: int, path: str) -> SourceFile:
    async with library.database.read(curator) as session:
        return await read_file(session, library.source_id, path)


async def test_only_who_reads_a_document_and_curates_is_told_of_it(
    library: Any, curators: Any
) -> None:
    await library.sync()
    alice, bob = curators("alice"), curators("bob")
    assert (await look(library, bob, "hr/pay.txt")).document is not None
    for path in ("hr/pay.txt", "hr/absent.txt", str(library.manifest)):
        with pytest.raises(NotFound):
            await look(library, alice, path)
        async with library.database.read(alice) as session:
            with pytest.raises(NotFound):
                await document_at(session, library.source_id, path)
    carol = await library.rows("select principal_id from user_account where login = 'carol'")
    with pytest.raises(NotFound):
        await look(library, carol[0][0], "notes.md")


async def test_what_is_recorded_follows_what_was_done(library: Any, curators: Any) -> None:
    first = await library.sync()
    alice = curators("alice")
    before = await look(library, alice, "notes.md")
    assert [(each.what, each.run) for each in before.history] == [
        ("indexed", first.id),
        ("new", first.id),
    ]
    library.write("notes.md", "# Notes\n\nThe canteen opens at one.\n")
    second = await library.sync()
    await library.sync()
    after = await look(library, alice, "notes.md")
    assert [(each.what, each.run) for each in after.history[1:]] == [
        ("changed", second.id),
        ("indexed", second.id),
    ]
    assert after.history[0].what == "seen"
    assert after.document
    assert before.document
    assert after.document.content_hash != before.document.content_hash
    assert all(each.content_hash == after.document.content_hash for each in after.history[1:])
    async with library.database.write(alice) as session:
        await session.execute(
            "insert into planted_notice (document_id, content_hash) values (%(id)s, %(hash)s)",
            {"id": after.document.id, "hash": after.document.content_hash},
        )
    told = (await look(library, alice, "notes.md")).history[0]
    assert (told.what, told.run) == ("planted", None)
    assert isinstance(told, Happened)


async def test_of_a_file_that_is_no_document_the_ledger_is_all_that_is_told(
    library: Any, curators: Any
) -> None:
    await library.sync()
    library.write("hr/pay.txt", b"")
    library.write("hr/broken.pdf", b"%PDF-1.7 broken")
    await library.sync()
    for path in ("hr/pay.txt", "hr/broken.pdf"):
        told = await look(library, curators("alice"), path)
        assert (told.document, told.rights, told.versions) == (None, None, [])
        assert {each.content_hash for each in told.history} == {None}


async def test_a_message_and_what_it_carries_lead_to_each_other(
    library: Any, curators: Any
) -> None:
    message = EmailMessage()
    message["Subject"] = "Minutes"
    message.set_content("The minutes of the meeting, see the note.")
    message.add_attachment("The note of the meeting.", filename="note.txt")
    library.write("mail.eml", message.as_bytes())
    await library.sync()
    alice = curators("alice")
    assert list((await look(library, alice, "mail.eml")).inside) == ["mail.eml/note.txt"]
    inside = await look(library, alice, "mail.eml/note.txt")
    assert inside.message == "mail.eml"
    assert inside.rights
    assert inside.rights.readers == [Named(Who.GROUP, "staff")]


async def test_copies_and_other_versions_are_named(library: Any, curators: Any) -> None:
    words = "# Travel\n\nA meal costs up to 20 euros.\n"
    library.write("travel-policy-2025.md", words.replace("20", "18"))
    library.write("travel-policy-2026.md", words)
    library.write("copies/travel-policy-2026.md", words)
    await library.sync()
    found = await look(library, curators("alice"), "travel-policy-2026.md")
    told = {version.path: version.same_content for version in found.versions}
    assert told == {"copies/travel-policy-2026.md": True, "travel-policy-2025.md": False}


async def test_the_rights_of_the_place_are_told_beside_the_manifests(
    library: Any, curators: Any, owner_connection: Any
) -> None:
    await library.sync()
    alice = curators("alice")
    access = {"clauses": [["user:alice", "user:bob"], ["*"]], "denied": ["user:bob"], "problem": ""}
    owner_connection.execute(
        "update ledger set access = cast(%s as jsonb) where path = 'notes.md'",
        (json.dumps(access),),
    )
    async with library.indexer.write(None) as session:
        several = await group_of_all(
            session, library.source_id, [frozenset({alice}), frozenset({1})]
        )
        await session.execute(
            "update document set readers = array[cast(%(all)s as int)] where path = 'notes.md'",
            {"all": several},
        )
    rights = (await look(library, alice, "notes.md")).rights
    assert rights
    assert [each.who for each in rights.readers] == [Who.ALL]
    assert rights.place == PlaceRights(
        [
            [Named(Who.USER, "alice", "alice"), Named(Who.USER, "bob", "bob")],
            [Named(Who.EVERYONE, "*")],
        ],
        [Named(Who.USER, "bob", "bob")],
        "",
    )
    for login, last in (("alice", "today they can read it"), ("bob", "its place did not open it")):
        question = RightsQuestion(login, "notes.md")
        answer = await explain_rights(library.indexer, library.database, question)
        assert "and shuts out the user 'bob'" in answer.sentences[-2]
        assert last in answer.sentences[-1]


async def test_a_manifest_that_cannot_be_read_leaves_what_the_database_has(library: Any) -> None:
    await library.sync()
    library.manifest.unlink()
    for login, readable in (("alice", True), ("carol", False)):
        question = RightsQuestion(login, "notes.md")
        answer = await explain_rights(library.indexer, library.database, question)
        assert answer.readable is readable
        assert "cannot be read here" in answer.sentences[0]
        assert "As the database has it" in answer.sentences[-1]
