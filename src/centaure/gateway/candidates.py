"""Whom a call may still be put to, one after the other, and why those before did not answer."""

import asyncio
from collections import deque

from centaure.gateway.calls import Call, NoModel, NotTaken, QuotaExhausted, Stopped, Unsuitable
from centaure.gateway.exchanges import Desk, Exchange, NotAnswered
from centaure.gateway.guard import AnswerGuard
from centaure.gateway.outcomes import Attempt
from centaure.gateway.routing import Plan, shown_class


class Candidates:
    """The exchanges of one call, in the order of its plan, and what became of them."""

    def __init__(
        self, desk: Desk, call: Call, chosen: Plan, guard: AnswerGuard | None = None
    ) -> None:
        self._desk = desk
        self._call = call
        self._guard = guard
        self._plan = chosen
        self._waiting = deque(chosen.models)
        self._ends = asyncio.get_running_loop().time() + call.longest_s
        self._last: Exchange | None = None
        self._reasons: list[str] = []
        self.exhausted: QuotaExhausted | None = None
        self.stopped: Stopped | None = None
        self.asked = 0
        self._refused = 0

    def next(self, *, hedge: bool = False) -> Exchange | None:
        """The next exchange; None: nobody is left, or no time."""
        while self._waiting and asyncio.get_running_loop().time() < self._ends:
            model = self._waiting.popleft()
            attempt = self._attempt(hedge)
            exchange = Exchange(self._desk, self._call, model, attempt, self._ends, self._guard)
            if self._desk.breaker.enter(exchange.circuit, self._call.principal):
                self.asked += 1
                self._last = exchange
                return exchange
            self._reasons.append(f"{model.name} failed lately and is left alone for a moment.")
        return None

    def failed(self, error: NotAnswered | QuotaExhausted | Stopped) -> None:
        """Keep why a model did not answer."""
        if isinstance(error, QuotaExhausted):
            self.exhausted = self.exhausted or error
        elif isinstance(error, Stopped):
            self.stopped = self.stopped or error
        else:
            self._refused += error.refused
            self._reasons.append(error.message)

    def fault(self) -> NoModel | Unsuitable:
        """Why no model answers, in sentences."""
        if self._reasons:
            fault = NotTaken if 0 < self.asked == self._refused else NoModel
            return fault(
                f"No language model answers. {' '.join(self._reasons)} Try again in a moment."
            )
        if not self._plan.left_out:
            return NoModel(
                "There is no language model. An administrator adds one: `centaure models add`."
            )
        if self._call.model:
            return self._fault_of_named()
        level = shown_class(self._call.classification)
        return NoModel(
            f"No language model may take this request, of class {level}. An administrator sees why: "
            "`centaure models route`."
        )

    def _fault_of_named(self) -> NoModel | Unsuitable:
        name = self._call.model
        found = next((one for one in self._plan.left_out if one.model.name == name), None)
        if found is None:
            return NoModel(f"There is no language model '{name}'.")
        if found.cleared:
            return Unsuitable(f"{name} cannot take this. {found.why}")
        return NoModel(f"{name} may not take this. {found.why}")

    def _attempt(self, hedge: bool) -> Attempt:
        if self._last is None:
            return Attempt()
        follows = self._last.generation or None
        return Attempt(self.asked + 1, follows, "hedge" if hedge else "fallback")
