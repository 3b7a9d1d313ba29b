"""Vectors of passages, made in the background: search goes on by words meanwhile.

Documents that wait are rows of `embedding_task`. A worker claims some, the most wanted first, and writes
vectors batch by batch; what a worker that was killed had claimed returns after `CLAIM`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from math import isfinite
from uuid import uuid4

import anyio.to_thread

from centaure.gateway.embeddings import TextRefused
from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import CentaureError, Unavailable
from centaure.knowledge.retrieval.embedding import EmbeddingModel, embedded_text, written
from centaure.knowledge.retrieval.models import DescribedModel, EmbeddingModels

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
ANSWER_S = 300.0
"""Longest time of one request for vectors, with all its attempts."""
_DOCUMENTS = 32


async def plan_vectors(session: WriteSession, model_id: int, side: int) -> None:
    """Ask for the vectors that a side lacks: first what people open most, then what is most recent."""
    await session.execute(_PLAN, {"model": model_id, "side": side})


async def embed_waiting(
    database: Database, models: EmbeddingModels, goes_on: Callable[[], Awaitable[bool]]
) -> bool:
    """Make the vectors that documents wait for, by each model that answers.

    Args:
        database: as the worker's role.
        models: makes the models.
        goes_on: called after each claim is done: whether there is nothing more urgent.

    Returns:
        Whether each model answered; one that does not says why in its row.
    """
    complete = True
    async with database.write(None) as session:
        await session.execute(_FORGET_PROBLEMS)
        rows = await session.rows(_WAITED_FOR)
    for row in rows:
        problem = ""
        try:
            described = DescribedModel(row.kind, row.location, row.options, row.secrets)
            model = await anyio.to_thread.run_sync(models.model, described)
            while await _embed_some(database, row.id, row.dimensions, model):
                if not await goes_on():
                    return complete
        except CentaureError as error:
            log.warning("No vectors from the model %s for now: %s", row.name, error.message)
            problem, complete = error.message, False
        except Exception as error:  # the edge: a fault of one model stops no other
            log.exception("No vectors from the model %s for now", row.name)
            problem = f"Its vectors cannot be used ({type(error).__name__}). Report this fault."
            complete = False
        async with database.write(None) as session:
            await session.execute(_PROBLEM, {"id": row.id, "problem": problem})
    return complete


async def waiting_documents(session: ReadSession, model_id: int | None, side: int) -> int:
    """How many documents of a side wait for vectors of a model."""
    if model_id is None:
        return 0
    return int(await session.value(_HOW_MANY, {"model": model_id, "side": side}))


async def forget_plans(session: WriteSession) -> None:
    """Nothing waits any more for vectors that no generation needs."""
    await session.execute(_FORGET_PLANS)


async def make_index(session: WriteSession, model_id: int, side: int) -> None:
    """Make the index that finds near vectors of a model on a side; it is empty where none is written yet."""
    await session.execute(_MAKE_INDEX, {"model": model_id, "side": side})


async def remove_vectors(database: Database, model_id: int, side: int) -> None:
    """Remove the vectors of a model on a side and their index, some at a time.

    Raises:
        Unavailable: searches went on for so long that the index could not be removed; try again later.
    """
    values = {"model": model_id, "side": side}
    async with database.write(None) as session:
        await session.execute(_PATIENCE)
        await session.execute(_DROP_INDEX, values)
    while True:
        async with database.write(None) as session:
            if not await session.execute(_REMOVE, values):
                return


async def _embed_some(
    database: Database, model_id: int, dimensions: int, model: EmbeddingModel
) -> bool:
    """Whether some documents were there to claim; all their passages have vectors then."""
    claim = uuid4()
    values = {"claim": claim, "model": model_id, "for": CLAIM}
    async with database.write(None) as session:
        claimed = await session.rows(_CLAIM, {**values, "most": _DOCUMENTS})
    if not claimed:
        return False
    most = model.batch
    try:
        while True:
            # Looked at again before each request: what was closed, erased or classified is not sent any more.
            async with database.read(None) as session:
                passages = await session.rows(_LACKING, {**values, "most": most})
            if not passages:
                break
            try:
                vectors = await _vectors(model, passages, dimensions)
            except TextRefused:
                if len(passages) > 1:
                    most = len(passages) // 2
                    continue
                vectors = [None]
            ids = [row.id for row in passages]
            async with database.write(None) as session:
                await session.execute(_WRITE, {**values, "ids": ids, "vectors": vectors})
                await session.execute(_HOLD, values)
            most = min(model.batch, 2 * most)
    except BaseException:
        with anyio.CancelScope(shield=True):
            async with database.write(None) as session:
                await session.execute(_RELEASE, values)
        raise
    async with database.write(None) as session:
        await session.execute(_DONE, values)
    return True


async def _vectors(
    model: EmbeddingModel, passages: Sequence[Row], dimensions: int
) -> list[str | None]:
    """A vector for each passage.

    Raises:
        TextRefused: the model will not take one of them.
        Unavailable, Refused: it does not answer, or not with vectors of that length.
    """
    texts = [embedded_text(row.stated, row.heading_path, row.text) for row in passages]
    try:
        async with asyncio.timeout(ANSWER_S):
            vectors = await anyio.to_thread.run_sync(
                model.embed_passages, texts, abandon_on_cancel=True
            )
    except TimeoutError:
        raise Unavailable(f"The model has not answered in {ANSWER_S:.0f} s.") from None
    if any(
        len(vector) != dimensions or not all(isfinite(number) for number in vector)
        for vector in vectors
    ):
        raise Unavailable(f"The model does not give vectors of {dimensions} numbers any more.")
    return [written(vector) for vector in vectors]


_PLAN = "select plan_embedding(%(model)s, cast(%(side)s as smallint))"
_WAITED_FOR = """
    select id, name, kind, location, options, secrets, dimensions
    from embedding_model
    where exists (select from embedding_task where model = embedding_model.id)
    order by id
