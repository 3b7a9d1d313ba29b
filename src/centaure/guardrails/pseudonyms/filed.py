"""Pseudonyms kept in a file, for commands that work without the database."""

import hashlib
import hmac
import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from centaure.guardrails.pseudonyms.conversation import Kept, Pseudonyms
from centaure.guardrails.pseudonyms.sealing import opened, sealed, vault_of
from centaure.kit.errors import Unavailable
from centaure.kit.settings import Settings

_TABLES = """
create table if not exists pseudonym (
    conversation text not null,
    placeholder  text not null,
    sealed       blob not null,
    expires_at   text not null,
    primary key (conversation, placeholder)
);
create table if not exists text (
    id           text primary key,
    conversation text not null,
    expires_at   text not null
);
"""
_WAIT_S = 30.0


class FileVault:
    """A file of sealed values that only its owner can read; it says nothing of whose or which they are.

    Args:
        path: of the file; it is made where it is missing.
        settings: their secret is the key, and they say for how long values are kept.

    Raises:
        Unavailable: the file cannot be used.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self._settings = settings
        self._key = settings.derived_secret("names of pseudonymised texts").encode()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
            self._file = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            self._file.execute(
                "pragma synchronous = off"
            )  # a line is written as fast as it is read
            self._file.execute("pragma secure_delete = on")
            self._file.executescript(_TABLES)
            now = _now()
            self._file.execute("delete from pseudonym where expires_at <= ?", (now,))
            self._file.execute("delete from text where expires_at <= ?", (now,))
        except (OSError, sqlite3.Error) as error:
            raise Unavailable(
                f"{path} cannot be used as a vault: {error}. Choose another file with --vault."
            ) from error

    def close(self) -> None:
        """No more is asked of it."""
        self._file.close()

    def conversation_of(self, text: str) -> str | None:
        """The conversation that a text was pseudonymised in; None: it was not, or too long ago."""
        row = self._file.execute(
            "select conversation from text where id = ?", (self._named("text", text),)
        ).fetchone()
        return row and str(row[0])

    def named(self, conversation: str) -> str:
        """A conversation as the file calls it."""
        return self._named("conversation", conversation)

    def load(self, conversation: str) -> Pseudonyms:
        """The pseudonyms of a conversation, named as the file does.

        Raises:
            Unavailable: they were sealed with another secret.
        """
        vault = vault_of(self._settings, conversation)
        rows: Iterable[tuple[str, bytes]] = self._file.execute(
            "select placeholder, sealed from pseudonym where conversation = ?", (conversation,)
        )
        return Pseudonyms([opened(vault, placeholder, data) for placeholder, data in rows])

    def save(self, conversation: str, text: str, pseudonyms: Pseudonyms) -> None:
        """Keep what has changed, and that a text belongs to the conversation."""
        vault = vault_of(self._settings, conversation)
        changed: list[Kept] = [pseudonyms.kept[one] for one in sorted(pseudonyms.changed)]
        until = _now(self._settings.keep_pseudonyms_days)
        with self._file:
            self._file.execute("begin immediate")
            self._file.executemany(
                "insert or replace into pseudonym values (?, ?, ?, ?)",
                [(conversation, *sealed(vault, one), until) for one in changed],
            )
            self._file.execute(
                "insert or replace into text values (?, ?, ?)",
                (self._named("text", text), conversation, until),
            )
        pseudonyms.saved()

    def _named(self, kind: str, name: str) -> str:
        return hmac.new(self._key, f"{kind} {name}".encode(), hashlib.sha256).hexdigest()


def _now(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")
