"""The tools, each with the key's scope that opens it: what the API does, said for language models."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from centaure.answering.asking import Asking, Enquiry
from centaure.answering.openai.sourced import LONGEST_QUESTION, extension, last_of
from centaure.answering.planted import texts_without_planted
from centaure.identity import Principal, Scope
from centaure.kit.errors import Unavailable
from centaure.knowledge.documents.routes import read_passage
from centaure.knowledge.retrieval.routes import SearchQuery, search_passages
from centaure.knowledge.retrieval.schemas import LONGEST_QUERY, Id
from centaure.knowledge.sources.routes import list_sources

CALLER = "centaure.caller"
"""Where the caller stands in the scope of a request that the door let in."""
LONGEST_ANSWER_S = 180.0
"""Seconds after which an answer is given up, whether or not anybody still waits."""
LEFT_OUT = "Words that speak to an assistant, not to a reader, were left out of this passage."
_Words = Annotated[str | None, Field(max_length=1000)]


class Arguments(BaseModel):
    """What a tool is told; anything else is a mistake of whoever calls."""

    model_config = ConfigDict(extra="forbid")


class SearchArguments(Arguments):
    """What to look for, and in which documents."""

    query: Annotated[
        str, Field(min_length=1, max_length=LONGEST_QUERY, description="Words or a question.")
    ]
    limit: Annotated[int, Field(ge=1, le=50, description="Most passages.")] = 10
    source: Annotated[_Words, Field(description="Only this source, by its name.")] = None
    folder: Annotated[_Words, Field(description="Only this folder, and what is below it.")] = None
    format: Annotated[_Words, Field(description="Only this format: pdf, docx, eml ...")] = None
    language: Annotated[_Words, Field(description="Only this language: fr, en.")] = None
    modified_from: Annotated[date | None, Field(description="Changed on or after this day.")] = None
    modified_to: Annotated[date | None, Field(description="Changed on or before this day.")] = None


class PassageArguments(Arguments):
    """Which passage, as a search names it."""

    document_id: Id
    chunk_id: Id


class AskArguments(Arguments):
    """What to answer."""

    question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]


class NoArguments(Arguments):
    """Nothing."""


async def _search(request: Request, caller: Principal, asked: SearchArguments) -> dict[str, Any]:
    filters = asked.model_dump(exclude={"query", "limit"})
    found = await search_passages(
        request, SearchQuery(q=asked.query, limit=asked.limit, **filters), caller
    )
    told = found.model_dump(mode="json", include={"hits", "language"}, exclude_none=True)
    return {**told, "hits": await _without_planted(request, told["hits"])}


async def _fetch(request: Request, caller: Principal, asked: PassageArguments) -> dict[str, Any]:
    found = await read_passage(request, asked.document_id, asked.chunk_id, caller, None)
    told = found.model_dump(mode="json", exclude_none=True)
    passages = [*told["before"], told["passage"], *told["after"]]
    place = len(told["before"])
    plain = await _without_planted(request, passages)
    return {"before": plain[:place], "passage": plain[place], "after": plain[place + 1 :]}


async def _ask(request: Request, caller: Principal, asked: AskArguments) -> dict[str, Any]:
    asking: Asking = request.app.state.asking
    try:
        async with asyncio.timeout(LONGEST_ANSWER_S):
            answer = await last_of(asking.ask(caller, Enquiry(asked.question)))
    except TimeoutError:
        raise Unavailable(
            f"The answer took more than {LONGEST_ANSWER_S:.0f} seconds. Ask again later."
        ) from None
    return {"answer": answer.text, **extension(answer)}


async def _list(request: Request, caller: Principal, _: NoArguments) -> dict[str, Any]:
    found = await list_sources(request, caller)
    return {"sources": [source.model_dump(mode="json", exclude_none=True) for source in found]}


async def _without_planted(
    request: Request, passages: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Passages whose words, titles and names do not speak to an assistant; those that did say so."""
    asking: Asking = request.app.state.asking
    policy = await asking.policies.of("")
    texts = list({text: None for passage in passages for text in _texts(passage)})
    plain = dict(zip(texts, await texts_without_planted(texts, policy), strict=True))
    return [
        {**_said(passage, plain), "left_out": LEFT_OUT}
        if any(plain[text] != text for text in _texts(passage))
        else passage
        for passage in passages
    ]


def _texts(told: Any) -> Iterator[str]:
    match told:
        case str():
            yield told
        case dict():
            for value in cast("dict[str, Any]", told).values():
                yield from _texts(value)
        case list():
            for value in cast("list[Any]", told):
                yield from _texts(value)
        case _:
            return


def _said(told: Any, plain: Mapping[str, str]) -> Any:
    match told:
        case str():
            return plain[told]
        case dict():
            return {
                name: _said(value, plain) for name, value in cast("dict[str, Any]", told).items()
            }
        case list():
            return [_said(value, plain) for value in cast("list[Any]", told)]
        case _:
            return told


@dataclass(frozen=True, slots=True)
class Described:
    """A tool.

    Attributes:
        name: by which it is called.
        title: for people.
        description: for language models.
        scope: that a key needs.
        arguments: what it is told.
        work: does it, as the caller; gives a JSON object.
    """

    name: str
    title: str
    description: str
    scope: Scope
    arguments: type[Arguments]
    work: Callable[[Request, Principal, Any], Awaitable[dict[str, Any]]]


TOOLS = (
    Described(
        "search",
        "Search documents",
        "Find passages in the organisation's documents, best first, each with its document, its place "
        "and its text. Only what the user may read is found; where `left_out` is said, words planted for "
        "assistants are blank.",
        Scope.SEARCH,
        SearchArguments,
        _search,
    ),
    Described(
        "fetch_passage",
        "Read a passage in context",
        "Read a passage that a search found, with the passages before and after it.",
        Scope.DOCUMENTS,
        PassageArguments,
        _fetch,
    ),
    Described(
        "ask",
        "Ask the documents",
        "Answer a question from the organisation's documents, with the sources of each sentence, or say "
        "that nothing was found.",
        Scope.ASK,
        AskArguments,
        _ask,
    ),
    Described(
        "list_sources",
        "List sources",
        "List the places whose documents the user may read, with how many there are.",
        Scope.SOURCES,
        NoArguments,
        _list,
    ),
)
