"""Generations of the index: begun beside the live one, made live at once, kept until told.

A generation is a side of the index and, if any, the embedding model searched with it. One that only changes
the model shares the side, hence the passages, of the live one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.knowledge.chunking import CHUNKER_VERSION
from centaure.knowledge.language import LANGUAGE_VERSION
from centaure.knowledge.parsing import PARSER_VERSION
from centaure.knowledge.retrieval.vectors import (
    forget_plans,
    make_index,
    plan_vectors,
    remove_vectors,
    waiting_documents,
)

State = Literal["building", "ready", "live", "kept", "leaving"]

VERSIONS: Mapping[str, str] = {
    "parser": PARSER_VERSION,
    "chunker": CHUNKER_VERSION,
    "analysis": LANGUAGE_VERSION,
}
"""What a document read now is read by."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation, as a curator sees it.

    Attributes:
        side: 0 or 1; generations of one side share their passages.
        model: name of the embedding model; None: words alone.
        model_problem: why the model did not answer, the last time.
        state: building, ready (complete, waiting for a person), live, kept (was live), leaving.
        switch: goes live as soon as it is complete.
        read_again: every document is read anew, whatever versions read it.
        problem: what keeps it from being complete.
        to_read: documents that have no reading on its side yet.
        to_embed: documents with passages that wait for vectors.
        recall: part of the nearest vectors that their index found when it was last tested; None: not yet.
    """

    id: int
    side: int
    model_id: int | None
    model: str | None
    model_problem: str
    state: State
    switch: bool
    read_again: bool
    problem: str
    to_read: int
    to_embed: int
    requested_at: datetime
    built_at: datetime | None
    live_at: datetime | None
    recall: float | None

    @property
    def waits_for(self) -> str:
        """What keeps it from being complete, in sentences; empty: nothing but time."""
        return f"{self.problem} {self.model_problem}".strip()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A generation to begin.

    Attributes:
        model: name of the embedding model; None keeps the live one's; empty: words alone.
        read_again: read every document anew, not only those that earlier versions read.
        switch: make it live as soon as it is complete.
    """

    model: str | None = None
    read_again: bool = False
    switch: bool = True


async def list_generations(session: ReadSession) -> list[Generation]:
    """Every generation, the latest first."""
    return [_generation(row) for row in await session.rows(_LIST)]


async def building_generation(session: ReadSession) -> Generation | None:
    """The one that is being built."""
    return next((one for one in await list_generations(session) if one.state == "building"), None)


async def outdated_readings(session: ReadSession) -> int:
    """How many documents are shown as an earlier version of the parser, chunker or analysis read them.

    Those that the present one was given and could not read are not counted: see `taken_over`.
    """
    return int(await session.value(_OUTDATED, VERSIONS))


async def taken_over(session: ReadSession) -> dict[str, int]:
    """Why live readings are those of before, and how many documents each reason holds for, five at most."""
    return {row.reason: int(row.documents) for row in await session.rows(_TAKEN_OVER)}


async def begin_generation(
    session: WriteSession, wanted: Wanted, requested_by: int | None
) -> Generation:
    """Begin a generation beside the live one; the worker builds it.

    Raises:
        Conflict: another one is being built, or stands where this one would.
        NotFound: there is no such model.
        InvalidInput: it would be what is live.
    """
    await session.execute(_LOCK)
    existing = await list_generations(session)
    for one in existing:
        if one.state == "building":
            raise Conflict(
                f"Generation {one.id} is being built. Wait for it, or remove it: "
                f"`centaure index remove {one.id}`."
            )
    live = next(one for one in existing if one.state == "live")
    model_id = live.model_id
    if wanted.model is not None:
        model_id = None if not wanted.model else await _model_id(session, wanted.model)
    anew = wanted.read_again or await outdated_readings(session) > 0
    if not anew and model_id == live.model_id:
        raise InvalidInput(
            "The live generation is what this would build. Name another model with --embedding, or read "
            "every document anew with --read-again."
        )
    side = 1 - live.side if anew else live.side
    for one in existing:
        if (anew and one.side == side) or (one.side, one.model_id) == (side, model_id):
            raise Conflict(
                f"Generation {one.id} is {one.state} where this one would be built. "
                + (
                    "`centaure worker` or `serve` removes it, and so does "
                    f"`centaure index remove {one.id} --wait`."
                    if one.state == "leaving"
                    else f"Switch to it (`centaure index switch {one.id}`) or remove it "
                    f"(`centaure index remove {one.id}`)."
                )
            )
    values = {
        "side": side,
        "model": model_id,
        "switch": wanted.switch,
        "read_again": wanted.read_again,
        "by": requested_by,
    }
    number = int(await session.value(_BEGIN, values))
    if model_id is not None:
        await make_index(session, model_id, side)
        if not anew:
            await plan_vectors(session, model_id, side)
    await note_progress(session)
    return await find_generation(session, number)


