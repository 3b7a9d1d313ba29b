"""Dates, whole and in part."""

import pytest

from centaure.answering.groundedness.comparison import bears_moment
from centaure.answering.groundedness.dates import moments


@pytest.mark.parametrize(
    "text", ["12 mars 2024", "12/03/2024", "2024-03-12", "March 12, 2024", "12th of March 2024"]
)
def test_a_day_is_read_in_every_form(text: str) -> None:
    found = moments(text)
    assert [(each.year, each.months, each.day) for each in found] == [(2024, (3,), 12)]


@pytest.mark.parametrize(
    ("text", "year", "months"),
    [
        ("mars 2024", 2024, (3,)),
        ("Q3 2023", 2023, (7, 8, 9)),
        ("3e trimestre 2022", 2022, (7, 8, 9)),
        ("first half of 2023", 2023, (1, 2, 3, 4, 5, 6)),
        ("en 2021", 2021, ()),
    ],
)
def test_a_part_of_a_date_is_read(text: str, year: int, months: tuple[int, ...]) -> None:
    found = moments(text)
    assert [(each.year, each.months) for each in found] == [(year, months)]


@pytest.mark.parametrize("text", ["1 500 m", "2023 salariés", "may be", "article 12"])
def test_a_number_is_no_date(text: str) -> None:
    assert moments(text) == []


@pytest.mark.parametrize(
    ("said", "source", "borne"),
    [
        ("mars 2024", "le 12 mars 2024", True),
        ("le 12 mars 2024", "en mars 2024", False),
        ("le 12 mars", "12/03/2024", True),
        ("fin 2024", "en novembre 2024", True),
        ("fin 2024", "en mars 2024", False),
        ("avant le 3 juin", "après le 3 juin", False),
        ("lundi", "le vendredi", False),
        ("on 12 March 2024", "on 13 March 2024", False),
    ],
)
def test_a_date_is_borne_out_or_not(said: str, source: str, *, borne: bool) -> None:
    assert (bears_moment(moments(said)[0], moments(source)).grade >= 0.9) is borne
