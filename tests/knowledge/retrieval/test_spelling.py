"""Questions typed wrong."""

import pytest

from centaure.kit.database import Database
from centaure.knowledge.retrieval import SearchFilters, SearchResult, Vocabulary, search, words_of
from centaure.knowledge.retrieval.spelling import forget_words, keys

pytestmark = pytest.mark.anyio

REFUND = "Le remboursement des cobaltines se fait par la trésorerie."
SECRET = "Le remboursoment Zanzibarois est une affaire secrète."


async def learn(database: Database, *texts: str) -> None:
    await Vocabulary().learn(database, set().union(*(words_of(text, "fr") for text in texts)))


async def ask(database: Database, principal: int, query: str) -> SearchResult:
    async with database.read(principal) as session:
        return await search(session, query, SearchFilters(), 10)


def spelt(result: SearchResult) -> list[str]:
    return [one.reason.other for one in result.question.expansions if one.reason.kind == "spelling"]


@pytest.mark.parametrize(
    "typed", ["cobaltnies", "cobaltine", "cobbaltines", "cobaktines", "cobaltins"]
)
async def test_one_error_is_forgiven(database, indexer, library, typed: str) -> None:
    alice = library.user("alice")
    library.document("a.txt", [REFUND], [1])
    await learn(indexer, REFUND)
    found = await ask(database, alice, f"les {typed}")
    assert [hit.document.path for hit in found.hits] == ["a.txt"]
    assert found.coverage == 1


async def test_a_word_that_is_found_stays(database, indexer, library) -> None:
    alice = library.user("alice")
    library.document("a.txt", [REFUND], [1])
    library.document("b.txt", ["Le cobaltin est un métal."], [1])
    await learn(indexer, REFUND, "cobaltin")
    assert spelt(await ask(database, alice, "cobaltines")) == []


async def test_words_of_passages_that_may_not_be_read_are_not_offered(
    database, indexer, library
) -> None:
    alice, bob = library.user("alice"), library.user("bob")
    library.document("a.txt", [REFUND], [1])
    library.document("secret.txt", [SECRET], [bob])
    await learn(indexer, REFUND, SECRET)
    assert spelt(await ask(database, alice, "zanzibaroi")) == []
    assert spelt(await ask(database, bob, "zanzibaroi")) == ["zanzibarois"]
    # A readable word of the same stem says nothing of how a hidden passage writes it.
    library.document("b.txt", ["Un mur zorblax."], [1])
    library.document("caché.txt", ["Des murs zorblaxes."], [bob])
    await learn(indexer, "zorblax zorblaxes")
    assert spelt(await ask(database, alice, "zorblayes")) == []
    assert spelt(await ask(database, bob, "zorblayes")) == ["zorblaxes"]
    async with database.read(None) as session:
        row = await session.rows(
            "select word from similar_words(%(keys)s)", {"keys": keys("zanzibarois")}
        )
    assert not row


async def test_words_of_no_passage_are_forgotten(
    database, indexer, library, owner_connection
) -> None:
    alice = library.user("alice")
    document = library.document("a.txt", [REFUND], [1])
    await learn(indexer, REFUND, "disparu")
    assert await forget_words(indexer) >= 1
    left = {row[0] for row in owner_connection.execute("select word from vocabulary")}
    assert "cobaltines" in left
    assert "disparu" not in left
    owner_connection.execute("delete from document where id = %s", [document])
    await forget_words(indexer)
    assert owner_connection.execute("select count(*) from vocabulary").fetchone() == (0,)
    assert not (await ask(database, alice, "cobaltnies")).hits
