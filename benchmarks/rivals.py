"""Centaure beside what people would pick instead, in one run: quality, time, sizes, rights.

Each product runs in its own environment, made from a hash-pinned requirement file of requirements/rivals and
kept for the next run; each is set up as its documentation advises (the scripts of benchmarks/rivals say how),
given the same passages, the same vectors of all-MiniLM-L6-v2 and the same rights, and asked the same
questions: those of the test half. Passages have two groups, "staff" and one of ten teams, by document; a
reader is a member of "staff" (opens 100 %) or of one team (opens 10 %).

Quality is that at 100 %. Each product is asked for 10 and for 100 passages, and keeps the request that gives
it the better nDCG@10; Recall@100 is of the second. Where judgements are of documents, a document's rank is
that of its best passage among 100. Times are of requests for 10, without the question's embedding, the best
of three; sizes hold texts, vectors and rights. Memory is what opening the index and answering adds to a
process, and for Centaure its database's.

    python benchmarks/rivals.py [--data ../shared/data] [--only bm25s lancedb] [--collections multihop_en]
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from centaure.knowledge.retrieval.embedding import embedded_text
from centaure.knowledge.retrieval.models import EmbeddingModels
from datasets import Collection, Passage, half_of, read_collection
from measures import judge, mean, paired_bootstrap
from report import Cell, report

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "centaure-benchmarks"
REQUIREMENTS = HERE.parent / "requirements"
TEAMS = 10
READERS = {"100%": ["staff"], "10%": ["team-3"]}
INSTALL_S, BUILD_S, ASK_S = 3600, 1800, 1800
_CALM = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "LANCE_LOG": "error",
    "PYTHONWARNINGS": "ignore",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_OFFLINE": "1",
}
"""What products are told: no telemetry, no network, no remarks."""


@dataclass(frozen=True)
class Product:
    """A row of the table.

    Attributes:
        name: as the table shows it.
        script: of benchmarks/rivals.
        environment: requirement file without its ending; empty: the one that runs this.
        package: whose version is told.
        variant: which of the script's ways.
        note: what a reader of the table should know.
    """

    name: str
    script: str
    environment: str
    package: str
    variant: str = ""
    note: str = ""


PRODUCTS = (
    Product("Centaure", "centaure_search", "", "centaure"),
    Product("Centaure, words alone", "centaure_search", "", "centaure", "words"),
    Product("bm25s", "bm25s_words", "bm25s", "bm25s", note="words alone"),
    Product("LanceDB", "lancedb_hybrid", "lancedb", "lancedb"),
    Product("txtai", "txtai_hybrid", "txtai", "txtai", note="has no stemmer"),
    Product("LangChain", "langchain_ensemble", "langchain", "langchain", note="stemmer added"),
    Product(
        "LangChain, plain", "langchain_ensemble", "langchain", "langchain", "plain",
        "words split at spaces, as it comes",
    ),
    Product("LlamaIndex", "llamaindex_fusion", "llamaindex", "llama-index-core"),
    Product("vectors alone", "vectors_alone", "bm25s", "numpy", note="exact, no product"),
)  # fmt: skip
OURS = PRODUCTS[0]


COLLECTIONS = {
    "service_public_fr": "fr",
    "multihop_en": "en",
    "kgrag_10q_en": "en",
    "xquad_eu/en": "en",
}
"""And the language that stemmers and stop words are told."""


@dataclass
class Outcome:
    """What a product's two runs wrote, and what its answers are worth, question by question."""

    build: Mapping[str, Any]
    ask: Mapping[str, Any]
    worth: list[dict[str, float]] = field(default_factory=list[dict[str, float]])

    def mean(self, measure: str) -> float:
        return mean([one[measure] for one in self.worth])


