"""Sentences of real passages, said a little otherwise by rule, and with exactly one thing changed.

What the groundedness model learns from, so that it does not rest on the few examples that people wrote. Blunt
on purpose: a changed sentence need not be good French or English, only wrong in one place.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from centaure.answering.groundedness.dates import Moment
from centaure.answering.groundedness.sources import Passage
from centaure.answering.groundedness.statements import Statement
from centaure.answering.groundedness.words import groups, pairs
from centaure.knowledge.language import fold, sentences, stem_levels
from substitutions import AFFIRMED, MONTHS, NEGATED, SWAPS

Change = Callable[[Statement, Sequence[Statement], random.Random], str | None]
"""A sentence, sentences of elsewhere, and chance; the changed text, None where nothing is to be changed."""

_SHORTEST, _LONGEST = 7, 45


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, what it is held against, and whether that bears it out.

    Attributes:
        answer: the text that it stands in.
        span: where in the answer it stands; None: it is the whole.
    """

    id: str
    kind: str
    language: str
    passages: tuple[Passage, ...]
    answer: str
    supported: bool
    question: str = ""
    span: tuple[int, int] | None = None


def examples(
    passages: Sequence[Passage], language: str, count: int, chance: random.Random
) -> Iterator[Example]:
    """Examples made of the sentences of passages: each said otherwise, then each with one thing changed."""
    chosen = chance.sample(list(passages), min(count, len(passages)))
    cut = {each.id: _sentences(each.text, language) for each in chosen}
    usable = [each for each in chosen if cut[each.id]]
    for place, passage in enumerate(usable):
        others = [usable[place - 1], usable[place - 2]]
        given = [passage, *others[: chance.randint(0, 2)]]
        chance.shuffle(given)
        text = chance.choice(cut[passage.id])
        elsewhere = [Statement(each, language) for other in others for each in cut[other.id][:6]]
        elsewhere += [Statement(each, language) for each in cut[passage.id] if each != text]
        foreign = usable[place - 3]
        stranger = [Statement(each, language) for each in cut[foreign.id]]
        name = f"{language}-{passage.id}"
        for rank in range(2):
            yield Example(
                f"{name}-s{rank}",
                "supported",
                language,
                tuple(given),
                said_otherwise(text, language, chance),
                True,
            )
        for kind, change in CHANGES.items():
            base = said_otherwise(text, language, chance)
            pool = stranger if kind == "invention" else elsewhere
            changed = change(Statement(base, language), pool, chance)
            if changed is not None and changed != base:
                yield Example(f"{name}-{kind}", kind, language, tuple(given), changed, False)


def _sentences(text: str, language: str) -> list[str]:
    found = [text[start:end] for start, end in sentences(text, language)]
    return [
        " ".join(each.split())
        for each in found
        if _SHORTEST <= len(each.split()) <= _LONGEST and each[0].isupper() and each.endswith(".")
    ]


def said_otherwise(text: str, language: str, chance: random.Random) -> str:
    """A sentence with some words replaced by others that a reader could use, its clauses in another order."""
    parts = re.split(r",\s", text.rstrip("."))
    if len(parts) == 2 and chance.random() < 0.4:
        text = f"{parts[1][:1].upper()}{parts[1][1:]}, {parts[0]}."
    share = chance.choice((0.0, 0.1, 0.2, 0.35))
    statement = Statement(text, language)
    table, turned = groups(language), pairs(language)
    pieces, place = [], 0
    names = {each.start for each in statement.names}
    for term in statement.terms:
        if (
            term.start in names
            or chance.random() > 2 * share
            or any(c.isdigit() for c in term.word)
        ):
            continue
        related = sorted(table.get(term.stem, frozenset()))
        if related:
            new = chance.choice(related)
        elif chance.random() < 0.5 and term.stem not in turned and term.word.islower():
            new = chance.choice(_common(language))
        else:
            continue
        pieces += [text[place : term.start], new]
        place = term.start + len(term.word)
    return "".join(pieces) + text[place:]


@lru_cache(maxsize=2)
def _common(language: str) -> list[str]:
    """Stems that are neither rare nor everywhere."""
    return [
        each
        for each, level in stem_levels(language).items()
        if 350 <= level <= 520 and len(each) > 4
    ]


def _number(said: Statement, _: Sequence[Statement], chance: random.Random) -> str | None:
    if not said.quantities:
        return None
    each = chance.choice(said.quantities)
    written = said.text[each.start : each.end]
    match = re.search(r"\d+", written)
    if match is None:
        return None
    old = int(match.group())
    new = old
    while new == old:
        new = chance.choice(
            (old + 1, max(old - 1, 0), old * 2, old + 5, old * 10, old + chance.randint(2, 40))
        )
    return (
        said.text[: each.start]
        + written.replace(match.group(), str(new), 1)
        + said.text[each.end :]
    )


