"""Synchronisation: what changed on disk or in the manifest is what changes in the database, no more."""

import asyncio
import os
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from centaure.knowledge.parsing import ParseOutcome, ParserProcess, ParseStatus
from centaure.knowledge.sources import content, listing
from centaure.knowledge.sources.control import read_again
from centaure.knowledge.sources.repository import source_by_id
from centaure.knowledge.sources.runs import Run, source_lock
from centaure.knowledge.sources.sync import Progress, SourceBusy, SyncOptions, sync_source

pytestmark = pytest.mark.anyio

Counts = Callable[[Run], dict[str, int]]


def mail(subject: str, attachments: dict[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "a@example.org"
    message.set_content("Please find the two annexes of the contract attached to this message.")
    for name, data in attachments.items():
        message.add_attachment(data, maintype="text", subtype="plain", filename=name)
    return message.as_bytes()


async def test_files_become_documents_that_their_readers_alone_see(
    library: Any, counts: Counts
) -> None:
    run = await library.sync()
    assert (run.state, counts(run)) == ("succeeded", {"new": 2})
    assert await library.sees("alice") == {"notes.md"}
    assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}
    assert await library.sees("carol") == set()
    (indexed,) = await library.rows("select count(*) from chunk where document_id is not null")
    assert indexed[0] == 2


async def test_nothing_is_read_again_when_nothing_changed(library: Any, counts: Counts) -> None:
    await library.sync()
    before = await library.rows("select id, document_id from chunk order by id")
    run = await library.sync(SyncOptions(open_parser=NoParser))
    assert counts(run) == {"unchanged": 2}
    assert await library.rows("select id, document_id from chunk order by id") == before


class NoParser(ParserProcess):
    """A parser that must not be asked anything."""

    def parse(self, path: Path, name: str | None = None) -> ParseOutcome:  # noqa: ARG002
        raise AssertionError(f"{path} was read again")


async def test_a_changed_file_is_read_again_under_its_number(library: Any, counts: Counts) -> None:
    await library.sync()
    before = await library.documents()
    library.write("notes.md", "# Notes\n\nThe canteen opens at one for everybody.\n")
    run = await library.sync()
    assert counts(run) == {"changed": 1, "unchanged": 1}
    assert await library.documents() == before
    rows = await library.rows("select text from chunk where text like '%%canteen%%'")
    assert len(rows) == 1
    assert "at one" in str(rows[0][0])


async def test_a_touched_file_is_compared_by_its_bytes(library: Any, counts: Counts) -> None:
    place = library.root / "notes.md"
    await library.sync()
    os.utime(place, (1_000_000, 1_000_000))
    assert counts(await library.sync(SyncOptions(open_parser=NoParser))) == {"unchanged": 2}
    # Other bytes of the same size and time: the file system's change time gives it away.
    place.write_bytes(place.read_bytes().replace(b"noon", b"nine"))
    os.utime(place, (1_000_000, 1_000_000))
    assert counts(await library.sync()) == {"changed": 1, "unchanged": 1}


async def test_a_moved_file_keeps_number_and_passages_and_takes_the_rights_of_its_place(
    library: Any, counts: Counts
) -> None:
    await library.sync()
    documents = await library.documents()
    passages = await library.rows("select id, document_id, text from chunk order by id")
    (library.root / "hr" / "pay.txt").rename(library.root / "pay.txt")
    run = await library.sync(SyncOptions(open_parser=NoParser))
    assert counts(run) == {"moved": 1, "unchanged": 1}
    assert (await library.documents())["pay.txt"] == documents["hr/pay.txt"]
    assert await library.rows("select id, document_id, text from chunk order by id") == passages
    assert await library.sees("alice") == {"notes.md", "pay.txt"}


async def test_a_renamed_file_is_found_by_its_new_name(library: Any, owner_connection: Any) -> None:
    await library.sync()
    query = (
        "select impacts::text from chunk_index join document on document.id = document_id"
        " where path like '%.txt'"
    )
    before = owner_connection.execute(query).fetchone()
    (library.root / "hr" / "pay.txt").rename(library.root / "hr" / "zebra.txt")
    await library.sync(SyncOptions(open_parser=NoParser))
    assert owner_connection.execute(query).fetchone() != before
    rows = await library.rows("select title from document where path = 'hr/zebra.txt'")
    assert rows == [("zebra",)]


async def test_a_moved_folder_of_copies_keeps_each_number(library: Any) -> None:
    for name in "abc":
        library.write(f"copies/{name}/same.txt", "The same words in every copy of the note.\n")
    await library.sync()
    before = await library.documents()
    (library.root / "copies").rename(library.root / "moved")
    run = await library.sync(SyncOptions(open_parser=NoParser))
    assert run.report["moved"] == 3
    after = await library.documents()
    assert [after[f"moved/{n}/same.txt"] for n in "abc"] == [
        before[f"copies/{n}/same.txt"] for n in "abc"
    ]


async def test_a_deleted_file_leaves_no_passage_and_no_index(
    library: Any, owner_connection: Any, counts: Counts
) -> None:
    await library.sync()
    (library.root / "hr" / "pay.txt").unlink()
    assert counts(await library.sync()) == {"deleted": 1, "unchanged": 1}
    assert await library.sees("bob") == {"notes.md"}
    assert await library.ledger() == {"notes.md": "parsed"}
    for table in ("chunk", "chunk_index"):
        assert owner_connection.execute(f"select count(*) from {table}").fetchone() == (1,)


async def test_changed_rights_touch_rows_and_read_nothing(library: Any, counts: Counts) -> None:
    await library.sync()
    library.manifest.write_text(
        library.manifest.read_text().replace("groups: [hr]}}", "users: [carol]}}")
    )
    run = await library.sync(SyncOptions(open_parser=NoParser))
    assert counts(run) == {"rights_changed": 1, "unchanged": 2}
    assert await library.sees("bob") == {"notes.md"}
    assert await library.sees("carol") == {"hr/pay.txt"}
    assert counts(await library.sync()) == {"unchanged": 2}


async def test_a_person_who_leaves_a_group_loses_its_documents(library: Any) -> None:
    await library.sync()
    library.manifest.write_text(
        library.manifest.read_text().replace("{id: bob, groups: [hr]}", "{id: bob}")
    )
    await library.sync()
    assert await library.sees("bob") == set()


async def test_an_invalid_manifest_changes_nothing_and_says_so(library: Any) -> None:
    await library.sync()
    good = library.manifest.read_text()
    for bad in ("", "rules:\n", "rules: [", good.replace("C2", "C9")):
        library.manifest.write_text(bad)
        library.write("more.txt", f"More words that must wait for rights: {bad!r}.\n")
        run = await library.sync()
        assert run.state == "failed"
        assert "refused" in run.report["problem"]
        assert await library.sees("alice") == {"notes.md"}
        assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}
        assert "refused" in await library.reason(str(library.manifest))
    library.manifest.unlink()
    assert (await library.sync()).state == "failed"
    assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}
    library.manifest.write_text(good)
    assert (await library.sync()).report["new"] == 1


