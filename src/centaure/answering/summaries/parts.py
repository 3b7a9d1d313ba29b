"""A document cut into parts that a model can read at once, along its headings."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from centaure.answering.summaries.summary import Place
from centaure.knowledge.retrieval import Hit

_SEPARATOR = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


class Part(NamedTuple):
    """Passages that follow each other."""

    hits: tuple[Hit, ...]

    @property
    def place(self) -> Place:
        """Where they are."""
        return between([place_of(hit) for hit in self.hits], self._heading)

    @property
    def _heading(self) -> str:
        first, last = self.hits[0].heading_path, self.hits[-1].heading_path
        common = _SEPARATOR.join(_common([hit.heading_path for hit in self.hits]))
        ends = dict.fromkeys(path[0] for path in (first, last) if path)
        return common or " \N{EN DASH} ".join(ends)


def place_of(hit: Hit) -> Place:
    """Where a passage is."""
    return Place(_SEPARATOR.join(hit.heading_path), hit.page_first, hit.page_last or hit.page_first)


def between(places: Sequence[Place], heading: str | None = None) -> Place:
    """From the first of some places to the last."""
    pages = [page for one in places for page in (one.page_first, one.page_last) if page is not None]
    if heading is None:
        ends = dict.fromkeys(one.heading for one in (places[0], places[-1]) if one.heading)
        heading = " \N{EN DASH} ".join(ends)
    return Place(heading, min(pages, default=None), max(pages, default=None))


def cut(hits: Sequence[Hit], most: int) -> list[Part]:
    """The parts of a document, in order; each passage is in one.

    A part ends where the outermost heading changes, if that is in the second half of what fits; else where
    the next one changes, and so on; else where it is full.

    Args:
        hits: passages in their order.
        most: characters of a part; a single passage may have more.
    """
    found: list[Part] = []
    begun: list[Hit] = []
    for hit in hits:
        while begun and sum(len(one.text) for one in begun) + len(hit.text) > most:
            end = _end(begun, hit)
            found.append(Part(tuple(begun[:end])))
            begun = begun[end:]
        begun.append(hit)
    if begun:
        found.append(Part(tuple(begun)))
    return found


def lots(sizes: Sequence[int], most: int) -> Iterator[slice]:
    """Neighbours taken together as long as their sizes fit, two at least but for a last one."""
    start, size = 0, 0
    for place, each in enumerate(sizes):
        if place - start >= 2 and size + each > most:
            yield slice(start, place)
            start, size = place, 0
        size += each
    if start < len(sizes):
        yield slice(start, len(sizes))


def _end(begun: Sequence[Hit], following: Hit) -> int:
    """How many of the passages make up the part."""
    paths = [*(hit.heading_path for hit in begun), following.heading_path]
    half = sum(len(hit.text) for hit in begun) / 2
    size, best, depth = 0, len(begun), len(_common(paths[-2:]))
    if paths[-1] == paths[-2]:
        depth = 1_000
    for place, hit in enumerate(begun[:-1], 1):
        size += len(hit.text)
        if size < half or paths[place] == paths[place - 1]:
            continue
        common = len(_common(paths[place - 1 : place + 1]))
        if common < depth:
            best, depth = place, common
    return best


def _common(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """The headings that paths begin with alike."""
    levels = zip(*paths, strict=False)
    return [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]
