"""`centaure source`: folders, their synchronisation and their ledger."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import yaml
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from centaure.app.cli.output import ATTENTION, AsJson, note, print_json, print_table, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.app.jobs import BLUEPRINTS
from centaure.kit.database import Database, ReadSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.kit.jobs import open_queue
from centaure.knowledge.connectors import kinds
from centaure.knowledge.sources.control import (
    change_source,
    exclude,
    include,
    read_again,
    remove_source,
)
from centaure.knowledge.sources.jobs import request_sync
from centaure.knowledge.sources.ledger import LedgerLine, read_ledger
from centaure.knowledge.sources.repository import Source
from centaure.knowledge.sources.runs import Run, queue_run, source_lock
from centaure.knowledge.sources.service import (
    DEFAULT_SCHEDULE,
    NewSource,
    SourceStatus,
    add_source,
    delay_of,
    find_source,
    list_sources,
    source_status,
)
from centaure.knowledge.sources.sync import Progress as SyncProgress
from centaure.knowledge.sources.sync import SyncOptions, sync_source

commands = typer.Typer(help="Sources: where documents come from.", no_args_is_help=True)

SECRETS = TypeAdapter(dict[str, str])
FINE = ("parsed", "rights", "ignored")
One = Annotated[str, typer.Argument(help="Name or number of the source.", metavar="SOURCE")]
PathIn = Annotated[
    str, typer.Argument(help="As the ledger shows it; a folder means all below it.", metavar="PATH")
]
Which = Annotated[str | None, typer.Argument(help="Name or number of the source; all by default.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands below `source`."""
    app.add_typer(commands, name="source")


