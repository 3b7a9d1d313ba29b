"""A small word counts through the words that it bears on."""

import pytest

from centaure.answering.groundedness import Passage
from centaure.answering.groundedness.checking import prepare


def values(source: str, said: str) -> dict[str, float]:
    """The features of one sentence against one passage."""
    found = prepare(said, [Passage("p", source)])[0].evidence
    assert found is not None
    return found.values


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Les chiens, même tenus en laisse, ne sont pas admis.", "Les chiens sont admis."),
        ("Parking fines are never refunded.", "Parking fines are refunded."),
        ("L'éclairage est compris, la signalétique non.", "La signalétique est comprise."),
        ("The printer on floor 2 is out of use.", "The printer on floor 2 remains in use."),
    ],
)
def test_a_word_that_only_one_of_them_denies_counts(source: str, said: str) -> None:
    assert values(source, said)["denied"] >= 0.5


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Les chiens ne sont pas admis. Les vélos sont admis.", "Les vélos sont admis."),
        ("Visitors may not smoke. Visitors may take photographs.", "Visitors may take photographs."),
        ("Smoking is not allowed.", "Smoking is forbidden."),
        ("L'usage est interdit.", "L'usage n'est pas autorisé."),
        ("Sans réponse, la demande est acceptée.", "S'il n'est pas répondu, la demande est acceptée."),
    ],
)  # fmt: skip
def test_what_both_deny_or_what_is_denied_elsewhere_does_not(source: str, said: str) -> None:
    found = values(source, said)
    assert found["denied"] < 0.5
    assert found["opposed"] == 0


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Managers must attend the course.", "Managers may attend the course."),
        ("The shop could open in May.", "The shop will open in May."),
        ("Le badge doit être rendu.", "Le badge peut être rendu."),
        ("La boutique pourrait ouvrir au printemps.", "La boutique ouvrira au printemps."),
    ],
)
def test_another_modal_verb_on_the_same_word_counts(source: str, said: str) -> None:
    assert values(source, said)["modality here"] >= 0.5


def test_an_obligation_said_as_a_plain_fact_does_not() -> None:
    assert values("Le badge doit être rendu.", "Le badge est à rendre.")["modality here"] < 0.2


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Some gateways had expired certificates.", "All gateways had expired certificates."),
        (
            "Certains ateliers affichent les résultats.",
            "Tous les ateliers affichent les résultats.",
        ),
        ("Three of the villages have a school.", "Most villages have a school."),
    ],
)
def test_another_quantifier_on_the_same_word_counts(source: str, said: str) -> None:
    assert values(source, said)["quantity here"] >= 0.3


def test_in_any_case_counts_against_a_condition() -> None:
    source = "Personal devices are allowed if the disk is encrypted."
    assert values(source, "Personal devices are allowed, whatever the disk.")["unconditional"] == 1
    assert values(source, "Personal devices are allowed if encrypted.")["unconditional"] == 0


def test_what_stands_in_the_place_of_another_word_of_the_passage_counts() -> None:
    source = "Visitors wear an orange badge. Contractors wear a green badge."
    wrong = values(source, "Contractors wear an orange badge.")
    right = values(source, "Contractors wear a green badge.")
    assert wrong["exchanged"] > right["exchanged"] == 0


def test_a_figure_bound_to_the_words_of_another_counts() -> None:
    source = (
        "Le forfait est de 320 € pour des verres complexes et de 180 € pour des verres simples."
    )
    wrong = values(source, "Le forfait pour verres simples est de 320 €.")
    right = values(source, "Le forfait pour verres simples est de 180 €.")
    assert wrong["misbound"] > 0.3 > right["misbound"]
