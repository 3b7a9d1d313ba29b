"""What a reader finds, and what they do not."""

from datetime import UTC, date, datetime

import pytest
from psycopg import Error, ProgrammingError

from centaure.kit.database import Database
from centaure.knowledge.retrieval import SearchFilters, SearchResult, search
from centaure.knowledge.retrieval.filters import FilterWords, resolve_filters

pytestmark = pytest.mark.anyio

ANYTHING = SearchFilters()


async def ask(
    database: Database,
    principal: int | None,
    query: str,
    filters: SearchFilters = ANYTHING,
    limit: int = 20,
) -> SearchResult:
    async with database.read(principal) as session:
        return await search(session, query, filters, limit)


def paths(result: SearchResult) -> list[str]:
    return [hit.document.path for hit in result.hits]


LEAVE = "Les salariés ont droit à vingt-cinq jours de congés payés par an."
PUMP = "La pompe TP-204/B tourne à 1 450 tours par minute et pèse 38 kg."
TRAVEL = "Travel expenses are refunded within thirty days by Marguerite Dupont-Lachenal."


async def test_a_question_finds_the_passage_that_answers_it(database, library) -> None:
    alice = library.user("alice")
    library.document("rh/conges.txt", [LEAVE], [1])
    library.document("technique/pompe.txt", [PUMP], [1])
    found = await ask(database, alice, "Combien de jours de congé payé ?")
    assert paths(found) == ["rh/conges.txt"]
    hit = found.hits[0]
    assert [hit.text[start:end] for start, end in hit.highlights] == ["jours", "congés", "payés"]
    assert hit.coverage == pytest.approx(1)
    assert found.coverage == pytest.approx(1)
    assert hit.score > 0


async def test_a_stranger_finds_nothing_and_a_neighbour_only_their_own(database, library) -> None:
    alice, bob = library.user("alice"), library.user("bob")
    library.document("a.txt", [LEAVE], [alice])
    library.document("b.txt", [LEAVE + " Fin."], [bob])
    library.document("c.txt", [LEAVE + " Rien."], [])
    assert paths(await ask(database, None, "congés payés")) == []
    assert paths(await ask(database, 999, "congés payés")) == []
    assert paths(await ask(database, alice, "congés payés")) == ["a.txt"]
    assert paths(await ask(database, bob, "congés payés")) == ["b.txt"]


async def test_denial_and_clearance_hide_what_readers_open(database, library) -> None:
    alice = library.user("alice", clearance=1)
    library.document("open.txt", [LEAVE], [1], classification=1)
    library.document("secret.txt", [LEAVE + " Secret."], [1], classification=2)
    library.document("denied.txt", [LEAVE + " Non."], [1], denied=[alice])
    assert paths(await ask(database, alice, "congés payés")) == ["open.txt"]


async def test_a_change_of_rights_shows_at_once(database, library) -> None:
    alice = library.user("alice")
    document = library.document("a.txt", [LEAVE], [alice])
    assert paths(await ask(database, alice, "congés")) == ["a.txt"]
    library.connection.execute("update document set readers = '{}' where id = %s", [document])
    assert paths(await ask(database, alice, "congés")) == []


async def test_a_deleted_document_leaves_the_index(database, library) -> None:
    alice = library.user("alice")
    document = library.document("a.txt", [LEAVE], [alice])
    library.connection.execute("delete from document where id = %s", [document])
    assert paths(await ask(database, alice, "congés")) == []
    assert library.connection.execute("select count(*) from chunk_index").fetchone() == (0,)


@pytest.mark.parametrize("query", ["TP-204/B", "tp204b", "pompe TP 204", "tp-204 b"])
async def test_a_reference_is_found_however_it_is_written(database, library, query) -> None:
    alice = library.user("alice")
    library.document("pompe.txt", [PUMP], [1])
    assert paths(await ask(database, alice, query)) == ["pompe.txt"]


