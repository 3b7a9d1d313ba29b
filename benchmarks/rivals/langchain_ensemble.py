"""LangChain's EnsembleRetriever over BM25Retriever and a Chroma vector store, in equal parts.

Rights: Chroma's filter on the list of groups. BM25Retriever has none: ten times as many passages are asked of
it and those of other groups dropped. It splits words at spaces unless it is given a function; here it is
given one with the PyStemmer stemmer of the language, which is more than its documentation does, or none.
"""

import os
import pickle
import re
from typing import Any

import numpy as np
import Stemmer
from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.runnables import RunnableLambda
from protocol import STEMMERS, Collection, full_text, run

OVERFETCH = 10
PLAIN = os.environ.get("VARIANT") == "plain"


class Known(Embeddings):
    """Vectors that were made before."""

    def __init__(self, known: dict[str, np.ndarray]) -> None:
        self._known = known

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._known[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._known[text].tolist()


class Stems:
    """The words of a text in lower case, without their endings."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stemmer = Stemmer.Stemmer(STEMMERS[language])

    def __call__(self, text: str) -> list[str]:
        return self._stemmer.stemWords(re.findall(r"\w\w+", text.lower()))

    def __reduce__(self) -> tuple[Any, ...]:
        return Stems, (self._language,)


class LangChain:
    def build(self, collection: Collection) -> None:
        passages = collection.passages()
        texts = [full_text(one) for one in passages]
        documents = [
            Document(text, id=one["id"], metadata={"id": one["id"], "groups": one["groups"]})
            for one, text in zip(passages, texts, strict=True)
        ]
        options = {} if PLAIN else {"preprocess_func": Stems(collection.language)}
        words = BM25Retriever.from_documents(documents, **options)
        (collection.index / "bm25.pickle").write_bytes(pickle.dumps(words))
        store = self._store(collection, dict(zip(texts, collection.vectors(), strict=True)))
        for start in range(0, len(documents), 1000):
            store.add_documents(documents[start : start + 1000])

    def _store(self, collection: Collection, known: dict[str, np.ndarray]) -> Chroma:
        return Chroma(
            "passages",
            Known(known),
            persist_directory=str(collection.index / "chroma"),
            collection_metadata={"hnsw:space": "cosine"},
        )

    def open(self, collection: Collection) -> None:
        self._words = pickle.loads((collection.index / "bm25.pickle").read_bytes())
        self._store_open = self._store(collection, collection.question_vectors())

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        def readable(found: list[Document]) -> list[Document]:
            return [one for one in found if not {*groups}.isdisjoint(one.metadata["groups"])][
                :depth
            ]

        allowed = [{"groups": {"$contains": group}} for group in groups]
        meaning = self._store_open.as_retriever(
            search_kwargs={
                "k": depth,
                "filter": allowed[0] if len(allowed) == 1 else {"$or": allowed},
            }
        )
        self._words.k = OVERFETCH * depth
        ensemble = EnsembleRetriever(
            retrievers=[self._words | RunnableLambda(readable), meaning],
            weights=[0.5, 0.5],
            id_key="id",
        )
        return [one.metadata["id"] for one in ensemble.invoke(question)[:depth]]


run(LangChain())
