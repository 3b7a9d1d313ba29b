"""The HTTP API, composed of the packages' routers, and the built interface beside it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

import centaure
from centaure.answering.routes import router as answering
from centaure.app.installation import Installation
from centaure.app.jobs import BLUEPRINTS
from centaure.app.pages import serve_pages
from centaure.app.problems import answer_with_problems
from centaure.identity.routes import router as identity
from centaure.kit.jobs import open_queue
from centaure.knowledge.documents.rendering import Renderer
from centaure.knowledge.documents.routes import router as documents
from centaure.knowledge.indexing.routes import router as index
from centaure.knowledge.retrieval.routes import router as retrieval
from centaure.knowledge.retrieval.thesaurus.routes import router as thesaurus
from centaure.knowledge.sources.routes import router as sources

LARGEST_BODY = 1_000_000

SECURITY_HEADERS = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}


class Health(BaseModel):
    """That the API answers, and which version it is."""

    status: str = "ok"
    version: str = centaure.__version__


health = APIRouter(tags=["health"])


@health.get("/health")
async def read_health() -> Health:
    """Tell that the API answers."""
    return Health()


def make_api(installation: Installation, interface: Path | None = None) -> FastAPI:
    """The application of one process; it opens its connections when it starts.

    Args:
        installation: where the database is, and the settings.
        interface: folder of the built web interface; None serves the API alone.
    """

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncGenerator[None]:
        settings = installation.settings
        database = installation.database("app", statement_timeout_ms=settings.search_timeout_ms)
        queue = open_queue(database, BLUEPRINTS)
        renderer = Renderer(installation.places())
        api.state.database, api.state.queue, api.state.renderer = database, queue, renderer
        finding = installation.finding(database)
        api.state.finding = finding
        try:
            async with queue.open_async():
                yield
        finally:
            renderer.close()
            await finding.close()
            await database.close()

    api = compose_api(lifespan)
    api.state.settings = installation.settings
    if interface is not None:
        serve_pages(api, interface)
    api.add_middleware(_Edge)
    return api


def compose_api(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Every package's routes, and errors as problem details."""
    api = FastAPI(
        title="Centaure",
        version=centaure.__version__,
        summary="Sourced answers from an organisation's own documents, within each reader's rights.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        generate_unique_id_function=_operation_name,
    )
    for router in (health, identity, retrieval, thesaurus, answering, documents, sources, index):
        api.include_router(router, prefix="/api/v1")
    answer_with_problems(api)
    return api


def _operation_name(route: APIRoute) -> str:
    return route.name


class _Edge:
    """Security headers on every response, and a ceiling on every request body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                return {"type": "http.disconnect"}
            return message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [item for item in SECURITY_HEADERS.items() if item[0] not in present]
                if b"cache-control" not in present and scope["path"].startswith("/api/"):
                    added.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, bounded, with_headers)
