"""Names that no capital marks, or too many: `mme wagner`, `karima benyahia`, `N o m : D U V A L`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from centaure.guardrails.personal_data.names.lists import Known, cues, known_of
from centaure.guardrails.personal_data.names.runs import Run, separators
from centaure.guardrails.personal_data.names.tokens import Token, glued

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_a-z] ){2,}[^\W\d_a-z](?!\S)")
_NAME = int(Known.GIVEN | Known.FAMILY)
_GIVEN = int(Known.GIVEN)
_ONLY_WORD = int(Known.WORD)
_SHORTEST = 4
_LONGEST = 3


@dataclass(slots=True)
class _Open:
    """The run that is being read, and what opened it."""

    tokens: list[Token] = field(default_factory=list)
    civility: str = ""
    before: str = ""

    def takes(self, word: str, known: int) -> bool:
        """Whether a word goes on with the name."""
        if len(self.tokens) >= _LONGEST:
            return False
        if known & _NAME:
            return not known & _ONLY_WORD
        guessed = bool(self.civility) or self.before in cues("call")
        return guessed and not known and len(word) >= _SHORTEST


def small_runs(text: str, low: str) -> Iterator[Run]:
    """Runs in lower case that a word of civility, a relative or a given name opens.

    Args:
        text: as `Normalised.text`.
        low: the same in lower case without accents, as long.
    """
    civilities = cues("civility-small")
    opening = cues("kin") | cues("call")
    words = separators() | cues("verb") | cues("call") | cues("particle")
    held = _Open()
    before, last = "", 0
    for found in _WORD.finditer(low):
        start, end = found.span()
        word = found.group()
        known = known_of(word)
        titled = before in civilities
        if not held.tokens and not titled and not known & _NAME:
            before, last = word, end
            continue
        small = text[start].islower() and word not in words and not glued(text, start, end)
        token = Token(start, end, word, known if small else _ONLY_WORD, capital=False, upper=False)
        if held.tokens:
            if (
                text[last:start] == " "
                and held.takes(word, token.known)
                and not _again(held, low, end)
            ):
                held.tokens.append(token)
                before, last = word, end
                continue
            yield Run(held.tokens, held.civility)
            held = _Open()
        if small and not known & _ONLY_WORD and (known or "'" not in word):
            titled = titled and text[last:start] in (" ", ". ")
            named = known & _GIVEN and len(word) >= _SHORTEST
            if titled or named or (known & _NAME and before in opening):
                held = _Open([token], before if titled else "", before)
        before, last = word, end
    if held.tokens:
        yield Run(held.tokens, held.civility)


def _again(held: _Open, low: str, end: int) -> bool:
    """Whether a full name follows the surname: `madame quiniou morgane quiniou`."""
    return (
        bool(held.civility)
        and len(held.tokens) == 1
        and low.startswith(f" {held.tokens[0].word}", end)
    )


def spaced_runs(text: str, low: str) -> Iterator[Run]:
    """Names in capitals that a scan spaced out, after the label of a name: `N o m : D U V A L`."""
    for found in _SPACED.finditer(text):
        start, end = found.span()
        label = re.sub(r"[^a-z]", "", low[max(0, start - 24) : start].rpartition("\n")[2])
        if any(label.endswith(one) for one in cues("label-name")):
            word = low[start:end].replace(" ", "")
            token = Token(start, end, word, known_of(word), capital=True, upper=True)
            yield Run([token], label=True)
