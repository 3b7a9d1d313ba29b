"""What a conversation says shows with the documents that it rests on, to its owner as to anybody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import psycopg
import pytest

from centaure.answering.answers import Answer, Citation, Sentence, Support
from centaure.answering.conversations import reading, repository, service, sharing
from centaure.answering.conversations.jobs import forget_groundless, forget_old
from centaure.answering.conversations.keeping import Written, keep_answer
from centaure.answering.conversations.reading import Answered
from centaure.answering.conversations.service import Question
from centaure.answering.service import NOT_FOUND
from centaure.identity import Principal
from centaure.identity.principal import Role
from centaure.kit.database import Database
from centaure.kit.errors import NotFound
from centaure.knowledge.indexing.preparation import prepare
from centaure.knowledge.indexing.writing import DocumentPlace, StoredRights, write_document
from centaure.knowledge.parsing import Block, BlockKind, ParsedDocument
from centaure.knowledge.retrieval.results import DocumentBrief
from readers import user

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("one", "two")
OPEN = "The canteen opens at noon."
SECRET = "We buy Cobaltine for 4711 million euros."


def person(connection: Connection, login: str) -> Principal:
    return Principal(user(connection, login), login, login.title(), frozenset({Role.READER}))


@dataclass
class Library:
    """Two documents, the second of which the owner of the conversation alone may read, and their people."""

    database: Database
    indexer: Database
    connection: Connection
    alice: Principal
    bruno: Principal
    documents: tuple[int, int]

    async def write(self, name: str, text: str, readers: Sequence[Principal], level: int) -> int:
        block = Block(BlockKind.PARAGRAPH, text, page=1)
        document = ParsedDocument("pdf", None, None, None, None, None, (block,))
        rights = StoredRights(tuple(reader.id for reader in readers), (), level, None)
        content = text.encode().ljust(32)[:32]
        place = DocumentPlace(1, f"{name}.pdf", None, 1, content, MOMENT, rights)
        async with self.indexer.write(None) as session:
            return await write_document(session, place, prepare(document, f"{name}.pdf"))

    def citation(self, number: int, document: int, quote: str) -> Citation:
        name = NAMES[self.documents.index(document)]
        brief = DocumentBrief(document, 1, "docs", f"{name}.pdf", name, "pdf", "en", 1, None)
        return Citation(number, brief, 1, 1, None, None, (), quote)

    async def talk(self, written: Written) -> int:
        """A conversation of Alice's with one answer, which Bruno may read."""
        async with self.database.write(self.alice.id) as session:
            talk = await repository.add_conversation(session, "", "")
            await sharing.share(session, self.alice, talk, ["bruno"], [])
            begun = await service.ask(session, talk, Question("What?", {}))
        async with self.database.write(self.alice.id) as session:
            assert await keep_answer(session, begun.turn, written)
        return talk

    async def goes_on(self, talk: int, written: Written) -> None:
        """A next answer, which brings the words of the earlier ones with it."""
        async with self.database.write(self.alice.id) as session:
            begun = await service.ask(session, talk, Question("Say it again.", {}))
        async with self.database.write(self.alice.id) as session:
            await keep_answer(session, begun.turn, replace(written, carried=begun.carried))

    async def repeats(self, talk: int, *shown: int) -> None:
        """A next answer, by a model that is shown these documents and says again what was said."""
        said = (Sentence("As said, Cobaltine costs 4711 million.", (), "unchecked"),)
        answer = Answer("x", "en", True, said, (), model="mistral", given=shown)
        await self.goes_on(talk, Written("done", said, (), answer))

    async def answer(self, talk: int, who: Principal) -> Answered:
        async with self.database.read(who.id) as session:
            _, turns = await reading.read(session, talk)
        assert isinstance(turns[-1], Answered)
        return turns[-1]

    def says(self, *said: tuple[str, tuple[int, ...], Support | None], model: str = "") -> Written:
        """An answer that cites the open document as 1 and the secret one as 2."""
        sentences = tuple(Sentence(*each) for each in said)
        citations = (
            self.citation(1, self.documents[0], OPEN),
            self.citation(2, self.documents[1], SECRET),
        )
        cited = {number for sentence in sentences for number in sentence.citations}
        kept = tuple(citation for citation in citations if citation.number in cited)
        given = self.documents if model else ()
        answer = Answer("What?", "en", True, sentences, kept, model=model, given=given)
        return Written("done", sentences, kept, answer)


