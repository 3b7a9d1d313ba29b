"""Identity over HTTP: sessions, invitations, API keys, users."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response, status

from centaure.identity import service, tokens
from centaure.identity.access import (
    authenticated,
    refuse_open_network,
    remove_cookie,
    require_role,
    set_cookie,
    signed_in,
)
from centaure.identity.principal import Principal, Role, Scope
from centaure.identity.schemas import (
    BrowserSession,
    CreatedKey,
    Credentials,
    DirectoryGroupRead,
    Invitation,
    InvitationUse,
    InvitedUser,
    KeyRead,
    MemberRead,
    NewKey,
    NewUser,
    UserChanged,
    UserRead,
)
from centaure.identity.service import SignedIn, Standing

router = APIRouter(tags=["identity"])

Anybody = Annotated[Principal, Depends(authenticated)]
Person = Annotated[Principal, Depends(signed_in)]
Administrator = Annotated[
    Principal, Depends(require_role(Role.ADMINISTRATOR, Scope.ADMINISTRATION))
]

# What opens ways into accounts needs the administrator in person: a stolen key must not make another way in.
PresentAdministrator = Annotated[Principal, Depends(require_role(Role.ADMINISTRATOR))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.post("/session")
async def sign_in(request: Request, response: Response, credentials: Credentials) -> BrowserSession:
    """Sign in with a login and a password."""
    refuse_open_network(request.app.state.settings)
    signed = await service.sign_in(
        request.app.state.database,
        request.app.state.settings.digest_key,
        credentials.login,
        credentials.password,
        request.client.host if request.client else "",
    )
    return _begin(request, response, signed)


@router.get("/session")
async def read_session(principal: Anybody) -> BrowserSession:
    """Who is signed in."""
    token = principal.token
    return BrowserSession.of(principal, tokens.csrf_token(token) if token else None)


@router.delete("/session", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(request: Request, response: Response, principal: Person) -> None:
    """Sign out of this browser."""
    async with request.app.state.database.write(principal.id) as session:
        await service.sign_out(session, principal)
    remove_cookie(response, request.app.state.settings)


@router.post("/invitation")
async def use_invitation(
    request: Request, response: Response, invitation: InvitationUse
) -> BrowserSession:
    """Choose a password with a one-time link, and sign in."""
    refuse_open_network(request.app.state.settings)
    signed = await service.use_invitation(
        request.app.state.database,
        invitation.token,
        invitation.password,
        invitation.login,
        invitation.name,
    )
    return _begin(request, response, signed)


@router.get("/keys")
async def list_keys(request: Request, principal: Person) -> list[KeyRead]:
    """The caller's own API keys."""
    async with request.app.state.database.read(principal.id) as session:
        keys = await service.list_keys(session, principal.id)
    return [KeyRead.model_validate(key) for key in keys]


@router.post("/keys", status_code=status.HTTP_201_CREATED)
async def create_key(request: Request, principal: Person, new: NewKey) -> CreatedKey:
    """Make an API key for the caller; its secret is shown this once."""
    async with request.app.state.database.write(principal.id) as session:
        key, secret = await service.create_key(
            session, principal.id, new.label, new.scopes, timedelta(days=new.expires_in_days)
        )
    return CreatedKey.of(key, secret)


@router.delete("/keys/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_key(request: Request, principal: Person, key_id: int) -> None:
    """Revoke one of the caller's API keys, at once."""
    async with request.app.state.database.write(principal.id) as session:
        await service.revoke_key(session, principal.id, key_id)


@router.get("/users")
async def list_users(request: Request, principal: Administrator) -> list[UserRead]:
    """Every account."""
    async with request.app.state.database.read(principal.id) as session:
        users = await service.list_users(session)
    return [UserRead.model_validate(user) for user in users]


@router.post("/users", status_code=status.HTTP_201_CREATED)
async def create_user(
    request: Request, principal: PresentAdministrator, new: NewUser
) -> InvitedUser:
    """Make an account, and the link with which its user chooses a password."""
    async with request.app.state.database.write(principal.id) as session:
        user = await service.create_user(session, new.login, new.name, new.roles)
        token = await service.invite(session, user.id)
    return InvitedUser(user=UserRead.model_validate(user), invitation=_invitation(request, token))


@router.post("/users/{user_id}/invitation", status_code=status.HTTP_201_CREATED)
async def invite_user(
    request: Request, principal: PresentAdministrator, user_id: int
) -> Invitation:
    """A new link for an account without a password, such as those that a source declares.

    A lost password is renewed on the machine itself (`centaure user invite`): over HTTP, a link for an
    account that works would let an administrator read what its owner reads.
    """
    async with request.app.state.database.write(principal.id) as session:
        token = await service.invite(session, user_id, only_without_password=True)
    return _invitation(request, token)


@router.put("/users/{user_id}")
async def change_user(
    request: Request, principal: PresentAdministrator, user_id: Number, wanted: UserChanged
) -> UserRead:
    """Give an account other roles, another ceiling, or close or open it; nobody changes their own."""
    standing = Standing(wanted.roles, wanted.clearance, wanted.disabled)
    async with request.app.state.database.write(principal.id) as session:
        user = await service.change_standing(session, principal.id, user_id, standing)
    return UserRead.model_validate(user)


@router.get("/users/{user_id}/groups")
async def list_groups_of_user(
    request: Request, principal: Administrator, user_id: Number
) -> list[DirectoryGroupRead]:
    """The groups that name an account."""
    async with request.app.state.database.read(principal.id) as session:
        groups = await service.groups_of(session, user_id)
    return [DirectoryGroupRead.model_validate(group) for group in groups]


@router.get("/groups")
async def list_directory_groups(
    request: Request, principal: Administrator
) -> list[DirectoryGroupRead]:
    """The groups that sources declare."""
    async with request.app.state.database.read(principal.id) as session:
        groups = await service.list_groups(session)
    return [DirectoryGroupRead.model_validate(group) for group in groups]


@router.get("/groups/{group_id}/members")
async def list_group_members(
    request: Request, principal: Administrator, group_id: Number
) -> list[MemberRead]:
    """Whom a group names: people, and other groups."""
    async with request.app.state.database.read(principal.id) as session:
        found = await service.members_of(session, group_id)
    return [MemberRead.model_validate(member) for member in found]


def _begin(request: Request, response: Response, signed: SignedIn) -> BrowserSession:
    set_cookie(response, request.app.state.settings, signed.token)
    return BrowserSession.of(signed.user, tokens.csrf_token(signed.token))


def _invitation(request: Request, token: str) -> Invitation:
    return Invitation(link=f"{request.app.state.settings.address}/setup?token={token}")
