"""What speaks for a sentence and against it, as numbers, and what was found wrong, for the reason in words."""

# ruff: noqa: E501  patterns and word lists read best with a case on each line

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.comparison import Borne, bears_moment, bears_quantity
from centaure.answering.groundedness.dates import Moment
from centaure.answering.groundedness.markers import GROUPS, difference
from centaure.answering.groundedness.names import Name, expands, reference_keys
from centaure.answering.groundedness.quantities import Quantity
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.statements import HEAVIEST, Statement
from centaure.answering.groundedness.words import opposite

FEATURES = (
    "covered first", "covered", "covered anywhere", "worst clause", "heaviest missing", "names missing share",
    "in order", "triples", "number wrong", "number elsewhere", "number narrowed", "date wrong", "date elsewhere",
    "name missing", "name elsewhere", "reference missing", "mispaired", "flipped", "negation differs",
    "modality changed", "modality added", "modality dropped", "condition changed", "condition added",
    "condition dropped", "order changed", "order added", "order dropped", "quantity changed", "quantity added", "quantity dropped",
    "period changed", "period added", "period dropped", "apart", "short",
)  # fmt: skip
"""The features of the model, in the order in which they are computed; each in [0, 1]."""
_LEAST_CLAUSE = 9.0
_NEAR = 60
_OTHER_CLAUSE = 40
_TELLING = 4.0
_QUESTIONED = 0.5
"""What a word that the passages lack counts where the question itself has it."""
_DERIVED = re.compile(
    r"\b(?:total\w*|somme|au total|ensemble|cumul\w*|différence|écart|soit|de plus|de moins|supplémentaires?|together"
    r"|combined|altogether|sum|difference|more|less|fewer|gap|additional)\b",
    re.IGNORECASE,
)

Similarity = Callable[[str, str], float]
"""How near two texts are in meaning, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that speaks against a sentence: its kind, what the sentence says, what the source says."""

    kind: str
    said: str
    source: str = ""
    weight: float = 1.0


@dataclass(slots=True)
class Evidence:
    """Features by name, and what was found wrong."""

    values: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FEATURES, 0.0))
    findings: list[Finding] = field(default_factory=list[Finding])

    def against(self, feature: str, value: float, finding: Finding) -> None:
        """Count something against the sentence; the worst of a kind stands."""
        if value > 0:
            self.values[feature] = max(self.values[feature], value)
            self.findings.append(finding)

    def row(self) -> list[float]:
        """The values in the order of `FEATURES`."""
        return [self.values[name] for name in FEATURES]


def weigh(
    said: Statement,
    sources: Sources,
    alignment: Alignment,
    question: Statement,
    similarity: Similarity | None = None,
) -> Evidence:
    """Compare a sentence with what stands behind it."""
    evidence = Evidence()
    window = [sources.statements[number] for number in alignment.window]
    _soft(evidence, said, window, alignment, question, similarity)
    near = _neighbours(window, sources)
    _quantities(evidence, said, window, near, sources)
    _moments(evidence, said, window, near, sources)
    _names(evidence, said, window, near, sources)
    _pairs(evidence, said, window[0], alignment)
    _apart(evidence, said, sources, alignment)
    _polarity(evidence, said, window, alignment)
    _marks(evidence, said, window)
    return evidence


def _neighbours(window: Sequence[SourceStatement], sources: Sources) -> list[SourceStatement]:
    """The two sentences before each of a window, and the one after."""
    places = {
        (each.passage, each.place + step) for each in window for step in (-2, -1, 1)
    }  # fmt: skip
    return [
        each
        for each in sources.statements
        if (each.passage, each.place) in places and each not in window
    ]


