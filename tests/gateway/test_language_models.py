"""A language model behind HTTP: what it is asked, and what is made of its faults."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from centaure.gateway.embeddings import TextRefused
from centaure.gateway.language_models import ChatService
from centaure.kit.errors import InvalidInput, Refused, Unavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(chat: Any) -> AsyncIterator[ChatService]:
    service = ChatService(chat.address, "m", key="k3y")
    yield service
    await service.close()


async def complete(service: ChatService, timeout_s: float = 5.0) -> str:
    return await service.complete("Do this.", "with that", most_tokens=7, timeout_s=timeout_s)


async def test_instructions_and_text_are_sent_apart_and_what_is_written_comes_back(
    made: ChatService, chat: Any
) -> None:
    chat.write = lambda instructions, text: f" {instructions} {text}\n"
    assert await complete(made) == "Do this. with that"
    assert chat.asked == [
        {
            "model": "m",
            "messages": [
                {"role": "system", "content": "Do this."},
                {"role": "user", "content": "with that"},
            ],
            "max_tokens": 7,
            "temperature": 0,
            "stream": False,
        }
    ]
    assert chat.keys == ["Bearer k3y"]


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b"\xff",
        b"7",
        b"[]",
        b"[" * 100_000,
        b'{"choices": []}',
        b'{"choices": 7}',
        b'{"choices": [{"message": {}}]}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": ["a"]}}]}',
        b'{"choices": {"0": {"message": {"content": "a"}}}}',
    ],
)
async def test_anything_but_text_is_no_answer(made: ChatService, chat: Any, body: bytes) -> None:
    chat.body = body
    with pytest.raises(Unavailable):
        await complete(made)


async def test_a_text_that_it_will_not_take_is_told_from_other_faults(
    made: ChatService, chat: Any
) -> None:
    for status, fault in ((413, TextRefused), (401, Refused), (500, Refused), (302, Refused)):
        chat.status = status
        with pytest.raises(fault):
            await complete(made)


async def test_a_late_answer_is_left_and_its_connection_closed(
    made: ChatService, chat: Any
) -> None:
    chat.wait_s = 10.0
    started = time.monotonic()
    with pytest.raises(Unavailable, match="in time"):
        await complete(made, timeout_s=0.2)
    assert time.monotonic() - started < 2
    assert await asyncio.to_thread(chat.gone.wait, 5)


async def test_a_call_that_is_cancelled_closes_its_connection(made: ChatService, chat: Any) -> None:
    chat.wait_s = 10.0
    call = asyncio.create_task(complete(made, timeout_s=60))
    assert await asyncio.to_thread(chat.began.wait, 5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await asyncio.to_thread(chat.gone.wait, 5)


async def test_a_body_that_never_ends_is_cut(made: ChatService, chat: Any) -> None:
    chat.endless = True
    with pytest.raises(Unavailable, match="more than"):
        await complete(made, timeout_s=30)
    assert await asyncio.to_thread(chat.gone.wait, 5)


async def test_an_answer_that_drips_ends_with_the_budget(made: ChatService, chat: Any) -> None:
    chat.body = json.dumps({"choices": []}).encode()
    chat.wait_s = 1.0
    with pytest.raises(Unavailable, match="in time"):
        await complete(made, timeout_s=0.1)


async def test_a_service_that_is_away_is_said_to_be() -> None:
    service = ChatService("http://127.0.0.1:9/v1", "m")
    with pytest.raises(Unavailable, match="cannot be reached"):
        await complete(service)
    await service.close()


@pytest.mark.parametrize(
    "address", ["", "ftp://host", "http://models.example.org/v1", "https://user:secret@host/v1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        ChatService(address, "m")
