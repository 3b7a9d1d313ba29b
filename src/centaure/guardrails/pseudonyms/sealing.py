"""Values of placeholders at rest: sealed with a key of their conversation."""

from centaure.guardrails.pseudonyms.conversation import Kept
from centaure.kit.settings import Settings
from centaure.kit.vault import Vault


def vault_of(settings: Settings, conversation: str) -> Vault:
    """What opens the values of one conversation and of no other."""
    return Vault(bytes.fromhex(settings.derived_secret(f"pseudonyms of {conversation}")))


def sealed(vault: Vault, kept: Kept) -> tuple[str, bytes]:
    """A placeholder, and what it stands for as it is kept."""
    name = str(kept.placeholder)
    return name, vault.lock(kept.data(), name)


def opened(vault: Vault, placeholder: str, data: bytes) -> Kept:
    """What `sealed` was given.

    Raises:
        Unavailable: it was sealed for another conversation or placeholder, with another secret, or damaged.
    """
    return Kept.of(vault.open(data, placeholder))
