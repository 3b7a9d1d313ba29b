"""Sentences of which it is known whether their passages bear them out: written, made by rule, and QAGS."""

import json
import random
from pathlib import Path

from centaure.answering.groundedness import Passage
from corruptions import Example, examples
from datasets import half_of, read_collection

HERE = Path(__file__).parent
SETS = {"first": ("fr", "en"), "second": ("fr2", "en2")}
"""The sets of written answers, and their files."""
COLLECTIONS = {
    "service_public_fr": "fr",
    "multihop_en": "en",
    "xquad_eu/en": "en",
    "kgrag_10q_en": "en",
}
TAKEN = {"service_public_fr": 180, "multihop_en": 120, "xquad_eu/en": 60, "kgrag_10q_en": 30}


def written(name: str, half: str) -> list[Example]:
    """One half of a set of answers written for this project; answers on the same passages stay together."""
    found: list[Example] = []
    for file in SETS[name]:
        path = HERE / "groundedness" / f"{file}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            if half_of(group_of(item["id"])) != half:
                continue
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
                        file[:2],
                        passages,
                        item["answer"],
                        held,
                        item["question"],
                        (start, place),
                    )
                )
    return found


def group_of(answer: str) -> str:
    """What the identifiers of answers on the same passages have in common."""
    return answer[:-1]


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
