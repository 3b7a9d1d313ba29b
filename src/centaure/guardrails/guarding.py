"""The guard of the gateway: what is typed and what documents say is held against the checks."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from centaure.gateway.calls import Call, Purpose, Stopped
from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.guard import Admitted, AnswerGuard
from centaure.guardrails.acting import (
    counted,
    held_against,
    recorded,
    redacted,
    stop,
    stopped,
)
from centaure.guardrails.answers import GuardedAnswer
from centaure.guardrails.checks import Check, Context, Turn, checks, too_long
from centaure.guardrails.moderation import MOST_WAITING, HeldWords, Moderation, QueueFull
from centaure.guardrails.policies import Policies
from centaure.guardrails.policy import Policy
from centaure.guardrails.pseudonyms import Pseudonymiser, Store
from centaure.guardrails.remembering import Remembered
from centaure.guardrails.replies import queue_full
from centaure.guardrails.verdicts import HELD_BACK, Action, Stage, Verdict

_MOST_EARLIER = 20
"""Turns that checks look back on."""
_READ_BY_NOBODY = {Purpose.UNDERSTANDING, Purpose.JUDGE, Purpose.EMBEDDING}
_READ_BY_WHO_ASKED = {Purpose.ANSWER, Purpose.CHAT}
"""Of these a person may decide later; elsewhere nobody would be told."""
_NOT_TYPED = {Purpose.SUMMARY, Purpose.JUDGE, Purpose.TITLE, Purpose.EMBEDDING}


class Guarding:
    """Holds every call against the policy of its assistant; one for a process.

    Whoever calls through the API writes every turn, so each is held, whole:

    - what a `user` says, as what is typed: the last turn with those before in mind, each other by itself;
    - what `assistant` and `system` say, tools and the form of the answer: as what is typed, but only told.
      They are the words of a program and of a model, whose instructions and refusals read like attacks, and
      no secret of ours stands beside them. A length stops them as well;
    - what a `tool` says, as a document;
    - all of them together, by their length.

    Attributes:
        policies: where they are kept.
        pseudonymiser: masks personal data, with what the pseudonyms of conversations are kept in.
        among: the checks; None: those that are installed.
        moderation: where is kept what a person is to decide on; None: it is stopped, and not kept.
    """

    def __init__(
        self,
        policies: Policies,
        store: Store | None = None,
        among: Sequence[Check] | None = None,
        moderation: Moderation | None = None,
    ) -> None:
        self.policies = policies
        self.pseudonymiser = Pseudonymiser(store)
        self.among = among
        self.moderation = moderation
        self._remembered = Remembered(among)

    async def admit(self, call: Call) -> Admitted:
        """What of a call may go out.

        Raises:
            Stopped: a check does not let it pass; the message is the reply of the policy.
            Unavailable: the database is away, so that nobody knows the policy.
        """
        policy = await self.policies.of(call.assistant)
        whose = f"{call.principal} {policy.model_dump_json()}"
        turns = _turns(call)
        _together(call, turns, policy)
        verdicts = await self._typed(call, turns, policy, whose)
        request = call.request
        messages: list[Message] = []
        for message in request.messages:
            if message.role != "tool":
                messages.append(message)
                continue
            context = Context(Stage.DOCUMENT, policy, language=call.language)
            verdict = await self._remembered.verdict(message.content, context, whose)
            verdicts += recorded(verdict, Stage.DOCUMENT)
            said = _Said(Stage.DOCUMENT, HeldWords(_asked(call), "", message.content))
            await self._stop(call, policy, verdict, said)
            messages.append(replace(message, content=redacted(message.content, verdict)))
        if tuple(messages) != request.messages:
            request = replace(request, messages=tuple(messages))
        answer = self._answering(call, policy, turns)
        return Admitted(request, call.classification, counted(verdicts), answer)

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

    def _answering(self, call: Call, policy: Policy, turns: Sequence[Turn]) -> AnswerGuard | None:
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
        context = Context(
            Stage.OUTPUT,
            policy,
            secrets=tuple(message.content for message in said if message.role == "system"),
            typed=tuple(turn.text for turn in turns if turn.role == "user"),
            language=call.language,
        )
        moderation = self._moderation(call)
        hold = None if moderation is None else partial(_hold_answer, moderation, call)
        return GuardedAnswer(context, looking, [tool.name for tool in call.request.tools], hold)

    def _moderation(self, call: Call) -> Moderation | None:
        """Where what of a call waits for a person is kept; None: it is stopped, and not kept."""
        return self.moderation if call.purpose in _READ_BY_WHO_ASKED else None

    async def _typed(
        self, call: Call, turns: Sequence[Turn], policy: Policy, whose: str
    ) -> list[Recorded]:
        """What the words of a person come to, and what a program put beside them."""
        last = max((at for at, turn in enumerate(turns) if turn.role == "user"), default=None)
        found: list[Recorded] = []
        for at, turn in enumerate(turns):
            context = Context(Stage.INPUT, policy, past=at != last, language=call.language)
            if at == last:
                earlier = turns[max(at - _MOST_EARLIER, 0) : at]
                context = replace(context, earlier=earlier)
                verdict = await held_against(turn.text, context, self.among)
            else:
                verdict = await self._remembered.verdict(turn.text, context, whose)
            if turn.role != "user":
                verdict = _told(verdict)
            before = tuple(one.text for one in turns[:at] if one.role == "user")
            # What a conversation of ours holds has passed there; elsewhere a program writes every turn.
            past = at != last and call.conversation is not None
            said = _Said(Stage.INPUT, HeldWords("", "", turn.text, before), past)
            await self._stop(call, policy, verdict, said)
            found += recorded(verdict, Stage.INPUT)
        return found

    async def _stop(self, call: Call, policy: Policy, verdict: Verdict, said: "_Said") -> None:
        """Let nothing pass that is to be stopped, or that waits for a person.

        Raises:
            Stopped: with the reply of the policy.
        """
        moderation = self._moderation(call)
        if moderation is None or verdict.action not in HELD_BACK:
            stop(verdict, said.stage, policy, call.language)
        elif not await moderation.released(call, said.stage, said.words, past=said.past):
            number = await _hold(moderation, call, said.stage, verdict, said.words)
            raise stopped(verdict, said.stage, policy, call.language, number)


@dataclass(frozen=True, slots=True)
class _Said:
    """Words as they would be held back, where they stand, and whether a conversation of ours had them."""

    stage: Stage
    words: HeldWords
    past: bool = False


def _turns(call: Call) -> list[Turn]:
    """What was typed, answered and put beside it, the oldest first; nothing where the words are ours.

    What tools say is not among them.
    """
    if call.purpose in _NOT_TYPED:
        return []
    if call.typed is not None:
        told = [Turn("system", call.instructions)] if call.instructions else []
        return [*told, *(Turn("user", text) for text in call.typed)]
    said = [message for message in call.request.messages if message.role != "tool"]
    if call.purpose is not Purpose.CHAT:
        return [Turn("user", message.content) for message in said if message.role == "user"]
    turns = [Turn(message.role, _words(message)) for message in said]
    beside = _beside(call.request)
    return [turn for turn in (Turn("system", beside), *turns) if turn.text or turn.role == "user"]


def _words(message: Message) -> str:
    """What a message says, the calls of tools in it included."""
    calls = [f"{one.name} {one.arguments}" for one in message.tool_calls]
    return "\n".join([*([message.content] if message.content else []), *calls])


def _beside(request: ChatRequest) -> str:
    """What a request says beside its messages: its tools, and the form of the answer."""
    said = [
        *map(asdict, request.tools),
        *([request.response_format] if request.response_format else []),
    ]
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in said)


def _together(call: Call, turns: Sequence[Turn], policy: Policy) -> None:
    """See that what is brought from outside is not too long.

    Raises:
        Stopped: it is.
    """
    tools = sum(len(one.content) for one in call.request.messages if one.role == "tool")
    size = sum(len(turn.text) for turn in turns) + tools
    if size > policy.longest_together:
        verdict = too_long(size, "TOO_LONG_TOGETHER", policy)
        stop(verdict, Stage.INPUT, policy, call.language)


def _told(verdict: Verdict) -> Verdict:
    """What is only told of words that a program writes: what would be stopped of a person's."""
    if verdict.action <= Action.REDACT:
        return Verdict()
    if any(finding.check == "length" for finding in verdict.findings):
        return verdict
    return replace(verdict, action=Action.WARN)


def _asked(call: Call) -> str:
    """What a person typed last; empty: nobody did."""
    typed = [turn.text for turn in _turns(call) if turn.role == "user"]
    return typed[-1] if typed else ""


async def _hold_answer(
    moderation: Moderation, call: Call, verdict: Verdict, shown: str, text: str
) -> int:
    """Keep an answer, or the rest of one, for a person to decide on; its number. Errors as in `_hold`."""
    words = HeldWords(_asked(call), shown, text)
    return await _hold(moderation, call, Stage.OUTPUT, verdict, words)


async def _hold(
    moderation: Moderation, call: Call, stage: Stage, verdict: Verdict, words: HeldWords
) -> int:
    """Keep something for a person to decide on; its number.

    Raises:
        Stopped: too much of whoever asks waits already; the message says so.
    """
    try:
        return await moderation.hold(call, stage, verdict, words)
    except QueueFull as error:
        told = queue_full(MOST_WAITING, call.language)
        raise Stopped(told, *recorded(verdict, stage)) from error
