"""An answer as it is printed: sentence by sentence for a person, whole for a program."""

import sys
from collections.abc import Mapping

from centaure.answering import Answer, Citation, Sentence
from centaure.answering.answers import Piece
from centaure.app.cli.output import printable, say

_FALLBACKS: Mapping[str | None, str] = {
    "no_model": "These are quotations: there is no language model that may be sent these documents.",
    "quota": "These are quotations.",
    "failed": "These are quotations: the language model did not answer.",
    "withheld": "These are quotations: the documents bear out nothing of what the language model wrote.",
    "check": "A check stopped this question.",
    "needs_model": "Nothing was written: this assistant needs a language model.",
}
_STOPPED = {
    "length": "The answer stops here: it is as long as it may be.",
    "cut": "The answer stops here: the language model broke off. Ask again.",
    "check": "The answer stops here: a check ended it.",
}


class Printer:
    """Prints the pieces of one answer as they come."""

    def __init__(self) -> None:
        self._between = ""

    def print(self, piece: Piece) -> None:
        """A sentence at once; with the whole answer, its sources and what is to be said of it."""
        if isinstance(piece, Sentence):
            sys.stdout.write(f"{self._between}{printable(_marked(piece))}")
            sys.stdout.flush()
            self._between = "" if piece.text.endswith("\n") else " "
        elif isinstance(piece, Answer):
            say("")
            for line in [*map(_cited, piece.citations), *_remarks(piece)]:
                say(printable(line))


def answer_fields(question: str, found: Answer) -> dict[str, object]:
    """The answer for a program."""
    level = found.classification
    return {
        "question": question,
        "answerable": found.answerable,
        "answer": found.text,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "support": sentence.support,
                "reason": sentence.reason,
            }
            for sentence in found.sentences
        ],
        "citations": [
            {
                "path": citation.document.path,
                "page": citation.page if citation.sheet is None else citation.sheet,
                "quote": citation.quote,
            }
            for citation in found.citations
        ],
        "classification": None if level is None else f"C{level}",
        "helped_by": found.helped_by,
        "model": found.model,
        "generation": found.generation,
        "prompt_version": found.prompt_version,
        "fallback": found.fallback,
        "problem": found.problem,
        "stopped": found.stopped,
        "warning": found.warning,
        "held": found.held,
        "approved": found.approved.id if found.approved else None,
        "left_out": [document.path for document in found.left_out],
    }


def place(page: int | None, sheet: str | None, last: int | None = None) -> str:
    """Where in a document, in words."""
    if sheet is not None:
        return f"sheet {sheet}"
    if page is None:
        return ""
    return f"page {page}" if last is None or last == page else f"pages {page}-{last}"


def _marked(sentence: Sentence) -> str:
    return " ".join([sentence.text, *(f"[{number}]" for number in sentence.citations)])


def _cited(citation: Citation) -> str:
    document = citation.document
    day = f", {document.modified:%Y-%m-%d}" if document.modified else ""
    where = place(citation.page, citation.sheet)
    at = f"{document.path}{', ' + where if where else ''}"
    return f"[{citation.number}] {at}{day}, C{document.classification}"


def _remarks(answer: Answer) -> list[str]:
    remarks = [
        f'Not borne out: "{sentence.text}" {sentence.reason}'
        for sentence in answer.sentences
        if sentence.support == "unsupported"
    ]
    if answer.approved is not None:
        rests = f": {answer.approved.sources}" if answer.approved.sources else ""
        remarks.append(f"An approved answer, number {answer.approved.id}{rests}.")
    remarks += [
        f"A part of {document.path} is left out: it speaks to an assistant, not to a reader."
        for document in answer.left_out
    ]
    if answer.stopped is not None:
        remarks.append(_STOPPED[answer.stopped])
    if answer.model:
        of = "these documents" if answer.citations else "what it was given"
        remarks.append(f"Written by {answer.model}, an AI, from {of}: check what matters.")
    if answer.fallback in _FALLBACKS:
        remarks.append(f"{_FALLBACKS[answer.fallback]} {answer.problem}".strip())
    if answer.held is not None:
        remarks.append(f"It waits for a person, as number {answer.held}.")
    if answer.helped_by:
        remarks.append(f"The question was also searched as {answer.helped_by} said it.")
    return remarks
