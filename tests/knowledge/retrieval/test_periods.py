"""Periods that names and questions say."""

from datetime import date

import pytest

from centaure.knowledge.retrieval.periods import Period, asks_latest, periods_in, series_of

QUARTER = Period(date(2023, 7, 1), date(2023, 9, 30))


@pytest.mark.parametrize(
    "text",
    ["2023 Q3 AAPL", "Q3 2023", "the third quarter of 2023", "3e trimestre 2023", "T3-2023"],
)
def test_a_quarter_is_one_however_it_is_written(text: str) -> None:
    assert periods_in(text) == [QUARTER]


@pytest.mark.parametrize(
    "text",
    ["12 mars 2024", "CR_12-03-2024", "2024-03-12", "20240312", "March 12, 2024", "12/03/2024"],
)
def test_a_day_is_one_however_it_is_written(text: str) -> None:
    assert periods_in(text) == [Period(date(2024, 3, 12), date(2024, 3, 12))]


def test_months_halves_and_years() -> None:
    assert periods_in("mars 2024") == [Period(date(2024, 3, 1), date(2024, 3, 31))]
    assert periods_in("premier semestre 2022") == [Period(date(2022, 1, 1), date(2022, 6, 30))]
    assert periods_in("la politique de 2025") == [Period(date(2025, 1, 1), date(2025, 12, 31))]
    assert periods_in("31/02/2024") == [Period(date(2024, 2, 1), date(2024, 2, 29))]


@pytest.mark.parametrize("text", ["2000 €", "1999.50", "12034", "", "une note"])
def test_what_is_no_period(text: str) -> None:
    assert periods_in(text) == []


def test_a_period_meets_what_it_lies_in() -> None:
    year = Period(date(2023, 1, 1), date(2023, 12, 31))
    assert QUARTER.meets(year)
    assert year.meets(QUARTER)
    assert not QUARTER.meets(Period(date(2023, 9, 1), date(2023, 10, 31)))


def test_documents_of_one_series_share_the_rest_of_their_name() -> None:
    assert series_of("2023 Q3 AAPL") == series_of("2022_Q4_AAPL") == "aapl"
    assert series_of("CR CSE 12-03-2024 v2") == series_of("CR CSE mars 2023") == "cr cse"


@pytest.mark.parametrize(
    ("question", "latest"),
    [
        ("What was the gross margin in the latest 10-Q?", True),
        ("Que dit la dernière version ?", True),
        ("Quelle est la politique en vigueur ?", True),
        ("Que dit la dernière politique de déplacements ?", True),
        ("Quel est le plafond des dernières consignes ?", True),
        ("Que prévoit notre dernier accord de télétravail ?", True),
        ("Quelle est la procédure actuelle ?", True),
        ("What do our current travel guidelines say?", True),
        ("What does the last handbook say?", True),
        ("Qui habite au dernier étage ?", False),
        ("Combien d'arrêts ces trois derniers mois ?", False),
        ("Que s'est-il passé la dernière semaine ?", False),
        ("Combien d'accidents les derniers jours ?", False),
        ("La semaine dernière nous avons livré quoi ?", False),
        ("C'est la dernière fois que je demande", False),
        ("What are the current liabilities?", False),
        ("Which breaker limits the electric current?", False),
        ("What is her last name?", False),
        ("Une mise à jour du poste est demandée", False),
    ],
)
def test_who_asks_for_the_latest(question: str, *, latest: bool) -> None:
    assert asks_latest(question) is latest
