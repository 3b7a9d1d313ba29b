"""What a text says about a person's health; what it says about health in general is none of it."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from centaure.guardrails.personal_data import health_words as words
from centaure.guardrails.personal_data.names.lists import Known, known_of
from centaure.guardrails.personal_data.reading import Candidate, Reading
from centaure.guardrails.policy import Label

_BACK, _ON = 110, 90
"""Characters of a clause that are looked at before a term and after it."""
_NEAR = (500, 200)
"""Characters before a place and after it among which somebody is named."""
_FAR = 40
"""Characters from a predicate to "his" or "her", past which these tell more."""
_FIRST = 4
"""Letters of a word by which a stem is looked up."""


@cache
def _terms() -> tuple[frozenset[str], dict[str, list[str]]]:
    """The first words of the terms; the terms by their first letters, stems with "*"."""
    lines = (
        (files("centaure.guardrails.personal_data") / "health_terms.txt")
        .read_text("utf-8")
        .splitlines()
    )
    whole: set[str] = set()
    by_letters: dict[str, list[str]] = {}
    for term in lines:
        if term and not term.startswith("#"):
            first = re.split(r"[ \-(]", term)[0]
            by_letters.setdefault(first[:3], []).append(term)
            whole.add(f"{first[:_FIRST]}*" if "*" in first else first.replace("?", ""))
    return frozenset({*whole, *(f"{one}s" for one in whole)}), by_letters


@cache
def _pattern(letters: str) -> re.Pattern[str] | None:
    """The terms that begin with three letters, the longest first."""
    terms = sorted(_terms()[1].get(letters, []), key=len, reverse=True)
    if not terms:
        return None
    return re.compile(rf"(?:{'|'.join(term.replace('*', '[a-z]*') for term in terms)})s?(?![a-z])")


def health(reading: Reading) -> Iterable[Candidate]:
    """Statements that a person has a condition, a treatment or an aid: the predicate, or the answer."""
    done = 0
    for start, stop in sorted(_spoken_of(reading)):
        if start < done or words.COMMON.search(reading.low, max(0, start - 25), start):
            continue
        begin = _start(reading, start, stop)
        if begin is not None:
            done = _end(reading.low, stop)
            yield Candidate(begin, done, Label.HEALTH, 0.75, "health.1")
    yield from _told(reading)


def _spoken_of(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where terms stand."""
    known, _ = _terms()
    low = reading.low
    for word in reading.words:
        if word not in known and f"{word[:_FIRST]}*" not in known:
            continue
        pattern = _pattern(word[:3])
        place = low.find(word) if pattern else -1
        while pattern and place >= 0:
            if not low[place - 1 : place].isalpha() and (found := pattern.match(low, place)):
                yield found.span()
            place = low.find(word, place + 1)


def _told(reading: Reading) -> Iterator[Candidate]:
    """What a field for health holds, whatever it is: "Allergies : arachides"."""
    if reading.words.isdisjoint(words.FIELDS):
        return
    for found in words.TOLD.finditer(reading.low):
        cared = found.group("sure") or not reading.words.isdisjoint(words.CARE)
        if cared and not words.NOTHING.match(found.group("value")):
            start, end = found.span("value")
            end = start + len(found.group("value").rstrip(" ,'"))
            yield Candidate(start, end, Label.HEALTH, 0.74, "health-field.1")


def _start(reading: Reading, term: int, stop: int) -> int | None:
    """Where the statement begins that a term belongs to; None where it speaks of nobody."""
    head = reading.cues.columns.head(term)
    if head:
        return _cell_start(reading, term) if words.HEAD.fullmatch(head) else None
    low = reading.low
    base = max(0, term - _BACK)
    breaks = [found.end() for found in words.CLAUSE.finditer(low, base, term)]
    clause = breaks[-1] if breaks else base
    if answered := _answer(low, base, term):
        return answered
    if words.GENERAL.search(low, max(base, clause - 30), term):
        return None
    if _is_topic(low, clause, term, stop):
        return None
    begin = _of_somebody(reading, clause, term, stop)
    return _of_owner(reading, term, stop) if begin is None else begin


def _is_topic(low: str, clause: int, term: int, stop: int) -> bool:
    """Whether a clause speaks of a trade, a plan or a body that has to do with what a term names."""
    if words.PROFESSION.fullmatch(low, term, stop):
        return not words.SEES.search(low, clause, term)
    topic = words.TOPIC.search(low, clause, term)
    return bool(topic) and not words.CARED.search(low, clause, term)


def _of_somebody(reading: Reading, clause: int, term: int, stop: int) -> int | None:
    """Where a clause says of a person that they have what a term names: by a verb, a participle, "his"."""
    low = reading.low
    owned = words.HIS.search(low, clause, term)
    stated = list(_statements(reading, clause, term, stop))
    if stated and not (owned and owned.start() - stated[-1] > _FAR):
        verbs = (found.start("said") for found in words.JOINED.finditer(low, stated[-1], term))
        joined = [said for said in verbs if reading.text[said] != "à"]
        return joined[-1] if joined else stated[-1]
    if _asked(low, stop):
        return None
    if mine := words.MINE.search(low, clause, term):
        return mine.end(1) + 1
    return _without_verb(reading, clause, term, stop)


def _without_verb(reading: Reading, clause: int, term: int, stop: int) -> int | None:
    """Where a participle, a "his" or a reason begins, in a text that names somebody."""
    low = reading.low
    if not _is_particular(reading, term):
        return None
    before, after = _NEAR
    addressed = words.YOUR.search(low, clause, term)
    if addressed and not words.TITLED.search(reading.text, max(0, term - before), term + after):
        return None
    state = words.STATE.search(low, clause, term + 12)
    if state and state.start() <= term:
        return state.start()
    if owned := words.HIS.search(low, clause, term):
        return owned.start() + len(owned.group().split()[0]) + 1
    generic = low[term:stop].startswith("malad")
    return term if not generic and words.ABSENT.search(low, max(0, term - _BACK), term) else None


