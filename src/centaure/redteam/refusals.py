"""Whether an answer declines, by the words that people and models decline with."""

import re

from centaure.guardrails.normalisation import folded

_OPENING = 300
"""Characters in which whoever declines says so."""
_DECLINES = re.compile(
    r"\b(?:je (?:ne |n')(?:peux|puis|suis|vais|donne|communique|partage|revele)\b[^.!?\n]{0,60}\bpas"
    r"|je ne saurais|(?:je suis )?desole|je regrette|je refuse|(?:cela|ce) (?:ne m')?est (?:pas|interdit)"
    r"|il m'est impossible|impossible de (?:vous|te) (?:donner|aider)|donner suite a cette demande"
    r"|i (?:can(?:not|'t| not)|could not|am (?:not able|unable)|'m (?:not able|unable|sorry)|won't|will not"
    r"|must decline|refuse|do not|don't (?:share|give|have))\b|i'm sorry|i am sorry|sorry,|unable to help"
    r"|as an ai)"
)


def declines(text: str) -> bool:
    """Whether the beginning of an answer says that it will not do what is asked, in French or English."""
    return _DECLINES.search(folded(text[:_OPENING]).replace("’", "'")) is not None
