"""Answers made of quotations: the best sentences of the best passages, or "not found".

No language model. `answer` asks search as the principal of the session, weighs what comes back against
the question, and either quotes it with its citations or says that the documents say nothing. Everything
rests on the passages that the reader may see and on the question: what exists but may not be read and
what does not exist give the same answer after the same work.
"""

from centaure.answering.answers import Answer, Citation, Sentence, Turn
from centaure.answering.service import answer, searched_text

__all__ = ["Answer", "Citation", "Sentence", "Turn", "answer", "searched_text"]
