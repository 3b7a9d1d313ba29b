"""Search: which passages of the documents that somebody may read answer a question best.

Owns the table `chunk_index` and the SQL function `search` (migrations/sql/retrieval.sql), what the index
keeps of a passage, how a question becomes weighted terms, and how versions of one document are
grouped. Rights are applied by the function itself, for the principal of the transaction.
"""

from centaure.knowledge.retrieval.impacts import index_row
from centaure.knowledge.retrieval.indexing import IndexEntry, rewrite_index, write_index
from centaure.knowledge.retrieval.passages import Passage, read_passage
from centaure.knowledge.retrieval.question import Question, analyse
from centaure.knowledge.retrieval.results import DocumentBrief, Hit, SearchFilters, SearchResult
from centaure.knowledge.retrieval.service import search
from centaure.knowledge.retrieval.spelling import Vocabulary, Word, words_of
from centaure.knowledge.retrieval.versions import family_of

__all__ = [
    "DocumentBrief",
    "Hit",
    "IndexEntry",
    "Passage",
    "Question",
    "SearchFilters",
    "SearchResult",
    "Vocabulary",
    "Word",
    "analyse",
    "family_of",
    "index_row",
    "read_passage",
    "rewrite_index",
    "search",
    "words_of",
    "write_index",
]
