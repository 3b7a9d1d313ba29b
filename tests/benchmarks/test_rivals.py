"""The benchmark beside other products: what each is given, and how its answers are judged."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rivals
from datasets import Collection, Passage

sys.path.insert(0, str(Path(rivals.__file__).with_suffix("")))
import protocol

PAGES = [
    Passage("a#0", "A", "one", "a"),
    Passage("a#1", "A", "two", "a"),
    Passage("b#0", "", "three", "b"),
]


class Careless:
    """A product that forgets rights."""

    def build(self, collection: protocol.Collection) -> None:
        (collection.index / "file").write_bytes(b"12345")

    def open(self, collection: protocol.Collection) -> None:
        self.ids = [one["id"] for one in collection.passages()]

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:  # noqa: ARG002
        return self.ids[:depth]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(rivals.COLLECTIONS, "pages", "en")
    monkeypatch.setattr(
        rivals, "embed", lambda _, texts, __: np.eye(len(texts), 4, dtype=np.float32)
    )
    collection = Collection("pages", PAGES, {}, {})
    rivals.write_collection(tmp_path, collection, {"q": "which?"}, tmp_path, 100)
    return tmp_path


def test_pages_of_a_document_have_its_groups_and_vectors_their_texts(given: Path) -> None:
    collection = protocol.Collection(given)
    passages = collection.passages()
    assert [one["groups"][1] for one in passages] == ["team-0", "team-0", "team-1"]
    assert [protocol.full_text(one) for one in passages] == ["A\none", "A\ntwo", "three"]
    assert collection.vectors().shape == (3, 4)
    assert list(collection.question_vectors()) == ["which?"]


def test_what_may_not_be_read_is_counted(given: Path) -> None:
    settings: dict[str, Any] = json.loads((given / "collection.json").read_text(encoding="utf-8"))
    settings["readers"]["10%"] = ["team-1"]
    (given / "collection.json").write_text(json.dumps(settings), encoding="utf-8")
    collection = protocol.Collection(given)
    collection.index.mkdir()
    assert protocol._build(Careless(), collection)["disk_mb"] == pytest.approx(5e-6)
    written = protocol._ask(Careless(), collection, lambda _: [])
    assert written["found"] == {"q": ["a#0", "a#1", "b#0"]}
    narrow = written["shares"]["10%"]
    assert (narrow["given"], narrow["possible"], narrow["forbidden"]) == (1, 1, 2)
    assert written["shares"]["100%"]["forbidden"] == 0


def test_a_document_stands_where_its_best_page_does_and_the_better_request_counts() -> None:
    collection = Collection("pages", PAGES, {"q": "which?"}, {"q": {"b": 1}})
    asked = {"found": {"q": ["a#1", "a#0", "b#0"]}, "found_shown": {"q": ["a#1"]}}
    outcome = rivals.Outcome({}, asked)
    rivals.judge_answers(outcome, collection)
    assert outcome.mean("MRR@10") == 1 / 2
    assert outcome.mean("Recall@100") == 1


def test_requirement_files_are_hash_pinned_and_name_no_index() -> None:
    files = {product.environment for product in rivals.PRODUCTS} - {""}
    for name in files:
        text = (rivals.REQUIREMENTS / "rivals" / f"{name}.txt").read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "index-url" not in text
        assert "://" not in text
