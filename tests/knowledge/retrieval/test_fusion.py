"""One order from two legs."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.knowledge.retrieval import fusion
from centaure.knowledge.retrieval.fusion import DEFAULT, fused, meaning_weight


@dataclass(frozen=True)
class Passage:
    document_id: int
    score: float
    similarity: float | None = None


def test_words_alone_are_in_the_order_of_their_scores() -> None:
    passages = [Passage(number, score) for number, score in enumerate([1.0, 3.0, 2.0, 3.0])]
    assert [one.document_id for one in fused(passages)] == [1, 3, 2, 0]


def test_meaning_counts_as_much_as_its_weight() -> None:
    near, far = Passage(1, 9.0, 0.9), Passage(2, 10.0, 0.1)
    assert fused([far, near], 0.0) == [far, near]
    assert fused([far, near], 0.5) == [near, far]
    assert fused([far, near], 1.0) == [near, far]


def test_what_has_no_vector_counts_as_the_farthest() -> None:
    unknown, far, near = Passage(1, 10.0), Passage(2, 10.0, 0.1), Passage(3, 10.0, 0.2)
    assert fused([unknown, far, near], 0.3) == [near, unknown, far]


def test_a_document_does_not_fill_the_page_where_others_are_about_as_good() -> None:
    of_one = [Passage(1, 10 - 0.01 * place) for place in range(6)]
    close, distant = Passage(2, 9.5), Passage(3, 2.0)
    order = fused([*of_one, close, distant])
    assert order[:3] == of_one[:3]
    assert order.index(close) < order.index(of_one[5])
    assert order[-1] == distant
    assert [one for one in order if one.document_id == 1] == of_one


@given(
    st.lists(
        st.builds(
            Passage,
            st.integers(1, 3),
            st.floats(0, 100),
            st.none() | st.floats(-1, 1, allow_subnormal=False),
        ),
        max_size=30,
    ),
    st.floats(0, 1),
)
def test_nothing_is_lost_or_doubled(passages: list[Passage], weight: float) -> None:
    assert sorted(map(repr, fused(passages, weight))) == sorted(map(repr, passages))


def test_a_model_has_what_was_learned_of_it_and_the_default_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fusion, "WEIGHTS", {"minilm": {"en": 0.4}})
    assert meaning_weight("minilm", "en") == 0.4
    assert meaning_weight("", "en") == meaning_weight("minilm", "fr") == DEFAULT
