"""Quotas and budgets: how much of models somebody may use in an hour, a day or a month.

The database reserves from them before a call and settles after it (`begin_generation`, `finish_generation` in
model_generations.sql); here they are set, read, and said in words.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import LiteralString

from psycopg.errors import ForeignKeyViolation

from centaure.audit import Action, record
from centaure.gateway.calls import QuotaExhausted
from centaure.identity import find_user
from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound

LARGEST = Decimal(10) ** 11
_LONGEST_NAME = 200


class Subject(StrEnum):
    """Whose use is counted: that of people, or that made through something."""

    EVERYBODY = "everybody"
    USER = "user"
    GROUP = "group"
    ASSISTANT = "assistant"
    USE_CASE = "use_case"
    KEY = "key"


class Measure(StrEnum):
    """What is counted: answered calls, tokens in and out, their price, the high end of their CO2e."""

    REQUESTS = "requests"
    TOKENS = "tokens"
    EUROS = "euros"
    CO2E = "co2e_g"


class Period(StrEnum):
    """When it begins again, in UTC."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class NewQuota:
    """A quota as somebody sets it.

    Attributes:
        subject: whose use is counted.
        name: login of the user, key or label of the group, name of the assistant or use case, number of the
            API key; empty for everybody.
        measure: what is counted.
        amount: of the measure, six decimals at most; 0: nothing is allowed.
        period: how often it begins again.
        each: whether every person has the amount to themselves; else all share it.
    """

    subject: Subject
    name: str
    measure: Measure
    amount: Decimal
    period: Period
    each: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota as it is kept; `used` and `held` (by calls that go on) are None where each has their own."""

    id: int
    said: NewQuota
    used: Decimal | None
    held: Decimal | None


@dataclass(frozen=True, slots=True)
class Share:
    """What a quota leaves to somebody; `name` is that of the group, assistant or use case, if any."""

    quota: int
    said: NewQuota
    used: Decimal
    held: Decimal
    renews: datetime


async def list_quotas(session: ReadSession) -> list[Quota]:
    """Every quota, for administrators; others see none."""
    return [_quota(row) for row in await session.rows(_LIST)]


async def set_quota(session: WriteSession, wanted: NewQuota) -> Quota:
    """Set a quota, or the amount of one that is there; what was used since its period began still counts.

    Args:
        session: of an administrator.
        wanted: the quota.

    Raises:
        InvalidInput: the amount or the subject is not one.
        NotFound: there is no such user, group or key.
        Conflict: several groups have this label.
    """
    amount = _amount(wanted.amount)
    if wanted.each and wanted.subject in {Subject.USER, Subject.KEY}:
        raise InvalidInput(
            "One person, or one key, has the whole amount: leave out that each has it."
        )
    values = {
        "subject": wanted.subject.value,
        "measure": wanted.measure.value,
        "amount": amount,
        "period": wanted.period.value,
        "each": wanted.each,
        **await _subject(session, wanted.subject, wanted.name.strip()),
    }
    try:
        number = await session.value(_SET, values)
    except ForeignKeyViolation:
        raise _no_key(wanted.name) from None
    kept = _quota(await session.one(_ONE, {"id": number}))
    await _tell(session, kept, "set")
    return kept


async def remove_quota(session: WriteSession, number: int) -> Quota:
    """Remove a quota; from the next call on it limits nothing.

    Raises:
        NotFound: there is none of this number.
    """
    row = await session.row(_ONE, {"id": number})
    if row is None:
        raise NotFound(f"There is no quota {number}. `centaure quota list` shows them.")
    await session.execute("delete from quota where id = %(id)s", {"id": number})
    removed = _quota(row)
    await _tell(session, removed, "remove")
    return removed


async def own_shares(session: ReadSession) -> list[Share]:
    """What the quotas of the caller, of their groups and of their keys leave them."""
    return [
        Share(row.quota, _said(row), row.used, row.held, row.renews)
        for row in await session.rows("select * from quotas_of_caller()")
    ]


def exhausted(refused: Row) -> QuotaExhausted:
    """The error of a call that a quota refused: which, and when it is renewed; from `begin_generation`."""
    said = _said(refused)
    whole = f"the quota of {described(said, to_oneself=True)}"
    renewed = f"{refused.renews:%Y-%m-%dT%H:%M:%SZ}"
    left = max(said.amount - refused.taken, Decimal(0))
    if refused.wanted > said.amount > 0:
        sentence = (
            f"This may take {_measured(refused.wanted, said.measure)}, more than {whole}. Ask for a shorter "
            f"answer, or an administrator for a larger quota. It is renewed at {renewed}."
        )
    elif left and said.measure is not Measure.REQUESTS:
        sentence = (
            f"This may take {_measured(refused.wanted, said.measure)}, and {_measured(left, said.measure)} "
            f"are left of {whole}. It is renewed at {renewed}; until then, ask for a shorter answer."
        )
    else:
        sentence = f"T{whole[1:]} is used up. It is renewed at {renewed}."
    wait = max(ceil(refused.wait_s), 1)
    return QuotaExhausted(sentence, headers={"Retry-After": str(wait)})


def described(said: NewQuota, *, to_oneself: bool = False) -> str:
    """A quota in words, such as "100 requests a day for everybody together".

    Args:
        said: the quota.
        to_oneself: whether it is told to the one whom it meets.
    """
    user = "you" if to_oneself else said.name
    key = "this API key" if to_oneself else f"the API key {said.name}"
    of = {
        Subject.EVERYBODY: ("everybody together", "each person"),
        Subject.USER: (user, user),
        Subject.GROUP: (f"the group {said.name} together", f"each person of the group {said.name}"),
        Subject.ASSISTANT: (
            f"the assistant {said.name}",
            f"each person who uses the assistant {said.name}",
        ),
        Subject.USE_CASE: (
            f"the use case {said.name}",
            f"each person in the use case {said.name}",
        ),
        Subject.KEY: (key, key),
    }
    every = "an hour" if said.period is Period.HOUR else f"a {said.period}"
    return f"{_measured(said.amount, said.measure)} {every} for {of[said.subject][said.each]}"


def plain(number: Decimal) -> str:
    """A number with thousands apart, and no zeros at its end."""
    written = f"{number:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _measured(number: Decimal, measure: Measure) -> str:
    words = "g of CO2e" if measure is Measure.CO2E else measure.value
    return f"{plain(number)} {words[:-1] if number == 1 and words.endswith('s') else words}"


def _amount(given: Decimal) -> Decimal:
    if not given.is_finite() or not 0 <= given <= LARGEST:
        raise InvalidInput(f"An amount is a number from 0 to {LARGEST:,f}.")
    rounded = round(given, 6)
    if rounded != given:
        raise InvalidInput("An amount has six decimals at most.")
    return rounded


async def _subject(
    session: ReadSession, subject: Subject, name: str
) -> dict[str, int | str | None]:
    """The columns that say whose quota it is."""
    found: dict[str, int | str | None] = {"principal": None, "name": None, "key": None}
    if subject is Subject.EVERYBODY:
        if name:
            raise InvalidInput("A quota of everybody has no name.")
    elif not name or len(name) > _LONGEST_NAME or "\0" in name:
        raise InvalidInput(
            f"Name the {subject.replace('_', ' ')}, in {_LONGEST_NAME} characters at most."
        )
    elif subject is Subject.USER:
        found["principal"] = (await find_user(session, name)).id
    elif subject is Subject.GROUP:
        found["principal"] = await _group(session, name)
    elif subject is Subject.KEY:
        found["key"] = _key(name)
    else:
        found["name"] = name
    return found


async def _group(session: ReadSession, name: str) -> int:
    groups = await session.rows(_GROUPS, {"name": name})
    if not groups:
        raise NotFound(f"There is no group {name}.")
    if len(groups) > 1 and groups[0].key != name:
        keys = ", ".join(row.key for row in groups)
        raise Conflict(f"Several groups are called {name}. Name one by its key: {keys}.")
    return int(groups[0].id)


def _key(name: str) -> int:
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 19 else 0
    if not number:
        raise _no_key(name)
    return number


def _no_key(name: str) -> NotFound:
    return NotFound(
        f"There is no API key {name}. `centaure key list LOGIN` shows the numbers of somebody's."
    )


def _said(row: Row) -> NewQuota:
    return NewQuota(
        Subject(row.subject),
        row.name,
        Measure(row.measure),
        row.amount,
        Period(row.period),
        row.each,
    )


def _quota(row: Row) -> Quota:
    return Quota(row.id, _said(row), row.used, row.held)


async def _tell(session: WriteSession, quota: Quota, did: str) -> None:
    said = quota.said
    details = {
        "did": did,
        "subject": said.subject.value,
        "measure": said.measure.value,
        "amount": plain(said.amount),
        "period": said.period.value,
        "each": said.each,
    }
    await record(session, Action.QUOTA_CHANGE, f"quota:{quota.id}", details=details)


_KEPT: LiteralString = """
    select quota.id, subject, measure, amount, period, each,
        coalesce(quota.name, user_account.login, principal.key, cast(key_id as text), '') as name,
        case when not each then coalesce(used, 0) end as used,
        case when not each then coalesce(held, 0) end as held
    from quota
    left join principal on principal.id = quota.principal
    left join user_account on user_account.principal_id = quota.principal
    left join quota_use on quota_use.quota = quota.id and member = 0
        and begins = date_trunc(period, now(), 'UTC')
"""
_LIST: LiteralString = f"{_KEPT} order by quota.id"
_ONE: LiteralString = f"{_KEPT} where quota.id = %(id)s"
_SET = """
    insert into quota (subject, principal, name, key_id, measure, amount, period, each)
    values (%(subject)s, %(principal)s, %(name)s, %(key)s, %(measure)s, %(amount)s, %(period)s, %(each)s)
    on conflict (subject, principal, name, key_id, measure, period, each) do update
    set amount = excluded.amount
    returning id
"""
_GROUPS = """
    select id, key from principal
    where kind = 'group' and (key = %(name)s or label = %(name)s)
    order by key <> %(name)s, key
    limit 10
"""
