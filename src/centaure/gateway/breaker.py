"""A circuit breaker: what fails again and again is left alone for a while, then tried with one request."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Literal

FAILURES = 3
"""In a row, after which it opens."""
PAUSE_S = 10.0
LONGEST_PAUSE_S = 120.0

State = Literal["closed", "open", "half-open"]


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    until: float = 0.0
    pause_s: float = PAUSE_S
    trying: bool = False
    callers: set[Hashable] = field(default_factory=set[Hashable])


class Breaker:
    """The circuits of one process, each by a key; for one event loop.

    Closed: requests pass. Open: none does, for a pause that doubles each time, up to two minutes. Half-open,
    when the pause is over: one request passes, and its end decides.

    What fails may be what a caller asks for: with failures of one caller it opens to that one, with those of
    several to everybody.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._circuits: dict[Hashable, _Circuit] = {}

    def state(self, key: Hashable, caller: Hashable = None) -> State:
        """How it stands for a caller, or (None) for everybody; asking changes nothing."""
        circuit = self._circuits.get(key)
        if circuit is None or circuit.failures < FAILURES:
            return "closed"
        if len(circuit.callers) == 1 and caller not in circuit.callers:
            return "closed"
        if circuit.trying or self._clock() < circuit.until:
            return "open"
        return "half-open"

    def enter(self, key: Hashable, caller: Hashable) -> bool:
        """Whether a request may pass; one that may ends with `worked`, `failed` or `left`."""
        state = self.state(key, caller)
        if state == "half-open":
            self._circuits[key].trying = True
        return state != "open"

    def worked(self, key: Hashable) -> None:
        """It answered: it is closed."""
        self._circuits.pop(key, None)

    def failed(self, key: Hashable, caller: Hashable, pause_s: float | None = None) -> None:
        """It did not answer.

        Args:
            key: of the circuit.
            caller: who asked.
            pause_s: that it asked for itself: it opens at once.
        """
        circuit = self._circuits.setdefault(key, _Circuit())
        if self.state(key, caller) == "open" and not circuit.trying and pause_s is None:
            return  # one that was let in before it opened
        circuit.callers.add(caller)
        circuit.failures = FAILURES if pause_s is not None else circuit.failures + 1
        if circuit.failures < FAILURES:
            return
        wait = max(pause_s or 0.0, circuit.pause_s)
        circuit.until = self._clock() + min(wait, LONGEST_PAUSE_S)
        circuit.pause_s = min(2 * circuit.pause_s, LONGEST_PAUSE_S)
        circuit.trying = False

    def left(self, key: Hashable) -> None:
        """Nobody waited for the answer, or it was the request's fault: it is as it was."""
        circuit = self._circuits.get(key)
        if circuit is not None:
            circuit.trying = False
