"""The other ways in which a question's dates, amounts, abbreviations and compounds are written."""

import pytest

from centaure.knowledge.language import tokens
from centaure.knowledge.retrieval import analyse
from centaure.knowledge.retrieval.impacts import count_stems


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("réunion du 12 mars 2024", "Réunion du 12/03/2024"),
        ("réunion du 12/03/2024", "Réunion du 12 mars 2024"),
        ("meeting of March 12, 2024", "Meeting 2024-03-12"),
        ("meeting of 2024-03-12", "The meeting took place on March 12, 2024"),
        ("budget de 2,5 M€", "Un budget de 2 500 000 euros"),
        ("budget de 2 500 000 euros", "Un budget de 2,5 millions"),
        ("a contract of 45 k€", "A contract of 45,000 euros"),
        ("que dit l'art. 12 ?", "Article 12. Le bailleur"),
        ("prime de télé-travail", "Le télétravail"),
        ("prime de télétravail", "Le télé-travail"),
        ("coworking", "Un espace de co-working"),
    ],
)
def test_a_question_matches_what_is_written_otherwise(question: str, passage: str) -> None:
    asked = analyse(question)
    held = set(count_stems(passage, asked.language if asked.language in {"fr", "en"} else "fr"))
    formed = [one for one in asked.expansions if one.reason.kind == "form"]
    assert any(all(word.stems & held for word in one.words) for one in formed)


@pytest.mark.parametrize(
    "question",
    ["", "congés payés", "version 2.5 du logiciel", "le 45 mars", "3 m", "5 mdſ", "5 Mİllion"],
)
def test_what_has_no_other_form(question: str) -> None:
    assert not [one for one in analyse(question).expansions if len(one.places) != 1]


def test_every_token_of_a_question_may_be_last() -> None:
    text = "12 mars 2024 2,5 M€ art. télé-travail"
    for token in tokens(text, "fr"):
        analyse(text[: token.end])
