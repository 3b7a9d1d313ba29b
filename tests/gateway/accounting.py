"""What the tests of accounts share: people, quotas, a model, a call, how it ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from centaure.app.installation import Installation
from centaure.gateway.calls import Call, Purpose, QuotaExhausted
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Message, Usage
from centaure.gateway.costs import Footprint, FootprintEstimator
from centaure.gateway.outcomes import End, Outcome
from centaure.gateway.quotas import Measure, NewQuota, Period, Quota, Subject, set_quota
from centaure.gateway.records import Records
from centaure.gateway.retention import lose_overdue
from centaure.identity import Role, service
from centaure.kit.database import Database
from centaure.kit.settings import Settings

MODEL = CatalogueModel(
    id=7,
    name="mistral",
    kind="openai",
    model="mistral-small",
    zone="FRA",
    price_in=2.0,
    price_out=6.0,
)
UNPRICED = replace(MODEL, price_in=None, price_out=None)


class Weighing:
    """Every token is 0.1 g at least and 0.2 g at most."""

    def estimate(self, model: Any, completion_tokens: int, duration_s: float) -> Footprint:
        del model, duration_s
        low, high = completion_tokens * 0.1, completion_tokens * 0.2
        return Footprint((low, high), (low, high), (low, high), "weighed 1")


RESERVED = 106
"""Tokens that `call` reserves: 6 bytes are 2, a message is 4, and 100 for the answer."""


def call(principal: int, **more: Any) -> Call:
    request = ChatRequest((Message("user", "Salut!"),), most_tokens=100)
    return replace(Call(request, principal, Purpose.ANSWER, 1), **more)


def done(prompt: int = 10, completion: int = 20, **more: Any) -> Outcome:
    return replace(
        Outcome(
            End.DONE,
            answer="Bonjour.",
            usage=Usage(prompt, completion),
            first_s=0.25,
            duration_s=1.5,
        ),
        **more,
    )


def quota(subject: str = "everybody", name: str = "", **said: Any) -> NewQuota:
    """One request a month, unless it says something else."""
    return NewQuota(
        Subject(subject),
        name,
        Measure(said.get("measure", "requests")),
        Decimal(str(said.get("amount", 1))),
        Period(said.get("period", "month")),
        each=said.get("each", False),
    )


class Accounts:
    """An installation with one administrator, and what is looked at behind its back."""

    def __init__(self, installation: Installation) -> None:
        self.settings = installation.settings
        self.app = installation.database("app", statement_timeout_ms=60_000)
        self.owner = installation.database("owner")
        self.indexer = installation.database("indexer")
        self._recording: list[Records] = []
        self.records = self.recording()
        self.administrator = 0

    def recording(
        self, footprint: FootprintEstimator | None = None, settings: Settings | None = None
    ) -> Records:
        """Records of its calls, closed with it: what one that is left would write opens connections again."""
        made = Records(self.app, settings or self.settings, footprint)
        self._recording.append(made)
        return made

    async def close(self) -> None:
        """Wait for what is being written."""
        for records in self._recording:
            await records.close()

    async def person(self, login: str, *roles: Role) -> int:
        """A new user."""
        async with self.owner.write(None) as session:
            made = await service.create_user(session, login, login.title(), roles or {Role.READER})
        return made.id

    async def group(self, label: str, *members: int) -> int:
        """A new group of users and groups."""
        async with self.owner.write(None) as session:
            number = await session.value(
                "insert into principal (kind, key, label)"
                " values ('group', 'source:1/group:' || %(label)s, %(label)s) returning id",
                {"label": label},
            )
            for member in members:
                await session.execute(
                    "insert into group_member (group_id, member_id) values (%(g)s, %(m)s)",
                    {"g": number, "m": member},
                )
        return int(number)

    async def put(self, *whose: str, **said: Any) -> Quota:
        """Set a quota as the administrator."""
        async with self.app.write(self.administrator) as session:
            return await set_quota(session, quota(*whose, **said))

    async def passes(self, wish: Call, model: CatalogueModel = MODEL) -> bool:
        """Whether a call may be made; it stays open."""
        try:
            await self.records.begin(wish, model)
        except QuotaExhausted:
            return False
        return True

    async def make(self, wish: Call, outcome: Outcome) -> int:
        """A call that began and ended."""
        generation = await self.records.begin(wish, MODEL)
        await self.records.finish(generation, outcome)
        return generation

    async def row(self, generation: int) -> Any:
        """The record of a call."""
        async with self.owner.read(None) as session:
            return await session.one(
                "select * from model_generation where id = %(id)s", {"id": generation}
            )

    async def words(self, principal: int | None) -> list[tuple[Any, str | None]]:
        """Prompts and answers that somebody may read."""
        async with self.app.read(principal) as session:
            rows = await session.rows(
                "select prompt, answer from model_generation_text order by generation"
            )
        return [(row.prompt, row.answer) for row in rows]

    async def counters(self) -> dict[tuple[int, int], tuple[Decimal, Decimal]]:
        """(quota, member) -> (used, held), of every counter that says something."""
        async with self.owner.read(None) as session:
            rows = await session.rows("select * from quota_use where used + held > 0")
        return {(row.quota, row.member): (row.used, row.held) for row in rows}

    async def overdue(self, generation: int) -> None:
        """As if the longest call were over."""
        async with self.owner.write(None) as session:
            await session.execute(
                "update model_generation set due = now() - interval '1 s' where id = %(id)s",
                {"id": generation},
            )

    async def sweep(self) -> int:
        """What the worker does every minute."""
        async with self.indexer.write(None) as session:
            return await lose_overdue(session)


@asynccontextmanager
async def keeping_accounts(installation: Installation) -> AsyncIterator[Accounts]:
    """Accounts of an empty installation."""
    accounts = Accounts(installation)
    try:
        accounts.administrator = await accounts.person("ruth", Role.ADMINISTRATOR)
        yield accounts
        await accounts.close()
    finally:
        for database in (accounts.app, accounts.owner, accounts.indexer):
            await database.close()


@asynccontextmanager
async def processes(installation: Installation, count: int) -> AsyncIterator[list[Records]]:
    """The records of several processes, each with its own connections."""
    opened: list[Database] = [installation.database("app") for _ in range(count)]
    try:
        yield [Records(database, installation.settings) for database in opened]
    finally:
        for database in opened:
            await database.close()
