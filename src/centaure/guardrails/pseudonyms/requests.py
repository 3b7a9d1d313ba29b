"""The texts of a request to a model: all that may hold what somebody wrote."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from centaure.gateway.chat import ChatRequest, Message, Tool

_WORDS = frozenset({"title", "description", "enum", "const", "default", "examples"})
"""Parts of a JSON Schema that may hold what somebody wrote."""
_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\u([0-9a-fA-F]{4})")
Told = Callable[[str], str]


def retold(request: ChatRequest, told: Told) -> ChatRequest:
    """A request each text of which is told otherwise, always in the same order."""
    form = request.response_format
    return replace(
        request,
        messages=tuple(_message(message, told) for message in request.messages),
        stop=tuple(told(text) for text in request.stop),
        tools=tuple(_tool(tool, told) for tool in request.tools),
        response_format=form and _told_in(form, told),
    )


def _message(message: Message, told: Told) -> Message:
    calls = tuple(
        replace(call, arguments=told(_legible(call.arguments))) for call in message.tool_calls
    )
    return replace(message, content=told(_legible(message.content)), tool_calls=calls)


def _tool(tool: Tool, told: Told) -> Tool:
    description = told(tool.description)
    return replace(tool, description=description, parameters=_told_in(tool.parameters, told))


def _told_in(value: Any, told: Told, *, words: bool = False) -> Any:
    """A JSON Schema whose words for readers and values are told otherwise; what it calls things stays."""
    if isinstance(value, str):
        return told(value) if words else value
    if isinstance(value, list):
        return [_told_in(one, told, words=words) for one in cast("list[Any]", value)]
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return {
            key: _told_in(one, told, words=words or key in _WORDS) for key, one in fields.items()
        }
    return value


def _legible(text: str) -> str:
    r"""JSON with the letters that it writes as numbers, `Andr\u00e9`; all else as it is."""
    if "\\u" not in text:
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(escaped: re.Match[str]) -> str:
    sign = chr(int(escaped[2], 16))
    return escaped[1] + sign if sign.isprintable() and sign not in '"\\' else escaped[0]
