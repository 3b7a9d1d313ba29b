"""Numbers of persons, companies and cards, known by their check digits: NIR, SIREN, SIRET, cards."""

import re
from collections.abc import Iterable

from centaure.guardrails.personal_data.check_digits import luhn, rib, valid
from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.phones import phone
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.personal_data.runs import Window
from centaure.guardrails.policy import Label

_NIR = re.compile(
    r"[1-478]\d\d(?:0[1-9]|1[0-2]|[2-4]\d|5\d|6[0-2]|[79]\d)(?:\d\d|2[AB])\d{6}(?:\d\d)?"
)
_CARD = re.compile(
    r"(?:4\d{12}(?:\d{3})?|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12}|35\d{14}|6\d{15,18})"
)
_CARD_SIZES = {
    (16,),
    (15,),
    (14,),
    (13,),
    (4, 4, 4, 4),
    (4, 6, 5),
    (4, 6, 4),
    (19,),
    (4, 4, 4, 4, 3),
}
_CARD_NAMED = re.compile(
    r"(?<![a-z])(?:cartes? (?:bancaires?|bleue|visa|mastercard|de credit|de paiement)|cb"
    r"|numero de carte|mastercard"
    r"|(?:credit|debit|payment|bank) card|card (?:number|no)|visa)(?![a-z])[^\d\n]{0,16}$"
)
_KEY_AFTER = re.compile(r"[ ,;]{0,2}\(? ?(?:cle|key)(?: est| is)?[ :]{0,3}\d\d(?!\d)\)?")
_SOCIAL = frozenset({"nir", "secu", "insee", "vitale"})
_VAT_STANDARDS = {
    9: ("gb.vat", "de.vat", "pt.nif"),
    10: ("be.vat", "pl.nip"),
    11: ("it.iva", "fr.tva"),
}
"""Who numbers for VAT with so many digits, by modules of python-stdnum, where the country is left out."""
_REGISTER_AFTER = re.compile(r"\s?,?\s?r\.?c\.?s\b")
_NEAR = 25


def identifiers(reading: Reading) -> Iterable[Candidate]:
    """Identifiers among the runs of digits of a text, and telephone numbers."""
    for window in reading.windows:
        for rule in _RULES.get(len(window.digits), ()):
            if found := rule(window, reading):
                yield found
        if found := phone(window, reading):
            yield found


def _found(window: Window, label: Label, score: float, rule: str) -> Candidate:
    return Candidate(window.start, window.end, label, score, rule)


def _nir(window: Window, reading: Reading) -> Candidate | None:
    """The French social security number, 13 characters and a key of two digits."""
    if window.plus or not _NIR.fullmatch(window.digits):
        return None
    named = reading.cues.says(window.start, Kind.NIR)
    if len(window.digits) == 13:
        asked = named or not reading.words.isdisjoint(_SOCIAL) or "securite sociale" in reading.low
        if not (asked and window.alone):
            return None
        key = _KEY_AFTER.match(reading.low, window.end)
        end = key.end() if key else window.end
        return Candidate(window.start, end, Label.NIR, 0.8, "nir-without-key.1")
    if valid("fr.nir", window.digits):
        sure = named or window.alone
        return _found(window, Label.NIR, 0.98 if named else 0.92, "nir.1") if sure else None
    if reading.cues.nearest(window.start, _NEAR) is Kind.NIR and window.alone:
        doubted = reading.cues.doubted(window.start, window.end)
        return None if doubted else _found(window, Label.NIR, 0.6, "nir-named.1")
    return None


def _siren(window: Window, reading: Reading) -> Candidate | None:
    """The number of a French company in the register, 9 digits."""
    if not window.alone or window.plus:
        return None
    if not luhn(window.digits):
        return _mistyped(window, reading, Kind.SIREN, Label.SIREN)
    kind = reading.cues.nearest(window.start)
    named = kind in (Kind.SIREN, Kind.SIRET) or _REGISTER_AFTER.match(reading.low, window.end)
    return _found(window, Label.SIREN, 0.95, "siren.1") if named else None


