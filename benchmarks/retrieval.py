"""Quality of search through the real database and the real search function: by words, by meaning, by both.

Each collection is a source; passages are written as the worker writes them and searched by a user who may
read everything. Where a collection judges documents (kgrag_10q_en), a document stands where its best passage
does. A question belongs to a half by its identifier; constants and weights were chosen on development halves.

    python benchmarks/retrieval.py [--data ../shared/data] [--model minilm] [--vectors FOLDER] [--half test]

Without a model words answer alone. `--model` names a kind of embedding model (minilm, trigrams), a folder
(onnx) or an address (service, with `--option model=NAME`); its vectors are kept in `--vectors`.
"""

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import psycopg

from centaure.app.installation import Installation, open_installation
from centaure.kit.settings import Settings
from centaure.knowledge.language import detect_language
from centaure.knowledge.retrieval import Hit, SearchFilters, family_of, index_row, search
from centaure.knowledge.retrieval.embedding import EmbeddingModel, embedded_text, written
from centaure.knowledge.retrieval.impacts import document_row
from centaure.knowledge.retrieval.meaning import Meaning
from centaure.knowledge.retrieval.models import EmbeddingModels, family
from datasets import Collection, Passage, half_of, read_collection
from measures import judge, mean, paired_bootstrap
from report import Cell, report

COLLECTIONS = ("service_public_fr", "multihop_en", "kgrag_10q_en", "xquad_eu/en")
ACROSS = (
    ("xquad_eu/de", "xquad_eu/en"),
    ("xquad_eu/en", "xquad_eu/de"),
    ("xquad_eu/es", "xquad_eu/en"),
)
"""Questions of one language, passages of another; only a multilingual model finds most of them."""
WANTED = {
    ("service_public_fr", "words"): 0.87,
    ("multihop_en", "words"): 0.66,
    ("kgrag_10q_en", "words"): 0.68,
    ("multihop_en", "both"): 0.72,
}
"""nDCG@10 asked of the test half."""
DEPTH = 100
MEASURES = ("nDCG@10", "Recall@10", "Recall@100", "MRR@10", "all needed@10")


@dataclass(slots=True)
class Filled:
    """What was written.

    Attributes:
        user: principal of a user who may read everything.
        names: by chunk, from 1, what is judged: the passage, or its document.
        model: whose vectors were written; None: words alone.
        family: of the model.
        questions: by source, from 1, the vectors of its questions.
    """

    user: int
    names: list[str]
    model: int | None = None
    family: str = ""
    questions: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def meaning(self, source: int, question: str) -> Meaning:
        """The vector of a question of a source."""
        assert self.model is not None
        return Meaning(self.model, self.questions[source - 1][question], self.family)

    def named(self, hits: Sequence[Hit]) -> list[str]:
        """What was found, each once."""
        return list(dict.fromkeys(self.names[hit.chunk_id - 1] for hit in hits))


def fill(installation: Installation, collections: Sequence[Collection]) -> Filled:
    """Write the collections, one source each, and a user who reads them."""
    names: list[str] = []
    with psycopg.connect(
        installation.schema.conninfo("owner"), options="-c search_path=centaure,public"
    ) as connection:
        row = connection.execute(
            "insert into principal (kind, key, label) values ('user', 'user:bench', 'bench')"
            " returning id"
        ).fetchone()
        assert row is not None
        user = int(row[0])
        connection.execute(
            "insert into user_account (principal_id, login, name) values (%s, 'bench', 'bench')",
            [user],
        )
        document = chunk = 0
        for source, collection in enumerate(collections, 1):
            judged = {one for relevance in collection.relevance.values() for one in relevance}
            by_passage = judged <= {passage.id for passage in collection.passages}
            names += [one.id if by_passage else one.document for one in collection.passages]
            connection.execute(
                "insert into source (name, location) values (%s, '/bench')", [collection.name]
            )
            rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
            for name, grouped in groupby(collection.passages, key=lambda one: one.document):
                passages = list(grouped)
                document += 1
                title = passages[0].title
                languages = [detect_language(f"{one.title}\n{one.text}") for one in passages]
                rows["document"].append(
                    (document, source, name, "text", title, languages[0], document.to_bytes(32), 0, [1],
                     family_of(name, title))
                )  # fmt: skip
                rows["reading"].append((document, 0, "text", title, languages[0], "1", "1", "1"))
                impacts: list[str] = []
                for position, (passage, language) in enumerate(
                    zip(passages, languages, strict=True)
                ):
                    chunk += 1
                    impacts.append(
                        index_row(
                            title=title,
                            file_name="",
                            heading_path=(),
                            text=passage.text,
                            language=language,
                        )
                    )
                    rows["chunk"].append((chunk, document, position, passage.text, language, b""))
                    rows["chunk_index"].append((chunk, document, position, impacts[-1]))
                if (whole := document_row(impacts)) is not None:
                    rows["document_index"].append((document, 0, whole))
            _copy(connection, rows)
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
    return Filled(user, names)


