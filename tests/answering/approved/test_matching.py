"""Which questions ask for an approved answer, and which only sound like it."""

from datetime import date

import pytest

from centaure.answering.approved.contradictions import Recorded, against
from centaure.answering.approved.matching import fitting
from centaure.answering.approved.pairs import Likely, Pair
from centaure.answering.questions import analyse

DAY = date(2026, 1, 1)


def pair(question: str, answer: str = "Oui.", *phrasings: str, number: int = 1) -> Pair:
    language = analyse(question).language
    return Pair(
        number, "", question, phrasings, answer, language, "", 1, (1,), None, DAY, None, DAY
    )


def likely(*pairs: Pair) -> list[Likely]:
    return [Likely(one, wording) for one in pairs for wording in one.wordings]


PAIRS = (
    pair("Combien de jours de télétravail par semaine ?"),
    pair("Qui valide les notes de frais ?"),
    pair("Peut-on reporter ses congés payés à l'année suivante ?"),
    pair("Comment obtenir un remboursement de la mutuelle ?"),
    pair("What is the notice period in the event of resignation?"),
    pair("Quel est le plafond de la procédure TP-204 ?"),
)


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("Combien de jours de télétravail par semaine ?", 0),
        ("combien de jours de teletravail a-t-on par semaine", 0),
        ("Par semaine, combien de jours de télétravail ?", 0),
        ("Qui est-ce qui valide les notes de frais ?", 1),
        ("Est-ce que l'on peut reporter ses congés payés à l'année suivante ?", 2),
        ("Comment obtenir le remboursement de sa mutuelle ?", 3),
        ("what is the notice period, in the event of a resignation", 4),
        ("Quel plafond pour la procédure TP-204 ?", 5),
    ],
)
def test_the_same_question_in_other_words_is_given_the_answer(asked: str, place: int) -> None:
    assert fitting(analyse(asked), likely(*PAIRS)) == PAIRS[place]


@pytest.mark.parametrize(
    "asked",
    [
        "Combien de jours de congés par semaine ?",
        "Combien de jours de télétravail par mois ?",
        "Quand le télétravail commence-t-il ?",
        "Quel jour de la semaine sans télétravail ?",
        "Comment valide-t-on les notes de frais ?",
        "Qui ne valide pas les notes de frais ?",
        "Qui valide les notes de frais de Martin ?",
        "Peut-on reporter ses congés payés à l'année 2019 ?",
        "Pourquoi obtenir un remboursement de la mutuelle ?",
        "What is the notice period in the event of dismissal for misconduct?",
        "Quel est le plafond de la procédure TP-205 ?",
        "Bonjour",
        "",
    ],
)
def test_another_question_is_not(asked: str) -> None:
    assert fitting(analyse(asked), likely(*PAIRS)) is None


def test_of_answers_to_one_question_the_first_that_was_approved_stands() -> None:
    first, same, other = (
        pair("Qui valide les notes de frais ?", said, number=number)
        for number, said in enumerate(("Le responsable.", "Le responsable.", "La paie."), 1)
    )
    asked = analyse("Qui valide les notes de frais ?")
    assert fitting(asked, likely(same, first)) == first
    assert fitting(asked, likely(other, first)) == first
    assert fitting(asked, []) is None


def test_a_question_that_two_others_fit_as_well_is_given_neither_answer() -> None:
    paid, unpaid = (
        pair(f"Qui valide les notes de frais {kind} ?", kind, number=number)
        for number, kind in enumerate(("de mission", "de voyage"))
    )
    asked = analyse("Qui valide les notes de frais ?")
    assert fitting(asked, likely(paid)) == paid
    assert fitting(asked, likely(paid, unpaid)) is None


def test_what_a_model_said_otherwise_is_told_and_what_it_added_is_not() -> None:
    approved = pair(
        "Combien de jours de télétravail par semaine ?",
        "Le télétravail est limité à deux jours par semaine.",
    )
    said = "Le télétravail est limité à quatre jours par semaine."
    found = against(Recorded(7, 3, approved.question, said), approved)
    assert [(one.turn, one.conversation, one.pair, one.sentence) for one in found] == [
        (7, 3, 1, said)
    ]
    for fine in (approved.answer, "La cantine ferme à midi."):
        assert against(Recorded(7, 3, approved.question, fine), approved) == []
