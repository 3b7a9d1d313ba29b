"""Are questions answered when the documents answer them, and refused when they do not?

Each question is asked three times: with its passages among those that may be read ("answerable"), without
them ("removed": the neighbours that remain are on the same subject), and of another collection
("other"). Passages are cut, indexed and searched as the product does it, in an embedded PostgreSQL. A
passage that may not be read is left out of the hits: term weights come from the language, so that is
what search gives to somebody without the right.

`--fit` learns the coefficients on the development half of the questions (by hash of their identifier)
and writes src/centaure/answering/confidence.json; the report is on the other half.

    python benchmarks/answering.py [--data ../shared/data] [--fit]
"""

import argparse
import asyncio
import json
import math
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import psycopg

from centaure.answering import answer
from centaure.answering.composition import Choice
from centaure.answering.confidence import confidence
from centaure.answering.evidence import FEATURES, PassageEvidence, features
from centaure.answering.questions import analyse
from centaure.answering.service import MOST_PASSAGES, weigh
from centaure.app.installation import Installation, open_installation
from centaure.kit.database import Database
from centaure.kit.settings import Settings
from centaure.knowledge.indexing.preparation import prepare
from centaure.knowledge.indexing.writing import DocumentPlace, StoredRights, write_document
from centaure.knowledge.parsing import Block, BlockKind, ParsedDocument
from centaure.knowledge.retrieval import Hit, SearchFilters, search
from report import report

MODEL = Path(__file__).parent.parent / "src/centaure/answering/confidence.json"
QUESTIONED = ("service_public_fr", "multihop_en", "xquad_eu/en", "kgrag_10q_en")
GUIDES = "guides_fr"
ELSEWHERE = {
    "service_public_fr": GUIDES,
    "multihop_en": "xquad_eu/en",
    "xquad_eu/en": "multihop_en",
    "kgrag_10q_en": "xquad_eu/en",
}
WEIGHTS = {"service_public_fr": 0.6, "xquad_eu/en": 1.0, "multihop_en": 0.5, "kgrag_10q_en": 0.3}
"""What each set counts for in the fit, whatever its size. Questions of fact to a passage are what
sentences can answer; chains of facts and comparisons of reports are not, and beside an administrative
question other pages often hold an answer too."""
PENALTY = 10.0
"""L2, for 1,000 cases of weight 1: chosen for how the fit on three sets does on the fourth."""
EXAMPLES_OF_A_SET = 500
EVERYONE = 1
HITS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set: the paths of the documents that answer it, and answers where known."""

    collection: str
    id: str
    text: str
    gold: frozenset[str]
    answers: tuple[str, ...]

    @property
    def development(self) -> bool:
        return blake2b(self.id.encode(), digest_size=1).digest()[0] % 2 == 0


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages of one of the three ways of asking it."""

    asked: Asked
    way: str
    hits: list[Hit]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _paragraphs(text: str, page: int | None = None) -> list[Block]:
    return [
        Block(BlockKind.PARAGRAPH, line.strip(), page=page)
        for line in text.split("\n")
        if line.strip()
    ]


def _document(form: str, title: str, blocks: list[Block]) -> ParsedDocument:
    return ParsedDocument(form, title or None, None, None, None, None, tuple(blocks))


def read_documents(data: Path, name: str) -> dict[str, ParsedDocument]:
    """The documents of a set by path."""
    if name == GUIDES:
        found: dict[str, ParsedDocument] = {}
        for path in sorted((data / "parsing_fr").glob("*.md")):
            blocks: list[Block] = []
            for line in path.read_text(encoding="utf-8").splitlines():
                mark = re.match(r"(#{1,6}) (.+)", line)
                if mark:
                    blocks.append(Block(BlockKind.HEADING, mark[2], level=len(mark[1])))
                else:
                    blocks += _paragraphs(line)
            found[path.name] = _document("markdown", path.stem, blocks)
        return found
    items = _lines(data / "retrieval" / name / "corpus.jsonl")
    if name == "kgrag_10q_en":
        pages: defaultdict[str, list[Block]] = defaultdict(list)
        numbers: defaultdict[str, int] = defaultdict(int)
        for item in items:
            numbers[item["doc"]] += 1
            pages[item["doc"]] += _paragraphs(item["text"], numbers[item["doc"]])
        return {path: _document("pdf", path, blocks) for path, blocks in pages.items()}
    return {
        item["id"]: _document("html", item["title"].replace("_", " "), _paragraphs(item["text"]))
        for item in items
    }


