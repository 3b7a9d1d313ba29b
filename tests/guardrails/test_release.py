"""Sentences of an answer that comes piece by piece."""

from typing import SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

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


def test_a_sentence_is_cut_at_the_same_place_whether_it_comes_at_once_or_not() -> None:
    text = "word " * 200 + "end. " + "x" * 700 + ".\n" + "more " * 300
    assert max(map(len, told(text))) <= 600
    assert told(text) == told(*text)


class _Counted(str):
    """A text that counts the characters that are copied out of it and of what is made of it."""

    __slots__ = ()
    copied = 0

    @override
    def __getitem__(self, place: SupportsIndex | slice) -> "_Counted":
        part = super().__getitem__(place)
        _Counted.copied += len(part)
        return _Counted(part)

    def __radd__(self, before: str) -> "_Counted":
        return _Counted(str(before) + str(self))


def test_a_long_piece_is_not_copied_anew_for_each_of_its_sentences() -> None:
    gate = SentenceGate()
    _Counted.copied = 0
    assert len(gate.feed(_Counted("A line.\n" * 2_000))) == 2_000
    assert 16_000 <= _Counted.copied <= 3 * 16_000


@given(st.lists(st.text(alphabet='ab .!?\n"»'), max_size=20))
def test_nothing_is_lost_nor_told_twice_however_it_is_cut(pieces: list[str]) -> None:
    whole = "".join(pieces)
    assert "".join(told(*pieces)) == whole
    assert "".join(told(*whole)) == whole
