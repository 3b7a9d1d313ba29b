"""Who comes in at `/mcp`: with an API key or an access token; others are told what opens it (RFC 9728)."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from centaure.app.mcp.tools import CALLER, TOOLS
from centaure.app.problems import problem
from centaure.identity import Principal, service
from centaure.identity.oidc import IdentityProvider
from centaure.kit.errors import CentaureError, Forbidden, NotSignedIn, Unavailable
from centaure.kit.settings import Settings

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

log = logging.getLogger(__name__)

PATH = "/mcp"
METADATA = "/.well-known/oauth-protected-resource/mcp"
SCOPES = sorted({tool.scope for tool in TOOLS})
"""Those that open a tool."""
_NOBODY = "Send an API key as the bearer token. It is missing, unknown, expired or revoked."


class Door:
    """An ASGI application; one for a process.

    The server behind it is imported and started when somebody first comes: nobody else waits for it.
    """

    def __init__(self, largest_body: int) -> None:
        """Starts nothing yet.

        Args:
            largest_body: of a request, in bytes.
        """
        self._largest_body = largest_body
        self._wanted = asyncio.Event()
        self._manager: asyncio.Future[StreamableHTTPSessionManager] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """While this lasts, whoever comes is answered."""
        self._wanted.clear()
        self._manager = asyncio.get_running_loop().create_future()
        keeper = asyncio.create_task(self._keep(self._manager))
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
            self._manager.cancel()
            self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        try:
            scope[CALLER] = await _caller(request)
            manager = await self._served()
        except CentaureError as error:
            response = problem(error.status, error.title, error.message, error.headers)
            await response(scope, receive, send)
            return
        await manager.handle_request(scope, receive, send)

    async def _served(self) -> "StreamableHTTPSessionManager":
        if self._manager is None:
            raise Unavailable("Centaure is starting or stopping. Try again in a second.")
        self._wanted.set()
        return await asyncio.shield(self._manager)

    async def _keep(self, served: "asyncio.Future[StreamableHTTPSessionManager]") -> None:
        await self._wanted.wait()
        try:
            manager = await asyncio.to_thread(_made, self._largest_body)
        except Exception:
            log.exception("The MCP server did not start")
            served.set_exception(Unavailable("The MCP server did not start; the log says why."))
            return
        async with manager.run():
            served.set_result(manager)
            await asyncio.Event().wait()


async def read_metadata(request: Request) -> JSONResponse:
    """What opens the server, for clients that were told 401."""
    settings: Settings = request.app.state.settings
    provider: IdentityProvider | None = request.app.state.identity_provider
    told = {
        "resource": settings.address + PATH,
        "resource_name": "Centaure",
        "bearer_methods_supported": ["header"],
        "scopes_supported": SCOPES,
    }
    if provider is not None:
        told["authorization_servers"] = [provider.issuer]
    return JSONResponse(told)


async def _caller(request: Request) -> Principal:
    """Who has the key or the token in the header; a cookie opens nothing here.

    Raises:
        NotSignedIn: nobody, with the address that says what opens the server (RFC 6750, RFC 9728).
        Forbidden: somebody whose token names no scope of a tool.
    """
    settings: Settings = request.app.state.settings
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn(_NOBODY, headers=_challenge(settings))
    try:
        caller = await _bearer(request, credentials.strip())
    except NotSignedIn as error:
        raise NotSignedIn(error.message, headers=_challenge(settings, "invalid_token")) from None
    if caller.key_id is None and caller.scopes.isdisjoint(SCOPES):
        raise Forbidden(
            f"This access token names none of the scopes {', '.join(SCOPES)}. Sign in again with them.",
            headers=_challenge(settings, "insufficient_scope"),
        )
    return caller


async def _bearer(request: Request, credentials: str) -> Principal:
    provider: IdentityProvider | None = request.app.state.identity_provider
    database = request.app.state.database
    if provider is not None and credentials.count(".") == 2:  # no API key has a dot
        return await provider.principal_of(database, credentials)
    caller = await service.principal_of_key(database, credentials)
    if caller is None:
        raise NotSignedIn(_NOBODY)
    return caller


def _challenge(settings: Settings, fault: str | None = None) -> dict[str, str]:
    told = {
        "realm": "centaure",
        "error": fault,
        "scope": " ".join(SCOPES),
        "resource_metadata": settings.address + METADATA,
    }
    written = ", ".join(f'{name}="{value}"' for name, value in told.items() if value)
    return {"WWW-Authenticate": f"Bearer {written}"}


def _made(largest_body: int) -> "StreamableHTTPSessionManager":
    from centaure.app.mcp.server import make_manager  # noqa: PLC0415 - see the class

    return make_manager(largest_body)
