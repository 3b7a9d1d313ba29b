"""What speaks for and against a run of words being a name, and how much."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from centaure.guardrails.personal_data.names.lists import Known, cues
from centaure.guardrails.personal_data.names.runs import Run
from centaure.guardrails.personal_data.names.tables import part_named
from centaure.guardrails.personal_data.names.tokens import Token

_GIVEN, _FAMILY, _WORD, _PLACE = (
    int(one) for one in (Known.GIVEN, Known.FAMILY, Known.WORD, Known.PLACE)
)
_WINDOW = 48
_LIKELY = 0.6
_FLOOR = 0.6
_ACRONYM = 4
_CERTAIN = frozenset(["civility", "label name", "column name"])
_OTHER = frozenset(
    ["before thing-after", "before org", "only word", "first word", "only place", "first place"]
)
_BETWEEN = frozenset([",", "et", "and", "&", "/", ";", ", and", "ou", "or", "puis"])
_LAST_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?")
_LABEL = re.compile(r"([a-z][a-z_ '()./-]{0,40})[\"']?\s{0,3}[:=]\s{0,4}[\"'«([<]{0,2}\s?$")
_TAG = re.compile(r"<([a-z_]{2,30})>\s?$")
_OPENING = re.compile(r"^\n[\s>*•|\d.)\[\]:-]*$")
_SENTENCE = re.compile(r"[.!?…]['\"»)]*\s+[«\"'(]?\s?$")
_ROLE_AFTER = re.compile(
    r"\s?[,(–-]\s?(?:(?:la|le|l'|notre|mon|ma|our|the|my|a|an|un|une) ?)?([a-z]+)"
)
_WORD_AFTER = re.compile(r"(?:'s)? ([a-z]+)")
_COMPANY = re.compile(
    r"(?: (?:&|et|and) [a-z]+"
    r"| (?!(?:et|a|ou|ni|de|dans|avec|pour|que|par|sur|sous|chez|sans|perd|quitte) )[a-z]+)?"
    r" (s\.?a\.?(?:s\.?u?|rl)?|ltd|llp|llc|inc|plc|gmbh|eurl)\b"
)
_SPEAKS = re.compile(r"\s?(?:\([a-z .]{2,30}\))?\s?:\s")
_ALONE_AFTER = re.compile(r"[ \t]*+(?:[.,;|][ \t]*+)?(?:[\r\n]|$)")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text says beside its runs.

    Attributes:
        low: the text in lower case without accents.
        addressed: parts of the e-mail addresses and handles of the text.
        cells: as `name_cells` gives them.
    """

    low: str
    addressed: frozenset[str]
    cells: dict[int, str]


def evidence(run: Run, around: Surroundings) -> list[str]:
    """The pieces of evidence about a run, by the names that `weights.json` gives them."""
    told = list(_form(run))
    told += _before(run, around)
    told += _after(run, around)
    if len(run.names) == 1 and run.names[0].upper and len(run.names[0].word) <= _ACRONYM:
        told.append("acronym")
    if around.low[run.start - 1 : run.start] == "(" and around.low[run.end : run.end + 1] == ")":
        told.append("in brackets")
    if any(one in ("label name", "column name") for one in told):
        told = [one for one in told if one != "capitals"]
        if any(name.known & (_GIVEN | _FAMILY) for name in run.names):
            told.append("name in its field")
    if _addressed(run, around.addressed):
        told.append("address")
    return told


def _form(run: Run) -> Iterator[str]:
    names = run.names
    if not names[0].capital:
        yield "lower case"
    if len(names) > 2:
        yield "more"
    yield from _lists_say(names)
    if any(name.initial for name in names):
        yield "initial"
    if any(name.upper for name in names) and not run.civility:
        yield "capitals" if all(name.upper or name.initial for name in names) else "mixed capitals"
    if len(run.tokens) > len(names):
        yield "particle"
    if run.inverted:
        yield "comma"


