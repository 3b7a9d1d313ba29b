"""The check on insults: words that an assistant does not use, what makes them harmless, and scorn."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar

from centaure.guardrails.checks import Context
from centaure.guardrails.normalisation import Normalised, folded
from centaure.guardrails.output.sentences import quoted, sentences
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage

_SCORES = {"SLUR": 0.9, "INSULT": 0.7, "PROFANITY": 0.55, "HATE": 0.75}
_SPOKEN_OF = 0.2
_NEAR = 60
"""Characters between a group and the scorn for it."""
_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*]\w){3,}(?!\w)")
_MASKED = str.maketrans("@$013457", "asoieast")
_LEETED = re.compile(r"(?<![\w@$])[a-z@$013457]{3,30}(?![\w@$])")
_AIM = re.compile(
    r"\b(?:tu es|t'es|vous etes|il est|elle est|ils sont|elles sont|espece|bande|sales?|pauvres?|you|you're"
    r"|u r|ur|you are|he is|she is|they are|your (?:stupid|dirty|little)|stupid|fucking|dirty|filthy|dumb)\W+"
    r"(?:(?:vraiment|juste|bien|tous|toutes|un|une|des|de|d|que|qu|really|just|all|such|a|an|of|fucking|putain|"
    r"little|gros|grosse|petit|petite)\W+){0,4}$"
)


class Inappropriate:
    """Slurs, insults, coarse words, and scorn for a group said in plain words.

    Hatred without such words is not found: that takes a model.
    """

    name: ClassVar[str] = "inappropriate"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(at=0.5, action=Action.REDACT)

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """Each place; what is quoted or spoken of keeps a low score."""
        del context
        plain = folded(text.text)
        quotes = quoted(plain)
        for start, end in sentences(plain):
            for first, last, label in _found(plain[start:end]):
                at = start + first
                of = any(one < start + last and at < other for one, other in quotes)
                of = of or _lexicon().denied.search(plain, start, end) is not None
                score = _SPOKEN_OF if of else _SCORES[label]
                rule = f"{label.lower()}.{_lexicon().version}"
                yield Finding(*text.span(at, start + last), self.name, label, score, rule)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    version: int
    labels: dict[str, str]
    aimed: frozenset[str]
    phrases: dict[str, re.Pattern[str]]
    groups: frozenset[str]
    scorn: frozenset[str]
    denied: re.Pattern[str]


def _found(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Where a sentence is inappropriate: start, end, label."""
    lexicon = _lexicon()
    groups: list[tuple[int, int]] = []
    scorn: list[tuple[int, int]] = []
    for start, end, word in _words(sentence):
        singular = _singular(word, lexicon.labels)
        label = lexicon.labels.get(singular)
        if label is not None and (singular not in lexicon.aimed or _is_aimed(sentence, start)):
            yield start, end, label
        if _singular(word, lexicon.groups) in lexicon.groups:
            groups.append((start, end))
        if word in lexicon.scorn:
            scorn.append((start, end))
    for label, phrases in lexicon.phrases.items():
        for one in phrases.finditer(sentence):
            yield *one.span(), label
    for (start, end), (first, last) in _pairs(groups, scorn):
        if max(first - end, start - last) <= _NEAR:
            yield min(start, first), max(end, last), "HATE"


def _pairs(
    groups: list[tuple[int, int]], scorn: list[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Each scorn with the group that is nearest to it."""
    for one in scorn[:20]:
        if groups:
            yield min(groups[:20], key=lambda group: abs(group[0] - one[0])), one


def _words(sentence: str) -> Iterator[tuple[int, int, str]]:
    for one in _WORD.finditer(sentence):
        yield *one.span(), one.group()
    for one in _SPACED.finditer(sentence):
        yield *one.span(), re.sub(r"\W|_", "", one.group())
    for one in _LEETED.finditer(sentence):
        word = one.group()
        if not (word.isalpha() or word.isdigit()):
            yield *one.span(), word.translate(_MASKED)


def _singular(word: str, known: Iterable[str]) -> str:
    """A word as the lexicon has it, without the ending of a plural or a feminine."""
    for ending in ("", "s", "x", "e", "es"):
        stem = word.removesuffix(ending) if ending else word
        if stem in known and (stem != word or not ending):
            return stem
    return word


def _is_aimed(sentence: str, at: int) -> bool:
    """Whether the words before say it of somebody."""
    return _AIM.search(sentence[max(at - 40, 0) : at]) is not None


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(
        files("centaure.guardrails.output").joinpath("insults.toml").read_text(encoding="utf-8")
    )
    labels = dict.fromkeys(data["crude"].split(), "PROFANITY")
    labels |= dict.fromkeys(data["insults"].split(), "INSULT")
    labels |= dict.fromkeys(data["slurs"].split(), "SLUR")
    phrases = {
        label: re.compile(
            "|".join(_phrase(one) for one in labels if "-" in one and labels[one] == label)
        )
        for label in ("SLUR", "INSULT")
    }
    return _Lexicon(
        version=data["version"],
        labels=labels,
        aimed=frozenset(data["aimed"].split()),
        phrases=phrases,
        groups=frozenset(data["groups"].split()),
        scorn=frozenset(data["scorn"].split()),
        denied=re.compile("|".join(f"(?:{one})" for one in data["denied"].split("\n") if one)),
    )


def _phrase(words: str) -> str:
    """An expression for words of the lexicon that stand together, each in singular or plural."""
    return r"\b" + r"\W{1,2}".join(f"{word}(?:s|x|es)?" for word in words.split("-")) + r"\b"
