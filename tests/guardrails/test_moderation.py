"""What is held back: who may list, read and decide on it, and what is left of it in the audit."""

import asyncio
from dataclasses import dataclass, replace

import psycopg
import pytest

from centaure.answering.conversations import repository
from centaure.app.installation import Installation
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.chat import ChatRequest, Message
from centaure.guardrails.moderation import (
    MOST_WAITING,
    HeldWords,
    QueueFull,
    State,
    StoredModeration,
    decide,
    own,
    queue,
    read_for_decision,
    read_released,
    vault_of,
)
from centaure.guardrails.retention import forget_held
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict
from centaure.identity.principal import Role
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from readers import paragraph, user, write

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
WHY = Verdict(Action.MODERATE, 1.0, (Finding(0, 4, "words", "WORD", 1.0, "word.3"),))
WORDS = HeldWords("What does Zoé earn?", "She works here.", "Zoé earns 4,711 euros.")


@dataclass
class Desk:
    """Alice, who asks; Maud and Max, administrators, of whom Max may read up to C1."""

    database: Database
    moderation: StoredModeration
    installation: Installation
    alice: int
    maud: int
    max: int

    def call(self, principal: int | None = None, **more: object) -> Call:
        request = ChatRequest((Message("user", WORDS.asked),))
        made = Call(request, principal or self.alice, Purpose.ANSWER, 1)
        return replace(made, **more)  # type: ignore[arg-type]

    async def hold(self, call: Call | None = None, words: HeldWords = WORDS) -> int:
        return await self.moderation.hold(call or self.call(), Stage.OUTPUT, WHY, words)

    async def talk(self) -> int:
        async with self.database.write(self.alice) as session:
            return await repository.add_conversation(session, "", "")

    async def queue(self, who: int) -> list[int]:
        async with self.database.read(who) as session:
            return [one.id for one in await queue(session)]

    async def read(self, who: int, number: int, reason: str = "to decide") -> HeldWords:
        async with self.database.write(who) as session:
            vault = vault_of(self.installation.settings)
            return (await read_for_decision(session, vault, number, reason))[1]

    async def release(self, who: int, number: int) -> None:
        async with self.database.write(who) as session:
            await decide(session, number, "released", "harmless")

    async def own(self, who: int, number: int) -> HeldWords | None:
        async with self.database.read(who) as session:
            vault = vault_of(self.installation.settings)
            return (await read_released(session, vault, number))[1]


@pytest.fixture
async def desk(clean: Installation, owner_connection: Connection, database: Database) -> Desk:
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    alice, maud, maximilian = (user(owner_connection, one) for one in ("alice", "maud", "max"))
    owner_connection.execute(
        "update user_account set roles = %s where principal_id = any(%s)",
        [[Role.READER.value, Role.ADMINISTRATOR.value], [maud, maximilian]],
    )
    owner_connection.execute(
        "update user_account set clearance = 1 where principal_id = %s", [maximilian]
    )
    stored = StoredModeration(database, clean.settings)
    return Desk(database, stored, clean, alice, maud, maximilian)


async def test_it_is_sealed_released_with_a_reason_and_then_read_by_whoever_asked(
    desk: Desk, owner_connection: Connection
) -> None:
    number = await desk.hold()
    assert await desk.hold() == number  # what waits already is not kept twice
    (row,) = owner_connection.execute("select cast(sealed as text) from held_text").fetchall()
    assert b"Zo".hex() not in str(row[0])
    assert await desk.own(desk.alice, number) is None
    assert await desk.queue(desk.maud) == [number]
    assert await desk.read(desk.maud, number) == WORDS
    await desk.release(desk.maud, number)
    assert await desk.own(desk.alice, number) == WORDS
    assert await desk.queue(desk.maud) == []
    async with desk.database.read(desk.max) as session:
        (one,) = await queue(session, "released")
    assert (one.asked_by, one.decider) == ("alice", "maud")
    async with desk.database.read(desk.alice) as session:
        (mine,) = await own(session)
    assert (mine.asked_by, mine.decider, mine.reason) == ("alice", "", "harmless")
    with pytest.raises(Conflict):
        await desk.release(desk.max, number)
    entries = owner_connection.execute(
        "select actor, object, details->>'what', details->>'reason' from audit_event"
        " where action = 'moderation' order by id"
    ).fetchall()
    assert entries == [
        (desk.alice, f"held:{number}", "held", None),
        (desk.maud, f"held:{number}", "read", "to decide"),
        (desk.maud, f"held:{number}", "released", "harmless"),
    ]
    told = owner_connection.execute("select cast(details as text) from audit_event").fetchall()
    assert not any(word in str(line) for line in told for word in ("Zoé", "4,711", "earn"))


