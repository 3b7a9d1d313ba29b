"""Whether a model answers: it is asked for one word, in a question that holds nothing of anybody."""

import asyncio
import time

from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatModel, ChatRequest, Finish, Message
from centaure.gateway.descriptions import ModelDescription
from centaure.gateway.providers import make_model
from centaure.gateway.speaking import says_something, without_words
from centaure.kit.errors import Unavailable

_WORD = ChatRequest(
    (Message("user", "Answer with one word: ready."),), most_tokens=64, temperature=None
)
_WORD_S = 60.0
"""A model is often loaded when it is first asked."""


async def ask_for_a_word(described: ModelDescription, key: str) -> float:
    """See whether a model that is described answers; seconds until it began to.

    Raises:
        InvalidInput: its address or its key is none.
        Refused, Unavailable: it does not answer, or its provider's library is not installed.
    """
    row = described.row()
    options, highest = row["options"], row["highest"]
    asked = CatalogueModel(
        id=0,
        name=described.name,
        kind=described.kind,
        location=described.location,
        model=described.model,
        options=options,
        highest=highest,
    )
    model = make_model(asked, key)
    try:
        return await first_word(model)
    finally:
        await model.close()


async def first_word(model: ChatModel) -> float:
    """Seconds until a model begins to answer a question that holds nothing.

    Raises:
        Refused, Unavailable: it does not answer.
    """
    began = time.monotonic()
    finish: Finish = "stop"
    stream = model.stream(_WORD, first_s=_WORD_S, longest_s=_WORD_S)
    try:
        async with asyncio.timeout(_WORD_S):
            async for delta in stream:
                if says_something(delta):
                    return time.monotonic() - began
                finish = delta.finish or finish
    except TimeoutError:
        raise Unavailable(f"It has not begun to answer in {_WORD_S:g} s.") from None
    finally:
        await stream.aclose()
    raise Unavailable(f"It {without_words(finish)}")
