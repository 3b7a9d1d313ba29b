"""What a question asks for, and what an elliptic one means."""

import pytest

from centaure.answering.answers import Turn
from centaure.answering.followups import complete
from centaure.answering.questions import MOST_TERMS, analyse, question_language
from centaure.answering.values import Kind, expected_kind, holds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Combien de jours de congé ?", Kind.NUMBER),
        ("Quel est le plafond d'un repas ?", Kind.NUMBER),
        ("How many days of leave?", Kind.NUMBER),
        ("What is the maximum price?", Kind.NUMBER),
        ("Quand ferme le site ?", Kind.DATE),
        ("À quelle date est versée la prime ?", Kind.DATE),
        ("What date does the contract end?", Kind.DATE),
        ("Qui valide les notes de frais ?", None),
        ("Comment consigner une machine ?", None),
    ],
)
def test_the_kind_of_value_that_is_asked_for_is_told(question: str, kind: Kind | None) -> None:
    assert expected_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        (Kind.NUMBER, "Le plafond est de 25 euros.", True),
        (Kind.NUMBER, "Deux devis suffisent.", True),
        (Kind.NUMBER, "Le plafond est fixé par la direction.", False),
        (Kind.DATE, "Le site ferme le 24 décembre.", True),
        (Kind.DATE, "It closes on Monday.", True),
        (Kind.DATE, "Le site ferme.", False),
    ],
)
def test_a_value_is_seen_in_a_sentence(kind: Kind, text: str, *, held: bool) -> None:
    assert holds(kind, text, frozenset()) is held


def test_a_number_of_the_question_is_no_answer() -> None:
    assert not holds(Kind.NUMBER, "Un achat de 8000 euros.", frozenset({"8000"}))


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Quel est le plafond ?", "fr"),
        ("What is the limit?", "en"),
        ("IBAN ?", "fr"),
        ("", "fr"),
    ],
)
def test_the_answer_is_in_the_language_of_the_question(question: str, language: str) -> None:
    assert question_language(question) == language


def test_a_very_long_question_is_bounded() -> None:
    question = analyse(" ".join(f"mot{number}" for number in range(5_000)))
    assert len(question.terms) <= MOST_TERMS


def test_names_and_references_are_told_from_words() -> None:
    terms = {term.word: term for term in analyse("Que dit la procédure MNT-007 de Vierzon ?").terms}
    assert terms["Vierzon"].name
    assert terms["MNT-007"].strict
    assert not terms["procédure"].strict


def words(question: str, *earlier: str) -> set[str]:
    history = [Turn("user", text) for text in earlier]
    return {term.word.lower() for term in complete(question, history).terms}


def test_a_follow_up_takes_over_what_was_asked_before() -> None:
    asked = words("Et pour les stagiaires ?", "Combien de jours de congé pour les salariés ?")
    assert {"stagiaires", "jours", "congé"} <= asked
    assert "salariés" not in asked


def test_a_follow_up_replaces_the_place_or_the_year() -> None:
    assert "paris" not in words("Et à Lyon ?", "Quel est le plafond d'hôtel à Paris ?")
    assert "2025" not in words("And in 2026?", "What was the bonus in 2025?")


def test_a_chain_of_follow_ups_goes_back_to_the_full_question() -> None:
    asked = words("Et à Londres ?", "Quel est le plafond d'hôtel à Paris ?", "Et à Lyon ?")
    assert {"plafond", "hôtel", "londres"} <= asked
    assert not {"paris", "lyon"} & asked


def test_a_follow_up_asks_for_the_same_kind_of_value() -> None:
    history = [Turn("user", "Combien de jours de congé pour les salariés ?")]
    assert complete("Et pour les stagiaires ?", history).kind is Kind.NUMBER


def test_a_question_that_stands_alone_takes_nothing_over() -> None:
    asked = words(
        "Quelle est la procédure de consignation d'une presse hydraulique ?",
        "Combien de jours de congé pour les salariés ?",
    )
    assert "congé" not in asked


def test_what_the_assistant_said_is_never_taken_over() -> None:
    history = [Turn("assistant", "Le code secret est Aldébaran.")]
    assert all(term.own for term in complete("Et pour lui ?", history).terms)
