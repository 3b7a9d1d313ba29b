"""What is sent while an answer is made: server-sent events, each sentence after its citations."""

import dataclasses
import json
from datetime import date
from typing import Any

from pydantic import BaseModel

from centaure.answering.answers import (
    Answer,
    Citation,
    Fallback,
    Judged,
    Piece,
    Sentence,
    Stop,
    Support,
)
from centaure.knowledge.retrieval.schemas import Classification, DocumentBrief

_SAME = (
    "helped_by", "model", "generation", "prompt_version", "fallback", "problem", "stopped", "warning",
    "held",
)  # fmt: skip


class CitationEvent(BaseModel):
    """Event `citation`: words of a document that the answer rests on."""

    number: int
    document: DocumentBrief
    chunk_id: int
    page: int | None
    sheet: str | None
    cells: str | None
    heading: list[str]
    quote: str

    @classmethod
    def of(cls, citation: Citation) -> "CitationEvent":
        """The same citation, spelled for the API."""
        return cls(
            number=citation.number,
            document=DocumentBrief.of(citation.document),
            chunk_id=citation.chunk_id,
            page=citation.page,
            sheet=citation.sheet,
            cells=citation.cells,
            heading=list(citation.heading),
            quote=citation.quote,
        )


class ErrorEvent(BaseModel):
    """Event `error`: what went wrong once an answer had begun; the last event."""

    status: int
    detail: str


class SentenceEvent(BaseModel):
    """Event `sentence`: the next sentence, and the numbers of its citations.

    `support` says whether these bear out what a language model wrote, and `reason` why; null where the
    sentence is a quotation.
    """

    text: str
    citations: list[int]
    support: Support | None
    reason: str

    @classmethod
    def of(cls, sentence: Sentence) -> "SentenceEvent":
        """The same sentence, spelled for the API."""
        return cls(
            text=sentence.text,
            citations=list(sentence.citations),
            support=sentence.support,
            reason=sentence.reason,
        )


class JudgedEvent(BaseModel):
    """Event `judged`: what a second model says of a sentence that was sent before, by its place from 0.

    `support` and `reason` take the place of those that it was sent with.
    """

    sentence: int
    support: Support
    reason: str


class ApprovedRead(BaseModel):
    """That somebody stands for an answer: its number, what it rests on, and when it is to be reviewed."""

    id: int
    sources: str
    review_on: date


class DoneEvent(BaseModel):
    """Event `done`: the whole answer.

    `classification` is the highest of its sources; `helped_by` names the language model that said the
    question otherwise for the search, and is empty where none did.

    `model` names the language model that wrote the answer, `generation` is its record and `prompt_version`
    what it was told; without one the sentences are quotations, `fallback` says why (`no_model`, `quota`,
    `failed`, `withheld`, `chosen`) and `problem` what there is to add; with `needs_model`, the first
    sentence says that an assistant which writes needs one, and the next shows what it would be asked; with
    `check`, the only sentence is the reply of a check that stopped the call, with `access` it tells who asks
    for a right where to do so. `stopped` says that a written answer ends early (`length`, `cut`, `check`),
    and `warning` that its reader is to be warned of sentences that are not borne out. `held` is the number
    of what waits for a person to decide on it; the last sentence says so. `approved` says that somebody
    stands for these very words: nothing was searched, and no model was asked. `left_out` names the
    documents of which a part is left out, since it speaks to an assistant and not to a reader.
    """

    question: str
    language: str
    answerable: bool
    answer: str
    classification: Classification | None
    citations: list[CitationEvent]
    helped_by: str
    model: str
    generation: int | None
    prompt_version: str
    fallback: Fallback | None
    problem: str
    stopped: Stop | None
    warning: bool
    held: int | None
    approved: ApprovedRead | None
    left_out: list[DocumentBrief]

    @classmethod
    def of(cls, answer: Answer) -> "DoneEvent":
        """The same answer, spelled for the API."""
        level = answer.classification
        spelled: dict[str, Any] = {
            "question": answer.question,
            "language": answer.language,
            "answerable": answer.answerable,
            "answer": answer.text,
            "classification": None if level is None else f"C{level}",
            "citations": [CitationEvent.of(citation) for citation in answer.citations],
            "approved": answer.approved and dataclasses.asdict(answer.approved),
            "left_out": [DocumentBrief.of(document) for document in answer.left_out],
            **{name: getattr(answer, name) for name in _SAME},
        }
        return cls.model_validate(spelled)


def event(said: Piece) -> str:
    """What was said, as the server-sent event that carries it."""
    match said:
        case Citation():
            return written("citation", CitationEvent.of(said))
        case Sentence():
            return written("sentence", SentenceEvent.of(said))
        case Judged():
            judged = JudgedEvent(sentence=said.sentence, support=said.support, reason=said.reason)
            return written("judged", judged)
        case Answer():
            return written("done", DoneEvent.of(said))


def written(name: str, data: BaseModel) -> str:
    """A server-sent event."""
    # JSON holds no line break, so one data line is enough (HTML standard, 9.2 server-sent events).
    return (
        f"event: {name}\ndata: {json.dumps(data.model_dump(mode='json'), ensure_ascii=False)}\n\n"
    )
