"""The second look at the passages found: what their words say together, and what their documents are.

An index knows how often a passage says each word. Read again, a passage also says whether words stand
together as they do in the question; its document, whether the question names it, asks for its period, or is
about it as a whole; and people may have said whether it serves such questions. Each signal is in nats like
the score by words (BM25), so they add up. All depend on the question, the passage and its document alone, but
for the latest of a series (the latest among those found) and for feedback (by those who may read it).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from centaure.kit.database import Row
from centaure.knowledge.language import tokens, weight
from centaure.knowledge.retrieval.highlights import Finder, Occurrence
from centaure.knowledge.retrieval.periods import Period, asks_latest, periods_in, series_of
from centaure.knowledge.retrieval.question import Question
from centaure.knowledge.retrieval.terms import term_number

PHRASE = 0.4
"""Share of the lighter of two words that it adds when both stand together as in the question."""
NAMED = 0.5
"""Share of what the question says of a title that it adds when the whole title stands in the question."""
MENTIONED = 0.25
"""The same for the names of its author and its folder."""
WHOLE = 0.33
"""Share of the score by words that is its document's as a whole, see `impacts.document_row`."""
PERIOD = 0.1
"""Share of the score by words added where the document's period is the question's."""
LATEST = 0.2
"""Share of the score by words added to the latest of a series, where the question asks for the latest."""

FEEDBACK = 0.3
"""Share of a term's weight that it adds or takes where people all say the same of the document for it, twice:
what they say goes from -0.5 to 0.5, see `feedback_of`."""
MOST_FEEDBACK = 0.15
"""Share of the score by words that feedback adds or takes at most."""

_WIDEST_GAP = 24
"""Characters between two words that stand together: stop words and marks, nothing else."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What a passage scored, in nats.

    Attributes:
        words: its words one by one: BM25.
        phrases: words that stand together as in the question.
        named: its document's title or file name, author or folder named by the question.
        whole: its document as a whole.
        period: its document's period asked for, or the latest asked for.
        feedback: what people say of its document for the question's words; may be below 0.
    """

    words: float = 0.0
    phrases: float = 0.0
    named: float = 0.0
    whole: float = 0.0
    period: float = 0.0
    feedback: float = 0.0

    @property
    def total(self) -> float:
        """All of them together."""
        return self.words + self.phrases + self.named + self.whole + self.period + self.feedback


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage found, read again.

    Attributes:
        row: as the database gave it.
        places: where the question's stems stand in its text, in order.
        about: the question's stems that its headings, its document's title and file name hold.
        signals: what it scored by words.
        similarity: of its vector to the question's; None: unknown.
    """

    row: Row
    places: tuple[Occurrence, ...]
    about: frozenset[str]
    signals: Signals
    similarity: float | None

    @property
    def stems(self) -> frozenset[str]:
        """The question's stems that the passage, its headings, title and file name hold."""
        return self.about.union(stem for stem, _, _ in self.places)

    @property
    def document_id(self) -> int:
        """Its document."""
        return int(self.row.id)

    @property
    def score(self) -> float:
        """By words, in nats."""
        return self.signals.total


def look_again(question: Question, rows: Sequence[Row]) -> list[Candidate]:
    """The passages found, read again; the order stays. It computes for milliseconds: call it in a thread."""
    weights = _weights(question)
    terms = question.places()
    read = zip(rows, _occurrences(question, rows), strict=True)
    return _dated(question, [_read(question, weights, terms, row, places) for row, places in read])


def _occurrences(question: Question, rows: Sequence[Row]) -> list[list[list[Occurrence]]]:
    """Where the question's stems stand in what `_lines` gives of each row."""
    finder = Finder(question.stems())
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        lines[row.chunk_language] += _lines(row)
    found = {language: iter(finder.occurrences(each, language)) for language, each in lines.items()}
    return [[next(found[row.chunk_language]) for _ in _lines(row)] for row in rows]


def _lines(row: Row) -> tuple[str, ...]:
    """What is read of a row: the passage's text, then what says what it is about."""
    return row.text, row.title, *row.heading_path, name_of(row.path)


def name_of(path: str) -> str:
    """The words of a file's name, without its extension."""
    name = path.rpartition("/")[2]
    stem, _, extension = name.rpartition(".")
    return (stem if stem and extension else name).replace("_", " ")


def _read(
    question: Question,
    weights: Mapping[str, float],
    terms: Mapping[str, int],
    row: Row,
    read: Sequence[Sequence[Occurrence]],
) -> Candidate:
    language: str = row.chunk_language
    places, *lines = read
    about = {stem for line in lines for stem, _, _ in line}
    pairs = set[tuple[int, int]]().union(
        *(
            _together(question, terms, each, text, language)
            for each, text in zip(read, _lines(row), strict=True)
            if len(each) > 1
        )
    )
    signals = Signals(
        words=(1 - WHOLE) * row.score,
        phrases=PHRASE * sum(_lighter(question, pair) for pair in pairs),
        named=_named(weights, row, language),
        # A document of one passage is that passage.
        whole=WHOLE * (row.score if row.whole is None else row.whole),
        feedback=_feedback(question, row),
    )
    return Candidate(row, tuple(places), frozenset(about), signals, row.similarity)


