"""Forms of identifiers beyond the usual ones: each once, and a look-alike of it that is none."""

import re

import pytest

from centaure.guardrails.normalisation import normalise
from centaure.guardrails.personal_data.finding import find_structured

_MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]", re.DOTALL)


def _told(text: str) -> list[tuple[str, str]]:
    return [(str(one.label), text[one.start : one.end]) for one in find_structured(normalise(text))]


def _check(marked: str) -> None:
    assert _told(_MARK.sub(r"\2", marked)) == _MARK.findall(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Profil : https://www.linkedin.com/in/[[USERNAME_OR_HANDLE|camille-renard-8a1b2]]",
        "github.com/[[USERNAME_OR_HANDLE|lukasz-dev]], et github.com/acme/website/issues/12",
        "twitter.com/[[USERNAME_OR_HANDLE|JaneDoeWrites]]/status/178, facebook.com/sharer",
        "Mastodon : [[USERNAME_OR_HANDLE|@ana@mastodon.social]]",
        "Instagram [[USERNAME_OR_HANDLE|@lea.photo]] ; npm install @types/node",
        "Discord [[USERNAME_OR_HANDLE|zephyr#4821]], ticket ZEP#48211",
        "compte AD [[USERNAME_OR_HANDLE|CORP\\plegrand]]",
        "Skype: [[USERNAME_OR_HANDLE|live:j.moreau]]",
        "Son identifiant est [[USERNAME_OR_HANDLE|rblanchard]]. Votre identifiant est obligatoire.",
        "l'identifiant [[USERNAME_OR_HANDLE|rblanchard]] et le mot de passe ; l'identifiant oublié",
        "opened by [[USERNAME_OR_HANDLE|hchen]] 3 days ago, closed by mistake",
        "Failed password for invalid user [[USERNAME_OR_HANDLE|kbrown]] from [[IP|203.0.113.5]]",
        "Identifiant de connexion : [[USERNAME_OR_HANDLE|MDURAND]], statut : ACTIF",
        "the account [[USERNAME_OR_HANDLE|svc_hgomez]] is locked; the account balance is low",
        "Accessible avec un compte service-public.fr ou impots.gouv.fr",
        "Saisissez votre identifiant : celui-ci figure sur la carte. Login required.",
    ],
)
def test_user_names_and_profiles(marked: str) -> None:
    _check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Bloquer [[IP|185.220.101.0/24]], masque 255.255.255.0, http://[[IP|192.168.0.10]]:8080/",
        "client IP [[IP|8.8.4.4]], section 8.8.4.4, préfixe [[IP|2a01:cb00:1234::/48]]",
        "hôte [[IP|::ffff:192.0.2.128]] ; il est 10:44:07",
        "mail : [[EMAIL|marie.curie@labo,fr]], [[EMAIL|o'brien@example.ie]]",
        "[[EMAIL|marie AT example DOT org]] ; look AT example.org, meet at noon dot",
    ],
)
def test_network_addresses_and_mail(marked: str) -> None:
    _check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "CNIe [[PASSPORT_OR_ID|X4RTBPFW4]], carte d'électeur",
        "Pièce d'identité : CNI [[PASSPORT_OR_ID|F5Z82K1T7]]",
        "[[PASSPORT_OR_ID|P<FRADURAND<<LUC<PIERRE<<<<<<<<<<<<<<<<<<<<<]]",
        "Votre numéro fiscal (SPI) est le [[PASSPORT_OR_ID|1287654321098]].",
        "Her NHS number is [[PASSPORT_OR_ID|943 476 5919]]; order number 943 476 5919",
        "Steuer-ID [[PASSPORT_OR_ID|86095742719]], matricule national [[PASSPORT_OR_ID|1985073012345]]",
        "permis de travail n° [[PASSPORT_OR_ID|WP4455821]] ; permis de construire PC 069 123 21 00045",
        "matrícula [[LICENCE_PLATE|4567 KLM]]",
        "parcelle 4567 KLM",
        "Facture n° AB-123-CD ; véhicule AA-000-AA ; plaque [[LICENCE_PLATE|AB-124-CD]]",
    ],
)
def test_papers_and_plates(marked: str) -> None:
    _check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "CB [[CARD|XXXX-XXXX-XXXX-8812]], Visa [[CARD|497010******1234]], code XXXX-XXXX-XXXX-8812",
        "IBAN [[IBAN|FR76 **** **** **** **** ***4 521]]",
        "compte belge [[BANK_ACCOUNT|539-0075470-34]], dossier 539-0075470-35",
        "name,sort_code,account_number\nAnn,[[BANK_ACCOUNT|20-45-77]],[[BANK_ACCOUNT|33221144]]",
        "N° SS : [[NIR|1 18 04 40 170 471 (clé 47)]]",
        "[[NIR|deux, soixante-dix-huit, douze, trente et un, cinq cent cinq, zéro quarante-deux]] de sécu",
        "Siren : [[SIREN|368773132]] ; commande 368773132",
        "P.IVA [[VAT|00743110157]] ; numéro d'entreprise [[VAT|0428.759.497]]",
        "VAT at 20% on 123456789",
        "tél : [[PHONE|O6 12 34 56 78]] / [[PHONE|06 l2 34 56 79]] ; lot O6 12 34 56 78 l",
        "carte bancaire (scan) [[CARD|4455 853O 4352 0562]]",
        "mon numéro, c'est le [[PHONE|06 douze 34 cinquante-six 78]]",
        "Phone: [[PHONE|555-0123]], part 555-0123; teléfono [[PHONE|612 345 678]]",
        "N° de client 0612345678 ; commande 06 12 34 56 78",
    ],
)
def test_accounts_cards_and_numbers_of_persons(marked: str) -> None:
    _check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "M. Roy, 46 ans, né en [[DATE_OF_BIRTH|1978]] ; la société est née en 1998",
        "Ma date de naissance : [[DATE_OF_BIRTH|trois mai quatre-vingt]] ; réunion le trois mai",
        "Birth: [[DATE_OF_BIRTH|1980-05-03]]; birth rate: 1980-05-03",
        "Le projet, né le 3 mars 2010, compte 40 sites.",
        "b. [[DATE_OF_BIRTH|12 Apr 1978]]; Birthday: [[DATE_OF_BIRTH|June 8]]",
        "Geburtsdatum: [[DATE_OF_BIRTH|03.05.1980]]; nata a Roma il [[DATE_OF_BIRTH|04/05/1980]]",
        "Dates de naissance : Léo [[DATE_OF_BIRTH|14/09/2019]], Zoé [[DATE_OF_BIRTH|02/01/2022]]",
        "ma date de naissance c'est [[DATE_OF_BIRTH|22 05 74]] ; le congé de naissance débute le 3 mai 2024",
        "name,birth_date,hire_date\nAnn,[[DATE_OF_BIRTH|12/04/1978]],01/02/2003",
    ],
)
def test_dates_of_birth(marked: str) -> None:
    _check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Jean Dupont, 44 ans, entré le 03/05/2010",
        "enfants : Léo (né le [[DATE_OF_BIRTH|14/09/2019]]) et Zoé ([[DATE_OF_BIRTH|02/01/2022]])",
        "il aura 18 ans le [[DATE_OF_BIRTH|4 juin 2025]], prêt de 10 ans, 03/05/2024",
        "année de naissance : [[DATE_OF_BIRTH|1980]] ; société née en 1980",
        "son anniversaire est le [[DATE_OF_BIRTH|3 mai]], l'anniversaire du contrat le 4 mai",
        "Le passeport de Mme Roy, délivré par la préfecture, porte le n° [[PASSPORT_OR_ID|14DA55231]].",
        "passeport: [[PASSPORT_OR_ID|21ak90412]] ; passeport prévention, commande 445566",
        "passport: [[PASSPORT_OR_ID|eight zero four two one nine seven three five]]",
        "CCP [[BANK_ACCOUNT|1234567A 020]], compte postal [[BANK_ACCOUNT|80-12345-6]]",
        '"account_number": "[[BANK_ACCOUNT|12345678]]", "sort_code": "[[BANK_ACCOUNT|20-45-45]]"',
        "mot de passe oublié pour [[USERNAME_OR_HANDLE|mroy75]], mot de passe perdu par un agent",
        "utilisateurs : [[USERNAME_OR_HANDLE|mroy]], [[USERNAME_OR_HANDLE|alee]] et autres",
        "uid=1001([[USERNAME_OR_HANDLE|mroy]]) ; <login>[[USERNAME_OR_HANDLE|alee]]</login>",
        "pseudo [[USERNAME_OR_HANDLE|LoupGris]] ; pseudo obligatoire",
    ],
)
def test_what_a_sentence_a_field_or_a_journal_announces(marked: str) -> None:
    _check(marked)
