"""The shipped tables belong to the analyser that reads them."""

import math

import pytest

from centaure.knowledge.language import stem, stem_levels


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_table_covers_the_language_and_its_shares_sum_to_one(language: str) -> None:
    levels = stem_levels(language)
    assert 15_000 < len(levels) < 30_000
    assert math.isclose(sum(10 ** (-level / 100) for level in levels.values()), 1, abs_tol=0.15)


@pytest.mark.parametrize(
    ("language", "frequent", "rare"),
    [
        ("fr", "maison", "curatelle"),
        ("fr", "travail", "indemnité"),
        ("en", "house", "guardianship"),
        ("en", "work", "allowance"),
    ],
)
def test_a_rare_word_is_rarer_than_a_frequent_one(language: str, frequent: str, rare: str) -> None:
    levels = stem_levels(language)
    assert levels[stem(frequent, language)] < levels.get(stem(rare, language), 700)
