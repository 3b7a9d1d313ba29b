"""The check on documents and tool results: passages that speak to the assistant, not to a reader."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from centaure.guardrails.checks import Context
from centaure.guardrails.documents.extent import extent
from centaure.guardrails.documents.signs import Seen, seen
from centaure.guardrails.normalisation import Normalised, folded
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage

LABEL = "PLANTED_INSTRUCTION"
_TOGETHER = 240
"""Characters between signs that speak of the same passage."""
_QUOTED = 0.4
"""What a passage counts that is only quoted as an example, of what it would count by itself."""
_QUOTES = re.compile('«[^«»\n]{1,600}»|“[^“”\n]{1,600}”|"[^"\n]{12,600}"')
_EXAMPLE = re.compile(
    r"\b(?:exemples?|phrases?|cas d'ecole|fraudeurs?|pirates?|attaques?|formations?|formateur|quiz|piege"
    r"|sensibilis\w+|signal\w+|contenait|injection|example|attack\w*|awareness|training|phishing|contained)\b"
)
_AROUND = 300
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,4000}={0,2}")
_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_ENCODED, _INVISIBLE = "hidden.base64.1", "hidden.tags.1"
_MOST_ENCODED = 20


class Planted:
    """Instructions to the assistant in what it only reads: the passage is left out, the rest is kept."""

    name: ClassVar[str] = "planted"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.DOCUMENT})
    default: ClassVar[Sensitivity | None] = Sensitivity(at=0.5, action=Action.REDACT)

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """The passages, each with its surest sign; one that is only quoted as an example counts little."""
        del context
        plain = folded(text.text)
        for group in _passages(seen(plain)):
            start, end = extent(plain, group[0].start, max(one.end for one in group))
            score = _score(group)
            if _is_example(plain, group[0].start, group[-1].start):
                score *= _QUOTED
            surest = max(group, key=lambda one: one.sign.score)
            yield self._finding(text.span(start, end), score, surest.sign.rule)
        for start, end in _encoded(text.text):
            yield self._finding(text.span(start, end), 0.9, _ENCODED)
        for found in _TAGS.finditer(text.original):
            yield self._finding(found.span(), 0.95, _INVISIBLE)

    def _finding(self, span: tuple[int, int], score: float, rule: str) -> Finding:
        return Finding(*span, self.name, LABEL, score, rule)


def _passages(signs: Iterable[Seen]) -> Iterator[Sequence[Seen]]:
    """Signs that stand together, in the order of the text."""
    group: list[Seen] = []
    last = 0
    for one in sorted(signs, key=lambda sign: (sign.start, sign.end)):
        if group and one.start - last > _TOGETHER:
            yield group
            group = []
        last = max(last, one.end) if group else one.end
        group.append(one)
    if group:
        yield group


def _score(group: Sequence[Seen]) -> float:
    """How sure signs are together, 0 to 1, as if they were independent; each kind counts once."""
    doubt = 1.0
    for _, score in {(one.sign.rule, one.sign.score) for one in group}:
        doubt *= 1 - score
    return 1 - doubt


def _is_example(plain: str, first: int, last: int) -> bool:
    """Whether a quotation holds signs from `first` to `last`, and the words around it speak of an example."""
    begin, over = max(first - 2 * _AROUND, 0), last + 2 * _AROUND
    for quotation in _QUOTES.finditer(plain, begin, over):
        start, end = quotation.span()
        if start <= first and last < end:
            around = plain[max(start - _AROUND, 0) : start] + plain[end : end + _AROUND]
            return _EXAMPLE.search(around) is not None
    return False


def _encoded(text: str) -> Iterator[tuple[int, int]]:
    """Where base64 stands that says something to an assistant."""
    for count, found in enumerate(_BASE64.finditer(text)):
        if count == _MOST_ENCODED:
            return
        said = _decoded(found.group())
        if said and next(seen(folded(said)), None) is not None:
            yield found.span()


def _decoded(part: str) -> str:
    stripped = part.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(stripped + "=" * (-len(stripped) % 4), validate=True).decode()
    except (ValueError, binascii.Error):
        return ""
