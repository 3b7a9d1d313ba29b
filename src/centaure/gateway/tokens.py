"""How many tokens a text is, where no provider has counted them.

Tokenizers of today's models make about one token of four bytes of French or English, and more of tables, code
and other scripts: what is reserved supposes three bytes, what is accounted for four.
"""

import json

from centaure.gateway.chat import ChatRequest, Usage

_BYTES = 4
_BYTES_RESERVED = 3
_OF_A_MESSAGE = 4
"""Tokens that mark where a message begins, who speaks, and where it ends."""
_MOST = 100_000_000


def used(request: ChatRequest, answer: str, counted: Usage | None) -> Usage:
    """The tokens of a call: those that its provider counted, else about as many as the texts are."""
    said = counted or Usage(tokens_of_prompt(request), tokens_of(answer))
    return Usage(countable(said.prompt_tokens), countable(said.completion_tokens))


def countable(tokens: int) -> int:
    """A count of somebody else as a number that can be: it is data, whatever it says."""
    return min(max(tokens, 0), _MOST)


def tokens_of(text: str) -> int:
    """About how many tokens a text is."""
    return -(-_bytes(text) // _BYTES)


def tokens_of_prompt(request: ChatRequest) -> int:
    """About how many tokens a model is sent."""
    return _prompt(request, _BYTES)


def most_tokens_of_prompt(request: ChatRequest) -> int:
    """How many tokens a model is sent, rather more than it counts."""
    return _prompt(request, _BYTES_RESERVED)


def _prompt(request: ChatRequest, size: int) -> int:
    written = sum(
        _bytes(message.content)
        + sum(_bytes(call.name) + _bytes(call.arguments) for call in message.tool_calls)
        for message in request.messages
    )
    offered = sum(
        _bytes(tool.name) + _bytes(tool.description) + _bytes(json.dumps(dict(tool.parameters)))
        for tool in request.tools
    )
    shape = _bytes(json.dumps(dict(request.response_format))) if request.response_format else 0
    return -(-(written + offered + shape) // size) + _OF_A_MESSAGE * len(request.messages)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="replace"))
