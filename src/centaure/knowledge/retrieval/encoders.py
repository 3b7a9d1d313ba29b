"""Transformers in this process: a folder's tokenizer and its ONNX graph, or one made from its weights."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from centaure.gateway.embeddings import TextRefused
from centaure.kit.errors import InvalidInput, Unavailable
from centaure.knowledge.retrieval.bert import GRAPH_VERSION, Precision, bert_graph, read_weights
from centaure.knowledge.retrieval.packages import package

_QUANTISED = ("model_quantized.onnx", "model_int8.onnx")
_FLOAT = "model.onnx"
_WEIGHTS = "model.safetensors"
_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})
_MOST_TOKENS = 8192
_LONGEST_TOKEN = 16
"""Characters of a text that are looked at for each token that the model takes."""
_ROBERTA = frozenset({"roberta", "xlm-roberta", "camembert"})


class Encoder:
    """Computes what a model makes of a text, or of two. Blocks; safe to share between threads.

    Each text is computed alone, since dynamic quantisation scales by all that is computed together: a vector
    would depend on its neighbours, which its reader may not be allowed to read. It costs nothing: eight
    passages of 180 tokens at once took 1.0 to 1.2 times as long (MiniLM, one thread).
    """

    def __init__(
        self,
        folder: Path,
        *,
        precision: Precision = "int8",
        threads: int = 1,
        tokens: int | None = None,
        made: Path | None = None,
    ) -> None:
        """Read the folder; the first time, its weights are made into a graph, which takes seconds.

        Args:
            folder: holds `tokenizer.json`, and an ONNX file (also below `onnx/`) or `model.safetensors`.
            precision: of the graph where it is made here; which file is taken where there are several.
            threads: that compute one text.
            tokens: of a text that are computed, at most; by default what the folder's files tell.
            made: folder that keeps graphs made here; None: they are made again by each process.

        Raises:
            InvalidInput: the folder does not hold a model that can be computed here.
            Unavailable: packages are missing, or what is made cannot be kept.
        """
        if not (folder / "tokenizer.json").is_file():
            raise InvalidInput(
                f"{folder} is not the folder of a model that can be read here: it has no tokenizer.json."
            )
        self.config = read_json(folder / "config.json")
        self._numpy = package("numpy")
        tokenizers, runtime = package("tokenizers"), package("onnxruntime")
        graph = _graph(folder, self.config, precision, made)
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 4  # what goes wrong is an exception
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
            self.tokens = min(tokens or _MOST_TOKENS, _told_tokens(folder, self.config))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(self.tokens)
            self._session = runtime.InferenceSession(
                str(graph) if isinstance(graph, Path) else graph,
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # the libraries' own, of no common type
            raise InvalidInput(f"The model in {folder} cannot be read: {_said(error)}.") from error
        self._inputs = [one.name for one in self._session.get_inputs()]
        self.outputs = [one.name for one in self._session.get_outputs()]
        if not {"input_ids"} <= set(self._inputs) <= _INPUTS:
            raise InvalidInput(f"The model in {folder} asks for {', '.join(self._inputs)}.")

    def compute(self, text: str, other: str | None = None, *, output: str) -> Any:
        """An output of the model for one text, or for a pair: a numpy array without the axis of texts.

        What is longer than the model takes is left out at its end; of a pair, of the longer first.

        Raises:
            TextRefused: the text has no tokens.
            Unavailable: the model fails.
        """
        most = self.tokens * _LONGEST_TOKEN
        # A question may hold halves of characters, which the tokenizer does not take.
        parts = [
            one[:most].encode("utf-8", "replace").decode()
            for one in (text, other)
            if one is not None
        ]
        try:
            encoded = self._tokenizer.encode(*parts)
            rows = {
                "input_ids": encoded.ids,
                "attention_mask": encoded.attention_mask,
                "token_type_ids": encoded.type_ids,
            }
            given = {name: self._numpy.array([rows[name]], dtype="i8") for name in self._inputs}
            result = self._session.run([output], given)[0][0] if encoded.ids else None
        except Exception as error:  # the libraries' own, of no common type
            raise Unavailable(f"The model fails: {_said(error)}.") from error
        if result is None:
            raise TextRefused("There is nothing in this text for the model.")
        if not self._numpy.isfinite(result).all():
            raise Unavailable("The model gives numbers that are not finite.")
        return result


def read_json(path: Path, of: type = dict) -> Any:
    """What a JSON file says; an empty object or list where there is no file.

    Raises:
        InvalidInput: it cannot be read, or is not what it is to be.
    """
    try:
        read = json.loads(path.read_bytes())
    except FileNotFoundError:
        return of()
    except (OSError, ValueError, RecursionError):
        read = None
    if not isinstance(read, of):
        raise InvalidInput(f"{path} cannot be read as the file of a model.")
    return read


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__


def _told_tokens(folder: Path, config: Mapping[str, Any]) -> int:
    """Tokens that the model was made for, by its files."""
    told = read_json(folder / "sentence_bert_config.json").get("max_seq_length")
    told = told or read_json(folder / "tokenizer_config.json").get("model_max_length")
    positions = config.get("max_position_embeddings") or _MOST_TOKENS
    if config.get("model_type") in _ROBERTA:
        positions -= 2  # its positions begin after that of padding
    return int(max(8, min(told or positions, positions, _MOST_TOKENS)))


def _graph(
    folder: Path, config: Mapping[str, Any], precision: Precision, made: Path | None
) -> Path | bytes:
    """The graph of that precision: the folder's own, or one made of what it has."""
    quantised, full = (
        [
            path
            for name in names
            for path in (folder / name, folder / "onnx" / name)
            if path.is_file()
        ]
        for names in (_QUANTISED, (_FLOAT,))
    )
    weights = folder / _WEIGHTS
    if precision == "int8" and quantised:
        return quantised[0]
    if precision == "float32" and full:
        return full[0]
    source = full[0] if full else weights
    if not source.is_file():
        raise InvalidInput(
            f"{folder} has no {_FLOAT}, {', '.join(_QUANTISED)} or {_WEIGHTS} to compute with"
            f"{' in float32' if quantised else ''}."
        )
    if made is None:
        return _make(source, config, precision)
    try:
        kept = made / _name(source, folder / "config.json", precision) / _FLOAT
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            draft = kept.with_name(f".{os.getpid()}")
            try:
                draft.write_bytes(_make(source, config, precision))
                draft.replace(kept)
            finally:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The model cannot be prepared in {made} ({error.strerror}): it needs room there, and the right "
            "to write."
        ) from None
    return kept


