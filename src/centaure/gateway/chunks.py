"""The events of a chat completion (`chat.completion.chunk`) as pieces of an answer, and their faults."""

import json
import re
from collections.abc import Sequence
from typing import Any, cast

from centaure.gateway.chat import Delta, Finish, ToolCallPart, Usage
from centaure.kit.errors import Unavailable

_CHARACTERS_PER_TOKEN = 16
_CHARACTERS_BESIDE = 1024
_FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
_STOPPED = frozenset({"content_filter", "permission_denied"})
"""Codes of errors by which a service, Centaure among them, says that a check of its own ended the answer."""
_OPENING = re.compile(rb'"content": ?"')
_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*').fullmatch
"""The inside of a string of JSON that stands for itself."""
_TRIES = 4
_Json = dict[str, Any]


class Chunks:
    """Reads events in order, and knows what an answer still lacks.

    Attributes:
        begun: whether the model has begun to speak or, as some do first, to think.
        ended: whether the service said that nothing follows.
    """

    def __init__(self, asked: str, most_tokens: int) -> None:
        """Args: `asked`: the address, for sentences; `most_tokens`: where the model was told to stop."""
        self._asked = asked
        self._left = most_tokens * _CHARACTERS_PER_TOKEN + _CHARACTERS_BESIDE
        self._finish: Finish | None = None
        self._frame: tuple[bytes, bytes] | None = None
        self._tries = _TRIES
        self.begun = False
        self.ended = False

    def merged(self, events: Sequence[bytes]) -> Delta | None:
        """What these events say, as one piece; None: nothing.

        Raises:
            Unavailable: they make no sense, tell of an error, or go on for too long.
        """
        text = ""
        calls: list[ToolCallPart] = []
        finish: Finish | None = None
        usage: Usage | None = None
        for event in events:
            if event == b"[DONE]":
                self.ended = True
                break
            try:
                if (words := self._framed(event)) is not None:
                    text += words.decode()
                    continue
                chunk: _Json = json.loads(event.decode())
                for choice in chunk.get("choices") or ():
                    said: _Json = choice.get("delta") or {}
                    text += _text(said.get("content") or "")
                    calls += map(_call_part, said.get("tool_calls") or ())
                    finish = _finish(choice.get("finish_reason")) or finish
                    self.begun = self.begun or bool(said)
                if counted := chunk.get("usage"):
                    usage = _usage(counted)
                failed = bool(chunk.get("error"))
                if _stopped(chunk.get("error")):
                    failed, finish, self.ended = False, "content_filter", True
                if self._tries:
                    self._learn(event, chunk)
            except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
                raise Unavailable(f"{self._asked} sent a piece that makes no sense.") from None
            if failed and not chunk.get("choices"):
                raise Unavailable(f"{self._asked} failed while it answered.")
        return self.take(text, calls, finish, usage)

    def _framed(self, event: bytes) -> bytes | None:
        """The words of an event that is like one before but for its words; None: it is another."""
        if self._frame is None:
            return None
        before, after = self._frame
        if not (event.startswith(before) and event.endswith(after, len(before))):
            return None
        words = event[len(before) : -len(after)]
        return words if _PLAIN(words) else None

    def _learn(self, event: bytes, chunk: _Json) -> None:
        """Keep what stands around the words of an event that says nothing else, if that is sure.

        Services repeat it in each event of an answer, where reading it again costs more than all the rest.
        """
        places = [place.end() for place in _OPENING.finditer(event)]
        words = event[places[0] : event.index(b'"', places[0])] if len(places) == 1 else b""
        if not words or not _PLAIN(words) or not _says_only(chunk, words.decode()):
            return
        self._tries -= 1
        before, after = event[: places[0]], event[places[0] + len(words) :]
        if _says_only(json.loads(before + b"~" + after), "~"):
            self._frame = before, after

    def last(self) -> Delta | None:
        """The end that a service forgot to say; None: it was said.

        Raises:
            Unavailable: it was cut.
        """
        if self._finish is not None:
            return None
        if not self.ended:
            raise Unavailable(f"{self._asked} cut its answer.")
        return Delta(finish="stop")

    def take(
        self, text: str, calls: list[ToolCallPart], finish: Finish | None, usage: Usage | None
    ) -> Delta | None:
        """What was read, as one piece; errors as in `merged`."""
        if text or calls:
            self.begun = True
            self._left -= len(text) + sum(len(call.arguments) for call in calls)
            if self._left < 0:
                raise Unavailable(f"{self._asked} goes on past the length that was asked for.")
        if finish is not None:
            self._finish, self.begun = finish, True
        if not (text or calls or finish or usage):
            return None
        return Delta(text, tuple(calls), finish, usage)


def whole_answer(chunks: Chunks, answer: object) -> Delta:
    """An answer that came in one piece, from a service that does not stream; errors as in `Chunks.merged`."""
    said = cast("_Json", answer) if isinstance(answer, dict) else {}
    try:
        choices = [
            {
                "delta": _indexed(choice["message"]),
                "finish_reason": choice.get("finish_reason") or "stop",
            }
            for choice in said["choices"][:1]
        ]
    except (KeyError, TypeError, AttributeError):
        choices = []
    event: _Json = {"choices": choices, "usage": said.get("usage")}
    if not choices:
        event["error"] = True
    delta = chunks.merged([json.dumps(event).encode(), b"[DONE]"])
    return delta or chunks.last() or Delta()


def _stopped(error: object) -> bool:
    """Whether an error says that a check of the service ended the answer."""
    fields = cast("_Json", error) if isinstance(error, dict) else {}
    return str(fields.get("code")) in _STOPPED


def _says_only(chunk: _Json, text: str) -> bool:
    """Whether an event is words of an answer, and no more."""
    match chunk:
        case {"choices": [{"delta": {"content": found} as said} as choice]}:
            alone = not said.get("tool_calls") and not choice.get("finish_reason")
            return found == text and alone and not chunk.get("usage") and not chunk.get("error")
        case _:
            return False


def _indexed(message: _Json) -> _Json:
    given: list[_Json] = message.get("tool_calls") or []
    calls = [{"index": at, **call} for at, call in enumerate(given)]
    return {"content": message.get("content"), "tool_calls": calls}


def _text(content: object) -> str:
    """Its words; models that think aloud give parts, of which the thoughts are left out."""
    if isinstance(content, list):
        parts = cast("list[_Json]", content)
        return "".join(part["text"] for part in parts if part["type"] == "text")
    if not isinstance(content, str):
        raise TypeError
    return content


def _call_part(part: _Json) -> ToolCallPart:
    function: _Json = part.get("function") or {}
    arguments = function.get("arguments") or ""
    return ToolCallPart(
        index=int(part.get("index") or 0),
        id=str(part.get("id") or ""),
        name=str(function.get("name") or ""),
        # Some services give the object itself.
        arguments=arguments if isinstance(arguments, str) else json.dumps(arguments),
    )


def _finish(reason: object) -> Finish | None:
    if not reason:
        return None
    return _FINISHES.get(str(reason), "stop")


def _usage(counted: _Json) -> Usage:
    asked, written = counted.get("prompt_tokens") or 0, counted.get("completion_tokens") or 0
    return Usage(max(0, int(asked)), max(0, int(written)))
