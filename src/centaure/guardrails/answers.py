"""The guard of one answer: each sentence is let out when it was checked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import ToolCall
from centaure.guardrails.acting import held_against, recorded, redacted, stop, stopped
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.release import SentenceGate
from centaure.guardrails.verdicts import HELD_BACK, Action, Finding, Stage, Verdict

Hold = Callable[[Verdict, str, str], Awaitable[int]]
"""Keeps the rest of an answer for a person to decide on: why, what was shown before it, and its words."""


class GuardedAnswer:
    """Looks at one answer while it comes, as `gateway.guard.AnswerGuard` says.

    Args:
        context: what the checks may know.
        among: the checks.
        hold: keeps what a person is to decide on; None: the answer ends there.
    """

    def __init__(self, context: Context, among: Sequence[Check], hold: Hold | None = None) -> None:
        self._context = context
        self._among = among
        self._hold = hold
        self._why: Verdict | None = None
        self._shown: list[str] = []
        self._kept_back: list[str] = []
        self._gate = SentenceGate()
        self._verdicts: dict[tuple[str, str, str], Recorded] = {}

    @property
    def verdicts(self) -> Sequence[Recorded]:
        """What was found so far, each rule once for each action."""
        return tuple(self._verdicts.values())

    async def feed(self, text: str) -> str:
        """The sentences that are whole and may be shown.

        Raises:
            Stopped: the answer ends here.
        """
        return "".join([await self._passed(one) for one in self._gate.feed(text)])

    async def tool(self, call: ToolCall) -> ToolCall:
        """A call of a tool as it is, if its arguments may be shown.

        Raises:
            Stopped: they may not, as they are.
        """
        verdict = await held_against(call.arguments, self._context, self._among)
        # JSON with a hole is none, and a call that waits for a person is not made.
        if verdict.action in {Action.REDACT, *HELD_BACK}:
            verdict = replace(verdict, action=Action.BLOCK)
        self._keep(verdict)
        stop(verdict, Stage.OUTPUT, self._context.policy, self._context.language)
        return call

    async def end(self) -> str:
        """What is left.

        Raises:
            Stopped: it may not be shown, or waits for a person.
        """
        left = self._gate.end()
        passed = await self._passed(left) if left else ""
        if self._why is None or self._hold is None:
            return passed
        number = await self._hold(self._why, "".join(self._shown), "".join(self._kept_back))
        context = self._context
        raise stopped(self._why, Stage.OUTPUT, context.policy, context.language, number)

    async def _passed(self, sentence: str) -> str:
        """A sentence as it may be shown; what stands before it may make it something else."""
        before = self._gate.before
        verdict = await held_against(before + sentence, self._context, self._among)
        verdict = _since(verdict, len(before))
        self._keep(verdict)
        if self._hold is not None and verdict.action in HELD_BACK:
            self._why = _both(self._why, verdict)
        else:
            stop(verdict, Stage.OUTPUT, self._context.policy, self._context.language)
        self._gate.told(sentence)
        passed = redacted(sentence, verdict)
        (self._shown if self._why is None else self._kept_back).append(passed)
        return passed if self._why is None else ""

    def _keep(self, verdict: Verdict) -> None:
        for one in recorded(verdict, Stage.OUTPUT):
            key = (one.rule, one.version, one.action)
            kept = self._verdicts.get(key)
            self._verdicts[key] = replace(one, count=one.count + (kept.count if kept else 0))


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
