"""Files to blocks: what a document says, in order, with its structure and its place on the page.

`parse_file` reads one file in this process, `ParserProcess` in a child with limits on memory and
time. The formats' libraries are imported only when a file of that format is read.
"""

from centaure.knowledge.parsing.blocks import (
    Attachment,
    Block,
    BlockKind,
    Box,
    ParsedDocument,
    ParseOutcome,
    ParseStatus,
)

__all__ = [
    "Attachment",
    "Block",
    "BlockKind",
    "Box",
    "ParseOutcome",
    "ParseStatus",
    "ParsedDocument",
]
