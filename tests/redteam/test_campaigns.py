"""Campaigns over real HTTP: bounded, filed, taken up again, and told in two forms."""

import asyncio
import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from centaure.gateway.chat import ChatRequest
from centaure.gateway.openai_compatible import OpenAICompatible
from centaure.gateway.simulation import simulated_service
from centaure.gateway.simulation.obedience import OBEDIENT
from centaure.guardrails.guarding import Guarding
from centaure.guardrails.policies import OnePolicy
from centaure.kit.errors import Conflict, InvalidInput, Unavailable
from centaure.redteam import filed
from centaure.redteam.attacks import Case, Scene, cases
from centaure.redteam.campaigns.oracles import Judgement, Outcome
from centaure.redteam.campaigns.page import page
from centaure.redteam.campaigns.report import KIND, interval, passes, report
from centaure.redteam.campaigns.running import Result, attempt, greet, run
from centaure.redteam.languages import Language
from centaure.redteam.targets import ModelTarget, Reply, Target

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PLAN = {"kind": KIND, "target": "t <b>", "guarded": True, "judge": "", "number": 0}
SCENE = Scene.drawn(random.Random(0), Language.EN)
LONG_S = 300.0


def result(name: str, outcome: Outcome, **more: Any) -> dict[str, Any]:
    case = Case(name, "s", more.pop("family", "tools"), "plain", "call", SCENE, ("<script>",))
    replies = (Reply("<img src=x>", rules=more.pop("rules", ())),)
    told = Result(case, replies, Judgement(outcome, more.pop("by", "answer"), **more))
    return told.written()


async def tried(target: Target, some: list[Case], **bounds: Any) -> list[Result]:
    found: list[Result] = []
    given = {"at_once": 4, "longest_s": LONG_S, **bounds}
    assert await run(some, target, found.append, **given)
    return found


async def test_an_obedient_model_gives_all_away_and_nothing_behind_the_guardrails() -> None:
    some = cases(0, 40)
    async with simulated_service() as service:
        for guard, expected in ((None, Outcome.BROKEN), (Guarding(OnePolicy()), Outcome.HELD)):
            model = OpenAICompatible(service.address, OBEDIENT)
            found = await tried(ModelTarget(model, guard), some)
            await model.close()
            assert {one.case.id for one in found} == {one.id for one in some}
            assert {one.judgement.outcome for one in found} == {expected}
            assert all(one.rules for one in found) is (guard is not None)


async def test_a_service_that_fails_breaks_nothing_and_holds_nothing() -> None:
    async with simulated_service() as service:
        for name in ("simulated-500", "simulated-cut-at-once", "simulated-malformed"):
            model = OpenAICompatible(service.address, name)
            found = await tried(ModelTarget(model, None), cases(0, 3))
            await model.close()
            assert {one.judgement.outcome for one in found} == {Outcome.UNKNOWN}
            assert all(one.judgement.why for one in found)


async def test_a_target_that_answers_nothing_harmless_is_not_tried() -> None:
    async with simulated_service() as service:
        model = OpenAICompatible(service.address, "simulated-401")
        with pytest.raises(Unavailable, match="cannot be tried"):
            await greet(ModelTarget(model, None))
        await model.close()
    with pytest.raises(Unavailable, match="harmless"):
        await greet(Answers(Reply("No.", stopped=True)))
    await greet(Answers(Reply("No.", stopped=True, rules=("link.1",))))
    await greet(Answers(Reply("Hello", problem="The answer was cut at its longest.")))


class Answers:
    """Answers the same to everything, and counts."""

    def __init__(self, reply: Reply, wait_s: float = 0.0) -> None:
        self.reply, self.wait_s = reply, wait_s
        self.asked: list[ChatRequest] = []
        self.under_way = self.most = 0

    async def ask(self, request: ChatRequest, language: str) -> Reply:
        del language
        self.asked.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self.wait_s)
        self.under_way -= 1
        return self.reply


async def test_a_campaign_is_bounded_at_once_and_in_time() -> None:
    target = Answers(Reply("No."))
    assert len(await tried(target, cases(0, 30), at_once=3)) == 30
    assert target.most <= 3
    found: list[Result] = []
    endless = Answers(Reply("No."), wait_s=3_600)
    assert not await run(cases(0, 5), endless, found.append, at_once=2, longest_s=0.1)
    assert (found, len(endless.asked)) == ([], 2)


async def test_turns_are_asked_one_after_the_other_with_their_answers() -> None:
    case = next(one for one in cases(0, 500) if one.family == "turns")
    target = Answers(Reply("No.", stopped=True))
    replies = await attempt(case, target)
    assert len(replies) == len(case.turns) == 3
    last = target.asked[-1].messages
    assert [one.role for one in last] == ["system", *["user", "assistant"] * 2, "user"]
    assert last[2].content == "No."
    target = Answers(Reply(problem="Late."))
    assert len(await attempt(case, target)) == 1


async def test_a_document_is_the_result_of_a_tool_and_tools_are_offered() -> None:
    case = next(one for one in cases(0, 500) if one.document)
    target = Answers(Reply("No."))
    await attempt(case, target)
    request = target.asked[0]
    assert [one.role for one in request.messages] == ["system", "user", "assistant", "tool"]
    assert request.messages[-1].content == case.document
    assert len(request.tools) == 3
    typed = next(one for one in cases(0, 500) if one.goal == "secret" and one.turns)
    await attempt(typed, target)
    assert target.asked[-1].tools == ()


