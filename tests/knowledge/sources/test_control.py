"""A person leaves files out, takes them back, has them read again, changes and removes a source."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.sources import content
from centaure.knowledge.sources.control import (
    EXCLUDED,
    change_source,
    exclude,
    include,
    read_again,
    remove_source,
)
from centaure.knowledge.sources.ledger import read_ledger
from centaure.knowledge.sources.places import ask
from centaure.knowledge.sources.runs import Run
from centaure.knowledge.sources.service import Delay, delay_of, find_source

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


async def test_a_file_left_out_while_it_is_being_read_is_not_written(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await source_of(library)

    async def slow(call: Any, *given: Any) -> Any:
        read = await ask(call, *given)
        async with library.indexer.write(None) as session:
            await exclude(session, source, "hr")
        return read

    monkeypatch.setattr(content, "ask", slow)
    run = await library.sync()
    assert run.state == "succeeded"
    assert set(await library.documents()) == {"notes.md"}


async def test_an_attachment_left_out_stays_out_when_its_message_is_read_again(
    library: Any,
) -> None:
    message = EmailMessage()
    message["Subject"] = "Minutes"
    message.set_content("The minutes of the meeting, see the note.")
    message.add_attachment("A note that somebody wants erased.", filename="note.txt")
    library.write("mail.eml", message.as_bytes())
    await library.sync()
    source = await source_of(library)
    async with library.indexer.write(None) as session:
        assert await exclude(session, source, "mail.eml/note.txt") == 1
        await read_again(session, source, "mail.eml")
    await library.sync()
    assert "mail.eml" in await library.documents()
    assert "mail.eml/note.txt" not in await library.documents()
    async with library.indexer.write(None) as session:
        await include(session, source, "mail.eml/note.txt")
    await library.sync()
    assert "mail.eml/note.txt" in await library.documents()


async def test_the_ledger_says_what_was_done_when_it_was_seen_and_how_long_it_took(
    library: Any,
) -> None:
    async def lines() -> dict[str, Any]:
        async with library.indexer.read(None) as session:
            found = await read_ledger(session, library.source_id)
        return {line.path: line for line in found if line.status != "rights"}

    await library.sync()
    first = await lines()
    assert {line.did for line in first.values()} == {"new"}
    assert all(line.read_ms is not None and line.read_ms >= 0 for line in first.values())
    library.write("notes.md", "# Notes\n\nThe canteen opens at one.\n")
    (library.root / "hr" / "pay.txt").rename(library.root / "pay.txt")
    await library.sync()
    second = await lines()
    assert {path: line.did for path, line in second.items()} == {
        "notes.md": "changed",
        "pay.txt": "moved",
    }
    library.manifest.write_text(library.manifest.read_text().replace("C1", "C0"))
    await library.sync()
    third = await lines()
    assert {line.did for line in third.values()} == {"rights_changed"}
    assert all(line.updated_at > second[path].updated_at for path, line in third.items())
    await library.sync()
    fourth = await lines()
    for path, line in fourth.items():
        assert line.updated_at == third[path].updated_at
        assert line.last_seen > third[path].last_seen


async def test_the_delay_of_a_source_is_said_in_words(library: Any) -> None:
    source = await source_of(library)
    now = source.created_at + timedelta(minutes=10)
    assert delay_of(source, now) == Delay(late=False, sentence="Not looked at yet; every hour.")
    seen = replace(source, last_sync_at=source.created_at, schedule_minutes=5)
    assert delay_of(seen, now).sentence == "Looked at 10 minutes ago; every 5 minutes."
    assert not delay_of(seen, source.created_at + timedelta(minutes=15)).late
    late = delay_of(seen, source.created_at + timedelta(hours=3))
    assert late == Delay(late=True, sentence="Late: looked at 3 hours ago; every 5 minutes.")
    asked = replace(seen, schedule_minutes=None)
    sentence = "Looked at 40 days ago; on demand only."
    assert delay_of(asked, now + timedelta(days=40)) == Delay(late=False, sentence=sentence)


def test_the_pace_of_a_run_is_told_from_where_its_phase_began() -> None:
    began = datetime(2026, 3, 1, tzinfo=UTC)
    run = Run(1, 1, "running", "reading", began, began, None, 100, 20, 1, False)
    run = replace(run, phase_at=began)
    assert run.pace(began + timedelta(seconds=10)) == (2.0, 40.0)
    assert replace(run, done=0).pace(began) == (None, None)
    assert replace(run, state="succeeded").pace(began) == (None, None)
