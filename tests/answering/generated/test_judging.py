"""Sentences in doubt are judged by a second model, where a rule names one; whatever it does, answers stay."""

import asyncio
import json
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.answering.answers import Judged, Sentence
from centaure.answering.generated import Judge, Sources, Withheld, Writing, choices, request
from centaure.answering.generated.judging import verdicts
from centaure.answering.generated.simulated import by_rule
from centaure.answering.generated.writing import Policy
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.records import End
from centaure.gateway.routing import Rule
from centaure.kit.errors import Unavailable
from centaure.knowledge.retrieval import DocumentBrief, Hit
from doubts import doubt
from gateway.fakes import House, house
from scripted_model import Script

pytestmark = pytest.mark.anyio

QUESTION = "Qui réserve l'hôtel et les trains ?"
MEALS = "Le plafond de remboursement d'un repas est de 22 euros le midi et de 27 euros le soir."
HOTELS = "L'hôtel est réservé par l'agence Escale, au moins une semaine avant le départ."
SURE = "L'hôtel est réservé par l'agence Escale [2]."
TRIP = "Le voyage est réservé par Escale [2]."
TRAINS = "L'agence Escale réserve aussi les trains [2]."
WRONG = "Le plafond de remboursement d'un repas est de 95 euros le midi [1]."
RULE = Rule("judges", purposes=frozenset({"judge"}), models=("judge",), exclusive=True)
BUDGET_S = 0.5


@pytest.fixture(autouse=True)
def _doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    doubt(monkeypatch, "voyage", "trains")


def hit(text: str, number: int) -> Hit:
    brief = DocumentBrief(number, 1, "docs", f"{number}.docx", "", "docx", "fr", 2, None)
    return Hit(brief, number * 10, 0, text, (), "text", 3, 3, None, None, "fr", 20.0, 1.0, ())


def says(*said: str) -> str:
    """The verdicts on sentences from 1 on, as a judge writes them."""
    listed = [{"sentence": number, "verdict": one} for number, one in enumerate(said, 1)]
    return json.dumps({"verdicts": listed})


def written_by(
    script: Script, judge: Script, policy: Policy = "warn", rules: Any = (RULE,), highest: int = 2
) -> tuple[House, Writing]:
    """A writing of the answer to the question by one model, which another may judge."""
    scribe, second = (
        CatalogueModel(id=number, name=name, kind="openai", highest=level)
        for number, name, level in ((1, "scribe", 3), (2, "judge", highest))
    )
    models: Any = ((scribe, script), (second, judge))
    kept = house(*models, rules=rules)
    shown = choices([hit(MEALS, 1), hit(HOTELS, 2)], 2, [], 1)[0]
    asked = request(QUESTION, "fr", shown, None)
    call = Call(asked.chat, 1, Purpose.ANSWER, shown.classification, language="fr")
    sources = Sources(asked.passages, {}, QUESTION, "fr")
    judges = Judge(kept.gateway, BUDGET_S)
    return kept, Writing(kept.gateway, call, asked, sources, policy, shown.sources, judges)


async def said_by(writing: Writing) -> tuple[list[tuple[str, str | None]], list[Judged]]:
    """The sentences with their support as they came, and what was judged of them."""
    async with aclosing(writing.pieces()) as stream:
        pieces = [piece async for piece in stream]
    sentences = [(one.text, one.support) for one in pieces if isinstance(one, Sentence)]
    return sentences, [one for one in pieces if isinstance(one, Judged)]


async def test_one_call_judges_what_is_in_doubt_after_it_was_shown() -> None:
    judge = Script([says("supported", "unsupported")])
    kept, writing = written_by(Script([f"{SURE} Bonjour à vous. {TRIP} {TRAINS}"]), judge)
    sentences, judged = await said_by(writing)
    shown = [support for _, support in sentences]
    assert shown.count("supported") == 1
    assert shown[-2:] == ["unchecked", "unchecked"]
    last = len(shown) - 1
    assert judged == [
        Judged(last - 1, "supported", "Jugée par judge : les passages la confirment."),
        Judged(last, "unsupported", "Jugée par judge : les passages ne la confirment pas."),
    ]
    assert [one.support for one in writing.draft.sentences][-2:] == ["supported", "unsupported"]
    assert writing.draft.doubts == [("L'agence Escale réserve aussi les trains.", judged[1].reason)]
    (asked,) = judge.asked
    data = asked.messages[-1].content
    assert data.count("<sentence-") == 2
    assert ("agence Escale, au moins" in data, "22 euros" in data) == (True, False)
    call = kept.records.calls[-1]
    assert (call.purpose, call.classification, call.principal) == (Purpose.JUDGE, 2, 1)
    assert call.prompt_version.startswith("judge.fr ")
    assert (writing.model, writing.generation) == ("scribe", 1)


@pytest.mark.parametrize("said", [SURE, WRONG, "Bonjour. " + SURE, TRIP.replace(" [2]", "")])
async def test_what_is_certain_or_claims_nothing_is_not_judged(said: str) -> None:
    judge = Script([says("unsure")])
    _, writing = written_by(Script([said]), judge)
    _, judged = await said_by(writing)
    assert judged == []
    assert all(
        "Bonjour" not in one.messages[-1].content.partition("<sentence")[2] for one in judge.asked
    )
    assert not judge.asked or "[2]" not in said


async def test_nobody_judges_where_no_rule_names_it_or_none_is_cleared() -> None:
    for rules, highest in (((), 3), ((Rule("all", models=("judge",)),), 3), ((RULE,), 1)):
        judge = Script([says("supported")])
        script = Script([TRIP])
        _, writing = written_by(script, judge, rules=rules, highest=highest)
        if rules and rules != (RULE,):
            script, judge = judge, script
            judge.texts, script.texts = script.texts, judge.texts
        _, judged = await said_by(writing)
        assert judged == []
        assert len(script.asked) == 1
        assert judge.asked == []