async def test_doubts_about_the_manifest_stand_in_the_ledger(library: Any) -> None:
    library.manifest.write_text(
        library.manifest.read_text()
        + "  - {path: gone, type: folder, classification: C0, read: {users: [stranger], groups: [ghost]}}\n"
    )
    run = await library.sync()
    warnings = await library.warnings()
    for words in (
        "'stranger', who is not declared",
        "'ghost', which is not declared",
        "matches no file",
    ):
        assert words in warnings
    assert run.report["warnings"] == warnings.split("\n")


async def test_somebody_denied_before_their_account_exists_is_shut_out_at_once(
    library: Any,
) -> None:
    library.manifest.write_text(
        "rules: [{path: ., type: folder, classification: C0, read: {groups: ['*']}, deny: {users: [eve]}}]"
    )
    await library.sync()
    assert await library.sees("eve") == set()


async def test_a_root_that_became_a_link_is_held_and_shows_nothing_else(library: Any) -> None:
    await library.sync()
    outside = library.root.with_name("outside")
    outside.mkdir()
    (outside / "notes.md").write_text("A secret that is outside of the source.")
    library.root.rename(library.root.with_name("away"))
    library.root.symlink_to(outside)
    run = await library.sync()
    assert (run.state, "a link stands in its path" in run.report["problem"]) == ("held", True)
    assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}
    assert await library.rows("select id from chunk where strpos(text, 'secret') > 0") == []


