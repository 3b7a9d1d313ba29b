"""Other words for those of a question: what they are, what they weigh, and for whom."""

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centaure.identity import Role, need_role
from centaure.kit.errors import Conflict, Forbidden, InvalidInput, NotFound
from centaure.knowledge.indexing.preparation import prepare
from centaure.knowledge.parsing import Block, BlockKind, ParsedDocument
from centaure.knowledge.retrieval import SearchFilters, analyse, search
from centaure.knowledge.retrieval.question import corrected
from centaure.knowledge.retrieval.spelling import Correction
from centaure.knowledge.retrieval.thesaurus.acronyms import (
    Acronym,
    acronyms_in,
    find_acronyms,
    write_acronyms,
)
from centaure.knowledge.retrieval.thesaurus.entries import (
    NewEntry,
    Wanted,
    add_entry,
    checked,
    count_entries,
    decide,
    find_entry,
    list_entries,
    remove_entry,
)
from centaure.knowledge.retrieval.thesaurus.lexicon import lexicon, pairs
from centaure.knowledge.retrieval.thesaurus.lookup import keys, starts, understood
from centaure.knowledge.retrieval.thesaurus.matching import Together, Ways, shape, ways
from centaure.knowledge.retrieval.thesaurus.mining import suggest

anyio = pytest.mark.anyio

ANYTHING = SearchFilters()


def thesaurus(*entries):
    return Ways(
        way
        for entry in entries
        for way in ways(
            entry.term, entry.other, entry.relation, entry.language, entry.other_language
        )
    )


def reasons(question):
    return {str(expansion.reason) for expansion in question.expansions}


async def paths(database, principal, query):
    async with database.read(principal) as session:
        found = await search(session, query, ANYTHING, 20)
    return [hit.document.path for hit in found.hits]


def curator(library, login="curator"):
    number = library.user(login)
    library.connection.execute(
        "update user_account set roles = array['reader', 'curator'] where principal_id = %s",
        [number],
    )
    return number


async def written(database, principal, *said):
    async with database.write(principal) as session:
        return [await add_entry(session, each, principal) for each in said]


# --- what a question becomes ----------------------------------------------------------------------------


def test_without_a_thesaurus_a_question_is_what_it_was():
    question = analyse("Combien de jours de congés payés ?")
    assert question.expansions == ()
    assert question.asked == question.terms
    assert question == analyse("Combien de jours de congés payés ?", Ways(()))


def test_the_words_of_an_expansion_weigh_what_they_stand_for_times_the_factor():
    known = thesaurus(NewEntry("RTT", "réduction du temps de travail"))
    question = analyse("Combien de RTT par an ?", known)
    (expansion,) = question.expansions
    (place,) = expansion.places
    assert expansion.factor == 0.8
    assert str(expansion.reason) == "RTT = réduction du temps de travail"
    assert len(expansion.words) == 3
    told = sum(word.weight for word in expansion.words)
    assert told <= 0.8 * question.terms[place].weight + 1e-9
    assert [*question.weights()] == sorted(question.weights(), reverse=True)
    assert len(question.alternatives()) == len(question.terms) + 3
    assert question.vector().count(":") == len(
        {number for each in question.alternatives() for number in each.split("|")}
    )


def test_a_text_that_says_it_in_other_words_holds_the_terms():
    question = analyse("congés payés", thesaurus(NewEntry("congés payés", "jours de repos")))
    (expansion,) = question.expansions
    words = frozenset[str]().union(*(word.stems for word in expansion.words))
    assert expansion.places == {0, 1}
    assert question.matched(words) == {0, 1}
    assert question.share(question.matched(words)) == pytest.approx(1)
    assert question.matched(expansion.words[0].stems) == frozenset()
    assert words <= question.stems()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("la réduction du temps de travail", True),
        ("Réductions de temps du travail ?", True),
        ("réduction temps travail", False),
        ("temps de travail", False),
        ("la réduction du long temps de travail", False),
    ],
)
def test_an_expression_of_several_words_is_found_in_sequence(asked, found):
    known = thesaurus(NewEntry("réduction du temps de travail", "RTT", language="fr"))
    assert bool(analyse(asked, known).expansions) == found


