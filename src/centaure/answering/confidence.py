"""Whether the evidence is strong enough to answer: a logistic model of a few features.

Its coefficients stand in `confidence.json`, written by `python benchmarks/answering.py --fit` from the
development halves of public sets of questions with and without an answer; nobody types them.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from centaure.answering.evidence import FEATURES


@dataclass(frozen=True, slots=True)
class Confidence:
    """The model.

    Attributes:
        bias: log-odds when every feature is 0.
        weights: log-odds for each feature, in the order of `FEATURES`.
        threshold: probability from which a question is answered.
    """

    bias: float
    weights: tuple[float, ...]
    threshold: float

    def probability(self, values: Sequence[float]) -> float:
        """The probability that the best passage answers the question, from its features."""
        logit = self.bias + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-logit))


@lru_cache(maxsize=1)
def confidence() -> Confidence:
    """The model that was learned."""
    learned = json.loads(files("centaure.answering").joinpath("confidence.json").read_text("utf-8"))
    weights = learned["weights"]
    return Confidence(
        learned["bias"], tuple(weights[name] for name in FEATURES), learned["threshold"]
    )
