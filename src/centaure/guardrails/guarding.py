"""The guard of the gateway: what is typed and what documents say is held against the checks."""

from collections.abc import Sequence
from dataclasses import replace

from centaure.gateway.calls import Call, Purpose
from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import Message
from centaure.gateway.guard import Admitted, AnswerGuard
from centaure.guardrails.acting import held_against, recorded, redacted, stop
from centaure.guardrails.answers import GuardedAnswer
from centaure.guardrails.checks import Check, Context, Turn, checks
from centaure.guardrails.policies import Policies
from centaure.guardrails.policy import Policy
from centaure.guardrails.pseudonyms import Pseudonymiser, Store
from centaure.guardrails.verdicts import Stage

_MOST_EARLIER = 20
"""Turns that checks look back on."""
_READ_BY_NOBODY = {Purpose.UNDERSTANDING, Purpose.JUDGE, Purpose.EMBEDDING}
_NOT_TYPED = {Purpose.SUMMARY, Purpose.JUDGE, Purpose.TITLE, Purpose.EMBEDDING}


class Guarding:
    """Holds every call against the policy of its assistant; one for a process.

    Attributes:
        policies: where they are kept.
        pseudonymiser: masks personal data, with what the pseudonyms of conversations are kept in.
        among: the checks; None: those that are installed.
    """

    def __init__(
        self, policies: Policies, store: Store, among: Sequence[Check] | None = None
    ) -> None:
        self.policies = policies
        self.pseudonymiser = Pseudonymiser(store)
        self.among = among

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
            stop(verdict, Stage.DOCUMENT, policy, call.language)
            messages.append(replace(message, content=redacted(message.content, verdict)))
        if tuple(messages) != request.messages:
            request = replace(request, messages=tuple(messages))
        answer = self._answering(call, policy)
        return Admitted(request, call.classification, tuple(verdicts), answer)

    async def before(
        self, call: Call, model: CatalogueModel, answer: AnswerGuard | None
    ) -> Admitted:
        """What of a call a model may be asked: without the personal data that it is not cleared for.

        Raises:
            Stopped: the policy blocks personal data that is in it.
            Conflict: other calls of its conversation kept getting in between.
            Unavailable: the database is away.
        """
        policy = await self.policies.of(call.assistant)
        return await self.pseudonymiser.before(call, policy, model.highest, answer)

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
        return GuardedAnswer(context, looking)

    async def _typed(self, call: Call, policy: Policy) -> tuple[Recorded, ...]:
        """What the last words of a person come to, the earlier ones in mind."""
        turns = _turns(call)
        last = max((at for at, turn in enumerate(turns) if turn.role == "user"), default=None)
        if last is None:
            return ()
        earlier = turns[max(last - _MOST_EARLIER, 0) : last]
        context = Context(Stage.INPUT, policy, earlier, language=call.language)
        verdict = await held_against(turns[last].text, context, self.among)
        stop(verdict, Stage.INPUT, policy, call.language)
        return recorded(verdict, Stage.INPUT)


def _turns(call: Call) -> list[Turn]:
    """What was typed and answered, the oldest first; nothing where the words are ours or a document's."""
    if call.purpose in _NOT_TYPED:
        return []
    if call.typed is not None:
        return [Turn("user", text) for text in call.typed]
    turns = (message for message in call.request.messages if message.role != "tool")
    return [Turn(message.role, message.content) for message in turns]
