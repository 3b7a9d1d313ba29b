"""The check on secrets that an answer gives away: those of its context, and any by their shape."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from centaure.guardrails.checks import Context
from centaure.guardrails.normalisation import Normalised, folded
from centaure.guardrails.output.disguises import (
    backwards,
    decoded,
    initials,
    leet,
    shifted,
    spelled,
)
from centaure.guardrails.output.letters import bare, letters
from centaure.guardrails.output.secrets import Sought, sought, triples
from centaure.guardrails.output.shapes import shaped
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage

_SHARE = 0.6
"""The share of a sentence, in three words in a row, from which it counts as given away."""
_ALMOST = 0.9
"""The share of the letters of a value, from its beginning or to its end, that counts as all of it."""
_LONGEST = 20_000
"""Characters of an answer that are looked at in disguise."""
_WORD = re.compile(r"\w+")


class Leak:
    """Secrets as they are, in disguise, or in part. A translation or a paraphrase is not found."""

    name: ClassVar[str] = "leak"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(
        at=0.5, action=Action.BLOCK, doubt_at=0.3, in_doubt=Action.REDACT
    )

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """Where the secrets of the context stand, and what has the shape of one."""
        for start, end, rule, score in shaped(text.text):
            yield Finding(*text.span(start, end), self.name, "SECRET", score, rule)
        if not context.secrets or not text.original:
            return
        plain, hidden = letters(text.text), _Hidden(text)
        whole = (0, len(text.original))
        for secret in context.secrets:
            wanted = sought(secret)
            placed = next(
                (place for value in wanted.values if (place := plain.find(value)) is not None), None
            )
            if placed is not None:
                yield Finding(*text.span(*placed), self.name, "SECRET", 0.98, "secret.1")
                continue
            partial = hidden.partial(wanted)
            if partial is not None:
                yield Finding(*whole, self.name, "INSTRUCTIONS", partial, "secret-in-part.1")
            elif (rule := hidden.rule(wanted)) is not None:
                yield Finding(*whole, self.name, "SECRET", 0.9, rule)


@dataclass(slots=True)
class _View:
    rule: str
    said: str
    least: int


class _Hidden:
    """The ways to read one text, made when they are first needed."""

    def __init__(self, text: Normalised) -> None:
        self._text = text.text[:_LONGEST]
        self._unseen = text.hidden
        self._views: list[_View] | None = None
        self._plain = bare(self._text)
        self._leet = leet(self._plain)
        self._words = _WORD.findall(folded(self._text))
        self._triples = triples(self._words)

    def partial(self, wanted: Sought) -> float | None:
        """How sure it is that a part of a secret stands in the text; None: it does not."""
        for one in wanted.statements:
            if len(one.whole) > 24 and one.whole in self._plain:
                return 0.95
            if one.opening is not None and one.opening not in self._triples:
                continue
            if one.triples and len(one.triples & self._triples) >= _SHARE * len(one.triples):
                return 0.8
        if any(one in self._plain for one in wanted.segments):
            return 0.8
        for value in wanted.values:
            size = int(len(value) * _ALMOST)
            key = 9 < len(value) < 60 and not value.isalpha()
            if key and (value[:size] in self._plain or value[-size:] in self._plain):
                return 0.7
        return None

    def rule(self, wanted: Sought) -> str | None:
        """The disguise in which a secret stands in the text; None: it does not."""
        if self._views is None:
            self._views = list(self._made())
        told = [*wanted.values, *(one.whole for one in wanted.statements)]
        for value in told:
            for view in self._views:
                if len(value) >= view.least and value in view.said:
                    if view.rule == "secret-initials.1" and not value.isalpha():
                        continue
                    return view.rule
            if len(value) > 5 and value not in self._plain and leet(value) in self._leet:
                return "secret-leet.1"
        return None

    def _made(self) -> Iterator[_View]:
        yield _View("secret-reversed.1", self._plain[::-1], 6)
        yield _View("secret-reversed.1", backwards(self._text), 8)
        if (said := spelled(self._text)) != self._plain:
            yield _View("secret-spelled.1", said, 5)
        if self._unseen:
            yield _View("secret-unseen.1", bare(self._unseen), 4)
        for said in decoded(self._text):
            yield _View("secret-encoded.1", said, 4)
            yield _View("secret-encoded.1", said[::-1], 6)
        for said in shifted(self._plain):
            yield _View("secret-shifted.1", said, 7)
        for said in initials(self._text):
            yield _View("secret-initials.1", said, 5)
