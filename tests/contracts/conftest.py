"""The whole API in front of the company of two folders."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from centaure.app.api import make_api
from centaure.app.installation import Installation
from centaure.identity import Role, passwords, repository, service
from centaure.kit.database import Database
from centaure.knowledge.sources import NewFolder, add_folder_source, sync_source
from contracts.company import PASSWORD, RIGHTS, Company, write_documents


@pytest.fixture
def api(clean: Installation) -> FastAPI:
    """The whole application, without the web page."""
    return make_api(clean)


@pytest.fixture
async def company(
    api: FastAPI, clean: Installation, indexer: Database, tmp_path: Path
) -> AsyncIterator[Company]:
    """The company, synchronised, and everybody signed in."""
    root = tmp_path / "documents"
    write_documents(root)
    manifest = tmp_path / "rights.yaml"
    manifest.write_text(RIGHTS)
    owner = clean.database("owner")
    source = await add_folder_source(indexer, NewFolder(root, manifest=manifest))
    await sync_source(indexer, source.id)
    hashed = await passwords.hash_password(PASSWORD)
    async with owner.write(None) as session:
        for login, roles in (
            ("owner", [Role.READER]),
            ("neighbour", [Role.READER]),
            ("curator", [Role.READER, Role.CURATOR]),
            ("administrator", [Role.READER, Role.ADMINISTRATOR, Role.AUDITOR]),
        ):
            user = await service.set_roles(session, login, roles)
            await repository.set_password_hash(session, user.id, hashed)
    async with owner.read(None) as session:
        ids = {
            row.path: row.id for row in await session.execute(text("select id, path from document"))
        }
        secret = "confidentiel-zanzibar/confidentiel-"
        chunk = await session.scalar(
            text("select id from chunk where document_id = :d"), {"d": ids[secret + "plan.pdf"]}
        )
    await owner.close()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(api.router.lifespan_context(api))
        people = {}
        for login in ("stranger", "neighbour", "curator", "administrator", "owner"):
            client = await stack.enter_async_context(
                httpx2.AsyncClient(
                    transport=httpx2.ASGITransport(app=api), base_url="http://127.0.0.1:8600"
                )
            )
            if login != "stranger":
                credentials = {"login": login, "password": PASSWORD}
                response = await client.post("/api/v1/session", json=credentials)
                assert response.status_code == 200, response.text
                client.headers["X-CSRF-Token"] = response.json()["csrf_token"]
            people[login] = client
        yield Company(
            source=source.id,
            pdf=ids[secret + "plan.pdf"],
            mail=ids[secret + "mail.eml"],
            attachment=ids[secret + "mail.eml/cobaltine-note.txt"],
            chunk=chunk,
            open_document=ids["open/readme.md"],
            people=people,
        )
