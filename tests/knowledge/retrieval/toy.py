"""The folder of a small model of random weights, for what no real one is needed for."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

from centaure.knowledge.retrieval.embedding import EmbeddingModel
from centaure.knowledge.retrieval.models import DescribedModel, EmbeddingModels


class Toy:
    """The folder of a small model of random weights, with what its files tell."""

    def __init__(self, folder: Path, labels: int = 0) -> None:
        self.folder = folder
        random = np.random.default_rng(7)
        self.config: dict[str, Any] = {
            "model_type": "bert", "hidden_size": 8, "intermediate_size": 16, "num_attention_heads": 2,
            "num_hidden_layers": 1, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
            "max_position_embeddings": 32,
        }  # fmt: skip
        prefix = "bert." if labels else ""
        shapes = {
            "embeddings.word_embeddings.weight": (6, 8),
            "embeddings.position_embeddings.weight": (32, 8),
            "embeddings.token_type_embeddings.weight": (2, 8),
            "encoder.layer.0.intermediate.dense.weight": (16, 8),
            "encoder.layer.0.intermediate.dense.bias": (16,),
            "encoder.layer.0.output.dense.weight": (8, 16),
            "encoder.layer.0.output.dense.bias": (8,),
        }
        for place in (
            "embeddings.LayerNorm", "encoder.layer.0.output.LayerNorm",
            "encoder.layer.0.attention.output.LayerNorm",
        ):  # fmt: skip
            shapes |= {f"{place}.weight": (8,), f"{place}.bias": (8,)}
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            place = f"encoder.layer.0.attention.{part}"
            shapes |= {f"{place}.weight": (8, 8), f"{place}.bias": (8,)}
        if labels:
            shapes |= {"pooler.dense.weight": (8, 8), "pooler.dense.bias": (8,)}
        self.weights = {
            prefix + name: random.normal(0, 0.5, shape).astype("f4")
            for name, shape in shapes.items()
        }
        if labels:
            self.weights["classifier.weight"] = random.normal(0, 1, (labels, 8)).astype("f4")
            self.weights["classifier.bias"] = np.zeros(labels, "f4")
        vocabulary = {"[UNK]": 0, "one": 1, "two": 2, "three": 3, "query": 4, "passage": 5}
        tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(folder / "tokenizer.json"))
        self.write()

    def write(self) -> None:
        (self.folder / "config.json").write_text(json.dumps(self.config))
        header, data = {}, b""
        for name, array in self.weights.items():
            raw = array.tobytes()
            kind = {"float32": "F32", "float16": "F16", "uint16": "BF16"}[str(array.dtype)]
            header[name] = {
                "dtype": kind, "shape": array.shape, "data_offsets": [len(data), len(data) + len(raw)],
            }  # fmt: skip
            data += raw
        words = json.dumps(header).encode()
        path = self.folder / "model.safetensors"
        path.write_bytes(struct.pack("<Q", len(words)) + words + data)

    def model(self, **options: Any) -> EmbeddingModel:
        options = {"precision": "float32", **options}
        return EmbeddingModels().model(DescribedModel("onnx", str(self.folder), options, None))
