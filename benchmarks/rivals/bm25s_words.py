"""bm25s with the stop words and the PyStemmer stemmer of the language; words alone.

Rights: the weight mask of its `retrieve`, one for each group list. Masked passages score 0, and a passage
that scores 0 is no answer.
"""

import bm25s
import numpy as np
import Stemmer
from protocol import STEMMERS, Collection, full_text, run


class Bm25s:
    def _tokens(self, texts: list[str], language: str, **options: bool) -> object:
        return bm25s.tokenize(
            texts,
            stopwords=language,
            stemmer=Stemmer.Stemmer(STEMMERS[language]),
            show_progress=False,
            **options,
        )

    def build(self, collection: Collection) -> None:
        passages = collection.passages()
        retriever = bm25s.BM25()
        texts = [full_text(passage) for passage in passages]
        retriever.index(self._tokens(texts, collection.language), show_progress=False)
        kept = [{"id": one["id"], "groups": one["groups"]} for one in passages]
        retriever.save(collection.index, corpus=kept)

    def open(self, collection: Collection) -> None:
        self._language = collection.language
        self._retriever = bm25s.BM25.load(collection.index, load_corpus=True)
        self._ids = [one["id"] for one in self._retriever.corpus]
        self._masks = {
            tuple(groups): np.array(
                [not {*groups}.isdisjoint(one["groups"]) for one in self._retriever.corpus],
                np.float32,
            )
            for groups in collection.readers.values()
        }

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        found, scores = self._retriever.retrieve(
            self._tokens([question], self._language),
            corpus=self._ids,
            k=min(depth, len(self._ids)),
            weight_mask=self._masks[tuple(groups)],
            show_progress=False,
        )
        return [str(one) for one, score in zip(found[0], scores[0], strict=True) if score > 0]


run(Bm25s())
