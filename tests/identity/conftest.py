"""Real HTTP over ASGI, as several people, on the real database."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from centaure.app.installation import Installation
from centaure.app.problems import answer_with_problems
from centaure.identity import Role, repository, service
from centaure.identity.routes import router
from centaure.kit.database import Database

PASSWORD = "correct horse battery"
ADDRESS = "http://127.0.0.1:8600"

Client = httpx2.AsyncClient
SignIn = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of everybody's password here, with less work than the product's to check."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@pytest.fixture
async def owner(clean: Installation) -> AsyncIterator[Database]:
    """Connections as the machine's own administrators have them."""
    opened = clean.database("owner")
    yield opened
    await opened.close()


@pytest.fixture
def api(clean: Installation, database: Database) -> FastAPI:
    """The routes of identity alone."""
    application = FastAPI()
    application.include_router(router, prefix="/api/v1")
    application.state.database = database
    application.state.settings = clean.settings
    answer_with_problems(application)
    return application


@pytest.fixture
async def stranger(api: FastAPI) -> AsyncIterator[Client]:
    """A browser in which nobody is signed in."""
    async with browser(api) as client:
        yield client


@asynccontextmanager
async def browser(api: FastAPI) -> AsyncIterator[Client]:
    """A new browser."""
    transport = httpx2.ASGITransport(app=api)
    async with Client(transport=transport, base_url=f"{ADDRESS}/api/v1") as client:
        yield client


@pytest.fixture
async def add_user(owner: Database, password_hash: str) -> Callable[..., Awaitable[int]]:
    """Make a user who can sign in."""

    async def add(login: str, *roles: Role) -> int:
        async with owner.write(None) as session:
            user = await service.create_user(session, login, login.title(), roles or {Role.READER})
            await repository.set_password_hash(session, user.id, password_hash)
        return user.id

    return add


@pytest.fixture
async def sign_in(api: FastAPI, add_user: Callable[..., Awaitable[int]]) -> AsyncIterator[SignIn]:
    """Make a user and sign in as them; the client repeats the CSRF token."""
    async with AsyncExitStack() as stack:

        async def enter(login: str, *roles: Role) -> Client:
            await add_user(login, *roles)
            client = await stack.enter_async_context(browser(api))
            response = await client.post("/session", json={"login": login, "password": PASSWORD})
            assert response.status_code == 200, response.text
            client.headers["X-CSRF-Token"] = response.json()["csrf_token"]
            return client

        yield enter
