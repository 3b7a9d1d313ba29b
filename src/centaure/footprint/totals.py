"""Footprints added up, from the records of calls of models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from centaure.footprint.estimation import Impacts, Range
from centaure.kit.database import ReadSession, Row


@dataclass(frozen=True, slots=True)
class Used:
    """What some answers cost.

    Attributes:
        calls: of models, that gave an answer or a part of one.
        estimated: how many of them could be estimated: the others are in no amount.
        impacts: of those; the ends of a sum are the sums of the ends.
    """

    calls: int
    estimated: int
    impacts: Impacts


@dataclass(frozen=True, slots=True)
class Part:
    """What the answers of a month cost.

    Attributes:
        month: of UTC, such as "2026-11".
        group: whose; None: of all together.
        used: the sum.
    """

    month: str
    group: str | None
    used: Used


def last_months(count: int, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first of so many months, this one the last, until now; of UTC."""
    months = now.year * 12 + now.month - count
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC), now


async def own_footprint(
    session: ReadSession,
    since: datetime,
    until: datetime,
    *,
    conversation: int | None = None,
    generation: int | None = None,
) -> list[Part]:
    """What was asked by the principal of the session cost, month by month, the latest first.

    Args:
        session: as that principal.
        since: from when on.
        until: before when.
        conversation: only what was said in it.
        generation: only this call.
    """
    rows = await session.rows(
        """
        select to_char(at at time zone 'UTC', 'YYYY-MM') as month, null as group_name, count(*) as calls,
            count(co2e_g_high) as estimated,
            coalesce(sum(energy_kwh_low), 0) as energy_kwh_low,
            coalesce(sum(energy_kwh_high), 0) as energy_kwh_high,
            coalesce(sum(co2e_g_low), 0) as co2e_g_low, coalesce(sum(co2e_g_high), 0) as co2e_g_high,
            coalesce(sum(water_l_low), 0) as water_l_low, coalesce(sum(water_l_high), 0) as water_l_high
        from model_generation
        where principal = (select current_principal()) and at >= %(since)s and at < %(until)s
            and ended in ('done', 'length', 'cancelled', 'cut')
            and (cast(%(conversation)s as bigint) is null or conversation = %(conversation)s)
            and (cast(%(generation)s as bigint) is null or id = %(generation)s)
        group by 1
        order by 1 desc
        """,
        {"since": since, "until": until, "conversation": conversation, "generation": generation},
    )
    return [_part(row) for row in rows]


async def footprint_of_groups(session: ReadSession, since: datetime, until: datetime) -> list[Part]:
    """What everybody's answers cost, by month and group; empty to whoever is no administrator.

    For each month the row of all together comes first, then those of groups by name.
    """
    rows = await session.rows(
        "select * from footprint_of_groups(%(since)s, %(until)s)", {"since": since, "until": until}
    )
    return [_part(row) for row in rows]


def together(parts: Iterable[Part]) -> Used:
    """The sum of parts that have nothing in common."""
    every = [part.used for part in parts]
    impacts = [used.impacts for used in every]
    return Used(
        sum(used.calls for used in every),
        sum(used.estimated for used in every),
        Impacts(
            _sum(one.energy_kwh for one in impacts),
            _sum(one.co2e_g for one in impacts),
            _sum(one.water_l for one in impacts),
        ),
    )


def _sum(ranges: Iterable[Range]) -> Range:
    low = high = 0.0
    for one in ranges:
        low, high = low + one.low, high + one.high
    return Range(low, high)


def _part(row: Row) -> Part:
    impacts = Impacts(
        Range(row.energy_kwh_low, row.energy_kwh_high),
        Range(row.co2e_g_low, row.co2e_g_high),
        Range(row.water_l_low, row.water_l_high),
    )
    return Part(row.month, row.group_name, Used(row.calls, row.estimated, impacts))
