"""What is done about a verdict: what is left out, what is told, and what is put on record."""

import asyncio
from collections.abc import Sequence

from centaure.gateway.calls import Stopped
from centaure.gateway.calls import Verdict as Recorded
from centaure.guardrails.checks import Check, Context, scan
from centaure.guardrails.policy import Policy
from centaure.guardrails.replies import reply, rewriting
from centaure.guardrails.verdicts import Action, Stage, Verdict

_AT_ONCE = 2_000
"""Characters that are checked in the event loop: more of them are checked in a thread beside it."""
_LEFT_OUT = "[…]"


async def held_against(text: str, context: Context, among: Sequence[Check] | None) -> Verdict:
    """What the checks of its stage say of a text; no caller is kept waiting for another's long one."""
    size = len(text) + sum(len(turn.text) for turn in context.earlier)
    if size <= _AT_ONCE:
        return scan(text, context, among)
    return await asyncio.to_thread(scan, text, context, among)


def recorded(verdict: Verdict, stage: Stage) -> tuple[Recorded, ...]:
    """A verdict as the record of a call keeps it: rules and numbers, nothing of the text."""
    counted: dict[str, int] = {}
    for finding in verdict.findings:
        counted[finding.rule] = counted.get(finding.rule, 0) + 1
    return tuple(
        Recorded(*_named(rule), stage.value, verdict.action.word, count)
        for rule, count in counted.items()
    )


def redacted(text: str, verdict: Verdict) -> str:
    """A text without the places that a verdict leaves out."""
    kept: list[str] = []
    at = 0
    for finding in sorted(verdict.left_out):
        if finding.end <= at:
            continue
        kept += [text[at : max(finding.start, at)], _LEFT_OUT]
        at = finding.end
    return "".join([*kept, text[at:]])


def stop(verdict: Verdict, stage: Stage, policy: Policy, language: str) -> None:
    """Let nothing pass where a verdict is more than a warning or a place left out.

    Raises:
        Stopped: with the reply of the policy.
    """
    if verdict.action > Action.REDACT:
        raise stopped(verdict, stage, policy, language)


def stopped(
    verdict: Verdict, stage: Stage, policy: Policy, language: str, held: int | None = None
) -> Stopped:
    """The end of a call, with the reply of the policy.

    Args:
        verdict: what the checks came to.
        stage: of what they looked at.
        policy: of the assistant.
        language: of the reply.
        held: number of what a person is to decide on; None: nothing waits.
    """
    writes_again = verdict.action is Action.REWRITE and stage is Stage.OUTPUT
    return Stopped(
        reply(verdict, policy, language),
        *recorded(verdict, stage),
        held=held,
        again=rewriting(verdict, language) if writes_again else "",
    )


def _named(rule: str) -> tuple[str, str]:
    """Name and version of a rule, `ignore-instructions.2`."""
    name, _, version = rule.rpartition(".")
    return (name, version) if name else (rule, "1")
