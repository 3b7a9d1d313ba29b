"""Dates of birth: the date that a word of birth announces, in figures, in words, in a table."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.personal_data.spoken import number, spoken
from centaure.guardrails.policy import Label

_MONTHS = (
    r"janv(?:ier)?|fevr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|dec(?:embre)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|october|november|december"
)
_D = r"\d ?\d?"
_Y = r"(?:(?:1 ?[89]|2 ?0) ?\d ?\d)"
_SEP = r" ?[./\-|] ?"
_DATE = re.compile(
    rf"(?<![\d])(?:{_Y}{_SEP}{_D}{_SEP}{_D}(?!\d)"
    rf"|{_D}{_SEP}{_D}{_SEP}(?:{_Y}|\d\d)(?![\d])"
    rf"|\d\d \d\d (?:19|20)\d\d(?!\d)|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|{_D}(?:er|st|nd|rd|th)?[ ./\-]{{1,3}}(?:of )?(?:{_MONTHS})\.?[ ,./\-]{{1,3}}(?:{_Y}|\d\d)(?!\d)"
    rf"|(?:{_MONTHS})\.? (?:the )?{_D}(?:st|nd|rd|th)?,? {_Y}(?!\d)"
    rf"|(?<![a-z])(?:{_MONTHS})\.? (?:19|20)\d\d(?!\d)"
    r"|(?<!\d )(?:0[1-9]|[12]\d|3[01]) (?:0\d|1[0-2]) \d\d(?! ?\d))"
)
_YEAR_ALONE = re.compile(r"(?:en|in) (?:l'an )?(?=((?:19|20)\d\d)(?![\d/.\-]\d|\d))")
_DAY_ALONE = re.compile(
    rf"(?: (?:est|is))?(?: ?: ?| (?:le|on|the) | )((?:{_MONTHS}) \d\d?(?:st|nd|rd|th)?|\d\d?(?:er|st"
    rf"|nd|rd|th)?"
    rf" (?:of )?(?:{_MONTHS}))(?![\w/])(?! \d)"
)
_SOMEBODY = re.compile(
    r"(?:\b(?:Mr?s?|Mme|Mlle|Dr|[Mm]onsieur|[Mm]adame)\b\.?[^.\n]{0,40}"
    r"|(?<!\w)[A-ZÀ-Þ][\w'\-]+ [A-ZÀ-Þ][\w'\-]+,? ?\(?|\bans,? |\b(?:[Ii]l|[Ee]lle|[Hh]e|[Ss]he|I"
    r"|[Jj]e|qui|who) "
    r"(?:est|suis|was|am)? ?)(?:(?:est|was) )?$"
)
_NO_BIRTH = re.compile(
    r"(?:(?:conges?|primes?|actes?|lieu|noms?|pays|villes?|commune|declaration|extrait|certificat|departement"
    r"|rang|nationalite|place|country|certificate|town|name|poids)(?: de(?: la)?| a la| d'| of| at)?[ _]"
    r"|(?:projet|societe|entreprise|association|marque|programme|idee|groupe|company|project|initiative"
    r"|partenariat|start-?up|federation|collectif|cooperative|club|reseau|dispositif|label|site),?"
    r"(?: (?:est|etait|was|a ete|qui est)| \w+)? )$"
)
_FURTHER = re.compile(r"(?:,| et| and|;)?[^\d.\n]{1,30}$")
_MONTH = re.compile(rf"(?:of )?(?:{_MONTHS})\.?,?(?![a-z])")
_ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        1,
    )
} | {"premier": 1, "thirtieth": 30}
_DAY_WORD = re.compile(
    rf"(?:(?:twenty|thirty)[ \-])?(?:{'|'.join(_ORDINALS)})(?: day)?(?: of)?(?![a-z])"
)
_AFTER_MONTH = re.compile(rf" (?:the )?(?:(?:twenty|thirty)[ \-])?(?:{'|'.join(_ORDINALS)}),?(?= )")
_BIRTH = re.compile(
    r"(?<![a-z])(?:nee?\(?e?\)?s ?:"
    r"|ne(?:e|\(e\)|\.e|·e|e?/nee|-e)?(?=,? +(?:le|a|au|aux|en|un|une|l'|:|\d|jeudi"
    r"|lundi|mardi))|ne\(e\)|ne(?:e)? ?:|nee? +l[e']|nee?s +le(?= \d)"
    r"|nee?,? [a-z' \-]{2,30}?,? le(?= \d)"
    r"|(?:date|jour)[ _]?(?:de[ _])?naiss(?:ance)?|(?:date_?)?naissance|naiss\.?|ddn|d\. ?d\. ?n\."
    r"|date ?de ?naissance|dates de naissance|dob|d\.o\.b\.?|(?:date|day)[ _]?of[ _]{0,2}birth"
    r"|birth ?_?dates?|birthdays?"
    r"|bday|born|anniversaire|geb(?:oren|urtsdatum|urtstag)?|geboortedatum|nat[oa] (?:a [a-z' ]{2,30} )?il"
    r"|nacid[oa] (?:en [a-z' ]{2,30} )?el"
    r"|(?:fecha de )?nacimiento|data di nascita|dates of birth|birth(?= ?:))(?![a-z])"
    r"|(?:(?<=[(, \n])|^)b\. (?=\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLURAL = re.compile(r"ne\(e\)s|dates|birth ?dates|nee?s")
_WORDS = words_of(
    "ne nee nes nees naissance ddn d dob birth birthdate birthday born bday anniversaire b geb geboren nato"
    " nata nacido nacida geburtsdatum geburtstag geboortedatum nacimiento nascita"
)
_BLOCK = re.compile(
    r"(?<![a-z])(?:avant|apres|compter|partir|entre|depuis|before|after|between|since|as of|from|decede\w*"
    r"|mort|died|deceased|plus t(?:ard|ot)|delivre\w*|issued|embauche\w*|hired|entree?|expire\w*"
    r"|valid\w*|hors"
    r"|vers|signe\w*|fait|conge\w*|acte de|circulation|marie\w*|weight|prevue|prevu|vivants?"
    r"|on or)(?![a-z])"
)
_REACH = 90
_YEAR_NAMED = re.compile(
    r"(?<![a-z])(?:annee de naissance|year of birth|birth year|yob)(?: est| is| was)?[ :\"|=]{1,4}"
    r"((?:19|20)\d\d)(?!\d)"
)
_AGE = r"(?:\d{1,3} ans|aged? (?:of )?\d{1,3}|\d{1,3} years? old|\d{1,3} ?y/?o)"
_AGED = re.compile(rf"(?<!\w)(?:{_AGE})(?!\w)")
_AGE_BEFORE, _AGE_AFTER = re.compile(r",? ?\(?$"), re.compile(r"\)?,? ?\(?")
_LONGEST_DATE = 24
_AGE_WORDS = words_of("ans age aged years year yo turns turned turning")
_COMES_OF_AGE = re.compile(
    r"(?<![a-z])(?:(?:aur(?:a|ai|as|ez|ont)|a eu|avai[ts]|fete(?:ra|r)?|celebre(?:ra|r)?|atteint|atteindra)"
    r" (?:ses )?\d{1,3} ans le|(?:turns?|turned|turning|will be|was) \d{1,3} on)(?: the)? "
    rf"({_DATE.pattern}|\d\d?(?:er|st|nd|rd|th)? (?:of )?(?:{_MONTHS})|(?:{_MONTHS}) \d\d?(?:st|nd|rd|th)?)"
    r"(?![\w/])"
)
_NEXT_ONE = re.compile(rf"\)(?:,| et| and|;) [a-z][a-z' \-]{{1,30}} \(({_DATE.pattern})(?=[),])")
_OLDEST, _YEARS_AHEAD = 120, 1
_HEAD = re.compile(
    r"(?:.*[^a-z])?(?:naissance|naiss\.?|ne le|nee le|ne\(e\)(?: le)?|born|birth.*|dob|ddn"
    r"|bday)(?:[^a-z].*)?"
)


def dates_of_birth(reading: Reading) -> Iterable[Candidate]:
    """Dates of birth, of which a year alone is one after a person ("Paul Roy, né en 1978").

    A date that bounds a rule ("nés avant le") is none, nor is that of a project or of a company.
    """
    low = reading.low
    if reading.has_digits and not reading.words.isdisjoint(_AGE_WORDS):
        yield from _by_age(low)
    if reading.words.isdisjoint(_WORDS) and "naiss" not in low and "birth" not in low:
        return
    for year in _YEAR_NAMED.finditer(low):
        yield _birth(*year.span(1), 0.9)
    yield from _announced(reading)
    for start, end, head in reading.cues.columns.cells():
        if _HEAD.fullmatch(head) and (found := _first(low, start, end)):
            yield _birth(*found, 0.95)


def _announced(reading: Reading) -> Iterator[Candidate]:
    """Dates that a word of birth announces."""
    low = reading.low
    for cue in _BIRTH.finditer(low):
        if _NO_BIRTH.search(low, max(0, cue.start() - 40), cue.start()):
            continue
        end = min(len(low), cue.end() + _REACH)
        found = _first(low, cue.end(), end)
        if found and not _BLOCK.search(low, max(0, cue.end()), found[0]):
            yield _birth(*found, 0.95)
            if _PLURAL.match(cue.group()):
                yield from _others(low, found[1])
            elif after := _NEXT_ONE.match(low, found[1]):
                yield _birth(*after.span(1), 0.85)
        elif not found and (short := _short(reading, cue)):
            yield _birth(*short, 0.8)


def _by_age(low: str) -> Iterator[Candidate]:
    """Dates beside an age that agrees with them, and those on which somebody comes of an age."""
    now = datetime.now(UTC).year
    for found in _AGED.finditer(low):
        place = _beside(low, *found.span())
        year = _YEAR.search(low, *place) if place else None
        age = int(re.sub(r"\D", "", found.group()))
        if place and year and now - _OLDEST < int(year.group()) + age <= now + _YEARS_AHEAD:
            yield _birth(*place, 0.85)
    for found in _COMES_OF_AGE.finditer(low):
        yield _birth(*found.span(1), 0.8)


def _beside(low: str, start: int, end: int) -> tuple[int, int] | None:
    """The date right after an age, or right before it."""
    joint = _AGE_AFTER.match(low, end)
    if joint and (after := _DATE.match(low, joint.end())):
        return after.span()
    for found in _DATE.finditer(low, max(0, start - _LONGEST_DATE), start):
        if _AGE_BEFORE.fullmatch(low, found.end(), start):
            return found.span()
    return None


def _others(low: str, place: int) -> Iterator[Candidate]:
    """The dates after the first, of several people."""
    for _ in range(20):
        found = _DATE.search(low, place, min(len(low), place + 60))
        if not found or not _FURTHER.fullmatch(low, place, found.start()):
            break
        yield _birth(found.start(), found.end(), 0.93)
        place = found.end()


def _short(reading: Reading, cue: re.Match[str]) -> tuple[int, int] | None:
    """A year after somebody who was born in it; a day and month after a word for birthday."""
    low = reading.low
    named = low[max(0, cue.start() - 8) : cue.start()].split()
    own = named and named[-1] in ("mon", "ton", "son", "votre", "leur")
    if cue.group().startswith(("birthday", "bday")) or (
        cue.group() == "anniversaire" and (own or low[cue.end() : cue.end() + 2] in (" :", ": "))
    ):
        day = _DAY_ALONE.match(low, cue.end())
        return day.span(1) if day else None
    place = cue.end()
    while low[place : place + 1] in (" ", ","):
        place += 1
    year = _YEAR_ALONE.match(low, place)
    if year and _SOMEBODY.search(reading.text, max(0, cue.start() - 60), cue.start()):
        return year.span(1)
    return None


def _first(low: str, start: int, end: int) -> tuple[int, int] | None:
    """The first date between two places."""
    written = _DATE.search(low, start, min(len(low), end + 20))
    if written and written.start() < end:
        return written.start(), written.start() + len(written.group().rstrip())
    return next(_dictated(low, start, end), None) or _in_numbers(low, start, end)


def _in_numbers(low: str, start: int, end: int) -> tuple[int, int] | None:
    """A date dictated as day, month and year in numbers: "douze, zéro trois, soixante-dix-huit"."""
    for run in spoken(low[start : end + 60]):
        digits = "".join(group.digits for group in run.groups)
        if run.groups[0].start + start < end and 5 <= len(digits) <= 8:
            return start + run.groups[0].start, start + run.groups[-1].end
    return None


def _dictated(low: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for month in _MONTH.finditer(low, start, end):
        year = _year(low, month.end())
        day = _day(low, start, month.start())
        if year and day is not None:
            yield day, year
        elif day is None and (after := _AFTER_MONTH.match(low, month.end())):
            year = _year(low, after.end())
            if year:
                yield month.start(), year


def _year(low: str, place: int) -> int | None:
    """Where the year ends that begins at a place, in words ("nineteen seventy-four", "deux mille onze")."""
    while low[place : place + 1] in (" ", ","):
        place += 1
    first = number(low, place)
    if not first:
        return None
    value, end = first
    if value > 1800 or 30 <= value < 100:
        return end
    if value in (18, 19, 20):
        second = number(low, end + 1)
        return second[1] if second and second[0] < 100 else None
    return None


def _day(low: str, start: int, month: int) -> int | None:
    """Where the day begins that ends before a month: a number in words or figures, or an ordinal."""
    window = low[max(start, month - 30) : month]
    for offset in range(len(window)):
        if window[offset].isspace() or (offset and window[offset - 1].isalpha()):
            continue
        place = max(start, month - 30) + offset
        ordinal = _DAY_WORD.match(low, place, month)
        if ordinal and not low[ordinal.end() : month].strip():
            return place
        spelt = number(low, place)
        if spelt and 0 < spelt[0] < 32 and not low[spelt[1] : month].strip(" -"):
            return place
        figures = re.compile(r"\d{1,2}(?:er|st|nd|rd|th)?\s").match(low, place, month)
        if figures and figures.end() == month:
            return place
    return None


def _birth(start: int, end: int, score: float) -> Candidate:
    return Candidate(start, end, Label.DATE_OF_BIRTH, score, "date-of-birth.1")
