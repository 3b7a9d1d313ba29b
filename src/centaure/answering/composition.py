"""From evidence to an answer: which units are quoted, in what order, cited how."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from centaure.answering.answers import Citation, Sentence
from centaure.answering.evidence import PassageEvidence, UnitEvidence, same_words
from centaure.answering.questions import Question
from centaure.answering.units import Unit
from centaure.knowledge.parsing import Box
from centaure.knowledge.retrieval import Hit

MOST_SENTENCES = 4
_MOST_WORDS = 140
_STRONG = 0.72
"""Share of the best unit's strength from which another one of its passage is quoted beside it."""
_STRONG_ELSEWHERE = 0.9
"""The same, in another document."""
_SHORT = 9
"""Words: a shorter sentence rarely stands for itself, so the next one is quoted with it."""
_BEGINNING = 200
"""Characters."""
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")

Choice = tuple[PassageEvidence, UnitEvidence]


def choose(question: Question, evidence: Sequence[PassageEvidence]) -> list[Choice]:
    """The units to quote, at most `MOST_SENTENCES`, the best passage's first, in their order there."""
    first = evidence[0]
    if first.best is None:
        return []
    chosen: list[Choice] = [(first, first.best)]
    floor = _STRONG * first.best.strength
    ranked = sorted(first.by_unit, key=lambda each: -each.strength)
    for candidate in ranked:
        if candidate.strength < floor or len(chosen) == MOST_SENTENCES - 1:
            break
        if _adds(question, chosen, candidate) and _fits(chosen, candidate):
            chosen.append((first, candidate))
    following = _following(first, first.best)
    if following is not None and len(chosen) < MOST_SENTENCES - 1 and _fits(chosen, following):
        chosen.append((first, following))
    for other in evidence[1:]:
        best = other.best
        if len(chosen) == MOST_SENTENCES or best is None:
            break
        if (
            best.strength >= _STRONG_ELSEWHERE * first.best.strength
            and other.worth >= _STRONG_ELSEWHERE * first.worth
            and other.passage.document.id != first.passage.document.id
            and not _repeats(chosen, best)
            and _fits(chosen, best)
        ):
            chosen.append((other, best))
            break
    chosen = [choice for choice in chosen if not _is_title(*choice)] or chosen
    order = {id(passage): rank for rank, passage in enumerate(evidence)}
    return sorted(chosen, key=lambda choice: (order[id(choice[0])], choice[1].unit.start))


def _adds(question: Question, chosen: list[Choice], candidate: UnitEvidence) -> bool:
    """Whether a unit says something more: other words of the question, or another row that answers."""
    unit = candidate.unit
    for _, other in chosen:
        if unit.start < other.unit.end and other.unit.start < unit.end:
            return False
    best = chosen[0][1]
    if not unit.quotable:
        return False
    if question.kind is not None and best.answers and not candidate.answers:
        return False
    if unit.header is not None and best.unit.header is not None:
        return candidate.own >= 0.95 * best.own
    told = [max(values) for values in zip(*(other.found for _, other in chosen), strict=True)]
    more = sum(
        max(value - known, 0.0) * term.weight
        for value, known, term in zip(candidate.found, told, question.terms, strict=True)
    )
    return more > 0.08 * question.weight or candidate.own >= 0.9 * best.own > 0


def _is_title(passage: PassageEvidence, evidence: UnitEvidence) -> bool:
    """Whether a unit is the title of its document, or a heading: it announces an answer, it is none."""
    hit, unit = passage.passage, evidence.unit
    said = " ".join(hit.text[unit.start : unit.end].split()).casefold()
    titles = (hit.document.title, *hit.heading_path)
    return said in {" ".join(title.split()).casefold() for title in titles}


