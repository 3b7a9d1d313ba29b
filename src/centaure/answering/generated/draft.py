"""An answer while a model writes it: each sentence checked, its citations numbered as they are needed."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from centaure.answering.answers import Citation, Judged, Sentence
from centaure.answering.generated.sentences import Written
from centaure.answering.generated.support import Checked, Sources

_AT_ONCE = 2
"""Sentences that are checked at once, whosoever they are."""
_checks = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="check")
"""Threads of their own: a check whose reader has gone holds its turn to the end; one that waits leaves."""
_NOT_SAID = re.compile(
    r"""\W*(?: les?\s(?:documents?|passages?|extraits?)\b[^.]{0,40}\bne\s(?:le\s|me\s|nous\s)?
        (?:dis|préci|mention|répond|permet|contien|fourni|donn|parl|indiqu)
    | je\sne\s(?:sais|trouve|peux)\b | je\sn['’]ai\spas\strouvé
    | (?:the\s)?(?:documents?|passages?|excerpts?)\b[^.]{0,40}\b(?:do|does)\s?(?:not|n['’]t)\b
    | i\s(?:do\snot|don['’]t)\sknow\b | i\s(?:could|did|can)\s?(?:not|n['’]t)\sfind\b )""",
    re.IGNORECASE | re.VERBOSE,
)


def says_nothing(written: Written) -> bool:
    """Whether a sentence says that the documents do not answer."""
    return not written.cited and bool(_NOT_SAID.match(written.text))


@dataclass(slots=True)
class Draft:
    """What was taken so far.

    Attributes:
        sources: what sentences are held against.
        withhold: whether sentences that are not borne out are left out.
        sentences: those that were taken, in order.
        citations: those that they needed, by the passage's number.
        withheld: how many sentences were left out.
    """

    sources: Sources
    withhold: bool = False
    sentences: list[Sentence] = field(default_factory=list[Sentence])
    citations: dict[int, Citation] = field(default_factory=dict[int, Citation])
    withheld: int = 0
    _before: str = ""
    _begun: bool = False
    _doubt: Written | None = None

    async def check(self, written: Written) -> list[Checked]:
        """The sentence, held against what it cites.

        A beginning that says that the documents do not answer waits for what follows.
        """
        if not self._begun and self._doubt is None and says_nothing(written):
            self._doubt = written
            return []
        waiting, self._doubt = self._doubt, None
        loop = asyncio.get_running_loop()
        return [
            await loop.run_in_executor(_checks, self._checked, each)
            for each in (waiting, written)
            if each is not None
        ]

    async def take(self, checked: Checked) -> list[Citation | Sentence]:
        """The sentence, after the citations that it is the first to need; nothing where it is left out."""
        return await asyncio.get_running_loop().run_in_executor(_checks, self._taken, checked)

    def amend(self, place: int, checked: Checked) -> Judged:
        """Say otherwise of a sentence that was taken, by its place from 0."""
        support, reason = checked.support, checked.reason
        self.sentences[place] = replace(self.sentences[place], support=support, reason=reason)
        return Judged(place, support, reason)

    @property
    def says_nothing(self) -> bool:
        """Whether all that was said is that the documents do not answer."""
        return self._doubt is not None

    @property
    def doubts(self) -> list[tuple[str, str]]:
        """The sentences that are not borne out, each with the reason."""
        return [
            (sentence.text, sentence.reason)
            for sentence in self.sentences
            if sentence.support == "unsupported"
        ]

    def _checked(self, written: Written) -> Checked:
        known = Written(written.text, self.sources.known(written.cited), written.whole)
        checked = self.sources.checked(known, self._before)
        self._before = written.text
        self._begun = self._begun or not self._left_out(checked)
        return checked

    def _left_out(self, checked: Checked) -> bool:
        return self.withhold and checked.support == "unsupported"

    def _taken(self, checked: Checked) -> list[Citation | Sentence]:
        if self._left_out(checked):
            self.withheld += 1
            return []
        written = checked.written
        fresh: list[Citation | Sentence] = []
        for passage in written.cited:
            if passage not in self.citations:
                number = len(self.citations) + 1
                cited = self.sources.citation(number, passage, written.text)
                self.citations[passage] = cited
                fresh.append(cited)
        numbers = tuple(self.citations[passage].number for passage in written.cited)
        sentence = Sentence(written.text, numbers, checked.support, checked.reason)
        self.sentences.append(sentence)
        return [*fresh, sentence]