@pytest.fixture
async def library(database: Database, indexer: Database, owner_connection: Connection) -> Library:
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    alice, bruno = person(owner_connection, "alice"), person(owner_connection, "bruno")
    library = Library(database, indexer, owner_connection, alice, bruno, (0, 0))
    library.documents = (
        await library.write("one", OPEN, (alice, bruno), 1),
        await library.write("two", SECRET, (alice,), 3),
    )
    return library


async def test_sentences_show_with_everything_that_they_cite(library: Library) -> None:
    talk = await library.talk(
        library.says(("Both say so.", (1, 2), None), (SECRET, (2,), None), (OPEN, (1,), None))
    )
    own = await library.answer(talk, library.alice)
    assert [sentence.citations for sentence in own.sentences] == [(1, 2), (2,), (1,)]
    assert own.classification == 3
    theirs = await library.answer(talk, library.bruno)
    assert [(each.text, each.citations) for each in theirs.sentences] == [(OPEN, (1,))]
    assert [citation.quote for citation in theirs.citations] == [OPEN]
    assert theirs.classification == 1


async def test_numbers_of_citations_do_not_tell_of_others(library: Library) -> None:
    answer = Answer("What?", "en", True, (), ())
    citations = (
        library.citation(1, library.documents[1], SECRET),
        library.citation(2, library.documents[0], OPEN),
    )
    said = (Sentence(SECRET, (1,)), Sentence(OPEN, (2,)))
    talk = await library.talk(Written("done", said, citations, answer))
    theirs = await library.answer(talk, library.bruno)
    assert [citation.number for citation in theirs.citations] == [1]
    assert theirs.sentences == (Sentence(OPEN, (1,)),)


@pytest.mark.parametrize("support", ["supported", "unsupported", "unchecked"])
async def test_what_a_model_wrote_shows_with_all_that_it_was_shown(
    library: Library, support: Support
) -> None:
    talk = await library.talk(
        library.says(
            ("Something is bought.", (), support),
            ("It is said to cost much.", (1,), support),
            (OPEN, (1,), None),
            model="mistral",
        )
    )
    assert len((await library.answer(talk, library.alice)).sentences) == 3
    theirs = await library.answer(talk, library.bruno)
    assert [sentence.text for sentence in theirs.sentences] == [OPEN]


@pytest.mark.parametrize("writer", ["", "mistral"])
async def test_what_a_model_repeats_of_an_earlier_answer_shows_with_its_documents(
    library: Library, writer: str
) -> None:
    secret = library.says((SECRET, (2,), "unchecked" if writer else None), model=writer)
    talk = await library.talk(secret)
    await library.repeats(talk)
    assert "4711" in (await library.answer(talk, library.alice)).text
    assert (await library.answer(talk, library.alice)).classification == 3
    assert (await library.answer(talk, library.bruno)).text == NOT_FOUND["en"]
    async with library.database.write(library.alice.id) as session:
        begun = await service.ask(session, talk, Question("And?", {}))
    assert [turn.classification for turn in begun.history] == [None, 3, None, 3]


@pytest.mark.parametrize("again", [False, True])
async def test_what_a_model_repeats_is_of_the_version_that_said_it(
    library: Library, again: bool
) -> None:
    talk = await library.talk(library.says((SECRET, (2,), None)))
    await library.write("two", "Nothing to see.", (library.alice, library.bruno), 1)
    await library.repeats(talk, *library.documents if again else ())
    own = await library.answer(talk, library.alice)
    assert "4711" in own.text
    assert own.classification == 3
    assert (await library.answer(talk, library.bruno)).text == NOT_FOUND["en"]


