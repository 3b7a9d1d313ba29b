"""How well texts answer a question, by a service of `POST /rerank`: Cohere, Jina, vLLM, TEI ..."""

import math
from collections.abc import Sequence
from typing import Any, Literal

from centaure.gateway.clients import REFUSED_TEXT, service_client
from centaure.gateway.embeddings import TextRefused
from centaure.kit.errors import Refused, Unavailable

Form = Literal["cohere", "tei"]
_LARGEST = 4 * 1024 * 1024


class RerankingService:
    """A model behind HTTP. Blocks; safe to share between threads. Somebody waits: it is asked once."""

    def __init__(  # noqa: PLR0913 - what a service may need
        self,
        address: str,
        model: str,
        *,
        form: Form = "cohere",
        key: str = "",
        ca_file: str = "",
        timeout_s: float = 5.0,
    ) -> None:
        """Opens nothing yet; errors as in `service_client`.

        Args:
            address: up to the version, such as `https://host/v1`; TEI has none.
            model: as the service names it; TEI serves one and is not told.
            form: of what is sent: "cohere" (also Jina, vLLM), or "tei".
            key: sent as a bearer token.
            ca_file: certificates to trust besides the system's own.
            timeout_s: for the connection, and for each read.
        """
        self._outbound = service_client(
            address, key=key, ca_file=ca_file, timeout_s=timeout_s, attempts=1
        )
        self._url = address.rstrip("/") + "/rerank"
        self._model, self._form = model, form

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score for each text, in order; the higher, the better it answers.

        Raises:
            TextRefused: the service will not take the question or one of the texts.
            Refused: it answers with another error.
            Unavailable: it does not answer, or not with one finite score for each text.
        """
        asked: dict[str, Any] = {"query": question}
        if self._form == "tei":
            asked |= {"texts": list(texts), "truncate": True}
        else:
            asked |= {"model": self._model, "documents": list(texts), "top_n": len(texts)}
        try:
            answer = self._outbound.request("POST", self._url, json=asked, most=_LARGEST)
        except Refused as error:
            if error.status_code in REFUSED_TEXT:
                raise TextRefused(error.message) from None
            raise
        try:
            read = answer.json()
            # TEI gives the list alone.
            found: list[Any] = read if self._form == "tei" else read["results"]
            results = sorted(found, key=lambda one: int(one["index"]))
            indexes = [int(one["index"]) for one in results]
            scores = [
                float(one["score" if self._form == "tei" else "relevance_score"]) for one in results
            ]
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
            indexes, scores = [-1], []
        if indexes != list(range(len(texts))) or not all(map(math.isfinite, scores)):
            raise Unavailable(f"{answer.asked} did not answer with one score for each text.")
        return scores

    def close(self) -> None:
        """Let go of connections."""
        self._outbound.close()
