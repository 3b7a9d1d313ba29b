"""What is said to a language model and what it says, whoever provides it: the port of providers."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant", "tool"]
Finish = Literal["stop", "length", "tool_calls", "content_filter"]
SILENCE_S = 60.0
"""Longest wait, in seconds, for a piece of an answer that has begun, unless a setting says another."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants called.

    Attributes:
        id: by which the result names it.
        name: of the tool.
        arguments: as the model wrote them: JSON if it did well.
    """

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what the model is shown.

    Attributes:
        role: who speaks.
        content: the words; those of a document or a tool are data, whatever they say.
        tool_calls: what an assistant's turn asked for.
        tool_call_id: of a tool's turn: the call that it answers.
    """

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may ask for; `parameters` is its JSON Schema."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked.

    Attributes:
        messages: oldest first.
        most_tokens: where it stops at the latest.
        temperature, top_p, seed: of sampling; None: the provider's own.
        stop: texts at which it stops.
        tools: what it may ask for.
        tool_choice: "auto", "none", "required", or the name of a tool.
        response_format: as in OpenAI's API: `{"type": "json_object"}` or a JSON Schema; None: text.
    """

    messages: tuple[Message, ...]
    most_tokens: int = 1024
    temperature: float | None = 0.0
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    response_format: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a provider counted."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """A piece of a tool call: the one at `index`; `id` and `name` come with its first piece."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of an answer; the last pieces carry `finish` and, if the provider counts, `usage`."""

    text: str = ""
    tool_calls: tuple[ToolCallPart, ...] = ()
    finish: Finish | None = None
    usage: Usage | None = None


class ChatModel(Protocol):
    """A model that answers piece by piece. Closing the generator ends the provider's work."""

    def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        """The answer as it comes.

        Args:
            request: what is asked.
            first_s: until the first piece is there.
            longest_s: for the whole answer.

        Raises:
            TextRefused: it will not take this request; another model might.
            Refused: it answers with another error.
            Unavailable: it does not answer in time, cuts its answer, or does not make sense.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
