"""What search is asked for besides the question, and what it gives back."""

from dataclasses import dataclass, field
from datetime import datetime

from centaure.knowledge.retrieval.question import Question
from centaure.knowledge.retrieval.ranking import Signals
from centaure.knowledge.retrieval.readings import Reading


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Which documents to search; an empty tuple or None leaves a criterion open.

    Attributes:
        sources: Identifiers of sources.
        folders: Folders, posix and relative to their source; what lies deeper is included.
        formats: "pdf", "docx" ...
        languages: Of the document: "fr", "en", "simple".
        classifications: 0 to 3 for C0 to C3.
        modified_from: The earliest date of modification, included.
        modified_to: The latest, excluded. A document without a date is then left out.
        documents: Identifiers of documents.
    """

    sources: tuple[int, ...] = ()
    folders: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    classifications: tuple[int, ...] = ()
    modified_from: datetime | None = None
    modified_to: datetime | None = None
    documents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentBrief:
    """A document as a list shows it.

    `source` is the source's name, `classification` 0 to 3.
    """

    id: int
    source_id: int
    source: str
    path: str
    title: str
    format: str
    language: str
    classification: int
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A passage within a text that several were merged into: characters `start` to `end` of it."""

    chunk_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers.

    Attributes:
        document: The document it stands in.
        chunk_id: The passage.
        position: Its place among the passages of its document, from 0.
        text: Its text.
        heading_path: Headings above it, outermost first.
        kind: "text" or "table".
        page_first: First page or slide, from 1.
        page_last: Last page or slide.
        sheet: Sheet of a workbook.
        cells: Range of cells.
        language: Language of the passage.
        score: By words, in nats, comparable between questions of the same words only: BM25, and what the
            passage adds when it is read again. `signals` is what it is made of.
        similarity: Inner product with the question's vector, in [-1, 1]; None: it has no vector, or words
            alone answered.
        coverage: Part of the question's weight that the passage, its headings, the document's title
            and file name hold, in [0, 1].
        highlights: Where the question's words stand in `text`: start and end, in order.
        others: Duplicates and versions of the document that the reader may read, the latest first.
        rerank_score: What the reranker says, comparable within one result only; None: it was not asked.
        signals: What the score by words is made of.
        stems: The question's stems that the passage, its headings, title and file name hold.
        found_by: Which legs found it: "words", "meaning" or both.
        parts: The passages that it was merged of (merging.py), in order; empty: it is one.
        through: Which searches gave it, where there were several: "question", "rewritten", "part 1",
            "translation". Legs are those of the first; scores, stems and highlights are the question's.
    """

    document: DocumentBrief
    chunk_id: int
    position: int
    text: str
    heading_path: tuple[str, ...]
    kind: str
    page_first: int | None
    page_last: int | None
    sheet: str | None
    cells: str | None
    language: str
    score: float
    coverage: float
    highlights: tuple[tuple[int, int], ...]
    others: tuple[DocumentBrief, ...] = ()
    similarity: float | None = None
    rerank_score: float | None = None
    signals: Signals = field(default_factory=Signals)
    stems: frozenset[str] = frozenset()
    found_by: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    through: tuple[str, ...] = ()

    @property
    def document_id(self) -> int:
        """Its document's number."""
        return self.document.id


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The passages found, best first.

    Attributes:
        question: The question as it was analysed.
        hits: At most as many as were asked for.
        coverage: Part of the question's weight that the best passages of the search hold together, in
            [0, 1].
        reranked: Name of the reranker that put the best in order; empty: the order is that of the search.
        meaning_weight: What the leg of meaning weighs in the order, in [0, 1]; None: words alone answered.
        reading: What a language model made of the question; None: none was asked.
    """

    question: Question
    hits: tuple[Hit, ...]
    coverage: float
    reranked: str = ""
    meaning_weight: float | None = None
    reading: Reading | None = None
