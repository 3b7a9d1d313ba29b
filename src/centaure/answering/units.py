"""A passage cut into what can be quoted from it: sentences, lists with their introduction, rows."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from centaure.knowledge.chunking import HEADER_LINE
from centaure.knowledge.language import tokens
from centaure.knowledge.language.sentences import sentences
from centaure.knowledge.retrieval import Hit

MOST_CHARACTERS = 8_000
"""Characters of a passage that are weighed; an ordinary one has 2,500."""
_MOST_UNITS = 120
_LONGEST_LIST = 90
"""Words of an introduction and its list quoted together."""
_NUMBERING = re.compile(
    r"^(?:(?:article|chapitre|section|annexe|chapter|appendix|part)\s)?[\dIVX]+(?:\.\d+)*[.)°]?\s[-–—:]?\s?",
    re.IGNORECASE,
)
_LONGEST_TITLE = 14
"""Words of a line without a full stop that can be a heading."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters `start` to `end` of a passage's text, quoted together or not at all.

    Attributes:
        words: how many.
        stems: the telling ones of its own text, in order.
        context: stems of the lines that it stands under: an inner heading, the line that announces
            its list, the header of its table.
        header: the cells of the table's header, for a row.
        quotable: whether it can be an answer; a heading or a question only announces one.
    """

    start: int
    end: int
    words: int
    stems: tuple[str, ...]
    context: frozenset[str]
    header: tuple[str, ...] | None
    quotable: bool


@dataclass(slots=True)
class _Lines:
    """The lines that the next unit stands under."""

    heading: frozenset[str] = frozenset()
    introduction: frozenset[str] = frozenset()
    question: frozenset[str] = frozenset()
    header: tuple[str, ...] | None = None
    header_stems: frozenset[str] = frozenset()


def units_of(passage: Hit) -> list[Unit]:
    """The units of a passage, in order; an introduction's list may be in two of them."""
    text = passage.text[:MOST_CHARACTERS]
    spans = sentences(text, passage.language)[:_MOST_UNITS]
    found = [token for token in tokens(text, passage.language) if not token.stop]
    starts = [token.start for token in found]
    stems = tuple(token.stem for token in found)
    cut = [
        stems[bisect_right(starts, start - 1) : bisect_right(starts, end - 1)]
        for start, end in spans
    ]
    headers = _header_lines(text, spans)
    lines = _Lines()
    units: list[Unit] = []
    for place, ((start, end), own) in enumerate(zip(spans, cut, strict=True)):
        line = text[start:end]
        if place in headers:
            cells = tuple(cell.strip() for cell in line.split(" | "))
            rule = not line.replace("|", "").replace("-", "").strip()
            if not rule:
                lines.header = cells if lines.header is None else lines.header
                lines.header_stems |= frozenset(own)
            continue
        row = " | " in line and lines.header is not None
        if not row:
            lines.header, lines.header_stems = None, frozenset()
        words = len(line.split())
        unit_end, unit_words, unit_stems = end, words, own
        if line.endswith(":"):
            unit_end, unit_words, unit_stems = _with_list(text, spans, cut, place)
        kind = _kind(text, line, end, words)
        if kind == "heading":
            lines = _Lines(heading=frozenset(own))
        elif kind == "question":
            lines.question = frozenset(own)
        elif "\n" in text[spans[place - 1][1] : start] and not _in_list(text, start):
            lines.introduction = frozenset()
        units.append(
            Unit(
                start,
                unit_end,
                unit_words,
                unit_stems,
                lines.heading | lines.introduction | lines.question | lines.header_stems,
                lines.header if row else None,
                quotable=kind == "text" and bool(own),
            )
        )
        if line.endswith(":"):
            lines.introduction = frozenset(own)
    return units


def _header_lines(text: str, spans: list[tuple[int, int]]) -> frozenset[int]:
    """Places of the lines that make up the headers of tables, the closing line included."""
    places: set[int] = set()
    for place, (start, end) in enumerate(spans):
        if text.startswith(HEADER_LINE, start) and not text[start:end].strip("-| "):
            columns = text.count(" | ", start, end)
            places.add(place)
            above = place - 1
            while (
                above >= 0
                and text.count(" | ", *spans[above]) == columns
                and ("\n\n" not in text[spans[above][1] : spans[above + 1][0]])
            ):
                places.add(above)
                above -= 1
    return frozenset(places)


def _kind(text: str, line: str, end: int, words: int) -> str:
    """Whether a line is text that can be quoted, a heading or a question."""
    if line.endswith("?"):
        return "question"
    alone = text.startswith("\n", end)
    plain = line[-1] not in ".!…:;,»)" and not line.startswith("-") and " | " not in line
    title = _NUMBERING.sub("", line)
    if alone and plain and words <= _LONGEST_TITLE and not any(c.isdigit() for c in title):
        return "heading"
    return "text"


def _in_list(text: str, start: int) -> bool:
    return text.startswith(("- ", "• ", "– ", "* "), start) or text[start].islower()


def _with_list(
    text: str, spans: list[tuple[int, int]], cut: list[tuple[str, ...]], place: int
) -> tuple[int, int, tuple[str, ...]]:
    """Where the list that a line announces ends, its words and its stems, within reason."""
    start, end = spans[place]
    words, found = len(text[start:end].split()), cut[place]
    for following, own in zip(spans[place + 1 :], cut[place + 1 :], strict=True):
        between = text[end : following[0]]
        count = len(text[following[0] : following[1]].split())
        listed = _in_list(text, following[0]) or end == spans[place][1]
        if not listed or words + count > _LONGEST_LIST or " | " in text[slice(*following)]:
            break
        if "\n\n" in between and end != spans[place][1]:
            break
        words, end, found = words + count, following[1], found + own
    return end, words, found
