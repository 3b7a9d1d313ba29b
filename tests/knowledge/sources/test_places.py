"""What a place says itself: rights, changes, moves, losses, brought into the real database."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from centaure.kit.errors import Unavailable
from centaure.knowledge.connectors import (
    Checkpoint,
    Connector,
    Fetched,
    Gone,
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceAccess,
    PlaceGroup,
    PlaceUnavailable,
    Problem,
    TokenExpired,
    copied,
)
from centaure.knowledge.parsing import ParserProcess
from centaure.knowledge.sources import content
from centaure.knowledge.sources import sync as sync_module
from centaure.knowledge.sources.control import exclude
from centaure.knowledge.sources.ledger import read_ledger
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.runs import queue_run
from centaure.knowledge.sources.service import find_source
from centaure.knowledge.sources.sync import SyncOptions, sync_source

pytestmark = pytest.mark.anyio

ANYBODY = PlaceAccess((frozenset({"*"}),))


def only(*keys: str, denied: tuple[str, ...] = ()) -> PlaceAccess:
    return PlaceAccess((frozenset(keys),), frozenset(denied))


class Shelf(Connector):
    """A place in memory."""

    kind = "shelf"
    reports_access = True

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, str, PlaceAccess | None]] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self.fetched: list[str] = []
        self.asked: list[str | None] = []
        self.changes: list[Item | Gone] = []
        self.away = ""
        self.stops_after: int | None = None
        self.too_large: set[str] = set()
        self.unreadable: set[str] = set()
        self.problems: list[Problem] = []
        self.versions: dict[str, str] = {}
        self.groups_away = False

    @classmethod
    def normal_location(cls, written: str, options: Any) -> str:  # noqa: ARG003
        return written

    @classmethod
    def connect(cls, location: str, options: Any) -> "Shelf":
        raise NotImplementedError

    def put(
        self, path: str, words: str, access: PlaceAccess | None = ANYBODY, *, identity: str = ""
    ) -> None:
        self.files[path] = (words.encode(), identity or path, access)

    def item(self, path: str) -> Item:
        content, identity, access = self.files[path]
        version = self.versions.get(path, str(hash(content)))
        return Item(path, len(content), 10**18, version, identity, access)

    def check(self) -> None:
        if self.away:
            raise Unavailable(self.away)

    def items(self, since: str | None = None) -> Iterator[Item | Problem | Gone | Checkpoint]:
        self.asked.append(since)
        if since == "expired":
            raise TokenExpired
        told = self.changes if since else [self.item(path) for path in self.files]
        for number, found in enumerate(told):
            if number == self.stops_after:
                raise PlaceUnavailable("The shelf fell down.")
            yield found
        self.changes = []
        yield from self.problems
        if self.has_feed:
            yield Checkpoint("token")

    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        self.fetched.append(path)
        if path in self.too_large:
            raise ItemTooLarge("It weighs 5 GB, more than is read of one file.")
        if path in self.unreadable:
            raise ItemUnreadable("It is closed to these credentials.")
        if path not in self.files:
            raise ItemGone(path)
        item = self.item(path)
        content = self.files[path][0]
        with copied(path, [content], version=item.version, identity=item.identity) as copy:
            yield copy

    def groups(self, named: Any) -> list[PlaceGroup]:
        if self.groups_away:
            raise PlaceUnavailable("The directory does not answer.")
        return [
            PlaceGroup(name, name, members)
            for name, members in self.members.items()
            if name in named
        ]


@dataclass(frozen=True)
class Shelves(Places):
    shelf: Shelf = field(default_factory=Shelf)

    def connector(self, kind: str, place: Any) -> Connector:  # noqa: ARG002
        return self.shelf


class Bench:
    """The library's source, its folder replaced by a shelf; the manifest opens everything to its people."""

    def __init__(self, library: Any) -> None:
        self.base, self.shelf = library, Shelf()

    async def sync(self, **options: Any) -> Any:
        given = replace(SyncOptions(), places=Shelves(shelf=self.shelf), **options)
        self.shelf.fetched.clear()
        return await sync_source(self.base.indexer, self.base.source_id, options=given)

    async def sees(self, login: str) -> set[str]:
        return await self.base.sees(login)


