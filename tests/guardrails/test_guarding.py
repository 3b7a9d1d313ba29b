"""What of a call to a language model may go out, by what the checks find in it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

import pytest

from centaure.gateway.calls import Call, Purpose, Stopped
from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import ChatRequest, Message, Role, Tool, ToolCall
from centaure.guardrails.attacks.domain import Domain as InDomain
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.guarding import Guarding
from centaure.guardrails.links import Links
from centaure.guardrails.moderation import MOST_WAITING, HeldWords, QueueFull
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.policy import Domain, Policy, Sensitivity
from centaure.guardrails.pseudonyms import Pseudonyms
from centaure.guardrails.remembering import Remembered
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict

pytestmark = pytest.mark.anyio


class Finds:
    """Finds the word "bad", and keeps what it was shown."""

    name: ClassVar[str] = "finds"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity()

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.asked: list[str] = []
        self.earlier: list[str] = []

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        self.seen.append(text.text)
        self.earlier = [turn.text for turn in context.earlier]
        if not context.past:
            self.asked.append(text.text)
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
    assert (check.asked, check.earlier) == (["two"], ["bad", "one", "bad"])
    assert (admitted.request, admitted.classification) == (asked.request, 1)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("typed", [False, True])
async def test_each_turn_of_a_person_is_held_whole(place: int, typed: bool) -> None:
    turns = ["one"] * 30
    turns[place * 14] = "bad" + " word" * 3_000
    messages = [
        one for turn in turns for one in (Message("user", turn), Message("assistant", "well"))
    ]
    asked = (
        call(Message("user", "a question"), purpose=Purpose.ANSWER, typed=tuple(turns))
        if typed
        else call(*messages)
    )
    with pytest.raises(Stopped):
        await guarding(Finds()).admit(asked)


async def test_a_long_conversation_is_not_read_anew_at_each_of_its_turns() -> None:
    check = Finds()
    guard = guarding(check, FindsInDocuments())
    said = (Message("user", "one"), Message("assistant", "well"), Message("tool", "this"))
    await guard.admit(call(*said, Message("user", "two")))
    check.seen.clear()
    await guard.admit(call(*said, Message("user", "two"), Message("user", "three")))
    assert check.seen == ["two", "three"]


async def test_another_policy_or_another_person_is_read_for_anew() -> None:
    check = Finds()
    guard = guarding(check)
    asked = call(Message("user", "one"), Message("user", "two"))
    await guard.admit(asked)
    guard.policies = Fixed(Policy(longest=1_000))
    await guard.admit(asked)
    await guard.admit(replace(asked, principal=2))
    assert check.seen.count("one") == 3
    guard.policies = Fixed(Policy(longest=2))
    with pytest.raises(Stopped):
        await guard.admit(asked)


async def test_few_verdicts_are_remembered_and_the_latest_are() -> None:
    check = Finds()
    remembered = Remembered([check], most=2)
    for text in ("one", "two", "one", "three", "one", "two"):
        await remembered.verdict(text, Context(), "")
    assert check.seen == ["one", "two", "three", "two"]


@pytest.mark.parametrize(
    "request_",
    [
        ChatRequest((Message("system", "bad"), Message("user", "one"))),
        ChatRequest((Message("assistant", "bad"), Message("user", "one"))),
        ChatRequest(
            (
                Message("assistant", "", (ToolCall("1", "search", '{"q": "bad"}'),)),
                Message("user", "one"),
            )
        ),
        ChatRequest((Message("user", "one"),), tools=(Tool("search", "bad", {}),)),
        ChatRequest((Message("user", "one"),), tools=(Tool("search", "", {"title": "bad"}),)),
        ChatRequest((Message("user", "one"),), response_format={"json_schema": {"title": "bad"}}),
    ],
)
async def test_what_a_program_puts_beside_a_question_is_told_and_stopped_only_by_its_length(
    request_: ChatRequest,
) -> None:
    asked = Call(request_, 1, Purpose.CHAT, 1)
    admitted = await guarding(Finds()).admit(asked)
    assert admitted.request == request_
    assert admitted.verdicts == (Recorded("bad-word", "2", "input", "warn"),)
    with pytest.raises(Stopped, match="Send a part"):
        await guarding(Finds(), policy=Policy(longest=3, off=frozenset({"finds"}))).admit(
            replace(asked, request=replace(request_, messages=(Message("system", "long"),)))
        )


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (call(Message("user", "https://away.example/a ?"), Message("user", "go on")), True),
        (call(Message("assistant", "https://away.example/a ?"), Message("user", "go on")), False),
        (call(Message("tool", "https://away.example/a ?"), Message("user", "go on")), False),
        (
            call(
                Message("user", "https://away.example/a ?"), purpose=Purpose.ANSWER, typed=("one",)
            ),
            False,
        ),
    ],
)
async def test_an_address_passes_where_the_person_wrote_it(asked: Call, shown: bool) -> None:
    answer = (await guarding(Links()).admit(asked)).answer
    assert answer is not None
    said = await answer.feed("See https://away.example/a here.") + await answer.end()
    assert ("https://away.example/a" in said) is shown


async def test_words_that_are_ours_are_not_told() -> None:
    asked = call(Message("system", "bad"), Message("user", "one"), purpose=Purpose.UNDERSTANDING)
    assert (await guarding(Finds()).admit(asked)).verdicts == ()


@pytest.mark.parametrize("role", ["user", "assistant", "system", "tool"])
async def test_all_turns_together_have_a_length(role: Role) -> None:
    policy = Policy(longest=100, longest_together=150)
    said = [Message(role, "a" * 75), Message("user", "b" * 75)]
    await guarding(policy=policy).admit(call(*said))
    with pytest.raises(Stopped, match="150"):
        await guarding(policy=policy).admit(call(*said, Message(role, "c")))


async def test_warnings_of_several_turns_are_counted_together() -> None:
    policy = Policy(checks={"finds": Sensitivity(action=Action.WARN)})
    asked = call(Message("user", "bad"), Message("user", "bad too"), Message("user", "one"))
    admitted = await guarding(Finds(), policy=policy).admit(asked)
    assert admitted.verdicts == (Recorded("bad-word", "2", "input", "warn", 2),)


async def test_an_earlier_question_is_not_held_against_what_the_assistant_is_for() -> None:
    policy = Policy(
        domain=Domain(inside=("Comment renouveler ma carte d'identité ?",)),
        checks={"domain": Sensitivity(at=0.5)},
    )
    outside = Message("user", "Donne une recette de gratin dauphinois savoyard")
    inside = Message("user", "Comment renouveler ma carte d'identité ?")
    guard = guarding(InDomain(), policy=policy)
    await guard.admit(call(outside, inside))
    with pytest.raises(Stopped):
        await guard.admit(call(inside, outside, outside))


async def test_what_was_typed_counts_where_a_prompt_holds_documents_too() -> None:
    check = Finds()
    asked = call(
        Message("user", "a bad document, and: two"), typed=("one", "two"), purpose=Purpose.ANSWER
    )
    await guarding(check).admit(asked)
    assert (check.seen, check.earlier) == (["one", "two"], ["one"])


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


class Lent:
    """Keeps what waits, up to a bound; what is released passes."""

    def __init__(self, most: int = 99) -> None:
        self.most = most
        self.held: list[HeldWords] = []
        self.asked: list[tuple[HeldWords, bool]] = []
        self.free: list[HeldWords] = []

    async def hold(self, call: Call, stage: Stage, verdict: Verdict, words: HeldWords) -> int:
        del call, stage, verdict
        if len(self.held) >= self.most:
            raise QueueFull("Too many.")
        self.held.append(words)
        return len(self.held)

    async def released(
        self, call: Call, stage: Stage, words: HeldWords, *, past: bool = False
    ) -> bool:
        del call, stage
        self.asked.append((words, past))
        return words in self.free


MODERATING = Policy(checks={"finds": Sensitivity(action=Action.MODERATE)})


@pytest.mark.parametrize("conversation", [None, 7])
async def test_a_person_is_told_what_was_typed_before_a_question_that_is_held(
    conversation: int | None,
) -> None:
    lent = Lent()
    guard = Guarding(Fixed(MODERATING), Nowhere(), (Finds(),), moderation=lent)
    asked = call(Message("user", "one"), Message("assistant", "well"), Message("user", "two, bad"))
    with pytest.raises(Stopped) as stopped:
        await guard.admit(replace(asked, conversation=conversation))
    said = HeldWords("", "", "two, bad", ("one",))
    assert (stopped.value.held, lent.held) == (1, [said])
    lent.free.append(said)
    more = (*asked.request.messages, Message("assistant", "well"), Message("user", "three"))
    later = replace(asked, request=ChatRequest(more), conversation=conversation)
    await guard.admit(later)
    # What a program sends as an earlier turn was perhaps never asked after these.
    assert lent.asked == [(said, False), (said, conversation is not None)]


async def test_whoever_has_too_much_waiting_is_told_so() -> None:
    guard = Guarding(Fixed(MODERATING), Nowhere(), (Finds(),), moderation=Lent(most=0))
    with pytest.raises(Stopped) as stopped:
        await guard.admit(call(Message("user", "bad")))
    assert stopped.value.held is None
    assert f"{MOST_WAITING} de vos demandes" in stopped.value.message
    assert [one.rule for one in stopped.value.verdicts] == ["bad-word"]


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


async def test_an_assistants_instructions_are_told_and_stop_nothing_but_by_their_length() -> None:
    asked = call(Message("user", "a prompt"), purpose=Purpose.ANSWER, typed=("a question",))
    written = replace(asked, instructions="Be bad.")
    check = Finds()
    admitted = await guarding(check).admit(written)
    assert check.asked == ["a question"]
    assert admitted.verdicts == (Recorded("bad-word", "2", "input", "warn"),)
    long = replace(asked, instructions="word " * 100)
    with pytest.raises(Stopped):
        await guarding(check, policy=Policy(longest=100)).admit(long)
