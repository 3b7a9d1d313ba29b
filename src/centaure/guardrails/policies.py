"""The policies of assistants: kept in versions, and as a process sees them."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from centaure.audit import Action, record
from centaure.guardrails.checks import LENGTH, checks
from centaure.guardrails.policy import DEFAULT, Policy, read_policy
from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound

FRESH_S = 1.0
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy as it was written.

    Attributes:
        assistant: whose it is; empty: where no assistant is named.
        version: 1 for the first.
        policy: what it says.
        changed_by: number of the principal who wrote it; None: the owner of the machine.
        changed_at: when.
    """

    assistant: str
    version: int
    policy: Policy
    changed_by: int | None
    changed_at: datetime


async def in_force(session: ReadSession) -> list[PolicyVersion]:
    """The policy of each assistant that has one, by name."""
    rows = await session.rows(
        "select distinct on (assistant) assistant, version, policy, changed_by, changed_at"
        " from guard_policy order by assistant, version desc"
    )
    return [_read(row) for row in rows]


async def history(session: ReadSession, assistant: str) -> list[PolicyVersion]:
    """Every policy that an assistant ever had, the newest first."""
    rows = await session.rows(
        "select assistant, version, policy, changed_by, changed_at from guard_policy"
        " where assistant = %(assistant)s order by version desc",
        {"assistant": assistant},
    )
    return [_read(row) for row in rows]


async def write(
    session: WriteSession, assistant: str, policy: Policy, changed_by: int | None
) -> int:
    """Put a policy in force; the version that it becomes.

    Args:
        session: as an administrator, or as the worker's role.
        assistant: whose; empty: where no assistant is named.
        policy: checked.
        changed_by: the administrator; None: the owner of the machine.

    Raises:
        InvalidInput: the name is too long, or it names a check that is not there.
        Conflict: somebody else wrote one at the same moment.
    """
    _refuse_unknown("checks", policy.checks, LENGTH)
    _refuse_unknown("off", policy.off)
    return await _put(session, assistant, policy, changed_by)


def _refuse_unknown(field: str, named: Iterable[str], *more: str) -> None:
    known = sorted([*(check.name for check in checks()), *more])
    for name in sorted(set(named).difference(known)):
        raise InvalidInput(
            f"{field}: there is no check '{name}' to be set here. They are {', '.join(known)}."
        )


async def _put(
    session: WriteSession, assistant: str, policy: Policy, changed_by: int | None
) -> int:
    if len(assistant) > _LONGEST_NAME:
        raise InvalidInput(f"The name of an assistant has at most {_LONGEST_NAME} characters.")
    version = await session.value(
        "insert into guard_policy (assistant, version, policy, changed_by)"
        " select %(assistant)s, coalesce(max(version), 0) + 1, cast(%(policy)s as jsonb), %(by)s"
        " from guard_policy where assistant = %(assistant)s"
        " on conflict do nothing returning version",
        {
            "assistant": assistant,
            "policy": json.dumps(policy.model_dump(mode="json", exclude_defaults=True)),
            "by": changed_by,
        },
    )
    if version is None:
        raise Conflict("Somebody else changed this policy at the same moment. Look at it again.")
    await record(
        session,
        Action.ADMINISTRATION,
        f"guard_policy:{assistant or 'default'}",
        details={"what": "guard_policy_changed", "version": version},
    )
    return int(version)


async def roll_back(
    session: WriteSession, assistant: str, version: int, changed_by: int | None
) -> int:
    """Put an older policy in force again, whatever checks are there now; the version that it becomes.

    Raises:
        NotFound: there was no such version.
        Conflict: as `write`.
    """
    row = await session.row(
        "select policy from guard_policy where assistant = %(assistant)s and version = %(version)s",
        {"assistant": assistant, "version": version},
    )
    if row is None:
        raise NotFound("There is no such version of this policy.")
    return await _put(session, assistant, read_policy(row.policy), changed_by)


class Policies(Protocol):
    """What a guard asks of where policies are kept."""

    async def of(self, assistant: str) -> Policy:
        """The policy of an assistant: its own, else the one for where none is named, else the default."""
        ...


@dataclass(frozen=True, slots=True)
class OnePolicy:
    """One policy for every assistant, where there is no database."""

    policy: Policy = DEFAULT

    async def of(self, assistant: str) -> Policy:
        """As in `Policies`."""
        del assistant
        return self.policy


class LivePolicies:
    """The policies in the database, at most `FRESH_S` old; for one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._policies: Mapping[str, Policy] = {}
        self._read_at = -FRESH_S
        self._reading = asyncio.Lock()

    async def of(self, assistant: str) -> Policy:
        """As in `Policies`.

        Raises:
            Unavailable: the database is away; an older policy is not used.
        """
        loop = asyncio.get_running_loop()
        if loop.time() - self._read_at >= FRESH_S:
            async with self._reading:
                if loop.time() - self._read_at >= FRESH_S:
                    began = loop.time()
                    self._policies = await self._all()
                    self._read_at = began
        return self._policies.get(assistant) or self._policies.get("", DEFAULT)

    async def _all(self) -> Mapping[str, Policy]:
        async with self._database.read(None) as session:
            rows: Sequence[Row] = await session.rows("select * from guard_policies()")
        return {row.assistant: read_policy(row.policy) for row in rows}


def _read(row: Row) -> PolicyVersion:
    return PolicyVersion(
        row.assistant, row.version, read_policy(row.policy), row.changed_by, row.changed_at
    )
