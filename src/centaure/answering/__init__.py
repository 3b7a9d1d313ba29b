"""Answers made of quotations: the best sentences of the best passages, or "not found".

No language model. `answer` asks search as the principal of the session, weighs what comes back against
the question, and either quotes it with its citations or says that the documents say nothing. Everything
rests on the passages that the reader may see and on the question: what exists but may not be read and
what does not exist give the same answer after the same work.

`answering.groundedness` says how far the sentences of an answer rest on passages. It needs neither search
nor a database, so the face of this package is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from centaure.answering.answers import Answer, Citation, Sentence, Turn
    from centaure.answering.service import answer, searched_text

__all__ = ["Answer", "Citation", "Sentence", "Turn", "answer", "searched_text"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "service" if name in {"answer", "searched_text"} else "answers"
    return getattr(import_module(f"{__name__}.{home}"), name)
