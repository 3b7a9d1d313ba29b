"""Other words for those of a question: what curators write, what documents spell out, what translates.

Owns the tables `thesaurus_entry` and `acronym` and the lexicon of business terms. An expansion that a
reader gets comes from an entry for everybody, from one for a source in which they can read something, or
from a document that they can read.
"""

from centaure.knowledge.retrieval.thesaurus.acronyms import Acronym, find_acronyms, write_acronyms
from centaure.knowledge.retrieval.thesaurus.lookup import understood

__all__ = ["Acronym", "find_acronyms", "understood", "write_acronyms"]
