"""Answers from the database, as somebody: nothing that may not be read leaves a trace."""

from dataclasses import replace

import psycopg
import pytest

from centaure.answering import Answer, Turn, answer
from centaure.answering.service import NOT_FOUND
from centaure.kit.database import Database
from centaure.knowledge.parsing import Block, BlockKind, Box
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.readings import Reading
from readers import paragraph, user, write

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
QUESTION = "Quelle est la prime d'un chef d'atelier ?"


async def ask(database: Database, principal: int | None, question: str, *earlier: str) -> Answer:
    async with database.read(principal) as session:
        return await answer(session, question, [Turn("user", text) for text in earlier])


@pytest.fixture
def people(owner_connection: Connection) -> tuple[int, int]:
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    return user(owner_connection, "alice"), user(owner_connection, "bruno")


SECRET = paragraph(
    "La prime d'un chef d'atelier est de 9 % du salaire annuel. Elle est versée en mars."
)
PUBLIC = paragraph(
    "Le chef d'atelier tient le registre des accidents. Il le signe chaque vendredi."
)


async def test_the_answer_differs_with_the_reader_and_carries_the_class(
    people: tuple[int, int], indexer: Database, database: Database
) -> None:
    alice, bruno = people
    await write(indexer, "primes.pdf", SECRET, readers=(alice,), classification=3)
    await write(indexer, "registre.pdf", PUBLIC, readers=(alice, bruno))
    found = await ask(database, alice, QUESTION)
    assert "9 %" in found.text
    assert found.classification == 3
    assert found.citations[0].place == 1
    refused = await ask(database, bruno, QUESTION)
    assert not refused.answerable
    assert refused.classification is None
    assert refused.text == NOT_FOUND["fr"]


async def test_what_may_not_be_read_and_what_does_not_exist_are_the_same(
    people: tuple[int, int], indexer: Database, database: Database
) -> None:
    alice, bruno = people
    await write(indexer, "registre.pdf", PUBLIC, readers=(alice, bruno))
    questions = [
        QUESTION,
        "Quand est versée la prime ?",
        "Que fait le chef d'atelier du registre des accidents ?",
        "What is the bonus of a foreman?",
    ]
    without = [await ask(database, bruno, question) for question in questions]
    await write(indexer, "primes.pdf", SECRET, readers=(alice,), classification=3)
    await write(indexer, "registre-v2.pdf", PUBLIC, SECRET, readers=(alice,))
    assert [await ask(database, bruno, question) for question in questions] == without
    assert any(found.answerable for found in without)


async def test_nobody_finds_nothing(
    people: tuple[int, int], indexer: Database, database: Database
) -> None:
    await write(indexer, "registre.pdf", PUBLIC, readers=(1,))
    found = await ask(database, None, "Que fait le chef d'atelier du registre des accidents ?")
    assert not found.answerable
    assert (await ask(database, people[0], "Que signe le chef d'atelier ?")).language == "fr"


async def test_a_follow_up_is_answered_from_what_it_means(
    people: tuple[int, int], indexer: Database, database: Database
) -> None:
    rows = [["Lieu", "Plafond d'hôtel"], ["Paris", "150 euros"], ["Lyon", "118 euros"]]
    table = Block(
        BlockKind.TABLE,
        "\n".join(" | ".join(row) for row in rows),
        page=2,
        rows=tuple(tuple(row) for row in rows),
        header_rows=1,
    )
    heading = Block(BlockKind.HEADING, "Plafonds d'hôtel par nuit", level=1, page=2)
    await write(indexer, "hotels.pdf", heading, table, readers=(people[0],))
    found = await ask(database, people[0], "Et à Lyon ?", "Quel est le plafond d'hôtel à Paris ?")
    assert [citation.quote for citation in found.citations] == ["Lyon | 118 euros"]


@pytest.mark.parametrize(
    ("follow_up", "said"),
    [
        ("Et pour l'hôtel ?", "agence Escale"),
        ("Et le soir ?", "27 euros le soir"),
        ("Et pour le trampoline ?", NOT_FOUND["fr"]),
    ],
)
async def test_a_follow_up_on_another_subject_is_not_answered_with_the_earlier_one(
    people: tuple[int, int], indexer: Database, database: Database, follow_up: str, said: str
) -> None:
    meals = paragraph(
        "Le plafond de remboursement d'un repas est de 22 euros le midi et de 27 euros le soir."
    )
    hotels = paragraph("L'hôtel est réservé par l'agence Escale, au moins une semaine avant.")
    await write(indexer, "repas.pdf", meals, readers=(people[0],))
    await write(indexer, "hotels.pdf", hotels, readers=(people[0],))
    before = "Quel est le plafond de remboursement d'un repas ?"
    assert said in (await ask(database, people[0], follow_up, before)).text


async def test_a_quote_is_cited_on_its_own_page(
    people: tuple[int, int], indexer: Database, database: Database
) -> None:
    filler = " ".join(f"La ligne numéro {n} parle de la production courante." for n in range(12))
    boxes = tuple(Box(page, 0, line, 100, line + 1) for page in (7, 8) for line in range(8))
    last = "La vanne de secours se ferme avec la clé violette."
    block = Block(BlockKind.PARAGRAPH, f"{filler} {last}", page=7, boxes=boxes)
    await write(indexer, "manuel.pdf", block, readers=(people[0],))
    found = await ask(database, people[0], "Avec quelle clé se ferme la vanne de secours ?")
    assert found.citations[0].quote == last
    assert found.citations[0].page == 8


async def test_a_question_of_any_length_or_kind_is_answered_without_failing(
    people: tuple[int, int], indexer: Database, database: Database
) -> None:
    await write(indexer, "registre.pdf", PUBLIC, readers=(people[0],))
    for question in (
        "x" * 10_000,
        "prime " * 1_600,
        "'; drop table chunk; --",
        "\x00\ud800",
        "🙂" * 50,
    ):
        assert not (await ask(database, people[0], question)).answerable


async def test_a_rewritten_question_is_answered_or_else_the_question_itself(
    database: Database, indexer: Database, people: tuple[int, int]
) -> None:
    alice, _ = people
    await write(
        indexer,
        "primes.pdf",
        paragraph("La prime d'un chef d'atelier est de 300 euros par mois."),
        paragraph("La prime d'un magasinier est de 120 euros par mois."),
        readers=(alice,),
    )
    for rewritten, said in (
        ("Quelle est la prime d'un magasinier ?", "120 euros"),
        ("Quelle est la couleur du xylophone zambien ?", "300 euros"),
    ):
        async with database.read(alice) as session:
            found = await search(session, QUESTION, SearchFilters(), 10)
            reading = Reading(rewritten=rewritten, model="reader", simulated=True)
            given = await answer(session, QUESTION, found=replace(found, reading=reading))
        assert given.answerable
        assert said in given.text
        assert given.helped_by == "reader (simulé)"
    assert (await ask(database, alice, QUESTION)).helped_by == ""
