"""Servers behind connectors: each is started once, when a test first needs it, and stopped at the end."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import pytest


class Started:
    """What was started so far; `started(starter)` gives what the context manager `starter()` gives.

    A starter whose program is missing calls `pytest.skip` with the line that installs it: it is asked
    again by the next test, which skips as well.
    """

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._known: dict[Any, Any] = {}

    def __call__(self, starter: "Any") -> Any:
        if starter not in self._known:
            manager: AbstractContextManager[Any] = starter()
            self._known[starter] = self._stack.enter_context(manager)
        return self._known[starter]


@pytest.fixture(scope="session")
def started() -> Iterator[Started]:
    """A function that starts a server the first time that it is asked for it."""
    with ExitStack() as stack:
        yield Started(stack)