async def test_nobody_decides_on_what_they_asked_and_a_reader_on_nothing(desk: Desk) -> None:
    theirs = await desk.hold(desk.call(desk.maud))
    assert await desk.queue(desk.maud) == []
    for who in (desk.maud, desk.alice):
        with pytest.raises(NotFound):
            await desk.read(who, theirs)
        with pytest.raises(NotFound):
            await desk.release(who, theirs)
    async with desk.database.write(desk.maud) as session:
        changed = await session.execute(
            "update held set state = 'released', decided_by = current_principal(), decided_at = now()"
        )
    assert changed == 0
    assert await desk.own(desk.maud, theirs) is None
    async with desk.database.read(desk.alice) as session:
        assert await own(session) == []
        assert await session.rows("select from held_text") == []
    await desk.release(desk.max, theirs)
    assert await desk.own(desk.maud, theirs) == WORDS


async def test_a_moderator_decides_on_what_they_may_read_alone(
    desk: Desk, indexer: Database, owner_connection: Connection
) -> None:
    await write(indexer, "pay.pdf", paragraph("Zoé earns."), readers=(desk.alice, desk.max))
    (document,) = owner_connection.execute("select id from document").fetchone() or ()
    assert isinstance(document, int)
    rests = await desk.hold(desk.call(documents=(document,)))
    secret = await desk.hold(desk.call(classification=2), replace(WORDS, text="Other words."))
    assert await desk.queue(desk.max) == [rests]
    assert await desk.queue(desk.maud) == [secret]
    for who, number in ((desk.max, secret), (desk.maud, rests), (desk.maud, 999_999_999)):
        with pytest.raises(NotFound) as hidden:
            await desk.read(who, number)
        assert str(document) not in hidden.value.message
        with pytest.raises(NotFound):
            await desk.release(who, number)
    await desk.release(desk.max, rests)
    owner_connection.execute("update document set readers = %s", [[desk.max]])
    owner_connection.commit()
    assert await desk.own(desk.alice, rests) is None  # nor does a release give back a right


async def test_a_released_question_passes_for_the_same_person_in_the_same_place(desk: Desk) -> None:
    call = desk.call(assistant="hr")
    asked = HeldWords("", "", WORDS.asked)
    number = await desk.moderation.hold(call, Stage.INPUT, WHY, asked)
    assert not await desk.moderation.released(call, Stage.INPUT, asked)
    await desk.release(desk.maud, number)
    assert await desk.moderation.released(call, Stage.INPUT, asked)
    for text in ("Something else?", WORDS.asked.lower(), f"{WORDS.asked} ", "What  does Zoé earn?"):
        assert not await desk.moderation.released(call, Stage.INPUT, replace(asked, text=text))
    assert not await desk.moderation.released(call, Stage.OUTPUT, asked)
    for other in (desk.call(), desk.call(desk.max, assistant="hr")):
        assert not await desk.moderation.released(other, Stage.INPUT, asked)


async def test_a_released_question_passes_after_what_was_typed_before_it_and_nothing_else(
    desk: Desk,
) -> None:
    call = desk.call(conversation=await desk.talk())
    said = HeldWords("", "", "And do it.", ("Write a poem.", "On Monday."))
    number = await desk.moderation.hold(call, Stage.INPUT, WHY, said)
    assert await desk.read(desk.maud, number) == said
    await desk.release(desk.maud, number)
    assert await desk.moderation.released(call, Stage.INPUT, said)
    others = [
        (), ("On Monday.",), ("Write a poem.",), ("On Monday.", "Write a poem."),
        ("Send all that you know to Zoé.",), ("Write a poem.", "On Monday. "),
    ]  # fmt: skip
    for earlier in others:
        words = replace(said, earlier=earlier)
        assert not await desk.moderation.released(call, Stage.INPUT, words)
    # A long conversation is read from a later turn on: what is left of the turns before has to be the same.
    for earlier, passes in ((("On Monday.",), True), (("Write a poem.",), False)):
        words = replace(said, earlier=earlier)
        assert await desk.moderation.released(call, Stage.INPUT, words, past=True) is passes
    alone = replace(said, earlier=())
    elsewhere = desk.call()
    number = await desk.moderation.hold(elsewhere, Stage.INPUT, WHY, said)
    await desk.release(desk.maud, number)
    assert not await desk.moderation.released(elsewhere, Stage.INPUT, alone, past=True)


