"""Registration plates: French, British, Belgian and Swiss ones, and any that a word announces."""

import re
from collections.abc import Iterable, Iterator

from centaure.guardrails.personal_data.cues import Kind
from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.personal_data.spoken import number
from centaure.guardrails.policy import Label

_L = "[A-HJ-NP-TV-Z]"  # of the French register: no I, O, U
_FORMS = re.compile(
    r"(?<![\w\-])(?:"
    rf"(?P<french>{_L}{{2}}[ \-]?\d{{3}}[ \-]?{_L}{{2}})"
    rf"|(?P<older>(?<![,.])\d{{1,4}} ?{_L}{{2,3}} ?(?:2[AB]|9[0-5]|97[1-6]|0[1-9]|[1-8]\d))"
    r"|(?P<british>[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1256]\d|7[0-6]) ?[A-HJ-PR-Z]{3})"
    r"|(?P<prefix>[A-Z]\d{1,3} ?[A-Z]{3})"
    r"|(?P<spanish>\d{4}[ \-]?[B-DF-HJ-NP-TV-Z]{3})"
    r"|(?P<pairs>[A-Z]{2}-\d\d-[A-Z]{2}|\d\d-[A-Z]{2,3}-\d{1,2}|[A-Z]{1,2}-\d{3}-[A-Z]{1,2})"
    r"|(?P<german>[A-ZÄÖÜ]{1,3}[\- ][A-Z]{1,2} ?\d{1,4})"
    r"|(?P<belgian>[1-9][\-. ][A-Z]{3}[\-. ]\d{3})"
    r"|(?P<swiss>(?:AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH)"
    r"[ \-·]\d{1,3}[ '.]?\d{3}))(?![\w\-])"
)
_LOOSE = re.compile(
    r"(?<![\w\-])[a-hj-np-tv-z] ?[a-hj-np-tv-z] ?- ?\d ?\d ?\d ?- ?[a-hj-np-tv-z] ?[a-hj-np-tv-z](?![\w\-])"
    r"|(?<![\w\-])[a-hj-np-tv-z] [a-hj-np-tv-z] {1,3}\d \d \d {1,3}[a-hj-np-tv-z] [a-hj-np-tv-z](?![\w\-])"
)
"""The French form in lower case, or with gaps where a scan put them."""
_EXAMPLE = re.compile(
    r"(?<![a-z])(?:(?:de la )?forme|de type|formats?|modele|model|au type)\W{1,8}$"
)
_NO_SIGN = re.compile(r"\W")
_SAMPLE = re.compile(r"[A-Z]{2}000[A-Z]{2}|AA111AA|AA11AAA|[A-Z]{3}000|000[A-Z]{3}")
"""Plates that stand for the form and for no vehicle."""
_ALONE = {"french", "british", "belgian"}
"""Forms that need no word before them; seven characters without gaps do, see `_by_form`."""
_CODE = re.compile(
    r"(?=[A-Z0-9]{0,3}[ \-]{0,2}[A-Z0-9])[A-Z0-9]{1,4}(?:[ \-]?[A-Z0-9]{1,4}){1,3}(?!\w)"
)
_CODE_LATER = re.compile(
    r"[^\d\n;.]{1,30}?(?<![A-Za-z0-9])([A-Z0-9]{1,4}(?:[ \-]?(?:[A-Z]{1,3}|\d{1,4})){1,3})(?!\w)"
)
_LOWER = re.compile(r"(?<!\w)[a-z]{2}[ \-]?\d{3}[ \-]?[a-z]{2}(?!\w)")
_SPOKEN = re.compile(r"(?<!\w)([A-Z] ?[A-Z]) (?=[a-z])")
_SPOKEN_END = re.compile(r" ([A-Z] ?[A-Z])(?!\w)")
_ALPHABET = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar"
    "|papa|quebec|romeo|sierra|tango|uniform|victor|whiske?y|x-?ray|yankee|zulu"
)
_DIGIT = "zero|one|two|three|four|five|six|seven|eight|nine|niner|un|deux|trois|quatre|cinq|sept|huit|neuf"
_PHONETIC = re.compile(
    rf"(?<![a-z])(?:(?:{_ALPHABET}|{_DIGIT}|\d{{1,3}})[ ,]{{1,2}}){{4,7}}(?:{_ALPHABET}|{_DIGIT}"
    rf"|\d)(?![a-z])"
)
_CUE = re.compile(
    r"(?<![a-z])(?:immat(?:riculation|riculee?s?)?|plaques?(?: (?:allemande|belge|suisse|d'immatriculation"
    r"|mineralogique|italienne|espagnole))?|(?:licen[cs]e|number) plates?|plates?"
    r"|registration(?: number| no)?|reg(?: no)?|index|vrm|kennzeichen|matricula|targa|vehicules?|voitures?"
    r"|vehicles?|cars?|van)(?![a-z])"
)
_WORDS = words_of(
    "immat immatriculation immatricule immatriculee immatricules plaque plaques plate plates"
    " registration reg index vrm kennzeichen matricula targa vehicule vehicules voiture voitures"
    " vehicle vehicles"
    " car cars van"
)
_FILLER = re.compile(
    r"(?:[ :.,\"'=(#|]|n°|nos?(?![a-z])|number|mark|numero|est|is|c'est|le|la|the|my){0,8}"
)
_HEAD = re.compile(
    r"(?:.{0,15} )?(?:immat\w*|plaques?|plates?|registration|reg|cars?|vehicles?|vehicules?)"
)


