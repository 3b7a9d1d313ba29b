"""Answers are held against their passages, sentence by sentence."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from centaure.answering.groundedness import Passage, check, checking

NOTICE = Passage(
    "notice",
    "Le préavis de démission est de 30 jours pour les cadres. La demande doit être adressée à Claire Dubois "
    "avant le 12 mars 2024. Le télétravail est interdit le vendredi. Le budget annuel est de 2 480 000 €.",
)
LEAVE = Passage(
    "leave",
    "Employees receive 25 days of paid leave each year. Requests must be sent to the office in Leeds before "
    "5 April 2024. Smoking is forbidden in the workshop.",
)


@pytest.mark.parametrize(
    ("passage", "right", "wrong"),
    [
        (
            NOTICE,
            "Le préavis de démission est de 30 jours.",
            "Le préavis de démission est de 45 jours.",
        ),
        (
            NOTICE,
            "Le budget annuel est d'environ 2,5 M€.",
            "Le budget annuel est d'environ 3,5 M€.",
        ),
        (
            NOTICE,
            "La demande doit être adressée avant le 12/03/2024.",
            "La demande doit être adressée avant le 12/04/2024.",
        ),
        (
            NOTICE,
            "La demande doit être adressée à Claire Dubois.",
            "La demande doit être adressée à Paul Morel.",
        ),
        (
            NOTICE,
            "Le télétravail est interdit le vendredi.",
            "Le télétravail n'est pas interdit le vendredi.",
        ),
        (
            LEAVE,
            "Employees receive 25 days of paid leave.",
            "Employees receive 20 days of paid leave.",
        ),
        (
            LEAVE,
            "Requests must be sent before 5 April 2024.",
            "Requests must be sent before 5 May 2024.",
        ),
        (
            LEAVE,
            "Smoking is forbidden in the workshop.",
            "Smoking is not forbidden in the workshop.",
        ),
        (
            LEAVE,
            "Requests must be sent to the office in Leeds.",
            "Requests must be sent to the office in Bristol.",
        ),
    ],
)
def test_one_change_lowers_the_score(passage: Passage, right: str, wrong: str) -> None:
    good, bad = check(right, [passage])[0], check(wrong, [passage])[0]
    assert good.outcome == "supported"
    assert bad.outcome != "supported"
    assert good.score > bad.score


def test_the_reason_says_both_figures_in_the_language_of_the_answer() -> None:
    french = check("Le préavis de démission est de 45 jours.", [NOTICE])[0]
    english = check("Employees receive 20 days of paid leave.", [LEAVE])[0]
    assert french.reason.lower().endswith("le passage dit 30 jours, la phrase 45 jours.")
    assert english.reason.lower().endswith("the passage says 25 days, the sentence 20 days.")


def test_a_citation_is_no_word_and_says_which_passage_counts() -> None:
    answer = (
        "Le préavis de démission est de 30 jours [1]. Le préavis de démission est de 30 jours [p2]."
    )
    first, second = check(answer, [NOTICE, Passage("other", "La cantine ouvre à midi.")])
    assert (first.outcome, first.passage) == ("supported", "notice")
    assert second.outcome != "supported"
    assert answer[first.start : first.end] == "Le préavis de démission est de 30 jours [1]."


def test_what_claims_nothing_is_not_checked() -> None:
    assert [each.outcome for each in check("Bonjour ! Que voulez-vous savoir ?", [NOTICE])] == [
        "unchecked",
        "unchecked",
    ]


def test_without_passages_nothing_is_supported() -> None:
    found = check("Le préavis est de 30 jours.", [])
    assert [(each.outcome, each.score) for each in found] == [("unsupported", 0.0)]


SENTENCES = [
    (passage, sentence)
    for passage in (NOTICE, LEAVE)
    for sentence in re.split(r"(?<=\.)\s", passage.text)
]


@given(st.sampled_from(SENTENCES), st.text(alphabet="abcdefghij .,;", max_size=80))
def test_a_copied_sentence_is_supported(copied: tuple[Passage, str], noise: str) -> None:
    passage, sentence = copied
    found = check(sentence, [Passage("noise", noise), passage])
    assert [each.outcome for each in found] == ["supported"]


@given(
    st.sampled_from([each for each in SENTENCES if re.search(r"\d", each[1])]), st.integers(1, 28)
)
def test_a_changed_number_is_not_supported(copied: tuple[Passage, str], value: int) -> None:
    passage, sentence = copied
    match = re.search(r"\d+", sentence)
    assert match is not None
    assume(str(value) not in re.findall(r"\d+", passage.text))
    changed = f"{sentence[: match.start()]}{value}{sentence[match.end() :]}"
    assert check(changed, [passage])[0].outcome != "supported"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Le préavis est de " + "1 " * 990, "La phrase contient trop de chiffres"),
        ("The notice period is " + "7 days and " * 100, "The sentence holds too many figures"),
    ],
)
def test_a_row_of_figures_is_not_checked(
    row: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[object] = []

    def counted(*given: object) -> None:
        compared.append(given)

    monkeypatch.setattr(checking, "align", counted)
    (one,) = check(f"{row.strip()}.", [NOTICE, LEAVE])
    assert one.outcome == "unchecked"
    assert one.reason.startswith(reason)
    assert not compared


def test_a_passage_that_was_read_before_says_the_same() -> None:
    said = [sentence for _, sentence in SENTENCES]
    fresh = [check(each, [Passage(NOTICE.id, NOTICE.text)]) for each in said]
    again = Passage(NOTICE.id, NOTICE.text)
    for _ in range(2):
        assert [check(each, [again]) for each in said] == fresh
    both = [check(each, [LEAVE, again]) for each in said]
    assert both == [check(each, [Passage(LEAVE.id, LEAVE.text), NOTICE]) for each in said]
