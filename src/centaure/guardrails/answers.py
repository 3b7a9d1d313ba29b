"""The guard of one answer: each sentence is let out when it was checked."""

from collections.abc import Sequence
from dataclasses import replace

from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import ToolCall
from centaure.guardrails.acting import held_against, recorded, redacted, stop
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.release import SentenceGate
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict


class GuardedAnswer:
    """Looks at one answer while it comes, as `gateway.guard.AnswerGuard` says.

    Args:
        context: what the checks may know.
        among: the checks.
    """

    def __init__(self, context: Context, among: Sequence[Check]) -> None:
        self._context = context
        self._among = among
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
        if verdict.action is Action.REDACT:  # JSON with a hole is none
            verdict = replace(verdict, action=Action.BLOCK)
        self._keep(verdict)
        stop(verdict, Stage.OUTPUT, self._context.policy, self._context.language)
        return call

    async def end(self) -> str:
        """What is left.

        Raises:
            Stopped: it may not be shown.
        """
        left = self._gate.end()
        return await self._passed(left) if left else ""

    def kept(self, shown: str) -> str:
        """What was shown: it holds nothing that was to be left out."""
        return shown

    async def _passed(self, sentence: str) -> str:
        """A sentence as it may be shown; what stands before it may make it something else."""
        before = self._gate.before
        verdict = await held_against(before + sentence, self._context, self._among)
        verdict = _since(verdict, len(before))
        self._keep(verdict)
        stop(verdict, Stage.OUTPUT, self._context.policy, self._context.language)
        self._gate.told(sentence)
        return redacted(sentence, verdict)

    def _keep(self, verdict: Verdict) -> None:
        for one in recorded(verdict, Stage.OUTPUT):
            key = (one.rule, one.version, one.action)
            kept = self._verdicts.get(key)
            self._verdicts[key] = replace(one, count=one.count + (kept.count if kept else 0))


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
