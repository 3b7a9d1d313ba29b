"""What the index keeps of a passage, and what a question asks of it."""

from hypothesis import given
from hypothesis import strategies as st

from centaure.knowledge.language import weight
from centaure.knowledge.retrieval import analyse
from centaure.knowledge.retrieval.impacts import GREATEST_IMPACT, count_stems, impacts, index_row
from centaure.knowledge.retrieval.question import MOST_TERMS
from centaure.knowledge.retrieval.terms import DIMENSIONS, term_number


@given(st.text(), st.sampled_from(["fr", "en", "simple"]))
def test_any_passage_has_impacts_within_bounds(text: str, language: str) -> None:
    found = impacts(count_stems(text, language), [(2.0, count_stems(text, language))], language)
    assert all(1 <= number <= DIMENSIONS for number in found)
    assert all(0 < impact < GREATEST_IMPACT for impact in found.values())


def test_an_impact_grows_with_occurrences_and_shrinks_with_length() -> None:
    pompe = term_number("pomp")
    once = impacts(count_stems("pompe vanne", "fr"), [], "fr")[pompe]
    twice = impacts(count_stems("pompe pompe", "fr"), [], "fr")[pompe]
    drowned = impacts(count_stems("pompe " + "vanne " * 300, "fr"), [], "fr")[pompe]
    assert drowned < once < twice


def test_a_row_is_the_same_whenever_it_is_computed() -> None:
    arguments = {"title": "Été", "file_name": "a_b.pdf", "text": "Une pompe.", "language": "fr"}
    assert index_row(heading_path=("A", "B"), **arguments) == index_row(
        heading_path=["A", "B"], **arguments
    )


def test_an_unusual_word_weighs_more_than_a_usual_one() -> None:
    assert weight("curatel", "fr") > weight("maison", "fr") > 0
    assert weight("zzyzx", "en") > weight("2024", "en") > 0


@given(st.text(max_size=400))
def test_any_question_is_analysed_within_bounds(text: str) -> None:
    question = analyse(text)
    weights = question.weights()
    assert len(weights) <= MOST_TERMS
    assert weights == sorted(weights, reverse=True)
    assert len(question.alternatives()) == len(weights)
    everything = frozenset(range(len(question.terms)))
    assert abs(question.share(everything) - bool(question.terms)) < 1e-9
