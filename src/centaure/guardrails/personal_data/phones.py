"""Telephone numbers, by the numbering plans of France and its neighbours and by ITU-T E.164."""

import re

from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.personal_data.runs import Window
from centaure.guardrails.policy import Label

_COUNTRIES = {
    "33": (9,),
    "32": (8, 9),
    "41": (9,),
    "44": (9, 10),
    "352": (6, 8, 9),
    "377": (8, 9),
    "262": (9,),
    "590": (9,),
    "594": (9,),
    "596": (9,),
    "508": (6,),
    "681": (6,),
    "687": (6,),
    "689": (6, 8),
    "1": (10,),
    "49": (7, 8, 9, 10, 11),
    "34": (9,),
    "39": (8, 9, 10, 11),
    "31": (9,),
    "351": (9,),
    "353": (7, 8, 9),
    "48": (9,),
    "30": (10,),
    "212": (9,),
    "213": (8, 9),
    "216": (8,),
}
"""Digits after the code of a country, without the zero of national calls."""
_OTHERS = re.compile(
    r"(?:7|2[07]|3[69]|4[03567]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|2[1-69]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[05678]\d|9[679]\d)"
)
_FRENCH = {(10,), (2, 2, 2, 2, 2), (4, 2, 2, 2), (4, 3, 3), (4, 6), (2, 8), (1, 1, 2, 2, 2, 2)}
_SWISS = {(3, 3, 2, 2), (3, 7), (3, 3, 4)}
_BELGIAN = {(2, 3, 2, 2), (3, 2, 2, 2), (3, 3, 3), (3, 6), (2, 7), (4, 2, 2, 2), (4, 6), (4, 3, 3)}
_BRITISH = {(11,), (5, 6), (3, 4, 4), (5, 3, 3), (4, 3, 4), (4, 7), (3, 8), (5, 2, 2, 2)}
_AMERICAN = {(3, 3, 4), (1, 3, 3, 4)}
_LOCAL = {(3, 3, 3), (3, 4), (3, 2, 2, 2), (4, 4), (4, 8), (4, 7), (5, 6)}
"""How countries without trunk zero, and German mobiles, are grouped."""
_OTHER_NUMBERS = {
    Kind.REFERENCE,
    Kind.SIREN,
    Kind.SIRET,
    Kind.NIR,
    Kind.ACCOUNT,
    Kind.IBAN,
    Kind.VAT,
    Kind.CARD,
    Kind.IDENTITY,
}
_NEAR = 14
_WORDS = words_of(
    "tel phone phones telephone mobile cell call dial ext fax office direct voicemail"
)


def phone(window: Window, reading: Reading) -> Candidate | None:
    """A telephone number, if a part of a run is one."""
    digits = window.digits
    if not 6 <= len(digits) <= 18 or not digits.isdecimal():
        return None
    if window.plus or digits.startswith("00"):
        score = _international(window, reading)
    else:
        score = _national(window, reading)
    return Candidate(window.start, window.end, Label.PHONE, score, "phone.1") if score else None


def _international(window: Window, reading: Reading) -> float:
    digits = window.digits if window.plus else window.digits[2:]
    for code, lengths in _COUNTRIES.items():
        if digits.startswith(code):
            rest = digits[len(code) :]
            length = len(rest) - (rest.startswith("0") and len(rest) - 1 in lengths)
            if length not in lengths:
                return 0.0
            if window.plus:
                return 0.95
            return 0.93 if len(window.sizes) > 1 or _named(window, reading) else 0.7
    known = _OTHERS.match(digits)
    if known and window.alone and 8 <= len(digits) <= 15:
        return 0.9 if window.plus else 0.7 * _named(window, reading)
    return 0.0


def _national(window: Window, reading: Reading) -> float:
    if not window.alone:
        return 0.0
    named = _named(window, reading)
    near = reading.cues.nearest(window.start, _NEAR)
    other = near in _OTHER_NUMBERS and not named
    if window.spoken:
        return 0.9 if _is_national(window) and not other else 0.7 * (named and not other)
    score = 0.0
    if _is_national(window):
        grouped = _grouped(window)
        loose = window.sizes.count(1) > 4
        if grouped == "pairs":
            just = reading.cues.nearest(window.start, 3) is Kind.REFERENCE
            score = 0.0 if just else 0.93
        elif grouped and not other:
            score = 0.9
        elif named or (loose and not other):
            score = 0.85
    elif window.sizes in _AMERICAN and _american(window.digits) and not other:
        dotted = window.gaps == frozenset(".")
        brackets = "(" in reading.text[window.start : window.start + 2]
        score = 0.75 if named or brackets or (dotted and _mentioned(reading)) else 0.0
    if not score and named and window.sizes in _LOCAL and not other:
        score = 0.6 if reading.cues.nearest(window.start, _NEAR) is Kind.PHONE else 0.0
    if not score and named and 8 <= len(window.digits) <= 13 and not _date(window):
        score = 0.6 if reading.cues.nearest(window.start, _NEAR) is Kind.PHONE else 0.0
    return score


def _mentioned(reading: Reading) -> bool:
    """Whether the text speaks of telephones anywhere."""
    return not reading.words.isdisjoint(_WORDS)


def _named(window: Window, reading: Reading) -> bool:
    return reading.cues.nearest(window.start, 40) is Kind.PHONE


def _is_national(window: Window) -> bool:
    digits, sizes = window.digits, window.sizes
    if window.spoken and len(digits) in (10, 11) and _american(digits):
        return True
    if digits[0] != "0" or digits[1] == "0":
        return False
    if len(digits) == 10:
        return True
    if len(digits) == 11:
        return digits[1] in "12378" and (sizes in _BRITISH or window.spoken)
    return len(digits) == 9 and sizes in _BELGIAN


def _grouped(window: Window) -> str:
    """How a national number is grouped, empty for no habit of any country."""
    if window.sizes == (2, 2, 2, 2, 2):
        return "pairs"
    usual = _FRENCH | _SWISS | _BRITISH | _BELGIAN | {(5, 5), (4, 3, 3), (5, 2, 3)}
    return "usual" if window.sizes in usual and len(window.gaps) <= 2 else ""


def _american(digits: str) -> bool:
    local = digits[-10:]
    return local[0] in "23456789" and local[3] in "23456789" and digits[:-10] in ("", "1")


def _date(window: Window) -> bool:
    return window.sizes[:3] in {(2, 2, 4), (4, 2, 2), (1, 2, 4), (2, 2, 2), (2, 1, 4), (1, 1, 4)}
