"""Figures that follow from those of the passage are borne out, others are not."""

import pytest

from centaure.answering.groundedness import Passage
from centaure.answering.groundedness.checking import prepare

OUTAGE = "At 06:40 the gateway failed on 9 October. Service was restored at 09:20. Calls fell from 120 to 60."
SHIFT = (
    "La mission va du 1er mars au 31 août. Le compte est vérifié chaque mois. "
    "Le retard est de deux semaines."
)


def wrong(source: str, said: str) -> float:
    """How far the figures and dates of a sentence are found wrong."""
    found = prepare(said, [Passage("p", source)])[0].evidence
    assert found is not None
    names = ("number wrong", "number elsewhere", "number narrowed", "date wrong")
    return max(found.values[name] for name in names)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (OUTAGE, "It took two hours and forty minutes to restore service."),
        (OUTAGE, "Calls fell by half."),
        (SHIFT, "La mission dure six mois."),
        (SHIFT, "Le compte est vérifié douze fois par an."),
        (SHIFT, "Le retard est de quinze jours."),
        ("The fund holds 612,480 euros.", "The fund holds a little over 612,000 euros."),
        ("La dette est de 9,8 M€.", "La dette est sous les 10 M€."),
        ("Le site a 64 places.", "Le site compte une soixantaine de places."),
        ("La pause dure 45 minutes.", "La pause dure trois quarts d'heure."),
        ("La cantine ouvre à 7 h 45.", "La cantine ouvre à huit heures moins le quart."),
        ("Le stage dure 18 mois.", "Le stage dure un an et demi."),
        ("Residents on a low income pay half.", "Residents on a low income get a 50% reduction."),
        ("The first bin costs £54, each other one £38.", "A pair of bins costs £92."),
        ("The fund returned 38.6%, its index 41.2%.", "The fund lagged by 2.6 percentage points."),
        (
            "La licence coûte 14 880 € pour 60 utilisateurs.",
            "La licence coûte 248 € par utilisateur.",
        ),
        (
            "Le prix est de 48 900 € ; la subvention, 30 %.",
            "Subvention déduite, le prix est de 34 230 €.",
        ),
        ("An agent may credit $15, a team lead $60.", "A team lead may credit four times as much."),
        ("Online sales were 31% of the total.", "Almost a third of the total was sold online."),
    ],
)
def test_what_follows_is_borne_out(source: str, said: str) -> None:
    assert wrong(source, said) < 0.3


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (OUTAGE, "It took three hours and forty minutes to restore service."),
        (SHIFT, "La mission dure huit mois."),
        (SHIFT, "Le compte est vérifié quatre fois par an."),
        ("La dette est de 9,8 M€.", "La dette est sous les 9 M€."),
        ("Le site a 64 places.", "Le site compte une centaine de places."),
        ("At least two thirds must be sown.", "No more than two thirds must be sown."),
        ("Le report va du 11 au 13 juin.", "Le report va du 11 au 13 juillet."),
        ("The shop opens in spring 2024.", "The shop opens in autumn 2024."),
        (
            "Un agent ne peut faire plus de deux gardes.",
            "Un agent peut faire plus de trois gardes.",
        ),
    ],
)
def test_what_does_not_is_found_wrong(source: str, said: str) -> None:
    assert wrong(source, said) >= 0.5
