"""Quotas are reserved before a call and settled after it, exactly, whoever calls at once."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centaure.gateway.calls import QuotaExhausted
from centaure.gateway.chat import Usage
from centaure.gateway.outcomes import End, Outcome
from centaure.gateway.quotas import (
    Measure,
    Period,
    list_quotas,
    own_shares,
    remove_quota,
    set_quota,
)
from centaure.identity import Scope, service
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from gateway.accounting import MODEL, RESERVED, UNPRICED, Weighing, call, done, processes, quota

pytestmark = pytest.mark.anyio


async def test_of_a_thousand_calls_at_once_on_a_budget_of_a_hundred_exactly_a_hundred_pass(
    clean, accounts
):
    people = [await accounts.person(f"person{number}") for number in range(5)]
    kept = await accounts.put(amount=100)
    await accounts.put(measure="tokens", amount=10**9)
    await accounts.put(amount=50, each=True)

    # Whoever waits ten seconds for a connection is sent away, and a slow machine has few.
    waiting = asyncio.Semaphore(200)

    async def passes(records, person):
        try:
            async with waiting:
                await records.begin(call(person), MODEL)
        except QuotaExhausted:
            return False
        return True

    async with processes(clean, 2) as records:
        passed = await asyncio.gather(
            *(passes(records[number % 2], people[number % 5]) for number in range(1000))
        )
    assert sum(passed) == 100
    assert (await accounts.counters())[kept.id, 0] == (0, 100)
    async with accounts.owner.read(None) as session:
        ends = await session.rows("select coalesce(ended, 'open') from model_generation")
    assert Counter(row[0] for row in ends) == {"open": 100, "refused": 900}


async def test_calls_that_meet_many_quotas_at_once_do_not_wait_for_each_other_in_a_circle(
    clean, accounts
):
    """Calls begin, end and are lost while others do, on quotas that they share in part."""
    people = [await accounts.person(f"person{number}") for number in range(6)]
    await accounts.group("half", *people[::2])
    await accounts.put("group", "half", amount=1000)
    shared = await accounts.put(amount=1000)
    await accounts.put("assistant", "Juriste", amount=1000, each=True)
    await accounts.put(measure="tokens", amount=10**9, each=True)
    await accounts.put("group", "half", measure="euros", amount=1000, each=True)

    async def one(records, number):
        overdue = number % 4 == 0
        wish = call(
            people[number % 6],
            assistant="Juriste" if number % 3 else "",
            longest_s=-100.0 if overdue else 300.0,
        )
        generation = await records.begin(wish, MODEL)
        if not overdue:
            await records.finish(generation, done())

    async def sweep():
        for _ in range(20):
            await accounts.sweep()

    async with processes(clean, 2) as records:
        calls = (one(records[number % 2], number) for number in range(240))
        await asyncio.gather(*calls, sweep(), sweep())
    await accounts.sweep()
    found = await accounts.counters()
    assert all(held == 0 for _, held in found.values())
    assert found[shared.id, 0] == (180, 0)


async def test_what_was_reserved_is_settled_with_what_was_counted(accounts):
    lea = await accounts.person("lea")
    numbers = {
        measure: (await accounts.put(measure=measure, amount=1000)).id for measure in Measure
    }
    records = accounts.recording(Weighing())
    generation = await records.begin(call(lea), MODEL)
    assert await accounts.counters() == {
        (numbers[Measure.REQUESTS], 0): (0, 1),
        (numbers[Measure.TOKENS], 0): (0, RESERVED),
        (numbers[Measure.EUROS], 0): (0, Decimal("0.000612")),
        (numbers[Measure.CO2E], 0): (0, 20),
    }
    await records.finish(generation, done(10, 20))
    assert await accounts.counters() == {
        (numbers[Measure.REQUESTS], 0): (1, 0),
        (numbers[Measure.TOKENS], 0): (30, 0),
        (numbers[Measure.EUROS], 0): (Decimal("0.00014"), 0),
        (numbers[Measure.CO2E], 0): (4, 0),
    }


async def test_a_call_without_an_answer_gives_back_its_request(accounts):
    lea = await accounts.person("lea")
    kept = await accounts.put(amount=1)
    for end in (End.FAILED, End.REFUSED, End.LOST, End.CANCELLED):
        await accounts.make(call(lea), Outcome(end))
        assert await accounts.counters() == {}
    await accounts.make(call(lea), Outcome(End.CANCELLED, first_s=0.25))
    assert await accounts.counters() == {(kept.id, 0): (1, 0)}
    assert not await accounts.passes(call(lea))


async def test_an_answer_without_words_counts_as_one(accounts):
    lea = await accounts.person("lea")
    requests = await accounts.put("user", "lea", amount=5)
    tokens = await accounts.put(measure="tokens", amount=1000)
    thought = Outcome(End.LENGTH, problem="It answered without a word.", first_s=0.2)
    await accounts.make(call(lea), replace(thought, usage=Usage(500, 1)))
    await accounts.make(call(lea), thought)
    assert await accounts.counters() == {
        (requests.id, 0): (2, 0),
        (tokens.id, 0): (501 + 6, 0),
    }


async def test_an_unknown_price_takes_nothing_from_a_budget(accounts):
    lea = await accounts.person("lea")
    await accounts.put(measure="euros", amount=0)
    assert not await accounts.passes(call(lea))
    assert await accounts.passes(call(lea), UNPRICED)


async def test_each_has_their_own_or_all_share(accounts):
    lea, max_ = await accounts.person("lea"), await accounts.person("max")
    await accounts.put(amount=1, each=True)
    passed = [await accounts.passes(call(who)) for who in (lea, lea, max_)]
    assert passed == [True, False, True]
    await accounts.put(amount=3)
    await accounts.put(amount=9, each=True)
    passed = [await accounts.passes(call(who)) for who in (lea, max_, lea, max_)]
    assert passed == [True, True, True, False]


async def test_a_quota_meets_those_whom_it_names(accounts):
    lea, max_ = await accounts.person("lea"), await accounts.person("max")
    await accounts.group("Finance", await accounts.group("Comptes", lea))
    await accounts.put("group", "Finance", amount=0)
    await accounts.put("assistant", "Juriste", amount=0)
    await accounts.put("use_case", "contrats", amount=0)
    await accounts.put("user", "max", amount=0, period="hour")
    assert not await accounts.passes(call(lea))
    assert not await accounts.passes(call(max_))
    lou = await accounts.person("lou")
    assert await accounts.passes(call(lou))
    assert not await accounts.passes(call(lou, assistant="Juriste"))
    assert not await accounts.passes(call(lou, use_case="contrats"))
    assert await accounts.passes(call(lou, assistant="Autre", use_case="autre"))


async def test_a_quota_of_a_key_meets_that_key(accounts):
    lea = await accounts.person("lea")
    async with accounts.owner.write(None) as session:
        keys = [
            (await service.create_key(session, lea, "k", [Scope.ASK], timedelta(days=1)))[0].id
            for _ in range(2)
        ]
    await accounts.put("key", str(keys[0]), amount=0)
    assert not await accounts.passes(call(lea, key_id=keys[0]))
    assert await accounts.passes(call(lea, key_id=keys[1]))
    assert await accounts.passes(call(lea))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            quota(amount=0, period="hour"),
            "The quota of 0 requests an hour for everybody together is used up. It is renewed at ",
        ),
        (
            quota("group", "Finance", amount=0, each=True),
            "The quota of 0 requests a month for each person of the group Finance is used up.",
        ),
        (
            quota("user", "lea", measure="tokens", amount=50),
            "This may take 106 tokens, more than the quota of 50 tokens a month for you. Ask for a ",
        ),
        (
            quota("assistant", "Juriste", measure="euros", amount="0.001"),
            "This may take 0.000612 euros, and 0.000388 euros are left of the quota of 0.001 euros a ",
        ),
        (
            quota("use_case", "contrats", measure="co2e_g", amount=0, each=True),
            "The quota of 0 g of CO2e a month for each person in the use case contrats is used up.",
        ),
    ],
)
async def test_a_refusal_says_which_quota_and_when_it_is_renewed(accounts, wanted, words):
    lea = await accounts.person("lea")
    await accounts.group("Finance", lea)
    async with accounts.app.write(accounts.administrator) as session:
        kept = await set_quota(session, wanted)
    records = accounts.recording(Weighing())
    wish = call(lea, assistant="Juriste", use_case="contrats")
    if wanted.measure is Measure.EUROS:
        await records.begin(wish, MODEL)
    with pytest.raises(QuotaExhausted) as refused:
        await records.begin(wish, MODEL)
    message = refused.value.message
    assert message.startswith(words)
    now = datetime.now(UTC)
    renewed = datetime.fromisoformat(message.partition("renewed at ")[2][:20])
    assert (renewed.minute, renewed.second) == (0, 0)
    if wanted.period is Period.MONTH:
        assert (renewed.day, renewed.hour) == (1, 0)
    wait = int(refused.value.headers["Retry-After"])
    assert abs((renewed - now).total_seconds() - wait) < 30
    async with accounts.owner.read(None) as session:
        last = await session.one("select * from model_generation order by id desc limit 1")
    assert (last.ended, last.problem) == ("refused", f"Quota {kept.id} did not suffice.")


async def test_of_several_quotas_the_one_that_is_renewed_last_is_told(accounts):
    lea = await accounts.person("lea")
    for period in ("day", "month", "hour"):
        await accounts.put(amount=0, period=period)
    with pytest.raises(QuotaExhausted, match="0 requests a month"):
        await accounts.records.begin(call(lea), MODEL)


async def test_a_refusal_takes_nothing_from_other_quotas(accounts):
    lea = await accounts.person("lea")
    await accounts.put(amount=10)
    await accounts.put("user", "lea", amount=0)
    await accounts.put(measure="tokens", amount=1000)
    assert not await accounts.passes(call(lea))
    assert await accounts.counters() == {}


async def test_a_period_that_is_over_counts_no_more(accounts):
    lea = await accounts.person("lea")
    await accounts.put(amount=1, period="hour")
    assert await accounts.passes(call(lea))
    assert not await accounts.passes(call(lea))
    async with accounts.owner.write(None) as session:
        await session.execute("update quota_use set begins = begins - interval '1 hour'")
    assert await accounts.passes(call(lea))


async def test_an_amount_that_changes_counts_what_was_used_and_a_removed_quota_nothing(accounts):
    lea = await accounts.person("lea")
    first = await accounts.put(amount=1)
    going = await accounts.records.begin(call(lea), MODEL)
    assert not await accounts.passes(call(lea))
    assert (await accounts.put(amount=2)).id == first.id
    lost = await accounts.records.begin(call(lea), MODEL)
    assert not await accounts.passes(call(lea))
    async with accounts.app.write(accounts.administrator) as session:
        await remove_quota(session, first.id)
    assert await accounts.passes(call(lea))
    await accounts.records.finish(going, done())
    await accounts.overdue(lost)
    assert [await accounts.sweep(), await accounts.sweep()] == [1, 0]
    async with accounts.owner.read(None) as session:
        assert await session.value("select count(*) from quota_use") == 0
        told = await session.rows(
            "select details ->> 'did' from audit_event where action = 'quota_change' order by id"
        )
    assert [row[0] for row in told] == ["set", "set", "remove"]


async def test_everybody_sees_what_is_left_to_them_and_no_more(accounts):
    lea, max_ = await accounts.person("lea"), await accounts.person("max")
    await accounts.group("Finance", lea)
    await accounts.put("group", "Finance", amount=10)
    await accounts.put(measure="tokens", amount=1000, each=True)
    await accounts.put("user", "max", amount=5)
    await accounts.put("assistant", "Juriste", amount=5)
    await accounts.make(call(lea), done())
    await accounts.records.begin(call(lea), MODEL)
    seen = {}
    for who in (lea, max_, None):
        async with accounts.app.read(who) as session:
            shares = await own_shares(session)
            assert await list_quotas(session) == []
        seen[who] = [
            (share.said.subject, share.said.name, share.used, share.held) for share in shares
        ]
    assert seen == {
        lea: [("group", "Finance", 1, 1), ("everybody", "", 30, RESERVED)],
        max_: [("everybody", "", 0, 0), ("user", "Max", 0, 0)],
        None: [],
    }


async def test_administrators_alone_set_quotas(accounts):
    lea = await accounts.person("lea")
    kept = await accounts.put(amount=1)
    async with accounts.app.read(accounts.administrator) as session:
        assert await list_quotas(session) == [kept]
    with pytest.raises(Exception, match="row-level security"):
        async with accounts.app.write(lea) as session:
            await set_quota(session, quota(measure="tokens", amount=5))
    with pytest.raises(NotFound):
        async with accounts.app.write(lea) as session:
            await remove_quota(session, kept.id)


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        (quota(amount=-1), InvalidInput, "from 0 to"),
        (quota(amount="NaN"), InvalidInput, "from 0 to"),
        (quota(amount="Infinity"), InvalidInput, "from 0 to"),
        (quota(amount="0.0000001"), InvalidInput, "six decimals"),
        (quota(name="lea"), InvalidInput, "has no name"),
        (quota("user", "ruth", each=True), InvalidInput, "whole amount"),
        (quota("user", ""), InvalidInput, "Name the user"),
        (quota("use_case", "x" * 201), InvalidInput, "Name the use case"),
        (quota("assistant", "a\0"), InvalidInput, "Name the assistant"),
        (quota("user", "nobody"), NotFound, "no user"),
        (quota("group", "nobody"), NotFound, "no group"),
        (quota("key", "7"), NotFound, "no API key"),
        (quota("key", "٣"), NotFound, "no API key"),
        (quota("key", "9" * 40), NotFound, "no API key"),
        (quota("group", "Twins"), Conflict, "Several groups"),
    ],
)
async def test_what_is_no_quota_is_refused_in_a_sentence(accounts, wanted, error, words):
    async with accounts.owner.write(None) as session:
        for number in range(2):
            await session.execute(
                "insert into principal (kind, key, label) values ('group', %(key)s, 'Twins')",
                {"key": f"source:{number}/group:Twins"},
            )
    with pytest.raises(error, match=words):
        async with accounts.app.write(accounts.administrator) as session:
            await set_quota(session, wanted)


class Expected:
    """What the counters of five quotas should say of the calls of two people."""

    RESERVES = (1, RESERVED, Decimal("0.000612"), 20, RESERVED)

    def __init__(self, quotas):
        self.quotas = quotas
        self.used, self.held = Counter(), Counter()

    def keys(self, member):
        return [(one.id, member if one.said.each else 0) for one in self.quotas]

    def fits(self, member):
        return all(
            self.used[key] + self.held[key] + need <= one.said.amount
            for key, need, one in zip(self.keys(member), self.RESERVES, self.quotas, strict=True)
        )

    def hold(self, member, sign=1):
        for key, need in zip(self.keys(member), self.RESERVES, strict=True):
            self.held[key] += sign * need

    def settle(self, member, prompt, completion, end):
        self.hold(member, -1)
        if end is End.LOST:
            return
        answered = end not in {End.FAILED, End.REFUSED}
        tokens, cost = prompt + completion, Decimal(prompt * 2 + completion * 6) / 10**6
        amounts = (answered, tokens, cost, Decimal(completion) / 5, tokens)
        for key, amount in zip(self.keys(member), amounts, strict=True):
            self.used[key] += amount

    def counters(self):
        return {
            key: (self.used[key], self.held[key])
            for key in {*self.used, *self.held}
            if self.used[key] + self.held[key] > 0
        }


@pytest.fixture
async def narrow(accounts):
    """Quotas that a few calls use up."""
    return [
        await accounts.put(amount=4),
        await accounts.put(measure="tokens", amount=500),
        await accounts.put(measure="euros", amount="0.002"),
        await accounts.put(measure="co2e_g", amount=50, each=True),
        await accounts.put(measure="tokens", amount=300, each=True),
    ]


@pytest.fixture
async def pair(accounts):
    """Two people."""
    return [await accounts.person("lea"), await accounts.person("max")]


Step = st.tuples(
    st.sampled_from(["begin", "begin", "finish", "lose"]),
    st.integers(0, 3),
    st.integers(0, 120),
    st.integers(0, 120),
    st.sampled_from(list(End)),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(Step, max_size=15))
async def test_counters_are_what_was_settled_and_what_is_open(accounts, narrow, pair, steps):
    """Over random sequences of calls that begin, end and are lost, after each step."""
    async with accounts.owner.write(None) as session:
        await session.execute("truncate quota_use, quota_hold, model_generation cascade")
    records = accounts.recording(Weighing())
    expected, going = Expected(narrow), {}
    for did, which, prompt, completion, end in steps:
        if did == "begin":
            member = pair[which % 2]
            fits = expected.fits(member)
            try:
                going[await records.begin(call(member), MODEL)] = member
                expected.hold(member)
                assert fits
            except QuotaExhausted:
                assert not fits
        elif going:
            generation = sorted(going)[which % len(going)]
            member = going.pop(generation)
            if did == "finish":
                await records.finish(generation, done(prompt, completion, end=end))
                expected.settle(member, prompt, completion, end)
            else:
                await accounts.overdue(generation)
                assert await accounts.sweep() == 1
                expected.settle(member, 0, 0, End.LOST)
        assert await accounts.counters() == expected.counters()
