"""What must not come out of an assistant: secrets, commitments beyond its role, and insults."""

from centaure.guardrails.output.commitment import Commitment
from centaure.guardrails.output.inappropriate import Inappropriate
from centaure.guardrails.output.leak import Leak

__all__ = ["Commitment", "Inappropriate", "Leak"]
