"""Neighbouring passages of one result, shown as one: what people read is not where the chunker cut.

Only what is shown is merged, after the search and its reranker: answers weigh and cite passages as they were
indexed, and so do benchmarks. A merged hit keeps the identity, the score and the place of its best passage.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from centaure.knowledge.retrieval.question import Question
from centaure.knowledge.retrieval.results import Hit, Part, SearchResult

SPARE = 10
"""Hits to search for beyond those shown, to fill the places that merging frees."""
MOST_PARTS = 3
MOST_WORDS = 1200

_HEADER = re.compile(r"(?:[^\n]*\n)*?---(?: \| ---)*\n")
"""The header of a table, which each passage that a table covers begins with."""


def merged(result: SearchResult, limit: int) -> SearchResult:
    """The best hits, up to three that follow each other in a document under one heading made one.

    Args:
        result: what search found: ask it for `limit + SPARE`.
        limit: hits wanted.
    """
    hits = result.hits
    ranks = {(hit.document.id, hit.position): rank for rank, hit in enumerate(hits)}
    taken: set[int] = set()
    shown: list[Hit] = []
    for rank, hit in enumerate(hits):
        if len(shown) >= limit:
            break
        if rank not in taken:
            run = _run(hits, ranks, rank, taken)
            taken.update(run)
            parts = sorted((hits[one] for one in run), key=lambda part: part.position)
            shown.append(_one(result.question, hit, parts) if len(parts) > 1 else hit)
    return replace(result, hits=tuple(shown))


def _run(
    hits: Sequence[Hit], ranks: Mapping[tuple[int, int], int], rank: int, taken: set[int]
) -> list[int]:
    """A hit and the neighbours that it is shown with, by rank, the best first."""
    first = last = hits[rank]
    words = len(first.text.split())
    run = [rank]
    while len(run) < MOST_PARTS:
        document = first.document.id
        beside = (ranks.get((document, place)) for place in (first.position - 1, last.position + 1))
        near = sorted(
            one
            for one in beside
            if one is not None
            and one not in taken
            and hits[one].heading_path == first.heading_path
            and hits[one].sheet == first.sheet
            and words + len(hits[one].text.split()) <= MOST_WORDS
        )
        if not near:
            break
        run.append(near[0])
        added = hits[near[0]]
        words += len(added.text.split())
        first, last = (added, last) if added.position < first.position else (first, added)
    return run


def _one(question: Question, best: Hit, hits: Sequence[Hit]) -> Hit:
    """Hits that follow each other, as the best of them."""
    text = hits[0].text
    highlights = list(hits[0].highlights)
    parts = [Part(hits[0].chunk_id, 0, len(text))]
    for before, hit in pairwise(hits):
        cut = _repeated(before.text, hit.text)
        text += "\n" if cut else "\n\n"
        shift = len(text) - cut
        text += hit.text[cut:]
        highlights += [
            (max(start, cut) + shift, end + shift) for start, end in hit.highlights if end > cut
        ]
        parts.append(Part(hit.chunk_id, cut + shift, len(text)))
    stems = frozenset[str]().union(*(hit.stems for hit in hits))
    pages = [page for hit in hits for page in (hit.page_first, hit.page_last) if page is not None]
    legs = {leg for hit in hits for leg in hit.found_by}
    return replace(
        best,
        text=text,
        highlights=tuple(highlights),
        parts=tuple(parts),
        page_first=min(pages, default=None),
        page_last=max(pages, default=None),
        cells=_cells(hits[0].cells, hits[-1].cells),
        kind=best.kind if len({hit.kind for hit in hits}) == 1 else "text",
        stems=stems,
        coverage=question.share(question.matched(stems)),
        found_by=tuple(leg for leg in ("words", "meaning") if leg in legs),
    )


def _repeated(before: str, text: str) -> int:
    """Characters of the header that a passage repeats from the one before, whose table it continues."""
    header = _HEADER.match(text)
    return header.end() if header and header[0] in before else 0


def _cells(first: str | None, last: str | None) -> str | None:
    """From the first cell of one range to the last of another."""
    if first is None or last is None:
        return first or last
    return f"{first.partition(':')[0]}:{last.rpartition(':')[2]}"
