"""What of a call to a language model may go out, by what the checks find in it."""

from collections.abc import Iterable
from typing import ClassVar

import pytest

from centaure.gateway.calls import Call, Purpose, Stopped
from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import ChatRequest, Message
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.guarding import Guarding
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.policy import Policy, Sensitivity
from centaure.guardrails.pseudonyms import Pseudonyms
from centaure.guardrails.verdicts import Action, Finding, Stage

pytestmark = pytest.mark.anyio


class Finds:
    """Finds the word "bad", and keeps what it was shown."""

    name: ClassVar[str] = "finds"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity()

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.earlier: list[str] = []

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        self.seen.append(text.text)
        self.earlier = [turn.text for turn in context.earlier]
        at = text.text.find("bad")
        if at >= 0:
            yield Finding(at, at + 3, self.name, "WORD", 1.0, "bad-word.2")


class FindsInDocuments(Finds):
    """The same, in what tools say."""

    name: ClassVar[str] = "found"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.DOCUMENT})
    default: ClassVar[Sensitivity | None] = Sensitivity(action=Action.REDACT)


class Fixed:
    """One policy for every assistant."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    async def of(self, assistant: str) -> Policy:
        del assistant
        return self.policy


class Nowhere:
    """Keeps no pseudonyms: it is not to be asked."""

    async def load(self, principal: int, conversation: int) -> Pseudonyms:
        raise AssertionError((principal, conversation))

    async def save(self, principal: int, conversation: int, pseudonyms: Pseudonyms) -> bool:
        raise AssertionError((principal, conversation, pseudonyms))


def guarding(*among: Check, policy: Policy | None = None) -> Guarding:
    return Guarding(Fixed(policy or Policy()), Nowhere(), among)


def call(
    *messages: Message, purpose: Purpose = Purpose.CHAT, typed: tuple[str, ...] | None = None
) -> Call:
    return Call(ChatRequest(messages), 1, purpose, 1, language="fr", typed=typed)


async def test_the_last_words_of_a_person_are_checked_with_the_earlier_ones_in_mind() -> None:
    check = Finds()
    asked = call(
        Message("system", "bad"),
        Message("user", "one"),
        Message("assistant", "bad"),
        Message("user", "two"),
    )
    admitted = await guarding(check).admit(asked)
    assert (check.seen, check.earlier) == (["two"], ["bad", "one", "bad"])
    assert (admitted.request, admitted.classification, admitted.verdicts) == (asked.request, 1, ())


async def test_what_was_typed_counts_where_a_prompt_holds_documents_too() -> None:
    check = Finds()
    asked = call(
        Message("user", "a bad document, and: two"), typed=("one", "two"), purpose=Purpose.ANSWER
    )
    await guarding(check).admit(asked)
    assert (check.seen, check.earlier) == (["two"], ["one"])


@pytest.mark.parametrize(
    "purpose", [Purpose.SUMMARY, Purpose.JUDGE, Purpose.TITLE, Purpose.EMBEDDING]
)
async def test_words_that_nobody_typed_are_not_checked_as_such(purpose: Purpose) -> None:
    check = Finds()
    await guarding(check).admit(call(Message("user", "bad"), purpose=purpose))
    assert check.seen == []


async def test_a_call_is_stopped_with_the_reply_of_the_policy_and_the_rule() -> None:
    guard = guarding(Finds(), policy=Policy(replies={"fr": "Non."}))
    with pytest.raises(Stopped, match=r"Non\.") as stopped:
        await guard.admit(call(Message("user", "a bad wish")))
    assert stopped.value.verdicts == (Recorded("bad-word", "2", "input", "block"),)


async def test_a_warning_is_recorded_and_stops_nothing() -> None:
    policy = Policy(checks={"finds": Sensitivity(action=Action.WARN)})
    admitted = await guarding(Finds(), policy=policy).admit(call(Message("user", "bad bad")))
    assert admitted.verdicts == (Recorded("bad-word", "2", "input", "warn"),)


async def test_a_place_in_what_a_tool_says_is_left_out_and_the_rest_stays() -> None:
    asked = call(Message("user", "go on"), Message("tool", "good bad good", tool_call_id="1"))
    admitted = await guarding(FindsInDocuments()).admit(asked)
    assert admitted.request.messages[1].content == "good […] good"
    assert admitted.verdicts == (Recorded("bad-word", "2", "document", "redact"),)


async def test_a_long_text_is_checked_as_well() -> None:
    with pytest.raises(Stopped):
        await guarding(Finds()).admit(call(Message("user", "word " * 5_000 + "bad")))
    with pytest.raises(Stopped, match="100000"):
        await guarding(Finds()).admit(call(Message("user", "word " * 50_000)))
