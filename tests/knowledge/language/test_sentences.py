"""Sentences of French and English text, with their offsets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.knowledge.language.sentences import sentences


def cut(text: str, language: str = "fr") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ["M. Dupont a vu Mme Martin.", "Il est parti, cf. art. 12.", "Vraiment ?", "Oui…"]),
        ("fr", ["Le taux est de 3.5 %.", "Il vaut 1.250,00 €.", "Voir p. ex. la page 3."]),
        ("fr", ["Badges, clés, etc. sont rendus.", "Et les cartes, etc.", "Rien d'autre."]),
        ("fr", ["« C'est dit. »", "Il partit.", "Il a dit : « Viens ! » et partit."]),
        ("fr", ["L'article L. 1234-5 du code.", "Le n° 6, cf. p. 12.", "Il mesure 5 mm.", "Bien."]),
        ("en", ["The U.S. economy grew.", "Apple Inc. sold 3.5 million, e.g. phones."]),
        ("en", ["Dr. Smith left at 5 p.m.", "He slept.", "J. Doe vs. K. Roe.", "Ask me.", "Now."]),
        ("en", ['He said "no."', "Then (see Fig. 3) he left.", "The answer is no.", "Why?"]),
        ("simple", ["Mme Martin et Mr. Smith.", "Ok."]),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(language: str, expected: list[str]) -> None:
    assert cut(" ".join(expected), language) == expected


def test_lists_rows_and_blank_lines_separate() -> None:
    text = (
        "Pièces :\n- la demande\n- le reçu\n1. Un\n2. Deux\n\nVille | Plafond\nParis | 110 €\nFin"
    )
    assert cut(text) == [
        "Pièces :",
        "- la demande",
        "- le reçu",
        "1. Un",
        "2. Deux",
        "Ville | Plafond",
        "Paris | 110 €",
        "Fin",
    ]


def test_a_wrapped_line_goes_on() -> None:
    assert cut("Un texte qui\ncontinue ici.\nUn autre.") == [
        "Un texte qui\ncontinue ici.",
        "Un autre.",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("." * 300_000 + "x", 1),
        ("a" + " " * 300_000 + "x", 1),
        ("a »" * 100_000, 1),
        (" " * 50_000 + "M. " * 16_000, 1),
        ("Oui. " * 60_000, 60_000),
    ],
)
def test_a_hostile_text_is_read_once(text: str, number: int) -> None:
    """Reading one of these again from each of its characters would take hours."""
    assert len(sentences(text, "fr")) == number


@settings(deadline=None)  # a shared machine has pauses of its own
@given(
    st.lists(
        st.sampled_from(
            [
                "M.",
                "art.",
                "etc.",
                "…",
                "?",
                "a",
                "B",
                "12",
                "«",
                "»",
                "\n",
                "\n\n",
                "- ",
                " | ",
                "5.",
            ]
        )
        | st.text(max_size=5)
    ).map(" ".join),
    st.sampled_from(["fr", "en", "simple"]),
)
def test_every_character_is_in_exactly_one_sentence(text: str, language: str) -> None:
    found = sentences(text, language)
    place = 0
    for start, end in found:
        assert start < end
        assert not text[place:start].strip()
        assert text[start:end] == text[start:end].strip()
        place = end
    assert not text[place:].strip()
