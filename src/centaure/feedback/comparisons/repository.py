"""Comparisons in the database; each function in a session of whoever compares."""

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from centaure.kit.database import ReadSession, Row, WriteSession

MOST_LISTED = 100

_BRIEF = """
    select comparison.id, kind, task, language, state, vote, reasons, consent, asked_at, voted_at,
           coalesce(question, '') as question, coalesce(comment, '') as comment
      from comparison
      left join comparison_text on comparison_text.comparison_id = comparison.id
     where comparison.principal = (select current_principal())
"""

# What was read of a document after the question was asked may be other words than those of the answer.
_ANSWER = """
    with made_from(id, content_hash) as (
        select given.id,
               case when exists (
                   select from reading
                   where reading.document_id = document.id and reading.indexed_at < comparison.asked_at
               ) then document.content_hash else '' end
          from comparison
          cross join unnest(cast(%(documents)s as bigint[])) as given(id)
          left join document on document.id = given.id
         where comparison.id = %(id)s
    )
    insert into comparison_answer
        (comparison_id, side, answerable, sentences, citations, documents, hashes, classification,
         approved)
    select %(id)s, %(side)s, %(answerable)s, %(sentences)s, %(citations)s,
           coalesce(array_agg(id order by id), '{}'), coalesce(array_agg(content_hash order by id), '{}'),
           %(classification)s, %(approved)s
      from made_from
"""


async def add(session: WriteSession, kind: str, task: str, question: str) -> int:
    """A comparison that is being answered; its number."""
    number: int = await session.value(
        "insert into comparison (principal, kind, task)"
        " values (current_principal(), %(kind)s, %(task)s) returning id",
        {"kind": kind, "task": task},
    )
    await session.execute(
        "insert into comparison_text (comparison_id, question) values (%(id)s, %(question)s)",
        {"id": number, "question": question},
    )
    return number


async def add_side(session: WriteSession, number: int, side: str, setting: dict[str, Any]) -> None:
    """Which setting stands on a side, and what came of it; nobody reads this before the vote."""
    await session.execute(
        "insert into comparison_side"
        " (comparison_id, side, player, words, model, generation, prompt_version, fallback)"
        " values (%(id)s, %(side)s, %(player)s, %(words)s, %(model)s, %(generation)s,"
        " %(prompt_version)s, %(fallback)s)",
        {"id": number, "side": side, **setting},
    )


async def add_answer(session: WriteSession, number: int, side: str, said: dict[str, Any]) -> None:
    """What a side said, and what the documents that it is made from were then."""
    values = {**said, "sentences": Jsonb(said["sentences"]), "citations": Jsonb(said["citations"])}
    await session.execute(_ANSWER, {"id": number, "side": side, **values})


async def end(
    session: WriteSession, number: int, state: str, language: str, *, counts: bool
) -> bool:
    """How the answers ended; False: the comparison is not there any more, or has ended."""
    changed = await session.execute(
        "update comparison set state = %(state)s, language = %(language)s, counts = %(counts)s"
        " where id = %(id)s and principal = (select current_principal()) and state = 'answering'",
        {"id": number, "state": state, "language": language, "counts": counts},
    )
    return bool(changed)


async def brief(session: ReadSession, number: int) -> Row | None:
    """A comparison of the principal's."""
    return await session.row(_BRIEF + " and comparison.id = %(id)s", {"id": number})


async def briefs(session: ReadSession, before: int | None) -> list[Row]:
    """The latest comparisons of the principal, those before a number where one is given."""
    return await session.rows(
        _BRIEF + " and (cast(%(before)s as bigint) is null or comparison.id < %(before)s)"
        " order by comparison.id desc limit %(most)s",
        {"before": before, "most": MOST_LISTED},
    )


async def answers(session: ReadSession, number: int) -> list[Row]:
    """What the sides said, as far as the principal may still read what that rests on."""
    return await session.rows(
        "select side, answerable, sentences, citations, classification from comparison_answer"
        " where comparison_id = %(id)s order by side",
        {"id": number},
    )


async def revealed(session: ReadSession, number: int) -> list[Row]:
    """The settings of the sides, with the record of the call that wrote each; none before the vote."""
    return await session.rows(
        """
        select side, player, words, comparison_side.model, fallback,
               made.prompt_tokens, made.completion_tokens, made.tokens_counted, made.cost_micro_euros,
               made.energy_kwh_low, made.energy_kwh_high, made.co2e_g_low, made.co2e_g_high,
               made.water_l_low, made.water_l_high, made.first_ms, made.duration_ms,
               made.id as generation
          from comparison_side
          left join model_generation made on made.id = comparison_side.generation
         where comparison_id = %(id)s
         order by side
        """,
        {"id": number},
    )


async def vote(
    session: WriteSession, number: int, said: str, reasons: Sequence[str], *, consent: bool
) -> bool:
    """Keep a vote; False: there is one, or nothing to vote on."""
    changed = await session.execute(
        "update comparison set vote = %(vote)s, reasons = %(reasons)s, consent = %(consent)s,"
        " voted_at = now()"
        " where id = %(id)s and principal = (select current_principal())"
        " and state = 'done' and vote is null",
        {"id": number, "vote": said, "reasons": list(reasons), "consent": consent},
    )
    return bool(changed)


async def comment_on(session: WriteSession, number: int, comment: str) -> None:
    """Keep what a person adds to their vote in their own words."""
    await session.execute(
        "update comparison_text set comment = %(comment)s where comparison_id = %(id)s",
        {"id": number, "comment": comment},
    )


async def consent_to(session: WriteSession, number: int, *, consent: bool) -> bool:
    """Give or take back consent; False: there is no such vote of theirs."""
    changed = await session.execute(
        "update comparison set consent = %(consent)s"
        " where id = %(id)s and principal = (select current_principal()) and vote is not null",
        {"id": number, "consent": consent},
    )
    return bool(changed)


async def remove(session: WriteSession, number: int) -> bool:
    """Remove a comparison, with what models said in it; False: there is none."""
    removed = await session.execute(
        "delete from comparison where id = %(id)s and principal = (select current_principal())",
        {"id": number},
    )
    return bool(removed)
