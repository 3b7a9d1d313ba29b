"""One person has one number across the ways a name is written, and never another's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.guardrails.normalisation import normalise
from centaure.guardrails.personal_data.finding import find_structured
from centaure.guardrails.personal_data.names import find_persons
from centaure.guardrails.personal_data.names.people import Form, Person, group, parts_of


def forms(*written: str) -> list[Form]:
    """`m:Dufour` is a man's name, `+:Dufour` a family's."""
    made: list[Form] = []
    for one in written:
        kind, _, name = one.rpartition(":")
        made.append(Form(parts_of(name), kind if kind in {"m", "w"} else "", kind == "+"))
    return made


def numbers(*written: str, known: tuple[Person, ...] = ()) -> list[int]:
    return group(forms(*written), known)[0]


def test_every_way_to_write_a_name_is_one_person() -> None:
    written = ("Claire Dufour", "C. Dufour", "DUFOUR, Claire", "dufour", "Claire", "Dufour's")
    assert set(numbers(*written)) == {1}


def test_a_surname_that_two_people_bear_names_neither() -> None:
    assert numbers("Claire Dufour", "Marc Dufour", "Dufour", "Claire") == [1, 2, 3, 1]


def test_a_civility_tells_which_of_two() -> None:
    assert numbers("w:Claire Dufour", "m:Marc Dufour", "w:Dufour", "m:Dufour") == [1, 2, 1, 2]


def test_a_couple_is_neither_of_its_members() -> None:
    assert numbers("+:Abernathy", "w:Skye Abernathy", "m:Abernathy") == [1, 2, 3]


def test_particles_and_accents_do_not_matter() -> None:
    assert set(numbers("Hélène de La Tour", "HELENE DE LA TOUR", "de La Tour", "Tour")) == {1}
    assert numbers("m:Le Roy", "m:Roy") == [1, 2]


def test_a_double_surname_fits_a_part_of_it_only_where_nobody_else_fits() -> None:
    assert numbers("Lucia Carvalho-Meunier", "Carvalho") == [1, 1]
    assert numbers("Mehdi Boukhris", "Selma Boukhris-Lang", "Boukhris") == [1, 2, 3]


def test_a_fuller_name_of_a_later_turn_takes_the_place_of_a_surname() -> None:
    _, first = group(forms("Dufour"))
    _, second = group(forms("Claire Dufour", "Dufour"), first)
    assert [(one.number, one.names, one.closed) for one in second] == [
        (1, ("dufour",), True),
        (2, ("claire", "dufour"), False),
    ]
    assert numbers("Claire Dufour", "Dufour", known=second) == [2, 2]
    assert numbers("Marc Dufour", "Dufour", "Claire", known=second) == [3, 4, 2]


def test_each_mention_that_may_be_several_people_is_one_of_its_own() -> None:
    assert numbers("Claire Dufour", "Marc Dufour", "Dufour", "Dufour") == [1, 2, 3, 4]
    assert numbers("Paul Martin", "Pierre Martin", "P. Martin", "P. Martin") == [1, 2, 3, 4]


def test_the_same_place_read_again_keeps_its_number() -> None:
    written = forms("Claire Dufour", "Marc Dufour", "Dufour", "Dufour")
    first, people = group(written, places=["a", "b", "c", "d"])
    again, _ = group(written, people, places=["a", "b", "c", "d"])
    assert first == again == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Claire Thomas", "Thomas"),
        ("Thomas Roy", "m:Thomas"),
        ("Sarah Cohen-Levy", "w:Levy"),
        ("Sarah Cohen-Levy", "Sarah Cohen"),
        ("Jean Paul Martin", "Jean Martin"),
        ("Jean-Paul Martin", "J. Martin"),
        ("Maria Garcia Lopez", "Maria Garcia"),
        ("Thomas B.", "Bernard Thomas"),
        ("Yann Le Goff", "w:Goff"),
    ],
)
def test_two_names_that_may_be_two_people_have_two_numbers(one: str, other: str) -> None:
    assert numbers(one, other) == [1, 2]


NAMES = st.sampled_from(
    ["Claire", "Marc", "Dufour", "Petit", "C.", "Claire Dufour", "Marc Petit", "m:Dufour"]
)


@given(st.lists(NAMES, max_size=8), st.lists(NAMES, max_size=4))
def test_known_people_keep_their_numbers(before: list[str], after: list[str]) -> None:
    _, people = group(forms(*before))
    found, later = group(forms(*after), people)
    assert [one.number for one in later[: len(people)]] == [one.number for one in people]
    assert [one.number for one in later] == list(range(1, len(later) + 1))
    assert set(found) <= {one.number for one in later}


@pytest.mark.parametrize("name", ["", "de la", "'s", "..."])
def test_names_without_a_part_do_no_harm(name: str) -> None:
    assert len(numbers(name)) == 1


def test_a_full_name_is_nobody_whom_only_a_shared_surname_names() -> None:
    _, people = group(forms("Claire Dufour", "Marc Dufour", "Dufour"))
    assert numbers("Anne Dufour", "C. Dufour", "Dufour", known=people) == [4, 1, 5]


def test_a_double_surname_is_not_who_bears_its_half() -> None:
    assert numbers("w:Hernandez-Vial", "m:Armand Vial") == [1, 2]
    assert numbers("Hernandez-Vial", "Armand Vial") == [1, 2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mme Dupont et sa fille Julie Dupont viennent. Dupont signe.", [1, 2, 3]),
        ("Le Dr Martin a examiné M. Martin. Martin se plaint.", [1, 2, 3]),
        ("Bernard Thomas écrit à Thomas Bernard.", [1, 2]),
        ("DUPONT Jean est venu ; Jean Dupont repart.", [1, 1]),
        ("Anne Durand et Anne-Marie Durand sont là.", [1, 2]),
        ("Robert King Sr. sold it to Robert King Jr. yesterday.", [1, 2]),
        ("Jean Dupont père et Jean Dupont fils sont associés.", [1, 2]),
        ("Mr Brown and his son Peter Brown met Mr Brown's lawyer.", [1, 2, 1]),
        ("Jean Martin (paie) et Jean Martin (achats) sont absents.", [1, 2]),
        ("Jean Martin, né le 3/05/1980. Jean Martin, né le 7/08/1991.", [1, 2]),
        ("Jean Martin, né le 3/05/1980. J. Martin, né le 3/05/1980.", [1, 1]),
        ("Maître Faure défend Mme Faure.", [1, 2]),
        ("Le père de Paul Martin est là. M. Martin signe.", [1, 2]),
        ("Paul et Luc Dufour sont là. M. Dufour signe.", [1, 2, 3]),
        ("M. Le Roy et M. Roy sont voisins.", [1, 2]),
        ("La famille Roy accueille Luc Roy. M. Roy signe. M. Roy part.", [1, 2, 3, 3]),
        ("Claude Martin est là. M. Martin signe, puis Mme Martin.", [1, 2, 3]),
        ("Claire Dufour est là ; Mme Dufour signe, puis Dufour part.", [1, 1, 1]),
    ],
)
def test_two_people_whom_a_text_tells_apart_have_two_numbers(
    text: str, expected: list[int]
) -> None:
    read = normalise(text)
    found = find_persons(read, find_structured(read)).mentions
    assert [one.person for one in found] == expected
