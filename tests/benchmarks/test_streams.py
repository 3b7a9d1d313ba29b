"""What asks in the benchmark of the gateway: it reads answers as they come, and knows those that fail."""

import asyncio

import pytest

from centaure.gateway.simulation import Behaviour, Fault, simulated_service
from streams import Door, ask

pytestmark = pytest.mark.anyio

BODY = {"messages": [{"role": "user", "content": "Bonjour"}], "stream": True}


def door(address: str, model: str = "simulated") -> Door:
    return Door(f"{address}/chat/completions", {**BODY, "model": model})


async def test_an_answer_is_read_to_its_end() -> None:
    async with simulated_service(Behaviour(tokens=7)) as service:
        answer = await ask(door(service.address))
    assert not answer.failed
    assert answer.events == 9  # seven pieces, the reason of the end, [DONE]
    assert answer.first_s is not None
    assert answer.first_s <= answer.duration_s


async def test_who_wants_the_first_words_only_leaves_with_them() -> None:
    async with simulated_service(Behaviour(tokens=1000, tokens_per_second=1)) as service:
        answer = await ask(door(service.address), only_first=True)
    assert answer.first_s is not None
    assert answer.events == 1


async def test_many_are_open_at_once() -> None:
    opened = 0

    def one_more() -> None:
        nonlocal opened
        opened += 1

    async with simulated_service(Behaviour(tokens=3)) as service:
        asked = [ask(door(service.address), opened=one_more) for _ in range(50)]
        answers = await asyncio.gather(*asked)
    assert opened == 50
    assert not any(answer.failed for answer in answers)


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.CUT, Fault.CUT_AT_ONCE, Fault.EMPTY])
async def test_what_is_no_answer_failed(fault: Fault) -> None:
    async with simulated_service() as service:
        answer = await ask(door(service.address, f"simulated-{fault}"))
    assert answer.failed


async def test_nobody_there_is_a_failure_too() -> None:
    assert (await ask(door("http://127.0.0.1:9"))).failed
