"""An answer is kept however it ends, and ends when it is not wanted any more, whichever process writes it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from centaure.answering.answers import Answer, Piece, Sentence
from centaure.answering.asking import Enquiry
from centaure.answering.conversations import reading, repository, service
from centaure.answering.conversations.reading import Answered, Asked
from centaure.answering.conversations.routes import ask_in_conversation, events
from centaure.answering.conversations.schemas import NewQuestion
from centaure.answering.conversations.service import Begun, Question
from centaure.answering.conversations.writing import MOST_STAYING, Writers
from centaure.answering.relay import Relay
from centaure.app.installation import Installation
from centaure.identity import Principal
from centaure.identity.principal import Role
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, NotFound, Unavailable
from readers import user

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
SLOW = "..."


class Scripted:
    """Says what it is told to; `SLOW` waits until it is ended, an error is raised."""

    def __init__(self) -> None:
        self.script: list[str | Exception] = []
        self.asked: list[Enquiry] = []
        self.ended = 0

    async def ask(
        self, reader: Principal, enquiry: Enquiry, *, written: Callable[[Answer], object]
    ) -> AsyncGenerator[Piece]:
        assert reader.login == "alice"
        self.asked.append(enquiry)
        said: list[Sentence] = []
        answer = Answer(enquiry.question, "en", True, (), ())
        try:
            for each in self.script:
                if isinstance(each, Exception):
                    raise each
                if each == SLOW:
                    await asyncio.sleep(600)
                said.append(Sentence(each, (), "unsupported"))
                answer = Answer(enquiry.question, "en", True, tuple(said), (), model="mistral")
                written(answer)
                yield said[-1]
            yield answer
        finally:
            self.ended += 1


def person(connection: Connection, login: str) -> Principal:
    return Principal(user(connection, login), login, login, frozenset({Role.READER}))


@pytest.fixture
def alice(owner_connection: Connection) -> Principal:
    return person(owner_connection, "alice")


@pytest.fixture
async def talk(database: Database, alice: Principal) -> int:
    async with database.write(alice.id) as session:
        return await repository.add_conversation(session, "", "")


async def begin(database: Database, who: Principal, talk: int, text: str = "Why?") -> Begun:
    async with database.write(who.id) as session:
        return await service.ask(session, talk, Question(text, {}))


async def read(database: Database, who: Principal, talk: int) -> list[Asked | Answered]:
    async with database.read(who.id) as session:
        _, turns = await reading.read(session, talk)
    return turns


async def last(database: Database, who: Principal, talk: int) -> Answered:
    answer = (await read(database, who, talk))[-1]
    assert isinstance(answer, Answered)
    return answer


async def taken(relay: Relay[Piece]) -> list[str]:
    return [piece.text async for piece in relay]


async def to_its_end(relay: Relay[Piece]) -> None:
    async for _ in relay:
        pass


async def test_when_the_whole_answer_comes_it_is_kept(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = ["One.", "Two."]
    writers = Writers(database, asking)
    begun = await begin(database, alice, talk)
    assert (await last(database, alice, talk)).state == "writing"
    async for piece in writers.write(alice, begun):
        if isinstance(piece, Answer):
            kept = await last(database, alice, talk)
            assert (kept.state, kept.text) == ("done", "One. Two.")
    assert asking.asked[0].conversation == talk
    await writers.close()


class Held(Scripted):
    """Says a sentence of an answer whose rest waits, and is ended before it says so."""

    async def ask(
        self, reader: Principal, enquiry: Enquiry, *, written: Callable[[Answer], object]
    ) -> AsyncGenerator[Piece]:
        del reader
        said = Sentence("One.", (), "unsupported")
        written(Answer(enquiry.question, "en", True, (said,), (), model="mistral", held=1))
        yield said
        await asyncio.sleep(600)


async def test_of_an_answer_that_is_stopped_before_it_says_so_nothing_waits(
    database: Database, alice: Principal, talk: int, owner_connection: Connection
) -> None:
    """What is released takes the place of the last sentence, which is another one here."""
    writers = Writers(database, Held())
    relay = writers.write(alice, await begin(database, alice, talk))
    await anext(relay)
    await relay.close()
    kept = await last(database, alice, talk)
    assert (kept.state, kept.text, kept.held) == ("stopped", "One.", None)
    assert owner_connection.execute("select from turn where held is not null").fetchall() == []
    await writers.close()


async def test_a_few_answers_of_a_person_stay_and_no_more(
    clean: Installation, database: Database, owner_connection: Connection, alice: Principal
) -> None:
    asking = Scripted()
    asking.script = ["One.", SLOW]
    writers = Writers(database, asking)
    state = SimpleNamespace(database=database, settings=clean.settings, writers=writers)
    request: Any = SimpleNamespace(app=SimpleNamespace(state=state))

    async def left(stay: bool = True) -> int:
        """A conversation in which something was asked, by somebody who went."""
        async with database.write(alice.id) as session:
            talk = await repository.add_conversation(session, "", "")
        asked = NewQuestion(question="Why?")
        response = await ask_in_conversation(request, talk, alice, asked, stay)
        said: Any = response.body_iterator
        assert "turn" in await anext(said)
        assert "One." in await anext(said)
        await said.aclose()
        return talk

    talks = await asyncio.gather(*(left() for _ in range(MOST_STAYING + 3)))
    states = [(await last(database, alice, talk)).state for talk in talks]
    assert (states.count("writing"), states.count("stopped")) == (MOST_STAYING, 3)
    assert (await last(database, alice, await left(stay=False))).state == "stopped"
    bob = person(owner_connection, "bob")
    assert writers.may_stay(bob.id, Relay(asking.ask(alice, Enquiry("Why?"), written=print)))
    async with database.write(alice.id) as session:
        await service.stop(session, talks[states.index("writing")])
    async with asyncio.timeout(30):
        while asking.ended < 5:  # noqa: ASYNC110 - of another task
            await asyncio.sleep(0.05)
    await asyncio.sleep(0)
    assert (await last(database, alice, await left())).state == "writing"
    assert (await last(database, alice, await left())).state == "stopped"
    await writers.close()


async def test_the_next_question_takes_the_history_with_it(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = ["Because."]
    writers = Writers(database, asking)
    await taken(writers.write(alice, await begin(database, alice, talk)))
    await taken(writers.write(alice, await begin(database, alice, talk, "And then?")))
    history = asking.asked[1].history
    assert [(turn.role, turn.text) for turn in history] == [
        ("user", "Why?"),
        ("assistant", "Because."),
    ]
    await writers.close()


async def test_one_answer_is_written_at_a_time(
    database: Database, alice: Principal, talk: int
) -> None:
    await begin(database, alice, talk)
    with pytest.raises(Conflict):
        await begin(database, alice, talk)


async def test_of_questions_at_the_same_moment_one_is_answered(
    database: Database, alice: Principal, talk: int
) -> None:
    asked = [begin(database, alice, talk, f"Why {number}?") for number in range(8)]
    begun = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(each, Begun) for each in begun].count(True) == 1
    assert [isinstance(each, Conflict) for each in begun].count(True) == 7
    assert len(await read(database, alice, talk)) == 2


async def test_an_answer_that_its_process_never_ended_is_in_nobodys_way(
    database: Database, alice: Principal, talk: int, owner_connection: Connection
) -> None:
    await begin(database, alice, talk)
    owner_connection.execute("update turn set at = now() - interval '11 minutes'")
    assert (await last(database, alice, talk)).state == "stopped"
    await begin(database, alice, talk)


async def test_stopping_through_another_process_ends_the_answer_and_keeps_what_there_is(
    clean: Installation, database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = ["One.", SLOW]
    writers = Writers(database, asking)
    relay = writers.write(alice, await begin(database, alice, talk))
    assert (await anext(relay)).text == "One."
    elsewhere = clean.database("app")
    async with elsewhere.write(alice.id) as session:
        await service.stop(session, talk)
    await elsewhere.close()
    async with asyncio.timeout(30):
        assert await taken(relay) == []
    assert relay.stopped
    assert asking.ended == 1
    kept = await last(database, alice, talk)
    assert (kept.state, kept.text, kept.model) == ("stopped", "One.", "mistral")
    await writers.close()


async def test_removing_the_conversation_ends_its_answer(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = ["One.", SLOW]
    writers = Writers(database, asking)
    relay = writers.write(alice, await begin(database, alice, talk))
    assert (await anext(relay)).text == "One."
    async with database.write(alice.id) as session:
        assert await repository.remove_conversation(session, talk)
    async with asyncio.timeout(30):
        assert await taken(relay) == []
    assert asking.ended == 1
    with pytest.raises(NotFound):
        await read(database, alice, talk)
    await writers.close()


async def test_whoever_leaves_ends_the_answer(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = [SLOW]
    writers = Writers(database, asking)
    relay = writers.write(alice, await begin(database, alice, talk))
    await asyncio.sleep(0.05)
    await relay.close()
    assert asking.ended == 1
    assert (await last(database, alice, talk)).state == "stopped"
    await writers.close()


async def test_an_answer_that_stays_is_written_to_its_end_without_a_reader(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = ["One.", "Two."]
    writers = Writers(database, asking)
    begun = await begin(database, alice, talk)
    relay = writers.write(alice, begun)
    said = events(begun, relay, stay=True)
    assert (await anext(said)).startswith("event: turn")
    await said.aclose()
    await asyncio.wait_for(to_its_end(relay), 30)
    kept = await last(database, alice, talk)
    assert (kept.state, kept.text) == ("done", "One. Two.")
    await writers.close()


async def test_an_answer_that_stays_is_stopped_all_the_same(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = ["One.", SLOW]
    writers = Writers(database, asking)
    begun = await begin(database, alice, talk)
    relay = writers.write(alice, begun)
    said = events(begun, relay, stay=True)
    await anext(said)
    await anext(said)
    await said.aclose()
    assert not relay.ended
    async with database.write(alice.id) as session:
        await service.stop(session, talk)
    await asyncio.wait_for(to_its_end(relay), 30)
    kept = await last(database, alice, talk)
    assert (kept.state, kept.text) == ("stopped", "One.")
    await writers.close()


async def test_an_answer_that_fails_says_why(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = ["One.", Unavailable("The model is away.")]
    writers = Writers(database, asking)
    with pytest.raises(Unavailable, match="away"):
        await taken(writers.write(alice, await begin(database, alice, talk)))
    kept = await last(database, alice, talk)
    assert (kept.state, kept.problem) == ("failed", "The model is away.")
    await writers.close()


async def test_a_process_that_ends_keeps_its_answers(
    database: Database, alice: Principal, talk: int
) -> None:
    asking = Scripted()
    asking.script = [SLOW]
    writers = Writers(database, asking)
    writers.write(alice, await begin(database, alice, talk))
    await asyncio.sleep(0.05)
    await writers.close()
    assert (await last(database, alice, talk)).state == "stopped"


async def test_a_process_that_ends_waits_for_an_answer_that_is_being_kept(
    database: Database, alice: Principal, talk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Scripted()
    asking.script = ["One."]
    writers = Writers(database, asking)
    keep, keeping = writers._keep, asyncio.Event()

    async def keep_slowly(*kept: Any) -> None:
        keeping.set()
        await asyncio.sleep(0.3)
        await keep(*kept)

    monkeypatch.setattr(writers, "_keep", keep_slowly)
    relay = writers.write(alice, await begin(database, alice, talk))
    await keeping.wait()
    await writers.close()
    assert (await last(database, alice, talk)).state == "done"
    assert await taken(relay) == ["One.", "One."], "a sentence, and the whole answer"


async def test_no_connection_is_held_while_answers_are_written(
    clean: Installation, alice: Principal, owner_connection: Connection
) -> None:
    database = clean.database("app")
    database._pool_size = 2
    asking = Scripted()
    asking.script = ["One.", SLOW]
    writers = Writers(database, asking)
    relays = []
    for _ in range(10):
        async with database.write(alice.id) as session:
            made = await repository.add_conversation(session, "", "")
        relays.append(writers.write(alice, await begin(database, alice, made)))
    for relay in relays:
        assert (await anext(relay)).text == "One."
    await writers.close()
    assert owner_connection.execute(
        "select count(*) from turn where state = 'stopped'"
    ).fetchone() == (10,)
    await database.close()