_COLUMNS = {
    "document": "id, source_id, path, format, title, language, content_hash, classification, readers, family",
    "reading": "document_id, side, format, title, language, parser_version, chunker_version,"
    " language_version",
    "chunk": "id, document_id, position, text, language, content_hash",
    "chunk_index": "chunk_id, document_id, position, impacts",
    "document_index": "document_id, side, impacts",
    "chunk_vector": "chunk_id, model, document_id, side, position, vector",
}


def _copy(
    connection: "psycopg.Connection[tuple[object, ...]]", rows: dict[str, list[tuple[object, ...]]]
) -> None:
    for table, columns in _COLUMNS.items():
        if not rows.get(table):
            continue
        statement = f"copy {table} ({columns}) from stdin"
        with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for one in rows[table]:
                copy.write_row(one)


def vectors_of(
    folder: Path, model: EmbeddingModel, name: str, collection: Collection
) -> tuple[list[str], dict[str, str]]:
    """The vectors of the passages, and those of the questions, as pgvector reads them; kept in a folder."""

    def kept(what: str, texts: Sequence[str], *, questions: bool) -> list[str]:
        digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
        path = folder / f"{name}-{what}-{digest}.json".replace("/", "_")
        if not path.exists():
            if questions:
                made = [model.embed_question(text) for text in texts]
            else:
                made = []
                for start in range(0, len(texts), model.batch):
                    made += model.embed_passages(texts[start : start + model.batch])
            path.write_text(json.dumps([written(vector) for vector in made]), encoding="utf-8")
        found: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def text_of(passage: Passage) -> str:
        return embedded_text(passage.title, (), passage.text)

    passages = kept("passages", [text_of(one) for one in collection.passages], questions=False)
    questions = kept("questions", list(collection.questions.values()), questions=True)
    return passages, dict(zip(collection.questions, questions, strict=True))


def write_vectors(
    installation: Installation, described: tuple[str, str, int], vectors: Sequence[Sequence[str]]
) -> int:
    """Make a model's vectors the live generation's; the number of the model."""
    kind, location, dimensions = described
    with psycopg.connect(
        installation.schema.conninfo("owner"), options="-c search_path=centaure,public"
    ) as connection:
        row = connection.execute(
            "insert into embedding_model (name, kind, location, dimensions, highest)"
            " values ('bench', %s, %s, %s, 3) returning id",
            [kind, location, dimensions],
        ).fetchone()
        assert row is not None
        model = int(row[0])
        places = connection.execute(
            "select id, document_id, position from chunk order by id"
        ).fetchall()
        flat = [vector for each in vectors for vector in each]
        rows = [
            (chunk, model, document, 0, position, vector)
            for (chunk, document, position), vector in zip(places, flat, strict=True)
        ]
        _copy(connection, {"chunk_vector": rows})
        connection.execute("update generation set model = %s where state = 'live'", [model])
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
    return model


Ranking = dict[str, list[str]]
"""Question to what was found, best first."""


