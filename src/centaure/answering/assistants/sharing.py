"""With whom an assistant is shared: people, groups, or everybody who is signed in. They use it and no more.

Whether a login belongs to anybody is not told: somebody who has it can use the assistant, or will.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from centaure.answering.assistants import repository
from centaure.identity import Principal, Role
from centaure.identity.names import line
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Forbidden, NotFound

Kind = Literal["user", "group", "everybody"]

EVERYBODY = "*"
MAY_PUBLISH = frozenset({Role.CURATOR, Role.ADMINISTRATOR})
"""Who may share with everybody: what a whole organisation sees has somebody who answers for it."""


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody who can use an assistant; `label` is a login, or the name of a group."""

    kind: Kind
    label: str


async def list_shares(session: ReadSession, key: str) -> list[Share]:
    """With whom the principal shares an assistant.

    Raises:
        NotFound: there is no such assistant of the principal's.
    """
    found = await repository.find(session, key)
    if found is None or not found.own:
        raise NotFound
    rows = await session.rows(
        "select shared_with, label from assistant_share where assistant_id = %(id)s"
        " order by label, shared_with",
        {"id": found.id},
    )
    return [Share(_kind(row.shared_with), row.label) for row in rows]


async def share(  # noqa: PLR0913 - who shares what, and the three kinds of those who get it
    session: WriteSession,
    owner: Principal,
    key: str,
    users: Collection[str],
    groups: Collection[int],
    *,
    everybody: bool = False,
) -> None:
    """Share an assistant with these and nobody else, from now on.

    Args:
        session: the owner's.
        owner: whose assistant it is.
        key: of the assistant.
        users: logins.
        groups: that the owner knows, by number.
        everybody: whether everybody who is signed in can use it.

    Raises:
        NotFound: there is no such assistant of the principal's, or no such group that they know.
        Forbidden: they may not share with everybody.
        InvalidInput: what cannot be a login.
    """
    held = await repository.hold(session, key)
    if held is None:
        raise NotFound
    if everybody and not MAY_PUBLISH & owner.roles:
        raise Forbidden(
            "To share with everybody needs the role curator or administrator. Share with groups, or ask a "
            "curator to copy the assistant and publish it."
        )
    known = await session.rows(
        "select key, label from principal where kind = 'group' and id = any(%(groups)s)",
        {"groups": list(groups)},
    )
    if len(known) < len(set(groups)):
        raise NotFound
    logins = {line(login, "A login") for login in users} - {owner.login}
    named = {f"user:{login}": login for login in logins} | {row.key: row.label for row in known}
    if everybody:
        named[EVERYBODY] = ""
    await session.execute(
        "delete from assistant_share where assistant_id = %(id)s", {"id": held.id}
    )
    await session.execute(
        "insert into assistant_share (assistant_id, owner, shared_with, label, owner_name)"
        " select %(id)s, current_principal(), one.key, one.label, %(name)s"
        " from unnest(cast(%(keys)s as text[]), cast(%(labels)s as text[])) as one(key, label)",
        {
            "id": held.id,
            "name": owner.name,
            "keys": list(named),
            "labels": list(named.values()),
        },
    )


def _kind(key: str) -> Kind:
    if key == EVERYBODY:
        return "everybody"
    return "user" if key.startswith("user:") else "group"
