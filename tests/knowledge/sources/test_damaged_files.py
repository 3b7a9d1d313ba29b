"""Whatever the files hold, the run ends well and each of them has its line in the ledger."""

import random
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.anyio

SAMPLES = Path(__file__).parents[3] / "examples" / "company" / "documents"
STATUSES = {"parsed", "empty", "protected", "corrupted", "unsupported", "too_large", "waiting"}
LARGEST = 60_000


def damaged(content: bytes, chance: random.Random) -> bytes:
    kind = chance.randrange(4)
    if kind == 0:
        return content[: chance.randrange(len(content))]
    if kind == 1:
        flipped = bytearray(content)
        for _ in range(chance.randrange(1, 40)):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        return bytes(flipped)
    if kind == 2:
        return chance.randbytes(chance.randrange(2000))
    return content + chance.randbytes(300) + content[::-1][:500]


async def test_no_damaged_file_is_lost_from_the_ledger(library: Any) -> None:
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    written: set[str] = {"notes.md", "hr/pay.txt"}
    for sample in sorted(SAMPLES.rglob("*")):
        if not sample.is_file() or sample.suffix == ".png" or sample.stat().st_size > LARGEST:
            continue
        path = f"damaged/{len(written)}{sample.suffix}"
        library.write(path, damaged(sample.read_bytes(), chance))
        written.add(path)
    run = await library.sync()
    ledger = await library.ledger()
    assert run.state == "succeeded", f"seed {seed}: {run.report}"
    assert written <= set(ledger), f"seed {seed}"
    assert set(ledger.values()) <= STATUSES, f"seed {seed}"
    for path, status in ledger.items():
        if status != "parsed":
            assert await library.reason(path), f"seed {seed}: {path} is {status} without a reason"
