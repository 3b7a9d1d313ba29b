"""The word lists hold together."""

from importlib.resources import files

import pytest

from centaure.answering.groundedness.markers import GROUPS, marks
from centaure.answering.groundedness.words import forms, general, opposite, pairs, same


@pytest.mark.parametrize("name", ["same.txt", "forms.txt", "opposite.txt", "general.txt"])
def test_no_line_is_empty_or_alone(name: str) -> None:
    text = files("centaure.answering.groundedness").joinpath(name).read_text("utf-8")
    assert all(len(line.split()) >= 2 for line in text.splitlines())


def test_words_say_the_same_in_either_direction() -> None:
    assert "debut" in same("commenc", "commence", "fr")
    assert "fell" in forms("en")["fall"]
    assert "continu" in general("en")
    assert "manag" in general("en")


def test_opposites_go_both_ways_in_every_form() -> None:
    for one, others in pairs("en").items():
        assert all(one in pairs("en")[other] for other in others)
    assert "maintenu" in opposite("annul", "fr")


def test_every_kind_of_mark_is_read() -> None:
    assert set(marks("Only some may not, unless before each day.")) == set(GROUPS)
    assert marks("Il est ouvert chaque semaine.")["quantity"] == frozenset()
    assert marks("Chaque salarié est couvert.")["quantity"] == {"all"}