async def test_a_root_that_is_away_or_lists_nothing_is_held(library: Any) -> None:
    await library.sync()
    away = library.root.with_name("away")
    library.root.rename(away)
    run = await library.sync()
    assert (run.state, "cannot be listed" in run.report["problem"]) == ("held", True)
    library.root.mkdir()
    run = await library.sync()
    assert (run.state, "Nothing was removed" in run.report["problem"]) == ("held", True)
    assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}
    async with library.indexer.write(None) as session:
        statement = "insert into sync_run (source_id, accept_loss) values (%(source)s, true)"
        await session.execute(statement, {"source": library.source_id})
    run = await library.sync()
    assert (run.state, run.report["deleted"]) == ("succeeded", 2)
    assert await library.documents() == {}


async def test_revocations_do_not_wait_for_a_root_that_is_away(library: Any) -> None:
    await library.sync()
    library.root.rename(library.root.with_name("away"))
    library.manifest.write_text(
        library.manifest.read_text().replace("groups: [hr]}}", "groups: []}}")
    )
    assert (await library.sync()).state == "held"
    assert await library.sees("bob") == {"notes.md"}


async def test_a_folder_that_closes_keeps_what_was_read_of_it(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await library.sync()
    opened = os.open

    def closed(path: Any, flags: int, *others: Any, **named: Any) -> int:
        if path == "hr":
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *others, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", closed)
        await library.sync()
    assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}
    assert (await library.ledger())["hr"] == "unreadable"
    await library.sync()
    assert "hr" not in await library.ledger()


async def test_links_are_lines_of_the_ledger_and_never_followed(library: Any) -> None:
    outside = library.root.with_name("outside")
    outside.mkdir()
    (outside / "secret.txt").write_text("A secret that is outside of the source.")
    (library.root / "out").symlink_to(outside)
    (library.root / "loop").symlink_to(library.root)
    (library.root / "open.txt").symlink_to(library.root / "hr" / "pay.txt")
    os.mkfifo(library.root / "pipe.txt")
    await library.sync()
    assert await library.ledger() == {
        "notes.md": "parsed",
        "hr/pay.txt": "parsed",
        "out": "ignored",
        "loop": "ignored",
        "open.txt": "ignored",
        "pipe.txt": "ignored",
    }
    (library.root / "notes.md").unlink()
    (library.root / "notes.md").symlink_to(library.root / "hr" / "pay.txt")
    await library.sync()
    assert set(await library.documents()) == {"hr/pay.txt"}


async def test_odd_names_never_stop_a_run(library: Any) -> None:
    names = [
        b"caf\xe9.txt",
        b"new\nline.txt",
        b"quote'\"%s.txt",
        "e\u0301t\u00e9 \U0001f600.txt".encode(),
    ]
    for number, name in enumerate(names):
        library.write(os.fsdecode(name), f"An ordinary note with the number {number} in it.\n")
    deep = library.root
    for _ in range(20):
        deep = deep / ("d" * 120)
        deep.mkdir()
    (deep / "deep.txt").write_text("A note at the bottom of very long names.\n")
    run = await library.sync()
    assert run.state == "succeeded"
    ledger = await library.ledger()
    assert ledger["caf\\xe9.txt"] == "unreadable"
    assert {"new\nline.txt", "quote'\"%s.txt"} <= {
        path for path, s in ledger.items() if s == "parsed"
    }
    assert "longer than" in await library.reason(next(path for path in ledger if path[0] == "d"))


