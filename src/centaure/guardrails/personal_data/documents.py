"""Numbers of identity papers: passports, identity and residence cards, licences, national numbers."""

import re
from collections.abc import Iterable, Iterator

from centaure.guardrails.personal_data.check_digits import valid
from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.personal_data.spoken import NUMBER_WORDS
from centaure.guardrails.policy import Label

_PAPERS = re.compile(
    r"(?<![a-z])(?:pass ?e? ?ports?|cnie?|ci|permis(?: de conduire)?(?! d'"
    r"| de (?!conduire|travail|m\.|mr?s? |mme|mlle|monsieur|madame))"
    r"|permis de travail|titres? de sejour|reisepass(?:nummer)?|pasaporte|passaporto|carta d'identita"
    r"|steuer-?id(?:nr|entifikationsnummer)?|codice fiscale|aadhaar|green card|nhs (?:number|no)"
    r"|(?:numero|n°|no|num) (?:fiscal(?! du local)|spi)|identifiant fiscal|numero (?:de )?contribuable"
    r"|matricule national|numero d'identification nationale?|(?:work|resident) permit|medicare|itin|utr"
    r"|tax (?:id|reference|identification number)"
    r"|cartes? (?:nationales? )?d'? ?identite|cartes? de (?:resident|sejour)|pieces? d'identite"
    r"|cartes? d'electeur"
    r"|numeros? d?'?etrangere?|n° d?'?etrangere?|agdref|neph|recepisse|registre national|niss|avs|ahv|nas"
    r"|driv(?:ing|er'?s?) ?(?:licen[cs]e|permit)|dvla|residence (?:card|permit)|brp"
    r"|biometric residence permit"
    r"|identity (?:card|document)|(?:national )?id (?:card|document|number|no)|national insurance|nino"
    r"|ni (?:no|number)|ssn|social security|dni|nie|nif|id doc|travel document"
    r"|(?:personal)?ausweis(?:nummer)?"
    r"|pps(?:n| number)?"
    r"|visa \(?(?:no|number|n°)|e-?id(?= )"
    r"|emirates id|reference fiscale|licen[cs]e (?:no|number|n°)|carte consulaire|laissez-passer)s?(?![a-z])"
)
_GENERIC = re.compile(r"(?<![a-z])(?:pieces?|documents?|licen[cs]e)(?![a-z])")
_WORDS = words_of(
    "passeport passeports passport passports pass port ports cni ci permis titre titres carte"
    " cartes piece pieces numero numeros n recepisse registre niss avs ahv nas driving driver"
    " drivers residence identity id national nino ni ssn social dni nie nif travel document"
    " documents agdref neph dvla brp biometric personalausweis ausweis ausweisnummer pps ppsn visa"
    " licence license"
    " laissez cnie reisepass reisepassnummer pasaporte passaporto carta steuer steuerid codice aadhaar green"
    " eid emirates fiscale nhs fiscal spi num matricule work resident permit"
    " medicare itin utr tax contribuable"
)
_FILLER = re.compile(
    r"(?:[ :.,\"'=()#|]|(?:n°|nos?|numbers?|num(?:ero)?s?|est|is|portant|francaise?|british|french"
    r"|belge|suisse|italienne?|espagnole?|us|uk|le|la|the|de|du|of|sejour|nationale?|identite|biometrique"
    r"|valide|old|new|ancien|nouveau)(?![a-z])){0,14}"
)
_HEAD = re.compile(rf".{{0,20}}(?:{_PAPERS.pattern}|{_GENERIC.pattern}).{{0,20}}")
_CODE = re.compile(r"[A-Z0-9](?![a-z])(?:[ \-]{0,3}[A-Z0-9](?![a-z])){4,21}(?![\w])")
_FORMS = re.compile(
    r"(?<![\w\-])(?=[A-Z]{2}|\d{3}-)(?:"
    r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"
    r"|[A-Z]{2,5}9{0,3}\d{6}[A-Z9]{2}\d[A-Z0-9]{2}"
    r"|[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]"
    r"|(?!000|666)\d{3}-(?!00)\d\d-(?!0000)\d{4})(?![\w\-])"
)
"""British national insurance numbers and licences, Italian tax codes, American social security numbers."""
_SPANISH = re.compile(r"(?<!\w)(?:\d{8}|[XYZ]-?\d{7})[ \-]?[A-Z](?!\w)")
_MACHINE_READ = re.compile(r"(?<![\w<])[A-Z0-9<]{28,44}(?![\w<])")
_MACHINE_LINE = re.compile(r"[PIAVC][A-Z<][A-Z<]{3}")
_CARD_NUMBER = re.compile(r"(?=[A-Z0-9]{0,8}\d)(?=[A-Z0-9]{0,8}[A-Z])[B-DF-HJ-NP-TV-Z0-9]{9}")
"""French and German identity cards: no vowels, and nothing that is read for something else."""
_PAPER_FIRST = re.compile(
    r"(?:CNIE?|CNI|CI|NO|N|NR|NUM|ID|PASSPORT|PASSEPORT|PERMIS)[ \-]{1,3}(?=[A-Z0-9]{5})"
)
_FEWEST_DIGITS = 4
_SMALL = re.compile(r"(?=(?:[a-z]{0,3}\d){4})(?=\d{0,4}[a-z])[a-z0-9]{7,16}(?!\w)")
"""A code in small letters."""
_NUMBERED = re.compile(r"[^\n;]{4,80}?(?<![a-z])(?:n°|numero|number|num\.?) ?:? ?(?=[a-z0-9]{2})")
_FURTHEST = 100
_NEAR = 30
_OTHERS = re.compile(
    r"(?<![a-z])(?:commandes?|orders?|ref(?:erence)?|factures?|invoices?|dossiers?|clients?|contrats?|tel"
    r"|telephone|phone|comptes?|account|siret|siren|iban|badge|lot|immatricul\w*|plaque|registration|rue)"
    r"(?![a-z])"
)
"""Words for what else has numbers."""


