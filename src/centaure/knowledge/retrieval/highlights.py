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


def occurrences(text: str, language: str, stems: AbstractSet[str]) -> list[tuple[str, int, int]]:
    """The stem, start and end of each token of a passage that has one of the stems, in order.

    Twenty passages are read for each search, which is more work than finding them: what a run of
    characters gives is remembered, and runs are what `tokens` cuts a text into first.
    """
    found: list[tuple[str, int, int]] = []
    for run, offset in runs(text):
        for stem, start, end in _telling(run, language):
            if stem in stems:
                found.append((stem, offset + start, offset + end))
    return found


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same places, those that overlap made one: a reference and its parts."""
    result: list[tuple[int, int]] = []
    for start, end in spans:
        if result and start < result[-1][1]:
            result[-1] = (min(result[-1][0], start), max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)
