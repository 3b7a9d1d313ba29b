"""A folder that is added in a browser: within allowed places only, and read by whoever was chosen."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import pytest
from psycopg.errors import InsufficientPrivilege

from centaure.app.installation import Installation
from centaure.identity import Role, service
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotFound
from centaure.kit.jobs import open_queue
from centaure.kit.settings import Settings
from centaure.knowledge.sources.folders import (
    SAMPLE,
    Allowed,
    FolderAsked,
    FolderRequest,
    Root,
    allowed_folders,
    fulfil_request,
    leave_request,
    look_at,
    read_request,
)
from centaure.knowledge.sources.jobs import jobs, request_folder
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.runs import list_runs

pytestmark = pytest.mark.anyio


@pytest.fixture
def roots(tmp_path: Path) -> Allowed:
    """A place for documents, beside what nobody may add."""
    (tmp_path / "documents" / "team").mkdir(parents=True)
    (tmp_path / "documents" / "team" / "leave.md").write_text(
        "# Leave\n\nThere are 27 days of leave.\n"
    )
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_text("secret")
    return Allowed((Root((tmp_path / "documents").resolve()),), (tmp_path / "home").resolve())


def refusal(allowed: Allowed, path: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        allowed.folder(path)
    return refused.value.message


def test_what_is_outside_answers_alike_whether_it_exists_or_not(
    roots: Allowed, tmp_path: Path
) -> None:
    (tmp_path / "documents" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "documents" / "loop").symlink_to(tmp_path / "documents" / "loop")
    outside = [
        str(tmp_path / "outside"),
        str(tmp_path / "nowhere"),
        str(tmp_path),
        str(tmp_path / "documents" / ".." / "outside"),
        str(tmp_path / "documents" / "link"),
        str(tmp_path / "documents-of-others"),
        "/etc",
        "/",
        "documents",
        "~",
        "",
        str(tmp_path / "documents" / "te\0am"),
    ]
    assert len({refusal(roots, path) for path in outside}) == 1
    assert roots.folder(str(tmp_path / "documents" / "team" / ".")).name == "team"


def test_within_a_place_the_reason_is_told(roots: Allowed, tmp_path: Path) -> None:
    inside = tmp_path / "documents"
    assert "no folder" in refusal(roots, str(inside / "absent"))
    assert "is a file" in refusal(roots, str(inside / "team" / "leave.md"))


def test_neither_the_system_nor_the_data_folder_is_ever_added(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for folder in ("documents", "folders", "sources"):
        (home / folder).mkdir(parents=True)
    named = f"/:{home}:{home / 'folders'}:relative"
    everything = allowed_folders(Settings(home=home, browser_folders=named))
    for path in (
        "/",
        "/etc",
        "/usr/share",
        "/proc/self",
        str(tmp_path),
        str(home),
        str(home / "folders"),
    ):
        refusal(everything, path)
    assert everything.folder(str(home / "documents")) == (home / "documents").resolve()
    assert everything.folder(str(SAMPLE)) == SAMPLE.resolve()


def test_by_default_only_the_place_for_documents_and_the_sample_are_offered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    allowed = allowed_folders(Settings(home=home))
    assert [root.path for root in allowed.roots] == [
        (home / "documents").resolve(),
        SAMPLE.resolve(),
    ]
    assert (home / "documents").is_dir()
    (home / "documents" / "team").mkdir()
    assert allowed.folder(str(home / "documents" / "team"))


def test_a_look_counts_and_names_nothing(roots: Allowed, tmp_path: Path) -> None:
    folder = roots.folder(str(tmp_path / "documents"))
    for name in ("a.pdf", "b.PDF", "c.docx", "film.mp4", ".hidden.md", "~$lock.docx"):
        (folder / name).write_bytes(b"12345")
    (folder / "link.pdf").symlink_to(tmp_path / "outside" / "secret.md")
    (folder / "elsewhere").symlink_to(tmp_path / "outside")
    found = look_at(folder)
    assert dict(found.formats) == {"pdf": 2, "docx": 1, "markdown": 1}
    assert (found.files, found.others, found.whole, found.ruled) == (4, 1, True, False)


@dataclass
class Desk:
    """An administrator, somebody else, and the worker that does what is asked."""

    owner: Database
    database: Database
    indexer: Database
    roots: Allowed
    folder: Path
    ada: int
    bob: int

    def asked(self, path: str, *readers: str, classification: int = 1) -> FolderAsked:
        return FolderAsked(str(self.folder / path), "", readers, classification)

    async def ask(self, asked: FolderAsked, roots: Allowed | None = None) -> FolderRequest:
        """A folder, asked for by the administrator, added and read by the worker."""
        return await self.worked(await self.leave(asked, roots))

    async def leave(self, asked: FolderAsked, roots: Allowed | None = None) -> int:
        """The number of a request that the worker has not seen yet."""
        queue = open_queue(self.database, {"sources": jobs})
        async with queue.open_async(), self.database.write(self.ada) as session:
            return await request_folder(session, queue, asked, roots or self.roots, self.ada)

    async def worked(self, number: int) -> FolderRequest:
        """What becomes of a request once the worker has done it."""
        context: dict[str, Any] = {
            "database": self.indexer,
            "parsers": 1,
            "places": Places(),
            "folders": self.roots,
            "manifests": self.folder / "manifests",
        }
        worker = open_queue(self.indexer, {"sources": jobs})
        async with worker.open_async():
            await worker.run_worker_async(
                wait=False, additional_context=context, install_signal_handlers=False
            )
        async with self.indexer.read(None) as session:
            return await read_request(session, number)

    async def titles(self, principal: int) -> list[str]:
        async with self.database.read(principal) as session:
            return [row.title for row in await session.rows("select title from document")]


@pytest.fixture
async def desk(
    clean: Installation, database: Database, indexer: Database, roots: Allowed, tmp_path: Path
) -> AsyncGenerator[Desk]:
    owner = clean.database("owner")
    async with owner.write(None) as session:
        ada = await service.create_user(session, "ada", "Ada", [Role.READER, Role.ADMINISTRATOR])
        bob = await service.create_user(session, "bob", "Bob", [Role.READER, Role.CURATOR])
    yield Desk(owner, database, indexer, roots, tmp_path, ada.id, bob.id)
    await owner.close()


async def test_only_whoever_was_chosen_reads_what_was_added(desk: Desk) -> None:
    made = await desk.ask(desk.asked("documents/team", "bob"))
    assert (made.state, made.problem, made.name) == ("added", "", "team")
    assert await desk.titles(desk.bob) == ["Leave"]
    assert await desk.titles(desk.ada) == []
    async with desk.database.read(desk.ada) as session:
        assert [run.state for run in await list_runs(session, made.source_id or 0)] == ["succeeded"]
    async with desk.database.read(desk.bob) as session:
        with pytest.raises(NotFound):
            await read_request(session, made.id)
    again = await desk.ask(desk.asked("documents/team", "ada"))
    assert again.state == "refused"
    assert "already" in again.problem
    assert await desk.titles(desk.ada) == []


async def test_nobody_reads_until_somebody_is_chosen(desk: Desk) -> None:
    for asked, said in (
        (desk.asked("documents/team"), "Choose who"),
        (desk.asked("documents/team", "nobody.known"), "no account"),
        (desk.asked("outside", "*"), "not a folder"),
    ):
        async with desk.database.write(desk.ada) as session:
            with pytest.raises(InvalidInput, match=said):
                await leave_request(session, asked, desk.roots, desk.ada)


async def test_a_folder_with_rights_of_its_own_keeps_them(desk: Desk) -> None:
    rule = "{path: ., type: folder, classification: C1, read: {users: [bob]}}"
    (desk.folder / "documents" / "team" / "rights.yaml").write_text(f"rules: [{rule}]")
    async with desk.database.write(desk.ada) as session:
        with pytest.raises(InvalidInput, match=r"rights\.yaml"):
            await leave_request(session, desk.asked("documents/team", "*"), desk.roots, desk.ada)
    assert (await desk.ask(desk.asked("documents/team"))).state == "added"
    assert await desk.titles(desk.bob) == ["Leave"]
    assert await desk.titles(desk.ada) == []


async def test_the_worker_looks_again_with_its_own_settings(desk: Desk) -> None:
    wide = Allowed((Root(desk.roots.roots[0].path.parent),), desk.roots.home)
    assert (await desk.ask(desk.asked("outside", "ada"), wide)).state == "refused"
    assert await desk.titles(desk.ada) == []


async def test_only_an_administrator_asks_whatever_the_application_says(desk: Desk) -> None:
    with pytest.raises(InsufficientPrivilege):
        async with desk.database.write(desk.bob) as session:
            await leave_request(session, desk.asked("documents/team", "*"), desk.roots, desk.bob)


@pytest.mark.parametrize(
    "change",
    [
        "update user_account set roles = array['reader'] where principal_id = %(id)s",
        "update user_account set disabled_at = now() where principal_id = %(id)s",
    ],
)
async def test_what_an_administrator_asked_ends_with_their_role(
    desk: Desk, change: LiteralString
) -> None:
    number = await desk.leave(desk.asked("documents/team", "bob"))
    async with desk.owner.write(None) as session:
        await session.execute(change, {"id": desk.ada})
    refused = await desk.worked(number)
    assert (refused.state, refused.source_id) == ("refused", None)
    assert "no administrator" in refused.problem
    assert await desk.titles(desk.bob) == []


OPEN_TO_BOB = "rules: [{path: ., type: folder, classification: C0, read: {users: [bob]}}]"


async def test_rights_that_come_after_the_choice_refuse_it_instead_of_taking_its_place(
    desk: Desk,
) -> None:
    number = await desk.leave(desk.asked("documents/team", "ada"))
    (desk.folder / "documents" / "team" / "rights.yaml").write_text(OPEN_TO_BOB)
    refused = await desk.worked(number)
    assert (refused.state, refused.source_id) == ("refused", None)
    assert "Choose nobody besides" in refused.problem
    assert await desk.titles(desk.ada) == await desk.titles(desk.bob) == []


async def test_rights_that_are_a_link_are_refused_in_the_application_and_in_the_worker(
    desk: Desk,
) -> None:
    own = desk.folder / "documents" / "team" / "rights.yaml"
    own.write_text(OPEN_TO_BOB)
    number = await desk.leave(desk.asked("documents/team"))
    own.rename(desk.folder / "outside" / "rights.yaml")
    own.symlink_to(desk.folder / "outside" / "rights.yaml")
    for readers, said in (((), "not a plain file"), (("ada",), "Choose nobody besides")):
        with pytest.raises(InvalidInput, match=said):
            await desk.leave(desk.asked("documents/team", *readers))
    refused = await desk.worked(number)
    assert refused.state == "refused"
    assert "not a plain file" in refused.problem
    assert await desk.titles(desk.bob) == []


def folders_around(desk: Desk) -> None:
    """A folder in the team's, and two beside it."""
    for path in ("team/hr", "team-two", "other/deep/er"):
        folder = desk.folder / "documents" / path
        folder.mkdir(parents=True)
        (folder / "pay.md").write_text("# Pay\n\nPay is due on the 27th.\n")


