"""What can stand as a login, a name or a label."""

import unicodedata

from centaure.kit.errors import InvalidInput

LONGEST = 200


def is_line(value: str) -> bool:
    """Whether a value, as it is, can stand as a login, a name or a label."""
    try:
        return line(value, "It") == value
    except InvalidInput:
        return False


def line(value: str, what: str) -> str:
    """The value without spaces around it: one line of 1 to 200 characters, all of which can be seen.

    Control and format characters are refused: two names that look alike would not be the same.

    Args:
        value: as typed or declared.
        what: it is, as the start of a sentence, such as "A login".

    Raises:
        InvalidInput: it is empty, too long, or has characters that cannot be seen.
    """
    value = value.strip()
    if not 0 < len(value) <= LONGEST:
        raise InvalidInput(f"{what} has between 1 and {LONGEST} characters.")
    if any(unicodedata.category(character).startswith("C") for character in value):
        raise InvalidInput(f"{what} has no character that cannot be seen: {value!a} has one.")
    return value
