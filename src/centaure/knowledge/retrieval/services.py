"""Embedding models behind HTTP, with the prefixes and limits that a row keeps."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from centaure.gateway.embeddings import EmbeddingService
from centaure.knowledge.retrieval.embedding import LONGEST, QUESTION_S, normal


class ServiceOptions(BaseModel):
    """What a model behind HTTP is told."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(min_length=1, description="As the service names it.")
    question_prefix: str = Field(default="", description="Put before a question (E5: 'query: ').")
    passage_prefix: str = Field(default="", description="Put before a passage (E5: 'passage: ').")
    longest: int = Field(default=LONGEST, ge=100, description="Characters of a text that are sent.")
    batch: int = Field(default=32, ge=1, le=2048, description="Texts sent at once.")
    ca_file: str = Field(default="", description="Certificates to trust besides the system's.")


class ServedModel:
    """A model behind HTTP."""

    def __init__(self, location: str, told: ServiceOptions, key: str) -> None:
        self._told = told
        self._passages = EmbeddingService(location, told.model, key=key, ca_file=told.ca_file)
        # Where somebody waits, it is asked once.
        self._awaited = EmbeddingService(
            location, told.model, key=key, ca_file=told.ca_file, timeout_s=QUESTION_S, attempts=1
        )
        self.batch = told.batch

    def embed_passages(self, texts: Sequence[str], *, awaited: bool = False) -> list[list[float]]:
        service = self._awaited if awaited else self._passages
        return self._embed(service, self._told.passage_prefix, texts)

    def embed_question(self, text: str) -> list[float]:
        return self._embed(self._awaited, self._told.question_prefix, [text])[0]

    def _embed(
        self, service: EmbeddingService, prefix: str, texts: Sequence[str]
    ) -> list[list[float]]:
        sent = [(prefix + text)[: self._told.longest] for text in texts]
        return [normal(vector) for vector in service.embed(sent)]
