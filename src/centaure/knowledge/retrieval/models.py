"""Embedding models as their rows keep them: what kinds there are, and how a row becomes a model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from pydantic import BaseModel, ConfigDict, Field

from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound, Unavailable
from centaure.kit.vault import Vault
from centaure.knowledge.retrieval.described import (
    DescribedModel,
    checked,
    described,
    key_of,
)
from centaure.knowledge.retrieval.embedding import MOST_DIMENSIONS, EmbeddingModel
from centaure.knowledge.retrieval.onnx import (
    MinilmOptions,
    OnnxModel,
    OnnxOptions,
    minilm_folder,
)
from centaure.knowledge.retrieval.services import ServedModel, ServiceOptions
from centaure.knowledge.retrieval.trigrams import Trigrams

_DEFAULT_HIGHEST: Mapping[str, int] = {"service": 1, "trigrams": 3, "onnx": 3, "minilm": 3}
_SAMPLE = "Centaure"


class TrigramOptions(BaseModel):
    """What the offline twin is told."""

    model_config = ConfigDict(extra="forbid")

    dimensions: int = Field(default=256, ge=16, le=MOST_DIMENSIONS, description="Of its vectors.")


_OPTIONS: Mapping[str, type[BaseModel]] = {
    "service": ServiceOptions,
    "trigrams": TrigramOptions,
    "onnx": OnnxOptions,
    "minilm": MinilmOptions,
}


_PURPOSE = "embedding model"


def family(described: DescribedModel) -> str:
    """The family of a model, by which fusion knows what it is worth; empty: an unknown one."""
    if described.kind == "trigrams":
        return "trigrams"
    name = f"{described.kind} {described.location} {described.options.get('model', '')}".lower()
    if "minilm" in name and "multilingual" not in name:
        return "minilm"
    return "e5" if "multilingual-e5" in name else ""


@dataclass(slots=True)
class EmbeddingModels:
    """Makes models, and keeps those that it made.

    Attributes:
        vault: of the installation; None where no model has a key.
        made: folder for what is made of models that run in this process; None: it is made again by each.
    """

    vault: Vault | None = None
    made: Path | None = None
    _made: dict[str, EmbeddingModel] = field(default_factory=dict[str, EmbeddingModel])
    _lock: Lock = field(default_factory=Lock)

    def describe(
        self, kind: str, location: str, options: Mapping[str, str], key: str
    ) -> tuple[DescribedModel, int]:
        """A model that somebody describes, as its row will keep it, and the length of its vectors.

        It is asked for a vector, so this blocks.

        Raises:
            InvalidInput: there is no such kind, or it cannot be told this.
            Unavailable, Refused: it does not answer.
        """
        told = checked(_OPTIONS, kind, options)
        model = described(kind, location, told, key, self.vault, _PURPOSE)
        dimensions = len(self.model(model).embed_question(_SAMPLE))
        if not 1 <= dimensions <= MOST_DIMENSIONS:
            raise InvalidInput(
                f"Its vectors have {dimensions} numbers; at most {MOST_DIMENSIONS} can be kept."
            )
        return model, dimensions

    def model(self, row: DescribedModel) -> EmbeddingModel:
        """The model of a row, made once.

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

    def _make(self, row: DescribedModel) -> EmbeddingModel:
        try:
            told = checked(_OPTIONS, row.kind, row.options)
        except InvalidInput as error:
            raise Unavailable(error.message) from None
        if isinstance(told, TrigramOptions):
            return Trigrams(told.dimensions)
        if isinstance(told, OnnxOptions):
            return OnnxModel(Path(row.location), told, self.made)
        if isinstance(told, MinilmOptions):
            return OnnxModel(minilm_folder(), OnnxOptions(**dict(told)), self.made)
        assert isinstance(told, ServiceOptions)  # noqa: S101 - the kinds are these
        return ServedModel(row.location, told, key_of(row, self.vault, _PURPOSE))


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that generations may use.

    Attributes:
        dimensions: numbers of its vectors.
        highest: class of what it may be sent, 0 to 3 for C0 to C3.
        problem: why it did not answer, the last time.
    """

    id: int
    name: str
    kind: str
    location: str
    dimensions: int
    highest: int
    problem: str


async def list_models(session: ReadSession) -> list[KnownModel]:
    """Every model, by name."""
    return [KnownModel(*row) for row in await session.rows(_LIST)]


async def add_model(
    session: WriteSession,
    name: str,
    described: DescribedModel,
    dimensions: int,
    highest: int | None = None,
) -> None:
    """Keep a model under a name.

    Args:
        session: as the worker's role.
        name: its own here.
        described: what `EmbeddingModels.describe` gave.
        dimensions: of its vectors.
        highest: class of what it may be sent, 0 to 3; by default everything for a model in this process, and
            C1 at most for a service.

    Raises:
        InvalidInput: the name is none.
        Conflict: the name is taken.
    """
    if not name.strip() or not name.isprintable():
        raise InvalidInput("Give the model a name that can be printed.")
    values = {
        "name": name,
        "kind": described.kind,
        "location": described.location,
        "options": json.dumps(dict(described.options)),
        "secrets": described.secrets,
        "dimensions": dimensions,
        "highest": _DEFAULT_HIGHEST[described.kind] if highest is None else highest,
    }
    if await session.value(_ADD, values) is None:
        raise Conflict(f"There is an embedding model '{name}' already. Choose another name.")


async def remove_model(session: WriteSession, name: str) -> None:
    """Forget a model that no generation uses.

    Raises:
        NotFound: there is none of that name.
        Conflict: a generation uses it.
    """
    found = await session.row(_USED, {"name": name})
    if found is None:
        raise NotFound(
            f"There is no embedding model '{name}'. `centaure embedding list` shows them."
        )
    if found.generation is not None:
        raise Conflict(
            f"Generation {found.generation} uses this model. Remove the generation first: "
            f"`centaure index remove {found.generation} --wait`."
        )
    await session.execute(_REMOVE, {"id": found.id})


_LIST = "select id, name, kind, location, dimensions, highest, problem from embedding_model order by name"
_ADD = """
    insert into embedding_model (name, kind, location, options, secrets, dimensions, highest)
    values (%(name)s, %(kind)s, %(location)s, cast(%(options)s as jsonb), %(secrets)s, %(dimensions)s,
        %(highest)s)
    on conflict (name) do nothing returning id
"""
_USED = """
    select embedding_model.id, max(generation.id) as generation
    from embedding_model left join generation on generation.model = embedding_model.id
    where name = %(name)s group by embedding_model.id
"""
_REMOVE = "delete from embedding_model where id = %(id)s"
