"""Codes of letters and digits that begin with a country: IBAN and VAT numbers, in any grouping."""

import re
from collections.abc import Iterable

from centaure.guardrails.personal_data.check_digits import iban, valid
from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.policy import Label

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z] ?[A-Za-z][ :]{0,2}\d ?\d")
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ TL OM SO",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "FR GR IT MC MR SM BI",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
"""Characters of an IBAN by country, from the registry of ISO 13616."""

_VAT_LENGTHS = {
    "AT": (9,),
    "BE": (10,),
    "BG": (10, 9),
    "CY": (9,),
    "CZ": (10, 9, 8),
    "DE": (9,),
    "DK": (8,),
    "EE": (9,),
    "EL": (9,),
    "ES": (9,),
    "FI": (8,),
    "FR": (11,),
    "GB": (12, 9),
    "HR": (11,),
    "HU": (8,),
    "IE": (9, 8),
    "IT": (11,),
    "LT": (12, 9),
    "LU": (8,),
    "LV": (11,),
    "MT": (8,),
    "NL": (12,),
    "PL": (10,),
    "PT": (9,),
    "RO": (10, 9, 8, 7, 6),
    "SE": (12,),
    "SI": (8,),
    "SK": (10,),
    "XI": (9,),
}
"""Characters after the country, from the European Commission's table of VAT numbers."""

_VAT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}(?=[ .\-]{0,2}[A-Z0-9])")
_SWISS_VAT = re.compile(
    r"(?<![A-Za-z0-9])CHE[ .\-]{0,2}(\d{3})[ .]?(\d{3})[ .]?(\d{3})(?:[ ]?(?:TVA|MWST|IVA|HR))?(?!\w)"
)
_GAP = " .-/_\n"


def ibans(reading: Reading) -> Iterable[Candidate]:
    """International bank account numbers, ISO 13616."""
    if not reading.has_digits:
        return
    for found in _IBAN.finditer(reading.text):
        country = "".join(filter(str.isalpha, found.group())).upper()
        length = _IBAN_LENGTHS.get(country)
        taken = length and _taken(reading.text, found.start(), length, widest=3)
        if not taken:
            continue
        number, end = taken
        if sum(map(str.isdigit, number)) < 8:
            continue
        if iban(number):
            yield Candidate(found.start(), end, Label.IBAN, 0.99, "iban.1")
        elif reading.cues.nearest(found.start(), 15) is Kind.IBAN and not reading.cues.doubted(
            found.start(), end
        ):
            yield Candidate(found.start(), end, Label.IBAN, 0.6, "iban-named.1")


def vat_numbers(reading: Reading) -> Iterable[Candidate]:
    """VAT numbers of the European Union, the United Kingdom and Switzerland."""
    if not reading.has_digits:
        return
    for found in _VAT.finditer(reading.text):
        for length in _VAT_LENGTHS.get(found.group(), ()):
            taken = _taken(reading.text, found.end(), length, widest=2)
            if taken and sum(map(str.isdigit, taken[0])) >= 6:
                candidate = _vat(reading, found.start(), taken[1], found.group(), taken[0])
                if candidate:
                    yield candidate
                    break
    for found in _SWISS_VAT.finditer(reading.text) if "CHE" in reading.text else ():
        if valid("ch.uid", "CHE" + "".join(found.groups())):
            yield Candidate(found.start(), found.end(), Label.VAT, 0.96, "swiss-vat.1")


def _vat(reading: Reading, start: int, end: int, country: str, number: str) -> Candidate | None:
    agrees = valid("gb.vat", number) if country == "GB" else valid("eu.vat", country + number)
    near = reading.cues.nearest(start, 30)
    if agrees:
        if near is Kind.REFERENCE:
            return None
        return Candidate(start, end, Label.VAT, 0.96 if near is Kind.VAT else 0.9, "vat.1")
    if near is Kind.VAT and not reading.cues.doubted(start, end):
        return Candidate(start, end, Label.VAT, 0.6, "vat-named.1")
    return None


def _taken(text: str, start: int, length: int, widest: int) -> tuple[str, int] | None:
    """The next letters and digits with the gaps between them left out, and where they end.

    None: there are fewer, or the last is in the middle of a word.
    """
    kept: list[str] = []
    gap = 0
    for place in range(start, min(len(text), start + 4 * length)):
        character = text[place]
        if character.isascii() and character.isalnum():
            kept.append(character)
            gap = 0
            if len(kept) == length:
                after = text[place + 1 : place + 2]
                return None if after.isalnum() else ("".join(kept).upper(), place + 1)
        elif (character in _GAP or (character == ":" and len(kept) == 2)) and gap < widest:
            gap += 1
        else:
            return None
    return None
