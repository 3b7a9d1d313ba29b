"""Sentences of a text that a model is writing, each with the numbers of the passages that it cites."""

import re
from dataclasses import dataclass

from centaure.answering.generated.markers import MarkerReader
from centaure.knowledge.language.sentences import next_mark, sentence_end, sentences

LONGEST = 2_000
"""Characters of a sentence; a text without any end is cut there."""
_AHEAD = 12
"""Characters that must follow an end before it counts as one: the next word decides."""
_LONGEST_BLANK = 100
_BLANKS = re.compile(rf"(?<=\s{{{_LONGEST_BLANK}}})\s+")
_BLANK = " \t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_STRONG = re.compile(r"\*\*|__")
_TITLE = re.compile(r"^#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as a model wrote it.

    Attributes:
        text: in one line, without markers and without Markdown for bold and headings.
        cited: the numbers of its markers, each once.
        whole: whether it ends as a sentence does.
    """

    text: str
    cited: tuple[int, ...]
    whole: bool = True


class SentenceReader:
    """Reads a text piece by piece; what it gives does not depend on where the pieces were cut.

    A marker belongs to the sentence that it stands in or ends, also after its full stop; one that begins a
    line belongs to the sentence after it.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._markers = MarkerReader()
        self._text = ""
        self._marks: list[tuple[int, tuple[int, ...]]] = []
        self._tried = 0
        self._after_mark = False

    def read(self, piece: str) -> list[Written]:
        """The sentences that are complete now."""
        found: list[Written] = []
        for read in self._markers.read(piece):
            self._add(read)
            found += self._complete()
        return found

    def end(self) -> list[Written]:
        """The sentences that are left, the last of which may have no end."""
        for read in self._markers.end():
            self._add(read)
        found: list[Written] = []
        spans = sentences(self._text, self._language)
        for place, (start, end) in enumerate(spans):
            last = place == len(spans) - 1
            found.append(self._written(start, end, len(self._text) if last else end))
        self._text, self._marks = "", []
        return [each for each in found if each.text]

    def _add(self, read: str | tuple[int, ...]) -> None:
        if not isinstance(read, str):
            self._text = self._text.rstrip(_BLANK)
            self._marks.append((len(self._text), read))
            self._after_mark = True
            return
        if self._after_mark and read.startswith(".") and self._text.endswith((".", "!", "?", "…")):
            read = read[1:]
        self._after_mark = self._after_mark and not read
        seam = max(0, len(self._text) - _LONGEST_BLANK)
        self._text = self._text[:seam] + _BLANKS.sub("", self._text[seam:] + read)

    def _complete(self) -> list[Written]:
        """What is complete, taken off the text; an end counts once enough stands after it."""
        found: list[Written] = []
        while True:
            known = len(self._text.rstrip(_BLANK))
            mark = next_mark(self._text, self._tried)
            if mark is None or mark.end() > LONGEST:
                if known < LONGEST + _AHEAD:
                    return found
                found.append(self._taken(LONGEST, LONGEST))
            elif mark.end() + _AHEAD > known:
                return found
            else:
                start = len(self._text) - len(self._text.lstrip())
                seen = self._text[: mark.end() + _AHEAD]
                end = sentence_end(seen, start, mark, self._language)
                if end is None or end <= start:
                    self._tried = mark.end()
                else:
                    found.append(self._taken(end, mark.end()))

    def _taken(self, end: int, following: int) -> Written:
        start = len(self._text) - len(self._text.lstrip())
        written = self._written(start, end, end)
        self._text = self._text[following:]
        self._marks = [(offset - following, numbers) for offset, numbers in self._marks]
        self._tried = 0
        return written

    def _written(self, start: int, end: int, until: int) -> Written:
        """The sentence between two offsets, with the markers up to `until`, which are used up."""
        cited = [number for offset, each in self._marks if offset <= until for number in each]
        self._marks = [mark for mark in self._marks if mark[0] > until]
        text = " ".join(self._text[start:end].split())
        plain = _TITLE.sub("", _STRONG.sub("", text)).strip()
        whole = plain.rstrip("»”’\"')]} ").endswith((".", "!", "?", "…", ":", ";"))
        return Written(plain, tuple(dict.fromkeys(cited)), whole)
