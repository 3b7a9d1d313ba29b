"""`centaure reindex` and `index`: the versions that the index is made with."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, note, print_json, print_table, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.app.jobs import BLUEPRINTS, index_means
from centaure.audit import Action, record
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, Unavailable
from centaure.kit.jobs import open_queue
from centaure.knowledge.indexing.generations import (
    Generation,
    Wanted,
    begin_generation,
    building_generation,
    find_generation,
    list_generations,
    outdated_readings,
    remove_generation,
    switch_to,
    taken_over,
)
from centaure.knowledge.sources.index_jobs import request_keeping
from centaure.knowledge.sources.reindexing import keep_index
from centaure.knowledge.sources.runs import index_lock

index = typer.Typer(
    help="Index: its generations, the live one and those beside it.", no_args_is_help=True
)

Number = Annotated[int, typer.Argument(help="Number of the generation.", metavar="GENERATION")]
_POLL_S = 1.0


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    app.command("reindex")(reindex)
    app.add_typer(index, name="index")


def reindex(
    model: Annotated[
        str | None,
        typer.Option(
            "--embedding", metavar="NAME", help="Vectors of this model; by default as now."
        ),
    ] = None,
    *,
    words_only: Annotated[bool, typer.Option("--words-only", help="Without vectors.")] = False,
    read_again: Annotated[
        bool, typer.Option("--read-again", help="Read every document anew, whatever read it.")
    ] = False,
    hold: Annotated[
        bool, typer.Option("--hold", help="Do not make it live: `centaure index switch` will.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Build it now, in this process, and wait for it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build a generation of the index beside the live one, which is searched meanwhile."""
    if words_only and model is not None:
        raise InvalidInput("Choose --embedding or --words-only.")
    wanted = Wanted("" if words_only else model, read_again, switch=not hold)

    async def work(database: Database, installation: Installation) -> Generation:
        async with (
            open_queue(database, BLUEPRINTS, pool_size=1).open_async() as queue,
            database.write(None) as session,
        ):
            begun = await building_generation(session) if wait else None
            if begun is None or not _fits(begun, wanted):
                begun = await begin_generation(session, wanted, None)
                await _tell(session, begun, "generation_begun")
            if not wait:
                await request_keeping(session, queue)
        return await _built(database, installation, begun.id) if wait else begun

    made = run("indexer", work)
    if as_json:
        print_json(_generation(made))
    else:
        say(f"Generation {made.id}: {_state(made)}")
        if not wait:
            say(
                "The worker (`centaure serve` or `centaure worker`) builds it, or `--wait` does it here; "
                "`centaure index list` shows how far it is."
            )


def _fits(building: Generation, wanted: Wanted) -> bool:
    """Whether what is being built is what is asked for: it is gone on with."""
    model_fits = wanted.model is None or wanted.model == (building.model or "")
    return model_fits and (building.read_again, building.switch) == (
        wanted.read_again,
        wanted.switch,
    )


async def _built(database: Database, installation: Installation, number: int) -> Generation:
    """Build it here, or wait for the worker that does."""
    async for kept_here in _keeping(database, installation):
        async with database.read(None) as session:
            now = await find_generation(session, number)
        if now.state == "leaving":
            raise Conflict(f"Generation {number} was removed meanwhile.")
        if now.state != "building":
            return now
        if kept_here and now.waits_for:
            raise Unavailable(f"{now.waits_for} Generation {number} waits; the worker tries again.")
        note(_state(now))
    raise AssertionError  # it goes on until it returns


async def _keeping(database: Database, installation: Installation) -> AsyncGenerator[bool]:
    """Do what the index waits for, again and again; each time, whether it was here or in a worker."""
    means = index_means(installation)
    while True:
        async with index_lock(database) as free:
            if free:
                await keep_index(database, means)
        yield free
        await asyncio.sleep(_POLL_S)


@index.command("list")
def show(*, as_json: AsJson = False) -> None:
    """List the generations, what each still lacks, and whether documents are of earlier versions."""

    async def work(
        database: Database, _: Installation
    ) -> tuple[list[Generation], int, dict[str, int]]:
        async with database.read(None) as session:
            return (
                await list_generations(session),
                await outdated_readings(session),
                await taken_over(session),
            )

    generations, outdated, kept = run("indexer", work)
    if as_json:
        print_json(
            {
                "generations": [_generation(one) for one in generations],
                "outdated": outdated,
                "taken_over": kept,
            }
        )
        return
    _print(generations)
    for reason, documents in kept.items():
        say(f"{documents} documents are shown as they were read before. {printable(reason)}")
    if outdated:
        say(
            f"{outdated} documents are shown as an earlier version read them: `centaure reindex` reads "
            "them again beside."
        )


@index.command("switch")
def switch(number: Number, *, as_json: AsJson = False) -> None:
    """Make a complete generation live at once; the one that was is kept."""

    async def work(database: Database, _: Installation) -> Generation:
        async with database.write(None) as session:
            switched = await switch_to(session, number)
            await _tell(session, switched, "generation_switched")
        return switched

    switched = run("indexer", work)
    if as_json:
        print_json(_generation(switched))
    else:
        say(f"Generation {switched.id} is live.")


@index.command("remove")
def remove(
    number: Number,
    *,
    wait: Annotated[
        bool, typer.Option("--wait", help="Free its place now, in this process.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a generation that is not live, or stop building it; the worker frees its place."""

    async def work(database: Database, installation: Installation) -> None:
        async with (
            open_queue(database, BLUEPRINTS, pool_size=1).open_async() as queue,
            database.write(None) as session,
        ):
            going = await find_generation(session, number)
            if await remove_generation(session, number):
                await _tell(session, going, "generation_removed")
            await request_keeping(session, queue)
        if wait:
            await _removed(database, installation, number)

    run("indexer", work)
    if as_json:
        print_json({"removed": number})
    elif wait:
        say(f"Removed generation {number}.")
    else:
        say(f"Generation {number} is not used any more; the worker removes what only it needs.")


async def _removed(database: Database, installation: Installation, number: int) -> None:
    """Remove what only it needs here, or wait for the worker that does."""
    async for _ in _keeping(database, installation):
        async with database.read(None) as session:
            if all(one.id != number for one in await list_generations(session)):
                return


async def _tell(session: WriteSession, generation: Generation, what: str) -> None:
    details = {"what": what, "side": generation.side, "embedding": generation.model or ""}
    await record(session, Action.ADMINISTRATION, f"generation:{generation.id}", details=details)


def _print(generations: Sequence[Generation]) -> None:
    print_table(
        ("generation", "state", "vectors of", "recall", "went live", "waits for"),
        [
            (
                one.id,
                one.state,
                one.model or "(words alone)",
                "" if one.recall is None else f"{one.recall:.2f}",
                one.live_at,
                "; ".join([*_lacks(one), *([one.waits_for] if one.waits_for else [])]),
            )
            for one in generations
        ],
    )


def _state(one: Generation) -> str:
    return ", ".join([one.state, *_lacks(one)]) + "."


def _lacks(one: Generation) -> list[str]:
    lacks = ((one.to_read, "to read"), (one.to_embed, "to give vectors"))
    return [f"{documents} documents {what}" for documents, what in lacks if documents]


def _generation(one: Generation) -> dict[str, object]:
    return {
        "id": one.id,
        "state": one.state,
        "embedding": one.model,
        "to_read": one.to_read,
        "to_embed": one.to_embed,
        "problem": one.waits_for,
        "switches_when_complete": one.switch,
        "requested": one.requested_at,
        "built": one.built_at,
        "live": one.live_at,
        "recall": one.recall,
    }
