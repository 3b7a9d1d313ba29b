"""What was used is told in totals: everybody their own, administrators everybody's."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import httpx2
import pytest
from fastapi import FastAPI

from centaure.app.problems import answer_with_problems
from centaure.gateway.accounts.routes import router
from centaure.gateway.calls import Purpose
from centaure.gateway.outcomes import End, Outcome
from centaure.gateway.usage import By, own_usage, span_of, usage_of_all, usage_on_machine
from centaure.identity import Principal, Role
from centaure.identity.access import authenticated
from centaure.kit.errors import Forbidden, InvalidInput
from gateway.accounting import MODEL, UNPRICED, Weighing, call, done

pytestmark = pytest.mark.anyio

PERSONAL = ("Salut", "Bonjour")


@pytest.fixture
async def used(accounts):
    """Léa made four calls, of which one failed and one was refused, and Max one."""
    lea, max_ = await accounts.person("lea"), await accounts.person("max")
    await accounts.make(call(lea), done(10, 20))
    await accounts.make(call(lea), Outcome(End.FAILED))
    await accounts.records.refuse(call(lea), "No model.")
    weighed = accounts.recording(Weighing())
    large = replace(MODEL, name="large")
    await weighed.finish(await weighed.begin(call(lea, purpose=Purpose.TITLE), large), done(1, 2))
    unpriced = await accounts.records.begin(call(max_), UNPRICED)
    await accounts.records.finish(unpriced, done(100, 200, usage=None))
    await accounts.records.begin(call(max_), MODEL)  # goes on: it is in no total
    return lea, max_


async def test_ones_own_use_is_in_figures_that_say_what_is_not_known(accounts, used):
    lea, max_ = used
    async with accounts.app.read(lea) as session:
        mine = await own_usage(session, span_of(None, None), By.MODEL)
    total = mine.total
    assert (total.calls, total.refused, total.failed) == (4, 1, 1)
    assert (total.prompt_tokens, total.completion_tokens, total.estimated) == (11, 22, 0)
    assert (total.cost_micro_euros, total.unpriced) == (140 + 14, 0)
    assert total.co2e_g == (pytest.approx(0.2), pytest.approx(0.4))
    assert total.unmeasured == 1
    assert {name: part.calls for name, part in mine.parts.items()} == {
        "": 1, "large": 1, "mistral": 2,
    }  # fmt: skip
    async with accounts.app.read(max_) as session:
        his = (await own_usage(session, span_of(None, None))).total
    assert (his.calls, his.estimated, his.unpriced, his.cost_micro_euros) == (1, 1, 1, 0)


async def test_administrators_alone_see_what_all_used(accounts, used):
    async with accounts.app.read(accounts.administrator) as session:
        by_user = await usage_of_all(session, span_of(None, None), By.USER)
        by_day = await usage_of_all(session, span_of(None, None))
        for by in By:
            assert (await usage_of_all(session, span_of(None, None), by)).total.calls == 5
    assert {name: part.calls for name, part in by_user.parts.items()} == {"lea": 4, "max": 1}
    assert list(by_day.parts) == [f"{datetime.now(UTC):%Y-%m-%d}"]
    auditor = await accounts.person("auditor", Role.AUDITOR, Role.CURATOR)
    for other in (*used, auditor, None):
        with pytest.raises(Forbidden):
            async with accounts.app.read(other) as session:
                await usage_of_all(session, span_of(None, None))
    async with accounts.app.read(None) as session:
        assert (await own_usage(session, span_of(None, None))).total.calls == 0
    async with accounts.owner.read(None) as session:
        one = await usage_on_machine(session, span_of(None, None), By.PURPOSE, used[0])
    assert {name: part.calls for name, part in one.parts.items()} == {"answer": 3, "title": 1}


def test_a_span_is_this_month_unless_it_says_something_else():
    span = span_of(None, None)
    assert (span.since.day, span.since.hour, span.since.tzinfo) == (1, 0, UTC)
    until = datetime(2026, 3, 5)  # noqa: DTZ001 - a day as it is typed
    assert span_of(None, until).since == datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="ends before"):
        span_of(datetime(2027, 1, 1, tzinfo=UTC), until)


@pytest.mark.parametrize(("year", "hours"), [(1, 14), (9999, -12)])
def test_a_time_that_no_calendar_has_is_a_sentence(year, hours):
    at = datetime(year, 12 if hours < 0 else 1, 31 if hours < 0 else 1, 23 if hours < 0 else 0)  # noqa: DTZ001
    moment = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    for given in ((moment, None), (None, moment)):
        with pytest.raises(InvalidInput, match="1 to 9999"):
            span_of(*given)


async def test_another_time_has_other_totals(accounts, used):
    async with accounts.app.read(used[0]) as session:
        past = await own_usage(
            session, span_of(datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 1, 1, tzinfo=UTC))
        )
    assert (past.total.calls, past.parts) == (0, {})


@asynccontextmanager
async def browsing(accounts, principal, *roles):
    api = FastAPI()
    api.include_router(router)
    api.state.database = accounts.app
    answer_with_problems(api)
    person = Principal(principal, "p", "P", frozenset(roles))
    api.dependency_overrides[authenticated] = lambda: person
    transport = httpx2.ASGITransport(app=api)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_an_administrator_sets_and_removes_a_quota_and_whom_it_meets_sees_it(accounts, used):
    body = {
        "subject": "user", "name": "lea", "measure": "euros", "amount": 2.5, "period": "month",
    }  # fmt: skip
    said = {**body, "each": False}
    async with browsing(accounts, accounts.administrator, Role.ADMINISTRATOR) as client:
        put = await client.put("/quotas", json=body)
        assert put.json() == {"id": 1, **said, "used": 0, "held": 0}
        assert (await client.get("/quotas")).json() == [put.json()]
        total = (await client.get("/usage?by=user")).json()
        assert [part["name"] for part in total["parts"]] == ["lea", "max"]
        assert total["total"]["euros"] == 0.000154
        for wrong in (
            {**body, "amount": -1}, {**body, "amount": "x"}, {**body, "amount": 1e300},
            {**body, "period": "year"}, {**body, "name": ""}, {**body, "name": "x" * 300},
        ):  # fmt: skip
            refused = await client.put("/quotas", json=wrong)
            assert refused.status_code == 422
            assert refused.headers["content-type"] == "application/problem+json"
        for wrong in ("by=colour", "since=yesterday", "since=2026-02-01&until=2026-01-01"):
            assert (await client.get(f"/usage?{wrong}")).status_code == 422
    async with browsing(accounts, used[0], Role.READER) as client:
        mine = (await client.get("/usage/me?by=month")).json()
        assert mine["total"]["calls"] == 4
        [share] = mine["quotas"]
        assert {**share, "name": "lea", "renews": ""} == {
            **said,
            "used": 0,
            "held": 0,
            "renews": "",
        }
        assert not any(word in str(mine) for word in PERSONAL)
        assert (await client.get("/quotas")).status_code == 403
    async with browsing(accounts, accounts.administrator, Role.ADMINISTRATOR) as client:
        assert (await client.delete("/quotas/1")).status_code == 204
        assert (await client.delete("/quotas/1")).status_code == 404
