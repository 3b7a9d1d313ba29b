"""Numbers and units as people write them."""

import pytest

from centaure.answering.groundedness.comparison import bears_quantity
from centaure.answering.groundedness.measures import DAY, HOUR, MINUTE, MONTH, YEAR
from centaure.answering.groundedness.quantities import quantities


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("fr", "2,5 M€", 2_500_000, "euro"),
        ("fr", "2 480 000 €", 2_480_000, "euro"),
        ("fr", "deux cent cinquante mille euros", 250_000, "euro"),
        ("fr", "3 millions et demi d'euros", 3_500_000, "euro"),
        ("en", "$1,250.50", 1_250.5, "dollar"),
        ("en", "$5m", 5_000_000, "dollar"),
        ("en", "two and a half million euros", 2_500_000, "euro"),
        ("fr", "1,5 km", 1_500, "length"),
        ("fr", "1 500 m", 1_500, "length"),
        ("fr", "90 min", 90 * MINUTE, "time"),
        ("fr", "1 h 30", 90 * MINUTE, "time"),
        ("fr", "14h30", 14.5 * HOUR, "time"),
        ("en", "2:30 pm", 14.5 * HOUR, "time"),
        ("fr", "trois quarts d'heure", 45 * MINUTE, "time"),
        ("fr", "quatre-vingt-dix-sept jours", 97 * DAY, "time"),
        ("fr", "soixante et onze jours", 71 * DAY, "time"),
        ("en", "thirty-day", 30 * DAY, "time"),
        ("en", "30-day notice", 30 * DAY, "time"),
        ("fr", "deux ans et 6 mois", 2 * YEAR + 6 * MONTH, "time"),
        ("fr", "15 pour cent", 15, "%"),
        ("fr", "la moitié", 50, "%"),
        ("en", "3 percentage points", 3, "point"),
        ("fr", "2e étage", 2, "ordinal"),
        ("en", "twice", 2, "times"),
        ("en", "1,500 people", 1_500, ""),
        ("en", "CHF 128m", 128_000_000, "franc"),
        ("en", "valid for a year", YEAR, "time"),
        ("en", "two dozen seals", 24, ""),
        ("en", "14.31 Launched", 14 * HOUR + 31 * MINUTE, "time"),
        ("en", "6.30 am", 6.5 * HOUR, "time"),
        ("en", "12.6 cents", 0.126, "dollar"),
        ("en", "1,412 megawatt-hours", 1_412_000_000, "energy"),
        ("en", "nine in ten", 90, "%"),
        ("en", "half as expensive", 50, "%"),
        ("fr", "deux douzaines", 24, ""),
        ("fr", "six kilomètres à l'heure", 6, "speed"),
        ("fr", "l'avant-veille", 2 * DAY, "time"),
    ],
)
def test_a_number_is_read_with_its_unit(language: str, text: str, value: float, unit: str) -> None:
    found = quantities(text, language)
    assert len(found) == 1
    assert found[0].low == pytest.approx(value)
    assert found[0].high == pytest.approx(value)
    assert found[0].unit == unit


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("entre 5 et 10 jours", 5 * DAY, 10 * DAY),
        ("5-10 km", 5_000, 10_000),
        ("de 5 à 10 %", 5, 10),
    ],
)
def test_a_range_is_one_quantity(text: str, low: float, high: float) -> None:
    found = quantities(text, "fr")
    assert [(each.low, each.high) for each in found] == [(low, high)]


@pytest.mark.parametrize(
    ("language", "text", "bound"),
    [
        ("fr", "au moins 30 salariés", ">="),
        ("fr", "plus de 30 salariés", ">="),
        ("fr", "ne dépasse pas 30 jours", "<="),
        ("fr", "ne peut excéder 10 %", "<="),
        ("en", "no more than 3 times", "<="),
        ("en", "within 48 hours", "<="),
        ("en", "at least five days", ">="),
        ("en", "three days", ""),
    ],
)
def test_least_and_most_are_seen(language: str, text: str, bound: str) -> None:
    assert quantities(text, language)[0].bound == bound


@pytest.mark.parametrize(
    ("language", "said", "source", "borne"),
    [
        ("fr", "environ 2,5 M€", "2 480 000 €", True),
        ("fr", "2 500 000 €", "2 480 000 €", False),
        ("fr", "1,5 km", "1 500 m", True),
        ("fr", "90 minutes", "1 h 30", True),
        ("fr", "trois mois", "90 jours", True),
        ("fr", "30 jours", "30 mois", False),
        ("fr", "30 jours ouvrés", "30 jours calendaires", False),
        ("fr", "5 %", "5 points", False),
        ("fr", "50 € par mois", "50 € par an", False),
        ("fr", "au moins 30 jours", "au plus 30 jours", False),
        ("fr", "100 € HT", "100 € TTC", False),
        ("en", "about 12%", "11.8%", True),
        ("en", "fifty", "50 nights", True),
        ("en", "95 minutes", "from 9:12 to 10:47", True),
    ],
)
def test_a_figure_is_borne_out_or_not(
    language: str, said: str, source: str, *, borne: bool
) -> None:
    found = bears_quantity(quantities(said, language)[0], quantities(source, language))
    assert (found.grade >= 0.9) is borne


def test_two_figures_share_a_unit() -> None:
    assert [each.unit for each in quantities("11 et 4 m²", "fr")] == ["area", "area"]
