"""What people do with accounts: sign in and out, invite, hold keys. Every act is in the audit.

Functions that take a session do their work in the caller's transaction, and record it last. Those that
take a database need several transactions, since a password is never checked inside one. What is for the
machine's own administrators (`centaure user`, `centaure key`) takes a session of the owner; the same
functions in a request's session do only what row level security lets its principal do.
"""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from psycopg.errors import UniqueViolation

from centaure import audit
from centaure.audit import Action, Outcome
from centaure.identity import passwords, repository, throttle, tokens
from centaure.identity.names import line
from centaure.identity.principal import KEY_SCOPES, Principal, Role, Scope
from centaure.identity.repository import ApiKey, Group, KeyTerms, Member, User
from centaure.kit.database import Database, ReadSession, WriteSession
from centaure.kit.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
    TooManyRequests,
)

FIRST_LINK = timedelta(days=1)
INVITATION = timedelta(days=7)
LONGEST_KEY = timedelta(days=366)
MOST_MEMBERS = 500
"""Of a group that are shown together."""

WRONG = "The login or the password is wrong."
DEAD_LINK = "This link was used, has expired or was replaced. Ask an administrator for a new one."


@dataclass(frozen=True, slots=True)
class Standing:
    """What an administrator decides about an account; `clearance` is None where it has no ceiling."""

    roles: frozenset[Role]
    clearance: int | None
    disabled: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser session that just began; the token is for its cookie only."""

    user: User
    token: str


# Browser sessions -----------------------------------------------------------------------------------------


async def sign_in(
    database: Database, key: bytes, login: str, password: str, address: str
) -> SignedIn:
    """Check a password and begin a browser session.

    Args:
        database: connections of the application's role.
        key: of the digests that the audit and the throttle keep.
        login: as typed.
        password: as typed.
        address: of the client; "" when unknown.

    Raises:
        TooManyRequests: too many failures for this login or from this address.
        NotSignedIn: the same words, after the same work, whatever was wrong.
    """
    login = login.strip().replace("\0", "\ufffd")  # PostgreSQL has no NUL, and no login has either
    async with database.write(None) as session:
        wait = await throttle.take_turn(session, key, login, address)
        account = None if wait else await repository.find_account(session, login)
    if wait:
        raise TooManyRequests(
            f"Too many attempts to sign in failed. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
    fits = await passwords.matches(account and account.password_hash, password)
    if account is None or not fits:
        async with database.write(None) as session:
            details = {
                "login_digest": audit.digest(login, key),
                "address_digest": audit.digest(address, key),
            }
            await audit.record(session, Action.SIGN_IN, "", Outcome.REFUSED, details)
        raise NotSignedIn(WRONG)
    async with database.write(account.principal_id) as session:
        await throttle.give_back_turn(session, key, login, address)
        return await _begin_session(session, account.principal_id)


async def sign_out(session: WriteSession, principal: Principal) -> None:
    """End the principal's browser session."""
    if principal.session_id is not None:
        await repository.remove_session(session, principal.session_id)
    await audit.record(session, Action.SIGN_OUT, f"user:{principal.id}")


async def principal_of_session(database: Database, token: str) -> Principal | None:
    """Who is behind a browser session's token, if it is still in force."""
    found = await repository.find_session(database, tokens.fingerprint(token), token)
    if found is not None and found.stale:
        async with database.write(found.principal.id) as session:
            await repository.touch_session(session, found.record_id)
    return None if found is None else found.principal


async def principal_of_key(database: Database, written: str) -> Principal | None:
    """Who is behind an API key, if it is still in force."""
    key = tokens.parse_key(written)
    if key is None:
        return None
    found = await repository.find_key(database, key.prefix)
    proof = tokens.fingerprint(key.secret)
    if found is None or not hmac.compare_digest(found.secret_hash, proof):
        return None
    if found.stale:
        async with database.write(found.principal.id) as session:
            await repository.touch_key(session, found.record_id)
    return found.principal


# Invitations ----------------------------------------------------------------------------------------------


async def first_administrator_token(session: WriteSession) -> str | None:
    """The one-time token of the first administrator, in place of an earlier one.

    None once anybody has a password: from then on, administrators invite.
    """
    token = tokens.new_token()
    opened = await repository.invite_first_administrator(
        session, tokens.fingerprint(token), FIRST_LINK
    )
    if not opened:
        return None
    await audit.record(session, Action.INVITATION_CREATE, "", details={"first_administrator": True})
    return token