@pytest.fixture
async def bench(library: Any) -> Bench:
    library.manifest.write_text(
        """
        groups: [{id: staff}]
        users: [{id: alice, groups: [staff]}, {id: bob, groups: [staff]}, {id: carol}]
        rules: [{path: ., type: folder, classification: C1, read: {groups: ["*"]}}]
        """
    )
    return Bench(library)


async def test_the_place_decides_who_reads(bench: Bench) -> None:
    bench.shelf.put("all.txt", "The canteen opens at noon.")
    bench.shelf.put("alice.txt", "The pay of alice is written here.", only("user:alice"))
    bench.shelf.put("team.txt", "The team meets on Mondays.", only("group:team", "user:carol"))
    bench.shelf.put("out.txt", "Bob is to be told later.", only("*", denied=("user:bob",)))
    bench.shelf.members = {"team": ("bob",)}
    await bench.sync()
    assert await bench.sees("alice") == {"all.txt", "alice.txt", "out.txt"}
    assert await bench.sees("bob") == {"all.txt", "team.txt"}
    assert await bench.sees("carol") == {"all.txt", "team.txt", "out.txt"}


async def test_every_clause_is_met_and_the_manifest_narrows(bench: Bench) -> None:
    manifest = bench.base.manifest
    manifest.write_text(
        manifest.read_text().replace(
            "rules: [",
            "rules: [{path: hr, type: folder, classification: C2, read: {users: [bob, carol]}}, ",
        )
    )
    both = PlaceAccess((frozenset({"group:space"}), frozenset({"group:page"})))
    bench.shelf.members = {"space": ("alice", "bob"), "page": ("bob", "carol")}
    bench.shelf.put("page.txt", "A page that two groups must both open.", both)
    bench.shelf.put("hr/pay.txt", "The pay scale of the year.", only("user:alice", "user:bob"))
    bench.shelf.put("elsewhere.txt", "A page open to two.", only("user:alice", "user:bob"))
    await bench.sync()
    assert await bench.sees("alice") == {"elsewhere.txt"}
    assert await bench.sees("bob") == {"page.txt", "hr/pay.txt", "elsewhere.txt"}
    assert await bench.sees("carol") == set()
    # A member who leaves one of the groups is out at once, though no document row changes.
    bench.shelf.members["page"] = ("carol",)
    assert (await bench.sync()).report["rights_changed"] == 0
    assert "page.txt" not in await bench.sees("bob")


async def test_rights_that_cannot_be_read_close_the_document(bench: Bench) -> None:
    bench.shelf.put("a.txt", "The first note.", PlaceAccess.unreadable("The list is damaged."))
    bench.shelf.put("b.txt", "The second note.", None)
    bench.shelf.put("c.txt", "The third note.", only("group:ghosts", "user:nobody.known"))
    bench.shelf.put("d.txt", "The fourth note.", PlaceAccess((frozenset({"*"}), frozenset())))
    await bench.sync()
    for login in ("alice", "bob", "carol"):
        assert await bench.sees(login) == set()
    async with bench.base.indexer.read(None) as session:
        lines = {line.path: list(line.warnings) for line in await read_ledger(session, 1)}
    assert lines["a.txt"] == ["Nobody is shown it: The list is damaged."]
    assert "did not say" in lines["b.txt"][0]
    bench.shelf.put("a.txt", "The first note.", ANYBODY)
    await bench.sync()
    assert bench.shelf.fetched == []
    assert await bench.sees("alice") == {"a.txt"}


async def test_a_revocation_comes_before_content_and_a_new_right_after_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.shelf.put("note.txt", "The first words.", only("user:alice", "user:bob"))
    await bench.sync()
    seen: list[tuple[set[str], set[str], set[str]]] = []
    step = sync_module._Sync._content

    async def looked(self: Any, connector: Any) -> None:
        seen.append(tuple([await bench.sees(login) for login in ("alice", "bob", "carol")]))  # type: ignore[arg-type]
        await step(self, connector)

    monkeypatch.setattr(sync_module._Sync, "_content", looked)
    bench.shelf.put("note.txt", "Other words, for other people.", only("user:bob", "user:carol"))
    await bench.sync()
    assert seen == [(set(), {"note.txt"}, set())]
    assert [await bench.sees(login) for login in ("alice", "bob", "carol")] == [
        set(), {"note.txt"}, {"note.txt"},
    ]  # fmt: skip