def test_the_longest_expression_is_taken():
    known = thesaurus(NewEntry("congé", "absence"), NewEntry("congé parental", "éducation"))
    assert reasons(analyse("le congé parental", known)) == {"congé parental = éducation"}
    assert reasons(analyse("le congé", known)) == {"congé = absence"}


def test_relations_go_both_ways_with_their_own_factors():
    known = thesaurus(NewEntry("véhicule", "voiture", "narrower"))
    (down,) = analyse("un véhicule", known).expansions
    (up,) = analyse("une voiture", known).expansions
    assert (down.factor, str(down.reason)) == (0.6, "véhicule > voiture")
    assert (up.factor, str(up.reason)) == (0.3, "voiture < véhicule")


def test_what_a_curator_translates_replaces_the_lexicon():
    own = thesaurus(NewEntry("bon de commande", "works order", "translation", "fr", "en"))
    assert "bon de commande = purchase order" in reasons(analyse("le bon de commande", lexicon()))
    assert reasons(analyse("le bon de commande", Together(own, lexicon()))) == {
        "bon de commande = works order"
    }


def test_words_of_both_languages_are_not_looked_for_as_translations():
    """French passages hold "train": "training" would meet them."""
    stems = {stem for each in analyse("le plan de formation", lexicon()).expansions
             for word in each.words for stem in word.stems if each.factor > 0.5}  # fmt: skip
    assert "train" not in stems


def test_the_lexicon_is_whole():
    found = pairs()
    assert len(found) >= 700
    assert max(Counter(found).values()) == 1
    for french, english in found:
        assert shape(french, "fr"), french
        assert shape(english, "en"), english


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([word for pair in pairs() for word in pair]), max_size=12).map(
        " ".join
    )
)
def test_whatever_is_asked_the_vector_and_the_terms_agree(text):
    question = analyse(text, lexicon())
    weights, alternatives = question.weights(), question.alternatives()
    assert len(weights) == len(alternatives) <= 24
    assert len(question.expansions) <= 12
    assert weights == sorted(weights, reverse=True)
    assert all(weight > 0 for weight in weights)
    known = set(re.findall(r"(\d+):", question.vector()))
    assert {number for each in alternatives for number in each.split("|")} == known


# --- acronyms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "acronym", "expansion"),
    [
        ("La réduction du temps de travail (RTT) est due.", "RTT", "réduction du temps de travail"),
        ("Les RTT (réduction du temps de travail) sont", "RTT", "réduction du temps de travail"),
        ("notre comité social et économique (C.S.E.) élu", "CSE", "comité social et économique"),
        (
            "selon l'Agence nationale de la recherche (ANR)",
            "ANR",
            "Agence nationale de la recherche",
        ),
        ("- **OF** : ordre de fabrication, numéroté", "OF", "ordre de fabrication"),
    ],
)
def test_acronyms_are_found_where_documents_spell_them_out(text, acronym, expansion):
    assert find_acronyms([(text, "fr")]) == [Acronym(acronym, expansion, "fr")]


@pytest.mark.parametrize(
    "text",
    [
        "Le montant est dû (TTC).",
        "Voir la société Dupont (IBM) pour cela.",
        "Une réunion (le mardi) et un compte rendu.",
        "((((((((((((((((((((((((((((((((((((((((",
        "A" * 5000 + "(" + "B" * 5000,
        "NOTE : voir la suite du document ci-après",
    ],
)
def test_what_is_no_acronym_is_left(text):
    assert find_acronyms([(text, "fr")]) == []


def test_only_short_words_in_capitals_are_asked_for():
    assert acronyms_in("Combien de RTT, de R.T.T. et d'EPI par an pour Léa ?") == ["RTT", "EPI"]


def test_acronyms_are_found_when_a_document_is_read():
    text = "Le temps partiel thérapeutique (TPT) est accordé au salarié."
    blocks = (Block(BlockKind.PARAGRAPH, text),)
    prepared = prepare(ParsedDocument("text", None, None, None, None, None, blocks), "note.txt")
    assert prepared.acronyms == (Acronym("TPT", "temps partiel thérapeutique", "fr"),)


LONG = "La réduction du temps de travail donne onze jours de repos par an."