async def invite(
    session: WriteSession, principal_id: int, *, only_without_password: bool = False
) -> str:
    """A one-time token with which this user chooses a password, in place of an earlier one.

    Raises:
        NotFound: there is no such account, or it is disabled.
        Conflict: it has a password, where only accounts without one are to be invited.
    """
    user = await repository.user(session, principal_id)
    if user is None or user.disabled:
        raise NotFound
    if only_without_password and user.has_password:
        raise Conflict(
            "This user has a password. On the machine itself, `centaure user invite` makes a new link."
        )
    token = tokens.new_token()
    await repository.replace_invitation(
        session, principal_id, tokens.fingerprint(token), INVITATION
    )
    await audit.record(session, Action.INVITATION_CREATE, f"user:{principal_id}")
    return token


async def use_invitation(
    database: Database, token: str, password: str, login: str | None, name: str | None
) -> SignedIn:
    """Choose a password with a one-time token, and sign in.

    Args:
        database: connections of the application's role.
        token: from the link.
        password: at least 12 characters.
        login: for the first administrator only; an invited user has one.
        name: how to be called; None keeps the one of the account.

    Raises:
        NotFound: the token is unknown, used, expired or replaced.
        InvalidInput: the password is weak, or the first administrator chose no login.
        Conflict: the login that the first administrator chose is taken.
    """
    proof = tokens.fingerprint(token)
    async with database.read(None) as session:
        invited = await repository.find_invitation(session, proof)
    if invited is None:
        raise NotFound(DEAD_LINK)
    login = invited.login or line(login or "", "The login that you choose")
    name = None if name is None else line(name, "A name")
    password_hash = await passwords.hash_password(password)
    async with database.write(None) as session:
        try:
            principal_id = await repository.redeem_invitation(
                session, proof, password_hash, login, name
            )
        except UniqueViolation as error:
            raise _taken(login) from error
        if principal_id is None:
            raise NotFound(DEAD_LINK)
        await audit.record(session, Action.INVITATION_USE, f"user:{principal_id}")
    async with database.write(principal_id) as session:
        return await _begin_session(session, principal_id)


# Users ----------------------------------------------------------------------------------------------------


async def list_users(session: ReadSession) -> list[User]:
    """The accounts that the session may see, by login."""
    return await repository.list_users(session)


async def find_user(session: ReadSession, login: str) -> User:
    """The account with this login.

    Raises:
        NotFound: there is none that the session may see.
    """
    found = await repository.user_by_login(session, login)
    if found is None:
        raise no_such_user(login)
    return found


def no_such_user(login: str) -> NotFound:
    """The error for a login that nobody has, with where to look."""
    return NotFound(
        f"There is no user '{login}'. `centaure user list` shows who there is; the people of a manifest "
        "come with its source's first synchronisation."
    )


async def create_user(
    session: WriteSession,
    login: str,
    name: str,
    roles: Collection[Role] = (Role.READER,),
    clearance: int | None = None,
) -> User:
    """Make an account that cannot sign in before it is invited or given a password.

    Raises:
        InvalidInput: the login or the name is empty, too long or cannot be seen.
        Conflict: the login is taken, perhaps by a user that a source declares: invite that one.
    """
    login, name = line(login, "A login"), line(name, "A name")
    names = sorted(roles)
    try:
        principal_id = await repository.add_user(session, login, name, names, clearance)
    except UniqueViolation as error:
        raise _taken(login) from error
    details = {"roles": names}
    await audit.record(session, Action.USER_CREATE, f"user:{principal_id}", details=details)
    return await find_user(session, login)


async def set_roles(session: WriteSession, login: str, roles: Collection[Role]) -> User:
    """Replace a user's roles, at once for every open session.

    Raises:
        NotFound: there is no such user.
    """
    user = await find_user(session, login)
    await repository.set_roles(session, user.id, sorted(roles))
    await audit.record(
        session, Action.USER_CHANGE, f"user:{user.id}", details={"roles": sorted(roles)}
    )
    return await find_user(session, login)


async def set_disabled(session: WriteSession, login: str, *, disabled: bool) -> User:
    """Disable a user, which ends their browser sessions and stops their keys, or enable them again.

    Raises:
        NotFound: there is no such user.
    """
    user = await find_user(session, login)
    await repository.set_disabled(session, user.id, disabled=disabled)
    await audit.record(
        session, Action.USER_CHANGE, f"user:{user.id}", details={"disabled": disabled}
    )
    return await find_user(session, login)


