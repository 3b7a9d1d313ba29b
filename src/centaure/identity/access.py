"""The door of every route: who is there, and may they come in.

A route names what it needs as the dependency that gives it the principal:

    Annotated[Principal, Depends(require_scope(Scope.SEARCH))]         a browser session, or a key for search
    Annotated[Principal, Depends(require_role(Role.CURATOR, Scope.SOURCES))]      and the role as well
    Annotated[Principal, Depends(signed_in)]                           a browser session only

An API key opens only what names one of its scopes, so a route that forgets to name one is closed to keys.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from centaure.identity import service, tokens
from centaure.identity.principal import Principal, Role, Scope
from centaure.identity.repository import SESSION_LIFETIME
from centaure.identity.roles import lacks
from centaure.kit.errors import Forbidden, NotSignedIn, Unavailable
from centaure.kit.settings import LOOPBACK, Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def authenticated(request: Request) -> Principal:
    """Who makes this request, by its API key or its cookie; no route uses this alone.

    Raises:
        NotSignedIn: nobody, or a session or key that is not in force.
        Forbidden: a request with a cookie changes something without the session's CSRF token.
    """
    database = request.app.state.database
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        principal = await service.principal_of_key(database, credentials.strip())
        if principal is None:
            raise _nobody("This API key is unknown, expired or revoked.")
        return principal
    token = request.cookies.get(cookie_name(request.app.state.settings))
    principal = await service.principal_of_session(database, token) if token else None
    if principal is None or token is None:
        raise _nobody("Sign in to continue.")
    if request.method not in SAFE_METHODS:
        repeated = request.headers.get("X-CSRF-Token", "").encode()
        if not hmac.compare_digest(repeated, tokens.csrf_token(token).encode()):
            raise Forbidden("The page is out of date. Reload it, then try again.")
    return principal


def require_scope(scope: Scope) -> Callable[[Principal], Awaitable[Principal]]:
    """A dependency: somebody whose browser session or key opens this scope."""

    async def scoped(principal: Annotated[Principal, Depends(authenticated)]) -> Principal:
        if scope in principal.scopes:
            return principal
        if scope is Scope.ACCOUNT:
            raise Forbidden("An API key does not open this. Sign in with a browser.")
        raise Forbidden(f"This API key lacks the scope {scope}. Make one that has it.")

    return scoped


def require_role(
    role: Role, scope: Scope = Scope.ACCOUNT
) -> Callable[[Principal], Awaitable[Principal]]:
    """A dependency: somebody with this role, whose browser session or key opens the scope."""
    scoped = require_scope(scope)

    async def entitled(principal: Annotated[Principal, Depends(scoped)]) -> Principal:
        if role not in principal.roles:
            raise lacks(role)
        return principal

    return entitled


signed_in = require_scope(Scope.ACCOUNT)


def cookie_name(settings: Settings) -> str:
    """Name of the cookie; the prefix makes browsers hold it to HTTPS, this host and the whole site."""
    return "centaure" if _plain_loopback(settings) else "__Host-centaure"


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Put a browser session's token in the response."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        secure=not _plain_loopback(settings),
        httponly=True,
        samesite="lax",
    )


def remove_cookie(response: Response, settings: Settings) -> None:
    """Make the browser forget the token."""
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=not _plain_loopback(settings),
        httponly=True,
        samesite="lax",
    )


def refuse_open_network(settings: Settings) -> None:
    """Refuse passwords over plain HTTP, but on the machine itself.

    Raises:
        Unavailable: with the setting to change.
    """
    if urlsplit(settings.address).scheme != "https" and not _plain_loopback(settings):
        raise Unavailable(
            f"Passwords are not accepted at {settings.address}: it is neither HTTPS nor this machine "
            "itself. Put Centaure behind HTTPS and set CENTAURE_PUBLIC_URL to its https:// address."
        )


def _plain_loopback(settings: Settings) -> bool:
    address = urlsplit(settings.address)
    return address.scheme == "http" and address.hostname in LOOPBACK


def _nobody(message: str) -> NotSignedIn:
    return NotSignedIn(message, headers={"WWW-Authenticate": 'Bearer realm="centaure"'})
