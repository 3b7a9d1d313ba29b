"""How the evidence on a sentence becomes a score: a logistic model.

Its coefficients stand in `weights.json`, written by `python benchmarks/groundedness.py --learn`; nobody
types them.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from centaure.answering.groundedness.evidence import FEATURES


@dataclass(frozen=True, slots=True)
class Model:
    """The model.

    Attributes:
        bias: log-odds when every feature is 0.
        weights: log-odds for each feature, in the order of `FEATURES`.
        supported: score from which a sentence is supported.
        unsupported: score below which it is not; between the two is doubt.
    """

    bias: float
    weights: tuple[float, ...]
    supported: float
    unsupported: float

    def probability(self, values: Sequence[float]) -> float:
        """The probability that a sentence is borne out, from its features."""
        logit = self.bias + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(min(logit, 60.0), -60.0)))


@lru_cache(maxsize=1)
def model() -> Model:
    """The model that was learned."""
    written = files("centaure.answering.groundedness").joinpath("weights.json").read_text("utf-8")
    learned = json.loads(written)
    weights = learned["weights"]
    return Model(
        learned["bias"],
        tuple(weights[name] for name in FEATURES),
        learned["supported"],
        learned["unsupported"],
    )
