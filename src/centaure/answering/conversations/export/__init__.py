"""A conversation as a file that leaves Centaure: Markdown, Word or PDF.

Each says, visibly and in its metadata, that a machine wrote the answers and what class the content has, and
lists under each answer the places that it cites. `paper` decides what is said; each format has a file that
only writes it down.
"""

from centaure.answering.conversations.export.formats import FORMATS, Format, export, exported
from centaure.answering.conversations.export.paper import Paper, paper_of

__all__ = ["FORMATS", "Format", "Paper", "export", "exported", "paper_of"]
