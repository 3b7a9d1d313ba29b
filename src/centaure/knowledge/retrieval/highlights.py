"""Where a question's words stand in a passage."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache

from centaure.knowledge.language import runs, tokens


@lru_cache(maxsize=1 << 17)
def _telling(run: str, language: str) -> tuple[tuple[str, int, int], ...]:
    """Stem, start and end of each token of a run that is indexed."""
    return tuple(
        (token.stem, token.start, token.end)
        for token in tokens(run, "fr" if language == "simple" else language)
        if language == "simple" or not token.stop
    )


class Finder:
    """Finds the tokens of texts that have one of some stems.

    Twenty passages are read for each search, which is more work than finding them: what a run of
    characters gives is remembered, and runs are what `tokens` cuts a text into first.
    """

    def __init__(self, stems: AbstractSet[str]) -> None:
        self._stems = stems
        self._figures = not all(stem.isalpha() for stem in stems)
        self._known: dict[str, dict[str, tuple[tuple[str, int, int], ...]]] = {}

    def occurrences(self, text: str, language: str) -> list[tuple[str, int, int]]:
        """The stem, start and end of each such token of a text, in order."""
        known = self._known.setdefault(language, {})
        found: list[tuple[str, int, int]] = []
        for match in runs(text, figures=self._figures):
            run = match[0]
            inside = known.get(run)
            if inside is None:
                inside = tuple(
                    entry for entry in _telling(run, language) if entry[0] in self._stems
                )
                known[run] = inside
            if inside:
                offset = match.start()
                found.extend((stem, offset + start, offset + end) for stem, start, end in inside)
        return found

    def stems(self, text: str, language: str) -> set[str]:
        """Which of the stems a text holds."""
        return {stem for stem, _, _ in self.occurrences(text, language)}


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same places, those that overlap made one: a reference and its parts."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)
