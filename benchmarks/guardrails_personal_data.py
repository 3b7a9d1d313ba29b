"""Personal data: how much of it is found, how exactly, what is found in vain, and how fast.

    PYTHONPATH=src python benchmarks/guardrails_personal_data.py [--held-back] [--show LABEL ...]

By default the development half of the set written for this project (even numbers), and one half of the French
public documents, by the hash of their texts; `--held-back` measures the other halves. `--show` lists what is
missed, found in part or found in vain, of the development half only.
"""

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from centaure.guardrails.normalisation import normalise
from centaure.guardrails.personal_data import find
from centaure.guardrails.policy import Label
from centaure.guardrails.verdicts import Finding
from report import Cell, report

SET = Path(__file__).parent / "guardrails" / "personal_data.jsonl"
PUBLIC = (
    ("piaf", "guardrails/piaf_fr_benign/documents.jsonl"),
    ("service_public", "retrieval/service_public_fr/corpus.jsonl"),
)
ADDRESSES_OF_SERVICES = {Label.PHONE, Label.EMAIL, Label.ADDRESS}
"""What public documents hold in truth: how to reach a service."""
MOST_DOCUMENTS = 700


@dataclass(frozen=True)
class Span:
    """A marked value: characters `start` to `end` of the original."""

    start: int
    end: int
    label: str

    def touches(self, other: "Span | Finding") -> bool:
        """Whether both have a character and the label in common."""
        return self.label == other.label and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Text:
    """One text of the set."""

    identifier: str
    language: str
    text: str
    spans: tuple[Span, ...]


@dataclass
class Count:
    """Values of one label: marked, found (by overlap, exactly), and what was found at all and rightly."""

    marked: int = 0
    overlapping: int = 0
    exact: int = 0
    found: int = 0
    right: int = 0

    def row(self) -> list[Cell]:
        """Marked, recall by overlap and exact, precision."""
        return [
            self.marked,
            _share(self.overlapping, self.marked),
            _share(self.exact, self.marked),
            _share(self.right, self.found),
        ]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def texts(*, held_back: bool) -> list[Text]:
    """One half of the set, by the parity of the number."""
    kept: list[Text] = []
    for line in SET.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if int(row["id"].rpartition("-")[2]) % 2 == held_back:
            spans = tuple(Span(one["start"], one["end"], one["label"]) for one in row["spans"])
            kept.append(Text(row["id"], row["language"], row["text"], spans))
    return kept


def public(path: Path, *, held_back: bool) -> Iterator[str]:
    """One half of a set of public documents, by the hash of the text."""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = str(json.loads(line)["text"])
        if hashlib.sha1(text.encode(), usedforsecurity=False).digest()[0] % 2 == held_back:
            yield text


def count(chosen: Sequence[Text], shown: Sequence[str]) -> dict[tuple[str, str], Count]:
    """Counts by label and language; the language "all" holds both."""
    counts: dict[tuple[str, str], Count] = {}
    for text in chosen:
        found = find(normalise(text.text))
        for language in ("all", text.language):
            for label in Label:
                one = counts.setdefault((label, language), Count())
                marked = [span for span in text.spans if span.label == label]
                told = [finding for finding in found if finding.label == label]
                one.marked += len(marked)
                one.overlapping += sum(any(span.touches(each) for each in told) for span in marked)
                one.exact += sum(
                    any((span.start, span.end) == (each.start, each.end) for each in told)
                    for span in marked
                )
                one.found += len(told)
                one.right += sum(any(span.touches(each) for span in marked) for each in told)
        _show(text, found, shown)
    return counts


def _show(text: Text, found: Iterable[Finding], shown: Sequence[str]) -> None:
    findings = list(found)
    exact = {(each.start, each.end, each.label) for each in findings}
    for span in text.spans:
        if span.label in shown and (span.start, span.end, span.label) not in exact:
            near = [text.text[each.start : each.end] for each in findings if span.touches(each)]
            print(text.identifier, span.label, repr(text.text[span.start : span.end]), near)
    for each in findings:
        if each.label in shown and not any(span.touches(each) for span in text.spans):
            around = text.text[max(0, each.start - 30) : each.end + 10]
            print(text.identifier, "in vain", each.label, each.rule, repr(around))


def in_vain(data: Path, *, held_back: bool) -> dict[str, Cell]:
    """What is found in public documents, by label, per 10,000 characters, and milliseconds per 1,000."""
    told: dict[str, Cell] = {}
    for name, path in PUBLIC:
        if not (data / path).exists():
            continue
        documents = list(public(data / path, held_back=held_back))[:MOST_DOCUMENTS]
        length = sum(map(len, documents))
        labels = Counter(
            finding.label for document in documents for finding in find(normalise(document))
        )
        others = sum(many for label, many in labels.items() if label not in ADDRESSES_OF_SERVICES)
        told[f"{name}: characters"] = length
        told[f"{name}: found"] = ", ".join(
            f"{label} {many}" for label, many in labels.most_common()
        )
        told[f"{name}: other than how to reach a service, per 10,000 characters"] = (
            others * 10_000 / length
        )
        told[f"{name}: milliseconds per 1,000 characters"] = speed(documents)
    return told


def speed(documents: Sequence[str]) -> float:
    """Milliseconds of processor time per 1,000 characters, the best of three."""
    taken: list[float] = []
    for _ in range(3):
        start = time.process_time()
        for document in documents:
            find(normalise(document))
        taken.append(time.process_time() - start)
    return min(taken) * 1e6 / sum(map(len, documents))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--held-back", action="store_true", help="measure the other halves")
    parser.add_argument("--show", nargs="*", default=[], metavar="LABEL", help="list what is wrong")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="the folder of public sets"
    )
    asked = parser.parse_args()
    chosen = texts(held_back=asked.held_back)
    counts = count(chosen, [] if asked.held_back else asked.show)
    structured = Count()
    rows: list[list[Cell]] = []
    for label in Label:
        whole = counts[label, "all"]
        by_language = [
            _share(counts[label, language].overlapping, counts[label, language].marked)
            for language in ("fr", "en")
        ]
        rows.append([label.value, *whole.row(), *by_language])
        if label not in (Label.PERSON, Label.HEALTH, Label.ADDRESS, Label.DATE_OF_BIRTH):
            for name in vars(structured):
                setattr(structured, name, getattr(structured, name) + getattr(whole, name))
    rows.append(["structured identifiers", *structured.row(), None, None])
    half = "held back" if asked.held_back else "development"
    report(
        "guardrails_personal_data",
        (f"label ({half})", "marked", "recall", "exact", "precision", "recall fr", "recall en"),
        rows,
        {
            "texts": len(chosen),
            "milliseconds per 1,000 characters": speed([text.text for text in chosen]),
            **in_vain(asked.data, held_back=asked.held_back),
        },
    )


if __name__ == "__main__":
    main()
