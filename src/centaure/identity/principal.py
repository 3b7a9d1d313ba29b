"""Who acts: a person in a browser, or a program with that person's key."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; no role opens a document."""

    READER = "reader"
    CURATOR = "curator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Scope(StrEnum):
    """What a route belongs to; a key opens the routes of its scopes, a browser session all of them.

    `ACCOUNT` is never given to a key: whoever steals one cannot make another with it.
    """

    SEARCH = "search"
    ASK = "ask"
    CONVERSATIONS = "conversations"
    DOCUMENTS = "documents"
    SOURCES = "sources"
    ADMINISTRATION = "administration"
    ACCOUNT = "account"


KEY_SCOPES = frozenset(Scope) - {Scope.ACCOUNT}


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who proved who they are, as the database knew them at the start of the request.

    Attributes:
        id: what a transaction is opened for; rights follow from it in the database alone.
        scopes: all of them in a browser session, those of the key otherwise.
        key_id: the API key that was used, None in a browser session.
        session_id: the browser session, None with an API key.
        token: the browser session's secret, from which its CSRF token follows; never shown.
    """

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    scopes: frozenset[Scope] = frozenset(Scope)
    key_id: int | None = None
    session_id: int | None = None
    token: str | None = field(default=None, repr=False)
