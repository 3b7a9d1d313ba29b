"""Neighbouring passages of one result are shown as one, and nothing is lost or moved by it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.knowledge.retrieval import (
    DocumentBrief,
    Hit,
    SearchFilters,
    SearchResult,
    analyse,
    search,
)
from centaure.knowledge.retrieval.explanation import HitExplained
from centaure.knowledge.retrieval.merging import MOST_PARTS, MOST_WORDS, SPARE, merged
from centaure.knowledge.retrieval.schemas import Hit as HitRead

QUESTION = analyse("congés payés")


def hit(position, text="Les congés payés.", document=1, **changed):
    brief = DocumentBrief(document, 1, "docs", f"{document}.txt", "", "text", "fr", 1, None)
    marks = tuple(match.span() for match in re.finditer("congés|payés", text))
    made = Hit(
        document=brief, chunk_id=document * 1000 + position, position=position, text=text,
        heading_path=("Droits",), kind="text", page_first=position + 1, page_last=position + 1,
        sheet=None, cells=None, language="fr", score=1.0, coverage=0.5, highlights=marks,
        stems=frozenset(stem for stem in QUESTION.stems() if stem[:3] in text), found_by=("words",),
    )  # fmt: skip
    return replace(made, **changed)


def shown(*hits, limit=10):
    return merged(SearchResult(QUESTION, hits, 1.0), limit).hits


def places(hits):
    return [(one.document.id, one.position, [part.chunk_id for part in one.parts]) for one in hits]


def marked(one):
    return [one.text[start:end] for start, end in one.highlights]


def test_two_neighbours_are_one_at_the_place_of_the_better():
    first = hit(4, "Les congés durent un mois.", score=2.0)
    other = hit(9, "Autre chose.", document=2)
    second = hit(3, "Ils sont payés.", score=1.0, found_by=("meaning",), page_last=5)
    one, rest = shown(first, other, second)
    assert (one.chunk_id, one.score, one.position) == (first.chunk_id, 2.0, 4)
    assert one.text == "Ils sont payés.\n\nLes congés durent un mois."
    assert [one.text[part.start : part.end] for part in one.parts] == [second.text, first.text]
    assert [part.chunk_id for part in one.parts] == [second.chunk_id, first.chunk_id]
    assert marked(one) == ["payés", "congés"]
    assert (one.page_first, one.page_last) == (4, 5)
    assert one.found_by == ("words", "meaning")
    assert one.coverage == pytest.approx(1)
    assert HitExplained.of(one).merged == [1003, 1004]
    assert [part.chunk_id for part in HitRead.of(one).parts] == [1003, 1004]
    assert rest == other


@pytest.mark.parametrize(
    "changed",
    [
        {"heading_path": ("Devoirs",)},
        {"sheet": "Feuille 2"},
        {"position": 6},
        {"document": replace(hit(0).document, id=2)},
        {"text": "mot " * (MOST_WORDS - 2)},
    ],
)
def test_what_does_not_follow_stays_apart(changed):
    assert len(shown(hit(4), hit(5))) == 1
    assert len(shown(hit(4), replace(hit(5), **changed))) == 2


def test_at_most_three_are_one_and_the_best_neighbour_comes_first():
    found = shown(hit(5), hit(3), hit(6), hit(4), hit(7))
    assert places(found) == [(1, 5, [1004, 1005, 1006]), (1, 3, []), (1, 7, [])]


def test_the_places_that_are_freed_are_filled():
    hits = [*(hit(place) for place in range(3)), *(hit(0, document=each) for each in range(2, 9))]
    found = shown(*hits, limit=5)
    assert [one.document.id for one in found] == [1, 2, 3, 4, 5]
    assert shown(limit=5) == ()


def test_the_header_of_a_table_is_not_said_again():
    header = "congés | jours\n--- | ---\n"
    first = hit(1, f"{header}payés | 25\nsans solde | 5", kind="table", cells="A1:B3")
    second = hit(2, f"{header}payés à Lyon | 27", kind="table", cells="A4:B4")
    (one,) = shown(second, first)
    assert one.text == f"{first.text}\npayés à Lyon | 27"
    assert marked(one) == ["congés", "payés", "payés"]
    assert (one.cells, one.kind) == ("A1:B4", "table")
    other = replace(second, text="lieu | jours\n--- | ---\nLyon | 27", highlights=())
    assert shown(first, other)[0].text == f"{first.text}\n\n{other.text}"


@given(
    found=st.lists(
        st.tuples(
            st.integers(1, 2),
            st.integers(0, 6),
            st.sampled_from(("congés payés", "Ils sont payés", "rien")),
            st.sampled_from((("Droits",), ("Devoirs",))),
        ),
        unique_by=lambda one: one[:2],
        max_size=14,
    ),
    limit=st.integers(1, 14),
)
def test_nothing_is_lost_or_moved(found, limit):
    hits = [hit(place, text, document, heading_path=path) for document, place, text, path in found]
    result = shown(*hits, limit=limit)
    by_chunk = {one.chunk_id: one for one in hits}
    ranks = [hits.index(by_chunk[one.chunk_id]) for one in result]
    assert ranks == sorted(ranks)
    held = [part.chunk_id for one in result for part in one.parts] + [
        one.chunk_id for one in result if not one.parts
    ]
    assert len(held) == len(set(held))
    if limit >= len(hits):
        assert set(held) == set(by_chunk)
    assert len(result) <= limit
    for one in result:
        assert len(one.parts) <= MOST_PARTS
        for part in one.parts:
            assert one.text[part.start : part.end] == by_chunk[part.chunk_id].text
        members = [by_chunk[part.chunk_id] for part in one.parts] or [by_chunk[one.chunk_id]]
        assert marked(one) == [word for member in members for word in marked(member)]
        assert [member.position for member in members] == list(
            range(members[0].position, members[0].position + len(members))
        )


@pytest.mark.anyio
async def test_a_search_merges_what_it_found(database, library):
    alice = library.user("alice")
    library.document(
        "a.txt", ["Les congés payés sont de 25 jours.", "Les congés payés se posent."], [1]
    )
    library.document("b.txt", ["Autre chose, sans congés."], [1])
    async with database.read(alice) as session:
        found = await search(session, "congés payés", SearchFilters(), 2 + SPARE)
    assert len(found.hits) == 3
    one, other = merged(found, 2).hits
    assert one.text == "Les congés payés sont de 25 jours.\n\nLes congés payés se posent."
    assert other.document.path == "b.txt"