async def test_passing_files_and_the_manifest_are_not_content(library: Any) -> None:
    for name in (".git/config", "~$notes.docx", ".DS_Store", "Thumbs.db", "x.tmp"):
        library.write(name, "Nothing that anybody wants to find.")
    library.manifest = library.root / "rights.yaml"
    library.manifest.write_text((library.root.parent / "rights.yaml").read_text())
    async with library.indexer.write(None) as session:
        await session.execute(
            "update source set manifest = %(place)s", {"place": str(library.manifest)}
        )
    run = await library.sync()
    assert run.report["passed_over"] == 5
    assert set(await library.ledger()) == {"notes.md", "hr/pay.txt"}


async def test_attachments_follow_their_message(library: Any, counts: Counts) -> None:
    annexes = {"one.txt": b"The first annex says that prices are fixed.", "two.txt": b""}
    library.write(
        "hr/mail.eml",
        mail("Contract", {**annexes, "two.txt": b"The second annex names the dates."}),
    )
    await library.sync()
    inside = {"hr/mail.eml", "hr/mail.eml/one.txt", "hr/mail.eml/two.txt"}
    assert inside <= await library.sees("bob")
    assert not inside & await library.sees("alice")
    before = await library.documents()
    (library.root / "hr" / "mail.eml").rename(library.root / "letter.eml")
    assert counts(await library.sync()) == {"moved": 1, "unchanged": 2}
    assert "letter.eml/one.txt" in await library.sees("alice")
    assert (await library.documents())["letter.eml/two.txt"] == before["hr/mail.eml/two.txt"]
    library.write(
        "letter.eml", mail("Contract", {"one.txt": b"The first annex says that prices may rise."})
    )
    await library.sync()
    assert "letter.eml/two.txt" not in await library.ledger()
    (library.root / "letter.eml").unlink()
    await library.sync()
    assert set(await library.documents()) == {"notes.md", "hr/pay.txt"}
    assert set(await library.ledger()) == {"notes.md", "hr/pay.txt"}


async def test_a_file_that_breaks_is_no_longer_shown(library: Any) -> None:
    await library.sync()
    library.write("notes.pdf", b"%PDF-1.7\n garbage")
    library.write("hr/pay.txt", b"")
    await library.sync()
    assert await library.ledger() == {
        "notes.md": "parsed",
        "notes.pdf": "corrupted",
        "hr/pay.txt": "empty",
    }
    assert set(await library.documents()) == {"notes.md"}
    library.write("hr/pay.txt", "The pay scale is readable once more for human resources.")
    await library.sync()
    assert "hr/pay.txt" in await library.sees("bob")


