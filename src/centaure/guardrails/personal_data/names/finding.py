"""From a text to its mentions of persons: runs, their evidence, and what repeats a name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from centaure.guardrails.normalisation import Normalised, folded
from centaure.guardrails.personal_data.names.apart import suffix_after, suffix_of
from centaure.guardrails.personal_data.names.carrying import Parts, carried, parts_to_look_for
from centaure.guardrails.personal_data.names.evidence import Surroundings, part_asked, scored
from centaure.guardrails.personal_data.names.lists import cues, gender_of, known_of
from centaure.guardrails.personal_data.names.matching import Form, Person, parts_of
from centaure.guardrails.personal_data.names.people import Relatives, group
from centaure.guardrails.personal_data.names.relatives import Told, read_together
from centaure.guardrails.personal_data.names.runs import Run, runs_of
from centaure.guardrails.personal_data.names.small import small_runs, spaced_runs
from centaure.guardrails.personal_data.names.tables import name_cells
from centaure.guardrails.personal_data.names.tokens import tokens_of
from centaure.guardrails.policy import Label
from centaure.guardrails.verdicts import Finding

_ENOUGH = 0.4
_SURE = 0.6
_AGAIN = 0.9
_RUN_RULE = "name.evidence.1"
_AGAIN_RULE = "name.again.1"
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]{2,64})@([\w-]{2,64})")
_INITIAL = re.compile(r",? [^\W\d_a-z]\.(?!\w)")
_COUPLE = re.compile(r"\b(?:mr?|monsieur)\.? ?(?:et|and|ou|or|&|/) ?(?:mrs|ms|mme|madame)\.? ?$")
_RECORD = 60
_ADDRESSES = 100
_FIELD = re.compile(r"(?<![a-z])(?:pre)?noms?(?![a-z])|name|surname|family|given|first|last")
_FIELDS = 3
"""Words for fields between a given name and a surname that belong to two records."""
_ABOUT_PERSONS = frozenset({Label.HEALTH, Label.PERSON})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names somebody.

    Attributes:
        start: first character of the original text.
        end: past its last character.
        score: how sure it is that this is a person, 0 to 1.
        rule: name and version of the rule that found it.
        person: the number of a `Person`.
    """

    start: int
    end: int
    score: float
    rule: str
    person: int


