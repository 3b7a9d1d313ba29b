"""The collections of passages and questions that retrieval is measured on, as they lie on disk."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Passage:
    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages, questions by id, and for each question the relevance of passages by id."""

    name: str
    passages: list[Passage]
    questions: dict[str, str]
    relevance: dict[str, dict[str, int]]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_collection(data: Path, name: str) -> Collection:
    """A collection of `data`/retrieval, with the judgements of its questions."""
    folder = data / "retrieval" / name
    relevance: defaultdict[str, dict[str, int]] = defaultdict(dict)
    judgements = folder / "qrels.tsv"
    if judgements.exists():
        for line in judgements.read_text(encoding="utf-8").splitlines():
            question, passage, grade = line.split("\t")
            relevance[question][passage] = int(grade)
    return Collection(
        name,
        [
            Passage(item["id"], item["title"], item["text"])
            for item in _lines(folder / "corpus.jsonl")
        ],
        {item["id"]: item["text"] for item in _lines(folder / "queries.jsonl")},
        dict(relevance),
    )
