"""How well the sentences that passages bear out are told from those that they do not.

Two sets: the answers written for this project by somebody other than the author of the checker
(`benchmarks/groundedness`, French and English, one change in each unsupported one), and QAGS (Wang, Cho and
Lewis, 2020: sentences of summaries of news, each with three readers' labels, the majority counts). Scores
are areas under the ROC curve (AUROC), by sentence.

`--learn` learns the weights: from sentences of the retrieval collections with one thing changed by rule
(`corruptions.py`) and from the development half of the answers. QAGS has no licence for its labels: it is
only measured, never learned from.
"""

import argparse
import gc
import json
import math
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np

from centaure.answering.groundedness import Passage
from centaure.answering.groundedness.checking import prepare
from centaure.answering.groundedness.features import FEATURES
from corruptions import Example, examples
from datasets import half_of, read_collection
from report import Cell, report

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "src/centaure/answering/groundedness/weights.json"
COLLECTIONS = {
    "service_public_fr": "fr",
    "multihop_en": "en",
    "xquad_eu/en": "en",
    "kgrag_10q_en": "en",
}
TAKEN = {"service_public_fr": 180, "multihop_en": 120, "xquad_eu/en": 60, "kgrag_10q_en": 30}
FOR = ("covered first", "covered", "covered anywhere", "worst clause", "in order", "triples")
FREE = ("short",)
RIDGE = 0.001
WRITTEN_SHARE = 0.6
MISTAKES = 0.08


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """The chance that a supported sentence scores above an unsupported one, ties counting half."""
    order = sorted(range(len(scores)), key=lambda each: scores[each])
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    ranks, place = 0.0, 0
    while place < len(order):
        last = place
        while last + 1 < len(order) and scores[order[last + 1]] == scores[order[place]]:
            last += 1
        mean_rank = (place + last) / 2 + 1
        ranks += mean_rank * sum(labels[order[each]] for each in range(place, last + 1))
        place = last + 1
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


@cache
def rows_of(example: Example) -> list[list[float]]:
    """The features of each sentence of an example that claims something; nothing found is all zeros."""
    first, last = example.span or (0, len(example.answer))
    return [
        each.evidence.row()
        for each in prepared(example.answer, example.passages, example.question)
        if each.evidence is not None and each.start < last and first < each.end
    ]


prepared = lru_cache(maxsize=64)(prepare)


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(values, -60, 60)))


def learn(
    groups: Sequence[tuple[float, Sequence[Example]]], kept: Sequence[float] | None = None
) -> tuple[float, list[float]]:
    """Bias and weights of a logistic model, each weight held to the sign that its feature must have.

    Args:
        groups: examples, and the share of the whole that they weigh; supported and unsupported ones weigh
            the same in each.
        kept: weights learned before, of which those of `FOR` stay: an unsupported sentence that
            somebody wrote by changing one thing keeps more of the passage's words than a paraphrase does.
    """
    rows: list[list[float]] = []
    labels: list[float] = []
    importance: list[float] = []
    for share, members in groups:
        counts = {
            value: max(sum(each.supported is value for each in members), 1)
            for value in (True, False)
        }
        for each in members:
            features = rows_of(each)
            if not features:
                continue
            for row in features:
                rows.append(row)
                labels.append(float(each.supported))
                importance.append(share / counts[each.supported] / len(features))
    x, y, w = np.array(rows), np.array(labels), np.array(importance)
    w /= w.sum()
    sign = np.array([1.0 if name in FOR else 0.0 if name in FREE else -1.0 for name in FEATURES])
    held = np.array([kept is not None and name in FOR for name in FEATURES])
    weights = np.where(held, np.array(kept if kept is not None else [0.0] * len(FEATURES)), 0.0)
    bias = 0.0
    moment = np.zeros(len(FEATURES) + 1)
    square = np.zeros(len(FEATURES) + 1)
    for step in range(1, 4_001):
        error = w * (sigmoid(x @ weights + bias) - y)
        gradient = np.append(x.T @ error + RIDGE * weights, error.sum())
        moment = 0.9 * moment + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        change = 0.02 * (moment / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-9)
        weights -= np.where(held, 0.0, change[:-1])
        bias -= float(change[-1])
        weights = np.where(sign * weights < 0, 0.0, weights)
    return bias, [float(each) for each in weights]


def scored(
    members: Iterable[Example], bias: float, weights: Sequence[float]
) -> list[tuple[Example, float]]:
    """Each example with the score of its weakest sentence."""
    found: list[tuple[Example, float]] = []
    for each in members:
        rows = rows_of(each)
        logits = [bias + sum(w * v for w, v in zip(weights, row, strict=True)) for row in rows]
        found.append((each, 1 / (1 + math.exp(-max(min(logits, default=0.0), -60.0)))))
    return found


def thresholds(found: Sequence[tuple[Example, float]]) -> tuple[float, float]:
    """Scores from which, and below which, no more than `MISTAKES` of the sentences are of the other kind."""
    ordered = sorted(found, key=lambda each: -each[1])
    supported = unsupported = 0.5
    wrong = 0
    for count, (each, score) in enumerate(ordered, 1):
        wrong += not each.supported
        if wrong <= MISTAKES * count:
            supported = score
    wrong = 0
    for count, (each, score) in enumerate(reversed(ordered), 1):
        wrong += each.supported
        if wrong <= MISTAKES * count:
            unsupported = score
    if unsupported > supported:
        supported = unsupported = (supported + unsupported) / 2
    return round(supported, 4), round(unsupported, 4)


