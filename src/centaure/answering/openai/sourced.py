"""The model `centaure`: what the documents that the caller may read say, with its sources."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from centaure.answering.answers import Answer, Piece, Sentence, Turn
from centaure.answering.asking import Enquiry
from centaure.answering.events import DoneEvent, SentenceEvent
from centaure.answering.openai.completions import Headers
from centaure.answering.openai.schemas import ChatAsked
from centaure.answering.openai.wire import NOTHING, Chunks, completion
from centaure.gateway.chat import Delta, Finish
from centaure.kit.errors import InvalidInput, Unavailable

Pieces = AsyncGenerator[Piece]
NAME = "centaure"
OF_ASSISTANTS = "assistant:"
"""Before the key of an assistant that is named as a model."""
LONGEST_QUESTION = 10_000
SOURCES_HEADER = "x-centaure-sources"
_MOST_TURNS, _LONGEST_TURN = 50, 20_000


def answers(name: str) -> bool:
    """Whether a model of this name is ours: `centaure`, or an assistant."""
    return name == NAME or name.startswith(OF_ASSISTANTS)


def enquiry_of(asked: ChatAsked, classification: int) -> Enquiry:
    """The question, which is the last message, and what was said before it; instructions are left aside.

    Args:
        asked: the request, of a model that is ours.
        classification: of what is sent, 0 to 3.

    Raises:
        InvalidInput: the last message is not a user's, has no words, or too many.
    """
    last = asked.messages[-1]
    question = last.text().strip() if last.role == "user" else ""
    if not question or len(question) > LONGEST_QUESTION:
        raise InvalidInput(
            f"messages: the last one is the user's question, of 1 to {LONGEST_QUESTION} characters."
        )
    turns = [
        Turn("user" if given.role == "user" else "assistant", given.text()[:_LONGEST_TURN])
        for given in asked.messages[:-1]
        if given.role in {"user", "assistant"}
    ]
    assistant = asked.model.removeprefix(OF_ASSISTANTS) if asked.model != NAME else ""
    return Enquiry(
        question, turns[-_MOST_TURNS:], classification=classification, assistant=assistant
    )


async def streamed(
    pieces: Pieces, *, tells_usage: bool, model: str = NAME
) -> AsyncGenerator[bytes]:
    """An answer as server-sent events; its sources come with the last chunk."""
    chunks = Chunks(_name(), model, int(time.time()), tells_usage=tells_usage)
    answer, between = None, ""
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, Answer):
                answer = piece
            elif isinstance(piece, Sentence):
                yield chunks.piece(Delta(between + _marked(piece)))
                between = "" if piece.text.endswith("\n") else " "
    answer = _finished(answer)
    yield chunks.end(_finish(answer), answer.usage or NOTHING, extension(answer))


async def whole(pieces: Pieces, headers: Headers, model: str = NAME) -> AsyncGenerator[bytes]:
    """An answer as one document, the number of its sources in the headers."""
    answer = await last_of(pieces)
    headers[SOURCES_HEADER] = str(len(answer.citations))
    yield completion(
        _name(),
        model,
        int(time.time()),
        text=answer.text,
        finish=_finish(answer),
        usage=answer.usage or NOTHING,
        extension=extension(answer),
    )


async def last_of(pieces: Pieces) -> Answer:
    """The whole answer, which is the last of its pieces."""
    answer = None
    async with aclosing(pieces):
        async for piece in pieces:
            if isinstance(piece, Answer):
                answer = piece
    return _finished(answer)


def extension(answer: Answer) -> dict[str, Any]:
    """What OpenAI's API has no field for: sources, sentences with what bears them out, who wrote them."""
    done = DoneEvent.of(answer).model_dump(mode="json", exclude={"question", "answer"})
    sentences = [SentenceEvent.of(sentence).model_dump() for sentence in answer.sentences]
    return {"sources": done.pop("citations"), "sentences": sentences, **done}


def _finish(answer: Answer) -> Finish:
    return "length" if answer.stopped == "length" else "stop"


def _finished(answer: Answer | None) -> Answer:
    if answer is None:
        raise Unavailable("The answer was not finished. Ask again.")
    return answer


def _marked(sentence: Sentence) -> str:
    return " ".join([sentence.text, *(f"[{number}]" for number in sentence.citations)])


def _name() -> str:
    return f"chatcmpl-{uuid4().hex}"