def plates(reading: Reading) -> Iterable[Candidate]:
    """Plates by their form, by the word before them, and as they are dictated; no samples of a form."""
    for one in _all(reading):
        written = _NO_SIGN.sub("", reading.text[one.start : one.end])
        example = _EXAMPLE.search(reading.low, max(0, one.start - 30), one.start)
        if not _SAMPLE.fullmatch(written) and not example:
            yield one


def _all(reading: Reading) -> Iterator[Candidate]:
    if reading.has_digits:
        yield from _by_form(reading)
    if not reading.words.isdisjoint(_WORDS):
        yield from _named(reading)
        yield from _dictated(reading)


def _by_form(reading: Reading) -> Iterator[Candidate]:
    for found in _LOOSE.finditer(reading.low):
        if reading.cues.nearest(found.start(), 10) is Kind.REFERENCE:
            continue
        if found.group().count("-") == 2 or reading.cues.nearest(found.start(), 60) is Kind.PLATE:
            yield _plate(found, 0.8)
    for found in _FORMS.finditer(reading.text):
        near = reading.cues.nearest(found.start(), 60)
        form = found.lastgroup
        hyphens = form == "french" and found.group().count("-") == 2
        if form == "french" and not _is_french(found.group(form)):
            continue
        if near is Kind.PLATE:
            yield _plate(found, 0.93)
        elif reading.cues.nearest(found.start(), 10) is Kind.REFERENCE:
            continue
        elif (
            form in _ALONE
            and not (form == "french" and len(found.group()) == 7)
            and (hyphens or near is not Kind.REFERENCE)
        ):
            yield _plate(found, 0.85 if hyphens else 0.75)


def _is_french(plate: str) -> bool:
    """Whether both gaps are alike, and the letters in use."""
    if plate[:2] == "SS" or "000" in plate:
        return False
    return len(plate) == 7 or (len(plate) == 9 and plate[2] == plate[6])


def _named(reading: Reading) -> Iterator[Candidate]:
    text, low = reading.text, reading.low
    for cue in _CUE.finditer(low):
        filler = _FILLER.match(low, cue.end())
        start = filler.end() if filler else cue.end()
        found = _CODE.match(text, start) or _LOWER.match(low, start)
        if not found and cue.group().startswith(
            ("immat", "plaq", "reg", "plate", "number", "licen")
        ):
            found = _CODE_LATER.match(text, cue.end())
        if found and _mixed(found.group(found.lastindex or 0)):
            yield Candidate(
                *found.span(found.lastindex or 0), Label.LICENCE_PLATE, 0.85, "plate-named.1"
            )
    for start, end, head in reading.cues.columns.cells():
        code = _CODE.fullmatch(text, start, end) if _HEAD.fullmatch(head) else None
        if code and _mixed(code.group()):
            yield _plate(code, 0.85)


def _mixed(code: str) -> bool:
    """Letters and digits, five to nine of them."""
    letters, digits = sum(map(str.isalpha, code)), sum(map(str.isdigit, code))
    return letters >= 2 and digits >= 1 and 5 <= letters + digits <= 9 and letters <= 6


def _dictated(reading: Reading) -> Iterator[Candidate]:
    for found in _PHONETIC.finditer(reading.low):
        if reading.cues.nearest(found.start()) is Kind.PLATE and re.search(
            _ALPHABET, found.group()
        ):
            yield _plate(found, 0.85)
    for found in _SPOKEN.finditer(reading.text):
        spelt = number(reading.low, found.end())
        end = _SPOKEN_END.match(reading.text, spelt[1]) if spelt else None
        if end:
            yield Candidate(found.start(), end.end(), Label.LICENCE_PLATE, 0.85, "plate-dictated.1")


def _plate(found: re.Match[str], score: float) -> Candidate:
    return Candidate(found.start(), found.end(), Label.LICENCE_PLATE, score, "plate.1")
