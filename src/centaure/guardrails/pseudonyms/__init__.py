"""Reversible pseudonymisation: placeholders on the way to a model, and the values back in its answer."""

from centaure.guardrails.pseudonyms.conversation import Pseudonyms
from centaure.guardrails.pseudonyms.filed import FileVault
from centaure.guardrails.pseudonyms.masking import EVERYTHING, Masked, Span, mask, mask_all
from centaure.guardrails.pseudonyms.pseudonymiser import Pseudonymiser, RestoringAnswer
from centaure.guardrails.pseudonyms.restoring import Restorer, restore, restore_json
from centaure.guardrails.pseudonyms.stored import Store, StoredPseudonyms

__all__ = [
    "EVERYTHING",
    "FileVault",
    "Masked",
    "Pseudonymiser",
    "Pseudonyms",
    "Restorer",
    "RestoringAnswer",
    "Span",
    "Store",
    "StoredPseudonyms",
    "mask",
    "mask_all",
    "restore",
    "restore_json",
]