"""
_HOW_MANY = "select count(*) from embedding_task where model = %(model)s and side = %(side)s"
_FORGET_PROBLEMS = """
    update embedding_model set problem = ''
    where problem <> '' and not exists (select from embedding_task where model = embedding_model.id)
"""
_PROBLEM = (
    "update embedding_model set problem = %(problem)s where id = %(id)s and problem <> %(problem)s"
)
_CLAIM = """
    update embedding_task set claim = %(claim)s, claimed_until = now() + %(for)s
    where (document_id, side, model) in (
        select document_id, side, model from embedding_task
        where model = %(model)s and (claimed_until is null or claimed_until < now())
        order by priority desc, wanted_at desc limit %(most)s
        for update skip locked)
    returning document_id
"""
_LACKING = """
    select chunk.id, chunk.text, chunk.heading_path, reading.stated
    from embedding_task task
    join chunk on chunk.document_id = task.document_id and chunk.side = task.side
    join reading on reading.document_id = chunk.document_id and reading.side = chunk.side
    join document on document.id = chunk.document_id
    join embedding_model model
        on model.id = %(model)s and document.classification <= model.highest
    where task.claim = %(claim)s and document.readers <> '{}' and exists (
        select from generation
        where generation.model = model.id and generation.side = task.side and generation.state <> 'leaving')
    and not exists (
        select from chunk_vector
        where chunk_vector.chunk_id = chunk.id and chunk_vector.model = %(model)s)
    order by task.priority desc, chunk.document_id, chunk.position
    limit %(most)s
"""
_WRITE = """
    insert into chunk_vector (chunk_id, model, document_id, side, position, vector)
    select passage.id, %(model)s, passage.document_id, passage.side, passage.position,
        cast(given.vector as public.halfvec)
    from (
        select id, document_id, side, position from chunk
        where id = any(cast(%(ids)s as bigint[])) for key share
    ) as passage
    join unnest(cast(%(ids)s as bigint[]), cast(%(vectors)s as text[])) as given(id, vector)
        on given.id = passage.id
    on conflict do nothing
"""
_HOLD = "update embedding_task set claimed_until = now() + %(for)s where claim = %(claim)s"
_RELEASE = "update embedding_task set claim = null, claimed_until = null where claim = %(claim)s"
_DONE = "delete from embedding_task where claim = %(claim)s"
_FORGET_PLANS = """
    delete from embedding_task where not exists (
        select from generation
        where generation.model = embedding_task.model and generation.side = embedding_task.side
            and generation.state <> 'leaving')
"""
_MAKE_INDEX = "select make_vector_index(%(model)s, cast(%(side)s as smallint))"
_DROP_INDEX = "select drop_vector_index(%(model)s, cast(%(side)s as smallint))"
# Searches wait for whoever waits to drop an index.
_PATIENCE = "set local lock_timeout = '2s'"
_REMOVE = """
    delete from chunk_vector
    where chunk_id in (
        select chunk_id from chunk_vector where model = %(model)s and side = %(side)s limit 5000)
    and model = %(model)s
"""