def _other_number(
    said: Statement, others: Sequence[Statement], chance: random.Random
) -> str | None:
    """A figure of another sentence in the place of one: right in the passage, wrong here."""
    choices = [
        (each, other.text[theirs.start : theirs.end])
        for each in said.quantities
        for other in others
        for theirs in other.quantities
        if theirs.unit == each.unit and theirs.low != each.low
    ]
    if not choices:
        return None
    each, new = chance.choice(choices)
    return said.text[: each.start] + new + said.text[each.end :]


def _date(said: Statement, _: Sequence[Statement], chance: random.Random) -> str | None:
    if not said.moments:
        return None
    each: Moment = chance.choice(said.moments)
    written = said.text[each.start : each.end]
    changes: list[str] = []
    if each.year is not None and str(each.year) in written:
        changes.append(
            written.replace(str(each.year), str(each.year + chance.choice((-3, -1, 1, 2, 10))))
        )
    if each.day is not None and (match := re.search(r"\b0?\d{1,2}(?=\D|$)", written)):
        changes.append(written.replace(match.group(), str(each.day % 28 + 1), 1))
    for names in MONTHS.values():
        for rank, month in enumerate(names):
            if re.search(rf"\b{month}\b", written, re.IGNORECASE):
                changes.append(
                    re.sub(
                        month,
                        names[(rank + chance.randint(1, 10)) % 12],
                        written,
                        flags=re.IGNORECASE,
                    )
                )
    if not changes:
        return None
    return said.text[: each.start] + chance.choice(changes) + said.text[each.end :]


def _name(said: Statement, others: Sequence[Statement], chance: random.Random) -> str | None:
    mine = [each for each in said.names if each.start]
    known = {fold(each.key) for each in said.names}
    theirs = [
        other.text[each.start : each.end]
        for other in others
        for each in other.names
        if each.key not in known and each.start
    ]
    if not mine or not theirs:
        return None
    each = chance.choice(mine)
    return said.text[: each.start] + chance.choice(theirs) + said.text[each.end :]


def _negation(said: Statement, _: Sequence[Statement], chance: random.Random) -> str | None:
    rules = list(AFFIRMED[said.language]) if said.negations else list(NEGATED[said.language])
    chance.shuffle(rules)
    for pattern, new in rules:
        changed = re.sub(pattern, new, said.text, count=1, flags=re.IGNORECASE)
        if changed != said.text:
            return changed
    return None


def _opposite(said: Statement, _: Sequence[Statement], chance: random.Random) -> str | None:
    table = pairs(said.language)
    choices = [(term, sorted(table[term.stem])) for term in said.terms if term.stem in table]
    if not choices:
        return None
    term, others = chance.choice(choices)
    return (
        said.text[: term.start] + chance.choice(others) + said.text[term.start + len(term.word) :]
    )


def _swapped(kind: str) -> Change:
    def change(said: Statement, _: Sequence[Statement], chance: random.Random) -> str | None:
        swaps = list(SWAPS[kind][said.language])
        chance.shuffle(swaps)
        for old, new in swaps:
            pattern = rf"(?<!\w){re.escape(old)}(?!\w)"
            changed = re.sub(pattern, new, said.text, count=1, flags=re.IGNORECASE)
            if changed != said.text:
                return changed[:1].upper() + changed[1:]
        return None

    return change


def _invention(said: Statement, others: Sequence[Statement], chance: random.Random) -> str | None:
    """A clause of another text put behind the sentence, or in the place of its second half."""
    clauses = [
        part.strip()
        for other in others
        for part in re.split(r",\s", other.text.rstrip("."))
        if len(part.split()) >= 4
    ]
    if not clauses:
        return None
    added = " ".join(chance.choice(clauses).split()[:14])
    join = " et " if said.language == "fr" else " and "
    words = said.text.rstrip(".").split()
    kept = words if chance.random() < 0.6 else words[: max(len(words) // 2, 4)]
    return " ".join(kept) + chance.choice((", ", join)) + added[:1].lower() + added[1:] + "."


CHANGES: dict[str, Change] = {
    "number": _number,
    "other number": _other_number,
    "unit": _swapped("unit"),
    "date": _date,
    "entity": _name,
    "negation": _negation,
    "opposite": _opposite,
    "modality": _swapped("modality"),
    "condition": _swapped("condition"),
    "quantity": _swapped("quantity"),
    "invention": _invention,
}
"""Kinds of change, as the examples that people wrote name them."""