def read_questions(data: Path, name: str) -> list[Asked]:
    """The questions of a set with what answers them."""
    folder = data / "retrieval" / name
    gold: defaultdict[str, set[str]] = defaultdict(set)
    judgements = folder / "qrels.tsv"
    if judgements.exists():
        for line in judgements.read_text(encoding="utf-8").splitlines():
            question, passage, _ = line.split("\t")
            gold[question].add(passage)
    return [
        Asked(
            name,
            item["id"],
            item["text"],
            frozenset(
                gold[item["id"]] | {*item.get("source_docs", ()), *item.get("cited_docs", ())}
            ),
            tuple(item.get("answers", ())),
        )
        for item in _lines(folder / "queries.jsonl")
    ]


def as_owner(installation: Installation) -> "psycopg.Connection[tuple[Any, ...]]":
    """A plain connection as the owner of the schema."""
    return psycopg.connect(
        installation.schema.conninfo("owner"),
        options="-c search_path=centaure,public",
        autocommit=True,
    )


def add_reader(installation: Installation) -> int:
    """Somebody who reads what everyone reads; the number of their principal."""
    with as_owner(installation) as connection:
        row = connection.execute(
            "insert into principal (kind, key, label) values ('user', 'user:reader', 'Reader')"
            " returning id"
        ).fetchone()
        connection.execute(
            "insert into user_account (principal_id, login, name) values (%s, 'reader', 'Reader')",
            row,
        )
    return row[0] if row else EVERYONE


async def load(indexer: Database, data: Path) -> dict[str, int]:
    """Write every set as a source that everyone reads; their numbers by name."""
    sources: dict[str, int] = {}
    rights = StoredRights((EVERYONE,), (), 0, None)
    for name in (*QUESTIONED, GUIDES):
        async with indexer.write(None) as session:
            sources[name] = await session.value(
                "insert into source (name, location) values (%(name)s, '/none') returning id",
                {"name": name},
            )
            for path, document in read_documents(data, name).items():
                digest = blake2b(f"{name}/{path}".encode(), digest_size=32).digest()
                place = DocumentPlace(sources[name], path, None, 0, digest, None, rights)
                await write_document(session, place, prepare(document, path))
    return sources


async def cases(
    database: Database, reader: int, sources: dict[str, int], questions: Sequence[Asked]
) -> list[Case]:
    """Each question in its three ways."""
    made: list[Case] = []
    async with database.read(reader) as session:
        for asked in questions:
            inside = SearchFilters(sources=(sources[asked.collection],))
            outside = SearchFilters(sources=(sources[ELSEWHERE[asked.collection]],))
            words = analyse(asked.text).search_text
            near = list((await search(session, words, inside, HITS)).hits)
            other = list((await search(session, words, outside, MOST_PASSAGES)).hits)
            rest = [hit for hit in near if hit.document.path not in asked.gold]
            made.append(Case(asked, "answerable", near[:MOST_PASSAGES]))
            made.append(Case(asked, "removed", rest[:MOST_PASSAGES]))
            made.append(Case(asked, "other", other))
    return made


def evidence_of(case: Case) -> tuple[tuple[float, ...], bool] | None:
    """The features of a case, and whether its best passage is a right one."""
    question = analyse(case.asked.text)
    ranked = sorted((PassageEvidence(question, hit) for hit in case.hits), key=lambda e: -e.worth)
    if not ranked or not question.terms:
        return None
    return features(question, ranked), ranked[0].passage.document.path in case.asked.gold


def fit(examples: Sequence[tuple[tuple[float, ...], float, float]]) -> list[float]:
    """Logistic regression by Newton's method: bias and weights from features, label, weight."""
    size = len(FEATURES) + 1
    found = [0.0] * size
    for _ in range(15):
        gradient = [-PENALTY * value for value in found]
        gradient[0] = 0.0
        curvature = [
            [PENALTY if row == column else 0.0 for column in range(size)] for row in range(size)
        ]
        curvature[0][0] = 1e-9
        for values, label, weight in examples:
            row = (1.0, *values)
            probability = _logistic(sum(a * b for a, b in zip(found, row, strict=True)))
            slope = weight * probability * (1 - probability)
            for i, value in enumerate(row):
                gradient[i] += weight * (label - probability) * value
                for j in range(size):
                    curvature[i][j] += slope * value * row[j]
        step = _solve(curvature, gradient)
        found = [a + b for a, b in zip(found, step, strict=True)]
    return found


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def _solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gaussian elimination; the matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    size = len(rows)
    for i in range(size):
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        known = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - known) / rows[i][i]
    return found


