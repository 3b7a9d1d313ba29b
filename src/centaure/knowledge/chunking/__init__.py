"""Blocks to chunks: passages of 150 to 350 words that follow the document's structure.

A chunk keeps its heading path and its place (pages, sheet, cells, boxes). Sentences stay whole, tables
are cut between rows and repeat their header, a slide is a chunk.
"""

from centaure.knowledge.chunking.assembly import chunk_document
from centaure.knowledge.chunking.chunks import MAXIMUM_WORDS, MINIMUM_WORDS, Chunk
from centaure.knowledge.chunking.pieces import HEADER_LINE

CHUNKER_VERSION = "1"
"""Changes when the same blocks would give other chunks: documents cut by another one are cut again."""

__all__ = [
    "CHUNKER_VERSION",
    "HEADER_LINE",
    "MAXIMUM_WORDS",
    "MINIMUM_WORDS",
    "Chunk",
    "chunk_document",
]
