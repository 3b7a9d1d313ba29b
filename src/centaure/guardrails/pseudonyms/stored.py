"""Pseudonyms of conversations in the database, where row level security gives them to their owner alone."""

from typing import Protocol

from centaure.guardrails.pseudonyms.conversation import Pseudonyms
from centaure.guardrails.pseudonyms.sealing import opened, sealed, vault_of
from centaure.kit.database import Database, WriteSession
from centaure.kit.settings import Settings


class Store(Protocol):
    """Where the pseudonyms of conversations are kept."""

    async def load(self, principal: int, conversation: int) -> Pseudonyms:
        """Those of a conversation; none where it is not the principal's."""
        ...

    async def save(self, principal: int, conversation: int, pseudonyms: Pseudonyms) -> bool:
        """Keep what has changed; not, where somebody else gave a number away at the same moment."""
        ...


class StoredPseudonyms:
    """The pseudonyms in the database; each method is one short transaction."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def load(self, principal: int, conversation: int) -> Pseudonyms:
        """Those of a conversation; none where it is not the principal's.

        Raises:
            Unavailable: they were sealed with another secret.
        """
        async with self._database.read(principal) as session:
            rows = await session.rows(
                "select placeholder, sealed from pseudonym"
                " where conversation_id = %(conversation)s and expires_at > now()",
                {"conversation": conversation},
            )
        vault = vault_of(self._settings, str(conversation))
        return Pseudonyms([opened(vault, row.placeholder, row.sealed) for row in rows])

    async def save(self, principal: int, conversation: int, pseudonyms: Pseudonyms) -> bool:
        """Keep what has changed; not, where somebody else gave a number away at the same moment.

        False: nothing was kept. Load again, and mask again: the number stands for another value.
        """
        if not pseudonyms.changed:
            return True
        vault = vault_of(self._settings, str(conversation))
        new = [pseudonyms.kept[one] for one in sorted(pseudonyms.changed & pseudonyms.new)]
        more = [pseudonyms.kept[one] for one in sorted(pseudonyms.changed - pseudonyms.new)]
        try:
            async with self._database.write(principal) as session:
                await self._insert(session, conversation, [sealed(vault, one) for one in new])
                await self._update(session, conversation, [sealed(vault, one) for one in more])
        except _Taken:
            return False
        pseudonyms.saved()
        return True

    async def _insert(
        self, session: WriteSession, conversation: int, rows: list[tuple[str, bytes]]
    ) -> None:
        if not rows:
            return
        written = await session.execute(
            "insert into pseudonym (conversation_id, placeholder, sealed, expires_at)"
            " select %(conversation)s, placeholder, sealed, now() + make_interval(days => %(days)s)"
            " from unnest(%(names)s::text[], %(values)s::bytea[]) as given(placeholder, sealed)"
            " on conflict (conversation_id, placeholder) do update"
            " set sealed = excluded.sealed, expires_at = excluded.expires_at"
            " where pseudonym.expires_at <= now()",
            self._given(conversation, rows),
        )
        if written < len(rows):
            raise _Taken

    async def _update(
        self, session: WriteSession, conversation: int, rows: list[tuple[str, bytes]]
    ) -> None:
        if not rows:
            return
        await session.execute(
            "update pseudonym"
            " set sealed = given.sealed, expires_at = now() + make_interval(days => %(days)s)"
            " from unnest(%(names)s::text[], %(values)s::bytea[]) as given(placeholder, sealed)"
            " where conversation_id = %(conversation)s and pseudonym.placeholder = given.placeholder",
            self._given(conversation, rows),
        )

    def _given(self, conversation: int, rows: list[tuple[str, bytes]]) -> dict[str, object]:
        return {
            "conversation": conversation,
            "days": self._settings.keep_pseudonyms_days,
            "names": [name for name, _ in rows],
            "values": [data for _, data in rows],
        }


class _Taken(Exception):
    """Another call of the conversation gave a placeholder to another value."""
