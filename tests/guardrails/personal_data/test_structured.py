"""Personal data with structure: what is found, to the character, and what is left alone."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.fr import nir, siret

from centaure.guardrails.checks import Context, scan
from centaure.guardrails.normalisation import normalise
from centaure.guardrails.personal_data import PersonalData
from centaure.guardrails.personal_data.finding import find_structured
from centaure.guardrails.policy import Label
from centaure.guardrails.verdicts import Action

_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]", re.DOTALL)


def _read(marked: str) -> tuple[str, list[tuple[str, str]]]:
    """A text, and the values marked in it as [[LABEL|value]]."""
    return _MARK.sub(r"\2", marked), _MARK.findall(marked)


def _told(text: str) -> list[tuple[str, str]]:
    return [(str(one.label), text[one.start : one.end]) for one in find_structured(normalise(text))]


def _iban(country: str, account: str) -> str:
    return country + iban.calc_check_digits(f"{country}00{account}") + account


FRENCH_ACCOUNT = _iban("FR", "20041010050500013M02606")
INSURED = "1850578006084" + nir.calc_check_digits("1850578006084")
CORSICAN = "185052A006084" + nir.calc_check_digits("185052A006084")
CARD = "453957804318124" + luhn.calc_check_digit("453957804318124")
COMPANY = "73282932" + luhn.calc_check_digit("73282932")
PLACE = COMPANY + "0007" + luhn.calc_check_digit(COMPANY + "0007")
assert siret.is_valid(PLACE)


def _every(number: str, *sizes: int) -> str:
    parts: list[str] = []
    start = 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    return " ".join([*parts, number[start:]]).strip()


@pytest.mark.parametrize(
    "marked",
    [
        "Mon tél : [[PHONE|06.12.34.56.78]], celui de ma sœur [[PHONE|07 98 76 54 32]]",
        "Appelez le [[PHONE|+33 (0)1 42 68 53 00]] ou le [[PHONE|0033612345678]].",
        "tel=[[PHONE|+33612345678]];fax=[[PHONE|0142685301]]",
        "Bruxelles [[PHONE|02 512 34 56]], GSM [[PHONE|0478/12.34.56]], [[PHONE|+32 (0)478 12 34 56]]",
        "Natel [[PHONE|079 123 45 67]] / bureau [[PHONE|+41 22 123 45 67]]",
        "Call me on [[PHONE|020 7946 0958]] or [[PHONE|(020) 7946 0123]], not on ext. 4417",
        "Phone: [[PHONE|(555) 234-0199]], cell [[PHONE|555-234-0123]], [[PHONE|+1 415 555 2671]]",
        "Guadeloupe [[PHONE|0590 81 23 45]], [[PHONE|+596 696 12 34 56]], [[PHONE|+689 87 12 34 56]]",
        "Tel:[[PHONE|０１ ４２ ６８ ５３ ００]]",
        "Tel  [[PHONE|0 6   3 9   9 8   0 0   7 1]]",
        "le [[PHONE|zéro six douze trente-quatre cinquante-six soixante-dix-huit]] merci",
        "it is [[PHONE|oh seven seven oh oh, nine double oh, one two three]] thanks",
        "call [[PHONE|plus thirty-three six, thirty-nine, ninety-eight, twelve, forty]] after six",
    ],
)
def test_telephone_numbers_are_found_as_they_are_written_and_dictated(marked: str) -> None:
    text, values = _read(marked)
    assert _told(text) == values


@pytest.mark.parametrize(
    "marked",
    [
        f"IBAN : [[IBAN|{_every(FRENCH_ACCOUNT, 4, 4, 4, 4, 4, 4)}]] BIC PSSTFRPP",
        f"virement sur [[IBAN|{FRENCH_ACCOUNT.lower()}]] merci",
        f"[[IBAN|{_iban('DE', '370400440532013000')}]], [[IBAN|{_iban('BE', '539007547034')}]]",
        f"IBAN [[IBAN|{' '.join(FRENCH_ACCOUNT)}]]",
        f"Sa carte [[CARD|{CARD}]] expire 12/26",
        f"carte [[CARD|{_every(CARD, 4, 4, 4)}]], Amex [[CARD|3714 496353 98431]]",
        f"num sécu [[NIR|{INSURED}]]",
        f"N° de sécurité sociale : [[NIR|{_every(INSURED, 1, 2, 2, 2, 3, 3)}]]",
        f"née en Corse, [[NIR|{_every(CORSICAN, 1, 2, 2, 2, 3, 3)}]]",
        f"SIREN [[SIREN|{COMPANY}]], SIRET [[SIRET|{PLACE}]]",
        f"[[SIREN|{_every(COMPANY, 3, 3)}]] RCS Paris",
        f"au RCS de Lyon sous le n° [[SIREN|{_every(COMPANY, 3, 3)}]].",
        "VAT [[VAT|ATU57194903]], [[VAT|NL004495445B01]], [[VAT|ESA13585625]], GB VAT [[VAT|GB 980 7806 84]]",
        "UID [[VAT|CHE-107.787.577 TVA]]",
        "sort code [[BANK_ACCOUNT|20-00-00]] account number [[BANK_ACCOUNT|12345678]]",
        "Numéro de compte : [[BANK_ACCOUNT|00012345678]]",
    ],
)
def test_identifiers_with_check_digits_are_found_in_any_grouping(marked: str) -> None:
    text, values = _read(marked)
    assert _told(text) == values


@pytest.mark.parametrize(
    "marked",
    [
        "Email [[EMAIL|Jean.Dupont+test@sous.domaine.fr]]; [[EMAIL|jean-dupont@société.fr]]",
        "écrivez à [[EMAIL|marie point durand arobase gmail point com]] svp",
        "contact [[EMAIL|marie.durand [at] exemple [dot] org]], [[EMAIL|info(at)exemple.fr]]",
        "Her email is [[EMAIL|john dot smith at example dot com]] please",
        "Suivez [[USERNAME_OR_HANDLE|@marie_durand]], pseudo : [[USERNAME_OR_HANDLE|DarkVador75]]",
        '{"username": "[[USERNAME_OR_HANDLE|claire.b]]", "role": "admin"}',
        "Barbara Novak ([[USERNAME_OR_HANDLE|bnovak]]) a ouvert un ticket",
        "depuis [[IP|192.168.1.45]] puis [[IP|88.12.200.7]], version 2.13.4.1",
        "IPv6 [[IP|2a01:e0a:1f2:3b40::1]] et MAC 00:1B:44:11:3A:B7",
    ],
)
def test_addresses_and_names_on_a_network_are_found(marked: str) -> None:
    text, values = _read(marked)
    assert _told(text) == values


@pytest.mark.parametrize(
    "marked",
    [
        "Plaque [[LICENCE_PLATE|AB-123-CD]], avant [[LICENCE_PLATE|1-ABC-123]]",
        "immatriculée [[LICENCE_PLATE|GE 123456]]; ancienne plaque [[LICENCE_PLATE|123 ABC 75]]",
        "car reg [[LICENCE_PLATE|AB12 CDE]]",
        "Registration? [[LICENCE_PLATE|Whisky November six five, Tango Yankee Lima]].",
        "Passeport n° [[PASSPORT_OR_ID|12AB34567]], CNI [[PASSPORT_OR_ID|880692310285]]",
        "permis n° [[PASSPORT_OR_ID|13AA00002]]; SSN [[PASSPORT_OR_ID|078-05-1120]]",
        "national [[PASSPORT_OR_ID|85.07.30-033.28]]; AVS [[PASSPORT_OR_ID|756.9217.0769.85]]",
    ],
)
def test_plates_and_papers_are_found(marked: str) -> None:
    text, values = _read(marked)
    assert _told(text) == values


@pytest.mark.parametrize(
    "marked",
    [
        "Née le [[DATE_OF_BIRTH|3 mai 1990]] à Lyon, embauchée le 2 juin 2015.",
        "Date de naissance : [[DATE_OF_BIRTH|03/05/1990]]. Entrée : 02/06/2015",
        "D.O.B: [[DATE_OF_BIRTH|May 3rd, 1990]]; hired 2015-06-02",
        "Marie (née le [[DATE_OF_BIRTH|03.05.90]]) et Paul, né à Tours le [[DATE_OF_BIRTH|1er janvier 1980]]",
        '{"birth_date": "[[DATE_OF_BIRTH|1990-05-03]]", "hired": "2015-06-02"}',
        "je suis née le [[DATE_OF_BIRTH|douze mars mille neuf cent quatre-vingts]]",
        "born on the [[DATE_OF_BIRTH|thirteenth of December, nineteen seventy-four]].",
        "id;nom;naissance;entree\n1;X;[[DATE_OF_BIRTH|14/03/1982]];01/02/2010",
        "Les personnes nées avant le 1er janvier 1961 ; si vous êtes né après le 3 mai 1962.",
    ],
)
def test_dates_of_birth_are_told_from_other_dates(marked: str) -> None:
    text, values = _read(marked)
    assert _told(text) == values


@pytest.mark.parametrize(
    "marked",
    [
        "J'habite au [[ADDRESS|12 bis rue de la République, 69002 Lyon]].",
        "J'habite [[ADDRESS|12 rue des lilas 75011 paris]] et je travaille à côté",
        "Adresse : [[ADDRESS|Résidence Les Pins, Bât B, 45 avenue Jean Moulin, 13008 Marseille]]",
        "[[ADDRESS|3, place de l'Hôtel-de-Ville - 76600 Le Havre - France]]",
        "domicilié [[ADDRESS|Lieu-dit Kerbihan, 29300 Quimperlé]]",
        "demeurant [[ADDRESS|Avenue Louise 54, 1050 Bruxelles]], ou [[ADDRESS|Rue du Rhône 12, 1204 Genève]]",
        "She lives at [[ADDRESS|221B Baker Street, London NW1 6XE]] with him",
        "office: [[ADDRESS|350 Fifth Avenue, New York, NY 10118]]",
        "au [[ADDRESS|5 allée des Acacias à Toulouse]] chez lui",
        "Cour\n[[ADDRESS|107 rue du Landreau\n\n44317 Nantes Cedex 3]]\n",
        "le bruit de la rue Jean Jaurès, au lycée Victor-Hugo",
    ],
)
def test_addresses_are_found_from_the_building_to_the_town(marked: str) -> None:
    text, values = _read(marked)
    assert _told(text) == values


@pytest.mark.parametrize(
    "marked",
    [
        "M. Durand [[HEALTH|est en arrêt maladie depuis mardi]].",
        "Ma fille [[HEALTH|est asthmatique]] et va à l'école.",
        "Paul Martin [[HEALTH|est séropositif]].",
        "Diagnostic : [[HEALTH|otite moyenne aiguë]]",
        "Mrs Okafor [[HEALTH|is recovering from hip surgery]].",
        "Le cancer touche 400 000 personnes. Si vous souffrez de diabète, consultez.",
        "Les salariés malades envoient leur arrêt de travail ; un adulte sur dix est asthmatique.",
    ],
)
def test_health_is_told_of_a_person_only(marked: str) -> None:
    text, values = _read(marked)
    assert _told(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Réf. 4970 1044 9381 7223 ; article 1.2.3.4 ; lot 123 456 789",
        "Le budget est de 1 234 567 890 € ; 2 500 000 000 habitants en 2024",
        "Chapitre 10.20.30.40 du guide, norme ISO 27001:2022, RFC 2616, CVE-2024-12345",
        "Horaires : 08 30 12 00 14 00 18 00",
        "ISBN 978-2-07-036822-8 ; EAN 3017620422003",
        "Commande 0612345678 expédiée le 12/03/2024",
        "SIRET 519 004 389 00011 : le portail répond « clé invalide »",
        "IBAN FR76 3000 6000 0112 3456 7890 188 (exemple erroné)",
        "std::vector<int> at 10:44:07, v1.2.3.4",
        "",
        " ",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert _told(text) == []


def test_the_words_around_make_a_value_sensitive_whose_check_digits_fail() -> None:
    text = "Mon IBAN : FR76 3000 6000 0112 3456 7890 188"
    found = find_structured(normalise(text))
    assert [(one.label, one.score < 0.7) for one in found] == [(Label.IBAN, True)]


def test_values_in_json_are_found_inside_their_quotes() -> None:
    text = json.dumps([{"tel": "0612345678", "iban": FRENCH_ACCOUNT, "nir": INSURED}])
    assert [value for _, value in _told(text)] == ["0612345678", FRENCH_ACCOUNT, INSURED]


def test_places_are_those_of_the_original() -> None:
    text = "T\u200bél :\u00a0０６\u200b１２３４５６７８ …"
    (one,) = find_structured(normalise(text))
    assert text[one.start : one.end] == "０６\u200b１２３４５６７８"


def test_the_check_tells_and_does_nothing() -> None:
    verdict = scan("Écrivez à jean.dupont@exemple.fr", Context(), among=[PersonalData()])
    assert verdict.action is Action.PASS
    assert [one.label for one in verdict.findings] == [Label.EMAIL]
    assert verdict.findings[0].check == PersonalData.name


_PIECES = (
    *(
        "né le 1 1 1 ",
        "rue ",
        "1 rue de la ",
        "FR76 ",
        "2A ",
        "+",
        "(",
        "@",
        "a.",
        ":",
        "::",
        "un ",
        "six ",
    ),
    *(
        "Mme X est cancer ",
        "; ",
        "\n",
        "| a ",
        "a;b;c\n",
        "login ",
        "passeport n° ",
        "12 Aa ",
        "AA1 ",
        "A, ",
    ),
    *(
        "tél O6 ",
        "X, ",
        "Jean Roy est ",
        "diabétique",
        "allergies : ",
        "**** ",
        "github.com/a ",
        "a\\b ",
    ),
    *("75001 Paris ", "é", "\u200b", "１", "2024-01-01 ", "whisky one "),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_findings_stand_in_the_text_and_apart_whatever_it_is(text: str) -> None:
    end = 0
    for one in find_structured(normalise(text)):
        assert end <= one.start < one.end <= len(text)
        end = one.end


_HOSTILE = (
    "1 ",
    "1.",
    "a",
    "A-",
    "a@",
    "1 rue de la ",
    "né le 1 1 1 ",
    "FR76 ",
    "six ",
    "A, ",
    ":",
    "tél O6 ",
    "1O",
    "**** 1",
    "FR** ** ",
    "Mme X, est cancer, ",
    "né en 1980 ",
    "Dates de naissance : 01/01/1990, ",
    "github.com/a",
    "a\\b",
    "allergies : a ",
)


@pytest.mark.parametrize("piece", _HOSTILE)
def test_a_hostile_text_of_100_000_characters_is_read_to_its_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for one in find_structured(normalise(text)):
        assert one.end <= len(text)
