"""What a simulated language model makes of a question: by rule, the same everywhere, without weights.

It stands in for a real one in demonstrations, tests and measures; what it writes is crude.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache

from centaure.knowledge.language import detect_language
from centaure.knowledge.retrieval.prompts import prompt
from centaure.knowledge.retrieval.thesaurus.lexicon import pairs

_OPENING = re.compile(
    r"^(?:et|ou|mais|alors|and|or|but|then|so|what about|how about|as for|qu'en est-il de)\b\s*",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:il|ils|elle|elles|celui|celle|ceux|cela|ça|it|its|they|them|that|those|this|these)\b",
    re.IGNORECASE,
)
_SHORT = 4
_CLAUSES = re.compile(
    r"\s*;\s*|,?\s+(?:and|et|while|tandis que|ainsi que|as well as|compared (?:to|with)|par rapport à)\s+",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"((?:\S+\s+){2})(?=(?:who|which|that|whose|where|qui|que|dont|où)\s)", re.IGNORECASE
)
_FEWEST_WORDS = 3
_ASKING = re.compile(
    r"^(?:(?:what|which|who|when|where|why|how|is|are|was|were|does|do|did|can|many|much|quelles?|quels?|qui|que"
    r"|quand|où|pourquoi|comment|combien|est-ce que|est|sont)\s+)+",
    re.IGNORECASE,
)


def by_rule(instructions: str, text: str) -> str | None:
    """What is made of a question; None: the instructions are none of this package's.

    Args:
        instructions: a prompt of this package.
        text: the JSON that goes with it.
    """
    rule = _rules().get(instructions)
    if rule is None:
        return None
    try:
        asked = json.loads(text)
        earlier = [str(turn["text"]) for turn in asked.get("earlier", []) if turn["role"] == "user"]
        return rule(str(asked["question"]).strip(), earlier, str(asked.get("into", "")))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None  # the prompts are no secret: others may send them with anything


@lru_cache(maxsize=1)
def _rules() -> dict[str, Callable[[str, list[str], str], str]]:
    return {
        prompt("rewritten"): _rewritten,
        prompt("parts"): _parts,
        prompt("hypothetical"): _hypothetical,
        prompt("translation"): _translation,
    }


def _rewritten(question: str, earlier: list[str], _into: str) -> str:
    """The last question before it, and what it adds."""
    opening = _OPENING.match(question)
    leans = opening or len(question.split()) < _SHORT or _BACK.search(question)
    if not leans or not earlier:
        return question
    return f"{earlier[-1].rstrip(' ?.!')} {_OPENING.sub('', question)}"


def _parts(question: str, _earlier: list[str], _into: str) -> str:
    """Its clauses; what a relative clause is about goes with it too."""
    whole = question.rstrip(" ?.!")
    clauses = _CLAUSES.split(_RELATIVE.sub(r"\1; \1", whole))
    kept = [clause.strip(" ,") for clause in clauses if len(clause.split()) >= _FEWEST_WORDS]
    return "\n".join(kept) if len(kept) > 1 else question


def _hypothetical(question: str, _earlier: list[str], _into: str) -> str:
    """What it asks, said as a statement."""
    return _ASKING.sub("", question).rstrip(" ?") + "."


def _translation(question: str, _earlier: list[str], into: str) -> str:
    """Its expressions that the lexicon of business terms holds in the other language, the rest as it is."""
    language = "fr" if detect_language(question) == "fr" else "en"
    if not into or into == _NAMES[language]:
        return question
    pattern, words = _dictionary(language)
    return pattern.sub(lambda found: words[found.group(1).casefold()], question)


_NAMES = {"fr": "French", "en": "English"}


@lru_cache(maxsize=2)
def _dictionary(language: str) -> "tuple[re.Pattern[str], dict[str, str]]":
    words: dict[str, str] = {}
    for french, english in pairs():
        term, other = (french, english) if language == "fr" else (english, french)
        words.setdefault(term.casefold(), other)
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest))})[sx]?\b", re.IGNORECASE), words
