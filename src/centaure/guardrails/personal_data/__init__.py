"""Personal data in a text: identifiers with structure, addresses, dates of birth, health, and names."""

from centaure.guardrails.personal_data.check import PersonalData
from centaure.guardrails.personal_data.finding import find

__all__ = ["PersonalData", "find"]