def _of_owner(reading: Reading, term: int, stop: int) -> int | None:
    """Where an aside about somebody begins ("Clara, diabétique,"), or what is theirs ("Paul's asthma")."""
    text = reading.text
    before = max(0, term - 70)
    aside = words.ASIDE.search(text, before, term)
    if (
        aside
        and words.ASIDE_ENDS.match(reading.low, stop)
        and _names(reading, aside.start("name"), aside)
    ):
        return text.index(",", aside.end("name")) + 2
    owner = words.WHOSE.search(text, before, term)
    if owner and (owner.group("title") or _names(reading, owner.start("name"), owner)):
        return owner.end("name") + len("'s ")
    after = words.OF_WHOM.match(text, stop)
    if after and (after.group("name") is None or _is_given(after.group("name"))):
        return term
    return None


def _names(reading: Reading, start: int, found: re.Match[str]) -> bool:
    """Whether a word with a capital before a term is a person's name."""
    name = reading.low[start : found.end("name")]
    if name in words.NO_OWNER or name in words.NO_NAMES:
        return False
    flags = known_of(name)
    if flags & Known.GIVEN and not flags & Known.WORD:
        return True
    return not flags & (Known.WORD | Known.PLACE) and _is_particular(reading, start)


def _is_given(name: str) -> bool:
    """Whether a word is a given name, and neither a word nor a place."""
    flags = known_of(name.lower())
    return bool(flags & Known.GIVEN) and not flags & (Known.WORD | Known.PLACE)


def _asked(low: str, stop: int) -> bool:
    """Whether the sentence of a term is a question."""
    end = words.SENTENCE_ENDS.search(low, stop, stop + _BACK)
    return bool(end) and end.group() == "?" if end else False


def _statements(reading: Reading, clause: int, term: int, stop: int) -> Iterator[int]:
    """Where predicates begin between the start of a clause and a term, or with it."""
    low = reading.low
    if begin := _after_name(reading, clause, term):
        yield begin
    for found in words.STATED.finditer(low, clause, stop):
        said = found.start("said")
        if said > term or reading.text[said] == "à":
            continue
        name = found.group("name")
        if name is not None:
            if _is_subject(reading, found, clause, term):
                yield said
        elif _is_named(found) or _is_particular(reading, term):
            yield said


def _after_name(reading: Reading, clause: int, term: int) -> int | None:
    """Where a predicate begins whose subject is set apart: "José, a fait", "Roy (paie) est"."""
    low = reading.low
    if not clause or (low[clause - 1] != ")" and low[clause - 2 : clause] != ", "):
        return None
    verb = words.AFTER_NAME.match(low, clause, term)
    if not verb:
        return None
    back = reading.text[max(0, clause - 60) : clause]
    name = words.NAME_BEFORE.search(back)
    return verb.start("said") if name else None


def _is_subject(reading: Reading, found: re.Match[str], clause: int, term: int) -> bool:
    """Whether the word before a verb is somebody's name."""
    name = found.group("name")
    begins = found.start("name")
    written = reading.text[begins : found.end("name")]
    if not written[0].isupper() or name in words.PRONOUNS:
        return False
    particular = _is_particular(reading, term)
    if written.isupper() and not particular:
        return False
    if words.ARTICLE.search(reading.low, max(0, begins - 8), begins):
        return False
    return begins > clause + 1 or name not in words.NO_NAMES or particular


def _is_named(found: re.Match[str]) -> bool:
    """Whether the subject is the speaker, a relative, or the one who is spoken to."""
    return bool(found.group("near") or found.group("you") or found.group("one") in words.SELF)


def _is_particular(reading: Reading, place: int) -> bool:
    """Whether the text names somebody near a place: with a title, or by a name of the lists."""
    before, after = _NEAR
    for found in words.PERSON.finditer(reading.text, max(0, place - before), place + after):
        first, second = found.group("first"), found.group("second")
        if first is None:
            return True
        flags = known_of(reading.low[found.start("first") : found.end("first")])
        if flags & Known.GIVEN and not flags & (
            Known.PLACE if second else Known.WORD | Known.PLACE
        ):
            return True
        if second and not flags & Known.WORD:
            last = known_of(reading.low[found.start("second") + 1 : found.end("second")])
            if (flags & Known.FAMILY or not flags) and not last & Known.WORD:
                return True
    return False


def _answer(low: str, base: int, term: int) -> int | None:
    """Where an answer begins: after "Diagnostic :", "Oui :", in parentheses after "état de santé de"."""
    line = max(base, low.rfind("\n", base, term) + 1)
    if found := words.ANSWER.search(low, line, term):
        begin = max(low.rfind(mark, found.start(), term) for mark in ":=") + 1
        while low[begin] in ' "':
            begin += 1
        return begin
    if words.HEALTH_OF.search(low, line, term):
        return low.rfind("(", line, term) + 1
    return None


def _cell_start(reading: Reading, term: int) -> int:
    return next(
        (start for start, end, _ in reading.cues.columns.cells() if start <= term < end), term
    )


def _end(low: str, place: int) -> int:
    """Where the statement ends that a term belongs to."""
    found = words.STOP.search(low, place, place + _ON)
    end = found.start() if found else min(len(low), place + _ON)
    if not found and end < len(low):
        end = max(place, low.rfind(" ", place, end))
    while low[end - 1] == " ":
        end -= 1
    return end
