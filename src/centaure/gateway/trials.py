"""What a language model can do, and how fast it is: a few questions whose answers show it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from centaure.gateway.chat import ChatModel, ChatRequest, Delta, Message, Tool
from centaure.kit.errors import CentaureError

_LONGEST_S = 120.0
_SIZES = (2_000, 8_000, 32_000, 128_000)
_UNTOLD = 32_000
_BESIDE = 500
_CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
_COUNT = ChatRequest(
    (
        Message(
            "user", "Count from 1 to 40 in figures, with commas between them, and nothing else."
        ),
    ),
    most_tokens=400,
    temperature=None,
)
_TOOL = ChatRequest(
    (Message("user", 'What is the weather in "Lyon"? Use the tool read_weather.'),),
    most_tokens=400,
    temperature=None,
    tools=(Tool("read_weather", "Tells the weather of a city.", _CITY),),
)
_JSON = ChatRequest(
    (Message("user", "Give the city of the Eiffel tower as JSON, in the field city."),),
    most_tokens=400,
    temperature=None,
    response_format={
        "type": "json_schema",
        "json_schema": {
            "name": "place",
            "strict": True,
            "schema": {**_CITY, "additionalProperties": False},
        },
    },
)
_WORD = "zanzibar"
_FILLER = '<passage number="2">The sky was grey on that day, and nobody went out.</passage>\n'
_FILLER_TOKENS = 24


@dataclass(frozen=True, slots=True)
class Trial:
    """What was seen of a model.

    Attributes:
        answers: whether it says anything.
        streams: whether it says it piece by piece.
        tools: whether it calls a tool that it is told to use.
        json: whether it keeps to a JSON Schema.
        context: tokens of the longest text whose beginning it had read at its end, of those tried; 0: none.
        first_ms: until its first piece.
        tokens_per_second: from then on; None: too few to tell.
        problems: why something does not work, by the name of its field.
    """

    answers: bool
    streams: bool
    tools: bool
    json: bool
    context: int
    first_ms: float | None
    tokens_per_second: float | None
    problems: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Heard:
    deltas: list[Delta]
    first_s: float
    whole_s: float

    @property
    def text(self) -> str:
        return "".join(delta.text for delta in self.deltas)


async def try_model(
    model: ChatModel, *, context: int | None = None, tell: Callable[[str], None] = lambda _: None
) -> Trial:
    """Ask it a few questions, one after the other; each has two minutes.

    Args:
        model: to be tried; stays open.
        context: tokens that it is said to take; None: not said, and up to 32,000 are tried.
        tell: is told what comes next.
    """
    problems: dict[str, str] = {}

    async def ask(what: str, request: ChatRequest) -> _Heard | None:
        tell(what)
        try:
            return await _hear(model, request)
        except CentaureError as error:
            problems[what] = error.message
            return None

    counted = await ask("answers", _COUNT)
    if counted is None:
        return Trial(False, False, False, False, 0, None, None, problems)
    pieces = [delta for delta in counted.deltas if delta.text]
    streams = len(pieces) > 2
    if not streams:
        problems["streams"] = "Its answer came at once: in one piece, or too fast to tell."
    called = await ask("tools", _TOOL)
    tools = called is not None and _calls(called)
    if called is not None and not tools:
        problems["tools"] = "It does not call the tool that it is told to use."
    written = await ask("json", _JSON)
    keeps = written is not None and _keeps(written.text)
    if written is not None and not keeps:
        problems["json"] = "It does not keep to a JSON Schema."
    longest = 0
    for size in [one for one in _SIZES if one + _BESIDE <= (context or _UNTOLD + _BESIDE)]:
        read = await ask("context", _long(size))
        if read is None or _WORD not in read.text.casefold():
            problems.setdefault("context", f"It has not read the beginning of {size} tokens.")
            break
        longest = size
    return Trial(
        answers=True,
        streams=streams,
        tools=tools,
        json=keeps,
        context=longest,
        first_ms=counted.first_s * 1000,
        tokens_per_second=_rate(counted, len(pieces)),
        problems=problems,
    )


async def _hear(model: ChatModel, request: ChatRequest) -> _Heard:
    clock = asyncio.get_running_loop().time
    began, first, deltas = clock(), 0.0, list[Delta]()
    async for delta in model.stream(request, first_s=_LONGEST_S, longest_s=_LONGEST_S):
        first = first or clock() - began
        deltas.append(delta)
    return _Heard(deltas, first, clock() - began)


def _rate(heard: _Heard, pieces: int) -> float | None:
    counted = next((one.usage.completion_tokens for one in heard.deltas if one.usage), 0) or pieces
    spent = heard.whole_s - heard.first_s
    return (counted - 1) / spent if pieces > 2 and spent > 0 else None


def _calls(heard: _Heard) -> bool:
    parts = [part for delta in heard.deltas for part in delta.tool_calls]
    named = any(part.name == "read_weather" for part in parts)
    return named and _keeps("".join(part.arguments for part in parts))


def _keeps(text: str) -> bool:
    try:
        said: Any = json.loads(text)
    except (ValueError, RecursionError):
        return False
    fields = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    return isinstance(fields.get("city"), str)


def _long(tokens: int) -> ChatRequest:
    filler = _FILLER * (tokens // _FILLER_TOKENS)
    return ChatRequest(
        (
            Message(
                "user",
                f'<passage number="1">The secret word is {_WORD}.</passage>\n{filler}'
                "<question>What is the secret word?</question>",
            ),
        ),
        most_tokens=300,
        temperature=None,
    )