async def test_a_name_is_found_in_the_documents_of_the_other_language(database, library) -> None:
    alice = library.user("alice")
    library.document("travel.txt", [TRAVEL], [1])
    found = await ask(database, alice, "Qui est Marguerite Dupont-Lachenal ?")
    assert paths(found) == ["travel.txt"]
    assert found.question.language == "fr"


async def test_title_and_file_name_count(database, library) -> None:
    alice = library.user("alice")
    library.document("télétravail.txt", ["Voir la direction."], [1], language="fr")
    library.document("x.txt", ["Voir le service."], [1], title="Astreintes", language="fr")
    assert paths(await ask(database, alice, "le télétravail")) == ["télétravail.txt"]
    assert paths(await ask(database, alice, "les astreintes")) == ["x.txt"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (SearchFilters(sources=(2,)), ["b/two.pdf"]),
        (SearchFilters(folders=("a",)), ["a/one.txt", "a/deep/three.txt"]),
        (SearchFilters(folders=("a/deep/",)), ["a/deep/three.txt"]),
        (SearchFilters(folders=("",)), ["a/one.txt", "a/deep/three.txt", "b/two.pdf"]),
        (SearchFilters(formats=("pdf",)), ["b/two.pdf"]),
        (SearchFilters(classifications=(0, 2)), ["b/two.pdf"]),
        (SearchFilters(languages=("en",)), []),
        (
            SearchFilters(modified_from=datetime(2026, 2, 1, tzinfo=UTC)),
            ["b/two.pdf"],
        ),
        (
            SearchFilters(modified_to=datetime(2026, 2, 1, tzinfo=UTC)),
            ["a/one.txt", "a/deep/three.txt"],
        ),
        (SearchFilters(documents=(1, 3)), ["a/one.txt", "a/deep/three.txt"]),
    ],
)
async def test_filters_narrow_to_what_they_say(database, library, filters, expected) -> None:
    alice = library.user("alice")
    library.source("other")
    library.document("a/one.txt", [LEAVE + " Un."], [1])
    february = datetime(2026, 2, 1, tzinfo=UTC)
    library.document(
        "b/two.pdf", [LEAVE + " Deux."], [1], source=2, format="pdf", classification=2,
        modified=february,
    )  # fmt: skip
    library.document("a/deep/three.txt", [LEAVE + " Trois."], [1])
    assert sorted(paths(await ask(database, alice, "congés payés", filters))) == sorted(expected)


async def test_filters_that_nothing_fits_find_nothing_and_the_last_day_leaves_nothing_out(
    database, library
) -> None:
    alice = library.user("alice")
    library.document("a.txt", ["La pompe tourne."], [1])

    async def found(words: FilterWords) -> int:
        async with database.read(alice) as session:
            filters = await resolve_filters(session, words)
            return len((await search(session, "pompe", filters, 10)).hits)

    assert await found(FilterWords(modified_to=date.max)) == 1
    assert await found(FilterWords(modified_from=date.max)) == 0
    for name in ("source", "folder", "format", "language"):
        assert await found(FilterWords(**{name: "\0"})) == 0


async def test_versions_are_one_hit_with_the_latest_shown(database, library) -> None:
    alice, bob = library.user("alice"), library.user("bob")
    library.document("note v1.txt", [LEAVE + " Un."], [1])
    library.document("note v3.txt", [LEAVE + " Trois."], [bob])
    library.document("note v2 final.txt", [LEAVE + " Deux."], [1])
    found = await ask(database, alice, "congés payés")
    assert paths(found) == ["note v2 final.txt"]
    assert {other.path for other in found.hits[0].others} == {"note v1.txt"}
    found = await ask(database, bob, "congés payés")
    assert paths(found) == ["note v3.txt"]
    assert found.hits[0].others[0].path == "note v2 final.txt"


