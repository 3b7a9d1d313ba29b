"""What was shown, with placeholders again, and no more than was shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.guardrails.acting import LEFT_OUT
from centaure.guardrails.pseudonyms.keeping import masked_again

TOLD = [
    ("Write to ", "Write to "),
    ("ada@example.org", "[EMAIL_1]"),
    (". Then rest.", ". Then rest."),
]
RESTORED = "".join(piece for piece, _ in TOLD)


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        (RESTORED, "Write to [EMAIL_1]. Then rest."),
        (RESTORED[:12], "Write to [EMAIL_1]"),
        (RESTORED[:9], "Write to "),
        ("", ""),
        (f"Write to ada@{LEFT_OUT}. Then rest.", f"Write to [EMAIL_1]{LEFT_OUT}. Then rest."),
        (f"{LEFT_OUT}example.org. Then", f"{LEFT_OUT}[EMAIL_1]. Then"),
        (f"{LEFT_OUT} to {LEFT_OUT} rest.", f"{LEFT_OUT} to {LEFT_OUT} rest."),
        ("Words of ada@example.org that a check wrote", ""),
    ],
)
def test_a_value_of_which_a_part_was_shown_is_its_placeholder(shown: str, kept: str) -> None:
    assert masked_again(shown, TOLD) == kept


LITERAL = st.text("ab. ", min_size=1, max_size=4).map(lambda text: (text, text))
VALUE = st.text("XYZ", min_size=1, max_size=4).map(lambda text: (text, "[P]"))


@given(st.lists(LITERAL | VALUE, max_size=8), st.integers(0, 30), st.integers(0, 30))
def test_no_letter_of_a_value_is_kept_wherever_an_answer_is_cut(
    told: list[tuple[str, str]], start: int, end: int
) -> None:
    restored = "".join(piece for piece, _ in told)
    assert masked_again(restored, told) == "".join(masked for _, masked in told)
    for shown in (restored[:start], restored[:start] + LEFT_OUT + restored[max(start, end) :]):
        assert not set(masked_again(shown, told)) & set("XYZ")