async def rank(
    installation: Installation, filled: Filled, source: int, questions: dict[str, str]
) -> dict[str, Ranking]:
    """What each leg found for the questions; "meaning" and "both" only with a model."""
    database = installation.database("app")
    legs: dict[str, Ranking] = defaultdict(dict)

    async def found(question: str, meaning: Meaning | None) -> list[Hit]:
        async with database.read(filled.user) as session:
            filters = SearchFilters(sources=(source,))
            return list((await search(session, question, filters, DEPTH, meaning)).hits)

    for identifier, question in questions.items():
        legs["words"][identifier] = filled.named(await found(question, None))
        if filled.model is None:
            continue
        both = await found(question, filled.meaning(source, identifier))
        legs["both"][identifier] = filled.named(both)
        near = [hit for hit in both if "meaning" in hit.found_by]
        near.sort(key=lambda hit: -(hit.similarity or 0))
        legs["meaning"][identifier] = filled.named(near)
    await database.close()
    return legs


def describe(
    arguments: argparse.Namespace,
) -> tuple[tuple[str, str, int], EmbeddingModel, str] | None:
    """The model asked for: kind, location and dimensions, the model itself, and its family."""
    asked: str = arguments.model
    if not asked:
        return None
    kind, location = asked, ""
    if asked.startswith("http"):
        kind, location = "service", asked
    elif Path(asked).is_dir():
        kind, location = "onnx", asked
    models = EmbeddingModels()
    options = dict(option.split("=", 1) for option in arguments.option)
    described, dimensions = models.describe(kind, location, options, "")
    return (kind, location, dimensions), models.model(described), family(described)


def embed(
    installation: Installation,
    filled: Filled,
    described: tuple[tuple[str, str, int], EmbeddingModel, str],
    folder: Path,
    collections: Sequence[Collection],
) -> None:
    """Write the vectors of a model, as the live generation's; made once and kept in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told, model, filled.family = described
    name = hashlib.sha256(repr(told).encode()).hexdigest()[:8]
    made = [vectors_of(folder, model, name, one) for one in collections]
    filled.model = write_vectors(installation, told, [one for one, _ in made])
    filled.questions = [one for _, one in made]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", default="")
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--half", choices=("development", "test", "all"), default="test")
    arguments = parser.parse_args()
    described = describe(arguments)
    asked = [(name, "") for name in COLLECTIONS]
    if described:
        asked += [(passages, questions) for questions, passages in ACROSS]
    collections = [read_collection(arguments.data, name, questions) for name, questions in asked]
    rows: list[list[Cell]] = []
    with tempfile.TemporaryDirectory(prefix="centaure-bench-") as folder:
        Path(folder).chmod(0o711)
        kept = arguments.vectors or Path(folder)
        with open_installation(Settings(home=Path(folder))) as installation:
            filled = fill(installation, collections)
            if described:
                embed(installation, filled, described, kept, collections)
            for source, collection in enumerate(collections, 1):
                asked_here = {
                    identifier: text
                    for identifier, text in collection.questions.items()
                    if arguments.half in {"all", half_of(identifier)}
                }
                legs = asyncio.run(rank(installation, filled, source, asked_here))
                rows += summed(collection, legs)
    report(
        "retrieval",
        ["collection", "questions", "leg", *MEASURES, "less best leg", "95 %", "wanted"],
        rows,
        {"half": arguments.half, "model": arguments.model or "none"},
    )


def summed(collection: Collection, legs: dict[str, Ranking]) -> list[list[Cell]]:
    """A row for each leg; for both together, the difference of nDCG@10 with the better leg."""
    scores = {
        leg: [judge(found, collection.relevance[question]) for question, found in ranking.items()]
        for leg, ranking in legs.items()
    }
    gains = {leg: [one["nDCG@10"] for one in measured] for leg, measured in scores.items()}
    rows: list[list[Cell]] = []
    for leg in ("words", "meaning", "both"):
        if leg not in scores:
            continue
        difference, interval = None, None
        if leg == "both":
            best = max(("words", "meaning"), key=lambda one: mean(gains[one]))
            difference, low, high = paired_bootstrap(gains["both"], gains[best])
            interval = f"{low:+.3f} to {high:+.3f}"
        figures = [mean([one[measure] for one in scores[leg]]) for measure in MEASURES]
        rows.append(
            [collection.name, len(scores[leg]), leg, *figures, difference, interval,
             WANTED.get((collection.name, leg))]
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    main()