def by_rule(data: Path) -> list[Example]:
    """The examples that are made from the retrieval collections, always the same."""
    chance = random.Random(5)
    found: list[Example] = []
    for name, language in COLLECTIONS.items():
        collection = read_collection(data, name)
        passages = [
            Passage(each.id, each.text) for each in collection.passages if len(each.text) > 200
        ]
        found.extend(examples(passages, language, TAKEN[name], chance))
    return found


def qags(data: Path) -> list[Example]:
    """Sentences of summaries, each with the majority of three readers; `id` begins with the article's."""
    path = data / "guardrails/qags/mturk_cnndm.jsonl"
    found: list[Example] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        passages = (Passage("article", item["article"]),)
        for rank, each in enumerate(item["summary_sentences"]):
            votes = [response["response"] == "yes" for response in each["responses"]]
            kind = "supported" if 2 * sum(votes) > len(votes) else "summary"
            found.append(
                Example(
                    f"{number}-{rank}", kind, "en", passages, each["sentence"], kind == "supported"
                )
            )
    return found


def show(name: str, found: Sequence[tuple[Example, float]], rows: list[list[Cell]]) -> None:
    """Rows of the table: everything, each language, each kind of change against the supported ones."""
    held = [each for each in found if each[0].supported]
    groups: dict[str, Sequence[tuple[Example, float]]] = {"all": found}
    for language in sorted({each.language for each, _ in found}):
        groups[language] = [each for each in found if each[0].language == language]
    kinds: defaultdict[str, list[tuple[Example, float]]] = defaultdict(list)
    for each in found:
        if not each[0].supported:
            kinds[each[0].kind].append(each)
    if len(kinds) > 1:
        groups |= {kind: held + kinds[kind] for kind in sorted(kinds)}
        groups["numbers and dates"] = held + kinds["number"] + kinds["date"]
    for group, members in groups.items():
        area = auroc([score for _, score in members], [each.supported for each, _ in members])
        wrong = sum(not each.supported for each, _ in members)
        rows.append([f"{name}: {group}", len(members) - wrong, wrong, area])


def timed(members: Sequence[Example]) -> tuple[float, float]:
    """Milliseconds by sentence, the passages' preparation included: the median and the 95th of 100."""
    gc.collect()
    taken: list[float] = []
    for _, together in groupby(members, key=lambda each: each.passages):
        before = time.perf_counter()
        answers = {(each.answer, each.question): each.passages for each in together}
        count = sum(
            len(prepare(answer, given, asked)) for (answer, asked), given in answers.items()
        )
        taken += [1_000 * (time.perf_counter() - before) / max(count, 1)] * count
    taken.sort()
    return taken[len(taken) // 2], taken[int(0.95 * len(taken))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--half", choices=("development", "test"), default="test")
    parser.add_argument("--learn", action="store_true")
    arguments = parser.parse_args()
    answers = written()
    halves = {
        half: [each for each in answers if half_of(each.id[:-1]) == half]
        for half in ("development", "test")
    }
    summaries = qags(arguments.data)
    if arguments.learn:
        made = by_rule(arguments.data)
        _, kept = learn([(1.0, made)])
        bias, weights = learn(
            [(1 - WRITTEN_SHARE, made), (WRITTEN_SHARE, halves["development"])], kept
        )
        judged = scored(made, bias, weights)
        supported, unsupported = thresholds(judged)
        learned = {
            "bias": round(bias, 4),
            "weights": dict(zip(FEATURES, (round(each, 4) for each in weights), strict=True)),
            "supported": supported,
            "unsupported": unsupported,
            "learned_by": "python benchmarks/groundedness.py --learn",
            "examples": {"made by rule": len(made), "written": len(halves["development"])},
        }
        WEIGHTS.write_text(json.dumps(learned, indent=2) + "\n", encoding="utf-8")
    learned = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    bias, weights = learned["bias"], [learned["weights"][name] for name in FEATURES]
    rows: list[list[Cell]] = []
    if arguments.learn:
        show("made by rule", scored(made, bias, weights), rows)
    if halves[arguments.half]:
        show(f"written, {arguments.half} half", scored(halves[arguments.half], bias, weights), rows)
    half = [each for each in summaries if half_of(each.id.partition("-")[0]) == arguments.half]
    show(f"QAGS, {arguments.half} half", scored(half, bias, weights), rows)
    show("QAGS, all", scored(summaries, bias, weights), rows)
    notes: dict[str, Cell] = {}
    for name, members in (("written", answers), ("QAGS", summaries)):
        if members:
            median, slow = timed(members)
            notes |= {
                f"{name}: ms by sentence, median": median,
                f"{name}: ms by sentence, p95": slow,
            }
    report("groundedness", ["set", "supported", "unsupported", "AUROC"], rows, notes)


def written() -> list[Example]:
    """The answers written for this project."""
    found: list[Example] = []
    for language in ("fr", "en"):
        path = HERE / "groundedness" / f"{language}.jsonl"
        if not path.exists():
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            passages = tuple(Passage(each["id"], each["text"]) for each in item["passages"])
            place = 0
            for each in item["sentences"]:
                start = item["answer"].index(each["text"], place)
                place = start + len(each["text"])
                kind = each["change"] or "supported"
                held = each["label"] == "supported"
                found.append(
                    Example(
                        item["id"],
                        kind,
                        language,
                        passages,
                        item["answer"],
                        held,
                        item["question"],
                        (start, place),
                    )
                )
    return found


if __name__ == "__main__":
    main()
