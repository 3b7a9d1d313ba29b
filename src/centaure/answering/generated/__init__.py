"""Answers that a language model writes: what it is shown, and what becomes of what it says.

The passages go out numbered, as data; what comes back is read while it streams: each sentence with the
passages that it cites, markers to others removed, held against what it cites before anybody sees it. Nothing
here opens a transaction.
"""

from centaure.answering.generated.judging import Judge
from centaure.answering.generated.request import MOST_TOKENS, Brief, choices, request
from centaure.answering.generated.support import Sources
from centaure.answering.generated.writing import Withheld, Writing

__all__ = [
    "MOST_TOKENS",
    "Brief",
    "Judge",
    "Sources",
    "Withheld",
    "Writing",
    "choices",
    "request",
]
