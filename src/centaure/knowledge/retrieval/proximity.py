"""A reranker of nothing but words: how much of a question a passage holds, how close together, in what order.

It is the twin of a real reranker where there is none: no weights, no network, the same scores everywhere.
Pairs of neighbouring words of the question count by their distance in the passage, as in Tao and Zhai, "An
Exploration of Proximity Measures in Information Retrieval", 2007; the formula is our own.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from centaure.knowledge.language import detect_language, tokens
from centaure.knowledge.retrieval.question import LANGUAGES, Question, analyse

_TURNED = 0.5
"""What a pair in the other order is worth."""


class Proximity:
    """The reranker."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score for each text, in [0, 2]: the weight that it holds, and how near neighbours stand."""
        asked = analyse(question)
        order = _in_order(asked)
        return [_score(asked, order, text) for text in texts]


def _score(asked: Question, order: Sequence[int], text: str) -> float:
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, stem in enumerate(_stems(text)):
        for term in asked.matched({stem}):
            places[term].append(place)
    coverage = asked.share(frozenset(places))
    pairs = list(pairwise(order))
    if not pairs:
        return 2 * coverage
    weights = [min(asked.terms[one].weight, asked.terms[other].weight) for one, other in pairs]
    near = sum(
        weight * _nearness(places.get(one, []), places.get(other, []))
        for weight, (one, other) in zip(weights, pairs, strict=True)
    )
    return coverage + near / sum(weights)


def _nearness(ones: Sequence[int], others: Sequence[int]) -> float:
    """1 where the second follows at once, less with each word between, half in the other order."""
    best = 0.0
    for place in ones if others else ():
        after = bisect_left(others, place)
        if after < len(others):
            best = max(best, 1 / max(1, others[after] - place))
        if after:
            best = max(best, _TURNED / (place - others[after - 1]))
    return best


def _in_order(asked: Question) -> list[int]:
    """Places in `terms` of the question's terms, as it says them first."""
    order: dict[int, None] = {}
    for stem in _stems(asked.text, asked.language):
        order.update(dict.fromkeys(sorted(asked.matched({stem}))))
    return list(order)


def _stems(text: str, language: str = "") -> list[str]:
    """Of the words that tell something, in order."""
    language = language or detect_language(text)
    read = tokens(text, language if language in LANGUAGES else "fr")
    return [token.stem for token in read if language not in LANGUAGES or not token.stop]
