"""What the organisation's documents say, and who may read it.

From files to answers: `sources` finds them and their rights, `parsing` reads them, `chunking` cuts
them, `indexing` writes them in one transaction and `retrieval` finds them again,
as somebody. Each part is a package with a short face of its own; this one exports nothing.
"""
