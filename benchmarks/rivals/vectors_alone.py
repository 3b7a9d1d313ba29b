"""The vectors alone, compared one and all by NumPy: what meaning is worth without words. No product."""

import json

import numpy as np
from protocol import Collection, run


class Vectors:
    def build(self, collection: Collection) -> None:
        np.save(collection.index / "vectors.npy", collection.vectors())
        kept = [(one["id"], one["groups"]) for one in collection.passages()]
        (collection.index / "passages.json").write_text(json.dumps(kept), encoding="utf-8")

    def open(self, collection: Collection) -> None:
        kept = json.loads((collection.index / "passages.json").read_text(encoding="utf-8"))
        self._ids = [name for name, _ in kept]
        self._vectors = np.load(collection.index / "vectors.npy")
        self._questions = collection.question_vectors()
        self._readable = {
            tuple(groups): np.array([not {*groups}.isdisjoint(of) for _, of in kept])
            for groups in collection.readers.values()
        }

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        scores = self._vectors @ self._questions[question]
        readable = self._readable[tuple(groups)]
        best = np.argsort(np.where(readable, -scores, np.inf), kind="stable")
        return [self._ids[place] for place in best[: min(depth, int(readable.sum()))]]


run(Vectors())
