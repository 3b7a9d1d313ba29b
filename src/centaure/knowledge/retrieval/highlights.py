"""Where a question's words stand in a passage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import accumulate

from centaure.knowledge.language import grouped_numbers, tokens

_MOST_PIECES = 1 << 16
_LONGEST_PIECE = 32
"""Characters. Longer ones are few and may hold many stems: they are read each time."""


Occurrence = tuple[str, int, int]
"""A stem, and where it starts and ends in the text."""


def _telling(piece: str, language: str) -> tuple[Occurrence, ...]:
    """Stem, start and end of each token of a piece of text that is indexed."""
    return tuple(
        (token.stem, token.start, token.end)
        for token in tokens(piece, "fr" if language == "simple" else language)
        if language == "simple" or not token.stop
    )


_telling_remembered = lru_cache(maxsize=1 << 14)(_telling)


class _Vocabulary:
    """The pieces of text met so far in one language, by the stems that they hold.

    Dozens of passages are read for each search, which would be more work than finding them: a piece is cut
    into tokens once. Threads may share it: pieces are held before they are known, and none is forgotten.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._holding: defaultdict[str, set[str]] = defaultdict(set)
        self._known: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether it is time for a new one."""
        return len(self._known) > _MOST_PIECES

    def holding(self, stems: AbstractSet[str], pieces: set[str]) -> set[str]:
        """Those of the pieces that hold one of the stems, or may: the long ones."""
        new = pieces.difference(self._known)
        long = {piece for piece in new if len(piece) > _LONGEST_PIECE}
        new -= long
        for piece in new:
            for stem, _, _ in _telling(piece, self._language):
                self._holding[stem].add(piece)
        self._known |= new
        held = (self._holding.get(stem) for stem in stems)
        return long.union(*(pieces.intersection(each) for each in held if each))


_vocabularies: dict[str, _Vocabulary] = {}


def _vocabulary(language: str) -> _Vocabulary:
    vocabulary = _vocabularies.get(language)
    if vocabulary is None or vocabulary.full:
        vocabulary = _vocabularies[language] = _Vocabulary(language)
    return vocabulary


class Finder:
    """Finds the tokens of texts that have one of some stems."""

    def __init__(self, stems: AbstractSet[str]) -> None:
        self._stems = stems
        self._figures = not all(stem.isalpha() for stem in stems)

    def occurrences(self, texts: Sequence[str], language: str) -> list[list[Occurrence]]:
        """The stem, start and end of each such token of each text, in order.

        Many texts cost little more than one: they are read as one text, a line each.
        """
        whole = "\n".join(texts)
        places = grouped_numbers(whole) if self._figures else []
        rest = _blanked(whole, places)
        for piece in _vocabulary(language).holding(self._stems, set(rest.split())):
            places += _stretches(rest, piece)
        places.sort()
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        found: list[list[Occurrence]] = [[] for _ in texts]
        number = 0
        for place, place_end in places:
            while starts[number + 1] <= place:
                number += 1
            first = place - starts[number]
            found[number] += (
                (stem, first + start, first + end)
                for stem, start, end in _read(whole[place:place_end], language)
                if stem in self._stems
            )
        for each in found:
            each.sort(key=lambda place: (place[2], -place[1]))  # a reference after its parts
        return found

    def stems(self, text: str, language: str) -> set[str]:
        """Which of the stems a text holds."""
        return {stem for stem, _, _ in self.occurrences([text], language)[0]}


def _blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with blanks at those places, as long as before."""
    kept: list[str] = []
    done = 0
    for start, end in places:
        kept += (text[done:start], " " * (end - start))
        done = end
    return "".join((*kept, text[done:]))


def _stretches(text: str, piece: str) -> list[tuple[int, int]]:
    """Where a piece stands between blanks in a text."""
    found: list[tuple[int, int]] = []
    length = len(piece)
    start = text.find(piece)
    while start >= 0:
        end = start + length
        if (start == 0 or text[start - 1].isspace()) and (end == len(text) or text[end].isspace()):
            found.append((start, end))
        start = text.find(piece, end)
    return found


def _read(piece: str, language: str) -> tuple[Occurrence, ...]:
    short = len(piece) <= _LONGEST_PIECE
    return (_telling_remembered if short else _telling)(piece, language)


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same places, those that overlap made one: a reference and its parts."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def excerpt(text: str, highlights: Sequence[tuple[int, int]], length: int = 300) -> str:
    """About `length` characters of a text, where most of the words sought stand, on one line.

    Args:
        text: of a passage.
        highlights: where these words stand in it: start and end, in order.
        length: characters; a little less is given, so as to end at words, and "…" where some are left out.
    """
    if len(text) <= length:
        return " ".join(text.split())

    def within(first: int) -> list[tuple[int, int]]:
        return [
            (start, end) for start, end in highlights if first <= start and end <= first + length
        ]

    def told(first: int) -> int:
        return len({text[start:end].casefold() for start, end in within(first)})

    first = max((start for start, _ in highlights), key=told, default=0)
    last = max((end for _, end in within(first)), default=first)
    start = min(max((first + last - length) // 2, 0), len(text) - length)
    end = start + length
    while 0 < start < first and not text[start - 1].isspace():
        start += 1
    while last < end < len(text) and not text[end].isspace():
        end -= 1
    shown = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}"
