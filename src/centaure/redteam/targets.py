"""Who is attacked: a model behind its guard, in this process or over HTTP, or one of the catalogue."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

from centaure.gateway.calls import Call, Purpose, Stopped, Verdict
from centaure.gateway.chat import ChatModel, ChatRequest, Delta, Finish, ToolCall, ToolCallPart
from centaure.gateway.guard import Guard, admitted, released
from centaure.gateway.service import Gateway
from centaure.gateway.simulation.obedience import OBEDIENT, obeyed
from centaure.kit.errors import CentaureError, Refused

_BEYOND_S = 2.0
"""What a target may be late before it is left."""
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one question.

    Attributes:
        text: what whoever asked would read.
        calls: the tools that would be named to them.
        stopped: whether a check, here or of the service, ended it.
        rules: the rules that spoke, with their versions; those of another service are not known.
        problem: why there is no whole answer; empty: there is.
    """

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    stopped: bool = False
    rules: tuple[str, ...] = ()
    problem: str = ""


class Target(Protocol):
    """Whoever is asked. A fault of it is a reply with a problem; nothing is raised."""

    async def ask(self, request: ChatRequest, language: str) -> Reply:
        """What it answers, in the time that it has."""
        ...


class ModelTarget:
    """A model in this process or behind an address.

    Args:
        model: stays open.
        guard: stands before it, as the gateway would put it there; None: nothing does.
        assistant: whose policy the guard is to follow.
        longest_s: for one answer.
    """

    def __init__(
        self, model: ChatModel, guard: Guard | None, *, assistant: str = "", longest_s: float = 60.0
    ) -> None:
        self._model, self._guard = model, guard
        self._assistant, self._longest_s = assistant, longest_s

    async def ask(self, request: ChatRequest, language: str) -> Reply:
        """As in `Target`."""
        call = Call(request, 0, Purpose.CHAT, 0, assistant=self._assistant, language=language)
        return await _heard(self._answer(call), self._longest_s)

    async def _answer(self, call: Call) -> AsyncGenerator["Delta | Sequence[Verdict]"]:
        looking = None
        if self._guard is not None:
            call, looking = await admitted(self._guard.admit(call), call)
        yield call.verdicts
        stream = self._model.stream(
            call.request, first_s=self._longest_s, longest_s=self._longest_s
        )
        shown = released(stream, looking) if looking else stream
        async with aclosing(stream), aclosing(shown):
            async for delta in shown:
                yield delta
        if looking is not None:
            yield looking.verdicts


class GatewayTarget:
    """A model of the catalogue by the way that all take: rules, quotas, records, the guard.

    Args:
        gateway: stays open.
        principal: for whom it is asked, and recorded.
        model: its name; empty: the rules choose.
        assistant: whose policy and rules are followed.
        purpose: what for.
        longest_s: for one answer.
    """

    def __init__(  # noqa: PLR0913 - what a call needs
        self,
        gateway: Gateway,
        principal: int,
        model: str,
        *,
        assistant: str = "",
        purpose: Purpose = Purpose.CHAT,
        longest_s: float = 60.0,
    ) -> None:
        self._gateway, self._principal, self._model = gateway, principal, model
        self._assistant, self._purpose, self._longest_s = assistant, purpose, longest_s

    async def ask(self, request: ChatRequest, language: str) -> Reply:
        """As in `Target`; what is asked is of class C0, since all of it is invented."""
        call = Call(
            request,
            self._principal,
            self._purpose,
            0,
            assistant=self._assistant,
            language=language,
            model=self._model,
            first_s=self._longest_s,
            longest_s=self._longest_s,
        )
        return await _heard(self._answer(call), self._longest_s)

    async def _answer(self, call: Call) -> AsyncGenerator["Delta | Sequence[Verdict]"]:
        async with self._gateway.speak(call) as spoken:
            async for delta in spoken:
                yield delta
            yield spoken.verdicts


class ObedientModel:
    """A simulated model that does whatever it reads, in this process."""

    name = OBEDIENT

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        """As in `ChatModel`."""
        del first_s, longest_s
        for delta in obeyed(request):
            yield delta
        await asyncio.sleep(0)  # others have their turn

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class _Hearing:
    texts: list[str] = field(default_factory=list[str])
    parts: dict[int, list[ToolCallPart]] = field(default_factory=dict[int, list[ToolCallPart]])
    finish: Finish | None = None
    rules: dict[str, None] = field(default_factory=dict[str, None])

    def take(self, piece: "Delta | Sequence[Verdict]") -> None:
        if not isinstance(piece, Delta):
            self.rules.update({f"{one.rule}.{one.version}": None for one in piece})
            return
        self.texts.append(piece.text)
        for part in piece.tool_calls:
            self.parts.setdefault(part.index, []).append(part)
        self.finish = piece.finish or self.finish

    def lack(self) -> str:
        """What a finished answer lacks; empty: nothing."""
        if self.finish == "length":
            return "The answer was cut at its longest."
        return "" if any(self.texts) or self.parts else "It answered with nothing."

    def reply(self, said: str, *, stopped: bool, problem: str) -> Reply:
        calls = (
            ToolCall(
                "".join(part.id for part in parts),
                "".join(part.name for part in parts),
                "".join(part.arguments for part in parts),
            )
            for _, parts in sorted(self.parts.items())
        )
        text = "\n".join(one for one in ("".join(self.texts), said) if one)
        return Reply(text, tuple(calls), stopped, tuple(self.rules), problem)


async def _heard(pieces: AsyncGenerator["Delta | Sequence[Verdict]"], longest_s: float) -> Reply:
    """What is heard to the end, or to the fault."""
    hearing = _Hearing()
    said, stopped, problem = "", False, ""
    try:
        async with asyncio.timeout(longest_s + _BEYOND_S), aclosing(pieces):
            async for piece in pieces:
                hearing.take(piece)
    except Stopped as error:
        hearing.take(error.verdicts)
        said, stopped = error.message, True
    except TimeoutError:
        problem = "It did not answer in time."
    except CentaureError as error:
        # It answered the greeting: what it forbids now is this text.
        stopped = isinstance(error, Refused) and error.status_code == _FORBIDDEN
        problem = "" if stopped else error.message
    else:
        stopped = hearing.finish == "content_filter"
        problem = "" if stopped else hearing.lack()
    return hearing.reply(said, stopped=stopped, problem=problem)
