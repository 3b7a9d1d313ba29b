"""The guard of the gateway: what is typed and what documents say is held against the checks."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from centaure.gateway.calls import Call, Purpose
from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import Message
from centaure.gateway.guard import Admitted, AnswerGuard
from centaure.guardrails.acting import held_against, recorded, redacted, stop, stopped
from centaure.guardrails.answers import GuardedAnswer
from centaure.guardrails.checks import Check, Context, Turn, checks
from centaure.guardrails.moderation import HeldWords, Moderation
from centaure.guardrails.policies import Policies
from centaure.guardrails.policy import Policy
from centaure.guardrails.verdicts import HELD_BACK, Stage, Verdict

_MOST_EARLIER = 20
"""Turns that checks look back on."""
_READ_BY_NOBODY = {Purpose.UNDERSTANDING, Purpose.JUDGE, Purpose.EMBEDDING}
_READ_BY_WHO_ASKED = {Purpose.ANSWER, Purpose.CHAT}
"""Of these a person may decide later; elsewhere nobody would be told."""
_NOT_TYPED = {Purpose.SUMMARY, Purpose.JUDGE, Purpose.TITLE, Purpose.EMBEDDING}


class Guarding:
    """Holds every call against the policy of its assistant; one for a process.

    Attributes:
        policies: where they are kept.
        among: the checks; None: those that are installed.
        moderation: where is kept what a person is to decide on; None: it is stopped, and not kept.
    """

    def __init__(
        self,
        policies: Policies,
        among: Sequence[Check] | None = None,
        moderation: Moderation | None = None,
    ) -> None:
        self.policies = policies
        self.among = among
        self.moderation = moderation

    async def admit(self, call: Call) -> Admitted:
        """What of a call may go out.

        Raises:
            Stopped: a check does not let it pass; the message is the reply of the policy.
            Unavailable: the database is away, so that nobody knows the policy.
        """
        policy = await self.policies.of(call.assistant)
        verdicts = list(await self._typed(call, policy))
        request = call.request
        messages: list[Message] = []
        for message in request.messages:
            if message.role != "tool":
                messages.append(message)
                continue
            context = Context(Stage.DOCUMENT, policy, language=call.language)
            verdict = await held_against(message.content, context, self.among)
            verdicts += recorded(verdict, Stage.DOCUMENT)
            await self._stop(call, Stage.DOCUMENT, policy, verdict, message.content)
            messages.append(replace(message, content=redacted(message.content, verdict)))
        if tuple(messages) != request.messages:
            request = replace(request, messages=tuple(messages))
        answer = self._answering(call, policy)
        return Admitted(request, call.classification, tuple(verdicts), answer)

    def _answering(self, call: Call, policy: Policy) -> AnswerGuard | None:
        """What looks at the answer; None: no check does, so that it is shown as it comes."""
        among = checks() if self.among is None else self.among
        looking = [
            check
            for check in among
            if Stage.OUTPUT in check.stages and check.name not in policy.off
        ]
        if not looking or call.purpose in _READ_BY_NOBODY:
            return None
        said = call.request.messages if call.purpose is Purpose.CHAT else ()
        secrets = tuple(message.content for message in said if message.role == "system")
        context = Context(Stage.OUTPUT, policy, secrets=secrets, language=call.language)
        if self.moderation is None or call.purpose not in _READ_BY_WHO_ASKED:
            return GuardedAnswer(context, looking)
        return GuardedAnswer(context, looking, partial(_hold, self.moderation, call))

    async def _typed(self, call: Call, policy: Policy) -> tuple[Recorded, ...]:
        """What the last words of a person come to, the earlier ones in mind."""
        turns = _turns(call)
        last = max((at for at, turn in enumerate(turns) if turn.role == "user"), default=None)
        if last is None:
            return ()
        earlier = turns[max(last - _MOST_EARLIER, 0) : last]
        context = Context(Stage.INPUT, policy, earlier, language=call.language)
        verdict = await held_against(turns[last].text, context, self.among)
        await self._stop(call, Stage.INPUT, policy, verdict, turns[last].text)
        return recorded(verdict, Stage.INPUT)

    async def _stop(
        self, call: Call, stage: Stage, policy: Policy, verdict: Verdict, text: str
    ) -> None:
        """Let nothing pass that is to be stopped, or that waits for a person.

        Raises:
            Stopped: with the reply of the policy.
        """
        moderation = self.moderation if call.purpose in _READ_BY_WHO_ASKED else None
        if moderation is None or verdict.action not in HELD_BACK:
            stop(verdict, stage, policy, call.language)
        elif not await moderation.released(call, stage, text):
            words = HeldWords("" if stage is Stage.INPUT else _asked(call), "", text)
            number = await moderation.hold(call, stage, verdict, words)
            raise stopped(verdict, stage, policy, call.language, number)


def _turns(call: Call) -> list[Turn]:
    """What was typed and answered, the oldest first; nothing where the words are ours or a document's."""
    if call.purpose in _NOT_TYPED:
        return []
    if call.typed is not None:
        return [Turn("user", text) for text in call.typed]
    turns = (message for message in call.request.messages if message.role != "tool")
    return [Turn(message.role, message.content) for message in turns]


def _asked(call: Call) -> str:
    """What a person typed last; empty: nobody did."""
    typed = [turn.text for turn in _turns(call) if turn.role == "user"]
    return typed[-1] if typed else ""


async def _hold(moderation: Moderation, call: Call, verdict: Verdict, shown: str, text: str) -> int:
    """Keep an answer, or the rest of one, for a person to decide on; its number."""
    return await moderation.hold(call, Stage.OUTPUT, verdict, HeldWords(_asked(call), shown, text))