@anyio
async def test_an_acronym_is_expanded_from_documents_that_the_reader_may_read_only(
    database, indexer, library
):
    alice, bob = library.user("alice"), library.user("bob")
    library.document("open.txt", [LONG], [1])
    hidden = library.document("definition.txt", ["Voir la direction."], [alice])
    async with indexer.write(None) as session:
        said = [Acronym("RTT", "réduction du temps de travail", "fr")]
        await write_acronyms(session, hidden, said)
        await write_acronyms(session, hidden, said)
    assert await paths(database, alice, "les RTT") == ["open.txt"]
    assert await paths(database, bob, "les RTT") == []
    assert await paths(database, None, "les RTT") == []
    library.connection.execute("update document set readers = '{}' where id = %s", [hidden])
    assert await paths(database, alice, "les RTT") == []


@anyio
async def test_of_conflicting_expansions_the_two_most_said_count(database, indexer, library):
    alice = library.user("alice")
    says = (
        ["comité social et économique"] * 3 + ["club sportif épinalien"] * 2 + ["centre son écho"]
    )
    async with indexer.write(None) as session:
        for number, expansion in enumerate(says):
            document = library.document(f"{number}.txt", [f"Texte {number}"], [1])
            await write_acronyms(session, document, [Acronym("CSE", expansion, "fr")])
        for number in range(5):
            document = library.document(f"hidden{number}.txt", [f"Caché {number}"], [])
            await write_acronyms(session, document, [Acronym("CSE", "cercle secret éteint", "fr")])
    async with database.read(alice) as session:
        question = await understood(session, "Qui siège au CSE ?")
    said = [expansion.reason.other for expansion in question.expansions]
    assert sorted(said) == ["club sportif épinalien", "comité social et économique"]


# --- entries of curators, and rights --------------------------------------------------------------------


@anyio
async def test_only_curators_see_and_write_entries(database, library):
    chief, reader = curator(library), library.user("reader")
    (entry,) = await written(database, chief, NewEntry("Escale", "portail des voyages"))
    async with database.read(chief) as session:
        await need_role(session, Role.CURATOR)
        assert await list_entries(session, Wanted()) == [entry]
        assert await list_entries(session, Wanted(words="PORTAIL")) == [entry]
        assert await list_entries(session, Wanted(state="refused")) == []
        assert await count_entries(session) == {"active": 1, "suggested": 0, "refused": 0}
    for other in (reader, None):
        async with database.read(other) as session:
            assert await list_entries(session, Wanted()) == []
            with pytest.raises(NotFound):
                await find_entry(session, entry.id)
            with pytest.raises(Forbidden):
                await need_role(session, Role.CURATOR)
        with pytest.raises(NotFound):
            async with database.write(other) as session:
                await decide(session, entry.id, "refused")
        with pytest.raises(NotFound):
            async with database.write(other) as session:
                await remove_entry(session, entry.id)
    with pytest.raises(Exception, match="row-level security"):
        await written(database, reader, NewEntry("Escale", "gare"))


@anyio
async def test_an_entry_is_used_at_once_and_no_more_when_refused(database, library):
    chief, reader = curator(library), library.user("reader")
    library.document("portail.txt", ["Le portail des voyages ferme le samedi."], [1])
    assert await paths(database, reader, "Escale") == []
    (entry,) = await written(database, chief, NewEntry("Escale", "portail des voyages"))
    assert await paths(database, reader, "Escale") == ["portail.txt"]
    assert await paths(database, None, "Escale") == []
    async with database.write(chief) as session:
        await decide(session, entry.id, "refused")
    assert await paths(database, reader, "Escale") == []
    async with database.write(chief) as session:
        await decide(session, entry.id, "active")
    assert await paths(database, reader, "Escale") == ["portail.txt"]
    async with database.write(chief) as session:
        await remove_entry(session, entry.id)
    assert await paths(database, reader, "Escale") == []


@anyio
async def test_an_entry_for_a_source_is_for_those_who_read_something_in_it(database, library):
    owner, neighbour, chief = library.user("owner"), library.user("neighbour"), curator(library)
    second = library.source("second")
    library.document("open.txt", ["Le portail des voyages ferme le samedi."], [1])
    document = library.document("closed.txt", ["Rien."], [owner], source=second)
    await written(database, chief, NewEntry("Escale", "portail des voyages", sources=(second,)))
    assert await paths(database, owner, "Escale") == ["open.txt"]
    for other in (neighbour, chief, None):
        assert await paths(database, other, "Escale") == []
    async with database.read(chief) as session:
        assert [entry.said.sources for entry in await list_entries(session, Wanted())] == [
            (second,)
        ]
    library.connection.execute("update document set readers = '{}' where id = %s", [document])
    assert await paths(database, owner, "Escale") == []


