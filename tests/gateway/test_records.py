"""Every call leaves a record, whatever its end; who reads it, and for how long."""

import asyncio
import json
from types import SimpleNamespace

import pytest
from psycopg import ProgrammingError

from centaure.gateway.calls import Verdict
from centaure.gateway.chat import ChatRequest, Message, ToolCall
from centaure.gateway.jobs import forget, lose
from centaure.gateway.outcomes import Attempt, End, Outcome
from centaure.identity import Role
from centaure.kit.errors import NotSignedIn, Unavailable
from centaure.kit.flushing import Flushes
from gateway.accounting import MODEL, UNPRICED, Weighing, call, done

pytestmark = pytest.mark.anyio


class Away:
    """A database that cannot be reached."""

    async def together(self, _principal, *_statements):
        raise Unavailable("The database does not answer.")


async def test_a_call_is_recorded_before_it_is_made_and_closed_after_it(accounts):
    lea = await accounts.person("lea")
    wish = call(
        lea,
        assistant="Juriste",
        use_case="contrats",
        language="fr",
        prompt_version="answer 3",
        classification=2,
    )
    generation = await accounts.records.begin(wish, MODEL)
    begun = await accounts.row(generation)
    assert begun.ended is None
    assert (begun.principal, begun.purpose, begun.assistant, begun.use_case) == (
        lea, "answer", "Juriste", "contrats",
    )  # fmt: skip
    assert (begun.model_id, begun.model_name, begun.provider_model, begun.zone) == (
        7, "mistral", "mistral-small", "FRA",
    )  # fmt: skip
    assert (begun.classification, begun.language, begun.prompt_version) == (2, "fr", "answer 3")
    assert begun.parameters["most_tokens"] == 100

    verdicts = (Verdict("personal data", "1", "output", "redact", 2),)
    await accounts.records.finish(generation, done(first_s=0.25, verdicts=verdicts))
    ended = await accounts.row(generation)
    assert (ended.ended, ended.prompt_tokens, ended.completion_tokens) == ("done", 10, 20)
    assert ended.tokens_counted
    assert ended.cost_micro_euros == 10 * 2 + 20 * 6
    assert (ended.first_ms, ended.duration_ms, ended.answer_characters) == (250, 1500, 8)
    assert ended.verdicts == [
        {"rule": "personal data", "version": "1", "stage": "output", "action": "redact", "count": 2}
    ]
    assert ended.co2e_g_high is None
    kept = [([{"role": "user", "content": "Salut!"}], "Bonjour.")]
    assert await accounts.words(lea) == kept


@pytest.mark.parametrize("end", list(End))
async def test_every_end_is_kept(accounts, end):
    outcome = Outcome(end, problem="It ended.")
    generation = await accounts.make(call(await accounts.person("lea")), outcome)
    found = await accounts.row(generation)
    assert (found.ended, found.problem) == (end, "It ended.")


async def test_tokens_that_nobody_counted_are_estimated_and_a_failure_used_none(accounts):
    lea = await accounts.person("lea")
    cut = await accounts.make(call(lea), Outcome(End.CUT, answer="x" * 41))
    found = await accounts.row(cut)
    assert (found.prompt_tokens, found.completion_tokens) == (2 + 4, 11)
    assert not found.tokens_counted
    failed = await accounts.make(call(lea), Outcome(End.FAILED, problem="It does not answer."))
    found = await accounts.row(failed)
    assert (found.prompt_tokens, found.completion_tokens, found.cost_micro_euros) == (0, 0, 0)


async def test_the_counts_of_a_provider_are_data(accounts):
    generation = await accounts.make(call(await accounts.person("lea")), done(-5, 10**30))
    found = await accounts.row(generation)
    assert (found.prompt_tokens, found.completion_tokens) == (0, 100_000_000)


async def test_a_wish_without_measure_is_a_number_like_others(accounts):
    lea = await accounts.person("lea")
    await accounts.put(measure="tokens", amount=1000)
    wish = call(lea, request=ChatRequest((Message("user", "Salut!"),), most_tokens=10**30))
    assert not await accounts.passes(wish)


async def test_a_database_that_is_away_at_the_end_costs_no_answer(accounts, caplog):
    generation = await accounts.records.begin(call(await accounts.person("lea")), MODEL)

    accounts.records.database = Away()
    await accounts.records.finish(generation, done())
    await accounts.records.close()
    assert "was not recorded: The database does not answer." in caplog.text
    await accounts.overdue(generation)
    assert await accounts.sweep() == 1
    assert (await accounts.row(generation)).ended == "lost"


class Crashed:
    """A database that crashed before what it took was on its disk."""

    async def flush(self):
        raise Unavailable("The database does not answer.")


