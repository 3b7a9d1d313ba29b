"""A person leaves files out, takes them back, has them read again, changes and removes a source."""

from pathlib import Path
from typing import Any

import pytest

from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.sources.control import (
    EXCLUDED,
    change_source,
    exclude,
    include,
    read_again,
    remove_source,
)
from centaure.knowledge.sources.service import find_source

pytestmark = pytest.mark.anyio


async def source_of(library: Any) -> Any:
    async with library.indexer.read(None) as session:
        return await find_source(session, str(library.source_id))


async def count(library: Any, table: str) -> int:
    return int((await library.rows(f"select count(*) from {table}"))[0][0])


async def test_what_is_left_out_goes_at_once_and_does_not_come_back(library: Any) -> None:
    library.write("hr/other.txt", "Another paper of human resources.")
    await library.sync()
    source = await source_of(library)
    async with library.indexer.write(None) as session:
        assert await exclude(session, source, "hr/") == 2
    assert set(await library.documents()) == {"notes.md"}
    assert await count(library, "chunk") == 1
    library.write("hr/new.txt", "A paper that came later.")
    run = await library.sync()
    assert run.state == "succeeded"
    assert set(await library.documents()) == {"notes.md"}
    ledger = await library.ledger()
    assert {path for path, status in ledger.items() if status == "ignored"} == {
        "hr/pay.txt", "hr/other.txt", "hr/new.txt",
    }  # fmt: skip
    assert await library.reason("hr/pay.txt") == EXCLUDED
    async with library.indexer.write(None) as session:
        await include(session, source, "hr")
    await library.sync()
    assert set(await library.documents()) == {
        "notes.md",
        "hr/pay.txt",
        "hr/other.txt",
        "hr/new.txt",
    }
    with pytest.raises(NotFound):
        async with library.indexer.write(None) as session:
            await include(session, source, "hr")


async def test_a_file_is_read_again_on_demand(library: Any) -> None:
    await library.sync()
    source = await source_of(library)
    async with library.indexer.write(None) as session:
        assert await read_again(session, source, "notes.md") == 1
    run = await library.sync()
    assert (run.report["changed"], run.report["unchanged"]) == (1, 1)
    with pytest.raises(NotFound):
        async with library.indexer.write(None) as session:
            await read_again(session, source, "absent.md")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x"])
async def test_only_paths_in_the_source_are_taken(library: Any, path: str) -> None:
    source = await source_of(library)
    with pytest.raises(InvalidInput):
        async with library.indexer.write(None) as session:
            await exclude(session, source, path)


async def test_another_manifest_holds_from_the_next_synchronisation(
    library: Any, tmp_path: Path
) -> None:
    await library.sync()
    other = tmp_path / "other.yaml"
    other.write_text(
        "users: [{id: dora}]\nrules: [{path: ., type: folder, classification: C0, read: {users: [dora]}}]"
    )
    source = await source_of(library)
    async with library.indexer.write(None) as session:
        await change_source(session, source, manifest=other, schedule_minutes=0)
    await library.sync()
    assert await library.sees("dora") == {"notes.md", "hr/pay.txt"}
    assert await library.sees("alice") == set()
    source = await source_of(library)
    assert (source.manifest, source.schedule_minutes) == (str(other), None)


async def test_a_removed_source_leaves_nothing_but_accounts(library: Any) -> None:
    await library.sync()
    source = await source_of(library)
    async with library.indexer.write(None) as session:
        await remove_source(session, source)
    for table in ("source", "document", "chunk", "ledger", "sync_run", "listing", "group_member"):
        assert await count(library, table) == 0, table
    assert await count(library, "principal where kind = 'group'") == 0
    assert await count(library, "user_account") == 3
