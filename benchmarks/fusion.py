"""What the leg of meaning should weigh, by language of the question: learned on development halves.

Every collection is searched once by words and meaning; what was found is then put in order with each weight.
A language is given the weight with the best mean of nDCG@10 over its collections, among those that are on
none of them worse than the better leg by more than 0.01. What it prints belongs into
`centaure.knowledge.retrieval.fusion.WEIGHTS`.

    python benchmarks/fusion.py --model minilm [--data ../shared/data] [--vectors FOLDER]
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from centaure.app.installation import Installation, open_installation
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval import Hit, SearchFilters, search
from centaure.knowledge.retrieval.fusion import fused
from datasets import Collection, half_of, read_collection
from measures import mean, ndcg
from report import Cell, report
from retrieval import COLLECTIONS, Filled, describe, embed, fill

WEIGHTS = [round(0.05 * step, 2) for step in range(15)]
DEPTH = 50
WORST = 0.01
LANGUAGES = {"service_public_fr": "fr"}
"""Of a collection's questions; English where nothing is said."""


async def gains(
    installation: Installation, filled: Filled, source: int, collection: Collection
) -> dict[str, float]:
    """Mean nDCG@10 of the development half: of each leg, and with each weight."""
    database = installation.database("app")
    found: dict[str, list[float]] = {}

    def note(name: str, hits: list[Hit], question: str) -> None:
        score = ndcg(filled.named(hits), collection.relevance[question])
        found.setdefault(name, []).append(score)

    for identifier, question in collection.questions.items():
        if half_of(identifier) == "test":
            continue
        filters = SearchFilters(sources=(source,))
        async with database.read(filled.user) as session:
            meaning = filled.meaning(source, identifier)
            hits = list((await search(session, question, filters, DEPTH, meaning)).hits)
            words = list((await search(session, question, filters, DEPTH)).hits)
        near = [hit for hit in hits if "meaning" in hit.found_by]
        note("words", words, identifier)
        note("meaning", sorted(near, key=lambda hit: -(hit.similarity or 0)), identifier)
        for weight in WEIGHTS:
            note(str(weight), fused(hits, weight), identifier)
    await database.close()
    return {name: mean(scores) for name, scores in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", required=True)
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("--vectors", type=Path)
    arguments = parser.parse_args()
    described = describe(arguments)
    assert described is not None
    collections = [read_collection(arguments.data, name) for name in COLLECTIONS]
    rows: list[list[Cell]] = []
    with tempfile.TemporaryDirectory(prefix="centaure-bench-") as folder:
        Path(folder).chmod(0o711)
        kept = arguments.vectors or Path(folder)
        with open_installation(Settings(home=Path(folder))) as installation:
            filled = fill(installation, collections)
            embed(installation, filled, described, kept, collections)
            measured = {
                collection.name: asyncio.run(gains(installation, filled, source, collection))
                for source, collection in enumerate(collections, 1)
            }
    for name, scores in measured.items():
        figures = [scores[str(weight)] for weight in WEIGHTS]
        rows.append([name, scores["words"], scores["meaning"], *figures])
    chosen: dict[str, Cell] = {}
    for language in ("en", "fr"):
        of_it = [s for name, s in measured.items() if LANGUAGES.get(name, "en") == language]
        allowed = [
            weight
            for weight in WEIGHTS
            if all(s[str(weight)] >= max(s["words"], s["meaning"]) - WORST for s in of_it)
        ]
        chosen[language] = max(
            allowed or [0.0], key=lambda weight: mean([s[str(weight)] for s in of_it])
        )
    report("fusion", ["collection", "words", "meaning", *map(str, WEIGHTS)], rows, chosen)


if __name__ == "__main__":
    main()
