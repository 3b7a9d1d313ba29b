"""Sentences of an answer that comes piece by piece."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.guardrails.release import SentenceGate


def told(*pieces: str) -> list[str]:
    gate = SentenceGate()
    found = [sentence for piece in pieces for sentence in gate.feed(piece)]
    return [*found, gate.end()]


@pytest.mark.parametrize(
    ("pieces", "sentences"),
    [
        (("One. Two",), ["One. ", "Two"]),
        (("One", ".", " ", "Two."), ["One. ", "Two."]),
        (("One.5 is", " a number. Yes"), ["One.5 is a number. ", "Yes"]),
        (("- a\n- b\n",), ["- a\n", "- b\n", ""]),
        (('He said "no." Then', " more"), ['He said "no." ', "Then more"]),
        (("« Non ! » Puis",), ["« Non ! ", "» Puis"]),
        (("",), [""]),
    ],
)
def test_a_sentence_is_told_when_it_is_whole(pieces: tuple[str, ...], sentences: list[str]) -> None:
    assert told(*pieces) == sentences


def test_what_has_no_end_is_told_in_parts() -> None:
    parts = told("word " * 1_000)
    assert max(map(len, parts)) <= 600
    assert "".join(parts) == "word " * 1_000
    assert max(map(len, told("x" * 5_000))) <= 600


@given(st.lists(st.text(alphabet='ab .!?\n"»'), max_size=20))
def test_nothing_is_lost_nor_told_twice_however_it_is_cut(pieces: list[str]) -> None:
    whole = "".join(pieces)
    assert "".join(told(*pieces)) == whole
    assert "".join(told(*whole)) == whole