async def test_a_call_whose_record_may_be_lost_is_ended_and_recorded_anew(accounts, monkeypatch):
    lea = await accounts.person("lea")
    kept = await accounts.put(measure="tokens", amount=1000)
    generation = await accounts.records.begin(call(lea), MODEL)
    await accounts.records.kept(generation)
    await accounts.records.finish(generation, done())
    monkeypatch.setattr(accounts.records, "_flushes", Flushes(Crashed()))
    generation = await accounts.records.begin(call(lea), MODEL)
    with pytest.raises(Unavailable):
        await accounts.records.kept(generation)
    await accounts.records.finish(generation, done())
    async with accounts.owner.read(None) as session:
        found = await session.rows("select * from model_generation order by id")
    assert [row.ended for row in found] == ["done", None, "refused"]
    assert (found[2].model_name, found[2].problem) == (MODEL.name, "The database does not answer.")
    await accounts.overdue(generation)
    assert await accounts.sweep() == 1
    assert await accounts.counters() == {(kept.id, 0): (30, 0)}


async def test_an_end_that_the_database_could_not_take_is_recorded_when_it_is_back(
    accounts, monkeypatch
):
    monkeypatch.setattr("centaure.gateway.records._PAUSES_S", (0.01,) * 1000)
    lea, database = await accounts.person("lea"), accounts.records.database
    kept = await accounts.put(measure="tokens", amount=1000)
    generation = await accounts.records.begin(call(lea), MODEL)
    accounts.records.database = Away()
    await accounts.records.finish(generation, done())
    accounts.records.database = database
    for _ in range(1000):
        if (await accounts.row(generation)).ended is not None:
            break
        await asyncio.sleep(0.01)
    assert await accounts.counters() == {(kept.id, 0): (30, 0)}


async def test_an_unknown_price_is_unknown_and_a_footprint_has_two_ends(accounts):
    records = accounts.recording(Weighing())
    generation = await records.begin(call(await accounts.person("lea")), UNPRICED)
    await records.finish(generation, done())
    found = await accounts.row(generation)
    assert found.cost_micro_euros is None
    assert (found.co2e_g_low, found.co2e_g_high) == (2.0, 4.0)
    assert (found.energy_kwh_high, found.water_l_high) == (4.0, 4.0)
    assert found.footprint_method == "weighed 1"


async def test_a_fallback_says_what_it_follows(accounts):
    lea = await accounts.person("lea")
    first = await accounts.make(call(lea), Outcome(End.FAILED))
    second = await accounts.records.begin(call(lea), MODEL, Attempt(2, first, "fallback"))
    found = await accounts.row(second)
    assert (found.attempt, found.follows, found.follows_as) == (2, first, "fallback")


async def test_a_refusal_is_recorded(accounts):
    lea = await accounts.person("lea")
    generation = await accounts.records.refuse(call(lea), "No model may be sent C3.")
    found = await accounts.row(generation)
    assert (found.ended, found.problem) == ("refused", "No model may be sent C3.")
    assert found.model_id is None


async def test_a_refused_call_keeps_none_of_its_words(accounts):
    lea = await accounts.person("lea")
    await accounts.records.refuse(call(lea), "No model may be sent C3.")
    await accounts.make(call(lea), Outcome(End.REFUSED, problem="It was changed."))
    await accounts.put(amount=0)
    assert not await accounts.passes(call(lea))
    async with accounts.owner.read(None) as session:
        assert await session.value("select count(*) from model_generation_text") == 0


async def test_a_text_that_no_database_keeps_is_kept_without_what_cannot_be(accounts):
    lea = await accounts.person("lea")
    odd = "a\0b\ud800c"
    turns = (
        Message("assistant", odd, tool_calls=(ToolCall("1", "find", odd),)),
        Message("tool", odd, tool_call_id="1"),
    )
    wish = call(lea, request=ChatRequest(turns), assistant=odd)
    await accounts.make(wish, done(answer=odd, problem=odd))
    [(prompt, answer)] = await accounts.words(lea)
    assert answer == "ab?c"
    assert prompt[0] == {"role": "assistant", "content": "ab?c", "tool_calls": ["find(ab?c)"]}


async def test_nobody_who_is_disabled_has_a_call_recorded(accounts):
    lea = await accounts.person("lea")
    async with accounts.owner.write(None) as session:
        await session.execute("update user_account set disabled_at = now()")
    for work in (accounts.records.begin(call(lea), MODEL), accounts.records.refuse(call(lea), "")):
        with pytest.raises(NotSignedIn):
            await work


async def test_whoever_is_cancelled_leaves_closed_records(accounts):
    records, lea = accounts.records, await accounts.person("lea")
    beginning = asyncio.create_task(records.begin(call(lea), MODEL))
    await asyncio.sleep(0)
    beginning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    generation = await records.begin(call(lea), MODEL)
    finishing = asyncio.create_task(records.finish(generation, done()))
    await asyncio.sleep(0)
    finishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await finishing
    await records.close()
    async with accounts.owner.read(None) as session:
        ends = await session.rows(
            "select ended, prompt_tokens from model_generation order by ended"
        )
    assert [(found.ended, found.prompt_tokens) for found in ends] == [
        ("cancelled", 0),
        ("done", 10),
    ]


