"""Questions typed wrong."""

from typing import NamedTuple

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


def into_a_conversation(library, owner: int, document: int) -> None:
    """Make a document the file of a conversation, which the documents' vocabulary learns nothing of."""
    with library.connection.transaction():
        (conversation,) = library.connection.execute(
            "insert into conversation (owner, title) values (%s, 'mine') returning id", [owner]
        ).fetchone()
        library.connection.execute(
            "with file as (insert into conversation_file (conversation_id, owner, name, size, content_hash,"
            " classification, state) values (%s, %s, 'mine.txt', 1, '', 1, 'read') returning id)"
            " update document set file_id = file.id from file where document.id = %s",
            [conversation, owner, document],
        )


class Bait(NamedTuple):
    """A document of one's own that says a word which may stand in others."""

    text: str
    title: str = ""
    path: str = "mine.txt"
    in_conversation: bool = False


@pytest.mark.parametrize(
    "bait",
    [
        pytest.param(Bait("Des murs zorblaxes."), id="a longer word of the same stem"),
        pytest.param(Bait("Un mur zo\u0301rblax."), id="an accent that stands alone"),
        pytest.param(Bait("Un mur zorblax²."), id="a figure that becomes an ordinary one"),
        pytest.param(Bait("Un mur.", title="Le mur zorblax"), id="a title"),
        pytest.param(Bait("Un mur.", path="zorblax/zorblax.txt"), id="a path"),
        pytest.param(Bait("Un mur zorblax.", in_conversation=True), id="a file of a conversation"),
    ],
)
async def test_no_bait_tells_whether_a_hidden_document_holds_a_word(
    database, indexer, library, bait: Bait
) -> None:
    alice, bob = library.user("alice"), library.user("bob")
    own = library.document(bait.path, [bait.text], [alice], title=bait.title, language="fr")
    if bait.in_conversation:
        into_a_conversation(library, alice, own)
    else:
        await learn(indexer, bait.text)
    before = await ask(database, alice, "zorblqx")
    hidden = library.document("secret.txt", ["Le zorblax est secret."], [bob], language="fr")
    await learn(indexer, "Le zorblax est secret.")
    assert spelt(await ask(database, bob, "zorblqx")) == ["zorblax"]
    beside = await ask(database, alice, "zorblqx")
    library.connection.execute("delete from document where id = %s", [hidden])
    await forget_words(indexer)
    after = await ask(database, alice, "zorblqx")
    for found in (before, beside, after):
        assert spelt(found) == []
        assert list(found.hits) == []


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
