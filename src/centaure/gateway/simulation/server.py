"""The simulated service itself."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from centaure.gateway.chat import ChatRequest, Delta, Usage
from centaure.gateway.extractive import Known, deltas
from centaure.gateway.simulation import documents
from centaure.gateway.simulation.behaviour import NAME, Behaviour, Fault, fault_named
from centaure.gateway.simulation.obedience import OBEDIENT, obeyed
from centaure.gateway.simulation.wire import Exchange, Request, read_request
from centaure.kit.errors import Unavailable

_BEFORE_FAULT = 3
_WAITING = 4096
_RETRY_S = "7"
_MISFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_REFUSALS = {
    Fault.UNAUTHORISED: (401, "Incorrect API key provided.", "invalid_api_key"),
    Fault.UNKNOWN: (404, "The model does not exist.", "model_not_found"),
    Fault.BUSY: (429, "Rate limit reached.", "rate_limit_exceeded"),
    Fault.BROKEN: (500, "The server had an error.", "server_error"),
    Fault.AWAY: (503, "The server is overloaded.", "overloaded"),
    Fault.TOO_LONG: (400, "The maximum context length is exceeded.", "context_length_exceeded"),
}
_HOTTEST = 1.5
_REFUSED_PARAMETER = {Fault.NO_OPTIONS: "stream_options", Fault.NO_MAX_TOKENS: "max_tokens"}


class SimulatedService:
    """What is served, and what came of it.

    Attributes:
        behaviour: of every answer; may be changed while it serves.
        known: what it knows besides the offline twin's own rules.
        address: up to the version, once it serves.
        asked: requests for chat completions so far.
        open: answers that are under way.
        left: answers whose reader went away before their end.
        last: the latest request for a chat completion, as JSON.
        connections: those that are open, by the tasks that serve them.
    """

    def __init__(self, behaviour: Behaviour, known: Known | None = None) -> None:
        self.behaviour = behaviour
        self.known = known
        self.address = ""
        self.asked = self.open = self.left = 0
        self.last: dict[str, Any] = {}
        self.connections: dict[asyncio.Task[Any] | None, asyncio.StreamWriter] = {}

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, until it is closed."""
        task = asyncio.current_task()
        self.connections[task] = writer
        exchange = Exchange(reader, writer)
        # Whoever is gone, or speaks another language, is answered nothing.
        try:
            while (request := await read_request(reader)) is not None:
                await self._answer(request, exchange)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # cancelled only with the whole service
        finally:
            writer.close()
            del self.connections[task]

    async def close(self) -> None:
        """End every connection."""
        for writer in self.connections.values():
            writer.transport.abort()
        await asyncio.gather(*(task for task in self.connections if task))

    async def _answer(self, request: Request, exchange: Exchange) -> None:
        match request.method, request.path:
            case "GET", "/v1/models":
                exchange.send(200, documents.listed())
            case "POST", "/v1/embeddings":
                try:
                    exchange.send(200, documents.embeddings(documents.parsed(request.body)))
                except _MISFORMED:
                    exchange.send(
                        400, documents.error("These are no texts.", "invalid_request_error")
                    )
            case "POST", "/v1/chat/completions":
                self.open += 1
                try:
                    await self._chat(request.body, exchange)
                except ConnectionResetError:
                    self.left += 1
                    raise
                finally:
                    self.open -= 1
            case _:
                exchange.send(404, documents.error("There is nothing here.", "not_found"))

    async def _chat(self, body: bytes, exchange: Exchange) -> None:
        try:
            said = documents.parsed(body)
            request, model = documents.chat_request(said), str(said["model"])
        except _MISFORMED:
            exchange.send(400, documents.error("This is no chat.", "invalid_request_error"))
            return
        self.asked, self.last = self.asked + 1, said
        behaviour = self.behaviour
        fault = fault_named(model) or behaviour.fault
        if not model.startswith(NAME):
            fault = Fault.UNKNOWN
        if _refuse(fault, said, exchange):
            return
        if fault is Fault.TIMEOUT:
            await exchange.until_left()
        if behaviour.latency_s:
            await exchange.pause(behaviour.latency_s)
        if fault is Fault.CUT_AT_ONCE:
            exchange.cut()
        pieces = _pieces(request, behaviour, fault, self.known)
        if model == OBEDIENT:
            pieces = obeyed(request)
        if said.get("stream") and fault is not Fault.NO_STREAM:
            await self._stream(said, pieces, behaviour, fault, exchange)
            return
        found = list(pieces)
        if behaviour.tokens_per_second:
            await exchange.pause(len(found) / behaviour.tokens_per_second)
        answer = documents.completion(model, found)
        exchange.send(200, answer[: len(answer) // 2] if fault is Fault.MALFORMED else answer)

    async def _stream(
        self,
        said: dict[str, Any],
        pieces: Iterator[Delta],
        behaviour: Behaviour,
        fault: Fault | None,
        exchange: Exchange,
    ) -> None:
        model = str(said["model"])
        options: dict[str, Any] = said.get("stream_options") or {}
        clock = asyncio.get_running_loop().time
        step = 1 / behaviour.tokens_per_second if behaviour.tokens_per_second else 0.0
        due = clock()
        exchange.begin_events()
        for at, delta in enumerate(pieces):
            if at == _BEFORE_FAULT:
                await _go_wrong(fault, exchange)
            # Also without a pace, others have their turn.
            await asyncio.sleep(max(0.0, due - clock()))
            due += step
            await exchange.event(documents.chunk(model, delta))
            if delta.usage and options.get("include_usage"):
                await exchange.event(documents.usage_chunk(model, delta))
        await exchange.event(b"[DONE]")
        exchange.end_events()


@contextlib.asynccontextmanager
async def simulated_service(
    behaviour: Behaviour | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    known: Known | None = None,
) -> AsyncGenerator[SimulatedService]:
    """The service, until the end of the block.

    Args:
        behaviour: of every answer.
        host: address that it listens on.
        port: that it listens on; 0: one that is free.
        known: what it knows besides the offline twin's own rules.

    Raises:
        Unavailable: it cannot listen there.
    """
    service = SimulatedService(behaviour or Behaviour(), known)
    try:
        server = await asyncio.start_server(service.handle, host, port, backlog=_WAITING)
    except OSError as error:
        raise Unavailable(
            f"The simulated service cannot listen on {host}, port {port} ({error.strerror}). "
            "Choose another with --port."
        ) from None
    bound = server.sockets[0].getsockname()[1]
    service.address = f"http://{f'[{host}]' if ':' in host else host}:{bound}/v1"
    try:
        yield service
    finally:
        server.close()
        await service.close()


def _pieces(
    request: ChatRequest, behaviour: Behaviour, fault: Fault | None, known: Known | None
) -> Iterator[Delta]:
    """The answer, of the length that is wanted."""
    if fault is Fault.EMPTY:
        yield Delta(finish="stop", usage=Usage(1, 0))
        return
    if fault is Fault.ENDLESS:
        while True:
            yield Delta(" and so on")
    *words, last = deltas(request, known)
    asked = last.usage.prompt_tokens if last.usage else 0
    if behaviour.tokens and last.finish != "tool_calls" and not request.response_format:
        written = min(behaviour.tokens, request.most_tokens)
        words = [words[at % len(words)] for at in range(written)]
        finish = "length" if written < behaviour.tokens else "stop"
        last = Delta(finish=finish, usage=Usage(asked, written))
    yield from words
    yield last


def _refuse(fault: Fault | None, said: dict[str, Any], exchange: Exchange) -> bool:
    """Say no, if that is what is to go wrong; whether it is."""
    if fault is not None and fault in _REFUSALS:
        status, words, code = _REFUSALS[fault]
        wait = {"retry-after": _RETRY_S} if status in {429, 503} else None
        exchange.send(status, documents.error(words, code), wait)
        return True
    refused = _REFUSED_PARAMETER.get(fault) if fault else None
    if refused in said:
        words = f"Unsupported parameter: '{refused}' is not supported with this model."
        if fault is Fault.NO_MAX_TOKENS:
            words += " Use 'max_completion_tokens' instead."
        exchange.send(400, documents.error(words, "unsupported_parameter"))
        return True
    if fault is Fault.NO_HEAT and (said.get("temperature") or 0) > _HOTTEST:
        words = f"temperature must be at most {_HOTTEST}."
        exchange.send(400, documents.error(words, "invalid_value"))
        return True
    return False


async def _go_wrong(fault: Fault | None, exchange: Exchange) -> None:
    """What goes wrong in the middle of an answer."""
    match fault:
        case Fault.STALL:
            await exchange.until_left()
        case Fault.CUT:
            exchange.cut()
        case Fault.MALFORMED:
            await exchange.event(b'{"choices":[{"index":0,"delta":{"content":"bro')
        case Fault.WRONG:
            await exchange.event(b'["no", "piece"]')
        case Fault.FAILED:
            await exchange.event(documents.error("The model has failed.", "server_error"))
        case _:
            return
