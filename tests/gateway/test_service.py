"""The gateway: who is asked, what comes back, and what is recorded of each end."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from centaure.gateway.calls import NoModel, QuotaExhausted, Unsuitable
from centaure.gateway.catalogue import CatalogueModel, Lifecycle
from centaure.gateway.chat import ChatRequest, Message, Tool, Usage
from centaure.gateway.outcomes import Attempt, End
from centaure.gateway.routing import Rule
from centaure.gateway.service import Gateway
from centaure.kit.errors import Unavailable
from gateway.fakes import ANSWER, PLACE, Catalogue, Fake, House, call, house
from gateway.virtual_time import run

SAID = "".join(ANSWER)


def model(number: int, name: str, highest: int = 1, **more: Any) -> CatalogueModel:
    return CatalogueModel(id=number, name=name, kind="openai", highest=highest, **more)


def two(first: str, second: str = "answers", **more: Any) -> House:
    return house((model(1, "one"), Fake(first)), (model(2, "two"), Fake(second)), **more)


def ends(opened: House) -> list[End]:
    return [
        outcome.end
        for _, outcomes in sorted(opened.records.finished.items())
        for outcome in outcomes
    ]


def test_the_first_that_may_answers_and_its_answer_is_recorded() -> None:
    async def play() -> None:
        opened = house((model(1, "low", 0), Fake()), (model(2, "high", 2), Fake(wait_s=1.5)))
        async with opened.gateway.speak(call(2)) as spoken:
            assert spoken.model.name == "high"
            assert "".join([delta.text async for delta in spoken]) == SAID
        [outcome] = opened.records.finished[spoken.generation]
        assert (outcome.end, outcome.answer, outcome.usage) == (End.DONE, SAID, Usage(3, 3))
        assert outcome.first_s == pytest.approx(1.5)
        assert opened.fake("low").asked == []

    run(play())


@pytest.mark.parametrize(
    ("behaviour", "end"),
    [
        ("fails", End.FAILED),
        ("hangs", End.FAILED),
        ("answers with 500", End.FAILED),
        ("asks to wait", End.FAILED),
        ("breaks", End.FAILED),
        ("says nothing", End.DONE),
        ("only thinks", End.LENGTH),
        ("refuses", End.REFUSED),
        ("filters", End.REFUSED),
    ],
)
def test_who_does_not_begin_to_answer_is_followed_by_the_next(behaviour: str, end: End) -> None:
    async def play() -> None:
        opened = two(behaviour)
        assert (await opened.gateway.complete(call())).text == SAID
        assert ends(opened) == [end, End.DONE]
        assert opened.records.attempts == [Attempt(), Attempt(2, 1, "fallback")]
        assert opened.records.finished[1][0].problem
        await opened.gateway.close()
        assert [name for name, _ in opened.catalogue.told] == ["one"]

    run(play())


def test_nobody_reads_on_before_the_record_of_a_call_is_on_disk() -> None:
    async def play() -> None:
        opened = two("answers")
        opened.records.crashes = True
        for _ in range(5):
            async with opened.gateway.speak(call()) as spoken:
                seen: list[str] = []
                with pytest.raises(Unavailable, match="The database"):  # noqa: PT012 - what came before the error
                    async for delta in spoken:
                        seen.append(delta.text)  # noqa: PERF401 - as above
                assert "".join(seen) == ANSWER[0]
        assert set(ends(opened)) == {End.CUT}
        opened.records.crashes = False
        assert (await opened.gateway.complete(call())).text == SAID  # it was not the model's fault

    run(play())


@pytest.mark.parametrize("behaviour", ["cuts", "stops", "breaks off"])
def test_an_answer_that_breaks_off_is_an_error_and_nobody_else_goes_on_with_it(
    behaviour: str,
) -> None:
    async def play() -> None:
        opened = two(behaviour)
        pieces: list[str] = []

        async def take() -> None:
            async with opened.gateway.speak(call()) as spoken:
                async for delta in spoken:
                    pieces.append(delta.text)  # noqa: PERF401 - it ends with an error

        with pytest.raises(Unavailable):
            await take()
        assert pieces == ["The "]
        assert ends(opened) == [End.CUT]
        assert opened.records.finished[1][0].answer == "The "

    run(play())


def test_an_answer_without_end_is_cut_where_its_limit_would_be() -> None:
    async def play() -> None:
        opened = two("never ends")
        request = ChatRequest((Message("user", "C1"),), most_tokens=10)
        async with opened.gateway.speak(call(request=request)) as spoken:
            deltas = [delta async for delta in spoken]
        assert deltas[-1].finish == "length"
        assert sum(len(delta.text) for delta in deltas) < 2_000
        assert ends(opened) == [End.LENGTH]
        assert opened.fake("one").closed == 1

    run(play())


def test_leaving_before_the_end_cancels_the_call() -> None:
    async def play() -> None:
        opened = two("never ends")
        async with opened.gateway.speak(call()) as spoken:
            async for _ in spoken:
                break
        assert ends(opened) == [End.CANCELLED]
        assert opened.fake("one").closed == 1
        with pytest.raises(KeyError):
            async with opened.gateway.speak(call()):
                raise KeyError
        assert ends(opened) == [End.CANCELLED, End.CANCELLED]

    run(play())


def test_a_task_that_is_cancelled_while_it_waits_leaves_nothing_open() -> None:
    async def play() -> None:
        opened = two("hangs")
        task = asyncio.create_task(opened.gateway.complete(call()))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert ends(opened) == [End.CANCELLED]
        assert opened.providers.lent == 0

    run(play())


HEDGED = Rule("hedged", hedge_s=1.0)


def test_a_second_is_asked_when_the_first_is_slow_and_the_first_to_speak_wins() -> None:
    async def play() -> None:
        opened = house(
            (model(1, "slow"), Fake(wait_s=5.0)), (model(2, "quick"), Fake()), rules=[HEDGED]
        )
        async with opened.gateway.speak(call()) as spoken:
            assert spoken.model.name == "quick"
            assert "".join([delta.text async for delta in spoken]) == SAID
        await opened.gateway.close()
        assert ends(opened) == [End.CANCELLED, End.DONE]
        assert opened.records.attempts[1] == Attempt(2, 1, "hedge")
        assert opened.fake("slow").closed == 1

    run(play())


def test_no_second_is_asked_when_the_first_speaks_in_time_or_no_other_may_be_sent_this() -> None:
    async def play() -> None:
        opened = house(
            (model(1, "slow", 3), Fake(wait_s=0.9)), (model(2, "low", 1), Fake()), rules=[HEDGED]
        )
        assert (await opened.gateway.complete(call(1))).text == SAID
        opened.fake("slow").wait_s = 5.0
        assert (await opened.gateway.complete(call(2))).text == SAID
        assert opened.fake("low").asked == []
        assert ends(opened) == [End.DONE, End.DONE]

    run(play())


def test_a_hedged_call_that_is_cancelled_ends_both() -> None:
    async def play() -> None:
        opened = two("hangs", "hangs", rules=[HEDGED])
        task = asyncio.create_task(opened.gateway.complete(call()))
        await asyncio.sleep(2)
        task.cancel()
        await asyncio.wait([task])
        await opened.gateway.close()
        assert ends(opened) == [End.CANCELLED, End.CANCELLED]
        assert opened.providers.lent == 0

    run(play())


def test_a_quota_that_one_model_exceeds_leaves_the_others() -> None:
    async def play() -> None:
        opened = two("answers", poor=frozenset({1}))
        async with opened.gateway.speak(call()) as spoken:
            assert spoken.model.name == "two"
        broke = two("answers", poor=frozenset({1, 2}))
        with pytest.raises(QuotaExhausted):
            await broke.gateway.complete(call())
        assert broke.records.begun == {}

    run(play())


def test_nobody_is_asked_when_nobody_may_and_it_is_said_why() -> None:
    async def said(opened: House, classification: int = 1, **more: Any) -> str:
        with pytest.raises(NoModel) as caught:
            await opened.gateway.complete(call(classification, **more))
        return caught.value.message

    async def play() -> None:
        assert "centaure models add" in await said(house())
        opened = two("answers")
        assert "C2" in await said(opened, 2)
        assert "C1 at most" in await said(opened, 2, model="one")
        assert "'nobody'" in await said(opened, model="nobody")
        assert await said(opened, -1)
        assert await said(opened, 4)
        assert len(opened.records.refused) == 5
        assert opened.records.begun == {}

    run(play())


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("fails", "one does not answer."),
        ("hangs", "one did not answer in time."),
        ("answers with 500", "one does not answer (HTTP 500)."),
        ("asks to wait", "one has too many requests at the moment."),
        ("refuses", "one will not take this"),
        ("breaks", "one does not answer."),
        ("says nothing", "one answered without a word."),
        ("only thinks", "one answered without a word: all that it may write went into thinking."),
    ],
)
def test_callers_read_what_happened_and_administrators_where(behaviour: str, said: str) -> None:
    async def play() -> None:
        opened = house((model(1, "one"), Fake(behaviour)))
        with pytest.raises(NoModel) as caught:
            await opened.gateway.complete(call())
        assert said in caught.value.message
        assert PLACE not in caught.value.message
        await opened.gateway.close()
        [(_, problem)] = opened.catalogue.told
        assert opened.records.finished[1][0].problem == problem
        at_its_place = {"fails", "answers with 500", "asks to wait", "refuses"}
        assert (PLACE in problem) == (behaviour in at_its_place)

    run(play())


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("cuts", "one stopped in the middle of its answer."),
        ("stops", "one stopped in the middle of its answer."),
        ("breaks off", "one stopped in the middle of its answer."),
        ("is late", "one took too long."),
    ],
)
def test_callers_do_not_read_where_an_answer_was_cut(behaviour: str, said: str) -> None:
    async def play() -> None:
        opened = house((model(1, "one"), Fake(behaviour)))
        with pytest.raises(Unavailable) as caught:
            await opened.gateway.complete(call())
        assert caught.value.message == said
        [outcome] = opened.records.finished[1]
        assert outcome.end is End.CUT
        assert (PLACE in outcome.problem) == (behaviour in {"cuts", "is late"})

    run(play())


def test_a_model_named_that_cannot_do_what_is_asked_is_the_requests_fault() -> None:
    tool = Tool("weather", "", {})
    prompt = (Message("user", "a word and another " * 40),)
    cases = (
        (ChatRequest(prompt, tools=(tool,)), "does not offer tools"),
        (ChatRequest(prompt, response_format={"type": "json_object"}), "does not offer json"),
        (ChatRequest(prompt, most_tokens=500), "takes 600 tokens"),
    )

    async def play() -> None:
        one = model(1, "one", context=600, capabilities=frozenset())
        for request, why in cases:
            opened = house((one, Fake()), (model(2, "two"), Fake()))
            with pytest.raises(Unsuitable, match=f"one cannot take this. It {why}"):
                await opened.gateway.complete(call(request=request, model="one"))
            with pytest.raises(NoModel, match="C1 at most"):
                await opened.gateway.complete(call(2, request=request, model="one"))
            assert len(opened.records.refused) == 2
            assert opened.records.begun == {}

    run(play())


def test_a_model_named_is_the_only_one_asked() -> None:
    async def play() -> None:
        opened = two("answers", "fails")
        with pytest.raises(NoModel, match="two does not answer"):
            await opened.gateway.complete(call(model="two"))
        assert opened.fake("one").asked == []

    run(play())


def test_what_changed_since_it_was_chosen_is_seen_before_anything_is_sent() -> None:
    async def play() -> None:
        for change in ({"highest": 0}, {"lifecycle": Lifecycle.RETIRED}, None):
            opened = two("answers")

            def lower(
                catalogue: Catalogue, look: int, change: dict[str, Any] | None = change
            ) -> None:
                if look == 1 and change is None:
                    catalogue.models.pop(1)
                elif look == 1 and change is not None:
                    catalogue.set(1, **change)

            opened.catalogue.change = lower
            async with opened.gateway.speak(call()) as spoken:
                assert spoken.model.name == "two"
            assert opened.providers.models[1].asked == []
            assert ends(opened)[0] is End.REFUSED

    run(play())


def test_what_fails_again_and_again_is_left_alone_then_tried_once() -> None:
    async def play() -> None:
        opened = two("fails")
        for at in range(5):
            await opened.gateway.complete(call(principal=at % 2))
        one = opened.fake("one")
        assert len(one.asked) == 3
        assert not opened.gateway.answers(opened.catalogue.models[1])
        await asyncio.sleep(11)
        assert opened.gateway.answers(opened.catalogue.models[1])
        await opened.gateway.complete(call())
        await opened.gateway.complete(call())
        assert len(one.asked) == 4
        await asyncio.sleep(21)
        one.behaviour = "answers"
        async with opened.gateway.speak(call()) as spoken:
            assert spoken.model.name == "one"
            async for _ in spoken:
                pass
        await opened.gateway.close()
        assert [problem != "" for _, problem in opened.catalogue.told] == [True, False]

    run(play())


def test_what_one_process_said_of_a_model_another_takes_back() -> None:
    async def play() -> None:
        opened = house((model(1, "one"), Fake()))
        other = Gateway(opened.catalogue, opened.providers, opened.records)
        said = []
        for behaviour, gateway in (
            ("answers", opened.gateway), ("fails", other), ("answers", opened.gateway),
            ("fails", other), ("answers", opened.gateway),
        ):  # fmt: skip
            opened.fake("one").behaviour = behaviour
            with suppress(NoModel):
                await gateway.complete(call())
            await asyncio.sleep(6)
            said.append(opened.catalogue.models[1].problem != "")
        assert said == [False, True, False, True, False]

    run(play())


@pytest.mark.parametrize("behaviour", ["answers with 500", "asks to wait", "hangs", "cuts"])
def test_what_fails_one_caller_is_left_alone_by_that_caller_only(behaviour: str) -> None:
    async def play() -> None:
        opened = house((model(1, "one"), Fake(behaviour)))
        one = opened.catalogue.models[1]
        for _ in range(5):
            with pytest.raises(Unavailable):
                await opened.gateway.complete(call(principal=1))
        assert not opened.gateway.answers(one, 1)
        assert opened.gateway.answers(one, 2)
        assert opened.gateway.answers(one)
        with pytest.raises(Unavailable):
            await opened.gateway.complete(call(principal=2))
        assert not opened.gateway.answers(one, 3)

    run(play())


def test_calls_that_fail_together_tell_it_once() -> None:
    async def play() -> None:
        opened = house((model(1, "one"), Fake("fails", wait_s=1.0)))
        opened.catalogue.change = lambda catalogue, _: catalogue.set(1, problem="")
        asked = [opened.gateway.complete(call()) for _ in range(9)]
        await asyncio.gather(*asked, return_exceptions=True)
        await opened.gateway.close()
        assert len(opened.catalogue.told) == 1

    run(play())


@pytest.mark.parametrize("behaviour", ["says nothing", "only thinks"])
def test_an_answer_without_words_is_charged_and_no_fault_of_the_model(behaviour: str) -> None:
    async def play() -> None:
        opened = house((model(1, "one"), Fake(behaviour)))
        for at in range(5):
            with pytest.raises(NoModel):
                await opened.gateway.complete(call(principal=at))
        assert opened.gateway.answers(opened.catalogue.models[1], 1)
        assert {one.usage for [one] in opened.records.finished.values()} == {
            Usage(50_000, 1) if behaviour == "only thinks" else Usage(3, 0)
        }

    run(play())


def test_who_asks_to_wait_is_left_alone_for_as_long() -> None:
    async def play() -> None:
        opened = two("asks to wait")
        await opened.gateway.complete(call())
        await asyncio.sleep(55)
        await opened.gateway.complete(call())
        assert len(opened.fake("one").asked) == 1
        await asyncio.sleep(10)
        await opened.gateway.complete(call())
        assert len(opened.fake("one").asked) == 2

    run(play())


def test_a_model_that_was_changed_begins_anew() -> None:
    async def play() -> None:
        opened = house((model(1, "one"), Fake("fails")))
        for at in range(3):
            with pytest.raises(NoModel):
                await opened.gateway.complete(call(principal=at))
        with pytest.raises(NoModel, match="left alone"):
            await opened.gateway.complete(call())
        assert not opened.gateway.answers(opened.catalogue.models[1])
        opened.fake("one").behaviour = "answers"
        changed = opened.catalogue.models[1].changed_at.replace(year=2026)
        opened.catalogue.set(1, changed_at=changed)
        assert opened.gateway.answers(opened.catalogue.models[1])
        assert (await opened.gateway.complete(call())).text == SAID

    run(play())


def test_one_budget_of_time_is_for_all_models_together() -> None:
    async def play() -> None:
        opened = two("hangs", "hangs")
        with pytest.raises(NoModel):
            await opened.gateway.complete(call(first_s=8.0, longest_s=10.0))
        assert asyncio.get_running_loop().time() < 14
        assert ends(opened) == [End.FAILED, End.FAILED]

    run(play())