async def find_generation(session: ReadSession, number: int) -> Generation:
    """A generation by its number.

    Raises:
        NotFound: there is none.
    """
    for one in await list_generations(session):
        if one.id == number:
            return one
    raise NotFound(f"There is no generation {number}. `centaure index list` shows them.")


async def switch_to(session: WriteSession, number: int) -> Generation:
    """Make a generation live, in the caller's transaction; the one that was is kept.

    Raises:
        NotFound: there is none.
        Conflict: it is not complete, or is live.
    """
    await session.execute(_HOLD)
    target = await find_generation(session, number)
    live = next(one for one in await list_generations(session) if one.state == "live")
    if target.state not in {"ready", "kept"}:
        words = {
            "live": "is live already",
            "building": "is not complete yet",
            "leaving": "is being removed",
        }
        raise Conflict(f"Generation {number} {words[target.state]}.")
    if target.side != live.side and await session.value(_LACKING, {"side": target.side}):
        raise Conflict(f"Generation {number} lacks documents; the worker is completing it.")
    await session.execute(_KEEP)
    await session.execute(_GO_LIVE, {"id": number})
    if target.side != live.side:
        await session.execute(_SHOW, {"side": target.side})
    return await find_generation(session, number)


async def complete(session: WriteSession, number: int) -> Generation:
    """Make a generation that has everything ready, and live if it was asked for so.

    Raises:
        NotFound: it was removed meanwhile.
    """
    await session.execute(_HOLD)
    generation = await find_generation(session, number)
    lacking = await session.value(_LACKING, {"side": generation.side})
    waiting = await waiting_documents(session, generation.model_id, generation.side)
    if generation.state != "building" or lacking or waiting:
        return generation
    await session.execute(_READY, {"id": number})
    return await switch_to(session, number) if generation.switch else generation


async def remove_generation(session: WriteSession, number: int) -> bool:
    """Stop using a generation; the worker removes what only it needs. False: it was leaving already.

    Raises:
        NotFound: there is none.
        Conflict: it is live.
    """
    await session.execute(_HOLD)
    state = (await find_generation(session, number)).state
    if state == "live":
        raise Conflict(
            f"Generation {number} is live. Switch to another one first: `centaure index switch`."
        )
    if state == "leaving":
        return False
    await session.execute(_LEAVE, {"id": number})
    await forget_plans(session)
    return True


async def remove_left(database: Database) -> None:
    """Remove what only generations that are leaving need, some at a time, then their rows."""
    async with database.read(None) as session:
        leaving = await session.rows(_LEAVING)
    for one in leaving:
        if one.vectors_unused:
            await remove_vectors(database, one.model, one.side)
        while one.side_unused:
            async with database.write(None) as session:
                if not await session.execute(_REMOVE_READINGS, {"side": one.side}):
                    break
        async with database.write(None) as session:
            await session.execute(_REMOVE, {"id": one.id})


async def note_progress(session: WriteSession) -> None:
    """Write in each generation how many documents it still has to read and to embed."""
    for one in await list_generations(session):
        if one.state == "leaving":
            continue
        to_read = 0
        if one.state == "building":
            to_read = int(await session.value(_TO_READ, {"side": one.side}))
        to_embed = await waiting_documents(session, one.model_id, one.side)
        if (to_read, to_embed) != (one.to_read, one.to_embed):
            values = {"id": one.id, "to_read": to_read, "to_embed": to_embed}
            await session.execute(_PROGRESS, values)


