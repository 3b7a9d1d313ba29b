"""What is sent while a summary is made: server-sent events `progress`, `sentence`, `done`, or `error`."""

from pydantic import BaseModel

from centaure.answering.answers import Citation, Stop, Support
from centaure.answering.events import ErrorEvent, written
from centaure.answering.summaries.summary import (
    Fallback,
    Piece,
    Place,
    Progress,
    Stage,
    Summary,
    SummarySentence,
)
from centaure.kit.errors import CentaureError
from centaure.knowledge.retrieval.schemas import Classification, DocumentBrief

_CLASSES: tuple[Classification, ...] = ("C0", "C1", "C2", "C3")


class ProgressEvent(BaseModel):
    """Event `progress`: how many parts are over, or (`joining`) put together.

    `left_s` is how many seconds the whole will about take from now; null where nobody knows yet.
    """

    stage: Stage
    done: int
    parts: int
    left_s: float | None


class QuoteView(BaseModel):
    """Words of the document behind a sentence; a page is a PDF page or a slide, from 1."""

    chunk_id: int
    page: int | None
    sheet: str | None
    cells: str | None
    heading: list[str]
    quote: str

    @classmethod
    def of(cls, citation: Citation) -> "QuoteView":
        """The same, spelled for the API."""
        return cls(
            chunk_id=citation.chunk_id,
            page=citation.page,
            sheet=citation.sheet,
            cells=citation.cells,
            heading=list(citation.heading),
            quote=citation.quote,
        )


class SummarySentenceEvent(BaseModel):
    """Event `sentence`: the next sentence, its pages, and the words of the document that it rests on.

    `support` says whether these bear out what a language model wrote, and `reason` why; null where the
    sentence is a quotation.
    """

    text: str
    pages: list[int]
    citations: list[QuoteView]
    support: Support | None
    reason: str

    @classmethod
    def of(cls, sentence: SummarySentence) -> "SummarySentenceEvent":
        """The same, spelled for the API."""
        return cls(
            text=sentence.text,
            pages=list(sentence.pages),
            citations=[QuoteView.of(citation) for citation in sentence.citations],
            support=sentence.support,
            reason=sentence.reason,
        )


class PlaceView(BaseModel):
    """A part of the document."""

    heading: str
    page_first: int | None
    page_last: int | None

    @classmethod
    def of(cls, place: Place) -> "PlaceView":
        """The same, spelled for the API."""
        return cls(heading=place.heading, page_first=place.page_first, page_last=place.page_last)


class SummaryEvent(BaseModel):
    """Event `done`: the whole summary.

    `models` wrote it; where there are none its sentences are quotations, and `fallback` says why (`no_model`,
    `quota`, `failed`). `missing` parts are not in it. Where it is not `joined`, each part speaks for itself.
    `stopped` says that it ends early (`length`, `cut`), `warning` that its reader is to be warned of
    sentences that are not borne out, `left_out` that a part of the document is left out, since it speaks to
    an assistant and not to a reader, and `problem` what there is to add.
    """

    document: DocumentBrief
    language: str
    classification: Classification
    sentences: list[SummarySentenceEvent]
    parts: int
    missing: list[PlaceView]
    joined: bool
    models: list[str]
    generations: list[int]
    prompt_version: str
    fallback: Fallback | None
    problem: str
    stopped: Stop | None
    warning: bool
    left_out: bool

    @classmethod
    def of(cls, summary: Summary) -> "SummaryEvent":
        """The same, spelled for the API."""
        return cls(
            document=DocumentBrief.of(summary.document),
            language=summary.language,
            classification=_CLASSES[summary.classification],
            sentences=[SummarySentenceEvent.of(sentence) for sentence in summary.sentences],
            parts=summary.parts,
            missing=[PlaceView.of(place) for place in summary.missing],
            joined=summary.joined,
            models=list(summary.models),
            generations=list(summary.generations),
            prompt_version=summary.prompt_version,
            fallback=summary.fallback,
            problem=summary.problem,
            stopped=summary.stopped,
            warning=summary.warning,
            left_out=summary.left_out,
        )


def event(piece: Piece) -> str:
    """A piece of a summary, as the server-sent event that carries it."""
    match piece:
        case Progress():
            said = ProgressEvent(
                stage=piece.stage, done=piece.done, parts=piece.parts, left_s=piece.left_s
            )
            return written("progress", said)
        case SummarySentence():
            return written("sentence", SummarySentenceEvent.of(piece))
        case Summary():
            return written("done", SummaryEvent.of(piece))


def error_event(error: CentaureError) -> str:
    """An error after the first event, as the last one."""
    return written("error", ErrorEvent(status=error.status, detail=error.message))
