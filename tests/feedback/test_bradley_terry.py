"""Strengths have the highest likelihood, do not depend on names, and are as sure as votes are many."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.feedback.ranking.bradley_terry import (
    MIDDLE,
    POINTS,
    PRIOR,
    Pair,
    Strength,
    expected,
    strengths,
)

NAMES = "abcde"
VOTES = st.integers(0, 30)


@st.composite
def results(draw: st.DrawFn) -> list[Pair]:
    """Votes on some of the pairs of up to five players."""
    pairs = [(one, other) for one in NAMES for other in NAMES if one < other]
    met = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=8, unique=True))
    return [Pair(one, other, draw(VOTES), draw(VOTES), draw(VOTES)) for one, other in met]


def anchored(found: dict[str, Strength], pairs: list[Pair], anchor: float) -> float:
    """How far the wins of players are from those expected, with a stand-in of that strength; the furthest."""
    furthest = 0.0
    for name, strength in found.items():
        won = PRIOR / 2
        likely = PRIOR / (1 + math.exp((anchor - strength.points) / POINTS))
        for pair in pairs:
            if name in (pair.one, pair.other):
                own = pair.one_won if name == pair.one else pair.other_won
                other = found[pair.other if name == pair.one else pair.one]
                won += own + pair.ties / 2
                likely += pair.votes * expected(strength, other)
        furthest = max(furthest, abs(won - likely))
    return furthest


@given(results())
def test_at_the_highest_likelihood_players_win_as_often_as_expected(pairs: list[Pair]) -> None:
    found = strengths(pairs)
    # Points are about the mean of the players; that of the stand-in follows, since its wins balance too.
    low, high = MIDDLE - 4000, MIDDLE + 4000
    for _ in range(200):
        middle = (low + high) / 2
        wins = sum(1 / (1 + math.exp((middle - s.points) / POINTS)) for s in found.values())
        low, high = (middle, high) if wins > len(found) / 2 else (low, middle)
    assert anchored(found, pairs, low) < 1e-4
    mean = sum(strength.points for strength in found.values()) / len(found)
    assert mean == pytest.approx(MIDDLE, abs=1e-6)


@given(results())
def test_strengths_depend_neither_on_names_nor_on_the_order_of_results(pairs: list[Pair]) -> None:
    renamed = dict(zip(NAMES, reversed(NAMES), strict=True))
    turned = [
        Pair(renamed[p.other], renamed[p.one], p.other_won, p.one_won, p.ties)
        for p in reversed(pairs)
    ]
    found, again = strengths(pairs), strengths(turned)
    for name, strength in found.items():
        same = again[renamed[name]]
        assert same.points == pytest.approx(strength.points, abs=1e-3)
        assert same.low == pytest.approx(strength.low, abs=1e-3)


@given(results())
def test_who_loses_what_they_won_is_as_far_on_the_other_side(pairs: list[Pair]) -> None:
    turned = [Pair(p.one, p.other, p.other_won, p.one_won, p.ties) for p in pairs]
    found, other = strengths(pairs), strengths(turned)
    for name, strength in found.items():
        assert strength.points - MIDDLE == pytest.approx(MIDDLE - other[name].points, abs=1e-3)


@given(results(), st.integers(1, 20))
def test_a_win_more_makes_nobody_weaker_who_won_it(pairs: list[Pair], more: int) -> None:
    first = pairs[0]
    better = [
        Pair(first.one, first.other, first.one_won + more, first.other_won, first.ties),
        *pairs[1:],
    ]
    before, after = strengths(pairs), strengths(better)
    gained = after[first.one].points - after[first.other].points
    assert gained >= before[first.one].points - before[first.other].points - 1e-3


@given(results())
def test_more_votes_of_the_same_kind_make_an_interval_narrower(pairs: list[Pair]) -> None:
    for strength in strengths(pairs).values():
        assert strength.low <= strength.points <= strength.high
    # All equally strong: who wins everything moves further out with more votes, where each tells less.
    even = [
        Pair(p.one, p.other, p.one_won + p.other_won, p.one_won + p.other_won, p.ties)
        for p in pairs
    ]
    many = [Pair(p.one, p.other, 9 * p.one_won, 9 * p.other_won, 9 * p.ties) for p in even]
    found, surer = strengths(even), strengths(many)
    for name, strength in found.items():
        if sum(p.votes for p in even if name in (p.one, p.other)) >= 20:
            assert surer[name].high - surer[name].low < strength.high - strength.low


def test_known_strengths_are_found_again() -> None:
    true = {"a": 1.0, "b": 0.4, "c": -0.3, "d": -1.1}
    mean = sum(true.values()) / 4
    pairs = [
        Pair(one, other, 1e6 * (p := 1 / (1 + math.exp(true[other] - true[one]))), 1e6 * (1 - p))
        for one in true
        for other in true
        if one < other
    ]
    found = strengths(pairs)
    for name, strength in found.items():
        assert strength.points == pytest.approx(MIDDLE + POINTS * (true[name] - mean), abs=0.1)


def test_two_players_and_many_votes_differ_by_the_logarithm_of_the_odds() -> None:
    found = strengths([Pair("a", "b", 9e5, 1e5)])
    assert found["a"].points - found["b"].points == pytest.approx(POINTS * math.log(9), abs=0.1)
    # The variance of the logarithm of odds is 1 / wins + 1 / losses; half the difference is about the mean.
    deviation = math.sqrt(1 / 9e5 + 1 / 1e5) / 2
    assert found["a"].high - found["a"].points == pytest.approx(POINTS * 1.96 * deviation, rel=1e-2)


def test_who_won_everything_is_strong_not_infinitely_so() -> None:
    found = strengths([Pair("a", "b", 3, 0)])
    assert MIDDLE < found["a"].points < MIDDLE + 1000
    assert found["a"].low < MIDDLE, "three votes prove nothing"


def test_those_who_never_met_are_ranked_near_the_middle() -> None:
    found = strengths([Pair("a", "b", 5, 5), Pair("c", "d", 5, 5)])
    assert {round(strength.points, 3) for strength in found.values()} == {MIDDLE}


def test_without_votes_there_is_nobody() -> None:
    assert strengths([]) == {}