WORDS = ("pompe", "turbine", "vanne", "contrat", "salaire", "facture", "budget", "RTT", "Escale")


@anyio
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    entries=st.lists(
        st.tuples(
            st.sampled_from(WORDS),
            st.sampled_from(WORDS),
            st.sampled_from(("equivalent", "narrower", "broader")),
        ),
        max_size=6,
    ),
    asked=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
)
async def test_entries_of_a_source_that_may_not_be_read_change_nothing(
    database, library, entries, asked
):
    library.connection.execute(
        "truncate source, document, thesaurus_entry, principal, user_account restart identity cascade"
    )
    library.connection.execute(
        "insert into principal (kind, key, label) values ('everyone', 'everyone', 'Everyone')"
    )
    library.source("docs")
    closed = library.source("closed")
    chief, reader = curator(library), library.user("reader")
    for number, word in enumerate(WORDS):
        library.document(f"{word}.txt", [f"Voici {word} numéro {number}."], [1], language="fr")
        library.document(f"{word}.txt", [f"Secret {word}."], [chief], source=closed, language="fr")

    async def seen():
        async with database.read(reader) as session:
            found = await search(session, asked, ANYTHING, 20)
        return found.question, [
            (hit.document.path, hit.score, hit.highlights) for hit in found.hits
        ]

    before = await seen()
    for term, other, relation in entries:
        if term != other:
            try:
                await written(database, chief, NewEntry(term, other, relation, sources=(closed,)))
            except Conflict:
                continue
    assert await seen() == before


@pytest.mark.parametrize(
    "said",
    [
        NewEntry("", "a"),
        NewEntry("de la", "congé", language="fr"),
        NewEntry("congé", "Congé"),
        NewEntry("x" * 201, "congé"),
        NewEntry("congé", "leave", "translation"),
        NewEntry("congé", "leave", "translation", "fr", "de"),
        NewEntry("congé", "leave", "same"),  # pyright: ignore[reportArgumentType]
    ],
)
def test_what_search_could_not_use_is_refused(said):
    with pytest.raises(InvalidInput):
        checked(said)


@anyio
async def test_the_same_entry_is_refused_twice_and_an_unknown_source_too(database, library):
    chief = curator(library)
    await written(database, chief, NewEntry("congé", "leave", "translation", "fr", "en"))
    with pytest.raises(Conflict):
        await written(database, chief, NewEntry("Congé", "LEAVE", "translation", "fr", "en"))
    with pytest.raises(InvalidInput):
        await written(database, chief, NewEntry("congé", "repos", sources=(99,)))


@anyio
async def test_every_change_is_audited_without_its_words(database, library):
    chief = curator(library)
    (entry,) = await written(database, chief, NewEntry("Escale", "portail"))
    async with database.write(chief) as session:
        await decide(session, entry.id, "refused")
    async with database.write(chief) as session:
        await remove_entry(session, entry.id)
    rows = library.connection.execute(
        "select details ->> 'did', object, actor, details::text from audit_event"
        " where action = 'thesaurus_change' order by id"
    ).fetchall()
    assert [row[:3] for row in rows] == [
        (did, f"thesaurus:{entry.id}", chief) for did in ("add", "refuse", "remove")
    ]
    assert not any("scale" in str(row[3]) for row in rows)


# --- suggestions ----------------------------------------------------------------------------------------