def _lists_say(names: list[Token]) -> Iterator[str]:
    """What the lists know of the first and the last word."""
    first, last = names[0], names[-1]
    given = _kind(first.known, _GIVEN)
    if not first.initial:
        place = "first" if len(names) > 1 else "only"
        yield f"{place} {given or _kind(first.known, _FAMILY, 'surname') or _else(first.known)}"
    if given and any("-" in name.word for name in names):
        yield "hyphen"
    if len(names) == 1 or last.initial:
        return
    surname = _kind(last.known, _FAMILY, "surname")
    yield f"last {surname or _kind(last.known, _GIVEN) or _else(last.known)}"
    if last.known & _GIVEN and first.upper and not last.upper:
        yield "inverted"
    if given and surname:
        yield "given and surname"


def _kind(known: int, wanted: int, word: str = "given") -> str:
    if not known & wanted:
        return ""
    return (
        f"{word} that is a word"
        if known & _WORD
        else f"{word} that is a place"
        if known & _PLACE
        else word
    )


def _else(known: int) -> str:
    return "place" if known & _PLACE else "word" if known & _WORD else "unknown"


def _before(run: Run, around: Surroundings) -> Iterator[str]:
    before = around.low[max(0, run.start - _WINDOW) : run.start]
    yield from _field(run, around, before)
    if run.role:
        yield "role"
    opening = run.start == 0 or bool(_OPENING.search(before[before.rfind("\n") :]))
    if opening:
        yield "line"
        if _ALONE_AFTER.match(around.low, run.end):
            yield "alone on its line"
            if _closing(around.low, run.start):
                yield "signature"
    elif _SENTENCE.search(before, max(0, len(before) - 8)):
        yield "sentence"
    if not run.civility and not opening:
        yield from _words_before(before)


def _field(run: Run, around: Surroundings, before: str) -> Iterator[str]:
    """What the civility, the label or the heading says."""
    cell = around.cells.get(run.start)
    if cell:
        yield "column person" if cell == "person" else "column name"
    if run.civility:
        yield "civility"
        return
    if run.label:
        yield "label name"
    label = _label(before)
    if label:
        yield from _labelled(label)


def _words_before(before: str) -> Iterator[str]:
    words = _LAST_WORDS.findall(before)[-2:]
    if not words or before[-1:] not in (" ", "'", "«", '"', "(", "@"):
        return
    last = words[-1]
    if not before.rstrip(" «\"'(").endswith(last) and not before.endswith(f"{last}, "):
        return
    for name in ("kin", "role", "greeting", "call", "link", "article", "thing-before", "verb"):
        if last in cues(name):
            yield f"after {name}"
    if len(words) > 1 and words[0] in cues("thing-before") and not _turns(last):
        yield "after thing-before"


def _turns(word: str) -> bool:
    """Whether a word between a thing and a name parts them: `la rue avec Claire`, not `le lycée privé X`."""
    return any(
        word in cues(name) for name in ("link", "verb", "call", "greeting", "kin", "role")
    ) and (word not in cues("particle"))


def part_asked(run: Run, around: Surroundings) -> str:
    """Which part of a name the field around a run asks for: `given`, `family` or nothing."""
    cell = around.cells.get(run.start, "")
    if cell:
        return cell if cell in ("given", "family") else ""
    before = around.low[max(0, run.start - _WINDOW) : run.start]
    label = _label(before)
    if label:
        words = [word for word in re.split(r"[^a-z]+", label) if word]
        return part_named([*words[-2:], "".join(words[-2:]), "".join(words)])
    if run.label:
        return part_named(_LAST_WORDS.findall(before)[-1:])
    return ""


def _label(before: str) -> str:
    """The label of the field that begins where a text ends: `nom : "` gives `nom`."""
    end = before[-8:]
    if ":" in end or "=" in end:
        found = _LABEL.search(before[before.rfind("\n") + 1 :] or before)
        return found.group(1) if found else ""
    if ">" in end:
        found = _TAG.search(before)
        return found.group(1) if found else ""
    return ""


