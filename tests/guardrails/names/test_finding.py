"""Names of persons are found by what stands around them, and told from other words with a capital."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.guardrails.normalisation import normalise
from centaure.guardrails.personal_data.names import (
    Person,
    Persons,
    find_names,
    find_persons,
    person_named,
)
from centaure.guardrails.verdicts import Finding


def read(text: str, *known: Person) -> Persons:
    return find_persons(normalise(text), known=known)


def found(text: str, *known: Person) -> list[str]:
    return [text[one.start : one.end] for one in read(text, *known).mentions]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nous avons reçu Mme Bérangère Castellin ce matin.", ["Bérangère Castellin"]),
        ("Le dossier de M. Petit est complet.", ["Petit"]),
        ("Le directeur Pierre Petit a signé.", ["Pierre Petit"]),
        ("Please ask Grace Hopwood about the invoice.", ["Grace Hopwood"]),
        ("Présents : C. Aubertin, J.-P. Morvan", ["C. Aubertin", "J.-P. Morvan"]),
        ("Nom : BENALLAL\nPrénom : Samira", ["BENALLAL", "Samira"]),
        ('{"first_name": "Ngozi", "last_name": "Okoli"}', ["Ngozi", "Okoli"]),
        ("id;nom;prenom\n7;PETIT;Rose\n8;LE GOFF;Yann", ["PETIT", "Rose", "LE GOFF", "Yann"]),
        ("Assuré : DUFOUR, Claire, née en 1971", ["DUFOUR, Claire"]),
        ("bonjour je m'appelle samir haddad", ["samir haddad"]),
        ("il faut rappeler mme wagner demain", ["wagner"]),
        ("Merci d'avance.\nCordialement,\nHélène de La Tour", ["Hélène de La Tour"]),
        ("Monsieur et Madame Lefèvre habitent ici.", ["Lefèvre"]),
        ("I spoke to Dr Conor O'Brien's assistant.", ["Conor O'Brien"]),
    ],
)
def test_a_name_is_found(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Madame, Monsieur, veuillez agréer mes salutations.",
        "Monsieur le Directeur, Madame la Maire,",
        "Le lycée Victor-Hugo se trouve rue Jean Jaurès.",
        "La société Dupont SARL et Miller & Sons Ltd ont répondu.",
        "La loi Sapin II et la maladie de Parkinson.",
        "Un petit marchand de roses paie en mai.",
        "Will you come in May? April is the cruellest month.",
        "Le Conseil d'État et la Cour de cassation siègent à Paris.",
        "Appeler le service client de la Banque Populaire.",
        "",
        "12 345 67 !!",
    ],
)
def test_other_words_are_no_names(text: str) -> None:
    assert found(text) == []


def test_a_name_is_found_again_however_it_is_written() -> None:
    text = (
        "Mme Claire Dufour a écrit. DUFOUR Claire attend. dufour, claire ou C. Dufour sont la même. "
        "Dufour's file: voir Claire DUFOUR, claire dufour."
    )
    seen = read(text)
    assert len(seen.mentions) == 7
    assert {one.person for one in seen.mentions} == {1}


def test_a_surname_that_is_a_word_is_not_masked_where_it_is_one() -> None:
    text = "M. Lucien Petit est absent. Un petit délai est à prévoir. Petit demande une copie."
    assert found(text) == ["Lucien Petit", "Petit"]


def test_surname_and_given_name_in_two_fields_are_one_person() -> None:
    seen = read('{"nom": "BENALLAL", "prenom": "Samira", "ville": "Lille"}')
    assert [one.person for one in seen.mentions] == [1, 1]
    assert [one.names for one in seen.people] == [("samira", "benallal")]


def test_the_people_of_earlier_turns_are_found_in_lower_case() -> None:
    assert found("et garrel, il vient ?") == []
    assert found("et garrel, il vient ?", person_named("Basile Garrel")) == ["garrel"]


def test_what_else_was_found_is_no_name() -> None:
    text = "Elle habite 3 rue Claire Dufour, Lyon."
    street = Finding(12, 37, "personal-data", "ADDRESS", 1.0, "address.1")
    assert find_names(normalise(text), [street]) == []


def test_findings_stand_in_the_original() -> None:
    text = "Chère Mme\u00a0Ｃlaire\u200b Dufour,"
    (finding,) = find_names(normalise(text))
    assert text[finding.start : finding.end] == "Ｃlaire\u200b Dufour"
    assert (finding.check, finding.label) == ("personal-data", "PERSON")


@settings(max_examples=30)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    ends = 0
    for one in read(text).mentions:
        assert ends <= one.start < one.end <= len(text)
        ends = one.end


@pytest.mark.parametrize(
    "unit",
    [
        "A. ",
        "M. ",
        "Dupont ",
        "Claire Dufour et ",
        "de La ",
        "nom : ",
        "a@b ",
        "Mme mme ",
        "D U ",
        ";nom",
        "\n-",
    ],
)
def test_hostile_texts_are_read_to_their_end(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    assert read(text).mentions is not None