async def test_what_waits_of_one_person_has_a_bound_that_holds_for_what_comes_at_once(
    desk: Desk,
) -> None:
    for number in range(MOST_WAITING - 1):
        await desk.hold(words=replace(WORDS, text=f"{number}."))
    last = replace(WORDS, text="The last.")
    many = [desk.hold(words=replace(WORDS, text=f"{one} more.")) for one in ("One", "Two", "Three")]
    kept = await asyncio.gather(desk.hold(words=last), *many, return_exceptions=True)
    assert [isinstance(one, QueueFull) for one in kept].count(True) == 3
    waiting = await desk.queue(desk.maud)
    assert len(waiting) == MOST_WAITING
    assert await desk.hold(words=replace(WORDS, text="0.")) == waiting[0]  # it waits already
    assert await desk.hold(desk.call(desk.max))  # what another asks is not buried by it
    await desk.release(desk.maud, waiting[0])
    assert await desk.hold(words=replace(WORDS, text="More."))


async def test_the_queue_is_read_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("centaure.guardrails.moderation.MOST_LISTED", 2)
    numbers = [await desk.hold(words=replace(WORDS, text=f"{at}.")) for at in range(7)]
    for number in (numbers[4], numbers[0], numbers[2]):
        await desk.release(desk.maud, number)

    async def pages(state: State | None) -> list[list[int]]:
        found: list[list[int]] = [[]]
        async with desk.database.read(desk.maud) as session:
            while page := await queue(session, state, found[-1][-1] if found[-1] else None):
                found.append([one.id for one in page])
        return [[numbers.index(one) for one in page] for page in found[1:]]

    assert await pages("waiting") == [[1, 3], [5, 6]]
    assert await pages("released") == [[2, 0], [4]]
    assert await pages(None) == [[6, 5], [4, 3], [2, 1], [0]]
    async with desk.database.read(desk.maud) as session:
        (after, _) = await queue(session, "waiting", numbers[4])  # which is decided by now
        assert after.id == numbers[5]


async def test_what_rests_on_a_document_that_changed_is_nobodys_to_decide_on(
    desk: Desk, indexer: Database, owner_connection: Connection
) -> None:
    readers = (desk.alice, desk.maud)
    await write(indexer, "pay.pdf", paragraph("Zoé earns."), readers=readers)
    (document,) = owner_connection.execute("select id from document").fetchone() or ()
    assert isinstance(document, int)
    call = desk.call(documents=(document,))
    numbers = [await desk.hold(call, replace(WORDS, text=f"{at}.")) for at in range(2)]
    asked = HeldWords("", "", WORDS.asked)
    question = await desk.moderation.hold(call, Stage.INPUT, WHY, asked)
    await desk.release(desk.maud, numbers[0])

    async def changed() -> list[bool]:
        async with desk.database.read(desk.alice) as session:
            return [one.changed for one in reversed(await own(session))]

    assert await changed() == [False, False, False]
    owner_connection.execute("update document set content_hash = 'another'")
    owner_connection.commit()
    assert await changed() == [True, True, False]
    assert await desk.queue(desk.maud) == [question]  # the words of a question are the person's own
    with pytest.raises(NotFound):
        await desk.release(desk.maud, numbers[1])
    with pytest.raises(NotFound):
        await desk.read(desk.maud, numbers[0])
    # What was indexed after the question was asked may not be what was read for it.
    owner_connection.execute("update reading set indexed_at = now() + interval '1 s'")
    owner_connection.commit()
    await desk.hold(call, replace(WORDS, text="Late."))
    assert (await changed())[-1]


async def test_what_waits_comes_the_earliest_first_and_what_was_decided_the_latest(
    desk: Desk,
) -> None:
    first, second, third = [
        await desk.hold(words=replace(WORDS, text=text)) for text in ("One.", "Two.", "Three.")
    ]
    assert await desk.queue(desk.maud) == [first, second, third]
    for number in (first, second):
        await desk.release(desk.maud, number)
    async with desk.database.read(desk.maud) as session:
        assert [one.id for one in await queue(session, "released")] == [second, first]
        assert [one.id for one in await queue(session, None)] == [third, second, first]


async def test_a_reason_is_given_and_what_has_expired_is_gone(
    desk: Desk, indexer: Database, owner_connection: Connection
) -> None:
    number = await desk.hold()
    with pytest.raises(InvalidInput):
        await desk.read(desk.maud, number, "  ")
    owner_connection.execute("update held set expires_at = now() - interval '1 s'")
    owner_connection.commit()
    assert await desk.queue(desk.maud) == []
    with pytest.raises(NotFound):
        await desk.read(desk.maud, number)
    async with indexer.write(None) as session:
        assert await forget_held(session) == 1
    assert owner_connection.execute("select from held_text").fetchall() == []
