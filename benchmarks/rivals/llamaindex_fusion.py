"""LlamaIndex's QueryFusionRetriever, reciprocal rank, over its BM25Retriever and a Chroma vector index.

The stemmer and the stop words are the language's. Rights: metadata filters, with a flag for each group (its
Chroma store knows no filter on lists), given to both retrievers; BM25Retriever takes them when it is made.
"""

import logging
from typing import Any

import chromadb
import numpy as np
import Stemmer
from bm25s import BM25
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import FilterCondition, MetadataFilter, MetadataFilters
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.chroma import ChromaVectorStore
from protocol import STEMMERS, Collection, full_text, run

logging.getLogger("llama_index").setLevel(logging.ERROR)


class Known(BaseEmbedding):
    """Vectors that were made before."""

    known: dict[str, Any]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self.known[query].tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self.known[text].tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def flag(group: str) -> str:
    return f"group {group}"


class LlamaIndex:
    def build(self, collection: Collection) -> None:
        nodes: list[TextNode] = []
        for one, vector in zip(collection.passages(), collection.vectors(), strict=True):
            metadata = {flag(group): "yes" for group in one["groups"]}
            node = TextNode(text=full_text(one), id_=one["id"], metadata=metadata)
            node.excluded_embed_metadata_keys = list(metadata)
            node.embedding = vector.tolist()
            nodes.append(node)
        words = BM25Retriever.from_defaults(
            nodes=nodes,
            stemmer=Stemmer.Stemmer(STEMMERS[collection.language]),
            language=collection.language,
        )
        words.persist(str(collection.index / "bm25"))
        store = self._store(collection)
        VectorStoreIndex(
            nodes,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=Known(known={}),
        )

    def _store(self, collection: Collection) -> ChromaVectorStore:
        client = chromadb.PersistentClient(str(collection.index / "chroma"))
        metadata = {"hnsw:space": "cosine"}
        return ChromaVectorStore(client.get_or_create_collection("passages", metadata=metadata))

    def open(self, collection: Collection) -> None:
        known: dict[str, np.ndarray] = collection.question_vectors()
        self._index = VectorStoreIndex.from_vector_store(
            self._store(collection), embed_model=Known(known=known)
        )
        self._llm = MockLLM()
        bm25 = BM25.load(str(collection.index / "bm25"), load_corpus=True)
        stemmer = Stemmer.Stemmer(STEMMERS[collection.language])
        self._filters: dict[tuple[str, ...], MetadataFilters] = {}
        self._words: dict[tuple[str, ...], BM25Retriever] = {}
        for groups in collection.readers.values():
            filters = MetadataFilters(
                filters=[MetadataFilter(key=flag(group), value="yes") for group in groups],
                condition=FilterCondition.OR,
            )
            self._filters[tuple(groups)] = filters
            self._words[tuple(groups)] = BM25Retriever(
                existing_bm25=bm25, stemmer=stemmer, language=collection.language, filters=filters
            )
        self._size = len(bm25.corpus)

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        key = tuple(groups)
        words = self._words[key]
        words.similarity_top_k = min(depth, self._size)
        meaning = self._index.as_retriever(similarity_top_k=depth, filters=self._filters[key])
        fusion = QueryFusionRetriever(
            [words, meaning],
            llm=self._llm,
            mode="reciprocal_rerank",
            similarity_top_k=depth,
            num_queries=1,
            use_async=False,
        )
        return [one.node.node_id for one in fusion.retrieve(question)]


run(LlamaIndex())
