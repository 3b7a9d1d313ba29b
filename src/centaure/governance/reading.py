"""Looking through the audit: what was done, when, by whom; never what anything said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from centaure.audit import Action, Outcome
from centaure.kit.database import ReadSession

MOST = 200
"""Entries of a page."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; what is None or empty is not asked.

    Attributes:
        action: what was done.
        outcome: how it ended.
        actor: principal who acted; 0: nobody signed in, or the machine itself.
        subject: what its subject begins with, such as `user:3` or `model:`.
        since, until: from a moment up to another, which is not in it.
        before: number of an entry; only those before it.
    """

    action: Action | None = None
    outcome: Outcome | None = None
    actor: int | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit; `login` and `name` are those that its author has now, empty without one."""

    id: int
    at: datetime
    actor: int | None
    login: str
    name: str
    action: str
    subject: str
    outcome: str
    details: Mapping[str, Any]


async def entries(session: ReadSession, wanted: Wanted, limit: int = MOST) -> list[Entry]:
    """The entries that are looked for, the latest first; none for whoever is no auditor."""
    rows = await session.rows(
        _ENTRIES,
        {
            "action": wanted.action,
            "outcome": wanted.outcome,
            "actor": wanted.actor,
            "subject": wanted.subject,
            "since": wanted.since,
            "until": wanted.until,
            "before": wanted.before,
            "limit": min(limit, MOST),
        },
    )
    return [Entry(*row) for row in rows]


_ENTRIES = (
    "select audit_event.id, at, actor, coalesce(login, '') as login, coalesce(name, '') as name,"
    " action, object, outcome, details"
    " from audit_event left join user_account on principal_id = actor"
    " where (cast(%(action)s as text) is null or action = %(action)s)"
    " and (cast(%(outcome)s as text) is null or outcome = %(outcome)s)"
    " and (cast(%(actor)s as int) is null or coalesce(actor, 0) = %(actor)s)"
    " and starts_with(object, %(subject)s)"
    " and (cast(%(since)s as timestamptz) is null or at >= %(since)s)"
    " and (cast(%(until)s as timestamptz) is null or at < %(until)s)"
    " and (cast(%(before)s as bigint) is null or audit_event.id < %(before)s)"
    " order by audit_event.id desc limit %(limit)s"
)
