"""The time that an answer in pieces may take: to begin, for the whole, and between two of them."""

import asyncio
import math
from collections.abc import Callable


class Deadline:
    """Ends an answer when its time is over, whoever waits for what at that moment.

    Attributes:
        next: when its time is over unless something comes, in the seconds of the event loop.
        passed: whether it is.
    """

    def __init__(
        self, longest_s: float, first_s: float | None = None, silence_s: float = math.inf
    ) -> None:
        """Counts from now.

        Args:
            longest_s: for the whole, read or not.
            first_s: until `extend`; None: only the whole counts.
            silence_s: of one wait after `extend`.
        """
        self._loop = asyncio.get_running_loop()
        self._ends = self._loop.time() + longest_s
        self.next = self._ends
        if first_s is not None:
            self.next = min(self._ends, self._loop.time() + first_s)
        self.passed = False
        self._silence_s = silence_s
        self._waits_since: float | None = None
        self._begun = first_s is None
        self._close: Callable[[], None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def guard(self, close: Callable[[], None]) -> None:
        """Watch from now on; `close` ends the answer."""
        self._close = close
        self._look()

    def extend(self) -> None:
        """From the time for the beginning to that for the whole, and for each wait."""
        if self._timer is not None and not self._begun:
            self._begun = True
            self._timer.cancel()
            self._look()

    def waits(self) -> None:
        """Somebody waits for the next piece."""
        self._waits_since = self._loop.time()

    def heard(self) -> None:
        """It came, or nobody waits any more: who reads slowly does not make the other side silent."""
        self._waits_since = None

    def cancel(self) -> None:
        """It has ended by itself."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        """End it if its time is over; else look again when it may be: pieces set no timer."""
        now = self._loop.time()
        if self._begun:
            since = now if self._waits_since is None else self._waits_since
            self.next = min(self._ends, since + self._silence_s)
        if self.next > now:
            self._timer = self._loop.call_at(self.next, self._look)
            return
        self.passed = True
        if self._close is not None:
            self._close()
