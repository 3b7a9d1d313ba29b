"""The languages of attacks, prompts and reports."""

from enum import StrEnum


class Language(StrEnum):
    """French or English."""

    FR = "fr"
    EN = "en"

    @property
    def other(self) -> "Language":
        """The other one."""
        return Language.EN if self is Language.FR else Language.FR
