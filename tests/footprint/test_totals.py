"""Footprints added up: one's own by month and conversation, everybody's by group, and who sees which."""

from datetime import UTC, datetime, timedelta

import pytest

from centaure.footprint.totals import footprint_of_groups, last_months, own_footprint, together
from centaure.gateway.outcomes import End, Outcome
from gateway.accounting import Accounts, Weighing, call, done, keeping_accounts

pytestmark = pytest.mark.anyio

NOW = datetime.now(UTC)
SINCE, UNTIL = NOW - timedelta(days=3), NOW + timedelta(days=1)
MONTH = f"{NOW:%Y-%m}"


@pytest.fixture
async def accounts(clean):
    async with keeping_accounts(clean) as kept:
        kept.records.footprint = Weighing()
        yield kept


async def own(accounts: Accounts, principal, **only):
    async with accounts.app.read(principal) as session:
        return await own_footprint(session, SINCE, UNTIL, **only)


async def groups(accounts: Accounts, principal):
    async with accounts.app.read(principal) as session:
        return await footprint_of_groups(session, SINCE, UNTIL)


async def test_answers_add_up_and_refusals_and_failures_do_not(accounts):
    lea = await accounts.person("lea")
    await accounts.make(call(lea), done(10, 20))
    await accounts.make(call(lea), done(10, 40))
    await accounts.make(call(lea), Outcome(End.FAILED, problem="It failed."))
    await accounts.records.refuse(call(lea), "No.")
    (part,) = await own(accounts, lea)
    assert (part.month, part.group, part.used.calls, part.used.estimated) == (MONTH, None, 2, 2)
    assert part.used.impacts.co2e_g == (pytest.approx(6), pytest.approx(12))


async def test_what_could_not_be_estimated_is_counted_and_in_no_amount(accounts):
    lea = await accounts.person("lea")
    await accounts.make(call(lea), done(10, 20))
    accounts.records.footprint = None
    await accounts.make(call(lea), done(10, 20))
    (part,) = await own(accounts, lea)
    assert (part.used.calls, part.used.estimated) == (2, 1)
    assert part.used.impacts.energy_kwh.high == pytest.approx(4)


async def test_one_answer_and_one_conversation_are_told_to_whom_they_belong(accounts):
    lea, hugo = await accounts.person("lea"), await accounts.person("hugo")
    generation = await accounts.make(call(lea, conversation=5), done(10, 20))
    await accounts.make(call(lea, conversation=5), done(10, 20))
    await accounts.make(call(lea), done(10, 20))
    for only, calls in (({"conversation": 5}, 2), ({"generation": generation}, 1), ({}, 3)):
        assert together(await own(accounts, lea, **only)).calls == calls
        assert await own(accounts, hugo, **only) == []
        assert await own(accounts, None, **only) == []


async def test_administrators_see_groups_and_nobody_else_does(accounts):
    lea, hugo = await accounts.person("lea"), await accounts.person("hugo")
    await accounts.group("Workshop", lea, hugo)
    await accounts.group("Finance", hugo)
    await accounts.group("Nobody")
    await accounts.make(call(lea), done(10, 10))
    await accounts.make(call(hugo), done(10, 30))
    found = {part.group: part.used for part in await groups(accounts, accounts.administrator)}
    assert {group: used.calls for group, used in found.items()} == {
        None: 2, "Workshop": 2, "Finance": 1,
    }  # fmt: skip
    assert found[None].impacts.water_l == found["Workshop"].impacts.water_l
    assert found["Finance"].impacts.water_l.low == pytest.approx(3)
    for somebody in (lea, hugo, None):
        assert await groups(accounts, somebody) == []


async def test_an_auditor_is_told_only_their_own(accounts):
    lea = await accounts.person("lea")
    await accounts.make(call(lea), done(10, 10))
    async with accounts.owner.write(None) as session:
        await session.execute("update user_account set roles = '{auditor}' where login = 'ruth'")
    assert await own(accounts, accounts.administrator) == []


def test_months_are_whole():
    now = datetime(2026, 2, 15, 12, tzinfo=UTC)
    assert last_months(1, now) == (datetime(2026, 2, 1, tzinfo=UTC), now)
    assert last_months(3, now)[0] == datetime(2025, 12, 1, tzinfo=UTC)
