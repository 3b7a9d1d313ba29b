"""With whom a conversation is shared: users and groups of the organisation, who read it and no more.

Whether a login belongs to anybody is not told: somebody who has it reads the conversation, or will.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from centaure.answering.conversations import repository
from centaure.identity import Principal
from centaure.identity.names import line
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import NotFound

Kind = Literal["user", "group"]


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody who reads a conversation; `label` is a login, or the name of a group."""

    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group that conversations can be shared with."""

    id: int
    label: str


async def list_groups(session: ReadSession) -> list[Group]:
    """The groups that the principal knows: their own, and all of them for those who see the directory."""
    rows = await session.rows(
        "select id, label from principal where kind = 'group' order by label, id limit 1000"
    )
    return [Group(row.id, row.label) for row in rows]


async def list_shares(session: ReadSession, conversation: int) -> list[Share]:
    """With whom the principal shares a conversation.

    Raises:
        NotFound: there is no such conversation of the principal's.
    """
    found = await repository.find_conversation(session, conversation)
    if found is None or not found.own:
        raise NotFound
    rows = await session.rows(
        "select shared_with, label from conversation_share where conversation_id = %(id)s"
        " order by label, shared_with",
        {"id": conversation},
    )
    return [
        Share("user" if row.shared_with.startswith("user:") else "group", row.label) for row in rows
    ]


async def share(
    session: WriteSession,
    owner: Principal,
    conversation: int,
    users: Collection[str],
    groups: Collection[int],
) -> None:
    """Share a conversation with these and nobody else, from now on.

    Args:
        session: the owner's.
        owner: whose conversation it is.
        conversation: what is shared.
        users: logins.
        groups: of `list_groups`.

    Raises:
        NotFound: there is no such conversation of the principal's, or no such group that they know.
        InvalidInput: what cannot be a login.
    """
    if await repository.hold_conversation(session, conversation) is None:
        raise NotFound
    known = await session.rows(
        "select key, label from principal where kind = 'group' and id = any(%(groups)s)",
        {"groups": list(groups)},
    )
    if len(known) < len(set(groups)):
        raise NotFound
    logins = {line(login, "A login") for login in users} - {owner.login}
    named = {f"user:{login}": login for login in logins} | {row.key: row.label for row in known}
    await session.execute(
        "delete from conversation_share where conversation_id = %(id)s", {"id": conversation}
    )
    await session.execute(
        "insert into conversation_share (conversation_id, owner, shared_with, label, owner_name)"
        " select %(id)s, current_principal(), one.key, one.label, %(name)s"
        " from unnest(cast(%(keys)s as text[]), cast(%(labels)s as text[])) as one(key, label)",
        {
            "id": conversation,
            "name": owner.name,
            "keys": list(named),
            "labels": list(named.values()),
        },
    )
