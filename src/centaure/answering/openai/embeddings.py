"""Vectors of the caller's texts, by the model that the organisation's own documents are read with."""

import logging
from dataclasses import replace

from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.embeddings import TextRefused
from centaure.gateway.faults import told
from centaure.gateway.service import Gateway
from centaure.gateway.tokens import tokens_of_prompt
from centaure.identity import Principal
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotFound, Refused, Unavailable
from centaure.knowledge.retrieval.meaning import Meanings, Texts

log = logging.getLogger(__name__)

NAME = "centaure-embeddings"
"""The live model, whichever it is; with a hyphen and its number, that model and no other."""


async def name_of_live(meanings: Meanings, database: Database) -> str | None:
    """The name of the live model; None: there is none that texts may be sent to."""
    live = await meanings.live(database)
    return None if live is None else f"{NAME}-{live.id}"


async def embed(  # noqa: PLR0913 - what is asked, for whom, and by what
    gateway: Gateway,
    meanings: Meanings,
    database: Database,
    name: str,
    texts: Texts,
    *,
    reader: Principal,
) -> tuple[str, list[list[float]], int]:
    """The name of the model, one vector of length 1 for each text, in order, and their tokens, estimated.

    Args:
        gateway: accounts for the call, whose texts are not kept.
        meanings: of the live model.
        database: as the application's role.
        name: of the model that is wanted.
        texts: whose vectors are wanted.
        reader: for whom.

    Raises:
        NotFound: no model of that name is live.
        InvalidInput: the model will not take one of the texts.
        QuotaExhausted: a quota does not suffice.
        Forbidden: it may not be sent texts of that class.
        Unavailable: it does not answer.
    """
    row = await meanings.live(database)
    live = "" if row is None else f"{NAME}-{row.id}"
    if row is None or name not in {NAME, live}:
        raise NotFound(f"There is no embedding model '{name[:100]}' in use.")
    model = CatalogueModel(id=0, name=live, kind=row.kind, model=row.options.get("model", ""))
    call = Call(
        ChatRequest(tuple(Message("user", text) for text in texts.texts), most_tokens=0),
        reader.id,
        Purpose.EMBEDDING,
        texts.classification,
        key_id=reader.key_id,
    )
    try:
        async with gateway.account(call, model) as made:
            passed = [message.content for message in made.request.messages]
            texts = replace(texts, texts=passed, classification=made.classification)
            vectors = await meanings.of_texts(database, texts)
    except TextRefused:
        raise InvalidInput("input: the model will not take one of the texts.") from None
    except (Refused, Unavailable) as error:
        log.warning("The embedding model failed: %s", error.message)
        raise Unavailable(told(live, error)) from None
    return live, vectors, tokens_of_prompt(call.request)