def _soft(  # noqa: PLR0913, PLR0917 - everything that soft evidence rests on
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    alignment: Alignment,
    question: Statement,
    similarity: Similarity | None,
) -> None:
    values, terms = evidence.values, said.terms
    asked = question.stems
    weights = [
        term.weight * (_QUESTIONED if term.stem in asked and not found else 1.0)
        for term, found in zip(terms, alignment.found, strict=True)
    ]
    total = sum(weights)
    values["short"] = 1.0 / (1 + len(terms))
    if not total:
        values |= {"covered first": 1.0, "covered": 1.0, "covered anywhere": 1.0, "worst clause": 1.0,
                   "in order": 1.0}  # fmt: skip
    else:
        for name, found in (
            ("covered first", alignment.first),
            ("covered", alignment.found),
            ("covered anywhere", alignment.anywhere),
        ):
            values[name] = sum(w * f for w, f in zip(weights, found, strict=True)) / total
        if similarity is not None:
            near = similarity(said.text, " ".join(each.text for each in window))
            values["covered"] += (1 - values["covered"]) * max(0.0, 2 * near - 1)
        _clauses(evidence, said, alignment, weights)
        values["in order"] = _in_order(window[0], alignment)
    triples = said.triples
    if triples:
        theirs = frozenset[tuple[str, str, str]]().union(*(each.triples for each in window))
        values["triples"] = len(triples & theirs) / len(triples)
    else:
        values["triples"] = values["covered"]


def _clauses(
    evidence: Evidence, said: Statement, alignment: Alignment, weights: Sequence[float]
) -> None:
    """The clause that is covered least, and the heaviest word that is missing."""
    clauses: list[list[int]] = []
    held = 0.0
    for place, term in enumerate(said.terms):
        new = not clauses or (
            said.terms[clauses[-1][-1]].clause != term.clause and held >= _LEAST_CLAUSE
        )
        if new:
            clauses.append([])
            held = 0.0
        clauses[-1].append(place)
        held += term.weight
    if len(clauses) > 1 and held < _LEAST_CLAUSE:
        last = clauses.pop()
        clauses[-1].extend(last)
    worst, missing = 1.0, ""
    for clause in clauses:
        weight = sum(weights[place] for place in clause)
        share = sum(weights[place] * alignment.found[place] for place in clause) / (weight or 1.0)
        if share < worst:
            worst = share
            first, last = said.terms[clause[0]], said.terms[clause[-1]]
            missing = said.text[first.start : last.start + len(last.word)]
    evidence.values["worst clause"] = worst
    heaviest = max(
        (
            (weight * (1 - found), place)
            for place, (weight, found) in enumerate(zip(weights, alignment.found, strict=True))
        ),
        default=(0.0, 0),
    )
    evidence.values["heaviest missing"] = min(heaviest[0] / HEAVIEST, 1.0)
    if worst < 0.6:
        evidence.findings.append(Finding("invention", missing, weight=0.8 * (1 - worst)))
    elif heaviest[0] > _TELLING:
        term = said.terms[heaviest[1]]
        word = said.text[term.start : term.start + len(term.word)]
        evidence.findings.append(Finding("word", word, weight=0.3 * heaviest[0] / HEAVIEST))


def _in_order(source: SourceStatement, alignment: Alignment) -> float:
    """The share of neighbouring telling words that are near, and in the same order, in the source."""
    places = [source.places.get(stem, []) if stem else [] for stem in alignment.stems]
    pairs = [
        any(-2 <= later - earlier <= 4 and later != earlier for earlier in one for later in other)
        for one, other in pairwise(places)
    ]
    ordered = [
        any(0 < later - earlier <= 3 for earlier in one for later in other)
        for one, other in pairwise(places)
    ]
    if not pairs:
        return 1.0 if any(places) else 0.0
    return (0.4 * sum(pairs) + 0.6 * sum(ordered)) / len(pairs)


