"""Whether the sentences of an answer rest on the passages that it was written from, without a model.

`check` takes an answer, its passages and its question, and says of each sentence: supported, unsupported, or
could not be checked, with a score, the passage that supports it best and a reason in words. Hard evidence
(figures with units, dates, names, negation, obligation, condition, quantity) and soft evidence (words
covered, their order, clauses that nothing covers) meet in a small logistic model.
"""

from centaure.answering.groundedness.checking import Judgement, Outcome, check
from centaure.answering.groundedness.sources import Passage

__all__ = ["Judgement", "Outcome", "Passage", "check"]