async def test_what_is_hidden_looks_like_what_a_model_did_not_find(library: Library) -> None:
    nothing = (Sentence(NOT_FOUND["en"], ()),)
    absent = Answer(
        "What?", "en", False, nothing, (), model="mistral", prompt_version="answer.en 1"
    )
    secret = library.says((SECRET, (2,), "supported"), model="mistral")
    seen: list[Answered] = []
    for written in (Written("done", nothing, (), absent), secret):
        talk = await library.talk(library.says((OPEN, (1,), None)))
        await library.goes_on(talk, written)
        theirs = await library.answer(talk, library.bruno)
        seen.append(replace(theirs, id=0, parent_id=0, at=MOMENT, siblings=()))
    assert seen[0] == seen[1]


async def test_rights_are_those_of_now_for_the_owner_too(library: Library) -> None:
    talk = await library.talk(library.says((SECRET, (2,), None), (OPEN, (1,), None)))
    secret = library.documents[1]
    library.connection.execute("update document set readers = '{}' where id = %s", [secret])
    own = await library.answer(talk, library.alice)
    assert [sentence.text for sentence in own.sentences] == [OPEN]
    assert own.classification == 1
    readers = [library.alice.id, library.bruno.id]
    library.connection.execute(
        "update document set readers = %s, classification = 0 where id = %s", [readers, secret]
    )
    for reader in (library.alice, library.bruno):
        answer = await library.answer(talk, reader)
        assert len(answer.sentences) == 2
        assert answer.classification == 3  # what it says is from then


async def test_a_clearance_that_is_lowered_hides_as_well(library: Library) -> None:
    talk = await library.talk(library.says((SECRET, (2,), None), model="mistral"))
    library.connection.execute(
        "update user_account set clearance = 1 where principal_id = %s", [library.alice.id]
    )
    own = await library.answer(talk, library.alice)
    assert (own.text, own.model, own.classification) == (NOT_FOUND["en"], "", None)


async def test_what_a_document_said_before_it_changed_is_its_owners_alone(library: Library) -> None:
    talk = await library.talk(library.says((OPEN, (1,), None)))
    assert (await library.answer(talk, library.bruno)).text == OPEN
    await library.write("one", "The canteen is closed.", (library.alice, library.bruno), 1)
    assert (await library.answer(talk, library.alice)).text == OPEN
    assert (await library.answer(talk, library.bruno)).text == NOT_FOUND["en"]


async def test_a_document_that_changes_while_the_answer_is_made_is_not_trusted(
    library: Library,
) -> None:
    async with library.database.write(library.alice.id) as session:
        talk = await repository.add_conversation(session, "", "")
        await sharing.share(session, library.alice, talk, ["bruno"], [])
        begun = await service.ask(session, talk, Question("What?", {}))
    await library.write("one", "The canteen is closed.", (library.alice, library.bruno), 1)
    async with library.database.write(library.alice.id) as session:
        await keep_answer(session, begun.turn, library.says((OPEN, (1,), None)))
    assert (await library.answer(talk, library.alice)).text == OPEN
    assert (await library.answer(talk, library.bruno)).text == NOT_FOUND["en"]


async def test_what_rested_on_a_document_that_is_gone_is_forgotten(library: Library) -> None:
    talk = await library.talk(library.says((SECRET, (2,), None), (OPEN, (1,), None)))
    library.connection.execute("delete from document where id = %s", [library.documents[1]])
    assert (await library.answer(talk, library.alice)).text == OPEN
    quotes = library.connection.execute("select quote from turn_citation").fetchall()
    assert quotes == [(OPEN,)]
    async with library.indexer.write(None) as session:
        assert await forget_groundless(session) == 1
        assert await forget_groundless(session) == 0
    kept = library.connection.execute("select text from turn_sentence").fetchall()
    assert kept == [(OPEN,)]


