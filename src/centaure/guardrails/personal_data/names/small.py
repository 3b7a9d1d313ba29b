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
    found = [(one.start(), one.end(), one.group()) for one in _WORD.finditer(low)]
    begins = [
        at
        for at, (_, _, word) in enumerate(found)
        if known_of(word) & _NAME or (at and found[at - 1][2] in civilities)
    ]
    done = 0
    for first in begins:
        if first < done:
            continue
        held, done = _Open(), first
        while done < len(found):
            start, end, word = found[done]
            before, last = (found[done - 1][2], found[done - 1][1]) if done else ("", 0)
            known = known_of(word)
            small = text[start].islower() and word not in words and not glued(text, start, end)
            flags = known if small else _ONLY_WORD
            token = Token(start, end, word, flags, capital=False, upper=False)
            if held.tokens:
                joined = text[last:start] == " " and held.takes(word, token.known)
                if not joined or _again(held, low, end):
                    break
                held.tokens.append(token)
            else:
                titled = before in civilities and text[last:start] in (" ", ". ")
                named = known & _GIVEN and len(word) >= _SHORTEST
                likely = small and not known & _ONLY_WORD and (known or "'" not in word)
                opened = titled or named or (known & _NAME and before in opening)
                if not likely or not opened:
                    break
                held = _Open([token], before if titled else "", before)
            done += 1
        done = max(done, first + 1)
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
