"""Rerankers: what kinds there are, and how a row becomes one."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from centaure.gateway.reranking import Form, RerankingService
from centaure.kit.errors import InvalidInput, Unavailable
from centaure.kit.vault import Vault
from centaure.knowledge.retrieval.bert import Precision
from centaure.knowledge.retrieval.described import (
    DescribedModel,
    checked,
    described,
    key_of,
)
from centaure.knowledge.retrieval.embedding import LONGEST
from centaure.knowledge.retrieval.encoders import Encoder
from centaure.knowledge.retrieval.proximity import Proximity
from centaure.knowledge.retrieval.registry import Registry

BUDGET_S = 1.5
"""Longest wait for a reranker; after it the order of the search stays."""
RERANKERS = Registry("reranker", "reranker", {"service": 1, "onnx": 3, "proximity": 3})
_PURPOSE = "reranker"
_SAMPLE = ("Who makes centaurs?", ["Centaure answers questions.", "It rains."])


class Reranker(Protocol):
    """Tells how well passages answer a question. It blocks: call it in a thread."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One finite score for each text, in order, comparable within the question; the higher, the better.

        Raises:
            TextRefused: it will not take the question or one of the texts.
            Unavailable, Refused: it does not answer.
        """
        ...


class ServiceOptions(BaseModel):
    """What a reranker behind HTTP is told."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(default="", description="As the service names it; TEI is not told.")
    form: Form = Field(default="cohere", description="cohere (also Jina, vLLM), or tei.")
    longest: int = Field(default=LONGEST, ge=100, description="Characters of a text that are sent.")
    ca_file: str = Field(default="", description="Certificates to trust besides the system's.")


class OnnxOptions(BaseModel):
    """What a cross-encoder in this process is told."""

    model_config = ConfigDict(extra="forbid")

    precision: Precision = Field(default="int8", description="int8, or float32: slower, exact.")
    threads: int = Field(default=1, ge=1, le=64, description="That compute one pair.")
    tokens: int | None = Field(
        default=None,
        ge=8,
        description="Of a pair that are read, at most; by default as it was made.",
    )


class ProximityOptions(BaseModel):
    """What the offline twin is told: nothing."""

    model_config = ConfigDict(extra="forbid")


_OPTIONS: Mapping[str, type[BaseModel]] = {
    "service": ServiceOptions,
    "onnx": OnnxOptions,
    "proximity": ProximityOptions,
}


@dataclass(slots=True)
class Rerankers:
    """Makes rerankers, and keeps those that it made.

    Attributes:
        vault: of the installation; None where none has a key.
        made: folder for what is made of models that run in this process; None: it is made again by each.
    """

    vault: Vault | None = None
    made: Path | None = None
    _made: dict[str, Reranker] = field(default_factory=dict[str, Reranker])
    _lock: Lock = field(default_factory=Lock)

    def describe(
        self, kind: str, location: str, options: Mapping[str, str], key: str
    ) -> DescribedModel:
        """A reranker that somebody describes, as its row will keep it. It is asked for scores: this blocks.

        Raises:
            InvalidInput: there is no such kind, or it cannot be told this.
            Unavailable, Refused: it does not answer.
        """
        told = checked(_OPTIONS, kind, options)
        row = described(kind, location, told, key, self.vault, _PURPOSE)
        self.reranker(row).score(*_SAMPLE)
        return row

    def reranker(self, row: DescribedModel) -> Reranker:
        """The reranker of a row, made once.

        Raises:
            InvalidInput: its folder does not hold a model any more.
            Unavailable: its key cannot be decrypted, a package is missing, or this version does not know its
                kind.
        """
        with self._lock:
            name = repr(row)
            if name not in self._made:
                self._made[name] = self._make(row)
            return self._made[name]

    def _make(self, row: DescribedModel) -> Reranker:
        try:
            told = checked(_OPTIONS, row.kind, row.options)
        except InvalidInput as error:
            raise Unavailable(error.message) from None
        if isinstance(told, ProximityOptions):
            return Proximity()
        if isinstance(told, OnnxOptions):
            return CrossEncoder(Path(row.location), told, self.made)
        assert isinstance(told, ServiceOptions)  # noqa: S101 - the kinds are these
        return _Served(row.location, told, key_of(row, self.vault, _PURPOSE))


class CrossEncoder:
    """A folder's model that reads question and passage together (Nogueira and Cho, arXiv:1901.04085)."""

    def __init__(self, folder: Path, told: OnnxOptions, made: Path | None) -> None:
        """Read the folder; arguments and errors as in `Encoder`."""
        self._encoder = Encoder(
            folder, precision=told.precision, threads=told.threads, tokens=told.tokens, made=made
        )
        outputs = self._encoder.outputs
        self._output = "logits" if "logits" in outputs else outputs[0]

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """As in `Reranker`; when it takes too long it stops, since nobody waits for it any more."""
        ends = time.monotonic() + BUDGET_S
        scores: list[float] = []
        for text in texts:
            logits = self._encoder.compute(question, text, output=self._output)
            if logits.shape != (1,):
                raise InvalidInput(
                    "This model does not give one score for a pair: it is no reranker."
                )
            scores.append(float(logits[0]))
            if time.monotonic() > ends and len(scores) < len(texts):
                raise Unavailable(f"{len(scores)} of {len(texts)} passages took {BUDGET_S} s.")
        return scores


class _Served:
    """A reranker behind HTTP, with its limits."""

    def __init__(self, location: str, told: ServiceOptions, key: str) -> None:
        if not told.model and told.form == "cohere":
            raise InvalidInput("Say which model: `--option model=...`.")
        self._longest = told.longest
        self._service = RerankingService(
            location, told.model, form=told.form, key=key, ca_file=told.ca_file, timeout_s=BUDGET_S
        )

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        cut = [text[: self._longest] for text in texts]
        return self._service.score(question[: self._longest], cut)