def _name(source: Path, config: Path, precision: Precision) -> str:
    """Of a folder for what is made: another as soon as a file is, without reading all of it each time."""
    words = [str(GRAPH_VERSION), precision]
    for path in (source, config):
        with suppress(FileNotFoundError):
            status = path.resolve().stat()
            words.append(f"{path.resolve()} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def _make(source: Path, config: Mapping[str, Any], precision: Precision) -> bytes:
    """A graph of the weights; in int8, also of a graph of floats."""
    onnx = package("onnx")
    if source.name == _WEIGHTS:
        made = bert_graph(config, read_weights(source), precision)
        if precision == "float32":
            return made
        graph = onnx.load_from_string(made)
    else:
        try:
            graph = onnx.load(str(source))
        except Exception as error:  # the library's own, of no common type
            raise InvalidInput(f"{source} cannot be read: {_said(error)}.") from error
    return _quantised(graph)


def _quantised(graph: Any) -> bytes:
    """The graph with its products of matrices in int8, what they are given scaled text by text.

    Weights keep 7 bits: with 8, sums overflow on processors without VNNI.
    """
    tool, onnx = package("onnxruntime.quantization"), package("onnx")
    # The tool warns, on the root logger, that shapes were not inferred; every product here is of floats.
    onnx.helper.set_model_props(graph, {"onnx.quant.pre_process": "onnxruntime.quant"})
    with TemporaryDirectory() as folder:
        path = Path(folder) / _FLOAT
        try:
            tool.quantize_dynamic(
                graph,
                str(path),
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                reduce_range=True,
                weight_type=tool.QuantType.QInt8,
                extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
            )
        except Exception as error:  # the library's own, of no common type
            raise InvalidInput(
                f"The model cannot be made int8 ({_said(error)}): try the option precision=float32."
            ) from error
        return path.read_bytes()
