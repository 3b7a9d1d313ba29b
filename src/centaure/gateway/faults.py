"""What faults of a provider mean: for administrators, who may know where it is, and for callers, who may not.

Its own words may quote the request, and are left out.
"""

from collections.abc import Mapping

from centaure.gateway.clients import REFUSED_TEXT
from centaure.gateway.embeddings import TextRefused
from centaure.kit.errors import Late, Refused, Unavailable
from centaure.kit.outbound import asked_pause


class Plain(Unavailable):
    """A fault in words that every caller may read: they name the model, not where it is."""


def told(name: str, error: Exception, *, begun: bool = False) -> str:
    """What callers read of a fault: the model, and what happened.

    Args:
        name: of the model.
        error: the fault, whose own words may say where the model is.
        begun: whether its answer had begun.
    """
    if isinstance(error, Plain):
        return error.message
    what = "stopped in the middle of its answer" if begun else "does not answer"
    match error:
        case TextRefused():
            what = "will not take this: it may be too long for it, or ask for what it cannot do"
        case Late():
            what = "took too long" if begun else "did not answer in time"
        case Refused(status_code=401 | 403):
            what = (
                "does not answer: its key is refused, and an administrator must store a valid one"
            )
        case Refused(status_code=429):
            what = "has too many requests at the moment"
        case Refused():
            what = f"does not answer (HTTP {error.status_code})"
        case _:
            pass
    return f"{name} {what}."


def refusal(who: str, model: str, status: int, headers: Mapping[str, str]) -> Refused | TextRefused:
    """The fault to raise.

    Args:
        who: the provider's name, or its address.
        model: as the provider names it.
        status: of HTTP, 300 or more.
        headers: of its answer; kept, since `Retry-After` tells for how long to leave it alone.
    """
    if status in REFUSED_TEXT:
        return TextRefused(
            f"{who} will not take this request (HTTP {status}): it may be too long for {model}, or "
            "ask for what it cannot do."
        )
    if status in {401, 403}:
        words = (
            f"{who} refuses the key (HTTP {status}): it is missing, wrong or expired. Store a "
            "valid one."
        )
    elif status == 404:
        words = f"{who} knows no model {model}, or is no such service (HTTP 404). Check both."
    elif status == 429:
        pause = asked_pause(headers)
        when = "later" if pause is None else f"in {pause:.0f} s"
        words = f"{who} has too many requests, or its quota is used up (HTTP 429). Try {when}."
    else:
        words = f"{who} answered with HTTP {status}."
    return Refused(words, status, headers)
