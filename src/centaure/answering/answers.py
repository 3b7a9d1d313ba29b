"""What an answer is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from centaure.gateway.chat import Usage
from centaure.knowledge.retrieval import DocumentBrief
from centaure.knowledge.retrieval.readings import Turn

__all__ = [
    "Answer", "Approved", "Citation", "Fallback", "Judged", "Piece", "Sentence", "Stop", "Support", "Turn",
    "joined",
]  # fmt: skip

Support = Literal["supported", "unsupported", "unchecked"]
"""What the passages that it cites say of a sentence that a model wrote."""
Fallback = Literal[
    "no_model", "quota", "failed", "withheld", "check", "access", "needs_model", "chosen"
]
"""Why there is no model's answer. Documents are quoted where none may be asked this, a quota is used up, each
of them failed or wrote nothing, nothing that it wrote was borne out, or the one that somebody chose may not
be asked this. A check that stops a call replies; who asks for a right is told that no conversation gives any;
who wants a text written is told that this needs a model, and shown what it would be asked."""
Stop = Literal["length", "cut", "check"]
"""Why a model's answer stops early: it was as long as it may be, the model broke off, or a check ended it."""


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

    def on_page(self, page: int) -> "Citation":
        """The same, on another page."""
        return replace(self, page=page)

    @property
    def place(self) -> int | str | None:
        """The page or slide, or the sheet's name."""
        return self.page if self.page is not None else self.sheet


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer.

    Attributes:
        text: without markers.
        citations: numbers of those that it rests on.
        support: what they say of it; None: it is a quotation, and nothing is to be checked.
        reason: why, in the language of the answer.
    """

    text: str
    citations: tuple[int, ...]
    support: Support | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """That somebody stands for an answer, word for word.

    Attributes:
        id: number of the approved answer.
        sources: what it rests on, in words; may be empty.
        review_on: when it is to be looked at again.
    """

    id: int
    sources: str
    review_on: date


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents that somebody may read say to a question.

    Attributes:
        question: as it was asked.
        language: "fr" or "en": that of the question, in which "not found" is said.
        answerable: whether they say anything.
        sentences: the answer; a single one without citation when nothing was found.
        citations: what they rest on, in the order of their numbers.
        helped_by: the language model that said the question otherwise for the search; empty: none did.
        model: the language model that wrote it; empty: it is made of quotations.
        generation: the record of that.
        usage: the tokens of that; None: no model wrote it.
        prompt_version: name and version of what the model was told.
        given: documents whose words the model was shown, cited or not.
        shown: highest class, 0 to 3, of those and of the earlier answers that it was shown.
        fallback: why it is made of quotations, where a model might have written it.
        problem: the same for the reader, where there is more to say: which quota, until when.
        stopped: why it ends early; None: it does not.
        warning: whether its reader is to be warned that some sentences are not borne out.
        held: number of what of it, or of the question, waits for a person; the last sentence says so.
        approved: that somebody stands for it, so that no model was asked; None: nobody does.
        left_out: documents of which a part is left out, since it speaks to an assistant and not to a reader.
    """

    question: str
    language: str
    answerable: bool
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    helped_by: str = ""
    model: str = ""
    generation: int | None = None
    usage: Usage | None = None
    prompt_version: str = ""
    given: tuple[int, ...] = ()
    shown: int | None = None
    fallback: Fallback | None = None
    problem: str = ""
    stopped: Stop | None = None
    warning: bool = False
    held: int | None = None
    approved: Approved | None = None
    left_out: tuple[DocumentBrief, ...] = ()

    @property
    def text(self) -> str:
        """The answer in one paragraph, each sentence followed by the numbers of its citations."""
        return joined(
            " ".join([sentence.text, *(f"[{number}]" for number in sentence.citations)])
            for sentence in self.sentences
        )

    @property
    def classification(self) -> int | None:
        """The highest of what it names, or was shown to the model; None when there is nothing."""
        named = (*(citation.document for citation in self.citations), *self.left_out)
        classes = [document.classification for document in named]
        return max([*classes, *([] if self.shown is None else [self.shown])], default=None)


def joined(texts: Iterable[str]) -> str:
    """Sentences in a row, with a blank between two, or the line breaks that the first ends with."""
    said = ""
    for text in texts:
        said += text if not said or said.endswith("\n") else f" {text}"
    return said


@dataclass(frozen=True, slots=True)
class Judged:
    """What a second model says of a sentence that was in doubt, and was given already.

    Attributes:
        sentence: which, from 0.
        support: what it is now.
        reason: why: who judged, in the language of the answer.
    """

    sentence: int
    support: Support
    reason: str


Piece = Citation | Sentence | Judged | Answer
"""What an answer comes in: each sentence after the citations that it is the first to need, what was judged of
them afterwards, then the whole."""