async def test_a_parser_that_raises_stops_nothing(library: Any) -> None:
    class Fragile(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            if name == "pay.txt":
                return ParseOutcome(ParseStatus.CORRUPTED, "It is broken in every way.", None)
            return super().parse(path, name)

    await library.sync(SyncOptions(open_parser=Fragile))
    assert await library.ledger() == {"notes.md": "parsed", "hr/pay.txt": "corrupted"}
    assert await library.reason("hr/pay.txt") == "It is broken in every way."


async def test_a_file_asked_for_again_keeps_what_is_read_no_more(
    library: Any, counts: Counts
) -> None:
    await library.sync()
    before = await library.documents()
    async with library.indexer.write(None) as session:
        source = await source_by_id(session, library.source_id)
        assert await read_again(session, source, "hr/pay.txt") == 1
        assert await read_again(session, source, "notes.md") == 1

    class Stricter(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            if name == "pay.txt":
                return ParseOutcome(ParseStatus.CORRUPTED, "The new version refuses it.", None)
            return super().parse(path, name)

    run = await library.sync(SyncOptions(open_parser=Stricter))
    assert counts(run)["changed"] == 1
    assert await library.documents() == before
    (row,) = await library.rows("select warnings from ledger where path = 'hr/pay.txt'")
    assert "earlier reading is kept" in row[0][0]
    assert counts(await library.sync(SyncOptions(open_parser=NoParser))) == {"unchanged": 2}


async def test_what_an_earlier_version_could_not_read_is_tried_again(library: Any) -> None:
    class Older(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            if name == "pay.txt":
                return ParseOutcome(ParseStatus.UNSUPPORTED, "What is this?", None)
            return super().parse(path, name)

    await library.sync(SyncOptions(open_parser=Older))
    await library.sync(SyncOptions(open_parser=NoParser))
    async with library.indexer.write(None) as session:
        await session.execute("update ledger set parser_version = 'old'")
    assert (await library.sync()).report["reindexed"] == 1
    assert "hr/pay.txt" in await library.sees("bob")


async def test_files_that_wait_for_tesseract_are_read_once_it_is_there(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Waiting(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:  # noqa: ARG002
            return ParseOutcome(ParseStatus.WAITING, "Install tesseract: apt-get install it.", None)

    monkeypatch.setattr("centaure.knowledge.sources.sync.ocr_is_there", lambda: False)
    await library.sync(SyncOptions(open_parser=Waiting))
    assert set((await library.ledger()).values()) == {"waiting"}
    await library.sync(SyncOptions(open_parser=NoParser))
    monkeypatch.setattr("centaure.knowledge.sources.sync.ocr_is_there", lambda: True)
    await library.sync()
    assert set((await library.ledger()).values()) == {"parsed"}


async def test_a_file_that_changes_while_it_is_read_is_kept_for_later(library: Any) -> None:
    await library.sync()
    library.write("notes.md", "# Notes\n\nThe second edition of the notes is being written.\n")

    class Racing(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            outcome = super().parse(path, name)
            path.write_text("# Notes\n\nThe third edition of the notes, a little longer.\n")
            return outcome

    await library.sync(SyncOptions(open_parser=Racing))
    assert "kept" in await library.reason("notes.md")
    assert "notes.md" in await library.sees("alice")
    await library.sync()
    rows = await library.rows("select text from chunk where text like '%%edition%%'")
    assert "third edition" in str(rows[0][0])


async def test_two_runs_of_one_source_never_work_at_once(library: Any) -> None:
    async with source_lock(library.indexer, library.source_id) as free:
        assert free
        with pytest.raises(SourceBusy):
            await library.sync()
    seen: list[Progress] = []
    both = await asyncio.gather(
        *(
            sync_source(
                library.indexer,
                library.source_id,
                options=SyncOptions(wait=True),
                progress=seen.append,
            )
            for _ in range(2)
        )
    )
    assert sorted(run.report["new"] for run in both) == [0, 2]
    assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}


async def test_a_worker_that_lost_its_place_writes_nothing_more(library: Any) -> None:
    await library.sync()
    library.write("late.txt", "Words that come too late to be written.")

    class Overtaken(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            import psycopg  # noqa: PLC0415 - another process, as it were

            with psycopg.connect(library.indexer.conninfo, autocommit=True) as other:
                other.execute("update centaure.sync_run set attempt = attempt + 1")
            return super().parse(path, name)

    with pytest.raises(Exception, match="lost its place"):
        await library.sync(SyncOptions(open_parser=Overtaken))
    assert "late.txt" not in await library.documents()
    run = await library.sync()
    assert (run.state, "late.txt" in await library.documents()) == ("succeeded", True)


async def test_a_manifest_that_changes_during_a_long_run_is_applied_in_it(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "REFRESH_S", 0.0)
    for number in range(6):
        library.write(f"hr/{number}.txt", f"The note number {number} of human resources.\n")

    class Editing(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            if name == "2.txt":
                library.manifest.write_text(
                    library.manifest.read_text().replace("groups: [hr]}}", "groups: []}}")
                )
            return super().parse(path, name)

    await library.sync(SyncOptions(parsers=1, open_parser=Editing))
    assert await library.sees("bob") == {"notes.md"}
    assert len(await library.documents()) == 8


async def test_a_huge_folder_is_listed_in_batches(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_BATCH", 7)
    for number in range(30):
        library.write(f"many/{number:02}.txt", f"A short note with the number {number}.\n")
    started = time.monotonic()
    run = await library.sync()
    assert run.report["new"] == 32
    assert time.monotonic() - started < 60
