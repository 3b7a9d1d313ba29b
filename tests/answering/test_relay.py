"""A relay gives what its generator gives, and ends it wherever it is."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from centaure.answering.relay import Relay

pytestmark = pytest.mark.anyio


class Counting:
    """Counts up to a number, within a time limit that belongs to the task; says when it was tidied up."""

    def __init__(self, until: int, error: Exception | None = None) -> None:
        self.until = until
        self.error = error
        self.tidied = False

    async def run(self) -> AsyncGenerator[int]:
        try:
            async with asyncio.timeout(60):
                for number in range(self.until):
                    await asyncio.sleep(0)
                    yield number
                if self.error is not None:
                    raise self.error
                if self.until > 1000:
                    await asyncio.sleep(60)
        finally:
            self.tidied = True


async def test_every_piece_comes_in_order_and_then_the_end() -> None:
    relay = Relay(Counting(3).run())
    first = await asyncio.create_task(anext(relay))
    assert [first, *[number async for number in relay]] == [0, 1, 2]
    assert [number async for number in relay] == []


async def test_an_error_is_raised_where_pieces_are_taken() -> None:
    relay = Relay(Counting(2, ValueError("lost")).run())
    taken: list[int] = []
    with pytest.raises(ValueError, match="lost"):
        taken.extend([number async for number in relay])
    assert [number async for number in Relay(Counting(2).run())] == [0, 1]


async def test_stopping_ends_the_generator_and_the_pieces() -> None:
    counting = Counting(2000)
    relay = Relay(counting.run())
    assert await anext(relay) == 0
    relay.stop()
    rest = [number async for number in relay]
    assert len(rest) < 2000
    assert counting.tidied


async def test_closing_waits_until_the_generator_has_tidied_up() -> None:
    counting = Counting(2000)
    relay = Relay(counting.run())
    assert await anext(relay) == 0
    await relay.close()
    assert counting.tidied


async def test_what_is_closed_before_it_began_is_at_its_end() -> None:
    relay = Relay(Counting(2000).run())
    await relay.close()
    assert [number async for number in relay] == []
