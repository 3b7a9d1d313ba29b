"""Words of questions that found no answer: kept where an installation wants it, shown once several asked."""

import os
import sys
from types import SimpleNamespace

import anyio
import pytest
from psycopg.errors import InsufficientPrivilege

from centaure.kit.errors import NotFound
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.jobs import forget
from centaure.knowledge.retrieval.spelling import Vocabulary, words_of
from centaure.knowledge.retrieval.thesaurus import missed
from centaure.knowledge.retrieval.thesaurus.entries import (
    NewEntry,
    Wanted,
    add_entry,
    decide,
    list_entries,
)
from centaure.knowledge.retrieval.thesaurus.lexicon import translations
from centaure.knowledge.retrieval.thesaurus.mining import suggest
from centaure.knowledge.retrieval.thesaurus.missed import (
    forget_missed,
    keep_missed,
    list_missed,
)

pytestmark = pytest.mark.anyio

KEY = b"a key of digests"
GROWING = ("\uac01" * 15, "\ufb03" * 14, "\u00df" * 25)
"""Words that are more characters once folded."""


async def ask(database, person, text):
    """Ask in vain, where words are kept."""
    async with database.read(person) as session:
        found = await search(session, text, SearchFilters(), 10)
    await keep_missed(database, text, found, person, KEY)


async def listed(database, person):
    async with database.read(person) as session:
        return [(one.word, one.askers) for one in await list_missed(session)]


def people(library, count):
    return [library.user(f"person{number}") for number in range(count)]


@pytest.fixture
def curator(library):
    number = library.user("curator")
    library.connection.execute(
        "update user_account set roles = array['reader', 'curator'] where principal_id = %s",
        [number],
    )
    return number


def test_it_is_off_unless_it_is_switched_on():
    assert not Settings().keep_failed_questions


async def test_a_word_shows_to_curators_once_three_people_asked_it(database, library, curator):
    first, *others = people(library, 3)
    for _ in range(5):
        await ask(database, first, "Où est le grimoire ?")
    assert await listed(database, curator) == []
    await ask(database, others[0], "le Grimoire du quartier")
    assert await listed(database, curator) == []
    await ask(database, others[1], "GRIMOIRE")
    assert await listed(database, curator) == [("grimoire", 3)]
    assert await listed(database, first) == []


async def test_words_stand_alone_and_nobody_reads_who_asked(database, indexer, library, curator):
    (one,) = people(library, 1)
    await ask(database, one, "le grimoire du vestiaire, dossier 4471, M. X")
    rows = library.connection.execute(
        "select word, asker from missed_word order by word"
    ).fetchall()
    assert [word for word, _ in rows] == ["dossier", "grimoire", "vestiaire"]
    assert len({asker for _, asker in rows}) == 3
    for opened in (database, indexer):
        with pytest.raises(InsufficientPrivilege):
            async with opened.read(curator) as session:
                await session.rows("select word from missed_word")
    async with database.write(None) as session:
        await session.execute(
            "select note_missed(array['other'], array[decode(repeat('00', 16), 'hex')])"
        )
    assert library.connection.execute("select count(*) from missed_word").fetchone() == (3,)


@pytest.mark.parametrize("word", GROWING)
async def test_a_word_that_grows_too_long_when_it_is_folded_is_not_kept(database, library, word):
    (one,) = people(library, 1)
    await ask(database, one, f"{word} grimoire {'x' * 41}")
    rows = library.connection.execute("select word from missed_word").fetchall()
    assert rows == [("grimoire",)]


async def test_what_goes_wrong_is_logged_without_the_words(database, library, monkeypatch, caplog):
    (one,) = people(library, 1)
    monkeypatch.setattr(missed, "missed_words", lambda *_: ["x" * 50])
    await ask(database, one, "grimoire")
    assert "CheckViolation" in caplog.text
    assert "xxx" not in caplog.text


async def test_words_that_a_passage_holds_are_not_what_was_missed(database, library, curator):
    library.document("a.txt", ["Le vestiaire ferme à huit heures."], [1])
    for person in people(library, 3):
        await ask(database, person, "le grimoire du vestiaire")
    assert await listed(database, curator) == [("grimoire", 3)]


async def test_the_worker_deletes_words_after_ninety_days_and_all_once_switched_off(
    database, indexer, library, curator
):
    for person in people(library, 3):
        await ask(database, person, "grimoire")
    count = "select count(*) from missed_word"
    for kept, days, left in ((True, 89, 3), (True, 90, 0), (False, 0, 0)):
        library.connection.execute("update missed_word set day = current_date - %s", [days])
        context = SimpleNamespace(
            additional_context={"database": indexer, "feedback": True, "failed_questions": kept}
        )
        await forget.func(context, 0)
        assert library.connection.execute(count).fetchone() == (left,)
        if not left:
            await ask(database, curator, "grimoire")


