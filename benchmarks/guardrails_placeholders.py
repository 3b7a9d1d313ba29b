"""Round trips of personal data: what models do to placeholders, and whether each value comes back exactly.

    PYTHONPATH=src python benchmarks/guardrails_placeholders.py [--held-back]

Two tables, of the development half or of the half held back: the cases of `placeholders.jsonl`, written by
hand, where one that names the wrong person counts apart; and the texts of `personal_data.jsonl`, masked,
their placeholders rewritten in each of the ways below, and restored: exact means the original, character by
character.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from centaure.guardrails.policy import Label
from centaure.guardrails.pseudonyms import Pseudonyms, Restorer, mask, restore
from centaure.guardrails.pseudonyms.conversation import Kept
from centaure.guardrails.pseudonyms.placeholders import Placeholder

SETS = Path(__file__).parent / "guardrails"
_GIVEN = re.compile(r"[\[<]([A-Z_]+)_(\d+)[\]>]")
_FRENCH = {"PERSON": "PERSONNE", "ADDRESS": "ADRESSE", "PHONE": "TÉLÉPHONE", "EMAIL": "COURRIEL"}

WAYS: dict[str, Callable[[str, str], str]] = {
    "as given": lambda kind, n: f"[{kind}_{n}]",
    "lower case": lambda kind, n: f"[{kind.lower()}_{n}]",
    "capitalised": lambda kind, n: f"[{kind.capitalize()}_{n}]",
    "no brackets": lambda kind, n: f"{kind}_{n}",
    "lower, no brackets": lambda kind, n: f"{kind.lower()}_{n}",
    "angle brackets": lambda kind, n: f"<{kind}_{n}>",
    "curly brackets": lambda kind, n: f"{{{kind}_{n}}}",
    "bold inside": lambda kind, n: f"[**{kind}_{n}**]",
    "spaced": lambda kind, n: f"[ {kind}_{n} ]",
    "no underscore": lambda kind, n: f"[{kind.replace('_', ' ')} {n}]",
    "hyphen": lambda kind, n: f"[{kind}-{n}]",
    "escaped": lambda kind, n: f"\\[{kind}\\_{n}\\]",
    "line break": lambda kind, n: f"[{kind}_\n{n}]",
    "padded": lambda kind, n: f"[{kind}_0{n}]",
    "translated": lambda kind, n: f"[{_FRENCH.get(kind, kind)}_{n}]",
}


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--held-back", action="store_true", help="The half that nothing is tuned on."
    )
    half = 1 if options.parse_args().held_back else 0
    by_hand(list(_lines("placeholders", half)))
    rewritten(list(_lines("personal_data", half)))


def by_hand(cases: list[dict[str, Any]]) -> None:
    """The table of the cases written by hand."""
    right: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    wrong = 0
    for case in cases:
        kept = [Kept(one, _value(one)) for one in map(_placeholder, case["placeholders"])]
        text, expected, at = case["text_from_model"], "", 0
        for place in case["expected_kinds"]:
            written = text[place["start"] : place["end"]]
            told = place["placeholder"]
            instead = written if told is None else _value(_placeholder(told))
            expected += text[at : place["start"]] + instead
            at = place["end"]
        expected += text[at:]
        shown = restore(text, Pseudonyms(kept))
        for kind in {place["kind"] for place in case["expected_kinds"]}:
            tried[kind] += 1
            right[kind] += shown == expected
        wrong += any(
            shown.count(_value(one.placeholder)) > expected.count(_value(one.placeholder))
            for one in kept
        )
    print(f"{len(cases)} answers written by hand: a value where none belongs in {wrong}")
    for kind in sorted(tried):
        print(f"  {kind:22} {right[kind]:3} of {tried[kind]}")


def rewritten(cases: list[dict[str, Any]]) -> None:
    """The table of the texts that are masked, rewritten and restored."""
    print(f"{len(cases)} texts masked, rewritten and restored, whole and in pieces of 7 characters")
    for way, write in WAYS.items():
        exact = pieces = 0
        for case in cases:
            pseudonyms = Pseudonyms()
            masked = mask(case["text"], pseudonyms).text
            said = _rewritten(masked, write)
            exact += restore(said, pseudonyms) == case["text"]
            restorer = Restorer(pseudonyms)
            shown = [restorer.feed(said[at : at + 7]) for at in range(0, len(said), 7)]
            pieces += "".join([*shown, restorer.end()]) == case["text"]
        print(f"  {way:22} {exact / len(cases):.4f}   {pieces / len(cases):.4f}")


def _lines(name: str, half: int) -> Iterator[dict[str, Any]]:
    with (SETS / f"{name}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            if int(case["id"].rpartition("-")[2]) % 2 == half:
                yield case


def _rewritten(masked: str, write: Callable[[str, str], str]) -> str:
    return _GIVEN.sub(lambda found: write(found[1], found[2]), masked)


def _placeholder(written: str) -> Placeholder:
    found = _GIVEN.fullmatch(written)
    assert found is not None
    return Placeholder(Label(found[1]), int(found[2]))


def _value(one: Placeholder) -> str:
    return f"Valeur{one.label.title().replace('_', '')}N{'abcdefghijklmnopqrstuvwxyz'[one.number % 26]}"


if __name__ == "__main__":
    main()
