"""Models of Anthropic, Google and Bedrock, through pydantic-ai, which is loaded when one is first used."""

import asyncio
import importlib.util
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from centaure.gateway.chat import SILENCE_S, ChatRequest, Delta
from centaure.gateway.clients import check_address
from centaure.kit.errors import CentaureError, InvalidInput, Late, Unavailable

if TYPE_CHECKING:
    from centaure.gateway.through_pydantic import Spoken

NAMES = {"anthropic": "Anthropic", "google": "Google", "bedrock": "Bedrock"}
_LIBRARIES = {"anthropic": "anthropic", "google": "google.genai", "bedrock": "boto3"}
_WAITING = 64
_LEAVE_S = 5.0


class OtherProvider:
    """A model of a provider that does not speak like OpenAI, for one event loop."""

    def __init__(  # noqa: PLR0913 - what a provider needs
        self,
        kind: str,
        model: str,
        *,
        key: str,
        address: str = "",
        region: str = "",
        silence_s: float = SILENCE_S,
    ) -> None:
        """Loads nothing yet.

        Args:
            kind: the provider: anthropic, google or bedrock.
            model: as the provider names it.
            key: of the provider; for Bedrock its API key, or `ACCESS_KEY_ID:SECRET_ACCESS_KEY`.
            address: where the provider is not at its own, such as `https://host`; empty: at its own.
            region: of Bedrock, such as `eu-west-3`.
            silence_s: longest wait for a piece of an answer that has begun.

        Raises:
            InvalidInput: the address, the key or the region is not one.
            Unavailable: pydantic-ai, or the provider's library, is not installed.
        """
        if address:
            check_address(address, key)
        if not key.isascii() or not key.isprintable() or not key.strip():
            raise InvalidInput(f"{NAMES[kind]} needs a key: one line, in a file.")
        if kind == "bedrock" and not region:
            raise InvalidInput("Bedrock needs a region, such as eu-west-3.")
        if not (_installed("pydantic_ai") and _installed(_LIBRARIES[kind])):
            raise Unavailable(
                f"Models of {NAMES[kind]} need a library that is not installed: "
                "`.venv/bin/pip install -e '.[providers]'` in Centaure's folder installs it."
            )
        self._kind = kind
        self._settings = (kind, NAMES[kind], model, key, address, region)
        self._silence_s = silence_s
        self._spoken: Spoken | None = None
        self._making = asyncio.Lock()

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        """As in `ChatModel`."""
        clock = asyncio.get_running_loop().time
        ends = clock() + longest_s
        wait_s = first_s
        # The libraries want to be opened and closed by one task, whoever reads.
        queue: asyncio.Queue[Delta | CentaureError | None] = asyncio.Queue(_WAITING)
        speaking = asyncio.create_task(self._speak(request, queue))
        try:
            while True:
                got = await self._next(queue, min(ends, clock() + wait_s))
                if got is None:
                    return
                wait_s = self._silence_s
                yield got
        finally:
            speaking.cancel()
            await asyncio.wait({speaking}, timeout=_LEAVE_S)

    async def close(self) -> None:
        """Let go of connections."""
        spoken, self._spoken = self._spoken, None
        if spoken is not None:
            await spoken.close()

    async def _next(
        self, queue: "asyncio.Queue[Delta | CentaureError | None]", until: float
    ) -> Delta | None:
        try:
            async with asyncio.timeout_at(until):
                got = await queue.get()
        except TimeoutError:
            raise Late(f"{NAMES[self._kind]} does not answer in time.") from None
        if isinstance(got, CentaureError):
            raise got
        return got

    async def _speak(
        self, request: ChatRequest, queue: "asyncio.Queue[Delta | CentaureError | None]"
    ) -> None:
        try:
            spoken = await self._made()
            async for delta in spoken.deltas(request):
                await queue.put(delta)
        except CentaureError as error:
            await queue.put(error)
        else:
            await queue.put(None)

    async def _made(self) -> "Spoken":
        async with self._making:
            if self._spoken is None:
                # It takes seconds to import, in which others are served.
                make = await asyncio.to_thread(_load)
                self._spoken = await asyncio.to_thread(make, *self._settings)
            return self._spoken


def _load() -> "type[Spoken]":
    from centaure.gateway.through_pydantic import Spoken  # noqa: PLC0415 - loaded when it is used

    return Spoken


def _installed(library: str) -> bool:
    try:
        return importlib.util.find_spec(library) is not None
    except ModuleNotFoundError:
        return False
