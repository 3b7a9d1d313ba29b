"""What people say of documents moves the ranking together, a little, for a while, and nobody does alone."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import InsufficientPrivilege

from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.retrieval import SearchFilters, analyse, search
from centaure.knowledge.retrieval.jobs import forget
from centaure.knowledge.retrieval.ranking import FEEDBACK, MOST_FEEDBACK, look_again
from centaure.knowledge.retrieval.terms import term_number
from centaure.knowledge.retrieval.votes import (
    Subject,
    Verdict,
    cast_vote,
    forget_votes,
    numbers_of,
    take_back,
    thumbs_for,
)

pytestmark = pytest.mark.anyio

QUESTION = "congés payés"
FIRST = "Les congés payés sont de vingt-cinq jours, et les congés payés se posent en mai."
SECOND = "Les congés payés sont posés avec accord écrit du chef de service, sauf exception ici."
VERDICTS: tuple[Verdict, ...] = ("useful", "useless", "opened")


async def vote(
    database: Database,
    person: int,
    document: int,
    verdict: Verdict = "useful",
    question: str = QUESTION,
) -> None:
    async with database.write(person) as session:
        await cast_vote(session, question, Subject(document), verdict)


async def order(
    database: Database, reader: int, question: str = QUESTION
) -> list[tuple[int, float]]:
    async with database.read(reader) as session:
        found = await search(session, question, SearchFilters(), 10)
    return [(hit.document.id, hit.score) for hit in found.hits]


async def worths(
    database: Database, reader: int, documents: Iterable[int]
) -> dict[int, set[float]]:
    """What is said of each document for the question's terms, to two places."""
    async with database.read(reader) as session:
        rows = await session.rows(
            "select * from feedback_of(%(terms)s, %(documents)s)",
            {"terms": numbers_of(analyse(QUESTION)), "documents": list(documents)},
        )
    return {row.document_id: {round(worth, 2) for worth in row.worths} for row in rows}


def people(library: Any, count: int) -> list[int]:
    return [library.user(f"person{number}") for number in range(count)]


async def test_nothing_is_said_until_three_people_say_it(database, library) -> None:
    reader, *voters = people(library, 5)
    document = library.document("a.txt", [FIRST], [1])
    for count, voter in enumerate(voters, 1):
        await vote(database, voter, document)
        expected = {} if count < 3 else {document: {round(count / (count + 5), 2)}}
        assert await worths(database, reader, [document]) == expected


async def test_what_many_say_moves_a_document_up_or_down(database, library) -> None:
    reader, *voters = people(library, 12)
    first, second = (library.document(f"{n}.txt", [t], [1]) for n, t in enumerate((FIRST, SECOND)))
    before = await order(database, reader)
    assert [document for document, _ in before] == [first, second]
    for voter in voters:
        await vote(database, voter, first, "useless")
        await vote(database, voter, second, "useful")
    after = dict(await order(database, reader))
    assert after[first] < before[0][1]
    assert after[second] > before[1][1]
    assert await worths(database, reader, [first, second]) == {first: {-0.5}, second: {0.5}}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    votes=st.lists(
        st.tuples(
            st.integers(0, 1),
            st.integers(0, 1),
            st.sampled_from(VERDICTS),
            st.sampled_from((QUESTION, "congés", "chef de service", "payés en mai")),
        ),
        max_size=12,
    )
)
async def test_no_votes_of_one_person_or_of_two_change_anything(arranged, votes) -> None:
    database, reader, voters, documents, before = arranged
    for person, document, verdict, question in votes:
        await vote(database, voters[person], documents[document], verdict, question)
    assert await order(database, reader) == before


@pytest.fixture
async def arranged(database, library) -> Any:
    reader, *voters = people(library, 3)
    documents = [library.document(f"{n}.txt", [t], [1]) for n, t in enumerate((FIRST, SECOND))]
    return database, reader, voters, documents, await order(database, reader)


async def test_one_person_counts_once_and_their_latest_thumb_wins(database, library) -> None:
    reader, one, *others = people(library, 4)
    document = library.document("a.txt", [FIRST], [1])
    for voter in others:
        await vote(database, voter, document, "opened")
    for verdict, worth in (
        ("opened", 0.3),
        ("useful", 1),
        ("opened", 1),
        ("useless", -1),
        ("useful", 1),
    ):
        await vote(database, one, document, verdict)
        total = worth + 0.3 * len(others)
        assert await worths(database, reader, [document]) == {document: {round(total / 8, 2)}}
    async with database.read(one) as session:
        assert await thumbs_for(session, QUESTION) == {document: "useful"}
        assert await thumbs_for(session, "congés annuels") == {}
    async with database.write(one) as session:
        await take_back(session, QUESTION, Subject(document))
    async with database.read(one) as session:
        assert await thumbs_for(session, QUESTION) == {}
    assert await worths(database, reader, [document]) == {}


