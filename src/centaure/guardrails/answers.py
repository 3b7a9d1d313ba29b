"""The guard of one answer: each sentence is let out when it was checked."""

import json
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import cast

from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import ToolCall
from centaure.guardrails.acting import counted, held_against, recorded, redacted, stop, stopped
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.release import SentenceGate, grouped
from centaure.guardrails.verdicts import HELD_BACK, Action, Finding, Stage, Verdict

Hold = Callable[[Verdict, str, str], Awaitable[int]]
"""Keeps the rest of an answer for a person to decide on: why, what was shown before it, and its words."""

_UNKNOWN_TOOL = Finding(0, 0, "tools", "UNKNOWN_TOOL", 1.0, "unknown-tool.1")


class GuardedAnswer:
    """Looks at one answer while it comes, as `gateway.guard.AnswerGuard` says.

    Args:
        context: what the checks may know.
        among: the checks.
        tools: names of the tools that the model may ask for.
        hold: keeps what a person is to decide on; None: the answer ends there.
    """

    def __init__(
        self,
        context: Context,
        among: Sequence[Check],
        tools: Collection[str] = (),
        hold: Hold | None = None,
    ) -> None:
        self._context = context
        self._among = among
        self._tools = frozenset(tools)
        self._hold = hold
        self._why: Verdict | None = None
        self._shown: list[str] = []
        self._kept_back: list[str] = []
        self._gate = SentenceGate()
        self._verdicts: tuple[Recorded, ...] = ()

    @property
    def verdicts(self) -> Sequence[Recorded]:
        """What was found so far, each rule once for each action."""
        return self._verdicts

    async def feed(self, text: str) -> str:
        """The sentences that are whole and may be shown.

        Raises:
            Stopped: the answer ends here.
        """
        return "".join([await self._passed(group) for group in grouped(self._gate.feed(text))])

    async def tool(self, call: ToolCall) -> ToolCall:
        """A call of a tool that there is, if its arguments may be shown as they are.

        Its identifier is made here: that of the model could say anything. Nine letters and digits are what
        every provider takes back.

        Raises:
            Stopped: there is no such tool, or its arguments may not be shown.
        """
        if call.name not in self._tools:
            self._let_pass(Verdict(Action.BLOCK, 1.0, (_UNKNOWN_TOOL,)))
        for said in _read(call.arguments):
            verdict = await held_against(said, self._context, self._among)
            # JSON with a hole is none, and a call that waits for a person is not made.
            if verdict.action in {Action.REDACT, *HELD_BACK}:
                verdict = replace(verdict, action=Action.BLOCK)
            self._let_pass(verdict)
        return replace(call, id=secrets.token_hex(5)[:9])

    async def end(self) -> str:
        """What is left.

        Raises:
            Stopped: it may not be shown, or waits for a person.
        """
        left = self._gate.end()
        passed = await self._passed([left]) if left else ""
        if self._why is None or self._hold is None:
            return passed
        number = await self._hold(self._why, "".join(self._shown), "".join(self._kept_back))
        context = self._context
        raise stopped(self._why, Stage.OUTPUT, context.policy, context.language, number)

    def kept(self, shown: str) -> str:
        """What was shown: it holds nothing that was to be left out."""
        return shown

    async def _passed(self, sentences: Sequence[str]) -> str:
        """Sentences as they may be shown; what stands before them may make them something else.

        Where anything is found in several, each is looked at by itself: no more is left out than has to be.
        """
        before, said = self._gate.before, "".join(sentences)
        verdict = await held_against(before + said, self._context, self._among)
        verdict = _since(verdict, len(before))
        if len(sentences) > 1 and verdict.findings:
            return "".join([await self._passed([one]) for one in sentences])
        if self._hold is not None and verdict.action in HELD_BACK:
            self._keep(verdict)
            self._why = _both(self._why, verdict)
        else:
            self._let_pass(verdict)
        self._gate.told(said)
        passed = redacted(said, verdict)
        (self._shown if self._why is None else self._kept_back).append(passed)
        return passed if self._why is None else ""

    def _let_pass(self, verdict: Verdict) -> None:
        """Keep a verdict for the record, and end the answer where it says so."""
        self._keep(verdict)
        stop(verdict, Stage.OUTPUT, self._context.policy, self._context.language)

    def _keep(self, verdict: Verdict) -> None:
        self._verdicts = counted((*self._verdicts, *recorded(verdict, Stage.OUTPUT)))


def _read(arguments: str) -> tuple[str, ...]:
    """Arguments as they are written, and their texts as JSON gives them where escapes hide some."""
    if "\\" not in arguments:
        return (arguments,)
    try:
        read: object = json.loads(arguments)
    except ValueError:
        return (arguments,)
    return (arguments, "\n".join(_texts(read)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, held in cast("dict[str, object]", value).items():
            yield name
            yield from _texts(held)
    elif isinstance(value, list):
        for held in cast("list[object]", value):
            yield from _texts(held)


def _both(first: Verdict | None, second: Verdict) -> Verdict:
    """Why an answer waits for a person: everything that was found."""
    if first is None:
        return second
    action = max(first.action, second.action)
    return replace(second, action=action, findings=(*first.findings, *second.findings))


def _since(verdict: Verdict, start: int) -> Verdict:
    """A verdict without what was found, and told, before; offsets from there."""
    found, left_out = _from(verdict.findings, start), _from(verdict.left_out, start)
    if verdict.findings and not found:
        return Verdict()
    return replace(verdict, findings=found, left_out=left_out)


def _from(findings: Sequence[Finding], start: int) -> tuple[Finding, ...]:
    return tuple(
        replace(one, start=max(one.start - start, 0), end=one.end - start)
        for one in findings
        if one.end > start
    )
