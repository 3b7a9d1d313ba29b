"""What a sentence says is so "too", where no passage of its window speaks of more than one thing."""

import re
from collections.abc import Sequence

from centaure.answering.groundedness.evidence import Evidence, Finding
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.statements import Statement
from centaure.answering.groundedness.text import plain

_TOO = re.compile(
    r"\b(?:also|too|as well|egalement|aussi|de plus|en outre|besides|moreover|en plus|on top)\b"
)


def compare_additions(
    evidence: Evidence, said: Statement, window: Sequence[SourceStatement], sources: Sources
) -> None:
    """Count a word like "too" where the passages of the window have none."""
    found = _TOO.search(plain(said.text))
    if found is None:
        return
    behind = {each.passage for each in window}
    if not any(_TOO.search(plain(each.text)) for each in sources.passages if each.id in behind):
        word = said.text[found.start() : found.end()]
        evidence.against("also so", 1.0, Finding("word", word, weight=0.5))