def _labelled(label: str) -> Iterator[str]:
    words = [word for word in re.split(r"[^a-z]+", label) if word]
    last = words[-3:]
    joined = "".join(words[-2:])
    if (
        label in cues("label-name")
        or joined in cues("label-name")
        or any(w in cues("label-name") for w in last)
    ):
        if not any(word in cues("org") for word in last):
            yield "label name"
    elif any(word in cues("label-person") or word in cues("role") for word in last):
        yield "label person"
    else:
        yield "label other"


def _closing(low: str, start: int) -> bool:
    """Whether the lines before take leave."""
    lines = [line for line in low[max(0, start - 160) : start].splitlines() if line.strip()]
    closing = cues("closing")
    return any(
        len(line) < 60 and any(word in closing for word in _LAST_WORDS.findall(line))
        for line in lines[-2:]
    )


def _after(run: Run, around: Surroundings) -> Iterator[str]:
    after = around.low[run.end : run.end + _WINDOW]
    if _COMPANY.match(after):
        yield "before company"
    word = _WORD_AFTER.match(after)
    for name in ("verb", "thing-after", "org"):
        if word and word.group(1) in cues(name):
            yield f"before {name}"
    role = _ROLE_AFTER.match(after)
    if role and (role.group(1) in cues("role") or role.group(1) in cues("kin")):
        yield "role after"
    if role and role.group(1) in ("ne", "nee", "born", "matricule"):
        yield "born"
    yield from _marks_after(after)


def _marks_after(after: str) -> Iterator[str]:
    if _SPEAKS.match(after):
        yield "speaks"
    if after[:1] == " " and after[1:2].isdigit():
        yield "number after"
    if after[:2] in (" &", " +"):
        yield "ampersand"
    if after[:2] == "'s":
        yield "possessive"


def _addressed(run: Run, parts: frozenset[str]) -> bool:
    """Whether an e-mail address of the text holds a part of the name of four letters or more."""
    if not parts:
        return False
    for name in run.names:
        word = name.word.replace("'", "").replace("-", "")
        if len(word) > 3 and any(word in part for part in parts):
            return True
    initials = "".join(name.word[0] for name in run.names[:-1])
    return len(run.names) > 1 and f"{initials}{run.names[-1].word}" in parts


def scored(runs: list[Run], around: Surroundings) -> list[tuple[Run, list[str], float]]:
    """Each run with its evidence and the probability that it is a name, neighbours in lists counted."""
    told = [evidence(run, around) for run in runs]
    sure = [probability(one) for one in told]
    first = list(sure)
    for at, (run, after) in enumerate(pairwise(runs)):
        between = around.low[run.end : after.start]
        if len(between) < 12 and between.strip() in _BETWEEN:
            for here, there in ((at, at + 1), (at + 1, at)):
                if first[here] > _LIKELY and not _OTHER.intersection(told[there]):
                    told[there].append("beside a name")
                    sure[there] = probability(told[there])
    return list(zip(runs, told, sure, strict=True))


def probability(told: list[str]) -> float:
    """How sure the evidence is, 0 to 1: the logistic function of the sum of its weights."""
    if "before company" in told or ("after thing-before" in told and "label name" not in told):
        return 0.0
    if "acronym" in told and _CERTAIN.isdisjoint(told):
        return 0.0
    weights = _weights()
    total = weights.get("bias", 0.0) + sum(weights.get(one, 0.0) for one in told)
    sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    if ("civility" in told or "label name" in told) and not _OTHER.intersection(told):
        return max(sure, _FLOOR)
    return sure


@cache
def _weights() -> dict[str, float]:
    file = files(__name__.rpartition(".")[0]).joinpath("lists", "weights.json")
    return json.loads(file.read_text("utf-8"))
