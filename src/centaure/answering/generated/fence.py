"""Tags that no text can close: each request to a model has its own, marked with a random key."""

import secrets
from dataclasses import dataclass, field

from centaure.answering.generated.prompts import Prompt

_BYTES = 16
"""128 bits: who writes a document can neither know nor guess the key of a request that is not made yet."""
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""A key has no digit, so that none looks like a telephone number to what masks personal data."""
_KEY = "KEY"


def _key() -> str:
    return secrets.token_hex(_BYTES).translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class Fence:
    """The tags of one request: `<passage-KEY …>` and `</passage-KEY>`.

    Attributes:
        key: 32 letters of 16, random.
    """

    key: str = field(default_factory=_key)

    def around(self, name: str, text: str, attributes: str = "", between: str = "\n") -> str:
        """A text between its tags.

        Args:
            name: what it is, such as `passage`.
            text: as the model is to read it.
            attributes: of the first tag, each after a blank.
            between: the tags and the text.
        """
        return f"<{name}-{self.key}{attributes}>{between}{text}{between}</{name}-{self.key}>"

    def told(self, prompt: Prompt) -> str:
        """Instructions that name the tags of this request."""
        return prompt.text.replace(_KEY, self.key)
