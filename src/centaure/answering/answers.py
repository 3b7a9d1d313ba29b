"""What an answer is made of."""

from dataclasses import dataclass

from centaure.knowledge.retrieval import DocumentBrief
from centaure.knowledge.retrieval.readings import Turn

__all__ = ["Answer", "Citation", "Sentence", "Turn"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a document that an answer rests on.

    Attributes:
        number: what the answer calls it, from 1.
        document: where they stand.
        chunk_id: the passage that holds them.
        page: page of a PDF or slide, from 1.
        sheet: name of the sheet, in a workbook.
        cells: range in that sheet.
        heading: the headings above the passage.
        quote: the words, exactly as they stand in the passage.
    """

    number: int
    document: DocumentBrief
    chunk_id: int
    page: int | None
    sheet: str | None
    cells: str | None
    heading: tuple[str, ...]
    quote: str

    @property
    def place(self) -> int | str | None:
        """The page or slide, or the sheet's name."""
        return self.page if self.page is not None else self.sheet


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, and the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents that somebody may read say to a question.

    Attributes:
        question: as it was asked.
        language: "fr" or "en": that of the question, in which "not found" is said.
        answerable: whether they say anything.
        sentences: the answer, one to four; a single one without citation when nothing was found.
        citations: what they rest on, in the order of their numbers.
        helped_by: the language model that said the question otherwise for the search; empty: none did.
    """

    question: str
    language: str
    answerable: bool
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    helped_by: str = ""

    @property
    def text(self) -> str:
        """The answer in one paragraph, each sentence followed by the numbers of its citations."""
        return " ".join(
            " ".join([sentence.text, *(f"[{number}]" for number in sentence.citations)])
            for sentence in self.sentences
        )

    @property
    def classification(self) -> int | None:
        """The highest of the cited documents; None when nothing is cited."""
        return max((citation.document.classification for citation in self.citations), default=None)
