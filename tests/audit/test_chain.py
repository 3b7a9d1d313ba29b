"""The audit: nothing is lost, nothing is changed unnoticed, no word is kept."""

import asyncio
import json

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Error

from centaure.audit import (
    Action,
    Head,
    Outcome,
    describe_question,
    digest,
    record,
    verification,
    verify,
)
from centaure.identity import Role, service
from centaure.kit.database import Database
from centaure.kit.errors import Forbidden, InvalidInput

Owner = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
async def auditor(indexer: Database, owner_connection: Owner) -> int:  # noqa: ARG001 - opened first
    """Somebody who may read the audit."""
    row = owner_connection.execute(
        "with added as (insert into principal (kind, key, label) values ('user', 'user:a', 'A')"
        " returning id) insert into user_account (principal_id, login, name, roles)"
        " select id, 'a', 'A', array['auditor'] from added returning principal_id"
    ).fetchone()
    assert row is not None
    return int(str(row[0]))


async def append(database: Database, count: int, principal: int | None = None) -> None:
    """Several entries, each in its own transaction."""
    for number in range(count):
        async with database.write(principal) as session:
            await record(session, Action.SEARCH, f"query:{number}", details={"hits": number})


@pytest.mark.anyio
async def test_entries_of_many_writers_stand_in_one_unbroken_chain(
    database: Database, indexer: Database, auditor: int
) -> None:
    await asyncio.gather(
        *(append(source, 5, number) for source in (database, indexer) for number in range(10))
    )
    async with database.read(auditor) as session:
        report = await verify(session)
        actors = await session.rows("select distinct actor from audit_event")
    assert report.intact
    assert (report.entries, report.head.entry) == (100, 100)
    assert {actor for (actor,) in actors} == set(range(10))


@pytest.mark.anyio
async def test_what_is_rolled_back_leaves_no_entry_and_no_gap(
    database: Database, auditor: int
) -> None:
    await append(database, 1)
    with pytest.raises(Error, match="division by zero"):  # noqa: PT012 - both in one transaction
        async with database.write(None) as session:
            await record(session, Action.SYNC, "source:1")
            await session.execute("select 1 / 0")
    await append(database, 1)
    async with database.read(auditor) as session:
        report = await verify(session)
    assert (report.intact, report.entries) == (True, 2)


TAMPERINGS = [
    ("update audit_event set at = at + interval '1 microsecond' where id = 4", 4),
    ("update audit_event set actor = 7 where id = 4", 4),
    ("update audit_event set actor = null where id = 4", 4),
    ("update audit_event set action = 'ask' where id = 4", 4),
    ("update audit_event set object = 'query:9' where id = 4", 4),
    ("update audit_event set outcome = 'refused' where id = 4", 4),
    ("update audit_event set details = '{}' where id = 4", 4),
    ("update audit_event set hash = sha256('x') where id = 4", 4),
    ("update audit_event set previous_hash = sha256('x') where id = 4", 4),
    ("delete from audit_event where id = 1", 1),
    ("delete from audit_event where id = 4", 4),
    ("delete from audit_event where id >= 8", 8),
    ("delete from audit_event", 1),
    ("update audit_event set id = case id when 4 then 50 when 5 then 4 else id end", 4),
    (("insert into audit_event select 11, at, actor, action, object, outcome, details, hash,"
     " sha256('x') from audit_event where id = 10"), 11),
    ("update audit_head set hash = sha256('x')", 10),
    ("update audit_head set id = 9", 10),
]  # fmt: skip


