"""What a passage adds to its score when it is read again."""

from types import SimpleNamespace
from typing import Any

from centaure.knowledge.retrieval import analyse
from centaure.knowledge.retrieval.impacts import document_row
from centaure.knowledge.retrieval.ranking import WHOLE, Signals, look_again


def signals(question: str, *rows: dict[str, Any]) -> list[Signals]:
    given = [
        SimpleNamespace(
            **{
                "title": "",
                "author": None,
                "heading_path": [],
                "path": f"folder/{number}.txt",
                "source_id": 1,
                "chunk_language": "fr",
                "score": 10.0,
                "whole": None,
                "voted": None,
                "worths": None,
                "similarity": None,
                **row,
            }
        )
        for number, row in enumerate(rows)
    ]
    return [candidate.signals for candidate in look_again(analyse(question), given)]


def test_words_that_stand_together_as_in_the_question_add_to_the_score() -> None:
    together, stop_word, apart, reversed_ = signals(
        "durée du congé paternité",
        {"text": "Le congé paternité est ouvert."},
        {"text": "Le congé de la paternité est ouvert."},
        {"text": "Un congé annuel. La paternité ouvre des droits."},
        {"text": "La paternité, congé compris."},
    )
    assert together.phrases == stop_word.phrases > 0
    assert apart.phrases == reversed_.phrases == 0


def test_a_title_that_the_question_names_counts_whole_or_hardly() -> None:
    whole, half = signals(
        "Que dit la charte télétravail ?",
        {"text": "x", "title": "Charte télétravail"},
        {
            "text": "x",
            "title": "Charte télétravail des sous-traitants du groupe industriel Marchetti",
        },
    )
    assert whole.named > 3 * half.named > 0


def test_the_author_and_the_folder_count_less_than_the_title() -> None:
    title, author, nothing = signals(
        "le rapport de Delphine Marchetti",
        {"text": "x", "title": "Delphine Marchetti"},
        {"text": "x", "author": "Delphine Marchetti"},
        {"text": "x"},
    )
    assert title.named > author.named > nothing.named == 0


def test_a_document_of_one_passage_is_that_passage() -> None:
    alone, within = signals("marge", {"text": "marge"}, {"text": "marge", "whole": 0.0})
    assert alone.words + alone.whole == 10
    assert within.whole == 0
    assert within.words == (1 - WHOLE) * 10


def test_the_period_and_the_latest_of_a_series() -> None:
    rows = [
        {"text": "marge", "path": f"{name}.pdf"}
        for name in ("2022 Q4 ACME", "2023 Q1 ACME", "2023 X")
    ]
    asked = signals("marge du premier trimestre 2023", *rows)
    assert [one.period > 0 for one in asked] == [False, True, True]
    latest = signals("marge du dernier rapport", *rows)
    assert [one.period > 0 for one in latest] == [False, True, False]
    assert not any(one.period for one in signals("marge", *rows))


def test_a_name_of_another_folder_or_of_the_future_is_not_the_latest() -> None:
    paths = ("dir/2022 Q4 ACME", "dir/2023 Q1 ACME", "dir/2099 Q1 ACME", "moi/2024 Q1 ACME")
    rows = [{"text": "marge", "path": f"{path}.pdf"} for path in paths]
    latest = signals("marge du dernier rapport", *rows)
    assert [one.period > 0 for one in latest] == [False, True, False, False]


def test_a_document_is_about_what_many_of_its_passages_hold() -> None:
    assert document_row(["{1:1.5,2:0.5}/1000000000"]) is None
    row = document_row(["{1:1.5,2:0.5}/9", "{1:0.7}/9", "{1:0.7}/9", "{}/9", "{3:1}/9"] * 2)
    assert row == "{1:1.0000,2:0.6667,3:0.6667}/1000000000"