async def change_standing(
    session: WriteSession, administrator: int, user_id: int, wanted: Standing
) -> User:
    """Give an account other roles, another ceiling, or close or open it; all hold at once.

    Args:
        session: of the administrator.
        administrator: who changes it.
        user_id: of the account.
        wanted: as it is to be; the audit has what changes.

    Raises:
        NotFound: there is no such account.
        Forbidden: it is the administrator's own: nobody gives themselves a right, or locks themselves out.
    """
    user = await repository.user(session, user_id)
    if user is None:
        raise NotFound
    if user_id == administrator:
        raise Forbidden("Nobody changes their own account here. Ask another administrator.")
    changed: dict[str, audit.Detail] = {}
    if sorted(wanted.roles) != sorted(user.roles):
        await repository.set_roles(session, user_id, sorted(wanted.roles))
        changed["roles"] = sorted(wanted.roles)
    if wanted.clearance != user.clearance:
        await repository.set_clearance(session, user_id, wanted.clearance)
        changed["clearance"] = wanted.clearance
    if wanted.disabled != user.disabled:
        await repository.set_disabled(session, user_id, disabled=wanted.disabled)
        changed["disabled"] = wanted.disabled
    if changed:
        await audit.record(session, Action.USER_CHANGE, f"user:{user_id}", details=changed)
    return await repository.user(session, user_id) or user


async def list_groups(session: ReadSession) -> list[Group]:
    """The groups that sources declare and the session may see, by label."""
    return await repository.list_groups(session)


async def groups_of(session: ReadSession, user_id: int) -> list[Group]:
    """The groups that name an account.

    Raises:
        NotFound: there is no such account.
    """
    if await repository.user(session, user_id) is None:
        raise NotFound
    return await repository.list_groups(session, user_id)


async def members_of(session: ReadSession, group_id: int) -> list[Member]:
    """Whom a group names, `MOST_MEMBERS` at most; nobody where there is no such group."""
    return await repository.members(session, group_id, MOST_MEMBERS)


async def set_password(database: Database, login: str, password: str) -> None:
    """Give a user a password, which ends their browser sessions; for the machine's administrators.

    Args:
        database: connections of the owner: no other role may write a password.
        login: of an existing account.
        password: at least 12 characters.

    Raises:
        NotFound: there is no such user.
        InvalidInput: the password is too weak.
    """
    password_hash = await passwords.hash_password(password)
    async with database.write(None) as session:
        user = await find_user(session, login)
        await repository.set_password_hash(session, user.id, password_hash)
        await audit.record(session, Action.PASSWORD_CHANGE, f"user:{user.id}")


# API keys -------------------------------------------------------------------------------------------------


async def list_keys(session: ReadSession, principal_id: int) -> list[ApiKey]:
    """The keys of a user, newest first, revoked ones included."""
    return await repository.list_keys(session, principal_id)


async def create_key(
    session: WriteSession,
    principal_id: int,
    label: str,
    scopes: Collection[Scope],
    validity: timedelta,
) -> tuple[ApiKey, str]:
    """Make an API key; the second result is the key itself, which nobody can show again.

    Raises:
        InvalidInput: no scope, one that no key may have, or a validity beyond a year.
    """
    terms = KeyTerms(line(label, "A label"), frozenset(scopes), validity)
    if not terms.scopes or not terms.scopes <= KEY_SCOPES:
        raise InvalidInput(f"Choose the key's scopes among {', '.join(sorted(KEY_SCOPES))}.")
    if not timedelta() < validity <= LONGEST_KEY:
        raise InvalidInput(f"A key is valid between 1 and {LONGEST_KEY.days} days.")
    secret = tokens.new_key()
    key = await repository.add_key(session, principal_id, secret, terms)
    details = {"user": principal_id, "scopes": key.scopes}
    await audit.record(session, Action.KEY_CREATE, f"key:{key.id}", details=details)
    return key, str(secret)


async def revoke_key(session: WriteSession, principal_id: int, key_id: int) -> None:
    """Make a user's key useless at once.

    Raises:
        NotFound: the user has no such key in force.
    """
    if not await repository.revoke_key(session, principal_id, key_id):
        raise NotFound
    await audit.record(session, Action.KEY_REVOKE, f"key:{key_id}", details={"user": principal_id})


async def _begin_session(session: WriteSession, principal_id: int) -> SignedIn:
    user = await repository.user(session, principal_id)
    if user is None:  # disabled since the password was checked
        raise NotSignedIn(WRONG)
    token = tokens.new_token()
    await repository.add_session(session, principal_id, tokens.fingerprint(token))
    await audit.record(session, Action.SIGN_IN, f"user:{principal_id}")
    return SignedIn(user, token)


def _taken(login: str) -> Conflict:
    return Conflict(
        f"There is already a user {login}. Choose another login, or invite that user instead."
    )
