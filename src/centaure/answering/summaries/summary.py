"""What a summary is made of."""

from dataclasses import dataclass
from typing import Literal

from centaure.answering.answers import Citation, Sentence, Stop, Support
from centaure.knowledge.retrieval import DocumentBrief

Fallback = Literal["no_model", "quota", "failed"]
"""Why sentences of the document are quoted: no model may be sent it, a quota is used up, or each failed."""
Stage = Literal["parts", "joining"]
Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is.

    Attributes:
        stage: parts are summarised, or their summaries put together.
        done: parts of this stage that are over, whatever became of them.
        parts: all of them.
        left_s: seconds that the whole will about take; None: nobody knows yet.
    """

    stage: Stage
    done: int
    parts: int
    left_s: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of a document is: the headings above it, and its pages from 1, where it has any."""

    heading: str
    page_first: int | None
    page_last: int | None


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of a summary.

    Attributes:
        text: without markers.
        citations: words of the document that it rests on.
        support: what these say of it; None: it is a quotation.
        reason: why, in the language of the summary.
    """

    text: str
    citations: tuple[Citation, ...]
    support: Support | None = None
    reason: str = ""

    @classmethod
    def of(cls, sentence: Sentence, citations: dict[int, Citation]) -> "SummarySentence":
        """A sentence of an answer, with its citations instead of their numbers."""
        cited = tuple(citations[number] for number in sentence.citations)
        return cls(sentence.text, cited, sentence.support, sentence.reason)

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages or slides that it rests on, in order; empty where the format has none."""
        return tuple(sorted({one.page for one in self.citations if one.page is not None}))


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole of it.

    Attributes:
        document: what is summarised, as it was when it was last looked up.
        classification: the highest class, 0 to 3, that the document had meanwhile.
        language: "fr" or "en".
        sentences: in the order of the document, or as a model put them together.
        parts: how many parts the document was cut into.
        missing: the parts that are not in it, since no model summarised them.
        joined: whether the parts were put together; else each speaks for itself.
        models: the language models that wrote; empty: sentences are quotations.
        generations: the records of that.
        prompt_version: what the models were told.
        fallback: why sentences are quotations; None: they are not.
        problem: the same for the reader, where there is more to say.
        stopped: why it ends early; None: it does not.
        warning: whether its reader is to be warned of sentences that are not borne out.
        left_out: whether a part of it is left out, since it speaks to an assistant and not to a reader.
    """

    document: DocumentBrief
    classification: int
    language: str
    sentences: tuple[SummarySentence, ...]
    parts: int
    missing: tuple[Place, ...] = ()
    joined: bool = True
    models: tuple[str, ...] = ()
    generations: tuple[int, ...] = ()
    prompt_version: str = ""
    fallback: Fallback | None = None
    problem: str = ""
    stopped: Stop | None = None
    warning: bool = False
    left_out: bool = False


Piece = Progress | SummarySentence | Summary
"""What a summary comes in; the whole is last."""