async def test_without_a_manifest_the_place_alone_decides(bench: Bench) -> None:
    async with bench.base.indexer.write(None) as session:
        await session.execute("update source set manifest = null")
    bench.shelf.put("all.txt", "The canteen opens at noon.", only("user:alice"))
    await bench.sync()
    rows = await bench.base.rows("select classification from document")
    assert rows == [(1,)]
    async with bench.base.indexer.read(None) as session:
        assert await session.value("select count(*) from user_account where login = 'alice'") == 1
    assert await bench.sees("alice") == {"all.txt"}


async def test_a_feed_tells_what_changed_and_nothing_else_is_listed(bench: Bench) -> None:
    shelf = bench.shelf
    shelf.has_feed = True
    for name in "abcde":
        shelf.put(f"{name}.txt", f"The note {name} of the shelf.", identity=name)
    await bench.sync()
    shelf.put("b.txt", "Other words on the same paper.", identity="b")
    moved = shelf.files.pop("c.txt")
    shelf.files["moved.txt"] = moved
    del shelf.files["d.txt"]
    shelf.put("e.txt", "The note e of the shelf.", only("user:alice"), identity="e")
    shelf.changes = [
        shelf.item("b.txt"), Gone(path="c.txt"), shelf.item("moved.txt"), Gone(identity="d"),
        shelf.item("e.txt"),
    ]  # fmt: skip
    run = await bench.sync()
    assert shelf.asked == [None, "token"]
    assert set(shelf.fetched) == {"b.txt", "moved.txt"}
    report = {
        name: run.report[name] for name in ("new", "changed", "moved", "deleted", "rights_changed")
    }
    assert report == {"new": 0, "changed": 1, "moved": 1, "deleted": 1, "rights_changed": 1}
    assert await bench.sees("bob") == {"a.txt", "b.txt", "moved.txt"}
    assert await bench.sees("alice") == {"a.txt", "b.txt", "moved.txt", "e.txt"}
    await bench.sync(full=True)
    assert shelf.asked[-1] is None


async def test_a_token_that_expired_or_a_lost_listing_means_everything(bench: Bench) -> None:
    shelf = bench.shelf
    shelf.has_feed = True
    shelf.put("a.txt", "The note a.")
    await bench.sync()
    async with bench.base.indexer.write(None) as session:
        await session.execute("update source set feed_token = 'expired'")
    assert (await bench.sync()).state == "succeeded"
    assert shelf.asked[-2:] == ["expired", None]
    async with bench.base.indexer.write(None) as session:
        await session.execute("delete from listing")  # what a crash of the server does
    assert (await bench.sync()).state == "succeeded"
    assert shelf.asked[-1] is None
    assert await bench.sees("alice") == {"a.txt"}


async def test_a_listing_that_stops_half_way_removes_nothing(bench: Bench) -> None:
    for name in "abcdef":
        bench.shelf.put(f"{name}.txt", f"The note {name}.")
    await bench.sync()
    bench.shelf.stops_after = 2
    run = await bench.sync()
    assert (run.state, run.report["problem"]) == ("held", "The shelf fell down.")
    bench.shelf.away = "The shelf cannot be reached."
    run = await bench.sync()
    assert (run.state, run.report["problem"]) == ("held", "The shelf cannot be reached.")
    assert len(await bench.sees("alice")) == 6


async def test_a_place_that_lacks_a_fifth_is_held_for_a_person(bench: Bench) -> None:
    for number in range(10):
        bench.shelf.put(f"{number}.txt", f"The note {number}.")
    await bench.sync()
    for number in range(3):
        del bench.shelf.files[f"{number}.txt"]
    run = await bench.sync()
    assert run.state == "held"
    assert "lacks 3 of the 10 files" in run.report["problem"]
    assert "--accept-loss" in run.report["problem"]
    assert len(await bench.sees("alice")) == 10
    async with bench.base.indexer.write(None) as session:
        await queue_run(session, bench.base.source_id, None, accept_loss=True)
    assert (await bench.sync()).report["deleted"] == 3
    del bench.shelf.files["9.txt"]
    assert (await bench.sync()).report["deleted"] == 1


