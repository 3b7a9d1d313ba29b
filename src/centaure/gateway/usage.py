"""How much of models was used: one's own, or everybody's for administrators, in totals."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from centaure.identity import Role
from centaure.identity.roles import lacks
from centaure.kit.database import ReadSession
from centaure.kit.errors import InvalidInput


class By(StrEnum):
    """What totals are divided by."""

    DAY = "day"
    MONTH = "month"
    USER = "user"
    MODEL = "model"
    PURPOSE = "purpose"
    ASSISTANT = "assistant"
    USE_CASE = "use_case"


@dataclass(frozen=True, slots=True)
class Total:
    """What calls that ended used together.

    Attributes:
        calls: how many there were, with those that were refused or failed (or were lost).
        estimated: how many of the answered ones have tokens that the provider did not count.
        cost_micro_euros: of those whose price is known.
        unpriced: how many of the answered ones have no known price.
        energy_kwh, co2e_g, water_l: from the lowest to the highest that it may be, of those with an estimate.
        unmeasured: how many of the answered ones have none.
    """

    calls: int
    refused: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    estimated: int
    cost_micro_euros: int
    unpriced: int
    energy_kwh: tuple[float, float]
    co2e_g: tuple[float, float]
    water_l: tuple[float, float]
    unmeasured: int


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to another, which is not in it."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used in a span; `parts` by the name of each day, model ..."""

    span: Span
    by: By
    total: Total
    parts: dict[str, Total]


def span_of(since: datetime | None, until: datetime | None) -> Span:
    """From the first of this month until now (UTC) where nothing else is said.

    Raises:
        InvalidInput: it ends before it begins, or lies outside the years 1 to 9999.
    """
    now = datetime.now(UTC)
    begins = since or (until or now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    span = Span(_in_utc(begins), _in_utc(until or now))
    if span.since > span.until:
        raise InvalidInput("The time ends before it begins: give `since` before `until`.")
    return span


async def own_usage(session: ReadSession, span: Span, by: By = By.DAY) -> Usage:
    """What the principal of the session used."""
    rows = await session.rows(
        "select * from own_usage(%(since)s, %(until)s, %(by)s)", _values(span, by)
    )
    return _usage(rows, span, by)


async def usage_of_all(session: ReadSession, span: Span, by: By = By.DAY) -> Usage:
    """What everybody used.

    Raises:
        Forbidden: the principal is no administrator.
    """
    rows = await session.rows(
        "select * from usage_of_all(%(since)s, %(until)s, %(by)s)", _values(span, by)
    )
    if not rows:
        raise lacks(Role.ADMINISTRATOR)
    return _usage(rows, span, by)


async def usage_on_machine(
    session: ReadSession, span: Span, by: By, account: int | None = None
) -> Usage:
    """What an account, or (None) everybody, used; the session is of the owner's role."""
    rows = await session.rows(
        "select * from totals_of_usage(%(since)s, %(until)s, %(by)s, %(account)s)",
        {**_values(span, by), "account": account},
    )
    return _usage(rows, span, by)


def _values(span: Span, by: By) -> dict[str, Any]:
    return {"since": span.since, "until": span.until, "by": by.value}


def _usage(rows: list[Any], span: Span, by: By) -> Usage:
    if not rows:  # nobody is signed in
        nothing = (0.0, 0.0)
        return Usage(span, by, Total(0, 0, 0, 0, 0, 0, 0, 0, nothing, nothing, nothing, 0), {})
    return Usage(span, by, _total(rows[0]), {row.part: _total(row) for row in rows[1:]})


def _total(row: Any) -> Total:
    return Total(
        calls=row.calls,
        refused=row.refused,
        failed=row.failed,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        estimated=row.estimated,
        cost_micro_euros=row.cost_micro_euros,
        unpriced=row.unpriced,
        energy_kwh=(row.energy_kwh_low, row.energy_kwh_high),
        co2e_g=(row.co2e_g_low, row.co2e_g_high),
        water_l=(row.water_l_low, row.water_l_high),
        unmeasured=row.unmeasured,
    )


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidInput("This time is too far away: give one of the years 1 to 9999.") from None