def test_a_run_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    with filed.Filed(tmp_path / "run", PLAN) as file:
        file.keep(result("a", Outcome.HELD))
        file.keep(result("b", Outcome.UNKNOWN))
    path = tmp_path / "run" / filed.RESULTS
    with path.open("a") as cut:
        cut.write('{"case": "c", "outc')  # the machine went down
    with filed.Filed(tmp_path / "run", PLAN) as file:
        assert file.left(["a", "b", "c"]) == {"b", "c"}
        file.keep(result("b", Outcome.BROKEN))
        file.keep(result("c", Outcome.HELD))
    plan, results = filed.read(tmp_path / "run")
    assert plan == PLAN
    assert [(one["case"], one["outcome"]) for one in results] == [
        ("a", "held"), ("b", "broken"), ("c", "held"),
    ]  # fmt: skip
    with pytest.raises(Conflict, match="another run"):
        filed.Filed(tmp_path / "run", {**PLAN, "number": 1})


def test_what_is_no_run_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no run"):
        filed.read(tmp_path)
    (tmp_path / filed.RESULTS).write_bytes(b"\xff\n[]\n")
    with pytest.raises(InvalidInput, match="holds no run"):
        filed.read(tmp_path)
    (tmp_path / filed.REPORT).write_text("[]")
    with pytest.raises(InvalidInput, match="no report"):
        filed.earlier(tmp_path, KIND)
    (tmp_path / filed.REPORT).write_text('{"kind": "another"}')
    with pytest.raises(InvalidInput, match="no report"):
        filed.earlier(tmp_path, KIND)
    assert filed.earlier(None, KIND) is None
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="cannot be written"):
        filed.Filed(tmp_path / "file" / "run", PLAN)


def told(
    *results: dict[str, Any], planned: int = 0, before: Mapping[str, Any] | None = None
) -> Any:
    names = [one["case"] for one in results] + [f"not {at}" for at in range(planned - len(results))]
    return report(PLAN, results, names, NOW, before)


def test_a_report_counts_by_family_and_disguise_and_names_what_held() -> None:
    found = told(
        result("a", Outcome.BROKEN, by="call"),
        result("b", Outcome.HELD, rules=("link.1", "model.1")),
        result("c", Outcome.HELD),
        result("d", Outcome.UNKNOWN, by="problem", why="Late."),
        result("e", Outcome.BROKEN, by="secret exact", family="turns"),
        planned=7,
    )
    assert (found["planned"], found["tried"]) == (7, 5)
    assert found["families"]["tools"]["share_broken"] == pytest.approx(1 / 3, abs=1e-3)
    assert found["matrix"] == {"tools": {"plain": [1, 2, 1]}, "turns": {"plain": [1, 0, 0]}}
    assert found["broken_by"] == {"call": 1, "secret exact": 1}
    assert found["held_by"] == {"link.1": 1, "model.1": 1, "answer": 1}
    assert found["unknown_because"] == {"Late.": 1}
    assert json.loads(json.dumps(found)) == found


def test_a_gate_wants_few_broken_cases_and_enough_that_are_known() -> None:
    good = [result(str(at), Outcome.HELD) for at in range(20)]
    bad = [result("bad", Outcome.BROKEN)]
    unsure = [result(f"u{at}", Outcome.UNKNOWN) for at in range(3)]
    assert passes(told(*good), 0)
    assert not passes(told(*good, *bad), 0)
    assert passes(told(*good, *bad), 1)
    assert passes(told(*good, *unsure[:2]), 0)
    assert not passes(told(*good, *unsure), 0)
    assert not passes(told(*good, planned=30), 0)


def test_a_trend_is_of_the_cases_that_both_tried() -> None:
    before = told(
        result("a", Outcome.HELD), result("b", Outcome.BROKEN), result("z", Outcome.BROKEN)
    )
    now = told(
        result("a", Outcome.BROKEN), result("b", Outcome.HELD), result("c", Outcome.BROKEN),
        before=before,
    )  # fmt: skip
    assert now["trend"] == {
        "since": "2026-11-22T00:00:00+00:00",
        "cases_in_both": 2,
        "broken_before": 1,
        "broken_now": 1,
        "newly_broken": ["a"],
        "newly_held": ["b"],
    }


def test_an_interval_is_wide_where_little_is_known() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(0, 20)
    assert low == 0
    assert high == pytest.approx(0.161, abs=1e-3)
    assert interval(10, 20) == pytest.approx((0.299, 0.701), abs=1e-3)


class Tags(HTMLParser):
    """The tags of a page, and those that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_needs_nothing_else_and_reads_nothing_as_html(language: str) -> None:
    before = told(result("a", Outcome.BROKEN))
    found = told(
        result("a", Outcome.HELD), result("b", Outcome.BROKEN, by="call"),
        result("c", Outcome.UNKNOWN, why="Late."), before=before,
    )  # fmt: skip
    written = page(found, language)
    tags = Tags()
    tags.feed(written)
    assert tags.open == []
    assert not tags.seen & {"script", "img", "link", "iframe", "a"}
    assert f'<html lang="{language}">' in written
    assert "t &lt;b&gt;" in written
    assert "&lt;script&gt;" in written
    assert "http" not in written.replace("http-equiv", "")
