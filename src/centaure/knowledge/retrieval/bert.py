"""The ONNX graph of a BERT encoder, made from its weights, for a folder that has none.

Devlin et al. 2019, as `BertModel` and `BertForSequenceClassification` name its weights: MiniLM, E5, and the
cross-encoders made of them. No framework is needed, only numpy and onnx.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from centaure.kit.errors import InvalidInput
from centaure.knowledge.retrieval.packages import package

GRAPH_VERSION = 1
"""Goes up when the same weights give another graph."""
Precision = Literal["int8", "float32"]
_OPERATORS = 20
_FORMAT = 10
_ROWS = 16_384
_LONGEST_HEADER = 100 * 1024 * 1024
_TYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}
_ACTIVATIONS = {
    "gelu": "none", "gelu_new": "tanh", "gelu_pytorch_tanh": "tanh", "gelu_fast": "tanh",
}  # fmt: skip


def read_weights(path: Path) -> dict[str, Any]:
    """The arrays of a safetensors file, by name, as numpy reads them from the disk when they are used.

    The format is a length (8 bytes, little-endian), as many bytes of JSON that name type, shape and place of
    each array, and the arrays (github.com/huggingface/safetensors, README, "Format").

    Raises:
        InvalidInput: it is not such a file, or holds numbers of a type that is not read.
    """
    numpy = package("numpy")
    try:
        content = numpy.memmap(path, dtype="u1", mode="r")
        length = int.from_bytes(content[:8].tobytes(), "little")
        if length > min(_LONGEST_HEADER, len(content) - 8):
            raise ValueError(length)  # noqa: TRY301 - one sentence for all that is wrong
        header = json.loads(content[8 : 8 + length].tobytes())
        arrays = content[8 + length :]
        weights: dict[str, Any] = {}
        for name, described in header.items():
            if name == "__metadata__" or described["dtype"] not in _TYPES:
                continue
            start, end = described["data_offsets"]
            stored = arrays[start:end].view(_TYPES[described["dtype"]])
            if described["dtype"] == "BF16":  # the upper half of a 32-bit number
                stored = (stored.astype("<u4") << 16).view("<f4")
            weights[name] = stored.reshape(described["shape"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidInput(f"{path} is not a whole safetensors file.") from None
    return weights


def bert_graph(
    config: Mapping[str, Any], weights: Mapping[str, Any], precision: Precision
) -> bytes:
    """The graph, as an ONNX file holds it.

    It takes `input_ids` and `token_type_ids` (texts, tokens) and gives `last_hidden_state` (texts, tokens,
    numbers), or `logits` (texts, labels) where the weights are of a classifier. Nothing is masked: texts that
    are computed together are of one length.

    Args:
        config: `config.json`.
        weights: what `read_weights` gave.
        precision: int8: products of matrices by dynamic quantisation, embeddings rounded row by row.

    Raises:
        InvalidInput: the weights are not of a BERT encoder, or not those that the configuration describes.
    """
    try:
        graph = _Graph(config, weights, precision)
        graph.write()
        return graph.serialised()
    except KeyError as error:
        raise InvalidInput(
            f"The model's files do not tell {error}: it is not a BERT encoder."
        ) from None
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise InvalidInput(f"The model's files contradict each other: {error}.") from None


class _Graph:
    """Nodes and constants as they are added; each method gives the name of what it computes."""

    def __init__(
        self, config: Mapping[str, Any], weights: Mapping[str, Any], precision: Precision
    ) -> None:
        self._onnx, self._numpy = package("onnx"), package("numpy")
        self._weights, self._precision = weights, precision
        self._prefix = "bert." if "bert.embeddings.word_embeddings.weight" in weights else ""
        self._width = int(config["hidden_size"])
        self._inner = int(config["intermediate_size"])
        self._heads = int(config["num_attention_heads"])
        self._layers = int(config["num_hidden_layers"])
        self._epsilon = float(config["layer_norm_eps"])
        self._activation = _ACTIVATIONS.get(config["hidden_act"])
        if self._activation is None or self._width % self._heads:
            raise ValueError("its activation or its heads are not those of BERT")
        if config.get("position_embedding_type", "absolute") != "absolute":
            raise ValueError("its positions are not those of BERT")
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def write(self) -> None:
        """Every node, from the identifiers of tokens to the output."""
        ids, types = "input_ids", "token_type_ids"
        embedded = self._add(self._rows("embeddings.word_embeddings", ids), self._positions(ids))
        embedded = self._add(embedded, self._rows("embeddings.token_type_embeddings", types))
        states = self._normal("embeddings.LayerNorm", embedded)
        for layer in range(self._layers):
            states = self._layer(f"encoder.layer.{layer}", states)
        if "classifier.weight" not in self._weights:
            self._outputs = [("last_hidden_state", ["texts", "tokens", self._width])]
            self._node("Identity", states, output="last_hidden_state")
            return
        first = self._node("Gather", states, self._whole("first", 0), axis=1)
        pooled = self._node("Tanh", self._linear(["pooler.dense"], first, self._width))
        labels = int(self._weights["classifier.weight"].shape[0])
        logits = self._linear(["classifier"], pooled, labels, prefix="")
        self._outputs = [("logits", ["texts", labels])]
        self._node("Identity", logits, output="logits")

    def serialised(self) -> bytes:
        helper, proto = self._onnx.helper, self._onnx.TensorProto
        graph = helper.make_graph(
            self._nodes,
            "bert",
            [
                helper.make_tensor_value_info(name, proto.INT64, ["texts", "tokens"])
                for name in ("input_ids", "token_type_ids")
            ],
            [
                helper.make_tensor_value_info(name, proto.FLOAT, shape)
                for name, shape in self._outputs
            ],
            self._constants,
        )
        versions = [helper.make_opsetid("", _OPERATORS), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=_FORMAT)
        return model.SerializeToString()

    def _layer(self, name: str, states: str) -> str:
        width = self._width
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        joined = self._linear(parts, states, 3 * width)
        sizes = self._whole("three", [width] * 3)
        query, key, value = self._split(joined, sizes)
        attended = self._node(
            "MultiHeadAttention", query, key, value, domain="com.microsoft", num_heads=self._heads
        )
        attended = self._linear([f"{name}.attention.output.dense"], attended, width)
        states = self._normal(f"{name}.attention.output.LayerNorm", self._add(attended, states))
        inner = self._linear([f"{name}.intermediate.dense"], states, self._inner)
        inner = self._node("Gelu", inner, approximate=self._activation)
        outer = self._linear([f"{name}.output.dense"], inner, width)
        return self._normal(f"{name}.output.LayerNorm", self._add(outer, states))

    def _rows(self, name: str, ids: str) -> str:
        table = self._weight(f"{name}.weight", (None, self._width))
        if self._precision == "float32":
            return self._node("Gather", self._constant(name, table), ids)
        scale = self._numpy.empty((len(table), 1), "f4")
        rounded = self._numpy.empty(table.shape, "i1")
        for start in range(
            0, len(table), _ROWS
        ):  # a table may take most of the memory that there is
            rows = slice(start, start + _ROWS)
            scale[rows] = self._numpy.abs(table[rows]).max(axis=1, keepdims=True) / 127
            scale[rows][scale[rows] == 0] = 1
            rounded[rows] = self._numpy.rint(table[rows] / scale[rows])
        whole = self._node("Gather", self._constant(name, rounded), ids)
        scales = self._node("Gather", self._constant(f"{name}.scale", scale), ids)
        return self._node("Mul", self._node("Cast", whole, to=self._onnx.TensorProto.FLOAT), scales)

    def _positions(self, ids: str) -> str:
        table = self._weight("embeddings.position_embeddings.weight", (None, self._width))
        length = self._node("Shape", ids, start=1, end=2)
        return self._node(
            "Slice", self._constant("positions", table), self._whole("from", [0]), length,
            self._whole("axis", [0]),
        )  # fmt: skip

    def _linear(self, names: Sequence[str], given: str, out: int, prefix: str | None = None) -> str:
        """One product for the layers named, side by side."""
        each = out // len(names)
        matrices = [self._weight(f"{name}.weight", (each, None), prefix).T for name in names]
        biases = [self._weight(f"{name}.bias", (each,), prefix) for name in names]
        join = self._numpy.concatenate
        product = self._node("MatMul", given, self._constant(names[0], join(matrices, axis=1)))
        return self._add(product, self._constant(f"{names[0]}.bias", join(biases)))

    def _normal(self, name: str, given: str) -> str:
        parts = [
            self._constant(f"{name}.{part}", self._weight(f"{name}.{part}", (self._width,)))
            for part in ("weight", "bias")
        ]
        return self._node("LayerNormalization", given, *parts, epsilon=self._epsilon)

    def _add(self, one: str, other: str) -> str:
        return self._node("Add", one, other)

    def _split(self, given: str, sizes: str) -> list[str]:
        outputs = [f"{len(self._nodes)}.{part}" for part in range(3)]
        self._nodes.append(self._onnx.helper.make_node("Split", [given, sizes], outputs, axis=-1))
        return outputs

    def _node(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or str(len(self._nodes))
        made = self._onnx.helper.make_node(operator, inputs, [output], **attributes)
        self._nodes.append(made)
        return output

    def _weight(self, name: str, shape: tuple[int | None, ...], prefix: str | None = None) -> Any:
        full = (self._prefix if prefix is None else prefix) + name
        found = self._weights[full]
        fits = len(found.shape) == len(shape) and all(
            asked in {None, given} for asked, given in zip(shape, found.shape, strict=True)
        )
        if not fits:
            raise ValueError(f"{full} is of shape {tuple(found.shape)}")
        return found.astype("f4", copy=False)

    def _constant(self, name: str, array: Any) -> str:
        self._constants.append(
            self._onnx.numpy_helper.from_array(self._numpy.asarray(array, order="C"), name)
        )
        return name

    def _whole(self, name: str, numbers: int | list[int]) -> str:
        if all(one.name != name for one in self._constants):
            self._constant(name, self._numpy.array(numbers, dtype="i8"))
        return name
