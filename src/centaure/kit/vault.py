"""Secrets at rest: encrypted with a key that is not where they are kept."""

import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from centaure.kit.errors import Unavailable
from centaure.kit.settings import Settings

_FORMAT = b"\x01"
_NONCE_BYTES = 12


class Vault:
    """Encrypts and decrypts small documents with AES-256-GCM (NIST SP 800-38D).

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        """The vault of an installation: its key derives from the installation's secret."""
        return cls(bytes.fromhex(settings.derived_secret("secrets at rest")))

    def lock(self, secrets: Mapping[str, Any], purpose: str) -> bytes:
        """Secrets, encrypted; they open for the same purpose only."""
        nonce = os.urandom(_NONCE_BYTES)
        content = json.dumps(dict(secrets)).encode()
        return _FORMAT + nonce + self._cipher.encrypt(nonce, content, _FORMAT + purpose.encode())

    def open(self, locked: bytes, purpose: str) -> dict[str, Any]:
        """What `lock` was given.

        Raises:
            Unavailable: they were encrypted by another installation, for another purpose, or damaged.
        """
        start = len(_FORMAT)
        nonce, content = locked[start : start + _NONCE_BYTES], locked[start + _NONCE_BYTES :]
        try:
            return json.loads(
                self._cipher.decrypt(nonce, content, locked[:start] + purpose.encode())
            )
        except (InvalidTag, ValueError):
            raise Unavailable(
                "Stored credentials cannot be decrypted: CENTAURE_SECRET_KEY, or the data folder's "
                "secret.key, is not the one that they were stored with. Restore it, or give them again."
            ) from None