def identity_documents(reading: Reading) -> Iterable[Candidate]:
    """Numbers after the name of a paper, and forms that are a paper's alone."""
    text = reading.text
    for found in _MACHINE_READ.finditer(text) if "<<" in text else ():
        if any(map(str.isdigit, found.group())) or _MACHINE_LINE.match(found.group()):
            yield _paper(found.start(), found.end(), 0.9, "machine-read.1")
    if reading.has_digits or len(reading.words & NUMBER_WORDS) > 1:
        yield from _named(reading)
    if not reading.has_digits:
        return
    for found in _FORMS.finditer(text):
        yield _paper(found.start(), found.end(), 0.87, "paper-form.1")
    for found in _SPANISH.finditer(text):
        bare = re.sub(r"[ \-]", "", found.group())
        if valid("es.nie" if bare[0] in "XYZ" else "es.dni", bare):
            yield _paper(found.start(), found.end(), 0.85, "spanish-number.1")


def _named(reading: Reading) -> Iterator[Candidate]:
    """The code after the name of a paper: at once, or after a few words in which no other number stands."""
    text, low = reading.text, reading.low
    if not reading.words.isdisjoint(_WORDS):
        for paper in _PAPERS.finditer(low):
            if found := _code_after(text, low, paper.end()):
                yield _paper(*found, 0.9, "paper-named.1")
            elif spoken := next(
                (run for run in reading.runs if run.spoken and 0 < run.sign - paper.end() < _NEAR),
                None,
            ):
                yield _paper(spoken.sign, spoken.groups[-1].end, 0.8, "paper-dictated.1")
        for paper in _GENERIC.finditer(low):
            filler = _FILLER.match(low, paper.end())
            code = _code_at(text, filler.end() if filler else paper.end())
            if code and any(map(str.isalpha, text[slice(*code)])):
                yield _paper(*code, 0.72, "paper-named.1")
    for start, end, head in reading.cues.columns.cells():
        code = _CODE.match(text, start, end) if _HEAD.fullmatch(head) else None
        if code and code.end() == end and _likely(code.group()):
            yield _paper(start, end, 0.9, "paper-column.1")


def _code_after(text: str, low: str, place: int) -> tuple[int, int] | None:
    filler = _FILLER.match(low, place)
    begins = filler.end() if filler else place
    if code := _code_at(text, begins):
        return code
    if small := _SMALL.match(low, begins):
        return small.span()
    if code := _soon(text, low, place):
        return code
    numbered = _NUMBERED.match(low, place, place + _FURTHEST)
    if numbered and not _OTHERS.search(numbered.group()):
        return _code_at(text, numbered.end())
    return None


def _soon(text: str, low: str, place: int) -> tuple[int, int] | None:
    """The first code after a few words, in which no other number stands."""
    for start in range(place, min(len(text), place + 45)):
        if text[start] in ";\n":
            return None
        if not text[start - 1].isalnum() and _CODE.match(text, start):
            if _OTHERS.search(low, place, start):
                return None
            return _code_at(text, start)
        if text[start].isdigit():
            return None
    return None


def _code_at(text: str, start: int) -> tuple[int, int] | None:
    """The number of a paper that begins at a place, without the paper's own name before it."""
    named = _PAPER_FIRST.match(text, start)
    start = named.end() if named else start
    code = _CODE.match(text, start)
    return code.span() if code and _likely(code.group()) else None


def _likely(code: str) -> bool:
    bare = re.sub(r"[ \-]", "", code)
    if _CARD_NUMBER.fullmatch(bare):
        return True
    digits = sum(map(str.isdigit, bare))
    return 6 <= len(bare) <= 18 and digits >= _FEWEST_DIGITS


def _paper(start: int, end: int, score: float, rule: str) -> Candidate:
    return Candidate(start, end, Label.PASSPORT_OR_ID, score, rule)
