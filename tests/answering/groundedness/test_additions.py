"""What is said to be so "too"."""

from tests.answering.groundedness.test_operators import values


def test_too_counts_where_the_passage_has_nothing_of_it() -> None:
    source = "Regional heads may split a commission."
    assert values(source, "Regional heads may split a bonus too.")["also so"] == 1
    assert values(source, "Regional heads may split a commission.")["also so"] == 0


def test_too_does_not_count_where_the_passage_has_it() -> None:
    source = "Le stagiaire peut aussi citer les données."
    assert values(source, "Le stagiaire peut également citer les données.")["also so"] == 0