def _write_lines(path: Path, objects: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


# Environments ------------------------------------------------------------------------------------------


def make_environment(cache_folder: Path, requirements: Path) -> Path:
    """An environment with exactly those packages, made once: its folder.

    Raises:
        CalledProcessError: a package cannot be had; what the installer said is on the terminal.
    """
    wanted = _digest(requirements.read_bytes(), platform.python_version().encode())
    folder = cache_folder / "environments" / f"{requirements.stem}-{wanted}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        uv = Path(sys.executable).with_name("uv")
        for command in (
            [uv, "venv", "--quiet", "--python", sys.executable, folder],
            [uv, "pip", "install", "--quiet", "--require-hashes", "--python", folder / "bin" / "python",
             "-r", requirements],
        ):  # fmt: skip
            subprocess.run(command, check=True, timeout=INSTALL_S)
        (folder / "complete").touch()
    return folder


@cache
def size_mb(folder: Path) -> float:
    """What is installed in an environment."""
    files = (
        path for path in (folder / "lib").rglob("*") if path.is_file() and not path.is_symlink()
    )
    return sum(path.stat().st_size for path in files) / 1e6


def version_of(python: Path, package: str) -> str:
    """The version that an environment has of a package."""
    code = f"from importlib import metadata; print(metadata.version({package!r}))"
    command = [python, "-c", code]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


# Vectors -----------------------------------------------------------------------------------------------


def embed(cache_folder: Path, texts: Sequence[str], model: Any) -> np.ndarray:
    """A row of length 1 for each text, kept from run to run."""
    kept = cache_folder / "vectors" / f"{_digest(*(text.encode() for text in texts))}.npy"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        print(f"embedding {len(texts)} texts, once", flush=True)
        vectors = np.array(model().embed_passages(texts), np.float32)
        draft = kept.with_suffix(".draft.npy")
        np.save(draft, vectors)
        draft.rename(kept)
    return np.load(kept)


@cache
def minilm() -> Any:
    """The English MiniLM in this process, not rounded."""
    models = EmbeddingModels()
    described, _ = models.describe("minilm", "", {"precision": "float32"}, "")
    return models.model(described)


# Runs --------------------------------------------------------------------------------------------------


def write_collection(
    folder: Path,
    collection: Collection,
    questions: Mapping[str, str],
    cache_folder: Path,
    timed: int,
) -> None:
    """The folder that rivals/protocol.py describes."""
    numbers: dict[str, int] = {}
    for one in collection.passages:
        numbers.setdefault(one.document, len(numbers))

    def described(one: Passage) -> dict[str, Any]:
        groups = ["staff", f"team-{numbers[one.document] % TEAMS}"]
        return {
            "id": one.id,
            "document": one.document,
            "title": one.title,
            "text": one.text,
            "groups": groups,
        }

    _write_lines(folder / "passages.jsonl", [described(one) for one in collection.passages])
    _write_lines(
        folder / "questions.jsonl", [{"id": key, "text": text} for key, text in questions.items()]
    )
    texts = [embedded_text(one.title, (), one.text) for one in collection.passages]
    np.save(folder / "vectors.npy", embed(cache_folder, texts, minilm))
    asked = embed(cache_folder, list(questions.values()), minilm)
    np.save(folder / "question_vectors.npy", asked)
    settings = {"language": COLLECTIONS[collection.name], "readers": READERS, "timed": timed}
    (folder / "collection.json").write_text(json.dumps(settings), encoding="utf-8")


def measure(product: Product, python: Path, given: Path) -> Outcome | None:
    """Both runs of a product on a collection, in a copy of its folder; None: it failed."""
    with tempfile.TemporaryDirectory(prefix="centaure-bench-") as work:
        Path(work).chmod(0o711)
        for file in given.iterdir():
            os.link(file, Path(work) / file.name)
        environment = {**os.environ, **_CALM, "VARIANT": product.variant}
        known = environment.pop("PYTHONPATH", "")
        if not product.environment:
            environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HERE), known)))
        written: list[Mapping[str, Any]] = []
        for action, limit in (("build", BUILD_S), ("ask", ASK_S)):
            command = [python, HERE / "rivals" / f"{product.script}.py", action, work]
            try:
                subprocess.run(
                    command,
                    check=True,
                    timeout=limit,
                    env=environment,
                    capture_output=True,
                    text=True,
                )
            except subprocess.SubprocessError as error:
                said = str(getattr(error, "stderr", "") or "")[-2000:]
                print(f"{product.name}: {error}\n{said}", flush=True)
                return None
            written.append(json.loads((Path(work) / f"{action}.json").read_text(encoding="utf-8")))
        return Outcome(*written)


