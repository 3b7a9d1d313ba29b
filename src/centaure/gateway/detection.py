"""Servers of language models on this machine: Ollama, vLLM, llama.cpp, and the simulated one."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from centaure.kit.async_outbound import AsyncOutbound
from centaure.kit.errors import Refused, Unavailable

PLACES: Mapping[int, str] = {11434: "Ollama", 8000: "vLLM", 8080: "llama.cpp", 8690: "simulated"}
"""Where each of them listens, unless it is told otherwise."""
_OWNERS = {
    "library": "Ollama",
    "vllm": "vLLM",
    "llamacpp": "llama.cpp",
    "centaure-simulate": "simulated",
}
_PATIENCE_S = 1.0
_MOST_BYTES = 1024 * 1024
_MOST_MODELS = 200


@dataclass(frozen=True, slots=True)
class Detected:
    """A server that answers like OpenAI's.

    Attributes:
        product: what it says that it is, or what usually listens there.
        address: up to the version.
        models: as it names them.
    """

    product: str
    address: str
    models: tuple[str, ...]


async def detect(places: Mapping[int, str] = PLACES) -> list[Detected]:
    """Those that answer within a second, in the order of `places` (ports, and what usually listens there)."""
    outbound = AsyncOutbound(hosts=("127.0.0.1",))
    try:
        found = await asyncio.gather(
            *(_ask(outbound, port, product) for port, product in places.items())
        )
    finally:
        await outbound.close()
    return [one for one in found if one is not None]


async def _ask(outbound: AsyncOutbound, port: int, product: str) -> Detected | None:
    address = f"http://127.0.0.1:{port}/v1"
    try:
        async with outbound.stream(
            "GET", f"{address}/models", most=_MOST_BYTES, longest_s=_PATIENCE_S
        ) as answer:
            listed = await answer.json()
        models: list[dict[str, Any]] = list(listed["data"])[:_MOST_MODELS]
        names = tuple(str(one["id"]) for one in models)
        owners = [str(one.get("owned_by", "")) for one in models]
    except (Refused, Unavailable, KeyError, TypeError, AttributeError):
        return None  # nobody, or something else
    return Detected(_OWNERS.get(owners[0] if owners else "", product), address, names)
