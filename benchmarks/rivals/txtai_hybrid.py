"""txtai's hybrid index with content: BM25 and vectors, fused as it does by default.

Rights: a condition of its SQL on the groups of a passage. Its tokenizer has no stemmer, in any language.
"""

import numpy as np
from protocol import Collection, full_text, run
from txtai import Embeddings

SETTINGS = {"method": "external", "hybrid": True, "content": True}


class Txtai:
    _known: dict[str, np.ndarray]

    def _settings(self) -> dict[str, object]:
        def transform(texts: list[str]) -> np.ndarray:
            return np.stack([self._known[text] for text in texts])

        return {**SETTINGS, "transform": transform}

    def build(self, collection: Collection) -> None:
        passages = collection.passages()
        texts = [full_text(one) for one in passages]
        self._known = dict(zip(texts, collection.vectors(), strict=True))
        embeddings = Embeddings(self._settings())
        embeddings.index(
            (one["id"], {"text": text, "groups": f"|{'|'.join(one['groups'])}|"})
            for one, text in zip(passages, texts, strict=True)
        )
        embeddings.save(str(collection.index))

    def open(self, collection: Collection) -> None:
        self._known = collection.question_vectors()
        self._embeddings = Embeddings()
        self._embeddings.load(str(collection.index), config=self._settings())

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        allowed = " or ".join(f"groups like :group{place}" for place in range(len(groups)))
        values = {f"group{place}": f"%|{group}|%" for place, group in enumerate(groups)}
        found = self._embeddings.search(
            f"select id, text, score from txtai where similar(:question) and ({allowed})",
            limit=depth,
            parameters={"question": question, **values},
        )
        return [one["id"] for one in found]


run(Txtai())
