"""A short question is enough to know its language."""

import pytest

from centaure.knowledge.language import detect_language


@pytest.mark.parametrize(
    "question",
    [
        "Quel est le montant remboursé ?",
        "Combien de jours de congés ?",
        "Qui valide une note de frais",
        "Durée de la période d'essai",
        "conges payes et maladie ordinaire",
        "Où trouver le contrat Dupré ?",
    ],
)
def test_a_french_question_is_french(question: str) -> None:
    assert detect_language(question) == "fr"


@pytest.mark.parametrize(
    "question",
    [
        "What is the refund amount?",
        "How many days of leave?",
        "Who approves an expense report",
        "Length of the trial period",
        "Where is the Dupré contract?",
        "maintenance schedule of the press",
    ],
)
def test_an_english_question_is_english(question: str) -> None:
    assert detect_language(question) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 345,00 2024-03-12",
        "🦄 🦄",
        "Der Vertrag wurde von beiden Parteien unterschrieben und gilt ab sofort für alle Kunden",
        "Договор подписан",
    ],
)
def test_what_is_neither_french_nor_english_is_simple(text: str) -> None:
    assert detect_language(text) == "simple"
