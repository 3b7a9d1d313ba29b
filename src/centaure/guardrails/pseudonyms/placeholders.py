"""What stands in a text for a value, and by which words language models call it."""

from dataclasses import dataclass

from centaure.guardrails.policy import Label


@dataclass(frozen=True, slots=True, order=True)
class Placeholder:
    """A kind of personal data and a number from 1: `[PERSON_1]`."""

    label: Label
    number: int

    def __str__(self) -> str:
        return f"[{self.label}_{self.number}]"


_WORDS = {
    Label.PERSON: "person persons personne personnes persona individual individu",
    Label.EMAIL: "email emails e_mail courriel courriels adresse_email adresse_e_mail email_address",
    Label.PHONE: "phone phones telephone telephones phone_number numero_de_telephone",
    Label.IBAN: "iban ibans",
    Label.CARD: "card cards carte cartes carte_bancaire bank_card credit_card",
    Label.NIR: "nir numero_de_securite_sociale social_security_number",
    Label.SIRET: "siret numero_siret",
    Label.SIREN: "siren numero_siren",
    Label.VAT: "vat tva vat_number numero_tva numero_de_tva",
    Label.ADDRESS: "address addresses adresse adresses adresse_postale postal_address",
    Label.DATE_OF_BIRTH: "date_of_birth dates_of_birth date_de_naissance birth_date",
    Label.PASSPORT_OR_ID: "passport_or_id passeport_ou_id passeport_ou_identite passport passeport",
    Label.LICENCE_PLATE: (
        "licence_plate license_plate licence_plates plaque_d_immatriculation plaque immatriculation"
    ),
    Label.IP: "ip adresse_ip ip_address",
    Label.USERNAME_OR_HANDLE: (
        "username_or_handle username handle nom_d_utilisateur nom_d_utilisateur_ou_pseudo identifiant pseudo"
    ),
    Label.BANK_ACCOUNT: "bank_account compte_bancaire",
    Label.HEALTH: "health sante",
}
"""Their names, and what they become where a model translates them; `_` is where words may come apart."""

KINDS = {word.replace("_", ""): label for label, words in _WORDS.items() for word in words.split()}
PREFIXES = {word[:size] for word in KINDS for size in range(1, len(word) + 1)}
BREAKS = {
    word[:at].replace("_", "")
    for words in _WORDS.values()
    for word in words.split()
    for at, letter in enumerate(word)
    if letter == "_"
}
ACRONYMS = frozenset({"iban", "ibans", "nir", "siret", "siren", "vat", "tva", "ip"})
"""Words of everyday prose in capitals too: a number that follows without `_` is no placeholder's."""