@anyio
async def test_suggestions_come_from_what_the_curator_may_read_and_show_to_them_alone(
    database, indexer, library
):
    chief, other = curator(library), curator(library, "other")
    reader = library.user("reader")
    shared = [("a/1.txt", [1]), ("b/2.txt", [1])]
    of_chief = [("c/3.txt", [chief]), ("d/4.txt", [chief])]
    same_folder = [("e/5.txt", [1]), ("e/6.txt", [1])]
    async with indexer.write(None) as session:
        for acronym, expansion, where in (
            ("RTT", "réduction du temps de travail", shared),
            ("PZ", "projet Zanzibar", of_chief),
            ("EPI", "équipement de protection individuelle", same_folder),
        ):
            for path, readers in where:
                document = library.document(path, [path], readers)
                await write_acronyms(session, document, [Acronym(acronym, expansion, "fr")])
    async with database.write(chief) as session:
        added = await suggest(session, chief)
    assert {
        entry.said.term: (entry.grounds.documents, entry.grounds.folders) for entry in added
    } == {
        "PZ": (2, 2),
        "RTT": (2, 2),
    }
    assert {entry.state for entry in added} == {"suggested"}
    async with database.read(other) as session:
        assert await list_entries(session, Wanted()) == []
    async with database.write(other) as session:
        assert [entry.said.term for entry in await suggest(session, other)] == ["RTT"]
    async with database.write(reader) as session:
        assert await session.rows("select id from thesaurus_entry") == []
    async with database.write(chief) as session:
        assert await suggest(session, chief) == []

    by_term = {entry.said.term: entry for entry in added}
    async with database.write(chief) as session:
        accepted = await decide(session, by_term["RTT"].id, "active")
        await decide(session, by_term["PZ"].id, "refused")
    assert accepted.origin == "curator"
    async with database.read(other) as session:
        assert accepted in await list_entries(session, Wanted(state="active"))
        assert "PZ" not in {entry.said.term for entry in await list_entries(session, Wanted())}
    async with database.write(chief) as session:
        assert await suggest(session, chief) == []


# --- the other language ---------------------------------------------------------------------------------


@anyio
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Combien de jours de congés payés ?", "leave.txt"),
        ("Qui signe un bon de commande ?", "order.txt"),
        ("Que faire en cas d'accident du travail ?", "accident.txt"),
        ("How are overtime hours paid?", "heures.txt"),
        ("Who approves the expense report?", "frais.txt"),
        ("What is the notice period?", "préavis.txt"),
    ],
)
async def test_a_question_finds_the_document_of_the_other_language(database, library, asked, found):
    alice = library.user("alice")
    for name, text in {
        "leave.txt": "Every employee has twenty-five days of paid leave each year.",
        "order.txt": "A purchase order above 5,000 euros is signed by the site manager.",
        "accident.txt": "Report a workplace accident to your supervisor within one hour.",
        "heures.txt": "Les heures supplémentaires sont majorées de vingt-cinq pour cent.",
        "frais.txt": "Les notes de frais sont validées par le responsable du service.",
        "préavis.txt": "Le préavis est de trois mois pour un cadre, d'un mois pour un ouvrier.",
    }.items():
        library.document(name, [text], [1])
    assert (await paths(database, alice, asked))[0] == found


@pytest.mark.parametrize(
    ("entry", "asked"),
    [
        ("congé payé", "Combien de congés ?"),
        ("congés payés", "un congé"),
        ("mots", "le mot"),
        ("running costs", "What does it cost to run?"),
        ("story", "two stories"),
        ("travail", "les travaux"),
        ("RH", "la RH"),
    ],
)
def test_entries_are_looked_up_by_what_all_forms_of_a_word_begin_with(entry, asked):
    assert set(keys(entry)) & set(starts(asked))


@anyio
async def test_many_entries_that_begin_alike_hide_no_other(database, library):
    chief = curator(library)
    await written(
        database,
        chief,
        *(NewEntry(f"contrat {number}", f"accord {number}") for number in range(200)),
        NewEntry("congés", "vacances"),
    )
    async with database.read(chief) as session:
        question = await understood(session, "Combien de congés ?")
    assert "vacances" in [one.reason.other for one in question.expansions]


def test_a_correction_leaves_phrases_where_they_stand():
    thesaurus = Ways(ways("RTT", "réduction du temps de travail", "equivalent", "fr", "fr"))
    question = analyse("Combien de RTT chez cobaltnies ?", thesaurus)
    typed = corrected(question, [Correction("cobaltnies", "cobaltines", 0)])

    def said(one):
        words = [term.stems for term in (*one.terms, *one.others)]
        return {(words[first], words[second]) for first, second in one.pairs}

    assert said(typed) == said(question)