async def test_a_curator_deletes_a_word_for_whoever_asked_it(database, library, curator):
    voters = people(library, 3)
    for person in voters[:2]:
        await ask(database, person, "grimoire")
    for person in (curator, voters[0]):  # what does not show is not there
        with pytest.raises(NotFound):
            async with database.write(person) as session:
                await forget_missed(session, "grimoire")
    await ask(database, voters[2], "grimoire")
    with pytest.raises(NotFound):
        async with database.write(voters[0]) as session:
            await forget_missed(session, "grimoire")
    async with database.write(curator) as session:
        await forget_missed(session, "Grimoire")
    assert library.connection.execute("select count(*) from missed_word").fetchone() == (0,)


async def test_a_word_asked_is_suggested_with_words_that_the_curator_may_read(
    database, indexer, library, curator
):
    reader, *others = people(library, 3)
    passage = "Les vacances se demandent un mois avant."
    document = library.document("a.txt", [passage], [reader])
    await Vocabulary().learn(indexer, words_of(passage, "fr"))
    for person in (reader, *others):
        async with database.write(person) as session:
            await session.execute(
                "select note_missed(array['vacantes', 'grimoire'],"
                " array[decode(lpad(%(p)s, 32, '0'), 'hex'), decode(lpad(%(p)s, 32, '0'), 'hex')])",
                {"p": str(person)},
            )

    async def suggested():
        async with database.write(curator) as session:
            return [(one.said.term, one.said.other) for one in await suggest(session, curator)]

    assert await suggested() == []  # nothing that they may read is like it
    assert await listed(database, curator) == [("grimoire", 3), ("vacantes", 3)]
    library.connection.execute("update document set readers = '{1}' where id = %s", [document])
    assert await suggested() == [("vacantes", "vacances")]
    assert await suggested() == []
    assert await listed(database, curator) == [("grimoire", 3)]
    async with database.read(curator) as session:
        (entry,) = await list_entries(session, Wanted(state="suggested"))
    assert (entry.origin, entry.grounds.askers) == ("questions", 3)
    async with database.write(curator) as session:
        assert (await decide(session, entry.id, "active")).origin == "curator"
        await add_entry(session, NewEntry("Grimoire", "manuel"), curator)
    assert await listed(database, curator) == []


async def test_the_lexicon_leads_to_other_words_of_the_same_language(
    database, indexer, library, curator
):
    pairs = [
        (word, again)
        for word in ("congé", "salaire", "facture", "embauche", "licenciement", "formation")
        for other in translations(word)
        for again in translations(other)
        if again != word
    ]
    assert pairs, "the lexicon leads nowhere"
    word, again = pairs[0]
    library.document("a.txt", [f"Voici {again}, comme il faut."], [1])
    await Vocabulary().learn(indexer, words_of(again, "fr"))
    for person in people(library, 3):
        async with database.write(person) as session:
            await session.execute(
                "select note_missed(array[%(w)s], array[decode(lpad(%(p)s, 32, '0'), 'hex')])",
                {"p": str(person), "w": word},
            )
    async with database.write(curator) as session:
        added = await suggest(session, curator)
    assert (word, again) in {(one.said.term, one.said.other) for one in added}


@pytest.mark.parametrize("kept", [False, True])
async def test_search_and_ask_keep_words_only_where_the_installation_says_so(clean, library, kept):
    library.user("alice")
    environment = {
        **os.environ,
        "CENTAURE_HOME": str(clean.settings.home),
        "CENTAURE_KEEP_FAILED_QUESTIONS": str(kept).lower(),
    }
    if clean.settings.database_url is not None:
        environment["CENTAURE_DATABASE_URL"] = clean.settings.database_url.get_secret_value()
    for command in ("search", "ask"):
        query = f"grimoire {command} {' '.join(GROWING)}"
        words = [sys.executable, "-m", "centaure.app.cli", command, query]
        done = await anyio.run_process([*words, "--as", "alice"], env=environment)
        assert done.returncode == 0
    rows = library.connection.execute("select word from missed_word order by word").fetchall()
    assert [word for (word,) in rows] == (["ask", "grimoire", "search"] if kept else [])
    recorded = "select count(*) from audit_event where action in ('search', 'ask')"
    assert library.connection.execute(recorded).fetchone() == (2,)
