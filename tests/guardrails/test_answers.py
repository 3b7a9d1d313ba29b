"""An answer that is let out a sentence at a time."""

import asyncio
import re
from collections.abc import Iterable
from typing import ClassVar

import pytest
from typing_extensions import override

from centaure.gateway.calls import Stopped
from centaure.gateway.calls import Verdict as Recorded
from centaure.gateway.chat import ToolCall
from centaure.guardrails.answers import GuardedAnswer
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.policy import Policy, Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict

pytestmark = pytest.mark.anyio


class Finds:
    """Finds the words "bad thing"."""

    name: ClassVar[str] = "finds"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity()

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        del context
        at = -1
        while (at := text.text.find("bad thing", at + 1)) >= 0:
            yield Finding(at, at + 9, self.name, "WORD", 1.0, "bad-thing.1")


class Tells(Finds):
    """The same, and nothing is done about it."""

    name: ClassVar[str] = "tells"
    default: ClassVar[Sensitivity | None] = None


class Also(Finds):
    """Finds "worse"."""

    name: ClassVar[str] = "also"

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        del context
        if (at := text.text.find("worse")) >= 0:
            yield Finding(at, at + 5, self.name, "WORD", 1.0, "worse.1")


def guarded(*among: Check, action: Action = Action.BLOCK) -> GuardedAnswer:
    policy = Policy(checks={"finds": Sensitivity(action=action)}, replies={"": "Not this."})
    return GuardedAnswer(Context(Stage.OUTPUT, policy), among or (Finds(),), ["search"])


async def test_sentences_come_when_they_are_whole_and_the_answer_ends_before_the_one_that_may_not() -> (
    None
):
    guard = guarded()
    assert await guard.feed("All is we") == ""
    assert await guard.feed("ll. A bad") == "All is well. "
    with pytest.raises(Stopped, match=r"Not this\."):
        await guard.feed(" thing. More.")
    assert guard.verdicts == (Recorded("bad-thing", "1", "output", "block"),)


async def test_the_last_sentence_is_checked_too() -> None:
    guard = guarded()
    assert await guard.feed("A bad thing") == ""
    with pytest.raises(Stopped):
        await guard.end()


async def test_places_are_left_out_and_the_rest_is_shown() -> None:
    guard = guarded(Finds(), Tells(), action=Action.REDACT)
    shown = await guard.feed("One bad thing here. Then a bad thing and a bad thing. End")
    assert shown + await guard.end() == "One […] here. Then a […] and a […]. End"


async def test_what_is_said_in_two_sentences_is_seen_with_the_second() -> None:
    class Across(Finds):
        def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
            del context
            at = text.text.find("one. two")
            if at >= 0:
                yield Finding(at, at + 8, self.name, "WORD", 1.0, "across.1")

    guard = guarded(Across())
    assert await guard.feed("one. two") == "one. "
    with pytest.raises(Stopped):
        await guard.end()


async def test_a_warning_shows_all_and_is_counted_once_for_each_place() -> None:
    guard = guarded(action=Action.WARN)
    shown = await guard.feed("A bad thing. A bad thing. ")
    assert shown + await guard.end() == "A bad thing. A bad thing. "
    assert guard.verdicts == (Recorded("bad-thing", "1", "output", "warn", 2),)


@pytest.mark.parametrize(
    "arguments", ['{"q": "bad thing"}', '{"q": ["bad\\u0020thing"]}', '{"bad\\u0020thing": 1}']
)
async def test_arguments_of_a_tool_with_a_place_to_leave_out_are_not_passed_on(
    arguments: str,
) -> None:
    guard = guarded(action=Action.REDACT)
    assert (await guard.tool(ToolCall("1", "search", '{"q": "fine"}'))).arguments == '{"q": "fine"}'
    with pytest.raises(Stopped):
        await guard.tool(ToolCall("1", "search", arguments))


async def test_a_call_of_a_tool_that_there_is_not_ends_the_answer() -> None:
    guard = guarded()
    with pytest.raises(Stopped):
        await guard.tool(ToolCall("1", "search bad thing", "{}"))
    assert guard.verdicts == (Recorded("unknown-tool", "1", "output", "block"),)


async def test_the_identifier_of_a_call_says_nothing_of_the_models() -> None:
    guard = guarded()
    calls = [await guard.tool(ToolCall("bad thing", "search", "{}")) for _ in range(2)]
    assert all(re.fullmatch(r"[0-9a-f]{9}", call.id) for call in calls)
    assert calls[0].id != calls[1].id


async def test_others_go_on_between_the_lines_of_a_piece() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    lines = "A line.\n" * 2_000
    assert await guarded().feed(lines) == lines
    task.cancel()
    assert turns >= 20


async def test_sentences_that_come_at_once_are_read_together_and_shown_as_one_by_one() -> None:
    class Counts(Finds):
        read = 0

        @override
        def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
            self.read += 1
            return super().look(text, context)

    check = Counts()
    fine = "A line.\n" * 60
    await guarded(check).feed(fine)
    assert check.read == 1
    at_once = guarded(check, action=Action.REDACT)
    shown = await at_once.feed(fine + "A bad thing.\nWell.\n")
    assert shown == fine + "A […].\nWell.\n"
    assert at_once.verdicts == (Recorded("bad-thing", "1", "output", "redact"),)


@pytest.mark.parametrize("action", [Action.MODERATE, Action.HAND_OVER])
async def test_from_a_sentence_that_waits_for_a_person_on_nothing_is_shown_and_all_is_kept(
    action: Action,
) -> None:
    kept: list[tuple[str, str]] = []

    async def hold(why: Verdict, shown: str, text: str) -> int:
        assert why.rules() == ("bad-thing.1",)
        kept.append((shown, text))
        return 7

    policy = Policy(checks={"finds": Sensitivity(action=action)}, hand_over_to="aide@example.org")
    guard = GuardedAnswer(Context(Stage.OUTPUT, policy), (Finds(),), hold=hold)
    assert await guard.feed("All is well. A bad thing. ") == "All is well. "
    assert await guard.feed("And more. ") == ""
    assert kept == []
    with pytest.raises(Stopped) as stopped:
        await guard.end()
    assert kept == [("All is well. ", "A bad thing. And more. ")]
    assert stopped.value.held == 7
    assert ("aide@example.org" in stopped.value.message) is (action is Action.HAND_OVER)


async def test_what_waits_for_a_person_is_lost_where_more_is_blocked() -> None:
    async def hold(why: Verdict, shown: str, text: str) -> int:
        raise AssertionError((why, shown, text))

    policy = Policy(checks={"finds": Sensitivity(action=Action.MODERATE), "also": Sensitivity()})
    guard = GuardedAnswer(Context(Stage.OUTPUT, policy), (Finds(), Also()), hold=hold)
    assert await guard.feed("A bad thing. ") == ""
    with pytest.raises(Stopped) as stopped:
        await guard.feed("A worse one. ")
    assert stopped.value.held is None


async def test_an_answer_is_given_once_more_where_its_policy_says_so_and_no_word_of_it_is_told() -> (
    None
):
    guard = guarded(action=Action.REWRITE)
    with pytest.raises(Stopped, match=r"Not this\.") as stopped:
        await guard.feed("A bad thing. ")
    assert "finds (WORD)" in stopped.value.again
    assert "thing" not in stopped.value.again