def _quantities(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    near: Sequence[SourceStatement],
    sources: Sources,
) -> None:
    if not said.quantities:
        return
    inside = [each for source in window for each in source.quantities]
    inside += [each for source in window if source.above for each in source.around.quantities]
    texts = {id(each): source.text for source in (*window, *near) for each in source.quantities}
    derived = _DERIVED.search(said.text) is not None
    for each in said.quantities:
        written = said.text[each.start : each.end]
        borne = bears_quantity(each, inside, derived=derived)
        if borne.grade >= 0.9:
            continue
        scale = 0.25 if each.light else 0.6 if each.unit == "ordinal" else 1.0
        shown = _shown(borne, texts)
        if borne.clash:
            evidence.against(
                "number narrowed",
                scale * (1 - borne.grade),
                Finding(borne.clash, _dressed(said.text, each), _around(borne, texts), 1.0),
            )
            continue
        beside = bears_quantity(each, [one for source in near for one in source.quantities])
        if beside.grade >= 0.9 and not beside.clash:
            evidence.against(
                "number elsewhere", 0.4 * scale, Finding("elsewhere", written, weight=0.3)
            )
            continue
        if borne.grade >= 0.5:
            evidence.against(
                "number wrong",
                scale * (1 - borne.grade) * 0.5,
                Finding("number", written, shown, 0.4),
            )
            continue
        far = bears_quantity(
            each, [one for source in sources.statements for one in source.quantities]
        )
        if far.grade >= 0.9 and not far.clash:
            evidence.against("number elsewhere", scale, Finding("elsewhere", written, shown, 0.8))
            if (
                borne.source is not None
                and isinstance(borne.source, Quantity)
                and borne.source.unit == each.unit
            ):
                evidence.against(
                    "number wrong", 0.6 * scale, Finding("number", written, shown, 0.9)
                )
        else:
            evidence.against("number wrong", scale, Finding("number", written, shown, 1.2))


def _shown(borne: Borne, texts: dict[int, str]) -> str:
    source = borne.source
    text = texts.get(id(source), "")
    return text[source.start : source.end] if source is not None and text else ""


def _around(borne: Borne, texts: dict[int, str]) -> str:
    source = borne.source
    text = texts.get(id(source), "")
    return _dressed(text, source) if source is not None and text else ""


def _dressed(text: str, each: Quantity | Moment) -> str:
    """A figure with the words before and after it that narrow it."""
    before = text[: each.start].split()[-3:]
    after = text[each.end : each.end + 30].split()[:2]
    return " ".join((*before, text[each.start : each.end], *after)).strip(" .,;")


def _moments(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    near: Sequence[SourceStatement],
    sources: Sources,
) -> None:
    if not said.moments:
        return
    inside = [each for source in window for each in source.moments]
    above = [each for source in window if source.above for each in source.around.moments]
    texts = {id(each): source.text for source in (*window, *near) for each in source.moments}
    everywhere = [each for source in sources.statements for each in source.moments]
    years = {each.year for each in everywhere}
    for each in said.moments:
        written = said.text[each.start : each.end]
        borne = bears_moment(each, [*inside, *above])
        if borne.clash:
            evidence.against(
                "number narrowed",
                0.8,
                Finding("bound", _dressed(said.text, each), _around(borne, texts)),
            )
            continue
        if borne.grade >= 0.9 or (borne.grade >= 0.5 and each.year in years and each.day is None):
            continue
        beside = bears_moment(each, [one for source in near for one in source.moments])
        shown = _shown(borne, texts)
        if beside.grade >= 0.9:
            evidence.against("date elsewhere", 0.4, Finding("elsewhere", written, weight=0.3))
        elif borne.grade >= 0.5:
            fitting = 0.2 if each.year in years else 0.6
            evidence.against("date wrong", fitting, Finding("date", written, shown, 0.5))
        elif bears_moment(each, everywhere).grade >= 0.9:
            evidence.against("date elsewhere", 1.0, Finding("elsewhere", written, shown, 0.8))
            if inside:
                evidence.against("date wrong", 0.6, Finding("date", written, shown, 0.9))
        else:
            evidence.against("date wrong", 1.0, Finding("date", written, shown, 1.2))


def _names(
    evidence: Evidence,
    said: Statement,
    window: Sequence[SourceStatement],
    near: Sequence[SourceStatement],
    sources: Sources,
) -> None:
    found = said.names
    if not found:
        return
    inside = {word for source in window for word in (*source.words, *source.around.words)}
    beside = {word for source in near for word in source.words}
    stems = {stem for source in window for stem in source.stems}
    by_start = {term.start: term.stem for term in said.terms}
    references = frozenset[str]().union(
        *(reference_keys(source.text + " " + source.above) for source in window)
    )
    missing = 0
    for each in found:
        written = said.text[each.start : each.end]
        if each.reference:
            if each.key in references:
                continue
            elsewhere = each.key in sources.references
            missing += 1
            evidence.against("reference missing", 0.6 if elsewhere else 1.0,
                Finding("elsewhere" if elsewhere else "name", written, weight=1.1))  # fmt: skip
            continue
        if _held(each, inside) or by_start.get(each.start) in stems:
            continue
        if written.isupper() and _spelled_out(each, sources):
            continue
        if _initial(each, said, inside):
            continue
        if _held(each, beside):
            evidence.against("name elsewhere", 0.3, Finding("elsewhere", written, weight=0.2))
        elif _held(each, sources.words):
            missing += 1
            evidence.against("name elsewhere", 1.0, Finding("elsewhere", written, weight=0.8))
        else:
            missing += 1
            evidence.against("name missing", 1.0, Finding("name", written, weight=1.0))
    evidence.values["names missing share"] = missing / len(found)