def learn(made: Sequence[Case]) -> None:
    """Fit on the development half and write the model."""
    gathered: defaultdict[tuple[str, float], list[tuple[tuple[float, ...], float]]] = defaultdict(
        list
    )
    for case in made:
        found = evidence_of(case)
        if not case.asked.development or found is None:
            continue
        values, right = found
        if case.way != "answerable":
            gathered[case.asked.collection, 0.0].append((values, 0.5))
        elif right:  # a wrong passage for a question that has an answer is an example of nothing
            gathered[case.asked.collection, 1.0].append((values, 1.0))
    examples: list[tuple[tuple[float, ...], float, float]] = []
    for (name, label), found in gathered.items():
        share = WEIGHTS[name] * EXAMPLES_OF_A_SET / sum(weight for _, weight in found)
        examples += [(values, label, weight * share) for values, weight in found]
    bias, *weights = fit(examples)
    model = {
        "bias": round(bias, 4),
        "weights": {name: round(w, 4) for name, w in zip(FEATURES, weights, strict=True)},
        "threshold": 0.5,
        "learned_by": "python benchmarks/answering.py --fit",
        "examples": len(examples),
    }
    MODEL.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    confidence.cache_clear()


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive is above a negative (AUROC); ties count half."""
    ordered = sorted([(value, 1) for value in positive] + [(value, 0) for value in negative])
    ranks, place = 0.0, 0
    while place < len(ordered):
        end = place
        while end < len(ordered) and ordered[end][0] == ordered[place][0]:
            end += 1
        ranks += sum(label for _, label in ordered[place:end]) * (place + end + 1) / 2
        place = end
    count = len(positive)
    return (ranks - count * (count + 1) / 2) / (count * len(negative))


def _mean(values: Sequence[bool]) -> float | None:
    return statistics.mean(values) if values else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _quotes(chosen: Sequence[Choice]) -> str:
    return _plain(" ".join(e.passage.text[b.unit.start : b.unit.end] for e, b in chosen))


def measure(made: Sequence[Case]) -> list[list[str | float | int | None]]:
    """A row for each set, on the half that was not learned from."""
    rows: list[list[str | float | int | None]] = []
    model = confidence()
    for name in QUESTIONED:
        scores: defaultdict[str, list[float]] = defaultdict(list)
        answered: defaultdict[str, list[bool]] = defaultdict(list)
        cited: list[bool] = []
        cited_first: list[bool] = []
        told: list[bool] = []
        for case in made:
            if case.asked.collection != name or case.asked.development:
                continue
            found = evidence_of(case)
            scores[case.way].append(model.probability(found[0]) if found else 0.0)
            chosen = weigh(analyse(case.asked.text), case.hits)
            answered[case.way].append(bool(chosen))
            if case.way == "answerable" and chosen:
                right = [e.passage.document.path in case.asked.gold for e, _ in chosen]
                cited.append(any(right))
                cited_first.append(right[0])
                if case.asked.answers:
                    quotes = _quotes(chosen)
                    told.append(any(_plain(each) in quotes for each in case.asked.answers))
        share = {way: statistics.mean(values) for way, values in answered.items()}
        rows.append(
            [
                name,
                len(scores["answerable"]),
                area(scores["answerable"], scores["removed"]),
                area(scores["answerable"], scores["other"]),
                share["answerable"],
                (share["answerable"] + 1 - share["removed"]) / 2,
                share["removed"],
                share["other"],
                _mean(cited),
                _mean(cited_first),
                _mean(told),
            ]
        )
    return rows


async def latency(
    database: Database, reader: int, questions: Sequence[Asked]
) -> tuple[float, float]:
    """p50 and p95 of a whole answer over every set at once, in milliseconds."""
    taken: list[float] = []
    for asked in questions:
        started = time.perf_counter()
        async with database.read(reader) as session:
            await answer(session, asked.text)
        taken.append((time.perf_counter() - started) * 1000)
    cut = statistics.quantiles(taken, n=20)
    return cut[9], cut[18]


async def run(installation: Installation, data: Path, *, learning: bool) -> None:
    reader = add_reader(installation)
    indexer, database = installation.database("indexer"), installation.database("app")
    try:
        sources = await load(indexer, data)
        with as_owner(installation) as connection:
            connection.execute("vacuum analyze")
        questions = [asked for name in QUESTIONED for asked in read_questions(data, name)]
        wanted = [asked for asked in questions if learning or not asked.development]
        print(f"{len(wanted)} questions, loaded after {time.process_time():.0f} CPU-s", flush=True)
        made = await cases(database, reader, sources, wanted)
        if learning:
            learn(made)
        rows = measure(made)
        median, slow = await latency(
            database, reader, [a for a in wanted if not a.development][::6]
        )
    finally:
        await indexer.close()
        await database.close()
    report(
        "answering",
        [
            "set",
            "questions",
            "AUROC removed",
            "AUROC other",
            "answered",
            "accuracy (removed)",
            "false answers (removed)",
            "false answers (other)",
            "right citation, of answered",
            "right first citation",
            "answer in quotes",
        ],
        rows,
        {"answer p50 ms": median, "answer p95 ms": slow, "threshold": confidence().threshold},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--fit", action="store_true", help="learn the coefficients first")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="centaure-answering-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        with open_installation(Settings(home=home)) as installation:
            asyncio.run(run(installation, chosen.data, learning=chosen.fit))


if __name__ == "__main__":
    main()
