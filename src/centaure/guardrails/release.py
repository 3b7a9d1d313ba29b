"""An answer that comes piece by piece, let out a sentence at a time once the sentence was checked."""

import re

_END = re.compile(r"[.!?…][\"'”»’)\]*_]*(?=\s)|\n")
_LONGEST = 600
"""Characters that are held at most: code, tables and endless sentences have no full stop."""
_OVERLAP = 200
"""Characters before a sentence that are looked at again with it."""


class SentenceGate:
    """Collects pieces, and tells which sentences are whole.

    What was told is never told again. Time grows with the length of the answer.
    """

    def __init__(self) -> None:
        self._held = ""
        self._looked = 0
        self._before = ""

    @property
    def before(self) -> str:
        """The end of what was told so far, which a sentence may complete into something else."""
        return self._before

    def feed(self, piece: str) -> list[str]:
        """The sentences that are whole with this piece, with the white space after them."""
        self._held += piece
        told: list[str] = []
        while (end := self._end()) is not None:
            told.append(self._held[:end])
            self._held = self._held[end:]
            self._looked = 0
        return told

    def end(self) -> str:
        """What is left: the answer is over."""
        left, self._held = self._held, ""
        return left

    def told(self, text: str) -> None:
        """Remember what was checked, for what comes after it."""
        self._before = (self._before + text)[-_OVERLAP:]

    def _end(self) -> int | None:
        # The white space after a full stop may come with the next piece: look at the last character again.
        found = _END.search(self._held, max(self._looked - 8, 0))
        if found is not None and found.end() < len(self._held) + (found.group() == "\n"):
            space = re.compile(r"[^\S\n]*\n?").match(self._held, found.end())
            return space.end() if space is not None else found.end()
        self._looked = len(self._held)
        if len(self._held) <= _LONGEST:
            return None
        cut = self._held.rfind(" ", 0, _LONGEST)
        return cut + 1 if cut > 0 else _LONGEST
