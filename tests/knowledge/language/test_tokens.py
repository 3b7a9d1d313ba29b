"""What counts as a word, and that question and document agree on it."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.knowledge.language import Token, stem, tokens
from centaure.knowledge.language.tokens import _TOKEN  # pyright: ignore[reportPrivateUsage]


def stems(text: str, language: str) -> list[str]:
    return [token.stem for token in tokens(text, language) if not token.stop]


def test_a_question_without_accents_finds_the_same_stems() -> None:
    assert stems("Société générale à l'étranger", "fr") == stems(
        "societe generale a l'etranger", "fr"
    )


def test_composed_and_decomposed_letters_are_the_same() -> None:
    text = "déjà évaluée, naïveté, cœur"
    assert stems(text, "fr") == stems(unicodedata.normalize("NFD", text), "fr")


def test_ligatures_full_width_letters_and_soft_hyphens_are_folded() -> None:
    assert stems("ﬁche", "fr") == stems("fiche", "fr")
    assert stems("ＡＢＣ", "simple") == ["abc"]
    assert stems("adminis\u00adtration", "fr") == stems("administration", "fr")
    assert stems("œuvre", "fr") == stems("oeuvre", "fr")


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_an_elided_article_is_a_stop_word_apart_from_its_noun(apostrophe: str) -> None:
    assert stems(f"l{apostrophe}article qu{apostrophe}une d{apostrophe}avenant", "fr") == [
        stem("article", "fr"),
        stem("avenant", "fr"),
    ]


def test_a_possessive_is_found_by_its_noun() -> None:
    assert stems("Apple's sales", "en") == stems("apple sale", "en")


def test_plurals_and_conjugations_meet() -> None:
    assert stems("factures payées", "fr") == stems("facture payée", "fr")
    assert stems("invoices paid monthly", "en")[0] == stems("invoice", "en")[0]


def test_a_hyphenated_word_is_found_by_its_parts() -> None:
    assert stems("chef-lieu", "fr") == stems("chef lieu", "fr")


@pytest.mark.parametrize("written", ["TP-204/B", "tp-204-b", "TP204/B", "TP204B", "TP_204.B"])
def test_a_reference_is_found_however_its_separators_are_written(written: str) -> None:
    assert "tp204b" in stems(written, "fr")


def test_a_reference_is_found_by_its_parts_too() -> None:
    assert stems("TP-204/B", "fr") == ["tp", "204", "b", "tp204b"]
    assert stems("art. 12", "fr") == ["art", "12"]


@pytest.mark.parametrize(
    ("written", "language", "expected"),
    [
        ("1 250,50", "fr", "1250.50"),
        ("1\u00a0250,50", "fr", "1250.50"),
        ("1250.50", "en", "1250.50"),
        ("1,250.50", "en", "1250.50"),
        ("3,5", "fr", "3.5"),
        ("12", "simple", "12"),
    ],
)
def test_a_number_is_one_token_however_it_is_grouped(
    written: str, language: str, expected: str
) -> None:
    assert stems(written, language) == [expected]


def test_a_year_before_a_number_of_three_digits_is_not_glued_to_it() -> None:
    assert stems("en 2024 250 dossiers", "fr")[:2] == ["2024", "250"]


def test_languages_of_programmers_are_words() -> None:
    assert stems("C++ et C#", "fr") == ["c++", "c#"]


def test_offsets_give_back_the_word_as_written() -> None:
    text = "L'été, la société « Dupré » (réf. TP-204/B) — fin."
    written = [text[token.start : token.end] for token in tokens(text, "fr")]
    assert written == [
        "L", "été", "la", "société", "Dupré", "réf", "TP", "204", "B", "TP-204/B", "fin",
    ]  # fmt: skip


def test_nothing_to_read_gives_no_token() -> None:
    assert tokens("", "fr") == []
    assert tokens("  … — !? 🦄\u0000\ud800", "en") == []


def test_an_endless_run_of_letters_is_not_a_word() -> None:
    assert tokens("A" * 5000, "en") == []


def test_simple_text_has_no_stop_words() -> None:
    assert tokens("the de", "simple") == [
        Token("the", 0, 3, stop=False),
        Token("de", 4, 6, stop=False),
    ]


@given(st.text(), st.sampled_from(["fr", "en", "simple"]))
def test_any_text_gives_tokens_inside_it_in_order(text: str, language: str) -> None:
    found = tokens(text, language)
    assert all(0 <= token.start < token.end <= len(text) and token.stem for token in found)
    ends = [token.end for token in found]
    assert ends == sorted(ends)


MARKS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
LETTERS = rf"[^\W_]+ (?: [{MARKS}]+ [^\W_]* )*"
KINDS = re.compile(
    rf"""
    (?P<number> (?<!\w) \d{{1,3}} (?:[\u0020\u00a0\u2009\u202f]\d{{3}})+ (?:[.,]\d+)? (?!\w) )
  | (?P<today> [Aa]ujourd['’]hui )
  | (?P<sharp> [A-Za-z] (?:\+\+|\#) (?!\w) )
  | (?P<compound> {LETTERS} (?: [-‐‑/._] {LETTERS} | (?<=\d),(?=\d) {LETTERS} )* )
    """,
    re.VERBOSE,
)
"""What is cut, each kind described by itself."""
WRITTEN = [
    "1 250", "12 3456", "1\u00a0250,50", "1\u202f250\u202f000", "a1 250", "1 250a", "1,250.50", "3,5",
    "3,", "a,b", "a, b", "aujourd'hui", "Aujourd’hui", "aujourd'huis", "C++", "C#", "c#a", "ac++", "l'",
    "qu’", "TP-204/B", "TP_204.B", "_a_", "e\u0301", "\u0301", "\u00ad", "\u200b", "é", "ß", "²", "٣",
    "१२", "١ ٢٣٤", "œ", "-", "/", ".", ",", " ", "\n", "'", "’", "+", "#", "0", "123", "A",
]  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(WRITTEN) | st.characters(), max_size=9))
def test_what_is_cut_is_what_each_kind_describes(parts: list[str]) -> None:
    text = "".join(parts)
    expected = [(match.lastgroup, match.span()) for match in KINDS.finditer(text)]
    assert [(match.lastgroup, match.span()) for match in _TOKEN.finditer(text)] == expected
