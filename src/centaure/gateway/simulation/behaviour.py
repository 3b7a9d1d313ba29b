"""How a simulated service is to behave: its pace, and what it does wrong."""

from dataclasses import dataclass
from enum import StrEnum

NAME = "simulated"


class Fault(StrEnum):
    """What goes wrong; a request asks for it by the model `simulated-FAULT`."""

    UNAUTHORISED = "401"
    UNKNOWN = "404"
    BUSY = "429"
    BROKEN = "500"
    AWAY = "503"
    TOO_LONG = "too-long"
    TIMEOUT = "timeout"
    STALL = "stall"
    CUT = "cut"
    CUT_AT_ONCE = "cut-at-once"
    MALFORMED = "malformed"
    WRONG = "wrong"
    FAILED = "failed"
    ENDLESS = "endless"
    EMPTY = "empty"
    NO_OPTIONS = "no-options"
    NO_MAX_TOKENS = "no-max-tokens"
    NO_STREAM = "no-stream"
    NO_HEAT = "no-heat"


MEANINGS = {
    Fault.UNAUTHORISED: "the key is refused",
    Fault.UNKNOWN: "there is no such model",
    Fault.BUSY: "too many requests, with Retry-After: 7",
    Fault.BROKEN: "an internal error",
    Fault.AWAY: "overloaded, with Retry-After: 7",
    Fault.TOO_LONG: "every text is too long",
    Fault.TIMEOUT: "no answer, ever",
    Fault.STALL: "silence after a few pieces",
    Fault.CUT: "the connection is cut after a few pieces",
    Fault.CUT_AT_ONCE: "the connection is cut before the first piece",
    Fault.MALFORMED: "a piece that is not JSON",
    Fault.WRONG: "a piece that is JSON of another kind",
    Fault.FAILED: "an error in the middle of the answer",
    Fault.ENDLESS: "an answer without end, whatever the limit",
    Fault.EMPTY: "an answer without a word",
    Fault.NO_OPTIONS: "stream_options are refused",
    Fault.NO_MAX_TOKENS: "max_tokens is refused, max_completion_tokens taken",
    Fault.NO_STREAM: "the whole answer in one piece, though a stream is asked for",
    Fault.NO_HEAT: "a temperature above 1.5 is refused",
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Of every answer, unless the request names a fault.

    Attributes:
        latency_s: before the first piece.
        tokens_per_second: pieces of one answer in a second; 0: all at once.
        tokens: of every answer, which is repeated or shortened to that; 0: as many as it has.
        fault: what goes wrong.
    """

    latency_s: float = 0.0
    tokens_per_second: float = 0.0
    tokens: int = 0
    fault: Fault | None = None


def fault_named(model: str) -> Fault | None:
    """What the name of a model asks for."""
    asked = model.removeprefix(f"{NAME}-")
    return Fault(asked) if asked in set(Fault) else None
