"""pydantic-ai's words for what is asked of a model and what it says, and its faults as sentences.

Importing this loads pydantic-ai: `centaure.gateway.other_providers` does when a model of such a provider is
used.
"""

import json
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any, cast

from pydantic_ai import exceptions
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolCallPartDelta,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from centaure.gateway import chat
from centaure.gateway.chat import ChatRequest, Delta, Finish
from centaure.gateway.chunks import Chunks
from centaure.gateway.embeddings import TextRefused
from centaure.gateway.faults import refusal
from centaure.kit.errors import CentaureError, Unavailable

_FINISHES: dict[str, Finish] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
    "tool_call": "tool_calls",
}
_ADDRESSES = {
    "anthropic": "https://api.anthropic.com",
    "google": "https://generativelanguage.googleapis.com",
}


class Spoken:
    """A model of a provider, ready to be asked."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a provider may need
        self, kind: str, name: str, model: str, key: str, address: str, region: str
    ) -> None:
        """Blocks for as long as its library takes to load; arguments as in `OtherProvider`."""
        self._kind, self._name, self._model_name = kind, name, model
        self._model = _MAKERS[kind](model, key, address or _ADDRESSES.get(kind), region)
        self._entered = False

    async def deltas(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """The answer as it comes; to be opened, read and closed by one task. Errors as in `ChatModel`."""
        if not self._entered:
            await self._model.__aenter__()
            self._entered = True
        chunks = Chunks(self._name, request.most_tokens)
        places: dict[int, int] = {}
        try:
            async with model_request_stream(
                self._model,
                _messages(request),
                model_settings=_settings(request, self._kind),
                model_request_parameters=_parameters(request, self._model),
            ) as stream:
                async for event in stream:
                    text, calls = _said(event, places)
                    delta = chunks.take(text, calls, None, None)
                    if delta is not None:
                        yield delta
                counted = stream.usage
                finish = _FINISHES.get(stream.finish_reason or "")
                usage = chat.Usage(counted.input_tokens, counted.output_tokens)
        except CentaureError:
            raise
        except exceptions.ModelHTTPError as error:
            raise refusal(
                self._name, self._model_name, error.status_code, error.headers or {}
            ) from error
        except exceptions.ModelContextWindowExceededError as error:
            raise TextRefused(f"The text is too long for {self._model_name}.") from error
        except Exception as error:  # whatever their libraries raise, people get a sentence
            raise Unavailable(
                f"{self._name} cannot be reached, or breaks off ({type(error).__name__})."
            ) from error
        last = chunks.take("", [], finish, usage)
        chunks.last()
        if last is not None:
            yield last

    async def close(self) -> None:
        """Let go of connections."""
        if self._entered:
            self._entered = False
            await self._model.__aexit__(None, None, None)


def _anthropic(model: str, key: str, address: str | None, _: str) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 - loads their library
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415 - as above

    return AnthropicModel(model, provider=AnthropicProvider(api_key=key, base_url=address))


def _google(model: str, key: str, address: str | None, _: str) -> Model:
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415 - loads their library
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415 - as above

    return GoogleModel(model, provider=GoogleProvider(api_key=key, base_url=address))


def _bedrock(model: str, key: str, address: str | None, region: str) -> Model:
    from pydantic_ai.models.bedrock import BedrockConverseModel  # noqa: PLC0415 - loads their library
    from pydantic_ai.providers.bedrock import BedrockProvider  # noqa: PLC0415 - as above

    from centaure.gateway.bedrock import bedrock_client  # noqa: PLC0415 - as above

    provider = BedrockProvider(bedrock_client=bedrock_client(key, region, address))
    return BedrockConverseModel(model, provider=provider)


_MAKERS: dict[str, Callable[[str, str, str | None, str], Model]] = {
    "anthropic": _anthropic,
    "google": _google,
    "bedrock": _bedrock,
}


def _messages(request: ChatRequest) -> list[ModelMessage]:
    """The turns; those that are not the model's own go together."""
    messages: list[ModelMessage] = []
    parts: list[ModelRequestPart] = []
    called: dict[str, str] = {}
    for message in request.messages:
        if message.role == "assistant":
            if parts:
                messages.append(ModelRequest(parts))
            called |= {call.id: call.name for call in message.tool_calls}
            messages.append(ModelResponse(list(_answered(message))))
            parts = []
        elif message.role == "tool":
            name = called.get(message.tool_call_id, "tool")
            parts.append(ToolReturnPart(name, message.content, message.tool_call_id))
        else:
            made = SystemPromptPart if message.role == "system" else UserPromptPart
            parts.append(made(message.content))
    return [*messages, ModelRequest(parts)] if parts else messages


def _answered(message: chat.Message) -> Iterator[ModelResponsePart]:
    if message.content:
        yield TextPart(message.content)
    for call in message.tool_calls:
        yield ToolCallPart(call.name, call.arguments, call.id)


def _settings(request: ChatRequest, kind: str) -> ModelSettings:
    settings = ModelSettings(max_tokens=request.most_tokens)
    if kind != "bedrock":  # whose client is made to try once
        settings["max_retries"] = 0
    if request.temperature is not None:
        settings["temperature"] = request.temperature
    if request.top_p is not None:
        settings["top_p"] = request.top_p
    if request.seed is not None:
        settings["seed"] = request.seed
    if request.stop:
        settings["stop_sequences"] = list(request.stop)
    if request.tools:
        choice = request.tool_choice
        named = choice not in {"auto", "none", "required"}
        settings["tool_choice"] = [choice] if named else cast("Any", choice)
    return settings


def _parameters(request: ChatRequest, model: Model) -> ModelRequestParameters:
    tools = [
        ToolDefinition(
            name=tool.name,
            description=tool.description,
            parameters_json_schema=dict(tool.parameters),
        )
        for tool in request.tools
    ]
    wanted = request.response_format or {}
    if wanted.get("type") not in {"json_object", "json_schema"}:
        return ModelRequestParameters(function_tools=tools)
    described: dict[str, Any] = wanted.get("json_schema", {})
    schema: dict[str, Any] = described.get("schema", {"type": "object"})
    native = bool(described) and model.profile.get("supports_json_schema_output", False)
    return ModelRequestParameters(
        function_tools=tools,
        output_mode="native" if native else "prompted",
        output_object=OutputObjectDefinition(json_schema=schema, name=described.get("name")),
    )


def _said(
    event: ModelResponseStreamEvent, places: dict[int, int]
) -> tuple[str, list[chat.ToolCallPart]]:
    """The text and the pieces of calls in an event; calls are counted apart from texts, by `places`."""
    match event:
        case PartStartEvent(part=TextPart(content=text)):
            return text, []
        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
            return text, []
        case PartStartEvent(index=at, part=ToolCallPart() as part):
            place = places.setdefault(at, len(places))
            arguments = _arguments(part.args)
            return "", [chat.ToolCallPart(place, part.tool_call_id, part.tool_name, arguments)]
        case PartDeltaEvent(index=at, delta=ToolCallPartDelta() as delta):
            place = places.setdefault(at, len(places))
            return "", [chat.ToolCallPart(place, arguments=_arguments(delta.args_delta))]
        case _:
            return "", []


def _arguments(given: object) -> str:
    if given is None:
        return ""
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
