"""What no import contract can see: which package a table is read by."""

import re
from pathlib import Path

import centaure

SOURCE = Path(centaure.__file__).parent
READS_CHUNKS = re.compile(r"\b(?:from|join|update|into)\s+(?:centaure\.)?chunk(?:_index)?\b")
OWNERS = ("knowledge/retrieval/",)
REMOVES = re.compile(r"\bdelete from chunk\b")


def test_chunks_are_read_only_through_retrieval() -> None:
    """Indexing writes and removes them; nothing else names their tables."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        statements = REMOVES.sub("", path.read_text(encoding="utf-8"))
        if READS_CHUNKS.search(statements):
            found.add(path.relative_to(SOURCE).as_posix())
    assert {path for path in found if not path.startswith(OWNERS)} == {
        "knowledge/indexing/writing.py"
    }
