"""Short texts of people as they are kept: in one line, and no longer than their place."""

from centaure.kit.errors import InvalidInput

LONGEST_REASON = 500
"""Characters of a reason that is put on record."""


def one_line(text: str, what: str, longest: int) -> str:
    """A text in one line, its words a space apart.

    Args:
        text: as it was given.
        what: it is, as the start of a sentence, such as "The reason".
        longest: most characters.

    Raises:
        InvalidInput: nothing is left of it, or it is too long.
    """
    line = " ".join(text.replace("\0", " ").split())
    if not 0 < len(line) <= longest:
        raise InvalidInput(f"{what} has between 1 and {longest} characters.")
    return line


def reason_of(text: str) -> str:
    """The reason of a decision, which is put on record.

    Raises:
        InvalidInput: there is none, or it is too long.
    """
    return one_line(text, "A reason, which is put on record,", LONGEST_REASON)