@dataclass(frozen=True, slots=True)
class Persons:
    """Who is named in a text.

    Attributes:
        mentions: in the order of the text; no two overlap.
        people: those who were known before, completed, then the new ones; give them with the next turn.
    """

    mentions: tuple[Mention, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    score: float
    rule: str
    form: Form


def find_persons(
    text: Normalised, structured: Sequence[Finding] = (), known: Sequence[Person] = ()
) -> Persons:
    """The persons that a text names, and which mentions name the same one.

    Args:
        text: as checks read it.
        structured: what else was found, with offsets of the original: an e-mail address tells a name, a
            street named after somebody is no person.
        known: the people of the turns before.
    """
    return find_persons_in([(text, structured)], known)[0]


def find_persons_in(
    texts: Sequence[tuple[Normalised, Sequence[Finding]]], known: Sequence[Person] = ()
) -> list[Persons]:
    """The same of several texts that are read together: who is named in one is known in all."""
    read = [_Read(text, structured) for text, structured in texts]
    named = (" ".join(form.names) for one in read for form in one.carrying)
    parts = parts_to_look_for(known, named)
    for one in read:
        one.repeat(parts)
    told = [one.told for one in read]
    numbers, people = group(
        [form for one in told for form in one.forms],
        known,
        _shifted(told),
        [mark for one in told for mark in one.marks],
        _merged(one.relatives for one in told),
    )
    given = iter(numbers)
    return [
        Persons(
            tuple(
                Mention(
                    *one.text.span(place.start, place.end), place.score, place.rule, next(given)
                )
                for place in one.places
            ),
            people,
        )
        for one in read
    ]


class _Read:
    """One text: its places that name somebody."""

    def __init__(self, text: Normalised, structured: Sequence[Finding]) -> None:
        self.text = text
        self.low = folded(text.text)
        self.taken = sorted(
            (text.place(one.start), text.place(one.end))
            for one in structured
            if one.label not in _ABOUT_PERSONS
        )
        self.births = _births(text, structured)
        runs, around = runs_in(text.text, self.low, self.taken)
        sure = [(run, score) for run, _, score in scored(runs, around) if score >= _ENOUGH]
        forms = _forms([run for run, _ in sure], around)
        self.places = [
            _Place(run.start, run.end, score, _RUN_RULE, form)
            for (run, score), form in zip(sure, forms, strict=True)
        ]

    @property
    def carrying(self) -> Iterator[Form]:
        """Names that are sure enough to be looked for elsewhere."""
        return (one.form for one in self.places if one.score >= _SURE or len(one.form.names) > 1)

    def repeat(self, parts: Parts) -> None:
        """Add the places that repeat some names."""
        self.places += _repeated(self.text.text, self.low, self.places, self.taken, parts)
        self.places.sort(key=lambda place: place.start)

    @property
    def told(self) -> Told:
        """What the text tells of who is who."""
        places = [(place.start, place.end, place.form) for place in self.places]
        return read_together(self.text.text, self.low, places, self.births)


def _shifted(told: Iterable[Told]) -> Iterator[tuple[int, int]]:
    """Pairs of mentions of each text, counted through all of them."""
    before = 0
    for one in told:
        yield from ((before + at, before + other) for at, other in one.apart)
        before += len(one.forms)


def _merged(found: Iterable[Relatives]) -> dict[str, frozenset[str]]:
    made: dict[str, frozenset[str]] = {}
    for each in found:
        for surname, kin in each.items():
            made[surname] = made.get(surname, frozenset()) | frozenset(kin)
    return made


def _births(text: Normalised, structured: Sequence[Finding]) -> list[tuple[int, str]]:
    """Where dates of birth begin, and their digits."""
    return sorted(
        (text.place(one.start), "".join(filter(str.isdigit, text.original[one.start : one.end])))
        for one in structured
        if one.label == Label.DATE_OF_BIRTH
    )


def runs_in(text: str, low: str, taken: list[tuple[int, int]]) -> tuple[list[Run], Surroundings]:
    """What could be a name outside of what is taken, and what the text says beside it.

    Args:
        text: as `Normalised.text`.
        low: the same in lower case without accents.
        taken: places of other personal data, in order.
    """
    runs = _outside(_runs(text, low), taken)
    return runs, Surroundings(low, _addressed(low), name_cells(low) if runs else {})


def _runs(text: str, low: str) -> list[Run]:
    """Every run, in the order of the text, none within another."""
    found = [
        *spaced_runs(text, low),
        *runs_of(text, tokens_of(text, low)),
        *small_runs(text, low),
    ]
    kept: list[Run] = []
    for run in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or run.start >= kept[-1].end:
            kept.append(run)
    return kept


def _outside(runs: list[Run], taken: list[tuple[int, int]]) -> list[Run]:
    """The runs that touch no place that is taken; both are in order."""
    kept: list[Run] = []
    places = iter(taken)
    place = next(places, None)
    for run in runs:
        while place is not None and place[1] <= run.start:
            place = next(places, None)
        if place is None or run.end <= place[0]:
            kept.append(run)
    return kept


def _addressed(low: str) -> frozenset[str]:
    """Parts of the first e-mail addresses of a text, of three letters or more."""
    if "@" not in low:
        return frozenset()
    addresses = islice(_ADDRESS.finditer(low), _ADDRESSES)
    parts = (part for one in addresses for part in re.split(r"[^a-z]+", one.group()))
    return frozenset(part for part in parts if len(part) > 2)


def _forms(runs: list[Run], around: Surroundings) -> list[Form]:
    """The form of each run; surname and given name in fields side by side make one."""
    forms = [_form(run, around.low) for run in runs]
    asked = [part_asked(run, around) for run in runs]
    for at in range(1, len(runs)):
        if _in_one_record(runs[at - 1], runs[at], around) and {asked[at - 1], asked[at]} == {
            "given",
            "family",
        }:
            given, family = (at - 1, at) if asked[at - 1] == "given" else (at, at - 1)
            gender = forms[given].gender or forms[family].gender
            both = Form((*forms[given].names, *forms[family].names), gender)
            forms[at - 1] = forms[at] = both
            asked[at] = ""
    return forms


def _in_one_record(run: Run, after: Run, around: Surroundings) -> bool:
    """Whether two fields stand side by side: no empty line, nor another such field, between them."""
    between = around.low[run.end : after.start]
    if len(between) > _RECORD or "\n\n" in between:
        return False
    if after.start in around.cells:
        return run.start in around.cells and "\n" not in between
    return len(_FIELD.findall(between)) < _FIELDS


def _form(run: Run, low: str) -> Form:
    written = " ".join(token.word for token in run.tokens)
    civility = run.civility
    before = low[max(0, run.start - 30) : run.start]
    couple = _COUPLE.search(before)
    if civility in cues("civility-plural") or couple:
        gender = "m" if civility in cues("man") else "w" if civility in cues("woman") else ""
        return Form(parts_of(written), "" if couple else gender, plural=True)
    suffix = suffix_after(low, run.end)
    title = civility in cues("civility") and civility not in cues("man") | cues("woman")
    gender = "m" if civility in cues("man") else "w" if civility in cues("woman") else ""
    names = parts_of(written)
    if len(names) > 1 and (inside := suffix_of(names[-1])):
        names, suffix = names[:-1], inside
    if _is_turned(run, names):
        names = names[::-1]
    return Form(names, gender or _gender_of_given(run), title=title, suffix=suffix)


def _is_turned(run: Run, names: tuple[str, ...]) -> bool:
    """Whether the surname stands first, as a comma or its capitals tell: `MARTIN Paul`."""
    words = run.names
    if len(names) != 2:
        return False
    capitals = all(one.upper for one in words[:-1])
    return run.inverted or (capitals and not words[-1].upper and not words[-1].initial)


def _gender_of_given(run: Run) -> str:
    names = run.names
    if len(names) == 1:
        return ""
    first = names[-1] if names[0].upper and not names[-1].upper else names[0]
    return gender_of(known_of(first.word))


def _repeated(
    text: str,
    low: str,
    places: Sequence[_Place],
    taken: list[tuple[int, int]],
    parts: Parts,
) -> Iterator[_Place]:
    held = sorted([*taken, *((place.start, place.end) for place in places)])
    for start, stop in carried(text, low, parts, held):
        initial = _INITIAL.match(text, stop)
        end = initial.end() if initial else stop
        before = low[max(0, start - 14) : start].replace(".", " ").split()
        gender = ""
        if before and before[-1] in cues("civility"):
            gender = (
                "m" if before[-1] in cues("man") else "w" if before[-1] in cues("woman") else ""
            )
        title = bool(before) and before[-1] in cues("civility") and not gender
        form = Form(parts_of(low[start:end]), gender, title=title, suffix=suffix_after(low, end))
        yield _Place(start, end, _AGAIN, _AGAIN_RULE, form)
