"""The passages that an answer rests on, cut into sentences that can be looked up by their words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from centaure.answering.groundedness.names import reference_keys
from centaure.answering.groundedness.statements import Statement, Term, surface
from centaure.knowledge.language import detect_language, sentences

_LONGEST_HEADING = 14
_MOST_STATEMENTS = 2_000
"""Sentences read of one passage."""


@dataclass(frozen=True)
class Passage:
    """A passage as it was given to whoever wrote the answer; its sentences are read once.

    Attributes:
        id: no other passage of the answer has it.
        text: its words.
    """

    id: str
    text: str

    @cached_property
    def statements(self) -> Sequence["SourceStatement"]:
        """Its sentences, in order."""
        return tuple(_cut(self))


class SourceStatement(Statement):
    """A sentence of a passage.

    Attributes:
        passage: identifier of its passage.
        place: rank of the sentence in it.
        around: the heading, the line that announces its list, or the header of its table.
    """

    def __init__(
        self, text: str, language: str, passage: str, place: int, around: Statement
    ) -> None:
        super().__init__(text, language)
        self.passage = passage
        self.place = place
        self.around = around

    @cached_property
    def terms(self) -> list[Term]:
        """The telling words; those of figures and dates among them, since most are never looked at."""
        return self._terms(())

    @property
    def above(self) -> str:
        """The lines above, as written."""
        return self.around.text


class Sources:
    """Every passage of an answer, prepared once for all its sentences."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self.statements = [each for passage in passages for each in passage.statements]

    @cached_property
    def by_stem(self) -> dict[str, list[int]]:
        """The statements that hold each stem."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, statement in enumerate(self.statements):
            for each in statement.stems:
                found[each].append(number)
        return dict(found)

    @cached_property
    def above(self) -> dict[str, list[int]]:
        """The statements that stand under a line with each stem."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, statement in enumerate(self.statements):
            if statement.above:
                for each in statement.around.stems:
                    found[each].append(number)
        return dict(found)

    @cached_property
    def families(self) -> dict[str, list[str]]:
        """Stems by their first three letters."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for each in {*self.by_stem, *self.above}:
            found[each[:3]].append(each)
        return dict(found)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for passage in self.passages for word in surface(passage.text))

    @cached_property
    def references(self) -> frozenset[str]:
        return frozenset(key for passage in self.passages for key in reference_keys(passage.text))

    @cached_property
    def language(self) -> str:
        return detect_language(" ".join(passage.text[:1_000] for passage in self.passages))

    def only(self, ranks: Iterable[int]) -> frozenset[int]:
        """The numbers of the statements of some passages."""
        wanted = {self.passages[rank].id for rank in ranks}
        return frozenset(n for n, each in enumerate(self.statements) if each.passage in wanted)


def _cut(passage: Passage) -> Iterator[SourceStatement]:
    text = passage.text
    language = detect_language(text[:2_000])
    spans = sentences(text, language)[:_MOST_STATEMENTS]
    heading = introduction = ""
    header = ""
    around = Statement("", language)
    for place, (start, end) in enumerate(spans):
        line = text[start:end]
        row = " | " in line
        if row and not line.replace("|", "").strip("- :"):
            continue
        if row and not header:
            header = line
        if not row:
            header = ""
        above = " . ".join(part for part in (heading, introduction, header if row else "") if part)
        above = above if above != line else ""
        if above != around.text:
            around = Statement(above, language)
        yield SourceStatement(line, language, passage.id, place, around)
        following = text[end : end + 1]
        if line.endswith(":"):
            introduction = line
        elif following == "\n" and not row and line[-1] not in ".!?…;,":
            if len(line.split()) <= _LONGEST_HEADING and not line.startswith(("-", "•", "*")):
                heading, introduction = line, ""
        elif (
            not line.startswith(("-", "•", "*", "–"))
            and not line.endswith(";")
            and line[:1].isupper()
        ):
            introduction = ""
