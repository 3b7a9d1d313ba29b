"""Sentences and markers are read alike wherever a stream is cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.answering.generated import sentences as reading
from centaure.answering.generated.markers import MarkerReader, without_markers
from centaure.answering.generated.sentences import LONGEST, SentenceReader, Written
from centaure.answering.generated.thoughts import ThoughtReader
from centaure.knowledge.language.sentences import sentence_end


def read(text: str, sizes: list[int], language: str = "fr") -> list[Written]:
    """The sentences of a text that comes in pieces of these sizes, again and again."""
    reader = SentenceReader(language)
    found: list[Written] = []
    place = turn = 0
    while place < len(text):
        size = sizes[turn % len(sizes)]
        found += reader.read(text[place : place + size])
        place, turn = place + size, turn + 1
    return found + reader.end()


def told(text: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(written.text, written.cited) for written in read(text, [3])]


def test_a_marker_belongs_to_the_sentence_that_it_stands_in_or_ends() -> None:
    text = (
        "Le plafond est de 22 euros [1]. Le soir, il est de 27 euros. [2][3] Sauf [1, 4] à Paris."
    )
    assert told(text) == [
        ("Le plafond est de 22 euros.", (1,)),
        ("Le soir, il est de 27 euros.", (2, 3)),
        ("Sauf à Paris.", (1, 4)),
    ]


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[3]", (3,)),
        ("[1][2]", (1, 2)),
        ("[1, 2]", (1, 2)),
        ("[1 ; 2]", (1, 2)),
        ("[1 et 2]", (1, 2)),
        ("[2-4]", (2, 3, 4)),
        ("[passage 3]", (3,)),
        ("[passages 1, 3]", (1, 3)),
        ("【5】", (5,)),
        ("[^2]", (2,)),
        ("[1][1]", (1,)),
        ("[12", ()),
    ],
)
def test_markers_are_known_in_every_usual_form(marker: str, numbers: tuple[int, ...]) -> None:
    assert told(f"C'est ainsi {marker}.") == [("C'est ainsi.", numbers)] or marker == "[12"
    assert told(f"C'est ainsi {marker}")[0][1] == numbers


@pytest.mark.parametrize(
    "text", ["En [2024], rien.", "Voir [annexe B].", "Un [mot] ici.", "a[i] = 3."]
)
def test_other_brackets_are_words(text: str) -> None:
    assert told(text) == [(text, ())]


def test_a_marker_that_begins_a_line_belongs_to_the_line() -> None:
    assert told("Deux cas.\n[1] Le premier est simple.\n[2] Le second aussi.") == [
        ("Deux cas.", ()),
        ("Le premier est simple.", (1,)),
        ("Le second aussi.", (2,)),
    ]


def test_a_sentence_is_given_as_soon_as_the_next_has_begun() -> None:
    reader = SentenceReader("fr")
    assert reader.read("Le site ferme en août. [1]") == []
    assert reader.read(" Il rouvre en septembre") == [Written("Le site ferme en août.", (1,))]
    assert reader.end() == [Written("Il rouvre en septembre", (), whole=False)]


def test_abbreviations_and_figures_do_not_end_a_sentence() -> None:
    text = "M. Durand paie 1 200,50 euros, cf. art. 3 du règlement [1]. Ensuite, rien."
    assert [words for words, _ in told(text)] == [
        "M. Durand paie 1 200,50 euros, cf. art. 3 du règlement.",
        "Ensuite, rien.",
    ]


def test_a_text_without_any_end_is_cut() -> None:
    found = read("mot " * 2_000, [50])
    assert len(found) >= 4
    assert max(len(written.text) for written in found) <= LONGEST


PIECES = st.lists(
    st.sampled_from(
        [
            "Le plafond est de 22 euros", "M. Durand", "art. 3", " ", "  ", ".", "?", " !", "…", "\n", "\n\n",
            "- ", "1. ", "[", "]", "[1]", "[2, 3]", "[12", "[a]", "【4】", "« oui »", "2,5", "É", "été", ":",
            "| ", "**", "\N{NO-BREAK SPACE}", "(p. 3)", "etc.",
        ]
    ),
    max_size=60,
)  # fmt: skip


@given(PIECES, st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_where_a_stream_is_cut_changes_nothing(parts: list[str], sizes: list[int]) -> None:
    text = "".join(parts)
    assert read(text, sizes) == read(text, [len(text) + 1])


@given(PIECES)
def test_no_word_is_lost_and_no_marker_stays(parts: list[str]) -> None:
    text = "".join(parts)
    markers = MarkerReader()
    words = "".join(said for said in [*markers.read(text), *markers.end()] if isinstance(said, str))
    assert without_markers(words).count("[1]") == 0
    for word in ("plafond", "Durand", "été", "oui"):
        assert sum(each.text.count(word) for each in read(text, [7])) == text.count(word)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<think>Let me see [1]. Yes.</think>\n\nOui. [1]", "\n\nOui. [1]"),
        ("\n<think>a</think>b", "b"),
        ("<think>never ends", ""),
        ("<thin", "<thin"),
        ("Un <think> au milieu</think>.", "Un <think> au milieu</think>."),
        ("", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_thoughts_are_no_part_of_an_answer(text: str, answer: str, size: int) -> None:
    reader = ThoughtReader()
    read = [reader.read(text[place : place + size]) for place in range(0, len(text), size)]
    assert "".join([*read, reader.end()]) == answer


@pytest.mark.parametrize("text", ["M. ", "a. ", "1. ", ".) ", "\n", " ", "p. ex. "])
def test_each_end_is_judged_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def counted(seen: str, start: int, mark: re.Match[str], language: str) -> int | None:
        judged.append(len(seen))
        return sentence_end(seen, start, mark, language)

    monkeypatch.setattr(reading, "sentence_end", counted)
    whole = (text * 4_000)[:4_000]
    read(whole, [7])
    assert len(judged) <= len(whole)
    assert max(judged, default=0) <= LONGEST + 20


def test_a_sentence_that_ends_with_a_spaced_quote_is_given_at_once() -> None:
    reader = SentenceReader("fr")
    assert reader.read("Il dit : « Oui. » Puis il part sans") == [Written("Il dit : « Oui. »", ())]
