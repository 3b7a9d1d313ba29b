"""How a call of a model went: which of the calls for one wish it was, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from centaure.gateway.calls import Verdict
from centaure.gateway.chat import Usage


class End(StrEnum):
    """How a call ended.

    Done; stopped at its limit of tokens; cancelled by whoever asked; failed without an answer; refused, by us
    or by the model; cut in the middle of its answer; lost with its process.
    """

    DONE = "done"
    LENGTH = "length"
    CANCELLED = "cancelled"
    FAILED = "failed"
    REFUSED = "refused"
    CUT = "cut"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which of the calls for one wish this is.

    Attributes:
        number: 1 for the first.
        follows: the record of the call before it.
        follows_as: why there is another: a fallback, since that one failed, or a hedge, since it is slow.
    """

    number: int = 1
    follows: int | None = None
    follows_as: Literal["fallback", "hedge"] | None = None


FIRST = Attempt()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call.

    Attributes:
        end: how it ended.
        problem: a sentence, without words of the prompt or of the answer; empty: none.
        answer: what the model wrote.
        shown: what was shown of it, where it was checked; None: all of it.
        usage: tokens that the provider counted; None: they are estimated.
        first_s: until the first piece of the answer; None: there was none.
        duration_s: of the whole call.
        verdicts: of checks on what went in and out.
    """

    end: End
    problem: str = ""
    answer: str = ""
    usage: Usage | None = None
    first_s: float | None = None
    duration_s: float = 0.0
    verdicts: Sequence[Verdict] = ()
    shown: str | None = None
