"""What searching beside the question gives and costs: parts, and what a silly model would write.

For each question of a collection's half the question is searched, and the parts that a language model makes
of it (by default the simulated one, by rule), joined as the product joins them. "silly" is another question
of the collection in place of what a model writes: the harm of a model that writes nonsense.

    python benchmarks/understanding.py [--data ../shared/data] [--half development] [--grid]

`--grid` tries other weights and flatness of ranks. `--service ADDRESS --option model=NAME` asks a real model
instead of the twin.
"""

import argparse
import asyncio
import tempfile
from collections import defaultdict
from pathlib import Path

from centaure.app.installation import Installation, open_installation
from centaure.gateway.openai_compatible import OpenAICompatible
from centaure.kit.settings import Settings
from centaure.knowledge.retrieval import SearchFilters, SearchResult, search
from centaure.knowledge.retrieval.finding import DEPTH, FLAT, ITSELF, WEIGHT, joined
from centaure.knowledge.retrieval.prompts import Task, prompt
from centaure.knowledge.retrieval.simulated import by_rule
from centaure.knowledge.retrieval.understanding import Write, asked_of_model, understood_by_model
from datasets import Collection, half_of, read_collection
from measures import judge, mean, paired_bootstrap
from report import Cell, report
from retrieval import Filled, fill

COLLECTIONS = ("multihop_en", "service_public_fr")
WANTED = 100
BUDGET_S = 60.0
GRID = [(weight, flat) for flat in (1, 3, 10, 60) for weight in (0.3, 0.5, 0.8)]


async def twin(task: Task, text: str) -> str:
    """What the simulated model writes."""
    return by_rule(prompt(task), text) or ""


def service(address: str, model: str) -> Write:
    """What a real one writes."""

    async def write(task: Task, text: str) -> str:
        asked = OpenAICompatible(address, model)
        try:
            stream = asked.stream(asked_of_model(task, text), first_s=BUDGET_S, longest_s=BUDGET_S)
            return "".join([delta.text async for delta in stream])
        finally:
            await asked.close()

    return write


Found = dict[str, dict[str, SearchResult]]
"""By question, what each text gave."""


async def find(
    installation: Installation,
    write: Write,
    filled: Filled,
    source: int,
    questions: dict[str, str],
) -> tuple[Found, Found]:
    """With what the model makes of each question, and with another question in its place."""
    database = installation.database("app")
    filters = SearchFilters(sources=(source,))

    async def found(text: str, limit: int) -> SearchResult:
        async with database.read(filled.user) as session:
            return await search(session, text, filters, limit)

    read: Found = {}
    silly: Found = {}
    texts = list(questions.values())
    for place, (identifier, question) in enumerate(questions.items()):
        itself = await found(question, WANTED)
        reading = await understood_by_model(write, question, (), {"parts"}, BUDGET_S)
        read[identifier] = {ITSELF: itself} | {
            name: await found(text, DEPTH) for name, text in reading.searches.items()
        }
        silly[identifier] = {ITSELF: itself, "silly": await found(texts[place - 1], DEPTH)}
    await database.close()
    return read, silly


def judged(
    collection: Collection, filled: Filled, found: Found, weight: float, flat: float
) -> dict[str, list[float]]:
    """Each measure for each question."""
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for question, results in found.items():
        hits = joined(results, WANTED, weight, flat)
        for name, value in judge(filled.named(hits), collection.relevance[question]).items():
            scores[name].append(value)
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--half", choices=("development", "test"), default="development")
    parser.add_argument("--grid", action="store_true")
    parser.add_argument("--service", default="")
    parser.add_argument("--option", default="model=")
    arguments = parser.parse_args()
    write: Write = twin
    if arguments.service:
        write = service(arguments.service, arguments.option.removeprefix("model="))
    tried = GRID if arguments.grid else [(WEIGHT, FLAT)]
    collections = [read_collection(arguments.data, name) for name in COLLECTIONS]
    rows: list[list[Cell]] = []
    with tempfile.TemporaryDirectory(prefix="centaure-bench-") as folder:
        Path(folder).chmod(0o711)
        with open_installation(Settings(home=Path(folder))) as installation:
            filled = fill(installation, collections)
            for source, collection in enumerate(collections, 1):
                questions = {
                    identifier: text
                    for identifier, text in collection.questions.items()
                    if half_of(identifier) == arguments.half
                }
                read, silly = asyncio.run(find(installation, write, filled, source, questions))
                alone = judged(
                    collection, filled, {q: {ITSELF: r[ITSELF]} for q, r in read.items()}, 0, FLAT
                )
                several = sum(len(results) > 1 for results in read.values())
                for name, found in (("parts", read), ("silly", silly)):
                    for weight, flat in tried:
                        scores = judged(collection, filled, found, weight, flat)
                        change, low, high = paired_bootstrap(scores["nDCG@10"], alone["nDCG@10"])
                        rows.append(
                            [collection.name, name, len(read), several, weight, flat,
                             mean(alone["nDCG@10"]), mean(scores["nDCG@10"]), change,
                             f"{low:+.3f} to {high:+.3f}",
                             mean(alone["all needed@10"]), mean(scores["all needed@10"])]
                        )  # fmt: skip
    report(
        "understanding",
        ["collection", "beside", "questions", "with parts", "weight", "flat", "nDCG@10 alone", "nDCG@10",
         "change", "95 %", "all needed alone", "all needed"],
        rows,
        {"half": arguments.half, "model": arguments.service or "simulated"},
    )  # fmt: skip


if __name__ == "__main__":
    main()
