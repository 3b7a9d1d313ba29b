"""What a model that is not cleared is asked, and what its answer becomes."""

import json

import pytest

from centaure.gateway.calls import Call, Purpose, Stopped
from centaure.gateway.chat import ChatRequest, Message, Tool, ToolCall
from centaure.gateway.guard import Admitted
from centaure.guardrails.policy import Label, Policy, Treatment
from centaure.guardrails.pseudonyms import Pseudonymiser, Pseudonyms

pytestmark = pytest.mark.anyio
MAIL = "claire@example.org"
MASKING = Policy(cleared_from="C3")


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
    made = await Pseudonymiser(store).before(asked, Policy(cleared_from="C2"), 2)
    assert made == Admitted(asked.request, 1)
    assert not store.asked


async def test_others_see_placeholders_and_values_come_back() -> None:
    store = InMemory(busy=2)
    wanted = ToolCall("1", "mail", json.dumps({"to": MAIL}))
    asked = call(
        Message("user", f"Écris à {MAIL}."),
        Message("assistant", "", (wanted,)),
        Message("tool", f"Parti chez {MAIL}.", tool_call_id="1"),
    )
    made = await Pseudonymiser(store).before(asked, MASKING, 1)
    request, answer = made.request, made.answer
    assert MAIL not in repr(request)
    assert request.messages[0].content == "Écris à [EMAIL_1]."
    assert json.loads(request.messages[1].tool_calls[0].arguments) == {"to": "[EMAIL_1]"}
    assert [(one.action, one.count) for one in made.verdicts] == [("redact", 3)]
    assert answer is not None
    shown = [await answer.feed(piece) for piece in ("C'est parti chez [EMA", "IL_1", "].")]
    assert "".join([*shown, await answer.end()]) == f"C'est parti chez {MAIL}."
    assert (
        await answer.tool(ToolCall("2", "mail", '{"to": "[EMAIL_1]"}'))
    ).arguments == wanted.arguments


async def test_what_is_blocked_goes_nowhere() -> None:
    treated = {Label.EMAIL: Treatment.BLOCK}
    policy = Policy(cleared_from="C3", personal_data=treated)
    asked = call(Message("user", MAIL), language="en")
    with pytest.raises(Stopped, match="may not be given") as stopped:
        await Pseudonymiser(InMemory()).before(asked, policy, 0)
    assert MAIL not in stopped.value.message
    own = policy.model_copy(update={"replies": {"en": "Ask your officer."}})
    with pytest.raises(Stopped, match="Ask your officer"):
        await Pseudonymiser(InMemory()).before(asked, own, 0)


async def test_every_text_of_a_request_is_masked_and_what_names_things_stays() -> None:
    schema = {
        "type": "object",
        "properties": {"to": {"type": "string", "enum": [MAIL], "description": f"Not {MAIL}."}},
        "required": ["to"],
    }
    request = ChatRequest(
        (
            Message("system", f"You write to {MAIL}."),
            Message(
                "assistant", "", (ToolCall("1", "mail", '{"to": "claire\\u0040example.org"}'),)
            ),
            Message("tool", json.dumps({"personne": "M. André Lefèvre"}), tool_call_id="1"),
        ),
        stop=(MAIL,),
        tools=(Tool("mail", f"Writes as {MAIL}.", schema),),
        response_format={"type": "json_schema", "json_schema": {"schema": schema}},
    )
    asked = Call(request, 1, Purpose.CHAT, 1)
    masked = (await Pseudonymiser(InMemory()).before(asked, MASKING, 1)).request
    told = repr(masked)
    assert not [value for value in (MAIL, "u0040", "Lefèvre", "00e8") if value in told]
    assert masked.stop == ("[EMAIL_1]",)
    assert masked.tools[0].parameters["required"] == ["to"]
    assert masked.tools[0].parameters["properties"]["to"]["enum"] == ["[EMAIL_1]"]


async def test_only_the_placeholders_of_what_was_asked_become_values() -> None:
    store = InMemory()
    await Pseudonymiser(store).before(call(Message("user", "autre@example.org")), MASKING, 1)
    made = await Pseudonymiser(store).before(call(Message("user", MAIL)), MASKING, 1)
    assert made.request.messages[0].content == "[EMAIL_2]"
    assert made.answer is not None
    shown = await made.answer.feed("[EMAIL_1], [EMAIL_2].") + await made.answer.end()
    assert shown == f"[EMAIL_1], {MAIL}."
