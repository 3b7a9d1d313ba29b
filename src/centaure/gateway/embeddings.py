"""Vectors of texts from a service that speaks like OpenAI's `/v1/embeddings`: vLLM, Ollama, Mistral ..."""

from collections.abc import Sequence
from itertools import chain

from centaure.gateway.clients import REFUSED_TEXT, service_client
from centaure.kit.errors import Refused, Unavailable
from centaure.kit.outbound import ATTEMPTS

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
        self._outbound = service_client(
            address, key=key, ca_file=ca_file, timeout_s=timeout_s, attempts=attempts
        )
        self._url = address.rstrip("/") + "/embeddings"
        self._model = model

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
            if error.status_code in REFUSED_TEXT:
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
