"""Plans: who may take a request, in which order, and why not."""

from typing import Any

import pytest

from centaure.gateway.breaker import FAILURES, Breaker
from centaure.gateway.catalogue import CatalogueModel, Lifecycle
from centaure.gateway.routing import Facts, Rule, plan


def model(number: int, name: str, highest: int = 2, **more: Any) -> CatalogueModel:
    return CatalogueModel(id=number, name=name, kind="openai", highest=highest, **more)


CHEAP = model(1, "cheap", price_in=0.1, price_out=0.2, parameters_active=70)
DEAR = model(2, "dear", price_in=5, price_out=9, parameters_active=3)
UNKNOWN = model(3, "unknown")
OLD = model(4, "old", lifecycle=Lifecycle.DEPRECATED, price_in=0, price_out=0)
TRIAL = model(5, "trial", lifecycle=Lifecycle.TRIAL)
GONE = model(6, "gone", lifecycle=Lifecycle.RETIRED)
ALL = (CHEAP, DEAR, UNKNOWN, OLD, TRIAL, GONE)


def order(*rules: Rule, models: tuple[CatalogueModel, ...] = ALL, **facts: Any) -> list[str]:
    values: dict[str, Any] = {"classification": 1, "prompt_tokens": 100, "most_tokens": 100}
    said = Facts(**values | facts)
    return [one.name for one in plan(models, rules, said).models]


def test_without_a_rule_they_come_as_they_were_added_deprecated_ones_last() -> None:
    assert order() == ["cheap", "dear", "unknown", "old"]


def test_each_other_model_is_left_out_for_a_reason() -> None:
    found = plan(ALL, (), Facts(classification=3))
    assert found.models == ()
    assert {one.model.name for one in found.left_out} == {one.name for one in ALL}
    assert all(one.why for one in found.left_out)


def test_the_reason_is_a_word_too() -> None:
    short = model(8, "short", context=10)
    only = Rule("only", models=("cheap", "short"), exclusive=True)
    asked = Facts(classification=2, prompt_tokens=9, most_tokens=9)
    found = plan((*ALL, short), (only,), asked)
    assert {one.model.name: one.reason for one in found.left_out} == {
        "dear": "rule",
        "unknown": "rule",
        "old": "rule",
        "trial": "rule",
        "gone": "retired",
        "short": "context",
    }
    able = Facts(classification=1, capabilities=frozenset({"images"}), model="cheap")
    assert {one.reason for one in plan((CHEAP,), (), able).left_out} == {"lacking"}
    assert {one.reason for one in plan((DEAR,), (), able).left_out} == {"named"}
    assert [one.reason for one in plan((CHEAP,), (), Facts(classification=3)).left_out] == ["class"]
    assert [one.reason for one in plan((TRIAL,), (), Facts(classification=1)).left_out] == ["trial"]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("cost", ["cheap", "dear", "unknown", "old"]),
        ("carbon", ["dear", "cheap", "unknown", "old"]),
    ],
)
def test_a_rule_orders_by_cost_or_carbon_and_what_is_unknown_comes_last(
    by: Any, expected: list[str]
) -> None:
    assert order(Rule("all", by=by)) == expected


def test_those_that_a_rule_names_come_first_as_written_and_may_be_on_trial() -> None:
    rule = Rule("some", models=("trial", "dear"))
    assert order(rule) == ["trial", "dear", "cheap", "unknown", "old"]
    assert order(Rule("some", models=("trial", "gone"), exclusive=True)) == ["trial"]


def test_an_exclusive_rule_whose_models_are_gone_allows_nobody() -> None:
    assert order(Rule("some", models=("gone",), exclusive=True)) == []


def test_the_first_rule_that_holds_decides() -> None:
    rules = (
        Rule("secret", classes=frozenset({2}), models=("dear",)),
        Rule("titles", purposes=frozenset({"title"}), models=("old",)),
        Rule(
            "french",
            languages=frozenset({"fr"}),
            assistants=frozenset({"law"}),
            models=("unknown",),
        ),
        Rule("long", longer_than=1000, models=("dear",)),
        Rule("tools", capabilities=frozenset({"tools"}), models=("dear",)),
    )
    assert order(*rules)[0] == "cheap"
    assert order(*rules, classification=2)[0] == "dear"
    assert order(*rules, purpose="title")[0] == "old"
    assert order(*rules, language="fr")[0] == "cheap"
    assert order(*rules, language="fr", assistant="law")[0] == "unknown"
    assert order(*rules, prompt_tokens=1001)[0] == "dear"
    able = (CHEAP, model(7, "able", capabilities=frozenset({"tools"})))
    assert order(*rules, models=able, capabilities=frozenset({"tools"})) == ["able"]


def test_a_wish_narrows_and_never_widens() -> None:
    assert order(model="dear") == ["dear"]
    assert order(model="trial") == ["trial"]
    assert order(model="gone") == []
    assert order(model="dear", classification=3) == []
    assert order(Rule("some", models=("cheap",), exclusive=True), model="dear") == []


def test_a_context_too_short_is_left_out() -> None:
    short = model(8, "short", context=150)
    assert order(models=(short,)) == []
    assert order(models=(short,), most_tokens=50) == ["short"]


def test_a_circuit_opens_after_failures_in_a_row_and_lets_one_through_after_a_pause() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES - 1):
        breaker.failed("a", 1)
    breaker.worked("a")
    for _ in range(FAILURES):
        assert breaker.enter("a", 1)
        breaker.failed("a", 1)
    assert breaker.state("a", 1) == "open"
    assert not breaker.enter("a", 1)
    breaker.failed("a", 1)  # let in before it opened
    now[0] = 11
    assert breaker.enter("a", 1)
    assert not breaker.enter("a", 1)
    breaker.failed("a", 1)
    now[0] = 22
    assert not breaker.enter("a", 1)
    now[0] = 32
    assert breaker.enter("a", 1)
    breaker.left("a")
    assert breaker.enter("a", 1)
    breaker.worked("a")
    assert breaker.state("a", 1) == "closed"
