"""The statements about accounts and their secrets; nothing here decides anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from centaure.identity.principal import Principal, Role, Scope
from centaure.identity.tokens import KeySecret, fingerprint
from centaure.kit.database import Database, ReadSession, WriteSession

SESSION_IDLE = timedelta(hours=12)
SESSION_LIFETIME = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class User:
    """An account, as an administrator sees it; `clearance` is its own ceiling (0 to 3), if any."""

    id: int
    login: str
    name: str
    roles: Sequence[str]
    clearance: int | None
    has_password: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A group that a source declares; `key` names it, and `members` counts those it names itself."""

    id: int
    key: str
    label: str
    members: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, or another group, in a group; `login` is that of a user, empty for a group."""

    id: int
    kind: str
    label: str
    login: str


@dataclass(frozen=True, slots=True)
class Account:
    """What sign-in needs of an account that can sign in."""

    principal_id: int
    password_hash: str


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret."""

    id: int
    label: str
    prefix: str
    scopes: Sequence[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """What a new API key is for, and for how long."""

    label: str
    scopes: frozenset[Scope]
    validity: timedelta


@dataclass(frozen=True, slots=True)
class Invited:
    """Whose link it is; without a principal, that of the first administrator."""

    principal_id: int | None
    login: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A principal behind a secret; `stale` when its last use should be noted."""

    principal: Principal
    record_id: int
    stale: bool
    secret_hash: bytes = b""


_USER = (
    "select principal_id, login, name, roles, clearance, has_password, disabled_at is not null"
    " from user_account"
)
_USERS = f"{_USER} order by login"
_USER_BY_ID = f"{_USER} where principal_id = %(id)s"
_USER_BY_LOGIN = f"{_USER} where login = %(login)s"


async def list_users(session: ReadSession) -> list[User]:
    """Every account that the principal may see, by login."""
    return [User(*row) for row in await session.rows(_USERS)]


async def user(session: ReadSession, principal_id: int) -> User | None:
    """The account of a principal."""
    row = await session.row(_USER_BY_ID, {"id": principal_id})
    return None if row is None else User(*row)


async def user_by_login(session: ReadSession, login: str) -> User | None:
    """The account with this login."""
    row = await session.row(_USER_BY_LOGIN, {"login": login})
    return None if row is None else User(*row)


async def add_user(
    session: WriteSession, login: str, name: str, roles: Sequence[str], clearance: int | None
) -> int:
    """A new account without a password; its principal."""
    principal_id = await session.value(
        "insert into principal (kind, key, label) values ('user', 'user:' || %(login)s, %(name)s)"
        " returning id",
        {"login": login, "name": name},
    )
    await session.execute(
        "insert into user_account (principal_id, login, name, roles, clearance)"
        " values (%(id)s, %(login)s, %(name)s, %(roles)s, %(clearance)s)",
        {
            "id": principal_id,
            "login": login,
            "name": name,
            "roles": list(roles),
            "clearance": clearance,
        },
    )
    return int(principal_id or 0)


async def list_groups(session: ReadSession, member: int | None = None) -> list[Group]:
    """The groups that sources declare, by label; those that name a member, where one is given."""
    rows = await session.rows(
        "select id, key, label, (select count(*) from group_member where group_id = principal.id) as members"
        " from principal where kind = 'group' and key !~ '^source:[0-9]+/all:'"
        " and (cast(%(member)s as int) is null or id in ("
        " select group_id from group_member where member_id = %(member)s))"
        " order by label, key",
        {"member": member},
    )
    return [Group(*row) for row in rows]


async def members(session: ReadSession, group_id: int, limit: int) -> list[Member]:
    """Whom a group names, groups first, then people by name."""
    rows = await session.rows(
        "select principal.id, kind, coalesce(user_account.name, label) as label,"
        " coalesce(login, '') as login"
        " from group_member join principal on principal.id = member_id"
        " left join user_account on user_account.principal_id = member_id"
        " where group_id = %(group)s order by kind, 3, login limit %(limit)s",
        {"group": group_id, "limit": limit},
    )
    return [Member(*row) for row in rows]


async def set_clearance(session: WriteSession, principal_id: int, clearance: int | None) -> None:
    """Set an account's own ceiling, or take it away."""
    await session.execute(
        "update user_account set clearance = %(clearance)s where principal_id = %(id)s",
        {"id": principal_id, "clearance": clearance},
    )


async def set_roles(session: WriteSession, principal_id: int, roles: Sequence[str]) -> None:
    """Replace an account's roles."""
    await session.execute(
        "update user_account set roles = %(roles)s where principal_id = %(id)s",
        {"id": principal_id, "roles": list(roles)},
    )


async def set_disabled(session: WriteSession, principal_id: int, *, disabled: bool) -> None:
    """Disable an account, or enable it again; the database ends its browser sessions."""
    await session.execute(
        "update user_account set disabled_at = case when %(disabled)s then now() end"
        " where principal_id = %(id)s",
        {"id": principal_id, "disabled": disabled},
    )


async def set_password_hash(session: WriteSession, principal_id: int, password_hash: str) -> None:
    """Replace an account's password; the database ends its browser sessions."""
    await session.execute(
        "update user_account set password_hash = %(hash)s where principal_id = %(id)s",
        {"id": principal_id, "hash": password_hash},
    )


async def find_account(session: ReadSession, login: str) -> Account | None:
    """The enabled account with a password that has this login."""
    row = await session.row("select * from find_account(%(login)s)", {"login": login})
    return None if row is None else Account(*row)


async def find_enabled_account(database: Database, login: str) -> Principal | None:
    """The enabled account that has this login, without any scope."""
    row = await database.lookup(
        "select principal_id, login, name, roles from find_enabled_account(%(login)s)",
        {"login": login},
    )
    if row is None:
        return None
    principal_id, login, name, roles = row
    return Principal(principal_id, login, name, _roles(roles), frozenset())


async def add_session(session: WriteSession, principal_id: int, token_hash: bytes) -> None:
    """A new browser session; the account's expired ones go."""
    await session.execute(
        "delete from browser_session where principal_id = %(id)s"
        " and (expires_at < now() or last_seen_at < now() - cast(%(idle)s as interval))",
        {"id": principal_id, "idle": SESSION_IDLE},
    )
    await session.execute(
        "insert into browser_session (principal_id, token_hash, expires_at)"
        " values (%(id)s, %(hash)s, now() + cast(%(lifetime)s as interval))",
        {"id": principal_id, "hash": token_hash, "lifetime": SESSION_LIFETIME},
    )


async def find_session(database: Database, token_hash: bytes, token: str) -> Found | None:
    """Who is behind a browser session's token."""
    row = await database.lookup(
        "select id, principal_id, login, name, roles,"
        " last_seen_at < now() - cast(%(touch)s as interval)"
        " from find_session(%(hash)s, %(idle)s)",
        {"hash": token_hash, "idle": SESSION_IDLE, "touch": TOUCH_EVERY},
    )
    if row is None:
        return None
    record_id, principal_id, login, name, roles, stale = row
    principal = Principal(
        principal_id, login, name, _roles(roles), session_id=record_id, token=token
    )
    return Found(principal, record_id, stale)


async def touch_session(session: WriteSession, record_id: int) -> None:
    """Note that a browser session was used now."""
    await session.execute(
        "update browser_session set last_seen_at = now() where id = %(id)s", {"id": record_id}
    )


async def remove_session(session: WriteSession, record_id: int) -> None:
    """End a browser session."""
    await session.execute("delete from browser_session where id = %(id)s", {"id": record_id})


async def add_key(
    session: WriteSession, principal_id: int, secret: KeySecret, terms: KeyTerms
) -> ApiKey:
    """A new API key."""
    row = await session.one(
        "insert into api_key (principal_id, label, prefix, secret_hash, scopes, expires_at)"
        " values (%(id)s, %(label)s, %(prefix)s, %(hash)s, %(scopes)s,"
        " now() + cast(%(validity)s as interval))"
        " returning id, label, prefix, scopes, created_at, expires_at, last_used_at, revoked_at",
        {
            "id": principal_id,
            "label": terms.label,
            "prefix": secret.prefix,
            "hash": fingerprint(secret.secret),
            "scopes": sorted(terms.scopes),
            "validity": terms.validity,
        },
    )
    return ApiKey(*row)


async def list_keys(session: ReadSession, principal_id: int) -> list[ApiKey]:
    """The keys of an account, newest first, revoked ones included."""
    rows = await session.rows(
        "select id, label, prefix, scopes, created_at, expires_at, last_used_at, revoked_at"
        " from api_key where principal_id = %(id)s order by id desc",
        {"id": principal_id},
    )
    return [ApiKey(*row) for row in rows]


async def revoke_key(session: WriteSession, principal_id: int, key_id: int) -> bool:
    """Revoke a key of the account; False when it has no such key in force."""
    revoked = await session.value(
        "update api_key set revoked_at = now()"
        " where id = %(key)s and principal_id = %(id)s and revoked_at is null returning id",
        {"key": key_id, "id": principal_id},
    )
    return revoked is not None


async def find_key(database: Database, prefix: str) -> Found | None:
    """Who is behind an API key's prefix; the caller still compares the secret."""
    row = await database.lookup(
        "select id, principal_id, login, name, roles, scopes, secret_hash,"
        " coalesce(last_used_at < now() - cast(%(touch)s as interval), true)"
        " from find_api_key(%(prefix)s)",
        {"prefix": prefix, "touch": TOUCH_EVERY},
    )
    if row is None:
        return None
    record_id, principal_id, login, name, roles, scopes, secret_hash, stale = row
    granted = frozenset(Scope(scope) for scope in scopes)
    principal = Principal(principal_id, login, name, _roles(roles), granted, key_id=record_id)
    return Found(principal, record_id, stale, secret_hash)


async def touch_key(session: WriteSession, record_id: int) -> None:
    """Note that an API key was used now."""
    await session.execute(
        "update api_key set last_used_at = now() where id = %(id)s", {"id": record_id}
    )


async def replace_invitation(
    session: WriteSession, principal_id: int, token_hash: bytes, validity: timedelta
) -> None:
    """The account's one open link; an earlier one stops working."""
    await session.execute(
        "delete from invitation where principal_id = %(id)s and used_at is null",
        {"id": principal_id},
    )
    await session.execute(
        "insert into invitation (principal_id, token_hash, expires_at)"
        " values (%(id)s, %(hash)s, now() + cast(%(validity)s as interval))",
        {"id": principal_id, "hash": token_hash, "validity": validity},
    )


async def invite_first_administrator(
    session: WriteSession, token_hash: bytes, validity: timedelta
) -> bool:
    """Open the first administrator's link; False once somebody has a password."""
    opened = await session.value(
        "select invite_first_administrator(%(hash)s, %(validity)s)",
        {"hash": token_hash, "validity": validity},
    )
    return bool(opened)


async def find_invitation(session: ReadSession, token_hash: bytes) -> Invited | None:
    """Whose link this is, if it can still be used."""
    row = await session.row("select * from find_invitation(%(hash)s)", {"hash": token_hash})
    return None if row is None else Invited(*row)


async def redeem_invitation(
    session: WriteSession, token_hash: bytes, password_hash: str, login: str, name: str | None
) -> int | None:
    """Use a link; the principal whose password it set, or None when it cannot be used any more."""
    return await session.value(
        "select redeem_invitation(%(hash)s, %(password_hash)s, %(login)s, %(name)s)",
        {"hash": token_hash, "password_hash": password_hash, "login": login, "name": name},
    )


async def take_turn(
    session: WriteSession, subject: bytes, allowed: int, per: timedelta
) -> timedelta:
    """Count an attempt; zero, or how long its author must wait."""
    wait = await session.value(
        "select take_sign_in_turn(%(subject)s, %(allowed)s, %(per)s)",
        {"subject": subject, "allowed": allowed, "per": per},
    )
    return wait or timedelta()


async def give_back_turn(
    session: WriteSession, subject: bytes, allowed: int, per: timedelta
) -> None:
    """Uncount an attempt that succeeded."""
    await session.execute(
        "select give_back_sign_in_turn(%(subject)s, %(allowed)s, %(per)s)",
        {"subject": subject, "allowed": allowed, "per": per},
    )


def _roles(names: Sequence[str]) -> frozenset[Role]:
    return frozenset(Role(name) for name in names)