async def test_old_conversations_are_removed_with_what_belongs_to_them(library: Library) -> None:
    old = await library.talk(library.says((OPEN, (1,), None)))
    new = await library.talk(library.says((OPEN, (1,), None)))
    library.connection.execute(
        "update conversation set updated_at = now() - interval '401 days' where id = %s", [old]
    )
    library.connection.execute(
        "insert into model_generation (principal, purpose, assistant, use_case, conversation,"
        " classification, language, prompt_version, attempt, parameters, prompt_characters)"
        " select %s, 'answer', '', '', one, 1, '', '', 1, '{}', 1 from unnest(%s::bigint[]) as one",
        [library.alice.id, [old, new]],
    )
    library.connection.execute(
        "insert into model_generation_text (generation, principal, prompt)"
        " select id, principal, '[]' from model_generation"
    )
    async with library.indexer.write(None) as session:
        assert await forget_old(session, 0) == 0
        assert await forget_old(session, 400) == 1
    for table in ("turn", "turn_document", "turn_citation", "turn_sentence"):
        counted = library.connection.execute(f"select count(*) from {table}").fetchone()
        assert counted == (2 if table == "turn" else 1,)
    texts = library.connection.execute(
        "select conversation from model_generation_text"
        " join model_generation on model_generation.id = generation"
    ).fetchall()
    assert texts == [(new,)]
    with pytest.raises(NotFound):
        await library.answer(old, library.alice)


async def test_nothing_said_for_a_conversation_is_kept_once_it_is_gone(library: Library) -> None:
    def facts(conversation: int | None) -> str:
        said = {
            "longest_s": 60, "purpose": "answer", "assistant": "", "use_case": "", "language": "",
            "prompt_version": "", "classification": 1, "attempt": 1, "parameters": {},
            "prompt_characters": 1, "conversation": conversation, "verdicts": [],
        }  # fmt: skip
        return json.dumps(said)

    kept = await library.talk(library.says((OPEN, (1,), None)))
    gone = await library.talk(library.says((OPEN, (1,), None)))
    async with library.database.write(library.alice.id) as session:
        assert await repository.remove_conversation(session, gone)
    for conversation in (kept, gone, None):
        async with library.database.write(library.alice.id) as session:
            await session.value(
                "select generation from begin_generation(cast(%(facts)s as jsonb), '[]', 1, 0, 0)",
                {"facts": facts(conversation)},
            )
    texts = library.connection.execute(
        "select conversation from model_generation left join model_generation_text"
        " on generation = id where prompt is not null order by id"
    ).fetchall()
    assert texts == [(kept,), (None,)]
    assert library.connection.execute("select count(*) from model_generation").fetchone() == (3,)


async def test_nobody_writes_in_the_conversation_of_another(library: Library) -> None:
    talk = await library.talk(library.says((OPEN, (1,), None)))
    turn = (await library.answer(talk, library.alice)).id
    bruno = library.bruno.id
    for statement in (
        "insert into turn (conversation_id, role) values (%(talk)s, 'user')",
        "insert into turn_sentence (turn_id, position, text) values (%(turn)s, 9, 'x')",
        (
            "insert into turn_document (turn_id, document_id, owner, content_hash, classification)"
            " select %(turn)s, id, current_principal(), content_hash, 0 from document limit 1"
        ),
        (
            "insert into conversation_share (conversation_id, owner, shared_with, label, owner_name)"
            " values (%(talk)s, current_principal(), 'user:eve', 'eve', 'Eve')"
        ),
        "insert into conversation (owner, title) select owner, 'x' from conversation limit 1",
    ):
        with pytest.raises(psycopg.Error):
            async with library.database.write(bruno) as session:
                await session.execute(statement, {"talk": talk, "turn": turn})
    async with library.database.write(bruno) as session:
        for statement in (
            "update turn set shown = false",
            "update conversation set title = 'x'",
            "delete from conversation",
            "delete from conversation_share",
        ):
            assert await session.execute(statement) == 0
    async with library.database.read(None) as session:
        for table in ("conversation", "turn", "turn_sentence", "turn_citation", "turn_document"):
            assert await session.rows(f"select from {table}") == []  # type: ignore[arg-type]


async def test_branches_that_are_not_shown_are_the_owners_alone(library: Library) -> None:
    talk = await library.talk(library.says((OPEN, (1,), None)))
    question = (await library.answer(talk, library.alice)).parent_id
    assert question is not None
    async with library.database.write(library.alice.id) as session:
        await service.edit(session, talk, question, Question("Otherwise?", {}))
    async with library.database.read(library.bruno.id) as session:
        seen = await session.rows("select text from turn where role = 'user'")
        assert await session.rows("select from turn_sentence") == []
    assert [row.text for row in seen] == ["Otherwise?"]
