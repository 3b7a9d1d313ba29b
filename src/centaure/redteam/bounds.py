"""Many questions, a few at once, in a time that is set."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def each(
    items: Iterable[T], work: Callable[[T], Awaitable[None]], *, at_once: int, longest_s: float
) -> bool:
    """Do some work with each item; whether all were done in time.

    Args:
        items: in this order.
        work: with one of them.
        at_once: under way at the same time.
        longest_s: for all of them; what is under way then is left.
    """
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    try:
        async with asyncio.timeout(longest_s), asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except TimeoutError:
        return False
    return True
