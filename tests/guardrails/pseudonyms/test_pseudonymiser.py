"""What a model that is not cleared is asked, and what its answer becomes."""

import json

import pytest

from centaure.gateway.calls import Call, Purpose, Stopped
from centaure.gateway.chat import ChatRequest, Message, ToolCall
from centaure.guardrails.policy import Label, Policy, Treatment
from centaure.guardrails.pseudonyms import Pseudonymiser, Pseudonyms

pytestmark = pytest.mark.anyio
MAIL = "claire@example.org"


class InMemory:
    """One conversation; the first `busy` attempts to save come too late."""

    def __init__(self, busy: int = 0) -> None:
        self.pseudonyms = Pseudonyms()
        self.busy = busy
        self.asked: list[tuple[int, int]] = []

    async def load(self, principal: int, conversation: int) -> Pseudonyms:
        self.asked.append((principal, conversation))
        return Pseudonyms(self.pseudonyms.kept.values())

    async def save(self, principal: int, conversation: int, pseudonyms: Pseudonyms) -> bool:
        assert (principal, conversation) == (1, 7)
        self.busy -= 1
        if self.busy >= 0:
            return False
        self.pseudonyms = pseudonyms
        return True


def call(*messages: Message, language: str = "fr") -> Call:
    request = ChatRequest(messages)
    return Call(request, 1, Purpose.CHAT, 1, language=language, conversation=7)


async def test_a_cleared_model_is_given_everything() -> None:
    store = InMemory()
    asked = call(Message("user", MAIL))
    made = await Pseudonymiser(store).before(asked, Policy(cleared_from=2), 2)
    assert made == (asked.request, (), None)
    assert not store.asked


async def test_others_see_placeholders_and_values_come_back() -> None:
    store = InMemory(busy=2)
    wanted = ToolCall("1", "mail", json.dumps({"to": MAIL}))
    asked = call(
        Message("user", f"Écris à {MAIL}."),
        Message("assistant", "", (wanted,)),
        Message("tool", f"Parti chez {MAIL}.", tool_call_id="1"),
    )
    request, verdicts, answer = await Pseudonymiser(store).before(asked, Policy(), 1)
    assert MAIL not in repr(request)
    assert request.messages[0].content == "Écris à [EMAIL_1]."
    assert json.loads(request.messages[1].tool_calls[0].arguments) == {"to": "[EMAIL_1]"}
    assert [(one.action, one.count) for one in verdicts] == [("redact", 3)]
    assert answer is not None
    shown = [await answer.feed(piece) for piece in ("C'est parti chez [EMA", "IL_1", "].")]
    assert "".join([*shown, await answer.end()]) == f"C'est parti chez {MAIL}."
    assert (
        await answer.tool(ToolCall("2", "mail", '{"to": "[EMAIL_1]"}'))
    ).arguments == wanted.arguments


async def test_what_is_blocked_goes_nowhere() -> None:
    policy = Policy(personal_data={Label.EMAIL: Treatment.BLOCK})
    with pytest.raises(Stopped, match="may not be given") as stopped:
        await Pseudonymiser(InMemory()).before(
            call(Message("user", MAIL), language="en"), policy, 0
        )
    assert MAIL not in stopped.value.message
