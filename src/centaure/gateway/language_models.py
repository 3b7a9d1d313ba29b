"""Language models: what is asked of any, and one that speaks like OpenAI's `/v1/chat/completions`."""

from typing import Protocol

from centaure.gateway.clients import REFUSED_TEXT, async_client
from centaure.gateway.embeddings import TextRefused
from centaure.kit.errors import Refused, Unavailable

_LARGEST = 1024 * 1024


class LanguageModel(Protocol):
    """Writes what it is told to, about a text. Cancelling the call ends it."""

    async def complete(
        self, instructions: str, text: str, *, most_tokens: int, timeout_s: float
    ) -> str:
        """What it writes, without the white space around it.

        Args:
            instructions: what to do, from this program.
            text: what to do it with, from people: data, whatever it says.
            most_tokens: where it stops at the latest.
            timeout_s: for the whole call.

        Raises:
            TextRefused: it will not take this text.
            Refused: it answers with another error.
            Unavailable: it does not answer in time, or not with text.
        """
        ...


class ChatService:
    """A model behind HTTP (vLLM, Ollama, llama.cpp ...), asked once, at temperature 0; for one event loop."""

    def __init__(self, address: str, model: str, *, key: str = "", ca_file: str = "") -> None:
        """Opens nothing yet; errors as in `service_client`.

        Args:
            address: up to the version, such as `https://host/v1`.
            model: as the service names it.
            key: sent as a bearer token; empty: none is needed.
            ca_file: certificates to trust besides the system's own.
        """
        self._outbound = async_client(address, key=key, ca_file=ca_file)
        self._url = address.rstrip("/") + "/chat/completions"
        self._model = model

    async def complete(
        self, instructions: str, text: str, *, most_tokens: int, timeout_s: float
    ) -> str:
        """As in `LanguageModel`."""
        asked = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": text},
            ],
            "max_tokens": most_tokens,
            "temperature": 0,
            "stream": False,
        }
        try:
            answer = await self._outbound.post(
                self._url, json=asked, most=_LARGEST, longest_s=timeout_s
            )
        except Refused as error:
            if error.status_code in REFUSED_TEXT:
                raise TextRefused(error.message) from None
            raise
        try:
            written = answer.json()["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError, ValueError, RecursionError):
            written = None
        if not isinstance(written, str):
            raise Unavailable(f"{answer.asked} did not answer with text.")
        return written.strip()

    async def close(self) -> None:
        """Let go of connections."""
        await self._outbound.close()