def _weights(question: Question) -> dict[str, float]:
    """What each stem of the question weighs in it."""
    return {stem: term.weight for term in reversed(question.known) for stem in term.stems}


def _lighter(question: Question, pair: tuple[int, int]) -> float:
    return min(question.known[place].weight for place in pair)


def _together(
    question: Question,
    terms: Mapping[str, int],
    places: Sequence[Occurrence],
    text: str,
    language: str,
) -> set[tuple[int, int]]:
    """The pairs of the question's neighbouring terms that are neighbours in a text."""
    if not question.pairs:
        return set()
    found: set[tuple[int, int]] = set()
    before: list[Occurrence] = []
    for stem, start, end in places:
        before = [one for one in before if start - one[2] <= _WIDEST_GAP]
        for first, _, first_end in before:
            pair = (terms[first], terms[stem])
            if (
                pair in question.pairs
                and pair not in found
                and first_end <= start
                and _says_nothing(text[first_end:start], language)
            ):
                found.add(pair)
        before.append((stem, start, end))
    return found


@lru_cache(maxsize=1 << 12)
def _says_nothing(gap: str, language: str) -> bool:
    """Whether there are only stop words and marks between two words."""
    if gap.isspace():
        return True
    return all(token.stop for token in tokens(gap, language))


def _named(weights: Mapping[str, float], row: Row, language: str) -> float:
    document = max(_share(weights, name, language) for name in (row.title, name_of(row.path)))
    folder = row.path.rpartition("/")[0].rpartition("/")[2]
    others = (row.author or "", folder)
    return NAMED * document + MENTIONED * sum(_share(weights, name, language) for name in others)


def _share(weights: Mapping[str, float], name: str, language: str) -> float:
    """What the question says of a name, times the square of the share of the name that it says."""
    stems = _stems(name, language)
    if not stems:
        return 0.0
    asked = sum(weights.get(stem, 0.0) for stem in stems)
    if not asked:
        return 0.0
    whole = sum(stems.values())
    said = sum(value for stem, value in stems.items() if stem in weights)
    return asked * (said / whole) ** 2


@lru_cache(maxsize=1 << 14)
def _stems(name: str, language: str) -> Mapping[str, float]:
    """The stems of a name, and what each tells."""
    cut = tokens(name, "fr" if language == "simple" else language)
    return {token.stem: weight(token.stem, language) for token in cut if not token.stop}


def _feedback(question: Question, row: Row) -> float:
    """What people say of the document for each term, the term's stem of which they say most."""
    if not row.voted:
        return 0.0
    said: dict[int, float] = dict(zip(row.voted, row.worths, strict=True))
    total = sum(
        term.weight
        * max((said.get(term_number(stem), 0.0) for stem in sorted(term.stems)), key=abs)
        for term in question.terms
    )
    most = MOST_FEEDBACK * row.score
    return max(-most, min(most, FEEDBACK * total))


def _dated(question: Question, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, with what the periods of their documents add."""
    asked = periods_in(question.text)
    if asked:
        return [
            _favoured(candidate, PERIOD)
            if any(period.meets(one) for period in _periods(candidate.row) for one in asked)
            else candidate
            for candidate in candidates
        ]
    if not asks_latest(question.text):
        return candidates
    series: defaultdict[tuple[int, str, str], set[Period]] = defaultdict(set)
    for candidate in candidates:
        series[_series(candidate.row)].update(_periods(candidate.row)[:1])
    today = datetime.now(UTC).date()
    for periods in series.values():
        periods -= {period for period in periods if period.first > today}
    latest = {key: max(periods) for key, periods in series.items() if len(periods) > 1}
    return [
        _favoured(candidate, LATEST)
        if _periods(candidate.row)[:1] == (latest.get(_series(candidate.row)),)
        else candidate
        for candidate in candidates
    ]


def _favoured(candidate: Candidate, share: float) -> Candidate:
    signals = replace(candidate.signals, period=share * candidate.row.score)
    return replace(candidate, signals=signals)


def _periods(row: Row) -> tuple[Period, ...]:
    return _periods_of(name_of(row.path)) or _periods_of(row.title)


def _series(row: Row) -> tuple[int, str, str]:
    """Source, folder and name without their periods: who writes elsewhere is of no series here."""
    name = name_of(row.path) if _periods_of(name_of(row.path)) else row.title
    return row.source_id, _series_of(row.path.rpartition("/")[0]), _series_of(name)


@lru_cache(maxsize=1 << 12)
def _periods_of(name: str) -> tuple[Period, ...]:
    return tuple(periods_in(name))


@lru_cache(maxsize=1 << 12)
def _series_of(name: str) -> str:
    return series_of(name)