async def test_a_vote_is_worth_half_after_180_days_and_goes_after_400(
    database, indexer, library
) -> None:
    reader, *voters = people(library, 6)
    document = library.document("a.txt", [FIRST], [1])
    for voter in voters:
        await vote(database, voter, document)

    def age(days: int) -> None:
        library.connection.execute(
            "update relevance_vote set at = now() - make_interval(days => %s)", [days]
        )

    for days, worth in ((0, 0.5), (180, 0.25), (360, 0.12)):
        age(days)
        assert await worths(database, reader, [document]) == {document: {worth}}
    age(401)
    assert await worths(database, reader, [document]) == {}
    async with indexer.write(None) as session:
        assert await forget_votes(session, 402) == 0
        assert await forget_votes(session, 400) == 5 * len(numbers_of(analyse(QUESTION)))


async def test_the_worker_forgets_all_where_feedback_is_switched_off(
    database, indexer, library
) -> None:
    document = library.document("a.txt", [FIRST], [1])
    await vote(database, library.user("one"), document)
    for feedback, left in ((True, True), (False, False)):
        context = SimpleNamespace(
            additional_context={
                "database": indexer,
                "feedback": feedback,
                "failed_questions": False,
            }
        )
        await forget.func(context, 0)
        row = library.connection.execute("select exists (select from relevance_vote)").fetchone()
        assert row == (left,)


async def test_a_person_says_something_only_of_what_they_may_read(database, library) -> None:
    alice, bob = people(library, 2)
    secret = library.document("a.txt", [FIRST], [bob])
    chunk = library.connection.execute("select id from chunk").fetchone()[0]
    for subject in (Subject(secret), Subject(secret + 1), Subject(chunk_id=chunk)):
        for way in (
            lambda s, to: cast_vote(s, QUESTION, to, "useful"),
            lambda s, to: take_back(s, QUESTION, to),
        ):
            with pytest.raises(NotFound):
                async with database.write(alice) as session:
                    await way(session, subject)
    with pytest.raises(InvalidInput):
        async with database.write(alice) as session:
            await cast_vote(session, QUESTION, Subject(), "useful")
    async with database.write(bob) as session:
        assert await cast_vote(session, QUESTION, Subject(chunk_id=chunk), "useful") == secret


async def test_row_level_security_keeps_votes_to_their_person(database, indexer, library) -> None:
    alice, bob = people(library, 2)
    shared = library.document("a.txt", [FIRST], [1])
    secret = library.document("b.txt", [SECOND], [bob])
    await vote(database, bob, shared)
    insert = """
        insert into relevance_vote (principal, document_id, term, kind)
        values (%(p)s, %(d)s, 1, 'useful')
    """
    for person, document in ((bob, shared), (alice, secret), (alice, secret + 1)):
        with pytest.raises(InsufficientPrivilege):
            async with database.write(alice) as session:
                await session.execute(insert, {"p": person, "d": document})
    for statement in (
        "update relevance_vote set kind = 'useless'",
        "insert into relevance_vote values (current_principal(), 1, 1, 'useful', 'infinity')",
    ):
        with pytest.raises(InsufficientPrivilege):
            async with database.write(alice) as session:
                await session.execute(statement)
    async with database.write(alice) as session:
        assert await session.rows("select * from relevance_vote") == []
        assert await session.execute("delete from relevance_vote") == 0
    async with database.read(None) as session:
        assert await session.rows("select * from relevance_vote") == []
    with pytest.raises(InsufficientPrivilege):
        async with indexer.read(None) as session:
            await session.rows("select principal from relevance_vote")


async def test_votes_of_those_who_may_not_read_the_document_any_more_do_not_count(
    database, library
) -> None:
    reader, *voters = people(library, 4)
    document = library.document("a.txt", [FIRST], [1])
    for voter in voters:
        await vote(database, voter, document)
    assert await worths(database, reader, [document])
    for change, undo in (
        (
            "update document set denied = array[%s::int]",
            "update document set denied = '{}', title = %s::int",
        ),
        (
            "update user_account set clearance = 0 where principal_id = %s",
            "update user_account set clearance = null where principal_id = %s",
        ),
        (
            "update user_account set disabled_at = now() where principal_id = %s",
            "update user_account set disabled_at = null where principal_id = %s",
        ),
    ):
        library.connection.execute(change.encode(), [voters[0]])
        assert await worths(database, reader, [document]) == {}
        library.connection.execute(undo.encode(), [voters[0]])
        assert await worths(database, reader, [document])


