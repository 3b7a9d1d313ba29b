"""The check that tells of personal data; what becomes of it, the policy's treatments say."""

from collections.abc import Iterable
from typing import ClassVar

from centaure.guardrails.checks import Context
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.personal_data.finding import find
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Finding, Stage


class PersonalData:
    """Finds personal data of every label at every stage, and does nothing about it by default."""

    name: ClassVar[str] = "personal-data"
    stages: ClassVar[frozenset[Stage]] = frozenset(Stage)
    default: ClassVar[Sensitivity | None] = None

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """What is found, with offsets of the original text."""
        del context
        return find(text)
