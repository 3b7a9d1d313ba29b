"""What is done about a verdict: what is left out, what is told, and what is put on record."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from centaure.gateway.calls import Stopped
from centaure.gateway.calls import Verdict as Recorded
from centaure.guardrails.checks import Check, Context, scan
from centaure.guardrails.policy import Policy
from centaure.guardrails.replies import reply, rewriting
from centaure.guardrails.verdicts import Action, Stage, Verdict

_AT_ONCE = 2_000
"""Characters that are checked in the event loop: more of them are checked in a thread beside it."""
LEFT_OUT = "[…]"
"""In place of what is left out."""


async def held_against(text: str, context: Context, among: Sequence[Check] | None) -> Verdict:
    """What the checks of its stage say of a text; nobody is kept waiting for another's many or long ones."""
    size = len(text) + sum(len(turn.text) for turn in context.earlier)
    if size > _AT_ONCE:
        return await asyncio.to_thread(scan, text, context, among)
    verdict = scan(text, context, among)
    await asyncio.sleep(0)
    return verdict


def recorded(verdict: Verdict, stage: Stage) -> tuple[Recorded, ...]:
    """A verdict as the record of a call keeps it: rules and numbers, nothing of the text."""
    counted: dict[str, int] = {}
    for finding in verdict.findings:
        counted[finding.rule] = counted.get(finding.rule, 0) + 1
    return tuple(
        Recorded(*_named(rule), stage.value, verdict.action.word, count)
        for rule, count in counted.items()
    )


def counted(verdicts: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """What was recorded of several texts, each rule once for each action."""
    kept: dict[Recorded, int] = {}
    for one in verdicts:
        same = replace(one, count=0)
        kept[same] = kept.get(same, 0) + one.count
    return tuple(replace(one, count=count) for one, count in kept.items())


def redacted(text: str, verdict: Verdict) -> str:
    """A text without the places that a verdict leaves out."""
    kept: list[str] = []
    at = 0
    for finding in sorted(verdict.left_out):
        if finding.end <= at:
            continue
        kept += [text[at : max(finding.start, at)], LEFT_OUT]
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