async def test_a_copy_brings_no_version_of_its_own_folder_into_the_place_of_the_original(
    database, library
) -> None:
    alice = library.user("alice")
    library.document("direction/note.txt", [LEAVE], [1])
    library.document("ailleurs/note.txt", [LEAVE], [1])
    library.document("ailleurs/note v99 final.txt", [LEAVE + " Sans accord de personne."], [1])
    found = await ask(database, alice, "congés payés")
    assert sorted(paths(found)) == ["ailleurs/note v99 final.txt", "direction/note.txt"]
    official = next(hit for hit in found.hits if hit.document.path == "direction/note.txt")
    assert {other.path for other in official.others} == {"ailleurs/note.txt"}


async def test_who_asks_for_a_year_gets_that_version(database, library) -> None:
    alice = library.user("alice")
    library.document("budget_2023.txt", ["Le budget de formation était de 10 000 euros."], [1])
    library.document("budget_2024.txt", ["Le budget de formation est de 12 000 euros."], [1])
    assert paths(await ask(database, alice, "budget de formation")) == ["budget_2024.txt"]
    assert paths(await ask(database, alice, "budget de formation 2023")) == ["budget_2023.txt"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   \n\t",
        "le la les de et",
        "🦄🔥",
        "' or 1=1; drop table centaure.document; --",
        "& | ! ( ) <-> :*",
        "h1 | 'h2' & \\",
        "\x00\ud800",
        "%" * 200,
    ],
)
async def test_questions_that_say_nothing_find_nothing(database, library, query) -> None:
    alice = library.user("alice")
    library.document("a.txt", [LEAVE], [1])
    found = await ask(database, alice, query)
    assert found.hits == ()
    assert found.coverage == 0


async def test_a_question_of_ten_thousand_characters_is_answered(database, library) -> None:
    alice = library.user("alice")
    library.document("a.txt", [LEAVE], [1])
    words = " ".join(f"mot{number}" for number in range(1200))
    found = await ask(database, alice, f"congés payés {words}"[:10_000])
    assert len(found.question.terms) == 24
    assert len((await ask(database, alice, "congés payés " * 700)).hits) == 1


async def test_the_limit_is_kept_and_zero_gives_nothing(database, library) -> None:
    alice = library.user("alice")
    for number in range(30):
        library.document(f"{number}a.txt", [f"{LEAVE} Numéro {number}."], [1])
    assert len((await ask(database, alice, "congés", limit=7)).hits) == 7
    assert (await ask(database, alice, "congés", limit=0)).hits == ()


async def test_the_application_cannot_read_the_index(database, indexer, library) -> None:
    alice = library.user("alice")
    for opened in (database, indexer):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with opened.read(alice) as session:
                await session.execute("select * from chunk_index")


@pytest.mark.parametrize(
    ("question", "alternatives", "weights"),
    [
        ("{1:1}/5", "{1}", "{1}"),
        ("{1:1}/1000000000", "{1}", "{1,2}"),
        ("{1:1}/1000000000", "{1:*}", "{1}"),
        ("{1:1}/1000000000", "{1)|(2}", "{1}"),
        ("{1:1}/1000000000", "{1}", "{NaN}"),
        ("{1:1}/1000000000", "{1}", "{-1}"),
    ],
)
async def test_what_could_fail_on_a_hidden_row_fails_on_none_as_well(
    database, library, question, alternatives, weights
) -> None:
    """An error that depended on hidden passages would tell that they exist."""
    alice = library.user("alice")
    messages = set()
    for attempt in range(2):
        with pytest.raises(Error) as error:
            async with database.read(alice) as session:
                await session.execute(
                    "select * from search(cast(%(q)s as sparsevec), cast(%(a)s as text[]),"
                    " cast(%(w)s as float8[]), 10)",
                    {"q": question, "a": alternatives, "w": weights},
                )
        said = error.value.diag
        messages.add((said.message_primary, said.message_detail, said.message_hint, said.context))
        library.document(f"hidden{attempt}.txt", [LEAVE], [])
    assert len(messages) == 1