def _siret(window: Window, reading: Reading) -> Candidate | None:
    """The number of an establishment of a French company, 14 digits."""
    if window.plus:
        return None
    if not valid("fr.siret", window.digits):
        return _mistyped(window, reading, Kind.SIRET, Label.SIRET)
    if reading.cues.says(window.start, Kind.SIRET) or reading.cues.says(window.start, Kind.SIREN):
        return _found(window, Label.SIRET, 0.97, "siret.1")
    near = reading.cues.nearest(window.start, _NEAR)
    plain = window.alone and near is not Kind.REFERENCE
    if plain and luhn(window.digits[:9]):
        return _found(window, Label.SIRET, 0.8, "siret-unnamed.1")
    return None


def _mistyped(window: Window, reading: Reading, kind: Kind, label: Label) -> Candidate | None:
    """A number that its word announces at once and whose check digit does not agree."""
    if not window.alone or reading.cues.nearest(window.start, 12) is not kind:
        return None
    doubted = reading.cues.doubted(window.start, window.end)
    return None if doubted else _found(window, label, 0.6, f"{label.lower()}-named.1")


def _vat_without_country(window: Window, reading: Reading) -> Candidate | None:
    """A VAT number, or that of a Belgian enterprise, whose country only the words before it tell."""
    if window.plus or not window.alone or reading.cues.nearest(window.start, 25) is not Kind.VAT:
        return None
    if "%" in reading.text[max(0, window.start - 25) : window.start]:
        return None
    if any(valid(one, window.digits) for one in _VAT_STANDARDS[len(window.digits)]):
        return _found(window, Label.VAT, 0.94, "vat-without-country.1")
    return None


def _belgian_account(window: Window, reading: Reading) -> Candidate | None:
    """A Belgian account as it was written before IBAN, 12 digits: the last two are the rest by 97."""
    del reading
    if window.sizes != (3, 7, 2) or window.plus or not window.digits.isdecimal():
        return None
    if int(window.digits[10:]) == (int(window.digits[:10]) % 97 or 97):
        return _found(window, Label.BANK_ACCOUNT, 0.93, "belgian-account.1")
    return None


def _card(window: Window, reading: Reading) -> Candidate | None:
    """The number of a payment card, ISO/IEC 7812."""
    if window.plus or not _CARD.fullmatch(window.digits):
        return None
    named = reading.cues.says(window.start, Kind.CARD, 50)
    if window.sizes not in _CARD_SIZES and not (named and window.alone):
        return None
    if luhn(window.digits):
        near = reading.cues.nearest(window.start, _NEAR)
        if named:
            return _found(window, Label.CARD, 0.97, "card.1")
        sure = window.alone and near is not Kind.REFERENCE
        return _found(window, Label.CARD, 0.85, "card-unnamed.1") if sure else None
    if _CARD_NAMED.search(reading.low, max(0, window.start - 40), window.start) and window.alone:
        doubted = reading.cues.doubted(window.start, window.end)
        return None if doubted else _found(window, Label.CARD, 0.6, "card-named.1")
    return None


def _rib(window: Window, reading: Reading) -> Candidate | None:
    """A French account with its key, 23 digits."""
    named = reading.cues.says(window.start, Kind.ACCOUNT)
    if not window.plus and rib(window.digits) and (named or window.alone):
        return _found(window, Label.BANK_ACCOUNT, 0.97, "rib.1")
    return None


def _belgian_register(window: Window, reading: Reading) -> Candidate | None:
    """The number of a person in the Belgian register, 11 digits."""
    named = reading.cues.says(window.start, Kind.IDENTITY)
    if window.plus or not window.alone or not (named or window.sizes == (2, 2, 2, 3, 2)):
        return None
    if valid("be.nn", window.digits):
        return _found(window, Label.PASSPORT_OR_ID, 0.95, "belgian-register.1")
    return None


def _swiss_insured(window: Window, reading: Reading) -> Candidate | None:
    """The number of a person in Swiss social insurance, 13 digits."""
    del reading
    if window.alone and window.digits.startswith("756") and valid("ch.ssn", window.digits):
        return _found(window, Label.PASSPORT_OR_ID, 0.95, "swiss-insured.1")
    return None


_RULES = {
    9: (_siren, _vat_without_country),
    10: (_vat_without_country,),
    11: (_belgian_register, _vat_without_country),
    12: (_belgian_account,),
    13: (_nir, _card, _swiss_insured),
    14: (_siret, _card),
    15: (_nir, _card),
    16: (_card,),
    19: (_card,),
    23: (_rib,),
}
