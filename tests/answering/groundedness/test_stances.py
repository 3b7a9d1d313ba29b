"""On which side of a question a text stands."""

import pytest
from tests.answering.groundedness.test_operators import values

from centaure.answering.groundedness.stances import sides


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "La proposition d'augmenter le capital est repoussée.",
            "L'augmentation du capital a été acceptée.",
        ),
        ("Boire est toléré dans la salle.", "Il est défendu de boire dans la salle."),
        (
            "The surcharge applies: parking is charged at weekends.",
            "Parking at weekends is free of charge.",
        ),
        (
            "The fund turned down the resolution on fees.",
            "The fund supports the resolution on fees.",
        ),
    ],
)
def test_the_other_side_counts(source: str, said: str) -> None:
    assert values(source, said)["stance"] >= 0.6


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("The request was not rejected by the board.", "The board accepted the request."),
        (
            "Le stationnement n'est pas autorisé dans la cour.",
            "Il est interdit de stationner dans la cour.",
        ),
        ("Le pain reste gratuit.", "Le pain n'est pas payant."),
    ],
)
def test_a_denied_word_stands_on_the_other_side(source: str, said: str) -> None:
    assert values(source, said)["stance"] == 0


def test_a_negation_in_another_clause_turns_nothing() -> None:
    assert sides("Not on Sundays, but visits are allowed.")["allow"] == {True: "allowed"}
