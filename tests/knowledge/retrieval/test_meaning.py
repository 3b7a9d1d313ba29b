"""Search by meaning: whose vectors, for whom, and what happens when the model is away."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Error

from centaure.app.installation import MIGRATIONS, Installation
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, Unavailable
from centaure.kit.vault import Vault
from centaure.knowledge.retrieval import SearchFilters, SearchResult, recall, search, vectors
from centaure.knowledge.retrieval.meaning import Meaning, Meanings
from centaure.knowledge.retrieval.models import EmbeddingModels, add_model
from centaure.knowledge.retrieval.trigrams import Trigrams
from centaure.knowledge.retrieval.vectors import embed_waiting

pytestmark = pytest.mark.anyio

LEAVE = "Les salariés ont droit à vingt-cinq jours de congés payés par an."
PUMP = "La pompe TP-204/B tourne à 1 450 tours par minute et pèse 38 kg."

Live = Callable[..., Awaitable[EmbeddingModels]]


async def nothing() -> bool:
    return True


@pytest.fixture
def live(indexer: Database) -> Live:
    """Make a model live over the passages that there are; their vectors are asked for, not made."""

    async def make_live(
        kind: str = "trigrams", location: str = "", **options: str
    ) -> EmbeddingModels:
        models = EmbeddingModels(Vault(b"k" * 32))
        described, dimensions = models.describe(kind, location, options, "k3y" if location else "")
        async with indexer.write(None) as session:
            await add_model(session, "model", described, dimensions)
            await session.execute("update generation set model = 1")
            await vectors.plan_vectors(session, 1, 0)
        return models

    return make_live


async def ask(
    database: Database, principal: int, models: EmbeddingModels, query: str, **filters: Any
) -> SearchResult:
    meaning = await Meanings(models).of(database, query)
    async with database.read(principal) as session:
        return await search(session, query, SearchFilters(**filters), 20, meaning)


def paths(result: SearchResult) -> list[str]:
    return [hit.document.path for hit in result.hits]


async def test_meaning_finds_what_words_do_not_and_for_its_readers_only(
    database: Database, indexer: Database, library: Any, live: Live
) -> None:
    alice, bob = library.user("alice"), library.user("bob")
    library.document("conges.txt", [LEAVE], [alice])
    library.document("pompe.txt", [PUMP], [alice])
    models = await live()
    misspelt = "congé payes salarié".replace("congé", "congess").replace("salarié", "salareis")
    assert (await ask(database, alice, models, "congess")).hits == ()
    assert await embed_waiting(indexer, models, nothing)
    found = await ask(database, alice, models, misspelt)
    assert paths(found)[0] == "conges.txt"
    assert found.hits[0].similarity is not None
    assert paths(await ask(database, bob, models, misspelt)) == []
    assert paths(await ask(database, alice, models, misspelt, formats=("pdf",))) == []
    assert paths(await ask(database, alice, models, misspelt, documents=(2,))) == ["pompe.txt"]
    library.connection.execute("update document set readers = '{}' where path = 'conges.txt'")
    assert "conges.txt" not in paths(await ask(database, alice, models, misspelt))


async def test_words_serve_while_vectors_are_made_and_when_the_model_is_away(
    database: Database, indexer: Database, library: Any, live: Live, service: Any
) -> None:
    alice = library.user("alice")
    for number in range(5):
        library.document(f"{number}.txt", [f"{LEAVE} Article {number}."], [1])
    models = await live("service", service.address, model="e5", batch="2")
    assert len(paths(await ask(database, alice, models, "congés payés"))) == 5
    service.status = 500
    assert not await embed_waiting(indexer, models, nothing)
    async with indexer.read(None) as session:
        assert "HTTP 500" in str(await session.value("select problem from embedding_model"))
        assert await session.value("select count(*) from embedding_task where claim is null") == 5
    service.status = 200
    assert await embed_waiting(indexer, models, nothing)
    async with indexer.read(None) as session:
        assert await session.value("select problem from embedding_model") == ""
    found = await ask(database, alice, models, "congés payés")
    assert all(hit.similarity is not None for hit in found.hits)
    service.status = 500
    found = await ask(database, alice, models, "congés payés")
    assert [hit.similarity for hit in found.hits] == [None] * 5
    assert set(service.keys) == {"Bearer k3y"}


async def test_what_is_closed_classified_or_not_wanted_any_more_is_not_sent(
    indexer: Database, library: Any, live: Live, service: Any
) -> None:
    """Between two requests of one document, whatever had been read of it before."""
    texts = [f"{LEAVE} Article {number}." for number in range(4)]
    changes = {
        "class": "update document set classification = 2",
        "closed": "update document set readers = '{}'",
        "erased": "delete from document",
        "left": "update generation set state = 'leaving'",
    }
    models = await live("service", service.address, model="e5", batch="1")
    for name, change in changes.items():
        library.connection.execute("delete from document")
        document = library.document(f"{name}.txt", texts, [1])
        library.connection.execute(
            "insert into embedding_task (document_id, side, model) values (%s, 0, 1)", [document]
        )
        service.asked.clear()
        service.meanwhile = lambda change=change: library.connection.execute(change.encode())
        await embed_waiting(indexer, models, nothing)
        assert len(service.asked) == 1, name
        service.meanwhile = None
        library.connection.execute("update generation set state = 'live'")


async def test_what_opens_again_gets_its_vectors(
    indexer: Database, library: Any, live: Live
) -> None:
    document = library.document("a.txt", [LEAVE], [])
    models = await live()
    count = "select count(*) from chunk_vector"
    await embed_waiting(indexer, models, nothing)
    assert library.connection.execute(count).fetchone() == (0,)
    library.connection.execute("update document set readers = '{1}' where id = %s", [document])
    await embed_waiting(indexer, models, nothing)
    assert library.connection.execute(count).fetchone() == (1,)


HOSTILE = {
    "huge": b'{"data": [{"index": 0, "embedding": [1' + b"0" * 400 + b"]}]}",
    "large": b'{"data": [{"index": 0, "embedding": [1.3e154, 1.3e154]}]}',
    "deep": b"[" * 100_000,
    "long": b'{"data": [{"index": 0, "embedding": [' + b"1," * 19_999 + b"1]}]}",
    "empty": b'{"data": [{"index": 0, "embedding": []}]}',
    "else": b'{"data": 7}',
}


@pytest.mark.parametrize("answer", HOSTILE)
async def test_a_service_that_answers_nonsense_takes_nothing_but_meaning_away(  # noqa: PLR0913, PLR0917
    database: Database, indexer: Database, library: Any, live: Live, service: Any, answer: str
) -> None:
    alice = library.user("alice")
    library.document("a.txt", [LEAVE], [1])
    models = await live("service", service.address, model="e5")
    service.answer = HOSTILE[answer]
    assert len((await ask(database, alice, models, "congés")).hits) == 1
    assert not await embed_waiting(indexer, models, nothing)
    assert library.connection.execute("select problem <> '' from embedding_model").fetchone() == (
        True,
    )


async def test_a_question_that_the_model_refuses_takes_no_other_its_meaning(
    database: Database, library: Any, live: Live, service: Any
) -> None:
    library.document("a.txt", [LEAVE], [1])
    meanings = Meanings(await live("service", service.address, model="e5"))
    service.longest = 50
    assert await meanings.of(database, "congés " * 20) is None
    assert await meanings.of(database, "congés") is not None


async def test_a_question_above_the_class_of_the_model_is_never_sent(
    database: Database, library: Any, live: Live, service: Any
) -> None:
    models = await live("service", service.address, model="e5")
    library.connection.execute("update embedding_model set highest = 0")
    service.asked.clear()
    assert await Meanings(models).of(database, "congés") is None
    assert await Meanings(models).of_others(database, ["congés"], [], time.monotonic() + 5) == (
        [None],
        [],
    )
    meanings = Meanings(models, question_class=0)
    assert await meanings.of(database, "congés", 1) is None
    assert await meanings.of_others(database, ["congés"], [], time.monotonic() + 5, 1) == (
        [None],
        [],
    )
    assert service.asked == []
    assert await meanings.of(database, "congés") is not None


async def test_other_texts_are_embedded_as_what_they_are_and_never_silence_the_model(
    database: Database, live: Live, service: Any
) -> None:
    prefixes = {"question_prefix": "query: ", "passage_prefix": "passage: "}
    models = await live("service", service.address, model="e5", **prefixes)
    meanings = Meanings(models)
    service.asked.clear()
    asked, answers = await meanings.of_others(
        database, ["one", "two"], ["three"], time.monotonic() + 10
    )
    sent = [text for each in service.asked for text in each["input"]]
    assert sent == ["query: one", "query: two", "passage: three"]
    assert all(asked)
    assert all(answers)
    service.status = 503
    service.asked.clear()
    assert await meanings.of_others(database, [], ["four"], time.monotonic() + 10) == ([], [None])
    assert len(service.asked) == 1  # somebody waits: not again
    assert await meanings.of_others(database, ["one"], [], time.monotonic() + 10) == ([None], [])
    service.status = 200
    service.meanwhile = lambda: time.sleep(0.5)
    late = [meanings.of_others(database, ["one"], [], time.monotonic() + 0.1) for _ in range(20)]
    assert await asyncio.gather(*late) == [([None], [])] * 20
    assert await meanings.of(database, "congés") is not None


async def test_another_model_is_not_left_alone_for_the_silence_of_the_one_before(
    database: Database, indexer: Database, live: Live, service: Any
) -> None:
    models = await live("service", service.address, model="e5")
    meanings = Meanings(models)
    service.status = 500
    assert await meanings.of(database, "congés") is None
    service.status = 200
    assert await meanings.of(database, "congés") is None
    described, dimensions = models.describe("service", service.address, {"model": "e6"}, "k3y")
    async with indexer.write(None) as session:
        await add_model(session, "another", described, dimensions)
        await session.execute("update generation set model = 2")
    await asyncio.sleep(0.3)  # longer than what is live is remembered
    assert await meanings.of(database, "congés") is not None


async def test_waiting_for_a_turn_is_not_silence_of_the_model(
    database: Database, live: Live, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("centaure.knowledge.retrieval.meaning.TURN_S", 0.2)
    meanings = Meanings(await live("service", service.address, model="e5"))
    service.meanwhile = lambda: time.sleep(0.6)
    found = await asyncio.gather(*(meanings.of(database, f"congés {n}") for n in range(10)))
    assert sum(one is not None for one in found) == 8
    assert await meanings.of(database, "congés") is not None


async def test_a_passage_that_the_model_refuses_stops_no_other(
    indexer: Database, library: Any, live: Live, service: Any
) -> None:
    for number in range(7):
        library.document(f"{number}.txt", ["x" * 500 if number == 3 else LEAVE], [1])
    service.longest = 400
    models = await live("service", service.address, model="e5")
    assert await embed_waiting(indexer, models, nothing)
    found = library.connection.execute(
        "select path from chunk_vector join document on id = document_id where vector is null"
    ).fetchall()
    assert found == [("3.txt",)]
    assert library.connection.execute("select count(*) from chunk_vector").fetchone() == (7,)


async def test_a_model_is_sent_nothing_above_its_class(
    indexer: Database, library: Any, live: Live, service: Any
) -> None:
    low = library.document("low.txt", [LEAVE], [1], classification=1)
    high = library.document("high.txt", [PUMP], [1], classification=2)
    models = await live("service", service.address, model="e5")
    library.connection.execute(
        "insert into embedding_task (document_id, side, model) values (%s, 0, 1)", [high]
    )
    library.connection.execute("update document set classification = 3 where id = %s", [low])
    assert await embed_waiting(indexer, models, nothing)
    assert [asked["input"] for asked in service.asked] == [["Centaure"]]
    library.connection.execute("update document set classification = 1 where id = %s", [high])
    assert await embed_waiting(indexer, models, nothing)
    assert [asked["input"] for asked in service.asked[1:]] == [[PUMP]]


async def test_what_a_killed_worker_had_claimed_returns(
    indexer: Database, library: Any, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.document("a.txt", [LEAVE], [1])
    models = await live()
    library.connection.execute(
        "update embedding_task set claim = gen_random_uuid(),"
        " claimed_until = now() + interval '1 second'"
    )
    assert await embed_waiting(indexer, models, nothing)
    assert library.connection.execute("select count(*) from chunk_vector").fetchone() == (0,)
    library.connection.execute("update embedding_task set claimed_until = now()")
    monkeypatch.setattr(vectors, "CLAIM", timedelta(seconds=30))
    assert await embed_waiting(indexer, models, nothing)
    assert library.connection.execute("select count(*) from chunk_vector").fetchone() == (1,)
    assert library.connection.execute("select count(*) from embedding_task").fetchone() == (0,)


async def test_people_wait_least_for_what_they_open_most(library: Any, live: Live) -> None:
    wanted = {
        library.document(f"{number}.txt", [f"{LEAVE} {number}"], [1]): 5 - number
        for number in (2, 0, 4, 1)
    }
    for document, times in wanted.items():
        for _ in range(times):
            library.connection.execute(
                "select audit_append('document_open', %s, 'done', '{}')", [f"document:{document}"]
            )
    await live()
    ordered = library.connection.execute(
        "select document_id from embedding_task order by priority desc, wanted_at desc"
    ).fetchall()
    assert [row[0] for row in ordered] == sorted(wanted, key=lambda one: -wanted[one])


async def test_a_question_for_a_model_that_is_not_live_any_more_finds_by_words(
    database: Database, indexer: Database, library: Any, live: Live
) -> None:
    alice = library.user("alice")
    library.document("a.txt", [LEAVE], [1])
    models = await live()
    await embed_waiting(indexer, models, nothing)
    old = await Meanings(models).of(database, "congés")
    assert old is not None
    for stale in (Meaning(old.model + 1, old.vector), Meaning(old.model, "[1,0,0]")):
        async with database.read(alice) as session:
            found = await search(session, "congés", SearchFilters(), 20, stale)
        assert [hit.similarity for hit in found.hits] == [None]


async def test_nobody_reads_vectors_but_through_search(
    database: Database, indexer: Database, library: Any, live: Live
) -> None:
    alice = library.user("alice")
    library.document("a.txt", [LEAVE], [1])
    models = await live()
    await embed_waiting(indexer, models, nothing)
    for reader in (database, indexer):
        with pytest.raises(Error, match="permission denied"):
            async with reader.read(alice) as session:
                await session.execute("select vector from chunk_vector")
    for statement in ("select * from embedding_task", "select * from chunk_vector"):
        with pytest.raises(Error, match="permission denied"):
            async with database.read(alice) as session:
                await session.execute(statement)
    with pytest.raises(Error, match="permission denied"):
        async with database.read(alice) as session:
            await session.execute("select secrets from embedding_model")
    async with database.read(alice) as session:
        assert await session.rows("select id from generation") == []
        assert await session.rows("select id from embedding_model") == []


@pytest.mark.parametrize(
    ("kind", "location", "options", "words"),
    [
        ("magic", "", {}, "no kind 'magic'"),
        ("service", "nowhere", {"model": "m"}, "https://host/v1"),
        ("service", "http://127.0.0.1:9/v1", {}, "--option model=NAME"),
        ("service", "http://127.0.0.1:9/v1", {"model": "m", "colour": "red"}, "colour"),
        ("trigrams", "http://127.0.0.1:9/v1", {}, "no address"),
        ("trigrams", "", {"dimensions": "5000"}, "dimensions"),
    ],
)
def test_a_model_that_cannot_be_is_refused(
    kind: str, location: str, options: dict[str, str], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        EmbeddingModels().describe(kind, location, options, "")


def test_a_model_that_is_away_is_not_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("centaure.kit.outbound.ATTEMPTS", 1)
    with pytest.raises(Unavailable):
        EmbeddingModels().describe("service", "http://127.0.0.1:9/v1", {"model": "m"}, "")


WORDS = ["pompe", "turbine", "congés", "payés", "contrat", "pompes", "congé"]
shelves = st.lists(
    st.tuples(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), st.booleans()
    ),
    max_size=8,
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shelf=shelves, question=st.lists(st.sampled_from(WORDS), min_size=1).map(" ".join))
def test_vectors_that_may_not_be_read_change_nothing(
    owner_connection: Any, make_library: Any, shelf: list[tuple[str, bool]], question: str
) -> None:
    model = Trigrams(32)

    def answer(documents: list[tuple[int, str, bool]]) -> list[tuple[object, ...]]:
        with owner_connection.transaction(force_rollback=True):
            owner_connection.execute("delete from source")
            owner_connection.execute(
                "insert into embedding_model (name, kind, dimensions, highest)"
                " values ('t', 'trigrams', 32, 3)"
            )
            owner_connection.execute(
                "update generation set model = (select max(id) from embedding_model)"
            )
            library = make_library(owner_connection)
            reader = library.user("reader")
            source = library._number("select max(id) from source")
            for number, text, readable in documents:
                made = library.document(
                    f"{number}.txt", [text], [reader] if readable else [], source=source
                )
                owner_connection.execute(
                    "insert into chunk_vector (chunk_id, model, document_id, side, position, vector)"
                    " select id, (select max(id) from embedding_model), document_id, 0, 0,"
                    " %s::halfvec from chunk where document_id = %s",
                    [str(model.embed_question(text)), made],
                )
            owner_connection.execute(f"set local centaure.principal = '{reader}'")
            return owner_connection.execute(
                "select path, similarity from search('{}/1000000000', '{}', '{}', 5, vector => %s::halfvec,"
                " asked_model => (select max(id) from embedding_model)) as found"
                " join document on document.id = found.document_id",
                [str(model.embed_question(question))],
            ).fetchall()

    numbered = [(number, text, readable) for number, (text, readable) in enumerate(shelf)]
    found = answer(numbered)
    assert found == answer([one for one in numbered if one[2]])
    assert len(found) == min(5, sum(readable for _, _, readable in numbered))


@pytest.fixture
def indexed(owner_connection: Any) -> Iterator[Any]:
    """A library in which near vectors are found by their index, however few."""
    written = (MIGRATIONS / "sql" / "compares_vectors.sql").read_text(encoding="utf-8")
    always = re.sub(r"(cheap|compared) constant int := \d+", r"\1 constant int := -1", written)
    assert always != written
    owner_connection.execute(always.encode())
    yield owner_connection
    owner_connection.execute(written.encode())
    owner_connection.execute("drop index if exists chunk_vector_near_1_0")


async def test_the_index_of_vectors_follows_what_is_read_written_and_removed(
    database: Database, indexer: Database, library: Any, live: Live, indexed: Any
) -> None:
    owner = indexed
    alice, bob = library.user("alice"), library.user("bob")
    models = await live()
    async with indexer.write(None) as session:
        await vectors.make_index(session, 1, 0)
    numbers = [
        library.document(f"{number}.txt", [f"{LEAVE} {number}"], [alice]) for number in range(30)
    ]
    library.document("pompe.txt", [PUMP], [alice])
    async with indexer.write(None) as session:
        await vectors.plan_vectors(session, 1, 0)
    await embed_waiting(indexer, models, nothing)

    async def near(who: int) -> list[str]:
        meaning = await Meanings(models).of(database, "payess congess 7")
        async with database.read(who) as session:
            return sorted(paths(await search(session, "", SearchFilters(), 100, meaning)))

    assert len(await near(alice)) == 31
    assert await near(bob) == []
    owner.execute("update document set readers = readers || %s where path = '7.txt'", [bob])
    assert await near(bob) == ["7.txt"]
    owner.execute("update document set denied = array[%s] where path = '7.txt'", [bob])
    assert await near(bob) == []
    owner.execute("delete from document where id = %s", [numbers[8]])
    assert "8.txt" not in await near(alice)
    added = library.document("neuf.txt", [LEAVE], [bob])
    owner.execute(
        "insert into chunk_vector (chunk_id, model, document_id, side, position, vector)"
        " select id, 1, document_id, 0, 0, %s::halfvec from chunk where document_id = %s",
        [str(Trigrams().embed_question(LEAVE)), added],
    )
    assert await near(bob) == ["neuf.txt"]
    with owner.transaction():
        owner.execute("select set_config('centaure.principal', %s, true)", [str(alice)])
        owner.execute(
            "select * from search('{}/1000000000', '{}', '{}', 10, vector => %s::halfvec, asked_model => 1)",
            [str(Trigrams().embed_question(LEAVE))],
        )
        scans = "select pg_stat_get_xact_numscans('chunk_vector_near_1_0'::regclass)"
        assert owner.execute(scans).fetchone() == (1,)


async def test_the_index_is_tested_while_it_serves(
    indexer: Database, library: Any, live: Live, indexed: Any
) -> None:
    alice, _reads_nothing = library.user("alice"), library.user("newcomer")
    models = await live()
    assert await recall.test_recall(indexer) is None
    for number in range(20):
        library.document(f"{number}.txt", [f"{LEAVE} {number}"], [alice])
    async with indexer.write(None) as session:
        await vectors.make_index(session, 1, 0)
        await vectors.plan_vectors(session, 1, 0)
    await embed_waiting(indexer, models, nothing)
    assert await recall.test_recall(indexer) == 1
    kept = indexed.execute("select recall, tested_at is not null, widening from generation")
    assert kept.fetchone() == (1, True, pytest.approx(20 / 1.1))


def test_an_index_that_misses_vectors_looks_at_more_of_them() -> None:
    assert recall.widened(8, 0.94) > recall.widened(8, 0.96) == 8
    assert recall.widened(recall.WIDEST, 0.1) == recall.WIDEST
    assert recall.NARROWEST <= recall.widened(5, 1.0) < 5


async def test_an_index_of_vectors_is_no_change_of_the_schema(
    indexer: Database, owner_connection: Any, clean: Installation, live: Live
) -> None:
    await live()
    async with indexer.write(None) as session:
        await vectors.make_index(session, 1, 0)
    assert clean.schema.state().intact
    owner_connection.execute("create index other on chunk_vector (position)")
    assert not clean.schema.state().intact
    owner_connection.execute("drop index other, chunk_vector_near_1_0")