@commands.command("add")
def add(
    kind: Annotated[str, typer.Argument(help=f"What it is: {', '.join(kinds())}.")],
    location: Annotated[str, typer.Argument(help="Where: a folder's path, an address.")],
    rights: Annotated[
        Path | None,
        typer.Option(help="The manifest of rights; by default rights.yaml in the folder."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Its name; by default the location's last part.")
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Minutes between synchronisations, 0 for on demand only; by default 5 where the place "
            "says by itself what changed, else 60.",
        ),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Of this kind of place; may be repeated."),
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option(help="Options that are secret, in a YAML or JSON file: NAME: VALUE."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add a place; its documents come with the first synchronisation."""
    schedule = DEFAULT_SCHEDULE if every is None else every or None
    options = {**_named(option or []), **_secrets(secrets)}
    new = NewSource(location, kind, name, rights, schedule, options)

    async def work(database: Database, installation: Installation) -> Source:
        return await add_source(database, new, installation.places())

    source = run("indexer", work)
    if as_json:
        print_json(_source(source))
    else:
        say(f"Added the source {printable(source.name)}. `centaure source sync --wait` reads it.")


@commands.command("list")
def show(*, as_json: AsJson = False) -> None:
    """List the sources."""

    async def work(database: Database, _: Installation) -> list[Source]:
        async with database.read(None) as session:
            return await list_sources(session)

    sources = run("indexer", work)
    now = datetime.now(UTC)
    if as_json:
        print_json([_source(source) for source in sources])
    else:
        print_table(
            ("id", "kind", "name", "documents", "state", "location"),
            [
                (
                    source.id,
                    source.kind,
                    source.name,
                    source.documents,
                    delay_of(source, now).sentence,
                    source.location,
                )
                for source in sources
            ],
        )


@commands.command("sync")
def sync(
    which: Which = None,
    *,
    wait: Annotated[
        bool, typer.Option("--wait", help="Do it now in this process, with progress and report.")
    ] = False,
    accept_loss: Annotated[
        bool,
        typer.Option(
            "--accept-loss", help="What the place lost is truly gone: remove it here too."
        ),
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="List everything, even of a place that says what changed."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the documents in step with a source, or with all of them."""
    if accept_loss and which is None:
        raise InvalidInput(
            "Say which source truly lost files: `centaure source sync NAME --accept-loss`."
        )
    if not wait:
        run("indexer", _request(which, accept_loss=accept_loss, full=full))
        if as_json:
            print_json({"requested": True})
        else:
            say("Asked for; a worker does it. `centaure source status` shows how it goes.")
        return

    async def work(database: Database, installation: Installation) -> list[tuple[Source, Run]]:
        options = SyncOptions(
            parsers=installation.settings.worker_processes,
            wait=True,
            full=full,
            places=installation.places(),
        )
        done: list[tuple[Source, Run]] = []
        for source in await _chosen(database, which):
            if accept_loss:
                async with database.write(None) as session:
                    await queue_run(session, source.id, None, accept_loss=True)
            with _bar(quiet=as_json) as told:
                done.append(
                    (source, await sync_source(database, source.id, options=options, progress=told))
                )
        return done

    runs = run("indexer", work)
    if as_json:
        reports = [_report(source, finished) for source, finished in runs]
        print_json(reports[0] if len(reports) == 1 else {"sources": reports})
    else:
        for source, finished in runs:
            _say_report(source, finished)
    if any(finished.state != "succeeded" for _, finished in runs):
        raise typer.Exit(ATTENTION)


@commands.command("set")
def change(
    which: One,
    rights: Annotated[Path | None, typer.Option(help="Another manifest of rights.")] = None,
    every: Annotated[
        int | None,
        typer.Option(min=0, help="Minutes between synchronisations, 0 for on demand only."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Give a source another manifest or schedule."""

    async def work(database: Database, _: Installation) -> Source:
        async with database.write(None) as session:
            source = await find_source(session, which)
            await change_source(session, source, manifest=rights, schedule_minutes=every)
            return await find_source(session, str(source.id))

    source = run("indexer", work)
    if as_json:
        print_json(_source(source))
    else:
        say(
            f"Changed {printable(source.name)}. `centaure source sync --wait` applies its rights now."
        )


@commands.command("remove")
def remove(
    which: One,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a source with everything that came from it; the place itself is not touched."""
    if not yes:
        typer.confirm(f"Remove the source {which} and all its documents from here?", abort=True)

    async def work(database: Database, _: Installation) -> int:
        async with database.read(None) as session:
            source = await find_source(session, which)
        async with source_lock(database, source.id) as free:
            if not free:
                raise Conflict("This source is being synchronised. Try again when that run ends.")
            async with database.write(None) as session:
                await remove_source(session, source)
        return source.documents

    documents = run("indexer", work)
    if as_json:
        print_json({"removed": which, "documents": documents})
    else:
        say(f"Removed {printable(which)}: {documents} documents.")


@commands.command("exclude")
def leave_out(which: One, path: PathIn, *, as_json: AsJson = False) -> None:
    """Leave a file out and remove its content now, passages and vectors included."""

    async def work(database: Database, _: Installation) -> int:
        async with database.write(None) as session:
            return await exclude(session, await find_source(session, which), path)

    removed = run("indexer", work)
    if as_json:
        print_json({"excluded": path, "documents": removed})
    else:
        say(f"Left out: {printable(path)}. {removed} documents were removed.")


@commands.command("include")
def take_back(which: One, path: PathIn, *, as_json: AsJson = False) -> None:
    """Take back a file that was left out; the next synchronisation reads it."""

    async def work(database: Database, _: Installation) -> None:
        async with database.write(None) as session:
            await include(session, await find_source(session, which), path)

    run("indexer", work)
    if as_json:
        print_json({"included": path})
    else:
        say(f"Taken back: {printable(path)}. The next synchronisation reads it.")


@commands.command("retry")
def retry(which: One, path: PathIn, *, as_json: AsJson = False) -> None:
    """Have the next synchronisation read a file again, whatever is known of it."""

    async def work(database: Database, _: Installation) -> int:
        async with database.write(None) as session:
            return await read_again(session, await find_source(session, which), path)

    files = run("indexer", work)
    if as_json:
        print_json({"retry": path, "files": files})
    else:
        say(f"{files} files are read again by the next synchronisation.")


@commands.command("status")
def status(
    which: Which = None,
    *,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Every file, not only problems.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show the last synchronisation, and the ledger: what became of each file, and why."""

    async def work(
        database: Database, _: Installation
    ) -> list[tuple[SourceStatus, Sequence[LedgerLine]]]:
        found: list[tuple[SourceStatus, Sequence[LedgerLine]]] = []
        for source in await _chosen(database, which):
            async with database.read(None) as session:
                found.append(
                    (
                        await source_status(session, source.id),
                        await _lines(session, source.id, everything=ledger),
                    )
                )
        return found

    found = run("indexer", work)
    if as_json:
        print_json([_status(state, lines) for state, lines in found])
        return
    for state, lines in found:
        last = state.runs[0] if state.runs else None
        files = ", ".join(f"{count} {word}" for word, count in sorted(state.files.items()))
        say(
            f"{printable(state.source.name)}: {state.source.documents} documents; {files or 'no file yet'}"
        )
        for sentence in _place(state.source):
            say(f"  {printable(sentence)}")
        if last is not None:
            say(f"  last run: {_progress(last)}")
            if last.report.get("problem"):
                say(f"  {printable(str(last.report['problem']))}")
        if lines:
            print_table(
                ("file", "status", "done", "changed", "why"),
                [(line.path, line.status, line.did, line.updated_at, _why(line)) for line in lines],
            )
        elif last is not None:
            say("  No file needs a person. `--ledger` shows every file.")


async def _lines(session: ReadSession, source_id: int, *, everything: bool) -> list[LedgerLine]:
    found: list[LedgerLine] = []
    after = ""
    while page := await read_ledger(session, source_id, after=after, limit=1000):
        after = page[-1].path
        found += [line for line in page if everything or line.status not in FINE or line.warnings]
    return found


def _request(which: str | None, *, accept_loss: bool, full: bool):  # noqa: ANN202 - a coroutine function for `run`
    async def work(database: Database, _: Installation) -> None:
        sources = await _chosen(database, which)
        async with open_queue(database, BLUEPRINTS, pool_size=1).open_async() as queue:
            for source in sources:
                async with database.write(None) as session:
                    await request_sync(
                        session, queue, source.id, None, accept_loss=accept_loss, full=full
                    )

    return work


async def _chosen(database: Database, which: str | None) -> list[Source]:
    async with database.read(None) as session:
        if which is not None:
            return [await find_source(session, which)]
        sources = await list_sources(session)
    if not sources:
        raise NotFound(
            "There is no source yet. `centaure source add folder PATH --rights FILE` adds one."
        )
    return sources


@contextmanager
def _bar(*, quiet: bool) -> Generator[Callable[[SyncProgress], None]]:
    """A progress bar on the terminal's error stream, absent where nobody looks."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    ) as progress:
        task = progress.add_task("starting", total=None)

        def tell(told: SyncProgress) -> None:
            total = told.total or None
            progress.update(task, description=told.phase, completed=told.done, total=total)

        yield tell


def _say_report(source: Source, finished: Run) -> None:
    took = timedelta()
    if finished.started_at and finished.finished_at:
        took = finished.finished_at - finished.started_at
    counts = ", ".join(f"{count} {word}" for word, count in finished.counts.items() if count)
    say(
        f"{printable(source.name)}: {finished.state} in {took.total_seconds():.1f} s"
        f" ({counts or 'nothing changed'})"
    )
    problem = finished.report.get("problem")
    if problem:
        say(f"  {printable(str(problem))}")
    for warning in finished.report.get("warnings", ()):
        note(f"  warning: {printable(str(warning))}")


def _report(source: Source, finished: Run) -> dict[str, object]:
    return {
        "source": source.name,
        "state": finished.state,
        "started": finished.started_at,
        "finished": finished.finished_at,
        "total": finished.total,
        "counts": dict(finished.counts),
        **finished.report,
    }


def _status(state: SourceStatus, lines: Sequence[LedgerLine]) -> dict[str, object]:
    return {
        **_source(state.source),
        "files": dict(state.files),
        "runs": [_report(state.source, past) for past in state.runs],
        "ledger": [
            {
                "path": line.path,
                "status": line.status,
                "reason": line.reason,
                "warnings": list(line.warnings),
                "did": line.did,
                "changed": line.updated_at,
                "last_seen": line.last_seen,
                "read_ms": line.read_ms,
            }
            for line in lines
        ],
    }


def _source(source: Source) -> dict[str, object]:
    delay = delay_of(source, datetime.now(UTC))
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "location": source.location,
        "rights": source.manifest,
        "schedule_minutes": source.schedule_minutes,
        "documents": source.documents,
        "last_sync": source.last_sync_at,
        "last_full": source.last_full_at,
        "late": delay.late,
        "delay": delay.sentence,
    }


def _place(source: Source) -> list[str]:
    """Where it is, what rules its rights and how far behind it may be, in sentences."""
    rights = "those of the place" if source.manifest is None else source.manifest
    full = source.last_full_at
    listed = "never" if full is None else f"{full:%Y-%m-%d %H:%M} UTC"
    return [
        f"{source.kind} {source.location}; rights: {rights}",
        f"{delay_of(source, datetime.now(UTC)).sentence} Last listed in full: {listed}.",
    ]


def _progress(last: Run) -> str:
    told = f"{last.state}, {last.done} of {last.total} files {last.phase}".rstrip()
    rate, left = last.pace(datetime.now(UTC))
    if rate is None or left is None:
        return told
    return f"{told}, {rate:.1f} a second, {timedelta(seconds=round(left))} left"


def _named(written: Sequence[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in written]
    if any(not name or not equals for name, equals, _ in pairs):
        raise InvalidInput("Write an option as NAME=VALUE.")
    return {name: value for name, _, value in pairs}


def _secrets(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        read: object = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text only
    except (OSError, ValueError, yaml.YAMLError):
        raise InvalidInput(f"{path} cannot be read as YAML or JSON.") from None
    try:
        return SECRETS.validate_python(read)
    except ValidationError:
        raise InvalidInput(f"{path} is to hold one NAME: VALUE a line.") from None


def _why(line: LedgerLine) -> str:
    return " ".join([line.reason, *line.warnings]).strip()
