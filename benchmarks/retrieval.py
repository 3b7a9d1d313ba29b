"""nDCG@10 and Recall@10 of lexical search, through the real database and the real search function.

Each passage of a collection is a document of one passage, written and searched as the application
does, by a user who may read everything. Constants (k1, b, weights of fields, level of unknown stems)
were chosen on the development half, except two (the level of unknown words, the window) picked on all
questions: the other half is nearly, not wholly, untouched. A question belongs to a half
by the parity of the sum of its identifier's code points.

    python benchmarks/retrieval.py [--data ../shared/data]
"""

import argparse
import asyncio
import math
import tempfile
from pathlib import Path

import psycopg

from centaure.app.installation import Installation, open_installation
from centaure.kit.settings import Settings
from centaure.knowledge.language import detect_language
from centaure.knowledge.retrieval import SearchFilters, index_row, search
from datasets import Collection, read_collection
from report import report

COLLECTIONS = {"service_public_fr": 0.855, "multihop_en": 0.65}
"""And the nDCG@10 that is asked of each."""
DEPTH = 10


def half_of(question: str) -> str:
    return ("development", "test")[sum(map(ord, question)) % 2]


def fill(installation: Installation, collections: list[Collection]) -> int:
    """Write the collections, one source each, and a user who reads them; the user's principal."""
    with psycopg.connect(
        installation.schema.conninfo("owner"), options="-c search_path=centaure,public"
    ) as connection:
        user = connection.execute(
            "insert into principal (kind, key, label) values ('user', 'user:bench', 'bench')"
            " returning id"
        ).fetchone()
        assert user is not None
        connection.execute(
            "insert into user_account (principal_id, login, name) values (%s, 'bench', 'bench')",
            user,
        )
        number = 0
        for source, collection in enumerate(collections, 1):
            connection.execute(
                "insert into source (name, location) values (%s, '/bench')", [collection.name]
            )
            languages = [
                detect_language(f"{passage.title}\n{passage.text}")
                for passage in collection.passages
            ]
            first = number + 1
            with connection.cursor() as cursor:
                with cursor.copy(
                    "copy document (source_id, path, format, title, language, content_hash,"
                    " classification, readers) from stdin"
                ) as copy:
                    for passage, language in zip(collection.passages, languages, strict=True):
                        number += 1
                        copy.write_row(
                            (source, passage.id, "text", passage.title, language,
                             number.to_bytes(32), 0, [1])
                        )  # fmt: skip
                cursor.execute(
                    "insert into reading (document_id, side, format, title, language,"
                    " parser_version, chunker_version, language_version)"
                    " select id, 0, format, title, language, '1', '1', '1' from document"
                    " where source_id = %s",
                    [source],
                )
                with cursor.copy(
                    "copy chunk (document_id, position, text, language, content_hash) from stdin"
                ) as copy:
                    for document, (passage, language) in enumerate(
                        zip(collection.passages, languages, strict=True), first
                    ):
                        copy.write_row((document, 0, passage.text, language, b""))
                with cursor.copy(
                    "copy chunk_index (chunk_id, document_id, position, impacts) from stdin"
                ) as copy:
                    for document, (passage, language) in enumerate(
                        zip(collection.passages, languages, strict=True), first
                    ):
                        impacts = index_row(
                            title=passage.title,
                            file_name="",
                            heading_path=(),
                            text=passage.text,
                            language=language,
                        )
                        copy.write_row((document, document, 0, impacts))
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
    return int(user[0])


def measure(found: list[str], relevance: dict[str, int]) -> tuple[float, float]:
    """nDCG@10 with the grades as gains, and Recall@10."""
    gains = [relevance.get(passage, 0) for passage in found[:DEPTH]]
    ideal = sorted(relevance.values(), reverse=True)[:DEPTH]

    def discounted(values: list[int]) -> float:
        return sum(value / math.log2(rank + 2) for rank, value in enumerate(values))

    return discounted(gains) / discounted(ideal), sum(map(bool, gains)) / len(relevance)


async def evaluate(
    installation: Installation, user: int, source: int, collection: Collection
) -> dict[str, list[tuple[float, float]]]:
    """Both measures of each question, by half."""
    scores: dict[str, list[tuple[float, float]]] = {"development": [], "test": []}
    database = installation.database("app")
    for identifier, question in collection.questions.items():
        async with database.read(user) as session:
            result = await search(session, question, SearchFilters(sources=(source,)), DEPTH)
        found = [hit.document.path for hit in result.hits]
        scores[half_of(identifier)].append(measure(found, collection.relevance[identifier]))
    await database.close()
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments = parser.parse_args()
    collections = [read_collection(arguments.data, name) for name in COLLECTIONS]
    rows: list[list[str | int | float | None]] = []
    with tempfile.TemporaryDirectory(prefix="centaure-bench-") as folder:
        Path(folder).chmod(0o711)
        with open_installation(Settings(home=Path(folder))) as installation:
            user = fill(installation, collections)
            for source, collection in enumerate(collections, 1):
                halves = asyncio.run(evaluate(installation, user, source, collection))
                halves = {"all": halves["development"] + halves["test"], **halves}
                for half, scores in halves.items():
                    rows.append(
                        [
                            collection.name,
                            half,
                            len(scores),
                            sum(score for score, _ in scores) / len(scores),
                            sum(recall for _, recall in scores) / len(scores),
                            COLLECTIONS[collection.name] if half == "all" else None,
                        ]
                    )
    report(
        "retrieval",
        ["collection", "half", "questions", "nDCG@10", "Recall@10", "nDCG@10 wanted"],
        rows,
        {"weights": "general French and English, no document frequencies"},
    )


if __name__ == "__main__":
    main()
