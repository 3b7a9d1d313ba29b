"""Pseudonyms on the way to a model that is not cleared for personal data, and back in its answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from centaure.gateway.calls import Call, Stopped, Verdict
from centaure.gateway.chat import ToolCall
from centaure.gateway.guard import Admitted, AnswerGuard
from centaure.gateway.routing import CLASSES
from centaure.guardrails.policy import Policy
from centaure.guardrails.pseudonyms.conversation import Pseudonyms
from centaure.guardrails.pseudonyms.keeping import masked_again
from centaure.guardrails.pseudonyms.masking import Masked, mask_all
from centaure.guardrails.pseudonyms.requests import retold
from centaure.guardrails.pseudonyms.restoring import Restorer, restore_json
from centaure.guardrails.pseudonyms.stored import Store
from centaure.guardrails.replies import own_reply
from centaure.kit.errors import Conflict

_RULE = ("pseudonyms", "1")
_ATTEMPTS = 5
_REFUSALS = {
    "fr": "Cette demande contient des données personnelles que ce modèle ne peut recevoir : retirez-les.",
    "en": "This request holds personal data that may not be given to this model: take it out.",
}


class Pseudonymiser:
    """Masks what a model is asked; one for a process.

    Args:
        store: where the pseudonyms of conversations are kept; those of a call without one, or without a
            store, last as long as it.
    """

    def __init__(self, store: Store | None) -> None:
        self._store = store

    async def before(
        self, call: Call, policy: Policy, cleared_for: int, inner: AnswerGuard | None = None
    ) -> Admitted:
        """What one model may be asked, what was done to it, and what looks at the answer.

        Args:
            call: as it was admitted.
            policy: of its assistant.
            cleared_for: the highest class that the model may be sent, 0 to 3.
            inner: what looks at the answer once its values are back.

        Raises:
            Stopped: it holds what the policy blocks; the message is the reply of the policy.
            Conflict: other calls of the conversation kept getting in between.
        """
        if cleared_for >= CLASSES.index(policy.cleared_from):
            return Admitted(call.request, call.classification, (), inner)
        texts: list[str] = []
        retold(call.request, lambda text: texts.append(text) or text)
        masked, pseudonyms = await self._masked(call, policy, texts)
        blocked = [label for one in masked for label in one.blocked]
        if blocked:
            words = own_reply(policy, call.language)
            refusal = words or _REFUSALS.get(call.language, _REFUSALS["en"])
            raise Stopped(refusal, Verdict(*_RULE, "input", "block", len(blocked)))
        spans = [span for one in masked for span in one.spans]
        if not spans:
            return Admitted(call.request, call.classification, (), inner)
        left = iter(masked)
        request = retold(call.request, lambda _: next(left).text)
        verdict = Verdict(*_RULE, "input", "redact", len(spans))
        known = pseudonyms.only(span.placeholder for span in spans)
        return Admitted(request, call.classification, (verdict,), RestoringAnswer(known, inner))

    async def _masked(
        self, call: Call, policy: Policy, texts: Sequence[str]
    ) -> tuple[list[Masked], Pseudonyms]:
        for _ in range(_ATTEMPTS):
            kept = None if call.conversation is None else self._store
            pseudonyms = Pseudonyms()
            if kept is not None and call.conversation is not None:
                pseudonyms = await kept.load(call.principal, call.conversation)
            masked = await asyncio.to_thread(mask_all, texts, pseudonyms, policy.personal_data)
            if (
                kept is None
                or call.conversation is None
                or await kept.save(call.principal, call.conversation, pseudonyms)
            ):
                return masked, pseudonyms
        raise Conflict(
            "Other questions of this conversation are being asked. Try again in a moment."
        )


class RestoringAnswer:
    """Puts values back into one answer as it comes, and gives it to what looks at it then.

    Args:
        pseudonyms: those of what the model was asked; no other placeholder becomes a value.
        inner: what looks at the restored answer; None: nothing does.
    """

    def __init__(self, pseudonyms: Pseudonyms, inner: AnswerGuard | None = None) -> None:
        self._pseudonyms = pseudonyms
        self._restorer = Restorer(pseudonyms)
        self._inner = inner
        self._arguments: dict[str, str] = {}

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """What was found so far."""
        return self._inner.verdicts if self._inner is not None else ()

    async def feed(self, text: str) -> str:
        """What may be shown, now that the model has also said this."""
        restored = self._restorer.feed(text)
        if self._inner is None or not restored:
            return restored
        return await self._inner.feed(restored)

    async def tool(self, call: ToolCall) -> ToolCall:
        """The call of a tool with the values in its arguments."""
        restored = replace(call, arguments=restore_json(call.arguments, self._pseudonyms))
        passed = restored if self._inner is None else await self._inner.tool(restored)
        self._arguments[passed.arguments] = call.arguments
        return passed

    async def end(self) -> str:
        """What may be shown of all that was held back."""
        rest = self._restorer.end()
        if self._inner is None:
            return rest
        shown = await self._inner.feed(rest) if rest else ""
        return shown + await self._inner.end()

    def kept(self, shown: str) -> str:
        """What was shown, with placeholders; the arguments of a tool as the model wrote them."""
        if shown in self._arguments:
            return self._arguments[shown]
        return masked_again(shown, self._restorer.told)
