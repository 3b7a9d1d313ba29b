"""What is suggested reads well in a question, and its passage answers to it."""

from typing import Any, LiteralString, cast

import pytest

from centaure.kit.database import ReadSession
from centaure.knowledge.retrieval.suggestions import choose_subjects, suggest_subjects


def chosen(*passages: tuple[int, str, list[str], str], limit: int = 4) -> list[str]:
    return [one.words for one in choose_subjects(passages, limit)]


def test_a_heading_comes_before_the_title_of_another() -> None:
    told = chosen(
        (2, "Charte informatique", [], "Chacun suit la charte informatique de la maison."),
        (
            1,
            "Procédure d'achat",
            ["Procédure d'achat", "4. Cadeaux"],
            "Les cadeaux des fournisseurs sont refusés.",
        ),
    )
    assert told == ["Cadeaux", "Charte informatique"]


def test_a_document_suggests_one_subject() -> None:
    told = chosen(
        (
            1,
            "Télétravail",
            ["Retour sur site"],
            "Un retour sur site est demandé dans les deux jours.",
        ),
        (1, "Télétravail", ["Matériel prêté"], "Le matériel prêté est rendu."),
    )
    assert told == ["Retour sur site"]


@pytest.mark.parametrize(
    "title",
    [
        "suivi-2026-09",
        "scan_0042",
        "plan.pdf",
        "« Cobalt »",
        "A",
        "Un titre bien trop long " * 4,
        "2026",
    ],
)
def test_what_does_not_read_well_is_left_out(title: str) -> None:
    assert chosen((1, title, [], title)) == []


def test_what_its_passage_does_not_speak_of_is_left_out() -> None:
    assert chosen((1, "", ["Clause de dédit"], "3. Clause de dédit\nLe salarié rembourse.")) == []
    assert chosen((1, "", ["Clause de dédit"], "Le salarié rembourse la formation.")) == []


def test_no_more_come_than_are_wanted() -> None:
    words = ("Garniture", "Consignation", "Livraison", "Facturation")
    passages = [
        (n, "", [word], f"La {word.lower()} est faite le lundi matin.")
        for n, word in enumerate(words)
    ]
    assert len(chosen(*passages, limit=2)) == 2


async def suggested(database: Any, person: int, language: str = "fr", limit: int = 4) -> list[str]:
    async with database.read(person) as session:
        return [one.words for one in await suggest_subjects(session, limit, language)]


@pytest.mark.anyio
async def test_the_latest_readable_documents_come_first_those_in_the_language_before(
    database: Any, library: Any
) -> None:
    alice, bob = library.user("alice"), library.user("bob")
    for title, readers, language in (
        ("Consignation", [alice], "fr"),
        ("Livraison", [alice], "fr"),
        ("Facturation", [bob], "fr"),
        ("Maintenance", [alice], "en"),
        ("Deliveries", [alice], "en"),
    ):
        library.document(
            title,
            [f"{title}: every Monday morning, before eight."],
            readers,
            title=title,
            language=language,
        )
    library.document(
        "prix.csv",
        ["Tarification: every Monday morning, before eight."],
        [alice],
        title="Tarification",
        format="csv",
    )
    assert await suggested(database, alice) == [
        "Livraison",
        "Consignation",
        "Deliveries",
        "Maintenance",
    ]
    assert await suggested(database, alice, "en", 2) == ["Deliveries", "Maintenance"]
    assert await suggested(database, bob) == ["Facturation"]


@pytest.mark.anyio
async def test_of_many_passages_only_those_of_the_latest_documents_are_read(
    database: Any, library: Any
) -> None:
    alice = library.user("alice")
    library.connection.execute(
        "insert into document (source_id, path, format, title, language, content_hash, classification,"
        " readers) select 1, 'a/' || n, 'text', 'Note ' || n, case when n %% 2 = 0 then 'fr' else 'en' end,"
        " '', 0, array[%s::int] from generate_series(1, 2000) as n",
        [alice],
    )
    library.connection.execute(
        "insert into reading (document_id, side, format, title, language, parser_version, chunker_version,"
        " language_version) select id, 0, format, title, language, '1', '1', '1' from document"
    )
    library.connection.execute(
        "insert into chunk (document_id, position, text, language, content_hash)"
        " select id, position, title, language, '' from document, generate_series(0, 11) as position"
    )
    library.connection.execute("analyze document, reading, chunk")
    async with database.read(alice) as session:
        counting = Counting(session)
        await suggest_subjects(cast("ReadSession", counting), 4, "fr")
    assert 0 < counting.read <= 50 * 12


class Counting:
    """Explains what it is asked, and counts the passages that this read."""

    def __init__(self, session: ReadSession) -> None:
        self.session = session
        self.read = 0

    async def rows(self, statement: LiteralString, values: dict[str, Any]) -> list[Any]:
        explained = f"explain (analyze, timing off, format json) {statement}"
        waiting = [one["Plan"] for one in await self.session.value(explained, values)]
        for node in waiting:
            waiting += node.get("Plans", ())
            if node.get("Relation Name") == "chunk":
                self.read += node["Actual Rows"] * node["Actual Loops"]
        return []
