"""What programs ask in OpenAI's words; fields that mean nothing here are ignored, as there."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from centaure.gateway.chat import ChatRequest, Message, Role, Tool, ToolCall
from centaure.kit.errors import InvalidInput

MOST_TOKENS = 131_072
UNSAID_TOKENS = 2048
"""Where an answer stops whose length nobody limited."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_ROLES: Mapping[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}
_TEXTS = frozenset({"text", "input_text", "output_text", "refusal"})
_Name = Annotated[str, Field(max_length=200)]


class FunctionCalled(BaseModel):
    """A function that the model called, and its arguments as it wrote them."""

    name: _Name
    arguments: str = ""


class ToolCalled(BaseModel):
    """One call of a tool in an assistant's message."""

    id: _Name
    type: Literal["function"] = "function"
    function: FunctionCalled


class MessageGiven(BaseModel):
    """One message; its content is text, or parts of which each is text."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = None
    tool_calls: Annotated[list[ToolCalled] | None, Field(max_length=128)] = None
    tool_call_id: _Name = ""

    def text(self) -> str:
        """The words of the message.

        Raises:
            InvalidInput: a part of it is an image, a sound or a file.
        """
        if not isinstance(self.content, list):
            return self.content or ""
        words: list[str] = []
        for part in self.content:
            kind = part.get("type")
            text = part.get("refusal" if kind == "refusal" else "text")
            if kind not in _TEXTS or not isinstance(text, str):
                raise InvalidInput("messages: only text can be sent here, no image, sound or file.")
            words.append(text)
        return "\n".join(words)

    def message(self) -> Message:
        """The message as models are given it."""
        called = tuple(
            ToolCall(call.id, call.function.name, call.function.arguments)
            for call in self.tool_calls or ()
        )
        return Message(_ROLES[self.role], self.text(), called, self.tool_call_id)


class FunctionGiven(BaseModel):
    """A function that the model may call; `parameters` is its JSON Schema."""

    name: _Name
    description: str | None = None
    parameters: dict[str, Any] | None = None


class ToolGiven(BaseModel):
    """A tool that the model may use."""

    type: Literal["function"]
    function: FunctionGiven


class FunctionNamed(BaseModel):
    """The name of a function."""

    name: _Name


class ToolNamed(BaseModel):
    """The one tool that the model must use."""

    type: Literal["function"] = "function"
    function: FunctionNamed


class ResponseFormat(BaseModel):
    """The form of the answer; a JSON Schema stands in `json_schema` as in OpenAI's API."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: dict[str, Any] | None = None


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: bool = False


class ChatAsked(BaseModel):
    """A chat completion, as OpenAI's API asks for one."""

    model: _Name
    messages: Annotated[list[MessageGiven], Field(min_length=1, max_length=2000)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    max_completion_tokens: Annotated[int | None, Field(ge=1)] = None
    temperature: Annotated[float | None, Field(ge=0, le=2)] = None
    top_p: Annotated[float | None, Field(ge=0, le=1)] = None
    seed: Annotated[int | None, Field(ge=-(2**63), le=2**63 - 1)] = None
    stop: str | Annotated[list[str], Field(max_length=16)] | None = None
    tools: Annotated[list[ToolGiven] | None, Field(max_length=128)] = None
    tool_choice: Literal["none", "auto", "required"] | ToolNamed | None = None
    response_format: ResponseFormat | None = None
    n: Annotated[int | None, Field(ge=1, le=1)] = None

    @property
    def tells_usage(self) -> bool:
        """Whether a stream ends with the tokens that were counted."""
        return self.stream_options is not None and self.stream_options.include_usage

    def request(self) -> ChatRequest:
        """What a model is asked.

        Raises:
            InvalidInput: a message is not text, or a tool cannot be named so.
        """
        tools = tuple(
            Tool(
                tool.function.name, tool.function.description or "", tool.function.parameters or {}
            )
            for tool in self.tools or ()
        )
        wrong = [tool.name for tool in tools if not _NAME.fullmatch(tool.name)]
        if wrong:
            raise InvalidInput(
                "tools: a name is 1 to 64 letters, digits, dots, hyphens or underscores."
            )
        return ChatRequest(
            messages=tuple(given.message() for given in self.messages),
            most_tokens=min(
                self.max_completion_tokens or self.max_tokens or UNSAID_TOKENS, MOST_TOKENS
            ),
            temperature=self.temperature,
            top_p=self.top_p,
            seed=self.seed,
            stop=(self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ()),
            tools=tools,
            tool_choice=self._choice(tools),
            response_format=self._form(),
        )

    def _choice(self, tools: tuple[Tool, ...]) -> str:
        if not isinstance(self.tool_choice, ToolNamed):
            return self.tool_choice or "auto"
        name = self.tool_choice.function.name
        if name not in {tool.name for tool in tools}:
            raise InvalidInput("tool_choice: the tool that it names is not among the tools.")
        return name

    def _form(self) -> Mapping[str, Any] | None:
        form = self.response_format
        if form is None or form.type == "text":
            return None
        if form.type == "json_object":
            return {"type": "json_object"}
        if form.json_schema is None:
            raise InvalidInput("response_format: a json_schema is missing.")
        return {"type": "json_schema", "json_schema": form.json_schema}


class EmbeddingsAsked(BaseModel):
    """Texts whose vectors are wanted, as OpenAI's API asks for them.

    `input_type` is of Centaure: some models read a question otherwise than a passage.
    """

    model: _Name
    input: str | Annotated[list[str] | list[int] | list[list[int]], Field(max_length=512)]
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: Annotated[int | None, Field(ge=1)] = None
    input_type: Literal["query", "passage"] = "passage"

    def texts(self) -> list[str]:
        """The texts, in order.

        Raises:
            InvalidInput: there is none, one is empty, or they are numbers of tokens.
        """
        given = [self.input] if isinstance(self.input, str) else self.input
        texts = [text for text in given if isinstance(text, str)]
        if len(texts) != len(given):
            raise InvalidInput(
                "input: send texts; tokens mean nothing to the model that is used here "
                "(LangChain: check_embedding_ctx_length=False)."
            )
        if not texts or not all(map(str.strip, texts)):
            raise InvalidInput("input: send at least one text, and no empty one.")
        return texts


class ModelRead(BaseModel):
    """A model that the caller may name."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelsRead(BaseModel):
    """The models that the caller may name."""

    object: Literal["list"] = "list"
    data: list[ModelRead]