async def test_what_is_too_large_is_a_line_and_hostile_names_are_problems(bench: Bench) -> None:
    bench.shelf.put("big.iso", "x")
    bench.shelf.too_large = {"big.iso"}
    for path in ("../out.txt", "/etc/passwd", "a//b.txt", "nul\0.txt", "x" * 3000):
        bench.shelf.put(path, "Words that must not be read.")
    bench.shelf.put("good.txt", "A good note.")
    run = await bench.sync()
    assert run.state == "succeeded"
    ledger = await bench.base.ledger()
    assert ledger.pop("good.txt") == "parsed"
    assert ledger.pop("big.iso") == "too_large"
    assert set(ledger.values()) == {"unreadable"}
    assert len(ledger) == 5
    assert sorted(bench.shelf.fetched) == ["big.iso", "good.txt"]
    await bench.sync()
    assert bench.shelf.fetched == []


async def test_what_moves_leaves_its_old_path_though_the_feed_does_not_say_so(bench: Bench) -> None:
    shelf = bench.shelf
    shelf.has_feed = True
    shelf.put("open/a.txt", "The merger is secret by now.", identity="7")
    shelf.put("open/b.txt", "Another note.", identity="8")
    await bench.sync()
    del shelf.files["open/a.txt"]
    shelf.put("closed/a.txt", "The merger is secret by now.", only("user:alice"), identity="7")
    shelf.changes = [shelf.item("closed/a.txt")]
    run = await bench.sync()
    assert (run.report["moved"], run.report["deleted"]) == (1, 0)
    assert await bench.sees("bob") == {"open/b.txt"}
    assert await bench.sees("alice") == {"open/b.txt", "closed/a.txt"}


async def test_rights_are_never_given_to_other_bytes_than_those_they_were_listed_with(
    bench: Bench,
) -> None:
    shelf = bench.shelf
    shelf.put("a.txt", "An open note.")

    class Replacing(ParserProcess):
        def __enter__(self) -> Any:
            shelf.put("a.txt", "TOPSECRET numbers of the merger.", only("user:alice"))
            return super().__enter__()

    await bench.sync(open_parser=Replacing)
    assert await bench.sees("bob") == set()
    await bench.sync()
    assert await bench.sees("bob") == set()
    assert await bench.sees("alice") == {"a.txt"}


async def test_what_the_place_does_not_show_any_more_is_closed_until_it_does(bench: Bench) -> None:
    shelf = bench.shelf
    for path in ("hr/pay.txt", "hr/deep/plan.txt", "virus.txt", "note.txt"):
        shelf.put(path, f"The words of {path}.")
    await bench.sync()
    kept = dict(shelf.files)
    for path in ("hr/pay.txt", "hr/deep/plan.txt", "virus.txt"):
        del shelf.files[path]
    shelf.problems = [
        Problem("hr", "unreadable", "This folder cannot be listed.", holds_below=True),
        Problem("virus.txt", "unreadable", "It is held back."),
    ]
    await bench.sync()
    assert await bench.sees("bob") == {"note.txt"}
    assert len(await bench.base.documents()) == 4
    shelf.problems, shelf.files = [], kept
    await bench.sync()
    assert await bench.sees("bob") == set(kept)


async def test_a_denial_of_nobody_known_closes_and_counts_in_any_spelling(bench: Bench) -> None:
    shelf = bench.shelf
    shelf.put("interns.txt", "Not for interns.", only("*", denied=("group:interns",)))
    shelf.put("bob.txt", "Not for Bob.", only("*", denied=("user:BOB",)))
    shelf.put("odd.txt", "Not for somebody odd.", only("*", denied=(f"user:{'x' * 300}",)))
    run = await bench.sync()
    assert run.state == "succeeded"
    assert await bench.sees("bob") == set()
    assert await bench.sees("alice") == {"bob.txt"}


