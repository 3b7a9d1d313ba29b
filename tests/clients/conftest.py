"""The company of two folders behind a real server on loopback, for the clients that others wrote."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from centaure.app.api import make_api
from centaure.app.installation import Installation
from centaure.identity import Role, Scope, service
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import sync_source
from clients.scripted import Scripted
from contracts.company import RIGHTS, write_documents
from listening import listening

ALL = (Scope.SEARCH, Scope.ASK, Scope.DOCUMENTS, Scope.SOURCES)


@dataclass(frozen=True)
class Served:
    """A server, and keys of people: `owner` reads everything, `neighbour` the open folder.

    Attributes:
        address: without a slash at its end.
        keys: by login; `searcher` is a key of the owner for search alone.
        models: those behind `/v1`.
        installation: whose documents they are.
    """

    address: str
    keys: dict[str, str]
    models: Scripted
    installation: Installation


@pytest.fixture(scope="module")
def served(
    clean_module: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The server, once for a module."""
    keys = fill(clean_module, tmp_path_factory.mktemp("company"))
    api = make_api(clean_module)
    with listening(api) as address:
        real, api.state.gateway = api.state.gateway, Scripted()
        yield Served(address, keys, api.state.gateway, clean_module)
        api.state.gateway = real


def fill(installation: Installation, folder: Path) -> dict[str, str]:
    """Synchronise the documents and make the keys, by name."""
    return asyncio.run(_fill(installation, folder))


async def _fill(installation: Installation, folder: Path) -> dict[str, str]:
    write_documents(folder / "documents")
    manifest = folder / "rights.yaml"
    manifest.write_text(RIGHTS)
    owner, indexer = installation.database("owner"), installation.database("indexer")
    source = await add_source(indexer, NewSource(folder / "documents", manifest=manifest))
    await sync_source(indexer, source.id)
    keys: dict[str, str] = {}
    async with owner.write(None) as session:
        for name, login, scopes in (
            ("owner", "owner", ALL),
            ("neighbour", "neighbour", ALL),
            ("searcher", "owner", (Scope.SEARCH,)),
        ):
            user = await service.set_roles(session, login, [Role.READER])
            _, keys[name] = await service.create_key(
                session, user.id, name, scopes, timedelta(days=1)
            )
    await owner.close()
    await indexer.close()
    return keys