async def test_what_may_not_be_read_changes_nothing(database, library) -> None:
    reader, *voters = people(library, 5)
    library.document("a.txt", [FIRST], [1])
    hidden = library.document("b.txt", [SECOND], voters)
    before = await order(database, reader)
    for voter in voters:
        await vote(database, voter, hidden)
    assert await order(database, reader) == before
    assert await worths(database, reader, [hidden]) == {}
    assert await worths(database, voters[0], [hidden])


async def test_votes_go_with_the_document_and_with_the_person(database, library) -> None:
    one, two = people(library, 2)
    document = library.document("a.txt", [FIRST], [1])
    other = library.document("b.txt", [SECOND], [1])
    for person in (one, two):
        for each in (document, other):
            await vote(database, person, each)

    def left() -> set[tuple[object, ...]]:
        return set(
            library.connection.execute(
                "select principal, document_id from relevance_vote"
            ).fetchall()
        )

    library.connection.execute("delete from document where id = %s", [document])
    assert left() == {(one, other), (two, other)}
    library.connection.execute("delete from principal where id = %s", [one])
    assert left() == {(two, other)}


async def test_only_numbers_of_terms_are_kept_and_few(database, library) -> None:
    document = library.document("a.txt", [FIRST], [1])
    question = " ".join(f"mot{number}" for number in range(500))
    await vote(database, library.user("one"), document, question=question)
    kept = library.connection.execute("select term, kind from relevance_vote").fetchall()
    assert {kind for _, kind in kept} == {"useful"}
    assert {term for term, _ in kept} == set(numbers_of(analyse(question)))
    assert len(analyse(question).terms) == 24


@given(
    said=st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=2),
    score=st.floats(0, 50),
)
def test_feedback_is_a_small_bounded_share_of_the_score_by_words(
    said: list[float], score: float
) -> None:
    question = analyse("turbine Francis")
    voted = [term_number(min(term.stems)) for term in question.terms]
    row = SimpleNamespace(
        title="", author=None, heading_path=[], path="a.txt", text="", source_id=1, chunk_language="fr",
        score=score, whole=None, similarity=None, voted=voted, worths=said,
    )  # fmt: skip
    (candidate,) = look_again(question, [row])
    wanted = FEEDBACK * sum(
        term.weight * worth for term, worth in zip(question.terms, said, strict=True)
    )
    most = MOST_FEEDBACK * score
    assert candidate.signals.feedback == pytest.approx(max(-most, min(most, wanted)))
    assert abs(candidate.signals.feedback) <= most


async def test_many_accounts_stand_as_each_does_alone(library) -> None:
    """Nested groups, a circle of them, a group of clauses, ceilings, a disabled account, nobody."""
    accounts = [*people(library, 5), 999]
    library.connection.execute("""
        insert into principal (id, kind, key, label) overriding system value
            select id, 'group', 'g' || id, 'g' from generate_series(101, 105) as id
    """)
    one, two, three, four, _, _ = accounts
    for group, member in ((101, one), (102, 101), (101, 102), (103, two), (104, two), (103, three)):
        library.connection.execute("insert into group_member values (%s, %s)", [group, member])
    for clause, member in ((0, 103), (1, 104)):
        library.connection.execute(
            "insert into group_clause values (105, %s, 2, %s)", [clause, member]
        )
    library.connection.execute(
        "update user_account set clearance = 2 where principal_id <> %s", [one]
    )
    library.connection.execute(
        "insert into clearance_claim (principal_id, source_id, level) values (%s, 1, 1)", [two]
    )
    library.connection.execute(
        "update user_account set disabled_at = now() where principal_id = %s", [four]
    )
    alone = library.connection.execute(
        "select id, principals_of(id), clearance_of(id) from unnest(%s::int[]) as id", [accounts]
    ).fetchall()
    together = library.connection.execute("select * from standings_of(%s)", [accounts]).fetchall()
    known = {account: (set(ids), clearance) for account, ids, clearance in together}
    assert 105 in known[two][0]
    assert 105 not in known[three][0]
    for account, ids, clearance in alone:
        assert known.get(account, (set(), -1)) == (set(ids), clearance)