async def test_names_that_no_directory_holds_freeze_nothing(bench: Bench) -> None:
    shelf = bench.shelf
    shelf.put("a.txt", "A note of two.", only("user:alice", "user:bob"))
    await bench.sync()
    assert await bench.sees("bob") == {"a.txt"}
    long, nul = f"user:{'x' * 300}", "user:nul\0"
    shelf.put("a.txt", "A note of two.", only("user:alice", long, nul, "group:\u200bodd"))
    shelf.put("b.txt", "Another.", PlaceAccess.unreadable("A list with \0 in it."))
    shelf.members = {"\u200bodd": ("bob",), "fine": ("bob\0", "")}
    shelf.put("c.txt", "Of a group.", only("group:fine"))
    assert (await bench.sync()).state == "succeeded"
    assert await bench.sees("bob") == set()
    assert await bench.sees("alice") == {"a.txt"}


async def test_the_bytes_decide_what_moved_whatever_the_place_says(bench: Bench) -> None:
    shelf = bench.shelf
    shelf.put("closed/plan.txt", "The secret merger plan.", only("user:alice"), identity="7")
    await bench.sync()
    version = shelf.item("closed/plan.txt").version
    del shelf.files["closed/plan.txt"]
    shelf.put("open/plan.txt", "Anything at all, open.", identity="7")
    shelf.versions["open/plan.txt"] = version
    run = await bench.sync()
    assert run.report["moved"] == 0
    rows = await bench.base.rows("select text from chunk")
    assert rows == [("Anything at all, open.",)]


async def test_a_revocation_does_not_wait_for_a_person_or_for_the_groups(bench: Bench) -> None:
    shelf = bench.shelf
    for number in range(10):
        shelf.put(f"open/{number}.txt", f"The note {number}.")
    shelf.put("open/plan.txt", "The plan of the merger.")
    await bench.sync()
    for number in range(4):
        del shelf.files[f"open/{number}.txt"]
    del shelf.files["open/plan.txt"]
    shelf.put("closed/plan.txt", "The plan of the merger.", only("user:alice"))
    assert (await bench.sync()).state == "held"
    assert not any("plan" in path for path in await bench.sees("bob"))
    assert "closed/plan.txt" in await bench.sees("alice")
    shelf.put("open/9.txt", "The note 9.", only("user:alice", "group:new"))
    shelf.groups_away = True
    assert (await bench.sync()).state == "held"
    assert "open/9.txt" not in await bench.sees("bob")
    assert "open/9.txt" in await bench.sees("alice")


async def test_what_may_have_moved_to_where_nothing_is_fetched_is_closed(bench: Bench) -> None:
    shelf = bench.shelf
    for number in range(4):
        shelf.put(f"{number}.txt", f"The note {number}.", identity=str(number))
    await bench.sync()
    for number in range(3):
        shelf.files[f"closed/{number}.txt"] = shelf.files.pop(f"{number}.txt")
        shelf.unreadable.add(f"closed/{number}.txt")
    assert (await bench.sync()).state == "held"
    assert await bench.sees("bob") == {"3.txt"}


async def test_a_changed_manifest_in_a_run_keeps_whom_the_place_shuts_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, manifest = bench.shelf, bench.base.manifest
    monkeypatch.setattr(content, "REFRESH_S", 0.0)
    for name in "abcd":
        shelf.put(f"{name}.txt", f"The note {name}.", only("*", denied=("user:bob",)))

    class Editing(ParserProcess):
        def parse(self, path: Any, name: str | None = None) -> Any:
            manifest.write_text(manifest.read_text() + " ")
            return super().parse(path, name)

    await bench.sync(open_parser=Editing, parsers=1)
    assert await bench.sees("bob") == set()
    assert len(await bench.sees("alice")) == 4


async def test_what_was_left_out_does_not_come_back_by_a_move(library: Any) -> None:
    message = (
        "From: a@example.org\nSubject: Letter\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nA letter.\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=att.txt\n\n"
        "The annex to forget.\n--b--\n"
    )
    library.write("a.eml", message)
    await library.sync()
    async with library.indexer.write(None) as session:
        source = await find_source(session, str(library.source_id))
        await exclude(session, source, "b.eml/att.txt")
    (library.root / "a.eml").rename(library.root / "b.eml")
    assert (await library.sync()).report["moved"] == 1
    assert "b.eml/att.txt" not in await library.documents()
    assert "b.eml" in await library.documents()
