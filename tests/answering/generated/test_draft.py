"""How many sentences are checked at once, whosoever they are, and what happens to those that wait."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from centaure.answering.generated.draft import Draft
from centaure.answering.generated.sentences import Written
from centaure.answering.generated.support import Checked, Sources

pytestmark = pytest.mark.anyio

AT_ONCE = 2
PATIENCE_S = 60.0


@dataclass
class Slow:
    """Sources that judge when they are told to.

    Attributes:
        begun: one more for each check that began.
        go: lets one check end.
        running: how many run now.
        most: how many ever ran at once.
        error: what each check raises; None: it judges.
    """

    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: int = 0
    most: int = 0
    seen: list[str] = field(default_factory=list[str])
    error: Exception | None = None

    def known(self, cited: tuple[int, ...]) -> tuple[int, ...]:
        return cited

    def checked(self, written: Written, before: str) -> Checked:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.seen.append(written.text)
        self.begun.release()
        assert self.go.acquire(timeout=PATIENCE_S)
        with self.lock:
            self.running -= 1
        if self.error is not None:
            raise self.error
        return Checked(written, "supported", before)

    async def has_begun(self, checks: int) -> None:
        for _ in range(checks):
            assert await asyncio.to_thread(self.begun.acquire, timeout=PATIENCE_S)


def taking(slow: Slow, count: int) -> list[asyncio.Task[Any]]:
    """As many answers, each with a sentence to check."""
    return [
        asyncio.create_task(Draft(cast("Sources", slow)).check(Written(f"Sentence {number}.", ())))
        for number in range(count)
    ]


async def test_two_sentences_are_checked_at_once_and_all_in_the_end() -> None:
    slow = Slow()
    tasks = taking(slow, 6)
    for done in range(0, 6, AT_ONCE):
        await slow.has_begun(AT_ONCE)
        # The loop goes on meanwhile, and nobody else's check begins.
        await asyncio.sleep(0.05)
        assert slow.running == AT_ONCE
        assert len(slow.seen) == done + AT_ONCE
        slow.go.release(AT_ONCE)
    found: list[Checked] = [one for each in await asyncio.gather(*tasks) for one in each]
    assert all(one.support == "supported" for one in found)
    assert sorted(one.written.text for one in found) == sorted(slow.seen)
    assert (len(found), slow.most) == (6, AT_ONCE)


async def test_who_leaves_the_queue_takes_no_turn() -> None:
    slow = Slow()
    tasks = taking(slow, 4)
    await slow.has_begun(AT_ONCE)
    tasks[2].cancel()
    await asyncio.wait({tasks[2]})
    slow.go.release(3)
    await asyncio.gather(tasks[0], tasks[1], tasks[3])
    assert slow.seen == ["Sentence 0.", "Sentence 1.", "Sentence 3."]


async def test_who_leaves_while_it_is_checked_keeps_the_turn_until_the_thread_is_free() -> None:
    slow = Slow()
    tasks = taking(slow, 3)
    await slow.has_begun(AT_ONCE)
    tasks[0].cancel()
    await asyncio.sleep(0.05)
    assert len(slow.seen) == AT_ONCE
    slow.go.release(3)
    await asyncio.wait(set(tasks))
    assert tasks[0].cancelled()
    assert tasks[2].result()
    assert slow.most == AT_ONCE


async def test_a_check_that_fails_gives_its_turn_back() -> None:
    slow = Slow(error=ValueError("a fault of the check"))
    slow.go.release(5)
    ends = await asyncio.gather(*taking(slow, 5), return_exceptions=True)
    assert ends == [slow.error] * 5
    assert len(slow.seen) == 5


async def test_sentences_of_one_answer_are_checked_in_their_order() -> None:
    slow = Slow()
    slow.go.release(3)
    whole = Draft(cast("Sources", slow))
    reasons = [
        checked.reason
        for number in range(3)
        for checked in await whole.check(Written(f"Sentence {number}.", ()))
    ]
    assert reasons == ["", "Sentence 0.", "Sentence 1."]
