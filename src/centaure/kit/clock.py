"""The time, as an argument: a domain function never asks the machine for it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)
