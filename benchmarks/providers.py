"""What it costs to hear a model: our own reader of OpenAI-compatible services beside pydantic-ai's.

Both hear the same simulated service (another process) in the same way: streams of a fixed pace, all at once.
The processor time of this process is divided by the pieces that came. What importing them costs is measured
in processes of their own. Best of the rounds, which alternate.
"""

import argparse
import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable

from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.openai_compatible import OpenAICompatible
from report import report

ASKED = "Say something long"
OURS, THEIRS = "Centaure's reader", "pydantic-ai"
IMPORTS = {
    OURS: "import centaure.gateway.openai_compatible, aiohttp",
    THEIRS: "import pydantic_ai.direct, pydantic_ai.models.openai, pydantic_ai.providers.openai",
    "pydantic-ai, three providers": "import centaure.gateway.through_pydantic, "
    "pydantic_ai.models.anthropic, pydantic_ai.models.google, pydantic_ai.models.bedrock",
}


async def ours(model: OpenAICompatible, tokens: int) -> Callable[[], AsyncIterator[int]]:
    """Streams of our own reader; each piece counts for one."""
    request = ChatRequest((Message("user", ASKED),), most_tokens=tokens)

    async def stream() -> AsyncIterator[int]:
        async for delta in model.stream(request, first_s=60, longest_s=600):
            yield len(delta.text.split())

    return stream


async def theirs(address: str, tokens: int) -> Callable[[], AsyncIterator[int]]:
    """The same through pydantic-ai and openai's library."""
    from pydantic_ai.direct import model_request_stream  # noqa: PLC0415 - measured apart
    from pydantic_ai.messages import ModelRequest, PartDeltaEvent, PartStartEvent  # noqa: PLC0415
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    from pydantic_ai.settings import ModelSettings  # noqa: PLC0415

    model = OpenAIChatModel("simulated", provider=OpenAIProvider(base_url=address, api_key="k"))
    asked = [ModelRequest.user_text_prompt(ASKED)]

    async def stream() -> AsyncIterator[int]:
        settings = ModelSettings(max_tokens=tokens)
        async with model_request_stream(model, asked, model_settings=settings) as events:
            async for event in events:
                yield int(isinstance(event, PartDeltaEvent | PartStartEvent))

    return stream


async def measure(stream: Callable[[], AsyncIterator[int]], streams: int) -> tuple[float, int]:
    """Microseconds of processor time for each piece, and how many came."""

    async def one() -> int:
        return sum([count async for count in stream()])

    await one()
    began = time.process_time()
    pieces = sum(await asyncio.gather(*(one() for _ in range(streams))))
    return (time.process_time() - began) / pieces * 1e6, pieces


def importing(code: str) -> tuple[float, float]:
    """Seconds of processor time and megabytes that an import takes, beyond those of Python."""
    printed = (
        "import time; from pathlib import Path; "
        "kilobytes = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]; "
        "print(time.process_time(), kilobytes)"
    )

    def run(first: str) -> tuple[float, float]:
        done = subprocess.run(
            [sys.executable, "-c", f"{first}; {printed}"], capture_output=True, check=True
        )
        seconds, kilobytes = map(float, done.stdout.split())
        return seconds, kilobytes / 1024

    run(code)  # compiled files are there from now on
    bare, loaded = run("pass"), min(run(code) for _ in range(2))
    return loaded[0] - bare[0], loaded[1] - bare[1]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--per-second", type=float, default=50.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
    pace = ["--tokens-per-second", str(given.per_second), "--tokens", str(given.tokens)]
    service = subprocess.Popen(
        [sys.executable, "-m", "centaure.app.cli", "simulate", "--port", "0", *pace],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert service.stdout is not None
        address = service.stdout.readline().split()[4]
        costs = asyncio.run(rounds(address, given))
    finally:
        service.terminate()
        service.wait()
    rows: list[tuple[str, float | None, float, float]] = []
    for name, code in IMPORTS.items():
        seconds, megabytes = importing(code)
        rows.append((name, costs.get(name), seconds, megabytes))
    report(
        "providers",
        ("read by", "µs a piece", "import, CPU s", "import, MB"),
        rows,
        {"streams": given.streams, "pieces": given.tokens, "pieces a second": given.per_second},
    )


async def rounds(address: str, given: argparse.Namespace) -> dict[str, float]:
    """The least processor time for each piece."""
    model = OpenAICompatible(address, "simulated")
    makers = {OURS: await ours(model, given.tokens), THEIRS: await theirs(address, given.tokens)}
    best: dict[str, float] = {}
    for _ in range(given.rounds):
        for name, stream in makers.items():
            cost, pieces = await measure(stream, given.streams)
            assert pieces >= given.streams * given.tokens * 0.9, f"{name}: {pieces} pieces"
            best[name] = min(cost, best.get(name, cost))
    await model.close()
    return best


if __name__ == "__main__":
    main()