def _held(name: Name, words: Iterable[str]) -> bool:
    """Whether words hold a name, or its plural or possessive."""
    held = words if isinstance(words, (set, frozenset)) else set(words)
    key = name.key
    return key in held or key.removesuffix("s") in held or f"{key}s" in held


def _spelled_out(name: Name, sources: Sources) -> bool:
    return expands(name.key, (word for each in sources.statements for word in each.words))


def _initial(name: Name, said: Statement, inside: Iterable[str]) -> bool:
    """Whether the word is part of a long name whose acronym the source has."""
    group = [each for each in said.names if abs(each.start - name.start) < 80]
    initials = "".join(each.key[0] for each in group)
    return len(initials) >= 3 and any(word in initials for word in inside if 3 <= len(word) <= 6)


def _pairs(
    evidence: Evidence, said: Statement, source: SourceStatement, alignment: Alignment
) -> None:
    """Whether the words beside a figure, a date or a name stand beside another one in the source."""
    worst, shown = 0.0, ""
    positions = {
        term.stem: [other.start for other in source.terms if other.stem == term.stem]
        for term in source.terms
    }
    for start, end, ours, others in _rivals(said, source):
        votes: list[float] = []
        for term, stem in zip(said.terms, alignment.stems, strict=True):
            distance = min(abs(term.start - end), abs(start - term.start))
            if stem is None or distance > _NEAR or start <= term.start < end:
                continue
            place = positions.get(stem, [])
            mine = _nearest(source.text, place, ours)
            theirs = _nearest(source.text, place, others)
            votes.append(float(theirs < mine))
        if votes:
            share = sum(votes) / len(votes)
            if share > worst:
                worst, shown = share, said.text[start:end]
    if worst > 0.34:
        evidence.against("mispaired", worst, Finding("pairing", shown, weight=0.6 * worst))


def _apart(evidence: Evidence, said: Statement, sources: Sources, alignment: Alignment) -> None:
    """How much worse than the best the statements that hold a figure or a date cover the rest."""
    if not alignment.worth:
        return
    best = max(alignment.worth.values())
    for each in (*said.quantities, *said.moments):
        if isinstance(each, Quantity):
            if each.light:
                continue
            bearing = [
                n
                for n, o in enumerate(sources.statements)
                if bears_quantity(each, o.quantities).grade >= 0.9
            ]
        else:
            bearing = [
                n
                for n, o in enumerate(sources.statements)
                if bears_moment(each, o.moments).grade >= 0.9
            ]
        if not bearing:
            continue
        nearest = max(alignment.worth.get(number, 0.0) for number in bearing)
        gap = min(max(best - nearest, 0.0), 1.0)
        evidence.against(
            "apart", gap, Finding("pairing", said.text[each.start : each.end], weight=gap)
        )


def _rivals(
    said: Statement, source: SourceStatement
) -> list[tuple[int, int, list[tuple[int, int]], list[tuple[int, int]]]]:
    """For each figure or date of a sentence, where the source has it, and where it has others of its kind."""
    found: list[tuple[int, int, list[tuple[int, int]], list[tuple[int, int]]]] = []
    borne = {
        id(each): {
            id(other) for other in source.quantities if bears_quantity(each, [other]).grade >= 0.9
        }
        for each in said.quantities
    }
    known = {number for numbers in borne.values() for number in numbers}
    for each in said.quantities:
        mine = [(o.start, o.end) for o in source.quantities if id(o) in borne[id(each)]]
        rivals = [
            (o.start, o.end)
            for o in source.quantities
            if o.unit == each.unit and id(o) not in known
        ]
        if mine and rivals:
            found.append((each.start, each.end, mine, rivals))
    dated = {
        id(each): {
            id(other) for other in source.moments if bears_moment(each, [other]).grade >= 0.9
        }
        for each in said.moments
    }
    known = {number for numbers in dated.values() for number in numbers}
    for each in said.moments:
        mine = [(o.start, o.end) for o in source.moments if id(o) in dated[id(each)]]
        rivals = [
            (o.start, o.end) for o in source.moments if o.parts == each.parts and id(o) not in known
        ]
        if mine and rivals:
            found.append((each.start, each.end, mine, rivals))
    names = {each.key for each in said.names}
    if not names:
        return found
    mine_by = {each.key: (each.start, each.end) for each in source.names}
    rivals = [(each.start, each.end) for each in source.names if each.key not in names]
    found.extend(
        (each.start, each.end, [mine_by[each.key]], rivals)
        for each in said.names
        if each.key in mine_by and rivals
    )
    return found


