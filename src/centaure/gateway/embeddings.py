"""Vectors of texts from a service that speaks like OpenAI's `/v1/embeddings`: vLLM, Ollama, Mistral ..."""

import re
from collections.abc import Sequence
from itertools import chain
from urllib.parse import urlsplit

from centaure.kit.errors import InvalidInput, Refused, Unavailable
from centaure.kit.outbound import ATTEMPTS, Outbound

_REFUSED_TEXT = frozenset({400, 413, 422})
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_LARGEST = 64 * 1024 * 1024


class TextRefused(Unavailable):
    """The service answers, and will not take this text (or one of these)."""


class EmbeddingService:
    """A model behind HTTP. Blocks; safe to share between threads."""

    def __init__(  # noqa: PLR0913 - what a service may need
        self,
        address: str,
        model: str,
        *,
        key: str = "",
        ca_file: str = "",
        timeout_s: float = 60.0,
        attempts: int = ATTEMPTS,
    ) -> None:
        """Opens nothing yet.

        Args:
            address: up to the version, such as `https://host/v1`.
            model: as the service names it.
            key: sent as a bearer token; empty: none is needed.
            ca_file: certificates to trust besides the system's own.
            timeout_s: for the connection, and for each read.
            attempts: how often a request is sent, at most.

        Raises:
            InvalidInput: the address or the key is not one, or texts would travel in clear.
            Unavailable: `ca_file` cannot be read.
        """
        try:
            parts = urlsplit(address)
            _ = parts.port
        except ValueError:
            parts = urlsplit("")
        plain = parts.scheme in {"http", "https"} and not (
            parts.username or parts.password or parts.query or parts.fragment
        )
        if not plain or not parts.hostname:
            raise InvalidInput(
                "Write the address of the service as https://host/v1, and its key in a file."
            )
        if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
            raise InvalidInput(
                "Passages and the key would travel in clear: only this machine may be spoken to "
                "without HTTPS."
            )
        if not re.fullmatch(r"[!-~]*", key):
            raise InvalidInput("The key holds characters that no key has: one line, no spaces.")
        self._url = address.rstrip("/") + "/embeddings"
        self._model = model
        self._outbound = Outbound(
            hosts=(parts.hostname,),
            headers={"Authorization": f"Bearer {key}"} if key else None,
            ca_file=ca_file or None,
            timeout_s=timeout_s,
            longest_s=timeout_s,
            redirects=False,
            attempts=attempts,
        )

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, in order, as the service gives it.

        Raises:
            TextRefused: it will not take one of them (too long, empty).
            Refused: it answers with another error.
            Unavailable: it does not answer, or not with vectors.
        """
        asked = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        try:
            answer = self._outbound.request("POST", self._url, json=asked, most=_LARGEST)
        except Refused as error:
            if error.status_code in _REFUSED_TEXT:
                raise TextRefused(error.message) from None
            raise
        try:
            data = sorted(answer.json()["data"], key=lambda one: int(one["index"]))
            vectors = [[float(number) for number in one["embedding"]] for one in data]
            indexes = [int(one["index"]) for one in data]
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
            indexes, vectors = [], []
        finite = all(abs(number) < float("inf") for number in chain.from_iterable(vectors))
        if indexes != list(range(len(texts))) or not finite:
            raise Unavailable(f"{answer.asked} did not answer with one vector for each text.")
        return vectors

    def close(self) -> None:
        """Let go of connections."""
        self._outbound.close()