async def note_problem(session: WriteSession, number: int, problem: str) -> None:
    """Say what keeps a generation from being complete; empty: nothing."""
    await session.execute(_PROBLEM, {"id": number, "problem": problem})


async def still_building(session: WriteSession, number: int) -> bool:
    """Whether a generation is still to be built; it is not removed before the transaction ends."""
    return bool(await session.value(_STILL, {"id": number}))


async def _model_id(session: ReadSession, name: str) -> int:
    found = await session.value(_MODEL, {"name": name})
    if found is None:
        raise NotFound(
            f"There is no embedding model '{name}'. `centaure embedding add` adds one; "
            "`centaure embedding list` lists them."
        )
    return int(found)


def _generation(row: Row) -> Generation:
    return Generation(*row)


_LIST = """
    select generation.id, side, model, embedding_model.name, coalesce(embedding_model.problem, ''),
        state, switch, read_again, generation.problem, to_read, to_embed, requested_at, built_at, live_at,
        recall
    from generation
    left join embedding_model on embedding_model.id = generation.model
    order by generation.id desc
"""
_OUTDATED = """
    select count(*) from reading
    where side = live_side() and (parser_version, chunker_version, language_version)
        <> (%(parser)s, %(chunker)s, %(analysis)s)
    and kept = ''
"""
_TAKEN_OVER = """
    select kept as reason, count(*) as documents from reading
    where side = live_side() and kept <> '' group by kept order by count(*) desc, kept limit 5
"""
# Whoever writes a document holds rows of it: one sees the same sides from its first file to its last.
_LOCK = "lock table generation in exclusive mode"
_HOLD = "select id from generation order by id for update"
_MODEL = "select id from embedding_model where name = %(name)s"
_BEGIN = """
    insert into generation (side, model, state, switch, read_again, requested_by)
    values (%(side)s, %(model)s, 'building', %(switch)s, %(read_again)s, %(by)s)
    returning id
"""
_LACKING = """
    select exists (
        select from document where not exists (
            select from reading where document_id = document.id and side = %(side)s))
"""
_TO_READ = """
    select count(*) from document where not exists (
        select from reading where document_id = document.id and side = %(side)s)
"""
_KEEP = "update generation set state = 'kept' where state = 'live'"
_GO_LIVE = "update generation set state = 'live', live_at = now(), problem = '' where id = %(id)s"
_READY = "update generation set state = 'ready', built_at = now(), problem = '' where id = %(id)s"
_SHOW = """
    update document set format = reading.format, title = reading.title, author = reading.author,
        language = reading.language, modified = reading.modified, page_count = reading.page_count,
        family = reading.family
    from reading
    where reading.document_id = document.id and reading.side = %(side)s
        and (document.format, document.title, document.author, document.language, document.modified,
            document.page_count, document.family)
        is distinct from (reading.format, reading.title, reading.author, reading.language,
            reading.modified, reading.page_count, reading.family)
"""
_LEAVE = "update generation set state = 'leaving' where id = %(id)s"
_LEAVING = """
    select id, side, model,
        not exists (select from generation other
            where other.side = gone.side and other.state <> 'leaving') as side_unused,
        model is not null and not exists (select from generation other
            where other.side = gone.side and other.model = gone.model and other.state <> 'leaving')
            as vectors_unused
    from generation gone
    where state = 'leaving' order by id
"""
_REMOVE_READINGS = """
    delete from reading where (document_id, side) in (
        select document_id, side from reading where side = %(side)s limit 200)
"""
_REMOVE = "delete from generation where id = %(id)s and state = 'leaving'"
_PROGRESS = "update generation set to_read = %(to_read)s, to_embed = %(to_embed)s where id = %(id)s"
_PROBLEM = (
    "update generation set problem = %(problem)s where id = %(id)s and problem <> %(problem)s"
)
_STILL = "select id from generation where id = %(id)s and state = 'building' for key share"
