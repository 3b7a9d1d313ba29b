"""What a manifest opens is opened on what is at the path today, never on what was there before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from centaure.knowledge.parsing import ParseOutcome, ParserProcess
from centaure.knowledge.sources import content, sync
from centaure.knowledge.sources.runs import Run
from centaure.knowledge.sources.service import RightsQuestion, explain_rights
from centaure.knowledge.sources.sync import SyncOptions

pytestmark = pytest.mark.anyio

Counts = Callable[[Run], dict[str, int]]


def rewrite(library: Any, old: str, new: str) -> None:
    words = library.manifest.read_text()
    assert old in words
    library.manifest.write_text(words.replace(old, new))


def open_to_all(library: Any) -> None:
    rewrite(library, "C2, read: {groups: [hr]}", "C1, read: {groups: ['*']}")


@pytest.fixture
def seen_early(library: Any, monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """What alice is shown before the folder is looked at, and before content is read, in each run."""
    seen: list[set[str]] = []

    def looking(step: Any) -> Any:
        async def looked(self: Any, connector: Any) -> None:
            seen.append(await library.sees("alice"))
            await step(self, connector)

        return looked

    monkeypatch.setattr(sync._Sync, "_list", looking(sync._Sync._list))  # pyright: ignore[reportPrivateUsage] - to look between two steps
    monkeypatch.setattr(sync._Sync, "_content", looking(sync._Sync._content))  # pyright: ignore[reportPrivateUsage] - to look between two steps
    return seen


async def test_a_secret_that_was_moved_away_is_never_shown_by_the_rule_of_its_old_place(
    library: Any, seen_early: list[set[str]]
) -> None:
    rewrite(library, "rules:\n", "rules:\n  - {path: safe, type: folder, classification: C3}\n")
    await library.sync()
    seen_early.clear()
    (library.root / "safe").mkdir()
    (library.root / "hr" / "pay.txt").rename(library.root / "safe" / "pay.txt")
    open_to_all(library)
    await library.sync()
    assert seen_early == [{"notes.md"}, {"notes.md"}]
    assert await library.sees("alice") == {"notes.md"}
    assert "safe/pay.txt" in await library.documents()


async def test_a_secret_that_was_replaced_is_never_shown_by_the_rule_of_what_replaced_it(
    library: Any, seen_early: list[set[str]]
) -> None:
    await library.sync()
    seen_early.clear()
    library.write("hr/pay.txt", "The canteen of human resources is open to everybody.")
    open_to_all(library)
    run = await library.sync()
    assert seen_early == [{"notes.md"}, {"notes.md"}]
    assert await library.sees("alice") == {"notes.md", "hr/pay.txt"}
    assert (run.report["changed"], run.report["rights_changed"]) == (1, 1)


async def test_a_run_that_is_held_or_fails_opens_nothing(library: Any) -> None:
    await library.sync()
    away = library.root.with_name("away")
    library.root.rename(away)
    open_to_all(library)
    for _ in range(2):
        assert (await library.sync()).state == "held"
        assert await library.sees("alice") == {"notes.md"}
        assert await library.sees("bob") == {"notes.md", "hr/pay.txt"}
    away.rename(library.root)
    (library.root / "hr" / "pay.txt").unlink()
    await library.sync()
    assert await library.sees("alice") == {"notes.md"}


async def test_what_a_held_run_takes_away_is_taken_at_once(library: Any) -> None:
    await library.sync()
    library.root.rename(library.root.with_name("away"))
    rewrite(library, "read: {groups: [hr]}}", "read: {groups: [staff]}, deny: {users: [bob]}}")
    assert (await library.sync()).state == "held"
    assert await library.sees("bob") == {"notes.md"}
    assert await library.sees("alice") == {"notes.md"}


async def test_who_keeps_a_right_has_it_at_every_instant_and_the_change_counts_once(
    library: Any, seen_early: list[set[str]], counts: Counts, owner_connection: Any
) -> None:
    await library.sync()
    # The files are old enough for their times alone to tell that they are as they were.
    await settle_times(library)
    seen_early.clear()
    rewrite(library, "C1, read: {groups: [staff]}", "C0, read: {groups: ['*']}")
    run = await library.sync()
    assert seen_early == [{"notes.md"}, {"notes.md"}]
    assert counts(run) == {"rights_changed": 1, "unchanged": 2}
    assert await library.sees("carol") == {"notes.md"}
    told = owner_connection.execute(
        "select sum(cast(details->>'documents' as int)) from audit_event"
        " where action = 'rights_change'"
    ).fetchone()
    assert told == (1,)
    assert counts(await library.sync()) == {"unchanged": 2}


async def settle_times(library: Any) -> None:
    """Have the ledger trust the times of the files, as it does two seconds after they were written."""
    async with library.indexer.write(None) as session:
        for path in ("notes.md", "hr/pay.txt"):
            status = (library.root / path).stat()
            version = f"{status.st_mtime_ns}.{status.st_ctime_ns}"
            await session.execute(
                "update ledger set version = %(version)s where path = %(path)s",
                {"version": version, "path": path},
            )


async def test_what_opens_during_a_run_waits_for_the_next_look_at_the_folder(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "REFRESH_S", 0.0)
    await library.sync()
    await settle_times(library)
    for number in range(4):
        library.write(f"{number}.txt", f"The note number {number} of everybody here.\n")

    class Editing(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            if name == "1.txt":
                (library.root / "hr" / "pay.txt").unlink()
                open_to_all(library)
            return super().parse(path, name)

    await library.sync(SyncOptions(parsers=1, open_parser=Editing))
    assert "hr/pay.txt" in await library.documents()
    assert "hr/pay.txt" not in await library.sees("alice")
    await library.sync()
    assert "hr/pay.txt" not in await library.documents()


async def test_deny_reaches_an_account_of_other_capitals_that_the_manifest_does_not_declare(
    library: Any, owner_connection: Any
) -> None:
    for login in ("dora", "DORA"):
        owner_connection.execute(
            "with made as (insert into principal (kind, key, label)"
            " values ('user', 'user:' || %(login)s, %(login)s) returning id)"
            " insert into user_account (principal_id, login, name) select id, %(login)s, %(login)s from made",
            {"login": login},
        )
    rewrite(
        library,
        "read: {groups: [hr]}}",
        "read: {groups: ['*']}, deny: {users: [Dora]}}",
    )
    await library.sync()
    for login in ("dora", "DORA", "Dora"):
        assert await library.sees(login) == set(), login
        question = RightsQuestion(login, "hr/pay.txt")
        answer = await explain_rights(library.indexer, library.database, question)
        assert "The database agrees" in answer.sentences[-1]
    assert await library.sees("carol") == {"hr/pay.txt"}
