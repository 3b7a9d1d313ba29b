"""How well the sentences that passages bear out are told from those that they do not.

Three sets: two of answers written for this project by people other than the author of the checker
(`benchmarks/groundedness`, French and English, one change in each unsupported one; the second rewords more
freely), and QAGS (Wang, Cho and Lewis, 2020: sentences of summaries of news, each with three readers'
labels, the majority counts). Scores are areas under the ROC curve (AUROC), by sentence.

`--learn` learns the weights: from sentences of the retrieval collections with one thing changed by rule
(`corruptions.py`) and from the development halves of the answers. `--cross` says what they are worth on
answers that they were not learned from. QAGS has no licence for its labels: it is only measured.
"""

import argparse
import gc
import json
import math
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np

from centaure.answering.groundedness.checking import prepare
from centaure.answering.groundedness.evidence import FEATURES
from corruptions import Example
from datasets import half_of
from judged import SETS, by_rule, group_of, qags, written
from report import Cell, report

WEIGHTS = Path(__file__).parent.parent / "src/centaure/answering/groundedness/weights.json"
FOR = ("covered first", "covered", "covered anywhere", "worst clause", "in order", "triples")
RIDGE = 0.01
KEPT = 0.3
FOLDS = 5
LEAST_SPREAD = 0.15
WRITTEN_SHARE = 0.9
MISTAKES = 0.15


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
        kept: weights learned before, of which a share of those of `FOR` stays: an unsupported sentence that
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
            for row in features:
                rows.append(row)
                labels.append(float(each.supported))
                importance.append(share / counts[each.supported] / len(features))
    x, y, w = np.array(rows), np.array(labels), np.array(importance)
    w /= w.sum()
    spread = x.std(axis=0) + LEAST_SPREAD
    x /= spread
    sign = np.array([1.0 if name in FOR else -1.0 for name in FEATURES])
    held = np.array([kept is not None and name in FOR for name in FEATURES])
    weights = np.where(held, KEPT * np.array(kept or [0.0] * len(FEATURES)) * spread, 0.0)
    bias = 0.0
    moment = np.zeros(len(FEATURES) + 1)
    square = np.zeros(len(FEATURES) + 1)
    for step in range(1, 2_001):
        error = w * (sigmoid(x @ weights + bias) - y)
        gradient = np.append(x.T @ error + RIDGE * weights, error.sum())
        moment = 0.9 * moment + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        change = 0.02 * (moment / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-9)
        weights -= np.where(held, 0.0, change[:-1])
        bias -= float(change[-1])
        weights = np.where(sign * weights < 0, 0.0, weights)
    return bias, [float(each) for each in weights / spread]


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
    """Milliseconds of processor by sentence, passages read anew: the median, the 95th of 100."""
    gc.collect()
    taken: list[float] = []
    for _, together in groupby(members, key=lambda each: each.passages):
        before = time.process_time()
        answers = {(each.answer, each.question): each.passages for each in together}
        count = sum(
            len(prepare(answer, given, asked)) for (answer, asked), given in answers.items()
        )
        taken += [1_000 * (time.process_time() - before) / max(count, 1)] * count
    taken.sort()
    return taken[len(taken) // 2], taken[int(0.95 * len(taken))]


def groups_of(
    made: Sequence[Example], sets: Sequence[Sequence[Example]]
) -> list[tuple[float, Sequence[Example]]]:
    """What is learned from, each with its share: what is made by rule, and each set of written answers."""
    return [(1 - WRITTEN_SHARE, made), *((WRITTEN_SHARE / len(sets), each) for each in sets)]


def crossed(
    made: Sequence[Example], sets: Sequence[Sequence[Example]]
) -> list[list[tuple[Example, float]]]:
    """Each sentence with a score by weights learned without the answers on its passages."""
    found: list[list[tuple[Example, float]]] = [[] for _ in sets]
    _, kept = learn([(1.0, made)])
    for fold in range(FOLDS):
        rest = [[each for each in members if fold_of(each) != fold] for members in sets]
        bias, weights = learn(groups_of(made, rest), kept)
        for place, members in enumerate(sets):
            left_out = (each for each in members if fold_of(each) == fold)
            found[place] += scored(left_out, bias, weights)
    return found


def fold_of(example: Example) -> int:
    return zlib.crc32(group_of(example.id).encode()) % FOLDS


def relearn(made: Sequence[Example], sets: Sequence[Sequence[Example]]) -> None:
    """Write the weights, and the scores from which a sentence is supported, and below which it is not."""
    _, kept = learn([(1.0, made)])
    bias, weights = learn(groups_of(made, sets), kept)
    left_out = [each for members in crossed(made, sets) for each in members]
    supported, unsupported = thresholds([*scored(made, bias, weights), *left_out])
    learned = {
        "bias": round(bias, 4),
        "weights": dict(zip(FEATURES, (round(each, 4) for each in weights), strict=True)),
        "supported": supported,
        "unsupported": unsupported,
        "learned_by": "python benchmarks/groundedness.py --learn",
        "examples": {"made by rule": len(made), "written": sum(map(len, sets))},
    }
    WEIGHTS.write_text(json.dumps(learned, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--half", choices=("development", "test"), default="test")
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--cross", action="store_true")
    arguments = parser.parse_args()
    summaries = qags(arguments.data)
    rows: list[list[Cell]] = []
    if arguments.learn or arguments.cross:
        made = by_rule(arguments.data)
        learned_from = [written(name, "development") for name in SETS]
        if arguments.learn:
            relearn(made, learned_from)
        if arguments.cross:
            for name, scores in zip(SETS, crossed(made, learned_from), strict=True):
                show(f"{name} set, cross-validated", scores, rows)
    learned = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    bias, weights = learned["bias"], [learned["weights"][name] for name in FEATURES]
    answers: list[Example] = []
    for name in SETS:
        half = written(name, arguments.half)
        show(f"{name} set, {arguments.half} half", scored(half, bias, weights), rows)
        answers += half
    half = [each for each in summaries if half_of(each.id.partition("-")[0]) == arguments.half]
    show(f"QAGS, {arguments.half} half", scored(half, bias, weights), rows)
    show("QAGS, all", scored(summaries, bias, weights), rows)
    notes: dict[str, Cell] = {}
    for name, members in (("written", answers), ("QAGS", summaries)):
        median, slow = timed(members)
        notes |= {f"{name}: ms by sentence, median": median, f"{name}: ms by sentence, p95": slow}
    report("groundedness", ["set", "supported", "unsupported", "AUROC"], rows, notes)


if __name__ == "__main__":
    main()
