"""Places with rights of their own, from their servers to what the database shows."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from centaure.knowledge.connectors.conformance import GROUPS, Place
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.sync import SyncOptions, sync_source

pytestmark = pytest.mark.anyio

PLACES = {
    name: f"knowledge.connectors.places.{module}"
    for module, names in (
        ("confluence", ("confluence cloud", "confluence data center")),
        ("sharepoint", ("sharepoint",)),
        ("imap", ("imap-with-rights",)),
        ("nextcloud", ("nextcloud",)),
        ("smb", ("smb-of-a-domain", "smb-with-rights")),
    )
    for name in names
}


@dataclass(frozen=True)
class This(Places):
    """Gives the connector of one place, whatever is asked for."""

    place: Any = None

    def connector(self, kind: str, place: Any) -> Any:  # noqa: ARG002
        return self.place.connector()


@pytest.fixture
def place(request: pytest.FixtureRequest, started: Any, tmp_path: Any) -> Iterator[Place]:
    made = importlib.import_module(PLACES[request.param]).PLACES[request.param]
    with made(started, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("place", sorted(PLACES), indirect=True)
async def test_who_reads_there_reads_here(place: Place, library: Any) -> None:
    async with library.indexer.write(None) as session:
        await session.execute("update source set manifest = null")
    options = SyncOptions(places=This(place=place))

    async def seen() -> dict[str, set[str]]:
        run = await sync_source(library.indexer, library.source_id, options=options)
        assert run.state == "succeeded", run.report
        async with library.indexer.read(None) as session:
            rows = await session.rows("select login from user_account order by login")
        logins = {row.login.partition("@")[0]: row.login for row in rows}
        return {name: await library.sees(login) for name, login in logins.items()}

    first = place.write("one/first.txt", b"The first words of the place, for Ada alone.")
    second = place.write("two/second.txt", b"The second words of the place, for Ada and Bob.")
    place.allow(first, ["ada"])
    place.allow(second, ["ada", "bob"])
    found = await seen()
    assert (found["ada"], found["bob"]) == ({first, second}, {second})
    place.allow(second, ["ada"])
    if GROUPS in place.capabilities:
        place.allow_group(first, "readers", ["bob", "eve"])
    else:
        place.allow(first, ["bob", "eve"])
    found = await seen()
    assert (found["ada"], found["bob"], found["eve"]) == ({second}, {first}, {first})
    place.close_all(first)
    assert (await seen())["bob"] == set()