async def test_a_folder_around_one_that_is_closed_does_not_open_it(desk: Desk) -> None:
    folders_around(desk)
    await desk.ask(desk.asked("documents/team", "bob", classification=3))
    made = [
        await desk.ask(desk.asked(path, "ada", classification=0))
        for path in ("documents/team", "documents/team/hr", "documents")
    ]
    assert [one.state for one in made] == ["refused"] * 3
    assert len({one.problem for one in made}) == 1
    assert await desk.titles(desk.ada) == []
    assert (await desk.ask(desk.asked("documents/team-two", "ada"))).state == "added"
    assert await desk.titles(desk.ada) == ["Pay"]


async def test_an_overlap_that_is_in_sight_is_told_at_once(desk: Desk) -> None:
    folders_around(desk)
    await desk.ask(desk.asked("documents/team", "ada"))
    for path in ("documents/team", "documents/team/hr", "documents"):
        with pytest.raises(InvalidInput, match="overlaps"):
            await desk.leave(desk.asked(path, "ada"))


@pytest.mark.parametrize("ruled", ["", "other", "other/deep/er"])
async def test_rights_above_or_below_a_folder_refuse_it(desk: Desk, ruled: str) -> None:
    folders_around(desk)
    asked = desk.asked("documents/other/deep", "ada", classification=0)
    number = await desk.leave(asked)
    rights = desk.folder / "documents" / ruled / "rights.yaml"
    rights.symlink_to(desk.folder / "nowhere")
    with pytest.raises(InvalidInput, match="above this one, or below it"):
        await desk.leave(asked)
    assert "above this one, or below it" in (await desk.worked(number)).problem
    assert await desk.titles(desk.ada) == []


async def test_a_request_that_was_cut_short_does_not_overlap_with_itself(desk: Desk) -> None:
    made = await desk.ask(desk.asked("documents/team", "bob"))
    async with desk.owner.write(None) as session:
        await session.execute("update folder_request set state = 'waiting', source_id = null")
    again = await fulfil_request(
        desk.indexer, made.id, desk.roots, Places(), desk.folder / "manifests"
    )
    assert again == made.source_id
