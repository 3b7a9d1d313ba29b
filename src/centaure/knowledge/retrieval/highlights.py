"""Where a question's words stand in a passage."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache

from centaure.knowledge.language import grouped_numbers, tokens

_MOST_PIECES = 1 << 17


@lru_cache(maxsize=1 << 14)
def _telling(piece: str, language: str) -> tuple[tuple[str, int, int], ...]:
    """Stem, start and end of each token of a piece of text that is indexed."""
    return tuple(
        (token.stem, token.start, token.end)
        for token in tokens(piece, "fr" if language == "simple" else language)
        if language == "simple" or not token.stop
    )


class _Vocabulary:
    """The pieces of text met so far in one language, by the stems that they hold.

    Twenty passages are read for each search, which would be more work than finding them: a piece is cut
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
        """Those of the pieces that hold one of the stems."""
        for piece in pieces.difference(self._known):
            for stem, _, _ in _telling(piece, self._language):
                self._holding[stem].add(piece)
        self._known |= pieces
        held = (self._holding.get(stem) for stem in stems)
        return set[str]().union(*(pieces.intersection(each) for each in held if each))


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

    def occurrences(self, text: str, language: str) -> list[tuple[str, int, int]]:
        """The stem, start and end of each such token of a text, in order."""
        places: list[tuple[str, int]] = []
        rest = text
        for start, end in grouped_numbers(text) if self._figures else ():
            places.append((text[start:end], start))
            rest = f"{rest[:start]}{' ' * (end - start)}{rest[end:]}"
        for piece in _vocabulary(language).holding(self._stems, set(rest.split())):
            places += [(piece, offset) for offset in _offsets(piece, rest)]
        found = [
            (stem, offset + start, offset + end)
            for piece, offset in places
            for stem, start, end in _telling(piece, language)
            if stem in self._stems
        ]
        found.sort(key=lambda place: (place[2], -place[1]))  # a reference after its parts
        return found

    def stems(self, text: str, language: str) -> set[str]:
        """Which of the stems a text holds."""
        return {stem for stem, _, _ in self.occurrences(text, language)}


def _offsets(piece: str, text: str) -> Iterator[int]:
    """Where a piece stands in a text between two blanks, or the text's ends."""
    start = text.find(piece)
    while start >= 0:
        end = start + len(piece)
        if (start == 0 or text[start - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield start
        start = text.find(piece, start + 1)


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same places, those that overlap made one: a reference and its parts."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)
