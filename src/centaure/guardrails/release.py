"""An answer that comes piece by piece, let out a sentence at a time once the sentence was checked."""

import re
from collections.abc import Iterable, Iterator

_END = re.compile(r"[.!?…][\"'”»’)\]*_]*(?=\s)|\n")
_SPACE = re.compile(r"[^\S\n]*\n?")
_LONGEST = 600
"""Characters that are held at most: code, tables and endless sentences have no full stop."""
_OVERLAP = 200
"""Characters before a sentence that are looked at again with it."""


class SentenceGate:
    """Collects pieces, and tells which sentences are whole.

    What was told is never told again, and no sentence is longer than what is held at most. Time grows with
    the length of the answer, however it is cut.
    """

    def __init__(self) -> None:
        self._held = ""
        self._told = 0
        self._looked = 0
        self._before = ""

    @property
    def before(self) -> str:
        """The end of what was told so far, which a sentence may complete into something else."""
        return self._before

    def feed(self, piece: str) -> list[str]:
        """The sentences that are whole with this piece, with the white space after them."""
        self._held = self._held[self._told :] + piece
        self._looked -= self._told
        self._told = 0
        sentences: list[str] = []
        while (end := self._end()) is not None:
            sentences.append(self._held[self._told : end])
            self._told = self._looked = end
        return sentences

    def end(self) -> str:
        """What is left: the answer is over."""
        left = self._held[self._told :]
        self._held, self._told, self._looked = "", 0, 0
        return left

    def told(self, text: str) -> None:
        """Remember what was checked, for what comes after it."""
        self._before = (self._before + text)[-_OVERLAP:]

    def _end(self) -> int | None:
        most = self._told + _LONGEST
        # The white space after a full stop may come with the next piece: look at the last character again.
        found = _END.search(self._held, max(self._looked - 8, self._told), most)
        if found is not None:
            space = _SPACE.match(self._held, found.end(), most)
            return space.end() if space is not None else found.end()
        self._looked = min(len(self._held), most)
        if len(self._held) <= most:
            return None
        cut = self._held.rfind(" ", self._told, most)
        return cut + 1 if cut > self._told else most


def grouped(sentences: Iterable[str]) -> Iterator[list[str]]:
    """Sentences that came at once, as many together as are held at most."""
    group: list[str] = []
    size = 0
    for sentence in sentences:
        size += len(sentence)
        if group and size > _LONGEST:
            yield group
            group, size = [], len(sentence)
        group.append(sentence)
    if group:
        yield group
