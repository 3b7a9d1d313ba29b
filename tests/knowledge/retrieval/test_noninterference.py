"""What a reader gets is a function of the question and of what they may read, and of nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from centaure.app.installation import MIGRATIONS, Installation
from centaure.knowledge.retrieval import analyse, index_row

Connection = psycopg.Connection[tuple[object, ...]]

WORDS = (
    *("pompe", "turbine", "vanne", "contrat", "congé", "salaire", "facture", "budget", "Dupré"),
    *(
        "Martin",
        "2024",
        "TP-204/B",
        "maintenance",
        "sécurité",
        "la",
        "de",
        "et",
        "invoice",
        "leave",
    ),
)
"""Few, so that passages share them, some frequent in the language and some in no table."""

WAYS = {
    "all scored": ({}, "readable"),
    "looked up within what may be read": ({"small": -1, "few": 10_000}, "readable"),
    "looked up everywhere": ({}, "null"),
}
"""The three ways of search by words, each forced by its constants or by what it is told may be read."""


@dataclass(frozen=True)
class Document:
    text: tuple[str, ...]
    readable: bool
    first: bool


documents = st.lists(
    st.builds(
        Document,
        text=st.lists(
            st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
            min_size=1,
            max_size=3,
        ).map(tuple),
        readable=st.booleans(),
        first=st.booleans(),
    ),
    max_size=14,
)
questions = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@pytest.fixture
def arranged(owner_connection: Connection) -> Iterator[Connection]:
    """A reader, a source, and one search function for each way."""
    schema = (MIGRATIONS / "sql" / "search.sql").read_text(encoding="utf-8")
    function = re.search(r"create function search_words\(.*?\n\$\$;", schema, re.DOTALL)
    assert function is not None
    for number, (constants, _) in enumerate(WAYS.values()):
        body = function.group().replace("function search_words(", f"function search_{number}(")
        for name, value in constants.items():
            body, replaced = re.subn(
                rf"\b{name} constant int := \d+;", f"{name} constant int := {value};", body
            )
            assert replaced == 1
        owner_connection.execute(body.encode())
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    owner_connection.execute("insert into principal (kind, key, label) values ('user', 'u', 'u')")
    owner_connection.execute(
        "insert into user_account (principal_id, login, name) values (2, 'u', 'u')"
    )
    owner_connection.execute("set centaure.principal = '2'")
    yield owner_connection
    for number in range(len(WAYS)):
        owner_connection.execute(f"drop function search_{number}".encode())


def answer(
    connection: Connection, way: int, shelf: list[tuple[int, Document]], question: str, wanted: int
) -> list[tuple[object, ...]]:
    """What the search gives with these documents, which are gone afterwards."""
    asked = analyse(question)
    told = list(WAYS.values())[way][1]
    numbers = [(number, document.readable) for number, document in shelf]
    passages = [
        (
            number,
            position,
            text,
            index_row(title="", file_name="", heading_path=(), text=text, language="fr"),
        )
        for number, document in shelf
        for position, text in enumerate(document.text)
    ]
    with connection.transaction(force_rollback=True):
        connection.execute(
            "with documents as ("
            " insert into document (source_id, path, format, content_hash, classification, readers)"
            " select 1, 'd' || number, 'text', '', 0, case when readable then array[1] else '{}' end"
            " from unnest(%s::int[], %s::bool[]) with ordinality as d(number, readable, place)"
            " order by place returning id, path"
            "), readings as ("
            " insert into reading"
            " (document_id, side, format, parser_version, chunker_version, language_version)"
            " select id, 0, 'text', '1', '1', '1' from documents"
            "), chunks as ("
            " insert into chunk (document_id, position, text, content_hash)"
            " select id, position, text, '' from documents"
            " join unnest(%s::int[], %s::int[], %s::text[]) as c(number, position, text)"
            " on path = 'd' || number returning id, document_id, position"
            ") insert into chunk_index (chunk_id, document_id, position, impacts)"
            " select chunks.id, document_id, chunks.position, impacts::sparsevec from chunks"
            " join documents on documents.id = document_id"
            " join unnest(%s::int[], %s::int[], %s::text[]) as i(number, position, impacts)"
            " on path = 'd' || number and i.position = chunks.position",
            [
                [number for number, _ in numbers],
                [readable for _, readable in numbers],
                [passage[0] for passage in passages],
                [passage[1] for passage in passages],
                [passage[2] for passage in passages],
                [passage[0] for passage in passages],
                [passage[1] for passage in passages],
                [passage[3] for passage in passages],
            ],
        )
        return connection.execute(
            (
                "select path, position, score from (select current_principals() as principals,"
                " current_clearance() as clearance, live_side() as live) as reader,"
                " lateral (select readable_documents(principals, clearance,"
                " null, null, null, null, null, null, null, null)) as those(readable),"
                f" search_{way}(%s::sparsevec, %s, %s, %s, {told}, principals, clearance, live,"
                " null, null, null, null, null, null, null, null) with ordinality as found"
                " join document on document.id = found.document_id"
                " join chunk on chunk.id = found.chunk_id order by ordinality"
            ).encode(),
            [asked.vector(), asked.alternatives(), asked.weights(), wanted],
        ).fetchall()


@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    shelf=documents, question=questions, wanted=st.integers(1, 12), way=st.sampled_from(range(3))
)
def test_documents_that_may_not_be_read_change_nothing(
    arranged: Connection, shelf: list[Document], question: str, wanted: int, way: int
) -> None:
    numbered = sorted(enumerate(shelf), key=lambda pair: not pair[1].first)
    readable = [(number, document) for number, document in numbered if document.readable]
    with_hidden = answer(arranged, way, numbered, question, wanted)
    assert with_hidden == answer(arranged, way, readable, question, wanted)
    assert {path for path, *_ in with_hidden} <= {f"d{number}" for number, _ in readable}


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(shelf=documents, question=questions)
def test_the_three_ways_lead_to_the_same_passages(
    arranged: Connection, shelf: list[Document], question: str
) -> None:
    assume(len(analyse(question).terms) <= 8)  # of a longer one, eight terms find the candidates
    numbered = list(enumerate(shelf))
    answers = [answer(arranged, way, numbered, question, 100) for way in range(len(WAYS))]
    assert answers[0] == answers[1] == answers[2]


def test_the_plan_finds_candidates_by_the_index(
    owner_connection: Connection, clean: Installation
) -> None:
    """What a session runs is counted: the index of terms is used, and the table never read through."""
    assert clean.settings is not None
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    owner_connection.execute("insert into principal (kind, key, label) values ('user', 'u', 'u')")
    owner_connection.execute(
        "insert into user_account (principal_id, login, name) values (2, 'u', 'u')"
    )
    owner_connection.execute(
        "insert into document (source_id, path, format, content_hash, classification, readers)"
        " select 1, 'd' || n, 'text', '', 0, array[1] from generate_series(1, 3200) n"
    )
    owner_connection.execute(
        "insert into reading"
        " (document_id, side, format, parser_version, chunker_version, language_version)"
        " select id, 0, 'text', '1', '1', '1' from document"
    )
    owner_connection.execute(
        "insert into chunk (document_id, position, text, content_hash)"
        " select id, 0, '', '' from document"
    )
    rows = [
        index_row(title="", file_name="", heading_path=(), text=text, language="fr")
        for text in ("la pompe de la turbine", "le contrat de Dupré", "les congés payés")
    ]
    owner_connection.execute(
        "insert into chunk_index (chunk_id, document_id, position, impacts)"
        " select id, document_id, 0, (%s::text[])[1 + id %% 3]::sparsevec from chunk",
        [rows],
    )
    owner_connection.execute("set centaure.principal = '2'")
    question = analyse("Quelle pompe pour la turbine ?")
    with owner_connection.transaction():
        found = owner_connection.execute(
            "select * from search(%s::sparsevec, %s, %s, 20)",
            [question.vector(), question.alternatives(), question.weights()],
        ).fetchall()
        scans = dict(
            owner_connection.execute(
                "select indexrelname, pg_stat_get_xact_numscans(indexrelid)"
                " from pg_stat_user_indexes where relname = 'chunk_index'"
            ).fetchall()
        )
        read_through = owner_connection.execute(
            "select pg_stat_get_xact_numscans('chunk_index'::regclass)"
        ).fetchone()
    assert len(found) == 20
    assert scans["chunk_index_terms"]
    assert read_through == (0,)


@pytest.mark.parametrize("readable", [3, 6, 7, 12])
def test_whether_documents_are_listed_depends_on_those_that_may_be_read(
    owner_connection: Connection, readable: int
) -> None:
    schema = (MIGRATIONS / "sql" / "search.sql").read_text(encoding="utf-8")
    function = re.search(r"create function readable_documents\(.*?\n\$\$;", schema, re.DOTALL)
    assert function is not None
    body = function.group().replace("readable_documents(", "readable_few(", 1)
    for name, value in {"listed": 6, "sample": 4}.items():
        body = re.sub(rf"\b{name} constant int := \d+;", f"{name} constant int := {value};", body)
    owner_connection.execute(body.encode())
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    listed: list[object] = []
    for hidden in (0, 1, 3, 30):
        owner_connection.execute("delete from document")
        owner_connection.execute(
            "insert into document (source_id, path, format, content_hash, classification, readers)"
            " select 1, 'd' || n, 'text', '', 0, case when n <= %s then array[7] else array[1] end"
            " from generate_series(1, %s) n",
            [hidden, hidden + readable],
        )
        row = owner_connection.execute(
            "select cardinality(readable_few(array[1], cast(3 as smallint),"
            " null, null, null, null, null, null, null, null))"
        ).fetchone()
        assert row is not None
        listed.append(row[0])
    owner_connection.execute("drop function readable_few")
    assert listed == [readable if readable <= 6 else None] * 4