def _nearest(text: str, places: Sequence[int], spans: Sequence[tuple[int, int]]) -> float:
    """How near two things stand in a source; what stands between them in another clause is further."""
    best = float("inf")
    for place in places:
        for start, end in spans:
            first, last = (end, place) if place >= end else (place, start)
            between = text[first:last]
            crossed = sum(between.count(mark) for mark in (",", ";", ":", "(", " et ", " and "))
            best = min(best, len(between) + _OTHER_CLAUSE * crossed)
    return best


def _polarity(
    evidence: Evidence, said: Statement, window: Sequence[SourceStatement], alignment: Alignment
) -> None:
    """Whether what is said is denied in the source, or what is denied is said."""
    source = window[0]
    matched = {stem for stem in alignment.stems if stem}
    ours = len(said.negations)
    theirs = sum(
        _touches(each.start, each.end, source, matched, lexical=each.lexical)
        for each in source.negations
    )
    turned: tuple[str, str] | None = None
    for term, stem in zip(said.terms, alignment.stems, strict=True):
        if stem is not None:
            continue
        against = opposite(term.stem, said.language) & source.stems - said.stems
        if against:
            place = next(other for other in source.terms if other.stem in against)
            turned = (term.word, place.word)
    differs = (ours - theirs) % 2 == 1
    if differs and turned is None:
        evidence.against(
            "negation differs", 1.0, Finding("negation", "", _negated(said, source), 0.7)
        )
    if turned is not None and not differs:
        evidence.against("flipped", _closeness(evidence), Finding("opposite", *turned, 0.9))


def _touches(start: int, end: int, source: Statement, matched: set[str], *, lexical: bool) -> bool:
    """Whether a negation bears on a word that the sentence has too."""
    inside = [term for term in source.terms if start <= term.start < end]
    after = [term for term in source.terms if term.start >= end][:2]
    before = [term for term in source.terms if term.start < start][-1:]
    heads = [*inside, *after, *before] if lexical else ([*inside, *after[:1]] or after)
    if not heads:
        return True
    return any(term.stem in matched for term in heads)


def _negated(said: Statement, source: Statement) -> str:
    return "said" if len(said.negations) > len(source.negations) else "source"


def _marks(evidence: Evidence, said: Statement, window: Sequence[SourceStatement]) -> None:
    """Obligations, conditions, quantifiers: changed, added or left out."""
    first, near = window[0].marks, _closeness(evidence)
    for group in GROUPS:
        source = first[group]
        everything = source.union(*(each.marks[group] for each in window[1:]))
        found = difference(group, said.marks[group], source)
        wider = difference(group, said.marks[group], everything)
        if found.changed and wider.changed:
            evidence.against(f"{group} changed", near, Finding(group, *found.changed, 0.8))
        extra = found.added or (found.changed[0] if found.changed else "")
        if wider.added or (extra and wider.changed):
            evidence.against(
                f"{group} added", near, Finding(f"{group} added", wider.added or extra, weight=0.4)
            )
        missing = found.dropped or (found.changed[1] if found.changed else "")
        if missing:
            evidence.against(
                f"{group} dropped", near, Finding(f"{group} dropped", "", missing, 0.35)
            )


def _closeness(evidence: Evidence) -> float:
    """How much a difference in a small word tells: little where all is worded otherwise."""
    return max(evidence.values["covered first"] ** 2, 0.1)
