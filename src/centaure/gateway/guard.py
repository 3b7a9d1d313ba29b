"""Where checks stand on the way to every language model and back; packages above bring them."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from centaure.gateway.calls import Call, Stopped, Verdict
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Delta, Finish, ToolCall, ToolCallPart
from centaure.kit.errors import Unavailable

log = logging.getLogger(__name__)

CHECK_S = 10.0
"""For what goes out, and for each piece that comes back."""
T = TypeVar("T")


class AnswerGuard(Protocol):
    """What looks at one answer while it comes, in order; it may hold back, change or end it.

    Each method may raise `Stopped`: what was not given back by then is never shown.
    """

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """What was found so far."""
        ...

    async def feed(self, text: str) -> str:
        """What may be shown, now that the model has also said this; empty: more is awaited."""
        ...

    async def tool(self, call: ToolCall) -> ToolCall:
        """The call of a tool, which is whole, as it may be passed on."""
        ...

    async def end(self) -> str:
        """What may be shown of all that was held back: the answer is over."""
        ...

    def kept(self, shown: str) -> str:
        """What was shown, or the arguments of one tool, as the record of the call may hold it."""
        ...


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call as it may be made.

    Attributes:
        request: what may be asked.
        classification: of that, 0 to 3; it counts where it is above that of the call.
        verdicts: what was found.
        answer: looks at the answer; None: it is shown as it comes.
    """

    request: ChatRequest
    classification: int
    verdicts: tuple[Verdict, ...] = ()
    answer: AnswerGuard | None = None


class Guard(Protocol):
    """What looks at every call before a model is chosen, and before each one is asked; one for a process."""

    async def admit(self, call: Call) -> Admitted:
        """What of a call may go out, and as what class. Open no transaction around it.

        Raises:
            Stopped: it may not be made; the message is the reply to whoever asked.
        """
        ...

    async def before(
        self, call: Call, model: CatalogueModel, answer: AnswerGuard | None
    ) -> Admitted:
        """What of a call this model may be asked, such as without personal data, and what undoes that.

        Several models may be asked at once. Open no transaction around it.

        Args:
            call: as it was admitted.
            model: who is about to be asked.
            answer: what looks at the answer once it is as the person will read it.

        Raises:
            Stopped: this model may not be asked it; another one might.
        """
        ...


class ChecksFailed(Unavailable):
    """What checks calls and answers failed: what it has not passed goes no further."""


async def admitted(found: Awaitable[Admitted], call: Call) -> tuple[Call, AnswerGuard | None]:
    """A call as it may be made by what a guard finds, and what looks at its answer.

    Raises:
        Stopped: it may not be made.
        ChecksFailed: nobody knows whether it may.
    """
    may = await _checked(found, "no language model was asked")
    level = max(call.classification, may.classification)
    made = replace(
        call,
        request=may.request,
        classification=level,
        verdicts=(*call.verdicts, *may.verdicts),
    )
    return made, may.answer


async def released(stream: AsyncGenerator[Delta], guard: AnswerGuard) -> AsyncGenerator[Delta]:
    """The pieces of an answer as they may be shown; calls of tools and the finish come last.

    Raises:
        Stopped: the answer ends here.
        ChecksFailed: nobody knows whether the rest may be shown.
    """
    finish: Finish | None = None
    parts: dict[int, list[ToolCallPart]] = {}
    failing = "the rest of the answer is not shown"
    async for delta in stream:
        finish = delta.finish or finish
        for part in delta.tool_calls:
            parts.setdefault(part.index, []).append(part)
        text = await _checked(guard.feed(delta.text), failing) if delta.text else ""
        if text or delta.usage is not None:
            yield Delta(text, usage=delta.usage)
    text = await _checked(guard.end(), failing)
    calls: list[ToolCallPart] = []
    # Numbered anew: those of the model could say anything.
    for index, (_, pieces) in enumerate(sorted(parts.items())):
        wanted = ToolCall(
            "".join(part.id for part in pieces),
            "".join(part.name for part in pieces),
            "".join(part.arguments for part in pieces),
        )
        passed = await _checked(guard.tool(wanted), failing)
        calls.append(ToolCallPart(index, passed.id, passed.name, passed.arguments))
    yield Delta(text, tuple(calls), finish)


async def _checked(check: Awaitable[T], failing: str) -> T:
    """What a check says, in its time."""
    try:
        async with asyncio.timeout(CHECK_S):
            return await check
    except Stopped:
        raise
    except Exception as error:
        log.exception("A check of what language models are asked or answer failed")
        raise ChecksFailed(f"A check failed, so {failing}. Try again in a moment.") from error
