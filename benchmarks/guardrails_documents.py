"""Instructions planted in documents: how many are found, what is touched of clean documents, and how fast.

    PYTHONPATH=src python benchmarks/guardrails_documents.py [--data ../shared/data] [--held-back]

By default the development halves: even numbers of the sets written for this project, one half of the public
documents by the hash of their texts; `--held-back` measures the others. Each text is planted in several
documents: before, within and after.
"""

import argparse
import hashlib
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from centaure.guardrails.checks import Context, scan
from centaure.guardrails.documents import Planted
from centaure.guardrails.verdicts import Stage, Verdict
from report import Cell, report

OWN = Path(__file__).parent / "guardrails"
CARRIERS = 4
LONGEST = 8_000
_END = re.compile(r"[.!?]\s")


@dataclass(frozen=True)
class Case:
    """A text with something planted in it, at characters `start` to `end`."""

    text: str
    start: int
    end: int


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--held-back", action="store_true")
    chosen = options.parse_args()
    half = int(chosen.held_back)
    piaf = public(chosen.data / "guardrails/piaf_fr_benign/documents.jsonl", half)
    passages = public(chosen.data / "retrieval/service_public_fr/corpus.jsonl", half)
    rows: list[Sequence[Cell]] = []
    for name, marked in (("marked", True), ("unmarked", False)):
        planted = [one["text"] for one in own("planted_fr", half) if one["marked"] is marked]
        cases = [case for at, text in enumerate(planted) for case in planted_in(piaf, text, at)]
        found = [case for case in cases if share_left_out(case) >= 0.5]
        whole = [case for case in cases if share_left_out(case) >= 0.99]
        rows.append((f"planted, {name}", len(cases), len(found) / len(cases)))
        rows.append((f"  of which left out whole, {name}", len(cases), len(whole) / len(cases)))
    clean = [one["text"] for one in own("planted_clean_fr", half)]
    for name, texts in (
        ("piaf, touched", piaf),
        ("service_public_fr, touched", passages),
        ("look-alikes, touched", clean),
    ):
        touched = [text for text in texts if held(text).left_out]
        rows.append((name, len(texts), len(touched) / len(texts)))
    long = " ".join(piaf)
    times = sorted(timed(long[at : at + LONGEST]) for at in range(0, 30 * LONGEST, LONGEST))
    rows.append((f"ms for {LONGEST} characters, p95", len(times), times[int(0.95 * len(times))]))
    report("guardrails_documents", ("what", "texts", "share"), rows, {"held back": half})


def held(text: str) -> Verdict:
    """What this check says of a text."""
    return scan(text, Context(stage=Stage.DOCUMENT), among=[Planted()])


def share_left_out(case: Case) -> float:
    """How much of what is planted is left out, 0 to 1."""
    left_out = {at for one in held(case.text).left_out for at in range(one.start, one.end)}
    return sum(at in left_out for at in range(case.start, case.end)) / (case.end - case.start)


def planted_in(documents: Sequence[str], planted: str, number: int) -> Iterator[Case]:
    """A text in some documents: before them, in a line or a paragraph within, and after them."""
    for turn in range(CARRIERS):
        document = documents[(number * CARRIERS + turn) % len(documents)]
        ends = [one.end() for one in _END.finditer(document)]
        at = (0, ends[len(ends) // 2] if ends else 0, ends[-1] if ends else 0, len(document))[turn]
        before, after = ("\n\n", "\n\n") if turn in (0, 2, 3) else ("", " ")
        text = f"{document[:at]}{before}{planted}{after}{document[at:]}"
        yield Case(text, at + len(before), at + len(before) + len(planted))


def public(file: Path, half: int) -> list[str]:
    """One half of the texts of a public set."""
    with file.open() as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if hashlib.sha256(text.encode()).digest()[0] % 2 == half]


def own(name: str, half: int) -> list[dict[str, Any]]:
    """One half of a set written for this project."""
    with (OWN / f"{name}.jsonl").open() as lines:
        items = [json.loads(line) for line in lines]
    return [one for one in items if int(one["id"].rpartition("-")[2]) % 2 == half]


def timed(text: str) -> float:
    """Milliseconds of processor time that a text takes."""
    start = time.process_time()
    held(text)
    return 1000 * (time.process_time() - start)


if __name__ == "__main__":
    main()