@pytest.mark.parametrize(
    "said",
    [
        Unavailable("away"), "", "no JSON", says("unsure"), "[1]", '{"verdicts": 3}', says("supported")[:-9],
        "<cut>", says("x", "unsupported"), '{"verdicts": [{"sentence": true, "verdict": "supported"}]}',
        '{"verdicts": [{"sentence": 1, "verdict": "supported"}, {"sentence": 1, "verdict": "unsupported"}]}',
    ],
)  # fmt: skip
async def test_whatever_a_judge_does_wrong_a_sentence_stays_in_doubt(said: Any) -> None:
    _, writing = written_by(Script([TRIP]), Script([said]))
    sentences, judged = await said_by(writing)
    assert judged == []
    assert [support for _, support in sentences] == ["unchecked"]


async def test_a_judge_that_is_late_or_over_quota_is_not_waited_for() -> None:
    kept, writing = written_by(Script([TRIP]), Script([says("supported")], wait_s=60))
    assert (await said_by(writing))[1] == []
    assert kept.records.finished[2][0].end is End.CANCELLED
    kept, writing = written_by(Script([TRIP]), Script([says("supported")]))
    kept.records.poor = frozenset({2})
    assert (await said_by(writing))[1] == []


async def test_who_leaves_ends_the_judge_too() -> None:
    judge = Script([says("supported")], wait_s=60)
    kept, writing = written_by(Script([TRIP]), judge)
    writing.judge = Judge(kept.gateway, 60)
    task = asyncio.create_task(said_by(writing))
    while not judge.asked:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    assert judge.closed == 1
    assert kept.records.finished[2][0].end is End.CANCELLED


@pytest.mark.parametrize("policy", ["show", "warn"])
async def test_shown_and_warned_are_marked_once_judged(policy: Policy) -> None:
    _, writing = written_by(Script([TRIP]), Script([says("unsupported")]), policy)
    sentences, judged = await said_by(writing)
    assert [support for _, support in sentences] == ["unchecked"]
    assert [one.support for one in judged] == ["unsupported"]


async def test_what_may_be_left_out_is_held_until_it_is_judged() -> None:
    said = f"{SURE} {TRAINS} Le repas du midi est remboursé dans la limite de 22 euros [1]. {TRIP}"
    judge = Script([says("unsupported", "supported")])
    _, writing = written_by(Script([said]), judge, "withhold")
    sentences, judged = await said_by(writing)
    assert judged == []
    assert [text.rstrip(".")[-9:] for text, _ in sentences] == [
        "ce Escale",
        " 22 euros",
        "ar Escale",
    ]
    assert {support for _, support in sentences} == {"supported"}
    assert sorted(cited.number for cited in writing.draft.citations.values()) == [1, 2]
    assert writing.draft.withheld == 1
    _, writing = written_by(Script([TRAINS]), Script([says("unsupported")]), "withhold")
    with pytest.raises(Withheld):
        await said_by(writing)


async def test_withholding_without_a_judge_holds_nothing() -> None:
    script = Script([f"{TRIP} {SURE} " * 30], wait_s=0.001)
    _, writing = written_by(script, Script([]), "withhold", rules=())
    async with aclosing(writing.pieces()) as stream:
        await anext(stream)
        assert script.closed == 0
    assert script.closed == 1


async def test_an_answer_is_written_once_more_for_what_was_judged() -> None:
    script, judge = Script([f"{SURE} {TRAINS}", SURE]), Script([says("unsupported")])
    kept, writing = written_by(script, judge, "rewrite")
    sentences, judged = await said_by(writing)
    assert (sentences, judged) == ([(SURE.replace(" [2]", ""), "supported")], [])
    told = script.asked[1].messages[-1].content
    assert "réserve aussi les trains" in told
    assert "Jugée par judge" in told
    assert [call.purpose for call in kept.records.calls] == ["answer", "judge", "answer"]


async def test_both_versions_are_judged_and_the_better_one_is_shown() -> None:
    script = Script([f"{SURE} {TRAINS}", f"{SURE} {TRAINS} {TRIP}"])
    judge = Script([says("unsupported"), says("unsupported", "unsupported")])
    _, writing = written_by(script, judge, "rewrite")
    sentences, _ = await said_by(writing)
    assert [support for _, support in sentences] == ["supported", "unsupported"]
    assert len(judge.asked) == 2


async def test_the_simulated_judge_goes_by_shared_words() -> None:
    judge = Script([says("unsure")])
    _, writing = written_by(Script([f"{TRIP} {TRAINS}"]), judge)
    await said_by(writing)
    system, user = (message.content for message in judge.asked[0].messages)
    assert verdicts(by_rule(system, user) or "") == {2: "unsupported"}
    shared = user.replace("aussi les trains", "l'hôtel")
    assert verdicts(by_rule(system, shared) or "") == {2: "supported"}
    assert by_rule("Something else", user) is None
    assert verdicts(by_rule(system, "<sentence") or "") == {}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 9)
    | st.sampled_from(["supported", "unsupported", "sentence"]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["verdicts", "sentence", "verdict"]), inside, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.text(max_size=40)
    | JSON.map(json.dumps)
    | JSON.map(lambda one: json.dumps({"verdicts": one}))
)
def test_verdicts_are_read_from_anything(text: str) -> None:
    found = verdicts(text)
    assert all(number >= 1 for number in found)
    assert set(found.values()) <= {"supported", "unsupported"}
