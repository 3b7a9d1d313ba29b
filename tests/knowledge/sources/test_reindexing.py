"""Generations of the index: built beside what is searched, switched at once, and back."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.knowledge.indexing import hold_sides
from centaure.knowledge.indexing.generations import (
    Generation,
    Wanted,
    begin_generation,
    list_generations,
    outdated_readings,
    remove_generation,
    switch_to,
    taken_over,
)
from centaure.knowledge.parsing import ParseOutcome, ParserProcess, ParseStatus
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.models import EmbeddingModels, add_model
from centaure.knowledge.sources.control import exclude
from centaure.knowledge.sources.reindexing import Means, keep_index
from centaure.knowledge.sources.repository import source_by_id
from centaure.knowledge.sources.sync import SyncOptions

pytestmark = pytest.mark.anyio

NEW = Wanted(read_again=True)


class Newer(ParserProcess):
    """A later version: it reads 'refectory' where the earlier one read 'canteen'."""

    def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
        with TemporaryDirectory() as folder:
            newer = Path(folder, "newer")
            newer.write_bytes(path.read_bytes().replace(b"canteen", b"refectory"))
            return super().parse(newer, name or path.name)


class Never(ParserProcess):
    """A parser that must not be asked anything."""

    def parse(self, path: Path, name: str | None = None) -> ParseOutcome:  # noqa: ARG002
        raise AssertionError(f"{path} was read again")


@pytest.fixture
def begin(library: Any) -> Callable[..., Awaitable[Generation]]:
    async def begin(wanted: Wanted = NEW) -> Generation:
        async with library.indexer.write(None) as session:
            return await begin_generation(session, wanted, None)

    return begin


def mail() -> bytes:
    """A message with an attachment."""
    message = EmailMessage()
    message["Subject"], message["From"] = "Menus", "a@example.org"
    message.set_content("Here is what the canteen serves this week, as an attachment.")
    message.add_attachment(
        b"Fish on Friday.", maintype="text", subtype="plain", filename="menu.txt"
    )
    return message.as_bytes()


async def states(library: Any) -> dict[int, str]:
    async with library.indexer.read(None) as session:
        return {one.id: one.state for one in await list_generations(session)}


async def switch(library: Any, number: int) -> None:
    async with library.indexer.write(None) as session:
        await switch_to(session, number)


async def remove(library: Any, number: int) -> None:
    async with library.indexer.write(None) as session:
        await remove_generation(session, number)


async def reads(library: Any, login: str = "bob") -> str:
    """The text that a user is shown, and finds by searching for each of its words."""
    async with library.indexer.read(None) as session:
        number = await session.value(
            "select principal_id from user_account where login = %(login)s", {"login": login}
        )
    async with library.database.read(number) as session:
        rows = await session.rows(
            "select text from chunk join document on document.id = document_id order by path, position"
        )
        shown = "\n".join(row.text for row in rows)
        for word in ("canteen", "refectory", "pay"):
            found = await search(session, word, SearchFilters(), 10)
            assert bool(found.hits) == (word in shown), word
            assert all(word in hit.text for hit in found.hits)
    return shown


async def test_a_generation_is_built_beside_switched_at_once_and_back(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    await library.sync()
    before = await reads(library)
    begun = await begin(Wanted(read_again=True, switch=False))
    assert (begun.state, begun.to_read) == ("building", 2)
    assert await reads(library) == before
    await keep_index(library.indexer, Means(open_parser=Newer))
    assert await states(library) == {1: "live", 2: "ready"}
    assert await reads(library) == before
    await switch(library, 2)
    assert await reads(library) == before.replace("canteen", "refectory")
    assert await reads(library, "alice") == "The refectory opens at noon for everybody."
    assert await reads(library, "carol") == ""
    await switch(library, 1)
    assert await reads(library) == before
    assert await states(library) == {1: "live", 2: "kept"}


async def test_what_earlier_versions_read_is_read_again_and_the_rest_taken_over(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    await library.sync()
    async with library.indexer.write(None) as session:
        assert await outdated_readings(session) == 0
        await session.execute(
            "update reading set parser_version = 'old' from document"
            " where document.id = document_id and path = 'notes.md'"
        )
        assert await outdated_readings(session) == 1
    asked: list[str] = []

    class Counting(Newer):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            asked.append(name or "")
            return super().parse(path, name)

    await begin(Wanted())
    await keep_index(library.indexer, Means(open_parser=Counting))
    assert asked == ["notes.md"]
    assert await states(library) == {1: "kept", 2: "live"}
    assert "refectory" in await reads(library)
    async with library.indexer.read(None) as session:
        assert await outdated_readings(session) == 0


async def test_a_synchronisation_leaves_what_earlier_versions_read_as_it_is(library: Any) -> None:
    await library.sync()
    async with library.indexer.write(None) as session:
        await session.execute("update reading set parser_version = 'old'")
        await session.execute("update ledger set parser_version = 'old'")
    run = await library.sync(SyncOptions(open_parser=Never))
    assert run.report["unchanged"] == 2


async def test_a_build_that_is_cut_short_goes_on_where_it_was(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    for number in range(6):
        library.write(f"{number}.txt", f"The canteen number {number} opens at noon.\n")
    await library.sync()
    before = await reads(library)
    asked: list[str] = []

    class Dying(Newer):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            asked.append(name or "")
            if len(asked) == 4:
                raise RuntimeError(name)
            return super().parse(path, name)

    await begin()
    with pytest.raises(RuntimeError):
        await keep_index(library.indexer, Means(parsers=1, open_parser=Dying))
    assert await states(library) == {1: "live", 2: "building"}
    assert await reads(library) == before
    await keep_index(library.indexer, Means(open_parser=Dying))
    assert len(asked) == 9  # three were done, one was cut short, eight in all
    assert await reads(library) == before.replace("canteen", "refectory")


async def test_what_changes_meanwhile_reaches_every_generation(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    library.write("menus.eml", mail())
    library.write("old.txt", "The canteen was elsewhere before the works.\n")
    await library.sync()
    await begin(Wanted(read_again=True, switch=False))
    library.write("notes.md", "# Notes\n\nThe canteen opens at one for everybody.\n")
    await library.sync()
    await keep_index(library.indexer, Means(open_parser=Newer))
    library.write("late.txt", "A second canteen opens in the north wing.\n")
    (library.root / "old.txt").unlink()
    (library.root / "hr").rename(library.root / "people")
    await library.sync()
    live = await reads(library)
    assert "at one" in live
    assert "north wing" in live
    assert "Fish" in live
    assert "elsewhere" not in live
    await switch(library, 2)
    other = await reads(library)
    assert "at one" in other
    assert "north wing" in other
    assert "Fish" in other
    assert "elsewhere" not in other
    assert "what the refectory serves" in other
    assert await library.sees("bob") == await library.sees("alice") | {"people/pay.txt"} - {
        "people/pay.txt"
    }
    async with library.indexer.write(None) as session:
        source = await source_by_id(session, library.source_id)
        await exclude(session, source, "menus.eml")
    left = await library.rows("select distinct side from reading join document on id = document_id")
    assert len(left) == 2
    assert (
        await library.rows(
            "select 1 from chunk where text like '%%Fish%%' or text like '%%serves%%'"
        )
        == []
    )


async def test_rights_hold_on_both_sides_at_once(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    await library.sync()
    await begin(Wanted(read_again=True, switch=False))
    await keep_index(library.indexer, Means(open_parser=Newer))
    library.manifest.write_text(
        library.manifest.read_text().replace("groups: [hr]}}", "users: [carol]}}")
    )
    await library.sync()
    await switch(library, 2)
    assert "pay" not in await reads(library, "bob")
    assert "pay" in await reads(library, "carol")


async def test_what_cannot_be_read_anew_is_taken_over_and_says_why(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    library.write("gone.txt", "The canteen of the past had no windows.\n")
    library.write("grown.txt", "The canteen of the present has two windows.\n")
    await library.sync()
    before = await reads(library)
    (library.root / "gone.txt").unlink()
    library.write("grown.txt", "The canteen of the future has three windows or more.\n")

    class Stricter(Newer):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            if name == "pay.txt":
                return ParseOutcome(ParseStatus.CORRUPTED, "The new version refuses it.", None)
            return super().parse(path, name)

    await begin()
    await keep_index(library.indexer, Means(open_parser=Stricter))
    assert await states(library) == {1: "kept", 2: "live"}
    expected = before.replace("canteen opens", "refectory opens")
    assert await reads(library) == expected
    kept = dict(
        await library.rows(
            "select path, kept from reading join document on id = document_id"
            " where side = 1 and kept <> ''"
        )
    )
    assert set(kept) == {"gone.txt", "grown.txt", "hr/pay.txt"}
    async with library.indexer.read(None) as session:
        assert await outdated_readings(session) == 0
        assert sum((await taken_over(session)).values()) == 3
    assert kept["hr/pay.txt"] == "The new version refuses it."


async def test_a_place_that_is_away_is_waited_for(
    library: Any, begin: Callable[..., Awaitable[Generation]], tmp_path: Path
) -> None:
    await library.sync()
    before = await reads(library)
    await begin()
    shutil.move(library.root, tmp_path / "elsewhere")
    await keep_index(library.indexer, Means(open_parser=Newer))
    async with library.indexer.read(None) as session:
        waiting = (await list_generations(session))[0]
    assert (waiting.state, waiting.to_read) == ("building", 2)
    assert "documents" in waiting.problem
    assert await reads(library) == before
    shutil.move(tmp_path / "elsewhere", library.root)
    await keep_index(library.indexer, Means(open_parser=Newer))
    assert "refectory" in await reads(library)


async def test_a_generation_that_is_removed_leaves_nothing(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    await library.sync()
    before = await reads(library)
    await begin()
    await keep_index(library.indexer, Means(open_parser=Newer))
    await switch(library, 1)
    await remove(library, 2)
    with pytest.raises(Conflict, match="is leaving where"):
        await begin()
    await keep_index(library.indexer, Means(open_parser=Never))
    assert await states(library) == {1: "live"}
    assert await library.rows("select distinct side from reading") == [(0,)]
    assert await library.rows("select distinct side from chunk") == [(0,)]
    assert await reads(library) == before
    await begin()
    await remove(library, 3)  # before the worker begins
    await keep_index(library.indexer, Means(open_parser=Never))
    assert await states(library) == {1: "live"}


async def test_a_generation_begins_between_two_files_never_within_one(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    await library.sync()
    async with library.indexer.write(None) as session:
        assert await hold_sides(session) == {0}
        beginning = asyncio.create_task(begin())
        await asyncio.sleep(0.3)
        assert not beginning.done()
        assert await hold_sides(session) == {0}
    assert (await beginning).state == "building"


async def test_an_attachment_without_its_reading_does_not_stop_a_build(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    library.write("menus.eml", mail())
    await library.sync()
    await begin()
    async with library.indexer.write(None) as session:
        await session.execute(
            "select copy_reading(id, 1::smallint, null, '') from document"
            " where path = 'menus.eml/menu.txt'"
        )
    await keep_index(library.indexer, Means(open_parser=Newer))
    assert await states(library) == {1: "kept", 2: "live"}
    assert "what the refectory serves" in await reads(library)


async def test_a_fault_that_nobody_foresaw_is_said_where_people_look(
    library: Any, begin: Callable[..., Awaitable[Generation]], monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.sync()
    await begin()

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("centaure.knowledge.sources.reindexing.write_reading", broken)
    with pytest.raises(ZeroDivisionError):
        await keep_index(library.indexer, Means())
    async with library.indexer.read(None) as session:
        assert "ZeroDivisionError" in (await list_generations(session))[0].problem


async def test_what_cannot_be_done_is_refused(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    await library.sync()
    with pytest.raises(InvalidInput, match="--read-again"):
        await begin(Wanted())
    with pytest.raises(NotFound, match="no embedding model"):
        await begin(Wanted(model="none"))
    await begin()
    with pytest.raises(Conflict, match="is being built"):
        await begin()
    for number, words in ((1, "live already"), (2, "not complete")):
        with pytest.raises(Conflict, match=words):
            await switch(library, number)
    with pytest.raises(Conflict, match="is live"):
        await remove(library, 1)
    with pytest.raises(NotFound):
        await switch(library, 9)
    await keep_index(library.indexer, Means())
    with pytest.raises(Conflict, match="is kept where this one"):
        await begin()


async def test_a_new_model_shares_the_passages_of_the_live_generation(
    library: Any, begin: Callable[..., Awaitable[Generation]]
) -> None:
    await library.sync()
    models = EmbeddingModels()
    for name, dimensions in (("small", "64"), ("large", "128")):
        described, length = models.describe("trigrams", "", {"dimensions": dimensions}, "")
        assert length == int(dimensions)
        async with library.indexer.write(None) as session:
            await add_model(session, name, described, length)
    chunks = await library.rows("select id from chunk order by id")
    await begin(Wanted(model="small"))
    await keep_index(library.indexer, Means(models=models, open_parser=Never))
    begun = await begin(Wanted(model="large"))
    assert (begun.to_read, begun.to_embed) == (0, 2)
    library.write("late.txt", "A second canteen opens in the north wing.\n")
    await library.sync()
    await keep_index(library.indexer, Means(models=models, open_parser=Never))
    assert await states(library) == {1: "kept", 2: "kept", 3: "live"}
    assert (await library.rows("select id from chunk order by id"))[:2] == chunks
    statement = "select model, count(*) from chunk_vector group by model order by model"
    assert await library.rows(statement) == [(1, 3), (2, 3)]
    await remove(library, 2)
    await keep_index(library.indexer, Means(models=models, open_parser=Never))
    assert await library.rows(statement) == [(2, 3)]
