"""The guard of one answer: each sentence is let out when it was checked."""

import json
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import cast

from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import ToolCall
from centaure.guardrails.acting import counted, held_against, recorded, redacted, stop
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.release import SentenceGate, grouped
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict

_UNKNOWN_TOOL = Finding(0, 0, "tools", "UNKNOWN_TOOL", 1.0, "unknown-tool.1")


class GuardedAnswer:
    """Looks at one answer while it comes, as `gateway.guard.AnswerGuard` says.

    Args:
        context: what the checks may know.
        among: the checks.
        tools: names of the tools that the model may ask for.
    """

    def __init__(
        self, context: Context, among: Sequence[Check], tools: Collection[str] = ()
    ) -> None:
        self._context = context
        self._among = among
        self._tools = frozenset(tools)
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
            if verdict.action is Action.REDACT:  # JSON with a hole is none
                verdict = replace(verdict, action=Action.BLOCK)
            self._let_pass(verdict)
        return replace(call, id=secrets.token_hex(5)[:9])

    async def end(self) -> str:
        """What is left.

        Raises:
            Stopped: it may not be shown.
        """
        left = self._gate.end()
        return await self._passed([left]) if left else ""

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
        self._let_pass(verdict)
        self._gate.told(said)
        return redacted(said, verdict)

    def _let_pass(self, verdict: Verdict) -> None:
        """Keep a verdict for the record, and end the answer where it says so."""
        self._verdicts = counted((*self._verdicts, *recorded(verdict, Stage.OUTPUT)))
        stop(verdict, Stage.OUTPUT, self._context.policy, self._context.language)


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
