"""The whole API in front of the company of two folders."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx2
import pytest

from centaure.app.api import make_api
from centaure.app.installation import Installation
from centaure.identity import Role, passwords, repository, service
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import sync_source
from contracts.company import PASSWORD, RIGHTS, Company, write_documents

PEOPLE = {
    "owner": [Role.READER],
    "neighbour": [Role.READER],
    "curator": [Role.READER, Role.CURATOR],
    "administrator": [Role.READER, Role.ADMINISTRATOR, Role.AUDITOR],
}


@pytest.fixture(scope="module")
async def company(
    clean_module: Installation, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Company]:
    """The company, synchronised once for the module, and everybody signed in."""
    folder = tmp_path_factory.mktemp("company")
    root = folder / "documents"
    write_documents(root)
    manifest = folder / "rights.yaml"
    manifest.write_text(RIGHTS)
    owner, indexer = clean_module.database("owner"), clean_module.database("indexer")
    source = await add_source(indexer, NewSource(root, manifest=manifest))
    await sync_source(indexer, source.id)
    hashed = await passwords.hash_password(PASSWORD)
    async with owner.write(None) as session:
        for login, roles in PEOPLE.items():
            user = await service.set_roles(session, login, roles)
            await repository.set_password_hash(session, user.id, hashed)
    async with owner.read(None) as session:
        ids = {row.path: row.id for row in await session.rows("select id, path from document")}
        secret = "confidentiel-zanzibar/confidentiel-"
        chunk = await session.value(
            "select id from chunk where document_id = %(d)s", {"d": ids[secret + "plan.pdf"]}
        )
    await owner.close()
    await indexer.close()
    api = make_api(clean_module)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(api.router.lifespan_context(api))
        transport = httpx2.ASGITransport(app=api)
        found = Company(
            root=root,
            source=source.id,
            pdf=ids[secret + "plan.pdf"],
            mail=ids[secret + "mail.eml"],
            attachment=ids[secret + "mail.eml/cobaltine-note.txt"],
            chunk=chunk,
            open_document=ids["open/readme.md"],
            conversation=0,
            question=0,
            turn=0,
            file=0,
            assistant="",
            people={
                person: await stack.enter_async_context(
                    httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600")
                )
                for person in ("stranger", *PEOPLE)
            },
        )
        for person in PEOPLE:
            await found.sign_in(person)
        client = found.people["owner"]
        begun = (await client.post("/api/v1/conversations", json={})).json()["id"]
        asked = {"question": "What does Project Zanzibar buy?"}
        answered = await client.post(f"/api/v1/conversations/{begun}/ask", json=asked)
        assert answered.status_code == 200, answered.text
        turns = (await client.get(f"/api/v1/conversations/{begun}")).json()["turns"]
        first, last = (turn["id"] for turn in turns)
        dropped = await client.post(
            f"/api/v1/conversations/{begun}/files?name=confidentiel-prices.txt",
            content=b"Cobaltine",
        )
        file = dropped.json()["id"]
        definition = {"name": "Zanzibar", "language": "en", "role": "You know Cobaltine."}
        written = await client.post("/api/v1/assistants", json={"definition": definition})
        assert written.status_code == 201, written.text
        yield replace(
            found,
            conversation=begun,
            question=first,
            turn=last,
            file=file,
            assistant=written.json()["key"],
        )
