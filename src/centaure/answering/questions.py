"""A question as evidence is weighed against it: its terms, what it asks for, what it insists on."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from centaure.answering.lexicon import related_stems
from centaure.answering.values import Kind, expected_kind, plain
from centaure.knowledge.language import Token, detect_language, stem_levels, tokens

LANGUAGES: tuple[str, ...] = ("fr", "en", "simple")
MOST_CHARACTERS = 2_000
"""Characters of a question that are weighed: more is a document, not a question."""
MOST_TERMS = 24
"""Terms that are weighed, the most telling ones."""

TELLING = 2.0
"""Nats from which a word tells what a question is about."""
_UNKNOWN_LEVEL = 720
_WORDS_OF_A_PASSAGE = 200
_FORMS = """
obtenir pouvoir devoir vouloir savoir connaitre peut puis dois doit faut prevu prevue prevus prevues existe
exister concerne concernant possible droit besoin question reponse svp merci bonjour savez explique
expliquer expliquez donne donner donnez dire dis dites indiquer indique indiquez precise preciser quelle
bien cas propos sujet know tell give show explain possible find please thanks hello question answer
regarding concerning happen happens say says want need
"""
_FORM_STEMS = {
    language: frozenset(token.stem for token in tokens(_FORMS, language)) for language in LANGUAGES
}
_REFERENCE = re.compile(r"\d{4}|[^\W\d_]+[-./]?\d|\d[-./]?[^\W\d_]{1,3}\d?")
_FORM_SHARE = 0.3
"""What is left of the weight of a word that shapes the question rather than its subject."""
_FRENCH_HINT = re.compile(
    r"\b(?:le|la|les|un|une|des|du|est|et|quel|quelle|quels|quelles|qui|que|quoi|comment|combien|quand|pour"
    r"|ou|au|aux|pas|mon|ma|mes|notre|nos|chez|sur|dans|avec)\b|[cdjlmnqst]'",
)
_ENGLISH_HINT = re.compile(
    r"\b(?:the|is|are|what|who|when|where|how|why|which|of|for|and|do|does|can|in|at|to|my|our|on|with)\b"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question.

    Attributes:
        word: as it is written.
        stems: its stem in each language.
        related: stems of words that mean nearly the same, in each language.
        weight: what it tells, in nats: 0.2 for a very frequent word, 11 for an unknown one.
        place: its rank among the words of the question.
        strict: whether only the same will do: a reference, a year.
        name: whether it is written as a proper name.
        own: whether the question itself says it, rather than an earlier turn.
    """

    word: str
    stems: dict[str, str]
    related: dict[str, frozenset[str]]
    weight: float
    place: int
    strict: bool
    name: bool
    own: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """An analysed question.

    Attributes:
        text: as it was asked, as far as it is read.
        language: "fr" or "en", for what is said in answer.
        terms: its words that tell something, in order.
        kind: the kind of value it asks for.
        numbers: the numbers that it says itself.
    """

    text: str
    language: str
    terms: tuple[Term, ...]
    kind: Kind | None
    numbers: frozenset[str]

    @property
    def search_text(self) -> str:
        """What search is asked: the question, and the words that earlier turns lend it."""
        return " ".join([self.text, *(term.word for term in self.terms if not term.own)])

    @property
    def lent(self) -> bool:
        """Whether an earlier turn lends it words."""
        return any(not term.own for term in self.terms)

    @property
    def own(self) -> tuple[int, ...]:
        """The places of the telling words that it says itself."""
        return tuple(
            place for place, term in enumerate(self.terms) if term.own and term.weight >= TELLING
        )

    @property
    def weight(self) -> float:
        """What all its terms tell together."""
        return sum(term.weight for term in self.terms)


def question_language(text: str) -> str:
    """The language to answer in, "fr" or "en"; French when neither can be told."""
    language = detect_language(text)
    if language != "simple":
        return language
    folded = plain(text)
    french, english = len(_FRENCH_HINT.findall(folded)), len(_ENGLISH_HINT.findall(folded))
    return "en" if english > french else "fr"


@lru_cache(maxsize=1 << 16)
def telling(stem: str, language: str) -> float:
    """What a stem tells: -log of the probability that a passage of general text holds it."""
    if language == "simple":
        return min(telling(stem, "fr"), telling(stem, "en"))
    frequency = 10 ** (-stem_levels(language).get(stem, _UNKNOWN_LEVEL) / 100)
    return -math.log(-math.expm1(-frequency * _WORDS_OF_A_PASSAGE))


def analyse(text: str, carried: tuple[Term, ...] = (), kind: Kind | None = None) -> Question:
    """The question's terms; `carried` are those of earlier turns that complete it.

    Args:
        text: as it was asked; only its first `MOST_CHARACTERS` count.
        carried: terms that an earlier turn lends, see `followups`.
        kind: what the earlier turn asked for, taken when this one does not say.
    """
    read = text[:MOST_CHARACTERS]
    language = question_language(read)
    own = _terms(read, language)
    known = {term.stems[language] for term in own}
    lent = [term for term in carried if term.stems[language] not in known]
    terms = sorted([*own, *lent], key=lambda term: -term.weight)[:MOST_TERMS]
    terms.sort(key=lambda term: term.place)
    return Question(
        text=read,
        language=language,
        terms=tuple(terms),
        kind=expected_kind(read) or kind,
        numbers=frozenset(re.findall(r"\d[\d.,]*\d|\d", read)),
    )


def _terms(text: str, language: str) -> list[Term]:
    found: dict[str, Term] = {}
    readings = [tokens(text, each) for each in LANGUAGES]
    own = readings[LANGUAGES.index(language)]
    shouted = text.isupper()
    for place, (token, *each) in enumerate(zip(own, *readings, strict=True)):
        written = text[token.start : token.end]
        if token.stop or (len(token.stem) == 1 and not token.stem.isdigit()):
            continue
        if token.stem in found:
            continue
        strict = bool(_REFERENCE.search(written))
        name = not shouted and written[0].isupper() and not _begins(text, token)
        weight = telling(token.stem, language)
        if token.stem in _FORM_STEMS[language] and not name:
            weight *= _FORM_SHARE
        stems = {key: reading.stem for key, reading in zip(LANGUAGES, each, strict=True)}
        related = {key: related_stems(written, key) for key in LANGUAGES}
        found[token.stem] = Term(written, stems, related, weight, place, strict, name)
    return list(found.values())


def _begins(text: str, token: Token) -> bool:
    """Whether the word begins a sentence, where a capital says nothing."""
    before = text[: token.start].rstrip(" «\"'’(-")
    return not before or before[-1] in ".?!:\n"
