"""What several turns of a conversation say together."""

from collections.abc import Sequence

from centaure.guardrails.attacks.quoting import quoted
from centaure.guardrails.attacks.words import read, vocabulary
from centaure.guardrails.checks import Turn

TURNS = 8
LONGEST = 4_000
"""Characters of earlier turns that are looked at, the last ones."""
FADING = 0.8
"""What suspicion of a turn is still worth one turn later."""
DOUBT = 0.2
"""Turns below this score add nothing, however many they are."""


def together(earlier: Sequence[Turn], text: str) -> str:
    """What the person said in the last turns, this one included, one turn a line."""
    said = [one.text for one in earlier if one.role == "user"][-TURNS:]
    return "\n".join([*said, ""])[-LONGEST:] + text


def assembled(said: str) -> str:
    """Quoted pieces put together, "" where there are fewer than two."""
    pieces = [said[start:end] for start, end in quoted(said, least=1)]
    return " ".join(pieces) if len(pieces) > 1 else ""


def refused(earlier: Sequence[Turn]) -> bool:
    """Whether the assistant refused something before."""
    refuse = vocabulary().letters["refuse"]
    return any(one.role == "assistant" and refuse in read(one.text).meanings for one in earlier)


def rising(scores: Sequence[float]) -> float:
    """The suspicion that turns make together, 0 to 1.

    Args:
        scores: of each turn of the person, the oldest first.
    """
    calm = 1.0
    for age, score in enumerate(reversed(scores)):
        if score >= DOUBT:
            calm *= 1 - score * FADING**age
    return 1 - calm
