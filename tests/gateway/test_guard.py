"""What a guard lets pass goes on, what it stops goes nowhere, and both are on record."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.gateway.calls import Call, NoModel, Stopped, Verdict
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import Delta, Message, ToolCall, ToolCallPart, Usage
from centaure.gateway.guard import Admitted, AnswerGuard, ChecksFailed, released
from centaure.gateway.outcomes import End
from centaure.gateway.routing import Rule
from centaure.kit.errors import Unavailable
from gateway.fakes import ANSWER, FOREVER_S, Fake, House, call, house
from gateway.virtual_time import run

SAID = "".join(ANSWER)
NAMES = Verdict("names", "2", "input", "redact", 1)
LEAK = Verdict("leak", "1", "output", "block")


@dataclass
class Reviewer:
    """Shows a sentence once it is whole, without what it masks.

    Attributes:
        masked: what is not shown.
        fault: raised at the end.
    """

    masked: str = "answer"
    fault: Exception | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    held: str = ""

    async def feed(self, text: str) -> str:
        self.held += text
        whole, end, self.held = self.held.rpartition(".")
        return self.checked(whole + end)

    async def tool(self, call: ToolCall) -> ToolCall:
        return replace(call, arguments=self.checked(call.arguments))

    async def end(self) -> str:
        if self.fault is not None:
            raise self.fault
        return self.checked(self.held)

    def kept(self, shown: str) -> str:
        return shown

    def checked(self, text: str) -> str:
        if self.masked in text:
            self.verdicts.append(replace(LEAK, action="redact"))
        return text.replace(self.masked, "***")


@dataclass
class Doorman:
    """Masks the name in a call, and does what it is told."""

    level: int = 0
    answer: AnswerGuard | None = None
    work: Callable[[], Any] = lambda: None
    about: Callable[[CatalogueModel], Any] = lambda _: None
    asking: list[str] = field(default_factory=list)

    async def admit(self, call: Call) -> Admitted:
        await asyncio.sleep(0)
        if (waited := self.work()) is not None:
            await waited
        told = [
            replace(one, content=one.content.replace("Ada", "[1]")) for one in call.request.messages
        ]
        request = replace(call.request, messages=tuple(told))
        return Admitted(request, self.level, (NAMES,), self.answer)

    async def before(
        self, call: Call, model: CatalogueModel, answer: AnswerGuard | None
    ) -> Admitted:
        await asyncio.sleep(0)
        self.asking.append(model.name)
        if (waited := self.about(model)) is not None:
            await waited
        return Admitted(call.request, 0, (), answer)


def guarded(guard: Doorman, *behaviours: str, highest: Sequence[int] = (3, 3)) -> House:
    models = [
        (CatalogueModel(id=number, name=name, kind="openai", highest=level), Fake(behaviour))
        for number, (name, level, behaviour) in enumerate(
            zip(("one", "two"), highest, behaviours or ("answers",), strict=False), 1
        )
    ]
    return house(*models, guard=guard)


def asked(**more: Any) -> Call:
    made = call(**more)
    return replace(made, request=replace(made.request, messages=(Message("user", "Who is Ada?"),)))


def test_what_goes_out_is_what_the_guard_lets_pass_and_its_verdicts_are_on_record() -> None:
    async def play() -> None:
        opened = guarded(Doorman(), "fails", "answers")
        assert (await opened.gateway.complete(asked())).text == SAID
        for name in ("one", "two"):
            (request,) = opened.fake(name).asked
            assert request.messages[0].content == "Who is [1]?"
        assert [outcomes[0].verdicts for outcomes in opened.records.finished.values()] == [
            (NAMES,)
        ] * 2
        assert {one.request.messages[0].content for one in opened.records.calls} == {"Who is [1]?"}

    run(play())


def test_a_class_that_is_raised_decides_who_is_asked_also_on_fallback_and_none_is_lowered() -> None:
    async def play() -> None:
        opened = guarded(Doorman(level=2), "answers", "answers", highest=(1, 2))
        async with opened.gateway.speak(asked(classification=1)) as spoken:
            assert spoken.model.name == "two"
        opened = guarded(Doorman(level=2), "fails", "answers", highest=(2, 1))
        with pytest.raises(NoModel):
            await opened.gateway.complete(asked(classification=1))
        assert opened.fake("two").asked == []
        opened = guarded(Doorman(level=0), "answers", highest=(1,))
        with pytest.raises(NoModel):
            await opened.gateway.complete(asked(classification=2))

    run(play())


def test_a_call_that_is_stopped_reaches_no_model_and_is_recorded_without_its_words() -> None:
    def stop() -> None:
        raise Stopped("Ask Human Resources about Ada.", replace(NAMES, action="block"))

    async def play() -> None:
        opened = guarded(Doorman(work=stop))
        with pytest.raises(Stopped, match="Ask Human Resources"):
            await opened.gateway.complete(asked())
        assert opened.fake("one").asked == []
        assert opened.records.refused == ["Stopped by a check: names."]
        assert [one.action for one in opened.records.calls[0].verdicts] == ["block"]

    run(play())


@pytest.mark.parametrize("late", [False, True])
def test_nothing_goes_out_where_the_guard_fails_or_is_late(late: bool) -> None:
    def fail() -> Any:
        if late:
            return asyncio.sleep(FOREVER_S)
        raise KeyError("Ada")

    async def play() -> None:
        opened = guarded(Doorman(work=fail))
        with pytest.raises(ChecksFailed, match="no language model was asked"):
            await opened.gateway.complete(asked())
        assert opened.fake("one").asked == []
        assert "Ada" not in opened.records.refused[0]

    run(play())


def barred(*names: str) -> Callable[[CatalogueModel], None]:
    def about(model: CatalogueModel) -> None:
        if model.name in names:
            raise Stopped("Take the name out.", replace(NAMES, action="block"))

    return about


def test_a_model_that_may_not_be_asked_it_is_passed_over() -> None:
    async def play() -> None:
        opened = guarded(Doorman(about=barred("one")), "answers", "answers")
        async with opened.gateway.speak(asked()) as spoken:
            assert spoken.model.name == "two"
        assert opened.fake("one").asked == []
        assert list(opened.records.begun.values()) == [2]
        assert opened.records.refused == []

    run(play())


@pytest.mark.parametrize("hedge_s", [None, 0.1])
def test_where_no_model_may_be_asked_it_the_reason_is_told_and_on_record(
    hedge_s: float | None,
) -> None:
    async def play() -> None:
        doorman = Doorman(about=barred("one", "two"))
        opened = guarded(doorman, "answers", "answers")
        opened.catalogue.rules = (Rule("two at once", hedge_s=hedge_s),)
        with pytest.raises(Stopped, match="Take the name out"):
            await opened.gateway.complete(asked())
        assert doorman.asking == ["one", "two"]
        assert opened.records.begun == {}
        assert opened.records.refused == ["Stopped by a check: names."]
        assert [one.action for one in opened.records.calls[0].verdicts] == ["redact", "block"]

    run(play())


def test_a_model_of_which_nobody_knows_whether_it_may_be_asked_is_not() -> None:
    def fail(_: CatalogueModel) -> None:
        raise KeyError("Ada")

    async def play() -> None:
        opened = guarded(Doorman(about=fail), "answers", "answers")
        with pytest.raises(ChecksFailed, match="no language model was asked"):
            await opened.gateway.complete(asked())
        assert [opened.fake(name).asked for name in ("one", "two")] == [[], []]
        assert "Ada" not in opened.records.refused[0]

    run(play())


def test_an_answer_that_cannot_be_made_ready_for_the_record_is_recorded_without_words() -> None:
    class Forgetful(Reviewer):
        def kept(self, shown: str) -> str:
            raise KeyError(shown)

    async def play() -> None:
        opened = guarded(Doorman(answer=Forgetful(masked="nothing")))
        assert (await opened.gateway.complete(asked())).text == SAID
        ((outcome,),) = opened.records.finished.values()
        assert (outcome.end, outcome.shown) == (End.DONE, "")

    run(play())


def test_an_answer_is_shown_and_kept_as_the_guard_releases_it() -> None:
    async def play() -> None:
        opened = guarded(Doorman(answer=Reviewer()))
        async with opened.gateway.speak(asked()) as spoken:
            pieces = [delta async for delta in spoken]
        assert "".join(delta.text for delta in pieces) == "The ***."
        assert pieces[-1].finish == "stop"
        assert spoken.usage == Usage(3, 3)
        ((outcome,),) = opened.records.finished.values()
        assert (outcome.end, outcome.answer, outcome.shown) == (End.DONE, SAID, "The ***.")
        assert [(one.rule, one.action) for one in outcome.verdicts] == [
            ("names", "redact"), ("leak", "redact"),
        ]  # fmt: skip

    run(play())


@pytest.mark.parametrize(
    ("fault", "raised", "end"),
    [
        (Stopped("No more of this.", LEAK), Stopped, End.REFUSED),
        (KeyError("the secret"), ChecksFailed, End.CUT),
    ],
)
def test_an_answer_that_is_stopped_shows_nothing_that_was_held_back(
    fault: Exception, raised: type[Exception], end: End
) -> None:
    async def play() -> None:
        reviewer = Reviewer(masked="nothing", fault=fault)
        opened = guarded(Doorman(answer=reviewer), "reaches its limit")
        shown: list[str] = []

        async def take() -> None:
            async with opened.gateway.speak(asked()) as spoken:
                shown.extend([delta.text async for delta in spoken])

        with pytest.raises(raised):
            await take()
        assert shown == []
        ((outcome,),) = opened.records.finished.values()
        assert (outcome.end, outcome.shown) == (end, "")
        assert "secret" not in outcome.problem
        assert (LEAK in outcome.verdicts) == (end is End.REFUSED)
        assert opened.fake("one").closed == 1

    run(play())


def test_who_leaves_a_guarded_answer_cancels_it() -> None:
    async def play() -> None:
        opened = guarded(Doorman(answer=Reviewer(masked="nothing")), "never ends")
        task = asyncio.create_task(opened.gateway.complete(asked()))
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])
        ((outcome,),) = opened.records.finished.values()
        assert outcome.end is End.CANCELLED
        assert opened.fake("one").closed == 1

    run(play())


def test_what_a_model_cut_is_not_shown_beyond_what_was_checked() -> None:
    async def play() -> None:
        opened = guarded(Doorman(answer=Reviewer()), "cuts")
        with pytest.raises(Unavailable):
            await opened.gateway.complete(asked())
        ((outcome,),) = opened.records.finished.values()
        assert (outcome.end, outcome.answer, outcome.shown) == (End.CUT, "The ", "")

    run(play())


@pytest.mark.parametrize("answer", [None, Reviewer(masked="nothing")])
def test_the_first_piece_of_the_slower_of_two_was_shown_to_nobody(answer: Reviewer | None) -> None:
    async def play() -> None:
        models = [
            (CatalogueModel(id=number, name=name, kind="openai", highest=3), Fake(wait_s=wait_s))
            for number, name, wait_s in ((1, "one", 2.0), (2, "two", 1.0))
        ]
        opened = house(*models, rules=[Rule("hedged", hedge_s=1.0)], guard=Doorman(answer=answer))
        async with opened.gateway.speak(asked()) as spoken:
            assert "".join([delta.text async for delta in spoken]) == SAID
        await opened.gateway.close()
        outcomes = [one for (one,) in opened.records.finished.values()]
        (lost,) = [one for one in outcomes if one.end is End.CANCELLED]
        assert (lost.answer, lost.shown) == ("The ", "")
        (won,) = [one for one in outcomes if one.end is End.DONE]
        assert won.shown == (None if answer is None else SAID)

    run(play())


TEXT = st.text(alphabet="ab. ", max_size=6)
PART = st.builds(
    ToolCallPart, st.sampled_from([0, 7]), st.just(""), st.sampled_from(["", "t"]), TEXT
)


@pytest.mark.anyio
@given(st.lists(st.builds(Delta, TEXT, st.lists(PART, max_size=2).map(tuple)), max_size=8))
async def test_a_guard_that_changes_nothing_loses_nothing(deltas: list[Delta]) -> None:
    async def stream() -> AsyncGenerator[Delta]:
        for delta in deltas:
            yield delta
        yield Delta(finish="stop")
        yield Delta(usage=Usage(1, 1))

    pieces = [one async for one in released(stream(), Reviewer(masked="zzz"))]
    assert "".join(one.text for one in pieces) == "".join(one.text for one in deltas)
    parts = [part for one in deltas for part in one.tool_calls]
    said = [
        "".join(part.arguments for part in parts if part.index == index)
        for index in sorted({part.index for part in parts})
    ]
    passed = [part for one in pieces for part in one.tool_calls]
    assert [(part.index, part.arguments) for part in passed] == list(enumerate(said))
    assert [one.finish for one in pieces if one.finish] == ["stop"]
    assert [one.usage for one in pieces if one.usage] == [Usage(1, 1)]


@dataclass
class Rewriter:
    """Has every answer given once more, after what it shows of it.

    Attributes:
        shows: what is shown before that.
        times: how many answers it has so treated; then all pass.
    """

    shows: str = ""
    times: int = 1
    calls: list[Call] = field(default_factory=list)

    async def admit(self, call: Call) -> Admitted:
        self.calls.append(call)
        told = self.shows if len(self.calls) <= self.times else None
        return Admitted(call.request, call.classification, (), Once(told))

    async def before(
        self, call: Call, model: CatalogueModel, answer: AnswerGuard | None
    ) -> Admitted:
        del model
        return Admitted(call.request, call.classification, (), answer)


@dataclass
class Once(Reviewer):
    """Shows a text and has the answer given again, or shows the answer where there is none."""

    shows: str | None = None

    def __init__(self, shows: str | None) -> None:
        super().__init__(masked="\0")
        self.shows = shows

    async def feed(self, text: str) -> str:
        if self.shows is None:
            return text
        shown, self.shows = self.shows, ""
        if not shown:
            raise Stopped("Not this.", LEAK, again="Once more, without prices.")
        return shown


def opened_for(guard: Rewriter) -> House:
    model = CatalogueModel(id=1, name="one", kind="openai", highest=3)
    return house((model, Fake("answers")), guard=guard)


def test_an_answer_of_which_nothing_was_shown_is_given_once_more_with_a_remark() -> None:
    async def play() -> None:
        guard = Rewriter()
        opened = opened_for(guard)
        said = await opened.gateway.complete(asked())
        assert (said.text, said.generation) == (SAID, 2)
        first, second = opened.fake("one").asked
        assert first.messages[0].content == "Who is Ada?"
        assert [one.role for one in second.messages] == ["user"]
        assert second.messages[0].content == "Who is Ada?\n\nOnce more, without prices."
        assert guard.calls[1].typed == ("Who is Ada?",)
        assert [one[0].end for one in opened.records.finished.values()] == [End.REFUSED, End.DONE]
        assert opened.fake("one").closed == 2

    run(play())


@pytest.mark.parametrize(("guard", "asked_for"), [(Rewriter(times=9), 2), (Rewriter("The"), 1)])
def test_a_second_that_fails_too_and_one_of_which_something_was_shown_end_with_the_reply(
    guard: Rewriter, asked_for: int
) -> None:
    async def play() -> None:
        opened = opened_for(guard)
        with pytest.raises(Stopped, match=r"Not this\."):
            await opened.gateway.complete(asked())
        assert len(opened.fake("one").asked) == asked_for
        assert opened.fake("one").closed == asked_for

    run(play())
