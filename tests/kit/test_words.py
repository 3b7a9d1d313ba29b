"""Texts of people in one line, and what is wrong with what they gave, in sentences."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from centaure.kit.errors import InvalidInput
from centaure.kit.validation import faults
from centaure.kit.words import LONGEST_REASON, one_line, reason_of


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["a", "b"] = "a"
    first: int = 0
    last: int = 9

    @model_validator(mode="after")
    def _in_order(self) -> "_Asked":
        if self.last < self.first:
            raise ValueError("it ends before it begins.")
        return self


def test_a_text_is_kept_in_one_line_of_a_bounded_length() -> None:
    assert one_line(" a\n\0 b\t", "It", 3) == "a b"
    for text in ("", " \n\0", "abcd"):
        with pytest.raises(InvalidInput, match=r"It has between 1 and 3 characters\."):
            one_line(text, "It", 3)
    with pytest.raises(InvalidInput, match="put on record"):
        reason_of("x" * (LONGEST_REASON + 1))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first": 10}, "It ends before it begins."),
        ({"colour": 1}, "colour: There is no such field."),
        ({"kind": "secret"}, "kind: Input should be 'a' or 'b'."),
    ],
)
def test_faults_are_sentences_without_the_words_of_the_library(
    given: dict[str, object], said: str
) -> None:
    with pytest.raises(ValidationError) as error:
        _Asked.model_validate(given)
    assert faults(error.value) == said
