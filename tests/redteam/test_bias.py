"""Paired prompts: what is measured, and when a difference is one."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from centaure.app.cli import make_app
from centaure.gateway.chat import ChatRequest
from centaure.redteam.bias.measures import measured, number_in
from centaure.redteam.bias.page import page
from centaure.redteam.bias.questions import axes, questions
from centaure.redteam.bias.report import KIND, bounds, report
from centaure.redteam.bias.running import run
from centaure.redteam.targets import Reply

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PLAN = {"kind": KIND, "target": "t"}
ALL = questions(2)


class Answers:
    """Answers a question by its words."""

    def __init__(self, answer: Callable[[str], Reply]) -> None:
        self.answer = answer

    async def ask(self, request: ChatRequest, language: str) -> Reply:
        assert request.messages[0].role == "system"
        assert language in {"fr", "en"}
        return self.answer(request.messages[-1].content)


async def told(answer: Callable[[str], Reply], **more: Any) -> dict[str, Any]:
    results: list[dict[str, Any]] = []
    assert await run(ALL, Answers(answer), results.append, at_once=2, longest_s=300)
    return report(PLAN, results, ALL, NOW, **more)


def outcomes(found: dict[str, Any]) -> dict[str, set[str]]:
    by: dict[str, set[str]] = {}
    for one in found["comparisons"]:
        by.setdefault(one["outcome"], set()).add(f"{one['axis']} {one['group']} {one['measure']}")
    return by


def test_the_people_of_a_pair_are_asked_about_in_the_same_words() -> None:
    assert set(axes()) == {"gender", "origin", "place", "age", "disability"}
    for axis, groups in axes().items():
        pairs: dict[str, list[Any]] = {}
        for one in questions(among=[axis]):
            pairs.setdefault(one.pair, []).append(one)
        for pair in pairs.values():
            assert [one.group for one in pair] == list(groups)
            assert len({one.text.replace(one.person, "") for one in pair}) == 1
            assert len({one.text for one in pair}) == len(pair)
    assert len({one.id for one in questions()}) == len(questions()) == 2 * len(ALL)
    assert {one.language for one in questions(languages=["fr"])} == {"fr"}


async def test_the_same_answer_for_all_is_no_difference() -> None:
    found = await told(lambda _: Reply("Note : 7/10. Dossier solide et sérieux."))
    assert set(outcomes(found)) == {"no difference seen"}
    assert found["examples"] == []
    assert found["answered"] == found["planned"] == len(ALL)


async def test_answers_that_echo_the_person_differ_in_nothing() -> None:
    found = await told(lambda text: Reply(f"Vous demandez : {text} Note : 7/10."))
    assert set(outcomes(found)) == {"no difference seen"}


async def test_noise_is_no_difference() -> None:
    chance = random.Random(3)
    found = await told(
        lambda _: Reply(f"Note : {chance.randint(4, 9)}/10. " + "mot " * chance.randint(5, 40))
    )
    assert set(outcomes(found)) == {"no difference seen"}


async def test_a_lower_score_a_colder_tone_and_a_refusal_are_seen() -> None:
    def answer(text: str) -> Reply:
        if "fauteuil" in text or "wheelchair" in text or "malvoyant" in text or "blind" in text:
            return Reply("Note : 4/10. Un risque, à surveiller avec prudence.")
        if "Bobigny" in text or "Saint-Denis," in text or "Saint-Denis :" in text:
            return Reply("Je ne peux pas répondre à cette demande.")
        return Reply("Note : 8/10. Un dossier solide et fiable.")

    found = await told(answer)
    seen = outcomes(found)["differs"]
    assert {"disability disabled score", "disability disabled tone"} <= seen
    assert "place poor-suburb refusal" in seen
    assert not [one for one in seen if one.startswith(("gender", "origin", "age"))]
    score = next(
        one
        for one in found["comparisons"]
        if (one["group"], one["measure"]) == ("disabled", "score")
    )
    assert (score["mean_of_reference"], score["difference"]) == (8, -4)
    assert score["between"] == [-4, -4]
    assert found["examples"]
    assert json.loads(json.dumps(found)) == found


async def test_what_was_not_answered_counts_for_nothing() -> None:
    found = await told(lambda _: Reply(problem="Late."))
    assert set(outcomes(found)) == {"too few"}
    assert found["answered"] == 0


async def test_a_trend_names_what_changed() -> None:
    before = await told(lambda _: Reply(problem="Late."))
    found = await told(lambda _: Reply("Note : 7/10."), before=before)
    assert "gender woman score: too few -> no difference seen" in found["trend"]["changed"]
    for language, title in (("fr", "Questions appariées"), ("en", "Paired prompts")):
        written = page(found, language)
        assert title in written
        assert "<script" not in written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("note : 8/10", 8), ("je donne 7,5 sur 10.", 7.5), ("9.5 out of 10", 9.5), ("score: 6", 6),
        ("en 2024, je mets 7", 7), ("apres 12 ans : 8 / 10", 8), ("dix sur dix", None), ("95 %", None),
        ("", None), ("10", 10),
    ],
)  # fmt: skip
def test_a_number_from_0_to_10_is_read(text: str, number: float | None) -> None:
    assert number_in(text) == number


def test_what_is_measured_leaves_the_person_out() -> None:
    one = measured(
        "Claire Martin est fiable, note 8/10.", "Claire Martin", stopped=False, score=True
    )
    other = measured(
        "Karim Benali est fiable, note 8/10.", "Karim Benali", stopped=False, score=True
    )
    assert one == other
    assert (one["score"], one["refusal"], one["length"]) == (8, 0, 5)
    assert measured("", "A", stopped=True, score=False) == {
        "score": None, "tone": None, "refusal": 1, "length": 0,
    }  # fmt: skip
    declined = measured("Désolé, je ne peux pas.", "A", stopped=False, score=False)
    assert declined["refusal"] == 1


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    some = [float(at % 5) for at in range(20)]
    low, high = bounds(some, 0.05)
    assert low < 2 < high
    assert bounds(some, 0.05) == (low, high)
    assert bounds([1.0] * 8, 0.05) == (1, 1)


def test_the_command_writes_both_reports_and_goes_on(tmp_path: Path) -> None:
    words = (
        "redteam", "bias", "--target", "simulated-obedient", "--no-guard", "--to", str(tmp_path),
        "--axis", "gender", "--people", "1", "--language", "fr",
    )  # fmt: skip
    done = CliRunner().invoke(make_app("redteam"), [*words])
    assert done.exit_code == 0, done.output
    assert "40 of 40 were answered" in done.stdout
    assert "diffèrent" in (tmp_path / "report.html").read_text("utf-8")
    file = tmp_path / "results.jsonl"
    file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:20]), "utf-8")
    again = CliRunner().invoke(make_app("redteam"), [*words, "--json", "--before", str(tmp_path)])
    kept = json.loads(again.stdout)
    assert (kept["answered"], kept["trend"]["changed"]) == (40, [])
    assert len((tmp_path / "results.jsonl").read_text("utf-8").splitlines()) == 41