def _following(passage: PassageEvidence, best: UnitEvidence) -> UnitEvidence | None:
    """The sentence that completes one too short to stand alone."""
    if best.unit.words >= _SHORT or best.unit.header is not None or best.answers:
        return None
    nexts = (each for each in passage.by_unit[best.place + 1 : best.place + 2])
    following = next(nexts, None)
    if following is None or not following.unit.quotable or following.unit.start < best.unit.end:
        return None
    between = passage.passage.text[best.unit.end : following.unit.start]
    return following if "\n\n" not in between else None


def _fits(chosen: list[Choice], candidate: UnitEvidence) -> bool:
    if any(candidate is other for _, other in chosen):
        return False
    return sum(other.unit.words for _, other in chosen) + candidate.unit.words <= _MOST_WORDS


def _repeats(chosen: list[Choice], candidate: UnitEvidence) -> bool:
    """Whether a unit says what one already chosen says, in nearly the same words."""
    return any(same_words(candidate.unit, other.unit) for _, other in chosen)


def cite(chosen: Sequence[Choice]) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """The sentences of an answer and their citations, numbered as they come."""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    for number, (passage, evidence) in enumerate(chosen, start=1):
        cited = citation(number, passage.passage, evidence.unit)
        sentences.append(Sentence(_spoken(cited.quote, evidence.unit), (number,)))
        citations.append(cited)
    return tuple(sentences), tuple(citations)


def citation(number: int, hit: Hit, unit: Unit | None) -> Citation:
    """A unit of a passage as it is cited, on the passage's first page.

    Args:
        number: what the answer calls it.
        hit: the passage.
        unit: None: nothing in the passage can be quoted by itself, and its beginning is.
    """
    return Citation(
        number=number,
        document=hit.document,
        chunk_id=hit.chunk_id,
        page=hit.page_first,
        sheet=hit.sheet,
        cells=hit.cells if unit is None else _cells(hit, unit),
        heading=hit.heading_path,
        quote=hit.text[:_BEGINNING] if unit is None else hit.text[unit.start : unit.end],
    )


def _spoken(quote: str, unit: Unit) -> str:
    """A quote as a sentence: a row's cells with the names of their columns, a list in one line."""
    if unit.header is None:
        return " ".join(re.sub(r"^[-•–*]\s+", "", quote).split())
    cells = [cell.strip() for cell in quote.split(" | ")]
    if len(cells) != len(unit.header):
        return " ".join(quote.split())
    named = [
        f"{name} : {cell}" if name else cell
        for name, cell in zip(unit.header, cells, strict=True)
        if cell
    ]
    return " ; ".join(named)


def _cells(hit: Hit, unit: Unit) -> str | None:
    """The cells of a quoted row, where the passage's range has one line for each row."""
    match = _RANGE.fullmatch(hit.cells or "")
    if unit.header is None or match is None:
        return hit.cells
    lines = hit.text.split("\n")
    closing = next((n for n, line in enumerate(lines) if line.startswith("---")), None)
    bottom, height = int(match[4]), int(match[4]) - int(match[2]) + 1
    if closing is None or height not in {len(lines) - 1, len(lines) - 1 - closing}:
        return hit.cells
    below = len(lines) - 1 - hit.text.count("\n", 0, unit.start)
    return f"{match[1]}{bottom - below}:{match[3]}{bottom - below}"


def page_of(quote_start: int, length: int, boxes: Sequence[Box]) -> int | None:
    """The page on which a quote begins, from the boxes of its passage's lines.

    A line holds characters in proportion to its width, which places the quote to within a line or two.

    Args:
        quote_start: offset of the quote in the passage.
        length: characters of the passage.
        boxes: of its lines, in order.
    """
    if not boxes or length <= 0:
        return None
    widths = list(accumulate(max(box.right - box.left, 1.0) for box in boxes))
    # A little later than the first character: a quote that begins at the foot of a page is on it.
    wanted = widths[-1] * (quote_start + 1) / length
    return boxes[min(bisect_left(widths, wanted), len(boxes) - 1)].page