@pytest.fixture(params=[3, 5, 2000])
def batches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries read at once: across, at and within the ends of the chain."""
    monkeypatch.setattr(verification, "BATCH", request.param)


@pytest.mark.anyio
@pytest.mark.parametrize(("tampering", "entry"), TAMPERINGS)
@pytest.mark.usefixtures("batches")
async def test_a_change_by_the_owner_of_the_database_is_named(
    database: Database, auditor: int, owner_connection: Owner, tampering: str, entry: int
) -> None:
    await append(database, 10, auditor)
    owner_connection.execute("alter table audit_event disable trigger user")
    owner_connection.execute("alter table audit_head disable trigger user")
    try:
        owner_connection.execute(tampering)
    finally:
        owner_connection.execute("alter table audit_event enable trigger user")
        owner_connection.execute("alter table audit_head enable trigger user")
    async with database.read(auditor) as session:
        report = await verify(session)
    assert report.fault is not None
    assert report.fault.entry == entry


@pytest.mark.anyio
async def test_a_head_kept_outside_betrays_whoever_rewrites_everything(
    database: Database, auditor: int, owner_connection: Owner
) -> None:
    await append(database, 5)
    async with database.read(auditor) as session:
        kept = Head.parse(str((await verify(session)).head))
    await append(database, 2)
    async with database.read(auditor) as session:
        assert (await verify(session, kept)).intact
        assert (await verify(session, Head(0, bytes(32)))).intact
    owner_connection.execute("set session_replication_role = replica")
    owner_connection.execute("delete from audit_event")
    owner_connection.execute("update audit_head set id = 0, hash = decode(repeat('00', 32), 'hex')")
    owner_connection.execute("set session_replication_role = origin")
    await append(database, 3)
    async with database.read(auditor) as session:
        assert (await verify(session)).intact, "nothing inside the database can tell"
        fault = (await verify(session, kept)).fault
    assert fault is not None
    assert (fault.entry, "removed" in fault.reason) == (4, True)
    await append(database, 4)
    async with database.read(auditor) as session:
        fault = (await verify(session, kept)).fault
    assert fault is not None
    assert fault.entry == 5


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set actor = null",
        "delete from audit_event",
        "truncate audit_event",
        "delete from audit_head",
        "truncate audit_head",
        "update audit_head set id = 0",
    ],
)
@pytest.mark.anyio
async def test_not_even_the_owner_rewrites_it_by_accident(
    database: Database, owner_connection: Owner, statement: str
) -> None:
    await append(database, 2)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner_connection.execute(statement)


@pytest.mark.anyio
async def test_only_auditors_read_it(database: Database, auditor: int, owner: Database) -> None:
    await append(database, 2)
    async with owner.write(None) as session:
        roles = set(Role) - {Role.AUDITOR}
        other = await service.create_user(session, "other", "Other", roles)
    for principal in (None, other.id):
        async with database.read(principal) as session:
            assert await session.rows("select * from audit_event") == []
            with pytest.raises(Forbidden, match="auditor"):
                await verify(session)
    async with database.read(auditor) as session:
        assert (await verify(session)).entries == 3


@pytest.mark.anyio
async def test_the_actor_is_the_principal_and_cannot_be_chosen(
    database: Database, auditor: int
) -> None:
    await append(database, 1, auditor)
    await append(database, 1, None)
    async with database.read(auditor) as session:
        actors = await session.rows("select actor from audit_event order by id")
    assert actors == [(auditor,), (None,)]


details = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    max_size=4,
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    subject=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    details=details,
)
def test_both_sides_compute_the_same_hash(
    owner_connection: Owner, subject: str, details: dict[str, object]
) -> None:
    with owner_connection.transaction(force_rollback=True):
        owner_connection.execute(
            "select audit_append('search', %s, 'done', %s)", [subject, json.dumps(details)]
        )
        row = owner_connection.execute(
            "select id, at, actor, action, object, outcome, details::text, previous_hash, hash"
            " from audit_event"
        ).fetchone()
    assert row is not None
    assert verification._Entry(*row).fault(verification.START) is None


@pytest.mark.anyio
async def test_details_beyond_a_page_are_refused(database: Database) -> None:
    with pytest.raises(Error, match="audit_event_details_check"):
        async with database.write(None) as session:
            await record(session, Action.SYNC, "source:1", Outcome.FAILED, {"why": "x" * 9000})


def test_a_question_is_kept_as_a_length_and_a_digest() -> None:
    kept = describe_question("Qui a signé  le bail ?", b"key")
    assert set(kept) == {"question_length", "question_digest"}
    assert kept["question_length"] == 22
    assert kept["question_digest"] == digest("qui a signe\u0301 le bail ?", b"key")
    assert kept["question_digest"] != digest("qui a signé le bail ?", b"another key")


@pytest.mark.parametrize("written", ["", "5", "5:zz", "x:" + "0" * 64, "5:00"])
def test_a_head_that_was_mistyped_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        Head.parse(written)
