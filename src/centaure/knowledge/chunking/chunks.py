"""The passage of a document that is indexed, found and quoted."""

from dataclasses import dataclass

from centaure.knowledge.parsing.blocks import Box

MINIMUM_WORDS = 150
"""Below it a chunk takes in what follows, where the structure allows."""
MAXIMUM_WORDS = 350
"""No chunk is longer, but for a single row of a table."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document and its place there.

    Attributes:
        position: its rank in the document, from 0.
        text: what it says. Paragraphs are separated by a blank line, list items by a line break. A
            table has a row a line, cells joined by " | "; its header rows come first, closed by a
            line "--- | ---", and are repeated in each chunk that the table covers.
        heading_path: the headings above all of it, outermost first. Headings inside stand in `text`.
        kind: "table" when it holds nothing else, else "text".
        page_first: first page or slide, from 1, where the format has them.
        page_last: last page or slide.
        sheet: name of the sheet, in a workbook.
        cells: range in that sheet, such as "A1:D20".
        boxes: where its lines stand on the pages, where the format has them.
        language: "fr", "en" or "simple".
    """

    position: int
    text: str
    heading_path: tuple[str, ...]
    kind: str
    page_first: int | None
    page_last: int | None
    sheet: str | None
    cells: str | None
    boxes: tuple[Box, ...]
    language: str
