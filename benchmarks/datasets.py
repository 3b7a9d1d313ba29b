"""The collections of passages and questions that retrieval is measured on, as they lie on disk."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Passage:
    """`document` is the passage's own identifier where a collection has no documents."""

    id: str
    title: str
    text: str
    document: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages, questions by id, and for each question the relevance of passages or documents by id."""

    name: str
    passages: list[Passage]
    questions: dict[str, str]
    relevance: dict[str, dict[str, int]]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_collection(data: Path, name: str, questions: str = "") -> Collection:
    """A collection of `data`/retrieval, with the judgements of its questions.

    Args:
        data: folder of the data sets.
        name: of the collection.
        questions: the collection whose questions are asked instead: the same ones in another language.
    """
    folder = data / "retrieval" / name
    relevance: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for judgements in (folder / "qrels.tsv", folder / "qrels_docs.tsv"):
        if judgements.exists():
            for line in judgements.read_text(encoding="utf-8").splitlines():
                question, passage, grade = line.split("\t")
                relevance[question][passage] = int(grade)
    return Collection(
        f"{questions} > {name}" if questions else name,
        [
            Passage(item["id"], item["title"], item["text"], item.get("doc", item["id"]))
            for item in _lines(folder / "corpus.jsonl")
        ],
        {
            item["id"]: item["text"]
            for item in _lines(data / "retrieval" / (questions or name) / "queries.jsonl")
            if item["id"] in relevance
        },
        dict(relevance),
    )


def half_of(question: str) -> str:
    """The half that a question belongs to, by the parity of the sum of its identifier's code points."""
    return ("development", "test")[sum(map(ord, question)) % 2]
