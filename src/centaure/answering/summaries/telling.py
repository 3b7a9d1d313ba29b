"""A summary without a language model: the sentences of each part that tell most, quoted.

A sentence tells by its words: each counts with its weight in the language and in how many different sentences
its part says it, and much less once a chosen sentence holds it, so that the next one covers something else.
One that begins a part or a passage counts a little more. After H. P. Luhn, "The automatic creation of
literature abstracts" (1958), for words, and H. P. Edmundson, "New methods in automatic extracting" (1969),
for position.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from centaure.answering.composition import citation, page_of
from centaure.answering.summaries.parts import Part, cut
from centaure.answering.summaries.summary import SummarySentence
from centaure.answering.units import Unit, units_of
from centaure.knowledge.language import weight
from centaure.knowledge.parsing import Box
from centaure.knowledge.retrieval import Hit

MOST_SENTENCES = 24
_PARTS = 12
_LEAST_OF_A_PART = 4_000
"""Characters."""
_MOST_OF_A_PART = 6
_ONE_IN = 4
"""At most one sentence of so many is quoted."""
_SHORTEST, _LONGEST = 6, 60
"""Words of a sentence that can stand for itself."""
_COVERED = 0.15
"""What a word still counts when a chosen sentence of the part holds it."""
_TOLD = 0.6
"""The same for a sentence of an earlier part."""
_BEGINS_PART, _BEGINS_PASSAGE = 1.35, 1.15
_USUAL_WORDS = 18


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    unit: Unit
    stems: frozenset[str]
    bonus: float


def sections(hits: Sequence[Hit]) -> list[Part]:
    """The parts of a document, a dozen or two for a long one."""
    total = sum(len(hit.text) for hit in hits)
    return cut(hits, max(_LEAST_OF_A_PART, -(-total // _PARTS)))


def quota(parts: int) -> int:
    """How many sentences of each part are quoted at most."""
    return min(_MOST_OF_A_PART, max(1, MOST_SENTENCES // parts))


def telling(
    part: Part, most: int, told: frozenset[str], boxes: Mapping[int, Sequence[Box]]
) -> tuple[list[SummarySentence], frozenset[str]]:
    """The sentences of a part that tell most, in its order, and the stems that are told with them.

    Takes about a millisecond for each of its passages: call it in a thread.

    Args:
        part: of the document.
        most: sentences.
        told: stems of what was quoted of earlier parts.
        boxes: lines of the passages that run over several pages, by chunk.
    """
    candidates = _candidates(part)
    counts = Counter(stem for stems in {one.stems for one in candidates} for stem in stems)
    language = part.hits[0].language
    worth = {
        stem: weight(stem, language) * math.log1p(count) * (_TOLD if stem in told else 1.0)
        for stem, count in counts.items()
    }
    chosen: list[_Candidate] = []
    left = list(candidates)
    while left and len(chosen) < min(most, max(1, len(candidates) // _ONE_IN)):
        best = max(left, key=lambda one: _score(one, worth))
        left.remove(best)
        chosen.append(best)
        for stem in best.stems:
            worth[stem] *= _COVERED
    chosen.sort(key=lambda one: (one.hit.position, one.unit.start))
    sentences = [_quoted(one.hit, one.unit, boxes) for one in chosen]
    if not sentences and not candidates:
        sentences = [_quoted(part.hits[0], None, boxes)]
    return sentences, told.union(*(one.stems for one in chosen))


def _candidates(part: Part) -> list[_Candidate]:
    found: list[_Candidate] = []
    for hit in part.hits:
        begins = True
        for unit in units_of(hit):
            if not (unit.quotable and unit.header is None and _SHORTEST <= unit.words <= _LONGEST):
                continue
            stems = frozenset(unit.stems)
            bonus = (_BEGINS_PASSAGE if begins else 1.0) if found else _BEGINS_PART
            found.append(_Candidate(hit, unit, stems, bonus))
            begins = False
    return found


def _score(one: _Candidate, worth: Mapping[str, float]) -> float:
    """What its words are worth, for its length: neither the longest nor the shortest wins by that."""
    total = sum(worth[stem] for stem in one.stems)
    return one.bonus * total / math.sqrt(_USUAL_WORDS + one.unit.words)


def _quoted(hit: Hit, unit: Unit | None, boxes: Mapping[int, Sequence[Box]]) -> SummarySentence:
    cited = citation(1, hit, unit)
    if unit is not None and hit.chunk_id in boxes:
        page = page_of(unit.start, len(hit.text), boxes[hit.chunk_id])
        cited = cited if page is None else cited.on_page(page)
    return SummarySentence(" ".join(cited.quote.removeprefix("- ").split()), (cited,))
