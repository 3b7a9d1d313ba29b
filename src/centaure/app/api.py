"""The HTTP API, composed of the packages' routers, and the built interface beside it."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Route
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

import centaure
from centaure.answering.approved.routes import router as approved_answers
from centaure.answering.asking import Asking
from centaure.answering.assistants.routes import router as assistants
from centaure.answering.conversations.files.receiving import Arrivals
from centaure.answering.conversations.files.routes import router as files
from centaure.answering.conversations.routes import router as conversations
from centaure.answering.conversations.writing import Writers
from centaure.answering.gaps.routes import router as gaps
from centaure.answering.openai.routes import router as openai
from centaure.answering.prompts.routes import router as prompts
from centaure.answering.routes import router as answering
from centaure.answering.summaries.routes import router as summaries
from centaure.answering.summaries.summarising import Summarising
from centaure.app.health import router as health
from centaure.app.installation import Installation
from centaure.app.jobs import BLUEPRINTS
from centaure.app.mcp.door import METADATA, PATH, Door, read_metadata
from centaure.app.pages import serve_pages
from centaure.app.problems import answer_with_problems
from centaure.feedback.routes import router as comparisons
from centaure.footprint.routes import router as footprint
from centaure.gateway.accounts.routes import router as accounts
from centaure.gateway.routes import router as catalogue
from centaure.governance.routes import router as audit
from centaure.guardrails.routes import router as guardrails
from centaure.identity.oidc import IdentityProvider
from centaure.identity.requests.routes import router as access_requests
from centaure.identity.routes import router as identity
from centaure.kit.jobs import open_queue
from centaure.knowledge.documents.rendering import Renderer
from centaure.knowledge.documents.routes import router as documents
from centaure.knowledge.indexing.routes import router as index
from centaure.knowledge.retrieval.routes import router as retrieval
from centaure.knowledge.retrieval.thesaurus.routes import router as thesaurus
from centaure.knowledge.sources.folders import allowed_folders
from centaure.knowledge.sources.routes import router as sources
from centaure.redteam.game.routes import router as game

LARGEST_BODY = 1_000_000
BODY_S = 60.0
"""Longest time that a body takes to come, unless it is a file."""
FILES = re.compile(r"/api/v1/conversations/[0-9]+/files")
"""Where the body is a file, whose route holds it to a limit of its own."""
PROGRAMS = ("/api/", "/v1/", PATH)
"""Where programs are answered, and nothing is kept on the way."""

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
        gateway = installation.gateway(database)
        finding = installation.finding(database, gateway)
        api.state.gateway, api.state.finding = gateway, finding
        policies = installation.policies(database)
        asking = Asking(database, finding, settings, gateway, policies)
        writers = Writers(database, asking, keep_unanswered=settings.keep_failed_questions)
        api.state.asking, api.state.writers = asking, writers
        api.state.summarising = Summarising(database, settings, gateway, policies)
        try:
            async with queue.open_async(), door.open():
                yield
        finally:
            await writers.close()
            renderer.close()
            await gateway.close()
            await database.close()

    door = Door(LARGEST_BODY)
    api = compose_api(lifespan)
    api.router.routes += [Route(PATH, door), Route(METADATA, read_metadata)]
    settings = installation.settings
    api.state.settings = settings
    api.state.arrivals = Arrivals()
    api.state.folders = allowed_folders(settings)
    api.state.identity_provider = IdentityProvider.of(settings, settings.address + PATH)
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
    routers = (
        health,
        identity,
        access_requests,
        retrieval,
        thesaurus,
        answering,
        documents,
        summaries,
        sources,
        index,
        accounts,
        footprint,
        conversations,
        files,
        approved_answers,
        gaps,
        assistants,
        catalogue,
        guardrails,
        audit,
        comparisons,
        prompts,
        game,
    )
    api.include_router(openai)  # the first is found first, and programs ask it the most
    for router in routers:
        api.include_router(router, prefix="/api/v1")
    answer_with_problems(api)
    return api


def _operation_name(route: APIRoute) -> str:
    return route.name


class _Edge:
    """Security headers on every response, and a ceiling on every request body: of bytes, and of time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        received, comes = 0, True
        deadline = asyncio.get_running_loop().time() + BODY_S
        is_file = FILES.fullmatch(scope["path"]) is not None

        async def bounded() -> Message:
            nonlocal received, comes
            if is_file or not comes:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                return {"type": "http.disconnect"}
            received += len(message.get("body", b""))
            comes = message.get("more_body", False)
            return message if received <= LARGEST_BODY else {"type": "http.disconnect"}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [item for item in SECURITY_HEADERS.items() if item[0] not in present]
                if b"cache-control" not in present and scope["path"].startswith(PROGRAMS):
                    added.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, bounded, with_headers)
