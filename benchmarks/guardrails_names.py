"""Names of persons: those written in lower case after the first mention, and who is who; learns the weights.

    PYTHONPATH=src python benchmarks/guardrails_names.py [--held-back] [--learn] [--data FOLDER]

Recall and precision of PERSON beside the other labels are printed by the part `personal_data`. By default the
development half (even numbers) is measured; `--held-back` measures the other. `--learn` learns the weights of
the evidence on the development half and on half of the French public documents, where nobody is to be found,
prints what five-fold cross-validation finds, and writes `weights.json`. It needs NumPy.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from centaure.guardrails.normalisation import Normalised, folded, normalise
from centaure.guardrails.personal_data.finding import find_structured
from centaure.guardrails.personal_data.names import find_persons
from centaure.guardrails.personal_data.names.evidence import evidence
from centaure.guardrails.personal_data.names.finding import runs_in
from guardrails_personal_data import PUBLIC, SET, public
from report import report

WEIGHTS = (
    Path(__file__).parents[1] / "src/centaure/guardrails/personal_data/names/lists/weights.json"
)
PUBLIC_WEIGHT = 0.05
"""What a run of public documents weighs beside one of the set, which has far fewer of them."""
PENALTY = 0.2
BESIDE = 3.0
"""The weight of standing beside a name in a list, which is known only after a first reading."""
FOLDS = 5
MOST_DOCUMENTS = 1500
Example = tuple[tuple[str, ...], bool, float]


@dataclass
class Mentions:
    """What became of the persons of one half."""

    small: int = 0
    small_found: int = 0
    pairs: int = 0
    parted: int = 0
    confused: int = 0
    numbers: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def read(self, row: dict[str, Any]) -> None:
        """Count one text."""
        text = normalise(row["text"])
        found = find_persons(text, find_structured(text)).mentions
        met: set[str] = set()
        numbers: list[tuple[str, int]] = []
        for span in sorted(row["spans"], key=lambda one: one["start"]):
            if span["label"] != "PERSON":
                continue
            near = [one for one in found if one.start < span["end"] and span["start"] < one.end]
            subject = span.get("subject", "")
            if row["text"][span["start"] : span["end"]].islower() and subject in met:
                self.small += 1
                self.small_found += bool(near)
            met.add(subject)
            numbers += [(subject, near[0].person)] if near else []
        for at, (subject, number) in enumerate(numbers):
            for other, its_number in numbers[:at]:
                self.pairs += subject == other
                self.parted += subject == other and number != its_number
                self.confused += subject != other and number == its_number


def rows(*, held_back: bool) -> Iterator[dict[str, Any]]:
    """One half of the set, by the parity of the number."""
    for line in SET.read_text("utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if int(row["id"].rpartition("-")[2]) % 2 == held_back:
            yield row


def examples(text: Normalised, spans: Sequence[tuple[int, int]], weight: float) -> list[Example]:
    """Each run of a text with its evidence, and whether it touches a marked name."""
    runs, around = runs_in(text.text, folded(text.text), _taken(text))
    made: list[Example] = []
    for run in runs:
        start, end = text.span(run.start, run.end)
        name = any(first < end and start < last for first, last in spans)
        made.append((tuple(evidence(run, around)), name, weight))
    return made


def _taken(text: Normalised) -> list[tuple[int, int]]:
    structured = (one for one in find_structured(text) if one.label != "HEALTH")
    return sorted((text.place(one.start), text.place(one.end)) for one in structured)


def fitted(chosen: Sequence[Example]) -> dict[str, float]:
    """Weights of a logistic regression with a quadratic penalty, by Newton's method."""
    import numpy as np  # noqa: PLC0415  the figures do without

    counted: dict[tuple[tuple[str, ...], bool], float] = {}
    for told, name, weight in chosen:
        counted[told, name] = counted.get((told, name), 0.0) + weight
    names = sorted({piece for told, _ in counted for piece in told})
    column = {name: at for at, name in enumerate(names, 1)}
    table = np.zeros((len(counted), len(names) + 1))
    table[:, 0] = 1
    for at, (told, _) in enumerate(counted):
        table[at, [column[piece] for piece in told]] = 1
    wanted = np.array([name for _, name in counted], float)
    weight = np.array(list(counted.values()), float)
    penalty = np.full(len(names) + 1, PENALTY)
    penalty[0] = 1e-6
    found = np.zeros(len(names) + 1)
    for _ in range(15):
        sure = 1 / (1 + np.exp(-np.clip(table @ found, -30, 30)))
        slope = table.T @ (weight * (sure - wanted)) + penalty * found
        bend = (table * (weight * sure * (1 - sure))[:, None]).T @ table + np.diag(penalty)
        found -= np.linalg.solve(bend, slope)
    return dict(zip(["bias", *names], map(float, found), strict=True)) | {"beside a name": BESIDE}


def learned(data: Path) -> dict[str, object]:
    """Learn the weights and write them; what cross-validation over texts finds among the runs."""
    texts = [
        examples(
            normalise(row["text"]),
            [(one["start"], one["end"]) for one in row["spans"] if one["label"] == "PERSON"],
            1.0,
        )
        for row in rows(held_back=False)
    ]
    others = [
        example
        for _, path in PUBLIC
        for _, document in zip(
            range(MOST_DOCUMENTS), public(data / path, held_back=False), strict=False
        )
        for example in examples(normalise(document), (), PUBLIC_WEIGHT)
    ]
    random.Random(1).shuffle(texts)
    counts = Counter[tuple[bool, bool]]()
    for fold in range(FOLDS):
        kept = [one for at, text in enumerate(texts) if at % FOLDS != fold for one in text]
        weights = fitted([*kept, *others])
        for told, name, _ in (one for text in texts[fold::FOLDS] for one in text):
            total = weights["bias"] + sum(weights.get(piece, 0.0) for piece in told)
            counts[total > 0, name] += 1
    weights = fitted([*(one for text in texts for one in text), *others])
    rounded = {name: round(weight, 2) for name, weight in sorted(weights.items())}
    WEIGHTS.write_text(json.dumps(rounded, indent=0) + "\n", "utf-8")
    right, vain, missed = counts[True, True], counts[True, False], counts[False, True]
    return {
        "runs of the set": sum(counts.values()),
        "runs of public documents": len(others),
        "cross-validated precision of runs": right / (right + vain),
        "cross-validated recall of runs": right / (right + missed),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-back", action="store_true")
    parser.add_argument("--learn", action="store_true")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked = parser.parse_args()
    told = learned(asked.data) if asked.learn else {}
    seen = Mentions()
    for row in rows(held_back=asked.held_back):
        seen.read(row)
    half = "held back" if asked.held_back else "development"
    report(
        "guardrails_names",
        (f"names ({half})", "of", "found"),
        [
            ["in lower case after the first mention", seen.small, seen.small_found],
            ["two mentions of one person under one number", seen.pairs, seen.pairs - seen.parted],
            ["two persons under one number", None, seen.confused],
        ],
        {name: str(value) for name, value in told.items()},
    )


if __name__ == "__main__":
    main()
