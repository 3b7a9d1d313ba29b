"""Files to blocks: what a document says, in order, with its structure and its place on the page.

`parse_file` reads one file in this process, `ParserProcess` in a child with limits on memory and
time. Formats are told by content first. The formats' libraries are imported only when a file of
that format is read; importing this package imports none of them.
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
from centaure.knowledge.parsing.errors import ParseFailure
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, Limits
from centaure.knowledge.parsing.parser import FORMATS, PARSER_VERSION, parse_file
from centaure.knowledge.parsing.process import ParserProcess, ProcessLimits

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "PARSER_VERSION",
    "Attachment",
    "Block",
    "BlockKind",
    "Box",
    "Limits",
    "ParseFailure",
    "ParseOutcome",
    "ParseStatus",
    "ParsedDocument",
    "ParserProcess",
    "ProcessLimits",
    "parse_file",
]
