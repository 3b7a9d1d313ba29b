"""What is computed of a document before any transaction opens."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from centaure.knowledge.chunking import CHUNKER_VERSION, Chunk, chunk_document
from centaure.knowledge.language import LANGUAGE_VERSION
from centaure.knowledge.parsing import PARSER_VERSION, ParsedDocument
from centaure.knowledge.retrieval import Word, index_row, words_of
from centaure.knowledge.retrieval.thesaurus import Acronym, find_acronyms

LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class PreparedChunk:
    """A passage as its rows hold it; `boxes` is JSON, `impacts` what search keeps."""

    position: int
    text: str
    heading_path: tuple[str, ...]
    kind: str
    page_first: int | None
    page_last: int | None
    sheet: str | None
    cells: str | None
    boxes: str
    language: str
    content_hash: bytes
    impacts: str


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document as its rows hold it; `words` are those that its passages hold."""

    format: str
    title: str
    author: str | None
    language: str
    modified: datetime | None
    page_count: int | None
    chunks: tuple[PreparedChunk, ...]
    warnings: tuple[str, ...]
    acronyms: tuple[Acronym, ...] = ()
    words: frozenset[Word] = frozenset()
    parser_version: str = PARSER_VERSION
    chunker_version: str = CHUNKER_VERSION
    language_version: str = LANGUAGE_VERSION


def title_from_name(path: str) -> str:
    """The title of a document that states none: its file's name, without the extension."""
    file = PurePosixPath(path)
    return (file.stem or file.name)[:LONGEST_TITLE]


def prepare(document: ParsedDocument, path: str) -> PreparedDocument:
    """Cut a document into passages and analyse them; pure, and the heaviest work outside parsing.

    Args:
        document: what the parser gave.
        path: posix path in the source; its last part counts in search.
    """
    stated = storable(document.title or "").strip()[:LONGEST_TITLE]
    name = PurePosixPath(path).name
    chunks = tuple(_prepared(chunk, stated, name) for chunk in chunk_document(document))
    return PreparedDocument(
        format=document.format,
        title=stated or title_from_name(path),
        author=storable(document.author).strip()[:LONGEST_TITLE] if document.author else None,
        language=_main_language(chunks),
        modified=_aware(document.modified or document.created),
        page_count=document.page_count,
        chunks=chunks,
        warnings=tuple(storable(warning) for warning in document.warnings),
        acronyms=tuple(find_acronyms((chunk.text, chunk.language) for chunk in chunks)),
        words=frozenset[Word]().union(*(words_of(chunk.text, chunk.language) for chunk in chunks)),
    )


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot hold: the null character and lone surrogates."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _prepared(chunk: Chunk, title: str, name: str) -> PreparedChunk:
    text = storable(chunk.text)
    headings = tuple(storable(heading) for heading in chunk.heading_path)
    boxes = [
        [box.page, *(round(side, 1) for side in (box.left, box.top, box.right, box.bottom))]
        for box in chunk.boxes
    ]
    return PreparedChunk(
        position=chunk.position,
        text=text,
        heading_path=headings,
        kind=chunk.kind,
        page_first=chunk.page_first,
        page_last=chunk.page_last,
        sheet=None if chunk.sheet is None else storable(chunk.sheet),
        cells=chunk.cells,
        boxes=json.dumps(boxes, separators=(",", ":")),
        language=chunk.language,
        content_hash=hashlib.sha256(text.encode()).digest(),
        impacts=index_row(
            title=title, file_name=name, heading_path=headings, text=text, language=chunk.language
        ),
    )


def _main_language(chunks: Sequence[PreparedChunk]) -> str:
    weights = Counter[str]()
    for chunk in chunks:
        weights[chunk.language] += len(chunk.text)
    return max(weights, key=lambda language: (weights[language], language), default="simple")


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)
