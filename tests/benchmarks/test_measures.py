"""The measures that retrieval is judged by, against values worked out by hand."""

from math import log2

import pytest

from measures import all_needed, judge, mrr, ndcg, paired_bootstrap, recall

FOUND = ["x", "b", "y", "a"]
RELEVANCE = {"a": 2, "b": 1, "c": 1}


def test_a_ranking_is_judged_by_hand() -> None:
    ideal = 2 + 1 / log2(3) + 1 / log2(4)
    assert ndcg(FOUND, RELEVANCE) == pytest.approx((1 / log2(3) + 2 / log2(5)) / ideal)
    assert ndcg(["a", "b", "c"], RELEVANCE) == 1
    assert ndcg(["a", "b", "c"], RELEVANCE, depth=1) == 1
    assert recall(FOUND, RELEVANCE, 2) == pytest.approx(1 / 3)
    assert mrr(FOUND, RELEVANCE) == 1 / 2
    assert mrr(FOUND, {"c": 1}) == 0
    assert all_needed(FOUND, RELEVANCE) == 0
    assert all_needed(FOUND, {"a": 1, "b": 1}) == 1
    assert all_needed(FOUND, {"a": 1, "b": 1}, depth=3) == 0


def test_nothing_found_is_worth_nothing() -> None:
    assert set(judge([], RELEVANCE).values()) == {0.0}


def test_an_interval_holds_its_difference_and_pairs_questions() -> None:
    theirs = [number / 50 for number in range(50)]
    assert paired_bootstrap([one + 0.1 for one in theirs], theirs, 200) == pytest.approx((0.1,) * 3)
    difference, low, high = paired_bootstrap([*reversed(theirs)], theirs, 500)
    assert low < difference < high
    assert low < 0 < high
