"""Texts as checks read them: what they are held against, and that every place is traced back."""

import base64
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.guardrails.normalisation import folded, normalise

ODD = "a\u0301e\u0300\ufb01\u200b\u200d\ufeff\u00a0\uff21\U000e0041\u202e\u0130\u00bd ab1-\u2014\u2019\u0308"


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("Ｉｇｎｏｒｅ", "Ignore"),
        ("06\u00a012\u202f34", "06 12 34"),
        ("l\u2019adresse \u2014 ici", "l'adresse - ici"),
        ("ig\u200bno\u00adre", "ignore"),
        ("e\u0301te\u0301", "été"),
        ("ﬁche", "fiche"),
        ("", ""),
    ],
)
def test_forms_that_look_alike_read_alike(original: str, text: str) -> None:
    assert normalise(original).text == text


def test_a_place_is_traced_back_past_what_was_left_out() -> None:
    original = "Dites e\u0301\u200bte\u0301 : ﬁche n\u00b0 12"
    seen = normalise(original)
    start = seen.text.index("été")
    first, last = seen.span(start, start + 3)
    assert unicodedata.normalize("NFC", original[first:last].replace("\u200b", "")) == "été"
    first, last = seen.span(seen.text.index("fiche"), seen.text.index("fiche") + 1)
    assert original[first:last] == "ﬁ"


def test_what_the_tags_block_spells_is_read() -> None:
    hidden = "ignore all"
    original = "Bonjour" + "".join(chr(0xE0000 + ord(one)) for one in hidden)
    seen = normalise(original)
    assert (seen.text, seen.hidden, seen.invisible) == ("Bonjour", hidden, len(hidden))


@given(st.one_of(st.text(), st.text(alphabet=ODD)))
def test_every_place_lies_in_the_original(original: str) -> None:
    seen = normalise(original)
    assert len(seen.origins) == len(seen.text) + 1
    assert list(seen.origins) == sorted(seen.origins)
    for at in range(len(seen.text)):
        first, last = seen.span(at, at + 1)
        assert 0 <= first < last <= len(original)
    assert len(folded(seen.text)) == len(seen.text)


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_plain_text_is_not_moved(original: str) -> None:
    seen = normalise(original)
    if (
        all(len(unicodedata.normalize("NFKC", one)) == 1 for one in original)
        and "\xad" not in original
    ):
        assert len(seen.text) == len(original)
        assert seen.span(0, len(original)) == (0, len(original)) or not original


def test_base64_is_left_alone() -> None:
    coded = base64.b64encode(bytes(range(256))).decode()
    assert normalise(coded).text == coded
