"""What the routes of identity take and give, as JSON."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from centaure.identity.names import LONGEST as LONGEST_LINE
from centaure.identity.passwords import LONGEST as LONGEST_PASSWORD
from centaure.identity.principal import Principal, Role, Scope
from centaure.identity.repository import ApiKey, User

Line = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]
Typed = Annotated[str, Field(max_length=LONGEST_LINE)]
Password = Annotated[str, Field(max_length=LONGEST_PASSWORD)]


class Credentials(BaseModel):
    """A login and a password, as typed."""

    login: Typed
    password: Password


class SignedInUser(BaseModel):
    """Who is signed in."""

    login: str
    name: str
    roles: list[Role]


class BrowserSession(BaseModel):
    """A browser session: repeat the token in `X-CSRF-Token` on every request that changes something.

    With an API key there is no token, and none is needed.
    """

    user: SignedInUser
    csrf_token: str | None

    @classmethod
    def of(cls, user: User | Principal, csrf_token: str | None) -> Self:
        """The session of a user."""
        roles = sorted(Role(role) for role in user.roles)
        return cls(
            user=SignedInUser(login=user.login, name=user.name, roles=roles), csrf_token=csrf_token
        )


class InvitationUse(BaseModel):
    """A one-time token and the password that it lets one choose; the first administrator adds a login."""

    token: Typed
    password: Password
    login: Line | None = None
    name: Line | None = None


class NewUser(BaseModel):
    """An account to make."""

    login: Line
    name: Line
    roles: frozenset[Role] = frozenset({Role.READER})


class UserRead(BaseModel):
    """An account, as an administrator sees it; `clearance` is its own ceiling, C0 to C3 as 0 to 3."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    login: str
    name: str
    roles: list[Role]
    clearance: int | None
    has_password: bool
    disabled: bool


class UserChanged(BaseModel):
    """An account as an administrator wants it; `clearance` is null where it has no ceiling of its own."""

    roles: frozenset[Role] = Field(min_length=1)
    clearance: Annotated[int, Field(ge=0, le=3)] | None
    disabled: bool


class DirectoryGroupRead(BaseModel):
    """A group that a source declares; `members` counts those it names itself."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    key: str
    label: str
    members: int


class MemberRead(BaseModel):
    """Somebody, or another group, that a group names; `login` is empty for a group."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: Literal["user", "group", "everyone"]
    label: str
    login: str


class Invitation(BaseModel):
    """A link that works once: give it to the user, by a way that you trust."""

    link: str


class InvitedUser(BaseModel):
    """A new account and the link with which its user chooses a password."""

    user: UserRead
    invitation: Invitation


class NewKey(BaseModel):
    """An API key to make."""

    label: Line
    scopes: frozenset[Scope] = Field(min_length=1)
    expires_in_days: int = Field(default=90, ge=1, le=366)


class KeyRead(BaseModel):
    """An API key without its secret; the prefix is how to recognise it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    label: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class CreatedKey(BaseModel):
    """A new API key with its secret, shown this once."""

    key: KeyRead
    secret: str

    @classmethod
    def of(cls, key: ApiKey, secret: str) -> Self:
        """A key and its secret."""
        return cls(key=KeyRead.model_validate(key), secret=secret)