def judge_answers(outcome: Outcome, collection: Collection) -> None:
    """Fill in what the answers are worth, by the request that is better for the product."""
    judged = {one for relevance in collection.relevance.values() for one in relevance}
    documents = {one.id: one.document for one in collection.passages}
    if judged & documents.keys():
        documents = {one: one for one in documents}

    def worth(found: Mapping[str, Sequence[str]]) -> list[dict[str, float]]:
        return [
            judge(
                list(dict.fromkeys(documents[one] for one in passages)),
                collection.relevance[question],
            )
            for question, passages in found.items()
        ]

    deep, shown = worth(outcome.ask["found"]), worth(outcome.ask["found_shown"])
    better = max((deep, shown), key=lambda of: mean([one["nDCG@10"] for one in of]))
    outcome.worth = [
        {**one, "Recall@100": also["Recall@100"]} for one, also in zip(better, deep, strict=True)
    ]


QUALITY = ("nDCG@10", "Recall@10", "Recall@100", "MRR@10", "all needed@10")


def quality_row(name: str, product: Product, outcome: Outcome, ours: Outcome | None) -> list[Cell]:
    """Means, and how far Centaure is above, with the interval."""
    above: Cell = None
    if ours is not None and ours is not outcome:
        difference, low, high = paired_bootstrap(
            [one["nDCG@10"] for one in ours.worth], [one["nDCG@10"] for one in outcome.worth]
        )
        above = f"{difference:+.3f} [{low:+.3f}, {high:+.3f}]"
    return [name, product.name, *(round(outcome.mean(one), 4) for one in QUALITY), above]


def cost_row(name: str, product: Product, outcome: Outcome, installed: float) -> list[Cell]:
    """Times, sizes and rights."""
    row: list[Cell] = [name, product.name]
    for share in READERS:
        times = outcome.ask["shares"][share]["ms"]
        row += [statistics.median(times), statistics.quantiles(times, n=20)[18]]
    narrow = outcome.ask["shares"][list(READERS)[-1]]
    return [
        *row,
        outcome.build["build_s"],
        outcome.build["disk_mb"],
        outcome.ask["memory_mb"],
        round(installed),
        f"{narrow['given']:.1f}/{narrow['possible']}",
        narrow["forbidden"],
        narrow["forbidden_deep"],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=CACHE, help="environments and vectors")
    parser.add_argument("--only", nargs="+", help="beginnings of products' names")
    parser.add_argument("--collections", nargs="+", choices=COLLECTIONS, default=COLLECTIONS)
    parser.add_argument(
        "--timed", type=int, default=100, help="questions timed, at most; 2 or more"
    )
    arguments = parser.parse_args()
    products = [
        one
        for one in PRODUCTS
        if not arguments.only or one.name.lower().startswith(tuple(map(str.lower, arguments.only)))
    ]
    pythons = {"": Path(sys.executable)}
    installed = {"": size_mb(make_environment(arguments.cache, REQUIREMENTS / "runtime.txt"))}
    for environment in sorted({one.environment for one in products} - {""}):
        folder = make_environment(arguments.cache, REQUIREMENTS / "rivals" / f"{environment}.txt")
        pythons[environment], installed[environment] = folder / "bin" / "python", size_mb(folder)
    quality: list[list[Cell]] = []
    costs: list[list[Cell]] = []
    for name in arguments.collections:
        collection = read_collection(arguments.data, name)
        questions = {
            key: text for key, text in collection.questions.items() if half_of(key) == "test"
        }
        ours: Outcome | None = None
        with tempfile.TemporaryDirectory(prefix="centaure-bench-") as given:
            write_collection(Path(given), collection, questions, arguments.cache, arguments.timed)
            for product in products:
                outcome = measure(product, pythons[product.environment], Path(given))
                if outcome is None:
                    quality.append([name, f"{product.name} failed", *[None] * 6])
                    continue
                judge_answers(outcome, collection)
                if product is OURS:
                    ours = outcome
                quality.append(quality_row(name, product, outcome, ours))
                costs.append(cost_row(name, product, outcome, installed[product.environment]))
                print(*quality[-1], flush=True)
    notes: dict[str, Cell] = {
        product.name: ", ".join(
            part
            for part in (version_of(pythons[product.environment], product.package), product.note)
            if part
        )
        for product in products
    }
    report(
        "rivals",
        ["collection", "product", *QUALITY, "Centaure's nDCG@10 above it [95 %]"],
        quality,
        notes,
    )
    shares = [f"{cut} ms {share}" for share in READERS for cut in ("p50", "p95")]
    report(
        "rivals_costs",
        ["collection", "product", *shares, "build s", "disk MB", "memory MB", "installed MB",
         "given at 10%", "forbidden in 10", "forbidden in 100"],
        costs,
        notes,
    )  # fmt: skip


if __name__ == "__main__":
    main()
