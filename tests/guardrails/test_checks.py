"""How a text is held against checks, and which action comes of what they find."""

from collections.abc import Iterable
from typing import ClassVar

import pytest

from centaure.guardrails.checks import Check, Context, scan
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.policy import Policy, Sensitivity, read_policy
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict
from centaure.kit.errors import InvalidInput


class Finds:
    """Finds a word, with a score."""

    name: ClassVar[str] = "finds"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.INPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(at=0.8, doubt_at=0.4, in_doubt=Action.ASK)

    def __init__(self, **scores: float) -> None:
        self.scores = scores

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        del context
        for word, score in self.scores.items():
            at = text.text.find(word)
            if at >= 0:
                yield Finding(*text.span(at, at + len(word)), self.name, "WORD", score, "finds.1")


class Tells(Finds):
    """Tells, and nothing is done."""

    name: ClassVar[str] = "tells"
    default: ClassVar[Sensitivity | None] = None


def held(
    text: str, *among: Check, policy: Policy | None = None, stage: Stage = Stage.INPUT
) -> Verdict:
    return scan(text, Context(stage=stage, policy=policy or Policy()), among)


@pytest.mark.parametrize(
    ("score", "action"),
    [(0.9, Action.BLOCK), (0.8, Action.BLOCK), (0.5, Action.ASK), (0.3, Action.PASS)],
)
def test_the_score_decides(score: float, action: Action) -> None:
    verdict = held("a bad word", Finds(bad=score))
    assert (verdict.action, verdict.score) == (action, score)
    acted = action is not Action.PASS
    assert [(one.start, one.end) for one in verdict.findings] == [(2, 5)] * acted


def test_the_strongest_of_several_actions_is_done() -> None:
    assert held("good bad", Finds(good=0.5, bad=0.9)).action is Action.BLOCK


def test_what_only_tells_changes_nothing() -> None:
    verdict = held("bad", Tells(bad=1.0))
    assert (verdict.action, verdict.score, len(verdict.findings)) == (Action.PASS, 0.0, 1)


def test_a_check_is_asked_at_its_stages_and_where_no_policy_turns_it_off() -> None:
    assert held("bad", Finds(bad=1.0), stage=Stage.OUTPUT) == Verdict()
    assert held("bad", Finds(bad=1.0), policy=Policy(off=frozenset({"finds"}))) == Verdict()


def test_a_policy_says_how_a_check_acts() -> None:
    policy = read_policy({"checks": {"finds": {"at": 0.2, "action": "hand-over"}}})
    assert held("bad", Finds(bad=0.3), policy=policy).action is Action.HAND_OVER


def test_a_text_past_the_limit_is_refused_unread() -> None:
    verdict = held("bad" * 10, Finds(bad=1.0), policy=Policy(longest=20))
    assert verdict.action is Action.BLOCK
    assert [one.label for one in verdict.findings] == ["TOO_LONG"]
    redacts = Policy(longest=20, checks={"length": Sensitivity(action=Action.REDACT)})
    left_out = held("bad" * 10, Finds(bad=1.0), policy=redacts).left_out
    assert [(one.start, one.end, one.rule) for one in left_out] == [(0, 30, "length.1")]


@pytest.mark.parametrize(
    "data",
    [
        {"checks": {"finds": {"at": 2}}},
        {"checks": {"finds": {"action": "explode"}}},
        {"nonsense": 1},
        {"personal_data": {"PERSON": "eat"}},
        [],
        "text",
    ],
)
def test_a_policy_that_says_nothing_sensible_is_refused_with_its_field(data: object) -> None:
    with pytest.raises(InvalidInput):
        read_policy(data)


def test_a_policy_is_written_as_it_is_read() -> None:
    policy = Policy(checks={"finds": Sensitivity(action=Action.HAND_OVER)}, hosts=("example.org",))
    assert read_policy(policy.model_dump(mode="json")) == policy
