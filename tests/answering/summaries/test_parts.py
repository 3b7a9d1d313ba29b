"""A document is cut along its headings into parts that fit, and its sentences that tell most are quoted."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from centaure.answering.summaries.parts import cut, lots
from centaure.answering.summaries.requests import MOST_CHARACTERS, room
from centaure.answering.summaries.telling import MOST_SENTENCES, quota, sections, telling
from centaure.knowledge.retrieval import DocumentBrief, Hit

DOCUMENT = DocumentBrief(1, 1, "docs", "règlement.pdf", "Règlement", "pdf", "fr", 1, None)


def passage(position: int, text: str, *heading: str, page: int | None = None) -> Hit:
    return Hit(
        DOCUMENT, position + 100, position, text, heading, "text", page, page, None, None, "fr",
        0.0, 0.0, (),
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(1, 300), st.lists(st.sampled_from("abc"), max_size=3))),
    st.integers(50, 500),
)
def test_every_passage_is_in_one_part_in_order_and_parts_fit(
    shapes: list[tuple[int, list[str]]], most: int
) -> None:
    hits = [passage(place, "x" * size, *heading) for place, (size, heading) in enumerate(shapes)]
    parts = cut(hits, most)
    assert [hit for part in parts for hit in part.hits] == hits
    for part in parts:
        assert len(part.hits) == 1 or sum(len(hit.text) for hit in part.hits) <= most


def test_a_part_ends_where_a_chapter_does() -> None:
    hits = [
        passage(0, "x" * 300, "One", "a", page=1),
        passage(1, "x" * 300, "One", "b", page=2),
        passage(2, "x" * 200, "Two", "a", page=3),
        passage(3, "x" * 100, "Two", "b", page=3),
        passage(4, "x" * 300, "Two", "b", page=4),
    ]
    first, second = cut(hits, 1_000)
    assert [hit.position for hit in first.hits] == [0, 1]
    assert (first.place.heading, first.place.page_first, first.place.page_last) == ("One", 1, 2)
    assert second.place.heading == "Two"


def test_a_part_of_two_chapters_names_both() -> None:
    (part,) = cut([passage(0, "x", "One"), passage(1, "x", "Two")], 100)
    assert part.place.heading == "One – Two"
    assert part.place.page_first is None


@given(st.lists(st.integers(1, 100)), st.integers(1, 300))
def test_lots_take_everything_in_order_and_become_fewer(sizes: list[int], most: int) -> None:
    cut_up = list(lots(sizes, most))
    assert [size for lot in cut_up for size in sizes[lot]] == sizes
    assert len(cut_up) <= -(-len(sizes) // 2)


def test_what_is_read_at_once_fits_the_model() -> None:
    assert room(None) == room(128_000) == MOST_CHARACTERS
    assert 2_000 <= room(4_096) < 4_096 * 3
    assert room(1_000) == 2_000


SENTENCE = "Le directeur de l'agence numéro {} signe chaque contrat de maintenance avant le départ."


def test_the_most_telling_sentences_are_quoted_with_their_pages() -> None:
    filler = "Il convient de le faire ainsi que cela a été dit ci-avant."
    told = "Le plafond de remboursement d'un repas de mission est fixé à 22 euros."
    text = f"{filler} {filler} {told} {filler} {filler} {filler} {filler} {filler}"
    (part,) = sections([passage(0, text, page=7)])
    quoted, stems = telling(part, 1, frozenset(), {})
    assert [one.text for one in quoted] == [told]
    assert quoted[0].pages == (7,)
    assert quoted[0].citations[0].quote == told
    assert quoted[0].support is None
    assert "rembours" in str(sorted(stems))


def test_a_sentence_is_not_quoted_twice() -> None:
    told = "Le plafond de remboursement d'un repas de mission est fixé à 22 euros."
    other = "La voiture de service se réserve auprès du secrétariat trois jours avant."
    rest = "Il convient de le faire ainsi que cela a été dit ci-avant."
    text = f"{told} {told} {other} {rest} {told} {rest} {rest} {rest} {rest}"
    (part,) = sections([passage(0, text)])
    quoted, _ = telling(part, 2, frozenset(), {})
    assert {one.text for one in quoted} == {told, other}


def test_a_document_of_three_hundred_pages_stays_short_and_is_covered() -> None:
    hits = [
        passage(
            page,
            " ".join(SENTENCE.format(f"{page}{number}") for number in range(20)),
            f"Chapter {page // 15}",
            page=page + 1,
        )
        for page in range(300)
    ]
    parts = sections(hits)
    quoted = [one for part in parts for one in telling(part, quota(len(parts)), frozenset(), {})[0]]
    assert 10 <= len(quoted) <= MOST_SENTENCES
    pages = [one.pages[0] for one in quoted]
    assert pages == sorted(pages)
    assert pages[0] <= 30
    assert pages[-1] >= 250


def test_a_part_without_sentences_shows_where_it_begins() -> None:
    table = replace(passage(0, "a | b\n--- | ---\n1 | 2", page=3), kind="table")
    (part,) = sections([table])
    quoted, _ = telling(part, 2, frozenset(), {})
    assert len(quoted) == 1
    assert quoted[0].pages == (3,)
