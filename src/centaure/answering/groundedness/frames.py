"""The frame that a sentence shares with its source, and what stands in it: one word exchanged for another.

The telling words of both are laid side by side. Where the words around one are the same and the source has
another word in that place, the sentence was probably changed there; the more so where its word belongs to
another part of the passages.
"""

from collections.abc import Sequence
from itertools import pairwise

from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.sources import SourceStatement
from centaure.answering.groundedness.statements import HEAVIEST, Statement

_HELD = 0.7
_TELLING = 3.0


def compare_frames(
    evidence: Evidence, said: Statement, source: SourceStatement, alignment: Alignment
) -> None:
    """Words exchanged within a frame, words of other parts, and neighbours that the source keeps apart."""
    _exchanged(evidence, said, source, alignment)
    _crossed(evidence, source, alignment)
    names = {each.start for each in said.names}
    heaviest = 0.0
    total = sum(term.weight for term in said.terms) or 1.0
    for term, near, anywhere in zip(said.terms, alignment.near, alignment.anywhere, strict=True):
        if near < _HELD <= anywhere:
            evidence.values["foreign"] += term.weight / total
            heaviest = max(heaviest, term.weight / HEAVIEST)
            if term.start in names:
                finding = Finding("elsewhere", term.word, weight=0.5)
                evidence.against("foreign name", 1.0, finding)
    evidence.values["foreign word"] = heaviest
    evidence.values["spread"] = (
        sum(
            term.weight * (anywhere - first)
            for term, first, anywhere in zip(
                said.terms, alignment.first, alignment.anywhere, strict=True
            )
        )
        / total
    )


def _exchanged(
    evidence: Evidence, said: Statement, source: SourceStatement, alignment: Alignment
) -> None:
    taken = {stem for stem in alignment.stems if stem}
    near = evidence.values["covered first"] ** 2
    free = {term.place for term in source.terms if term.stem not in taken}
    for place, (term, stem) in enumerate(zip(said.terms, alignment.stems, strict=True)):
        if stem is not None or term.weight < _TELLING:
            continue
        fillers: set[int] = set()
        for beside, step in ((place - 1, 1), (place + 1, -1)):
            other = alignment.stems[beside] if 0 <= beside < len(said.terms) else None
            if other is None:
                continue
            fillers |= {where + step for where in source.places.get(other, ())} & free
        if not fillers:
            continue
        filler = source.terms[min(fillers)]
        elsewhere = alignment.anywhere[place] >= _HELD
        value = min(term.weight, filler.weight) / HEAVIEST * (near if elsewhere else 1.0)
        finding = Finding("opposite", term.word, filler.word, value * (0.9 if elsewhere else 0.4))
        evidence.against("exchanged" if elsewhere else "replaced", value, finding)


def _crossed(evidence: Evidence, source: SourceStatement, alignment: Alignment) -> None:
    """How many clauses of the source lie between words that stand side by side in the sentence."""
    clauses = {
        stem: sorted({source.terms[place].clause for place in source.places.get(stem, ())})
        for stem in alignment.stems
        if stem
    }
    side_by_side = dict.fromkeys(pairwise(stem for stem in alignment.stems if stem))
    gaps = [
        _gap(clauses[first], clauses[second])
        for first, second in side_by_side
        if clauses[first] and clauses[second]
    ]
    if gaps:
        near = evidence.values["covered first"] ** 2
        evidence.values["crossed"] = near * max(min(gap, 3) for gap in gaps) / 3


def _gap(first: Sequence[int], second: Sequence[int]) -> int:
    """The least distance between two rows of rising numbers, neither of them empty."""
    least = abs(first[0] - second[0])
    one = other = 0
    while one < len(first) and other < len(second):
        least = min(least, abs(first[one] - second[other]))
        if first[one] < second[other]:
            one += 1
        else:
            other += 1
    return least