async def test_its_author_reads_a_record_and_its_words_an_auditor_the_record_only(accounts):
    lea, max_ = await accounts.person("lea"), await accounts.person("max")
    auditor = await accounts.person("auditor", Role.AUDITOR)
    others = await accounts.person("others", Role.ADMINISTRATOR, Role.CURATOR)
    await accounts.make(call(lea), done())
    for reader, seen, texts in (
        (lea, 1, 1), (max_, 0, 0), (auditor, 1, 0), (others, 0, 0), (None, 0, 0),
    ):  # fmt: skip
        async with accounts.app.read(reader) as session:
            assert await session.value("select count(*) from model_generation") == seen
        assert len(await accounts.words(reader)) == texts


@pytest.mark.parametrize(
    "statement",
    [
        "insert into model_generation (purpose) values ('answer')",
        "update model_generation set cost_micro_euros = 0",
        "delete from model_generation",
        "insert into model_generation_text (generation, principal, prompt) values (1, 2, '[]')",
        "update model_generation_text set answer = ''",
        "update quota_use set used = 0",
        "delete from quota_use",
        "insert into quota_use (quota, member, begins) values (1, 0, now())",
        "select * from quota_hold",
        "delete from quota_hold",
        "update quota set subject = 'everybody'",
        "select write_generation('{}', null, null, '')",
        "select settle_quotas(array[1])",
        "select lose_generations()",
        "select * from totals_of_usage(now(), now(), 'day', null)",
        "select * from quotas_met('', '', null)",
    ],
)
async def test_not_even_an_administrator_of_the_application_may(accounts, statement):
    root = await accounts.person("root", *Role)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with accounts.app.write(root) as session:
            await session.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select prompt from model_generation_text",
        "select * from model_generation",
        "select * from quota",
        "select begin_generation('{}', null, 0, 0, 0)",
        "select finish_generation(1, '{}', '')",
    ],
)
async def test_the_worker_may_not(accounts, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with accounts.indexer.write(None) as session:
            await session.execute(statement)


async def test_nobody_finishes_the_record_of_somebody_else(accounts):
    lea, max_ = await accounts.person("lea"), await accounts.person("max")
    generation = await accounts.records.begin(call(lea), MODEL)
    async with accounts.app.write(max_) as session:
        closed = await session.value(
            "select finish_generation(%(id)s, cast(%(facts)s as jsonb), '')",
            {"id": generation, "facts": json.dumps({"ended": "done"})},
        )
    assert closed is False
    assert (await accounts.row(generation)).ended is None


def context(accounts, days=90):
    return SimpleNamespace(
        additional_context={"database": accounts.indexer, "keep_generations_days": days}
    )


async def test_what_a_dead_process_left_open_is_lost_once_the_longest_call_is_over(accounts):
    lea = await accounts.person("lea")
    quick = await accounts.records.begin(call(lea, longest_s=30.0), MODEL)
    slow = await accounts.records.begin(call(lea, longest_s=300.0), MODEL)
    for age, ended in ((80, (None, None)), (20, ("lost", None)), (300, ("lost", "lost"))):
        async with accounts.owner.write(None) as session:
            await session.execute(
                "update model_generation set due = due - make_interval(secs => %(age)s)",
                {"age": age},
            )
        await lose.func(context(accounts), 0)
        found = ((await accounts.row(quick)).ended, (await accounts.row(slow)).ended)
        assert found == ended
    await accounts.records.finish(quick, done())
    assert (await accounts.row(quick)).ended == "lost"


async def test_words_are_erased_when_they_are_old_and_the_record_stays(accounts):
    lea = await accounts.person("lea")
    for days, age, left in ((90, 89, 1), (90, 1, 0), (0, 0, 0)):
        if not await accounts.words(lea):
            await accounts.make(call(lea), done())
        async with accounts.owner.write(None) as session:
            await session.execute(
                "update model_generation_text set at = at - make_interval(days => %(age)s)",
                {"age": age},
            )
        await forget.func(context(accounts, days), 0)
        assert len(await accounts.words(lea)) == left
    async with accounts.app.read(lea) as session:
        assert await session.value("select count(*) from model_generation") == 2


async def test_with_no_days_words_are_counted_and_never_kept(accounts):
    lea = await accounts.person("lea")
    nothing = accounts.settings.model_copy(update={"keep_generations_days": 0})
    records = accounts.recording(settings=nothing)
    generation = await records.begin(call(lea), MODEL)
    await records.finish(generation, done())
    await records.refuse(call(lea), "No.")
    assert await accounts.words(lea) == []
    found = await accounts.row(generation)
    assert (found.prompt_characters, found.answer_characters) == (6, 8)
