"""Search as the API spells it."""

from datetime import date, datetime
from typing import Annotated, Literal, Protocol, Self

from pydantic import BaseModel, Field

from centaure.knowledge.retrieval import results
from centaure.knowledge.retrieval.explanation import HitExplained, QuestionExplained
from centaure.knowledge.retrieval.filters import FilterWords
from centaure.knowledge.retrieval.votes import Thumb, Verdict

Classification = Literal["C0", "C1", "C2", "C3"]
LONGEST_QUERY = 10_000
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Words = Annotated[str | None, Field(max_length=1000)]


class Described(Protocol):
    """Any description of a document; `classification` is 0 to 3."""

    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def classification(self) -> int: ...
    @property
    def modified(self) -> datetime | None: ...


class DocumentBrief(BaseModel):
    """A document as lists show it; `source` is the name of the source."""

    id: int
    title: str
    path: str
    source: str
    format: str
    language: str
    classification: Classification
    modified: datetime | None

    @classmethod
    def of(cls, document: Described) -> Self:
        """The same document, spelled for the API."""
        return cls.model_validate(
            {
                "id": document.id,
                "title": document.title,
                "path": document.path,
                "source": document.source,
                "format": document.format,
                "language": document.language,
                "classification": f"C{document.classification}",
                "modified": document.modified,
            }
        )


class SubjectRead(BaseModel):
    """What a document is about, in its own words."""

    document_id: int
    words: str


class Part(BaseModel):
    """A passage within the text of a hit: where it starts and ends."""

    chunk_id: int
    start: int
    end: int


class Hit(BaseModel):
    """A passage that answers; `highlights` are start and end of the question's words in `text`.

    Where neighbouring passages were merged, `chunk_id` and the scores are those of the best, and `parts` has
    them all; else it is empty. `explanation` is given where it was asked for.
    """

    document: DocumentBrief
    chunk_id: int
    parts: list[Part]
    page: int | None
    page_last: int | None
    sheet: str | None
    cells: str | None
    heading: list[str]
    text: str
    highlights: list[tuple[int, int]]
    score: float
    rerank_score: float | None
    others: list[DocumentBrief]
    explanation: HitExplained | None = None

    @classmethod
    def of(cls, hit: results.Hit, *, explain: bool = False) -> Self:
        """The same passage, spelled for the API."""
        return cls(
            document=DocumentBrief.of(hit.document),
            chunk_id=hit.chunk_id,
            parts=[
                Part(chunk_id=part.chunk_id, start=part.start, end=part.end) for part in hit.parts
            ],
            page=hit.page_first,
            page_last=hit.page_last,
            sheet=hit.sheet,
            cells=hit.cells,
            heading=list(hit.heading_path),
            text=hit.text,
            highlights=list(hit.highlights),
            score=hit.score,
            rerank_score=hit.rerank_score,
            others=[DocumentBrief.of(other) for other in hit.others],
            explanation=HitExplained.of(hit) if explain else None,
        )


class SearchResults(BaseModel):
    """The passages found, best first; `reranked` where a reranker put the best in order.

    `explanation` is given where it was asked for.
    """

    query: str
    language: str
    reranked: bool
    hits: list[Hit]
    explanation: QuestionExplained | None = None


class FeedbackGiven(BaseModel):
    """What a document was worth for a question; of `document_id` and `chunk_id` one is given."""

    query: Annotated[str, Field(max_length=LONGEST_QUERY)]
    document_id: Id | None = None
    chunk_id: Id | None = None
    verdict: Verdict


class Thumbed(BaseModel):
    """The caller's own thumb on a document."""

    document_id: int
    verdict: Thumb


class FeedbackRead(BaseModel):
    """Whether feedback is taken here, and the caller's own for the words of a question."""

    taken: bool
    thumbs: list[Thumbed]


class SearchFilters(BaseModel):
    """What a search or a question is narrowed to; days are both included."""

    source: Words = None
    folder: Words = None
    format: Words = None
    language: Words = None
    classification: Classification | None = None
    modified_from: date | None = None
    modified_to: date | None = None

    def words(self) -> FilterWords:
        """The filters as the package takes them."""
        return FilterWords(**dict(self))


class FilterChoices(BaseModel):
    """What the caller's documents can be filtered on."""

    sources: list[str]
    folders: list[str]
    formats: list[str]
    languages: list[str]
    classifications: list[Classification]
