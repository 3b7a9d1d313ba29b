"""From a parsed document to rows: its passages, what search keeps of them, in one transaction.

`prepare` does the thinking (no database), `write_document` the writing: the row of the document, its
passages and their index entries change together or not at all. Rights stand on the document's row only.
`generations` keeps the sides of the index that it writes to.
"""

from centaure.knowledge.indexing.preparation import (
    PreparedChunk,
    PreparedDocument,
    prepare,
    title_from_name,
)
from centaure.knowledge.indexing.writing import (
    DocumentPlace,
    StoredRights,
    hold_sides,
    move_document,
    remove_documents,
    write_document,
)

__all__ = [
    "DocumentPlace",
    "PreparedChunk",
    "PreparedDocument",
    "StoredRights",
    "hold_sides",
    "move_document",
    "prepare",
    "remove_documents",
    "title_from_name",
    "write_document",
]
