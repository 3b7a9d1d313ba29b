"""Small words that turn what a sentence says: negations, obligations, conditions, quantifiers.

`marks.txt` has a kind, a class and a pattern on each line; patterns read plain letters. Classes of a kind
exclude each other, and the class that stands first in the file is tried first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from centaure.answering.groundedness.text import plain

_EACH = r"(?:par|per|/|chaque|each|every|tous\sles|toutes\sles|an?|once\sa)\s?"

_PERIOD = (
    r"(?:\w+\s)?(?:ans?|annee|jour|semaine|mois|trimestre|fois|soir|matin|nuit|heure|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi|dimanche|day|week|month|quarter|year|hour|night|morning|evening|time|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday)s?\b"
)


def _read() -> dict[str, re.Pattern[str]]:
    """One pattern for each kind, in which each class is a named group."""
    written = files("centaure.answering.groundedness").joinpath("marks.txt").read_text("utf-8")
    kinds: dict[str, dict[str, list[str]]] = {}
    for line in written.splitlines():
        kind, name, pattern = line.split(" ", 2)
        classes = kinds.setdefault(kind, {})
        classes.setdefault(name, []).append(
            pattern.replace("{each}", _EACH).replace("{period}", _PERIOD)
        )
    return {
        kind: re.compile(
            r"(?<![\w-])(?:"
            + "|".join(f"(?P<{name}>{'|'.join(parts)})" for name, parts in classes.items())
            + r")(?!\w)"
        )
        for kind, classes in kinds.items()
    }


_PATTERNS = _read()
GROUPS = tuple(_PATTERNS)
"""The kinds of marks, each of which has classes that exclude each other."""

_NEGATIONS = re.compile(
    r"""(?<![\w-])(?:
    (?P<plain> (?:ne|n')\s?(?!(?:depass|exced)\w*\spas)(?:\w+[\s'-]){1,4}?
      (?:pas|jamais|aucun\w*|rien|personne|plus(?!\s(?:d|que|\d|tard|tot|de))|ni|nul\w*|guere)
      (?!\s(?:seulement|uniquement|plus\sd|moins\sd|exceder|depasser|moins|plus\stard)) )
  | (?P<restrict> (?:ne|n')\s?(?:\w+\s){1,5}?qu(?:e|(?=')) )
  | (?P<none> hors\s(?:d')?(?:service|usage) | aucune?s?\b | nulle?\spart | jamais
      | (?<=,\s)pas(?=\s(?:ceux|celles|celui|celle|les|le|la|l'|en|au|aux|pour|avec))
      | pas(?=\s(?:d[e']|un|une|encore|obligatoire|autoris|possible|necess|besoin|tenu))
      | non(?!\sseulement)(?=[\s-](?:\w{3,})|[.;]|$) | ni\b
      | sans(?!\s(?:doute|delai|cesse|exception|exceder|depasser|condition|attendre|tarder)) )
  | (?P<english> no\slonger | no\smore(?!\sthan) | out\sof(?=\s(?:use|service|order|stock|date)) |
      not(?!\s(?:only|just|merely|more\sthan|less\sthan|later\sthan|exceed\w*|until))
      | (?<=\w)n't | never | cannot
      | no(?!\s(?:later|more|less|fewer|sooner|matter|doubt|longer\sthan)\b)(?!,)
      | none | neither | nor | nobody | nothing | without(?!\s(?:delay|exception|exceeding)) )
  | (?P<lexical> interdi\w+ | prohib\w+ | defendu\w* | refus\w+ | rejet\w+ | impossib\w+ | inelig\w+
      | exclu(?:e|s|es|t|ent|re)?\b | invalid\w+ | indisponib\w+ | illeg\w+ | insuffisan\w+ | inexist\w+
      | dispens\w+ | exempt\w* | exoner\w+ | forbid\w* | ban(?:s|ned)?\b | reject\w*
      | den(?:y|ies|ied)\b | decline[sd]?\b | unable | unavailab\w+ | ineligib\w+ | illegal\w*
      | exclud\w+ | fail(?:s|ed)?\b | lack(?:s|ed|ing)?\b | waive[sd]?\b )
    )(?!\w)""",
    re.VERBOSE,
)
_CONTRACTED = re.compile(r"\b(\w+)n't\b")


@dataclass(frozen=True, slots=True)
class Mark:
    """A small word that turns what it bears on.

    Attributes:
        group: "negation", or one of `GROUPS`.
        name: its class in the group.
        start: offset of its first character.
        end: offset after its last.
    """

    group: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Negation:
    """One negation.

    Attributes:
        start: offset of its first character.
        end: offset after its last.
        lexical: whether a word of its own says it ("interdit", "refuse").
        none: whether it stands before a noun ("aucun", "without").
    """

    start: int
    end: int
    lexical: bool
    none: bool = False


@lru_cache(maxsize=8192)
def marks(text: str) -> dict[str, frozenset[str]]:
    """The classes of marks that a text holds, by kind."""
    found: dict[str, set[str]] = {group: set() for group in GROUPS}
    for each in _marks(text):
        found[each.group].add(each.name)
    return {group: frozenset(names) for group, names in found.items()}


@lru_cache(maxsize=8192)
def _marks(text: str) -> tuple[Mark, ...]:
    flat = plain(text)
    return tuple(
        Mark(group, match.lastgroup, *match.span())
        for group, pattern in _PATTERNS.items()
        for match in pattern.finditer(flat)
        if match.lastgroup
    )


@lru_cache(maxsize=8192)
def found_marks(text: str) -> tuple[Mark, ...]:
    """The marks of a text with their places; its negations among them, but for words like "refuse"."""
    negative = [
        Mark("negation", "none" if each.none else "plain", each.start, each.end)
        for each in negations(text)
        if not each.lexical
    ]
    return (*_marks(text), *negative)


@lru_cache(maxsize=8192)
def negations(text: str) -> tuple[Negation, ...]:
    """The negations of a text; "ne ... que" restricts and is none."""
    flat = plain(text)
    found: list[Negation] = []
    place = 0
    while match := _NEGATIONS.search(flat, place):
        place = max(match.end(), place + 1)
        if match.lastgroup == "restrict":
            continue
        before_noun = match.lastgroup == "none" or match.group() in {"no", "without", "neither"}
        lexical = match.lastgroup == "lexical"
        found.append(Negation(match.start(), match.end(), lexical, before_noun))
    for match in _CONTRACTED.finditer(flat):
        if not any(each.start < match.end() and match.start() < each.end for each in found):
            found.append(Negation(match.start(), match.end(), lexical=False))
    return tuple(sorted(found, key=lambda each: each.start))


_IMPLIED = re.compile(
    r"\b(?:"
    + "|".join(
        files("centaure.answering.groundedness")
        .joinpath("implied.txt")
        .read_text("utf-8")
        .split("\n")
    ).strip("|")
    + r")\b"
)


@lru_cache(maxsize=8192)
def implied(text: str) -> bool:
    """Whether a word of a text denies something without a negation: "instead", "suspended", "only"."""
    return _IMPLIED.search(plain(text)) is not None


_ALIKE = {
    ("modality", "obligation"): frozenset({"obligation", "future"}),
    ("modality", "optional"): frozenset({"optional", "permission"}),
    ("modality", "permission"): frozenset({"optional", "permission", "possibility"}),
    ("modality", "possibility"): frozenset({"possibility", "permission"}),
    ("condition", "except"): frozenset({"except", "if"}),
    ("condition", "if"): frozenset({"except", "if"}),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """How the marks of one kind differ: another class stands for one, one is only said, one is left out."""

    changed: tuple[str, str] | None
    added: str
    dropped: str


def difference(group: str, said: Iterable[str], source: Iterable[str]) -> Difference:
    """What a sentence's marks of a kind say that the source's do not."""
    ours, theirs = frozenset(said), frozenset(source)
    extra = sorted(each for each in ours if not theirs & _alike(group, each))
    missing = sorted(each for each in theirs if not ours & _alike(group, each))
    if extra and missing:
        return Difference((extra[0], missing[0]), "", "")
    return Difference(None, extra[0] if extra else "", missing[0] if missing else "")


def _alike(group: str, name: str) -> frozenset[str]:
    return _ALIKE.get((group, name), frozenset({name}))
