"""What retrieval is judged by: ranking measures of one question, and intervals over many.

A ranking is a list of identifiers, best first. Relevance maps the identifiers that are relevant to a grade
of 1 or more. Every measure of a ranking is in [0, 1].
"""

import math
import random
from collections.abc import Mapping, Sequence

RESAMPLES = 10_000


def ndcg(found: Sequence[str], relevance: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, with the grades as gains (Järvelin and Kekäläinen, 2002)."""
    gained = _discounted([relevance.get(one, 0) for one in found[:depth]])
    return gained / _discounted(sorted(relevance.values(), reverse=True)[:depth])


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def recall(found: Sequence[str], relevance: Mapping[str, int], depth: int) -> float:
    """The share of what is relevant that stands within `depth`."""
    return sum(one in relevance for one in found[:depth]) / len(relevance)


def mrr(found: Sequence[str], relevance: Mapping[str, int], depth: int = 10) -> float:
    """One divided by the rank of the first relevant one, 0 when none is within `depth`."""
    ranks = (rank for rank, one in enumerate(found[:depth], 1) if one in relevance)
    return 1 / next(ranks, math.inf)


def all_needed(found: Sequence[str], relevance: Mapping[str, int], depth: int = 10) -> float:
    """1 when everything that is relevant stands within `depth`, else 0."""
    return float(relevance.keys() <= set(found[:depth]))


def judge(found: Sequence[str], relevance: Mapping[str, int]) -> dict[str, float]:
    """Every measure of one question, by the name that tables give it."""
    return {
        "nDCG@10": ndcg(found, relevance),
        "Recall@10": recall(found, relevance, 10),
        "Recall@100": recall(found, relevance, 100),
        "MRR@10": mrr(found, relevance),
        "all needed@10": all_needed(found, relevance),
    }


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return sum(values) / len(values)


def paired_bootstrap(
    ours: Sequence[float], theirs: Sequence[float], resamples: int = RESAMPLES
) -> tuple[float, float, float]:
    """The mean of `ours` less `theirs`, with the ends of its 95 % interval.

    Questions are drawn again with replacement, each with both its scores (Sakai, "Evaluating Evaluation
    Metrics based on the Bootstrap", 2006); the ends are percentiles. The draws are the same on every run.

    Args:
        ours: a score for each question.
        theirs: that of the other system, in the same order.
        resamples: how many times the questions are drawn.

    Returns:
        Difference, lower end, upper end.
    """
    differences = [one - other for one, other in zip(ours, theirs, strict=True)]
    chance = random.Random(1)
    means = sorted(mean(chance.choices(differences, k=len(differences))) for _ in range(resamples))
    return mean(differences), means[round(0.025 * resamples)], means[round(0.975 * resamples) - 1]
