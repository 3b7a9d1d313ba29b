"""LanceDB's hybrid search: its full-text index in the language, its vectors, its reranker by default (RRF).

Rights: a `where` on the list of groups, before the search, with the index that its documentation gives for
lists. Vectors have no index: its documentation advises one beyond some hundred thousand rows, and without
one the comparison is exact.
"""

import lancedb
from lancedb.index import FTS, LabelList
from lancedb.rerankers import RRFReranker
from protocol import STEMMERS, Collection, full_text, run


class LanceDb:
    def build(self, collection: Collection) -> None:
        rows = [
            {"id": one["id"], "text": full_text(one), "groups": one["groups"], "vector": vector}
            for one, vector in zip(collection.passages(), collection.vectors(), strict=True)
        ]
        table = lancedb.connect(collection.index).create_table("passages", rows)
        language = STEMMERS[collection.language].capitalize()
        table.create_index("text", config=FTS(language=language))
        table.create_index("groups", config=LabelList())
        table.optimize()

    def open(self, collection: Collection) -> None:
        self._table = lancedb.connect(collection.index).open_table("passages")
        self._questions = collection.question_vectors()
        self._reranker = RRFReranker()

    def ask(self, question: str, groups: list[str], depth: int) -> list[str]:
        allowed = ", ".join(f"'{group}'" for group in groups)
        found = (
            self._table.search(query_type="hybrid", vector_column_name="vector")
            .vector(self._questions[question])
            .text(question)
            .distance_type("cosine")
            .where(f"array_has_any(groups, [{allowed}])", prefilter=True)
            .rerank(self._reranker)
            .limit(depth)
            .select(["id", "text"])
            .to_list()
        )
        return [one["id"] for one in found]


run(LanceDb())
