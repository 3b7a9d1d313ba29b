"""An approved answer comes before any model, to those who may read it, and to nobody else by any path."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from centaure.answering.answers import Answer, Piece
from centaure.answering.approved import pairs
from centaure.answering.approved.contradictions import contradictions
from centaure.answering.approved.matching import looked_up, stems_of
from centaure.answering.approved.pairs import NewPair, Reader, Sought
from centaure.answering.approved.service import approve, pair_for, review, today
from centaure.answering.asking import Asking, Enquiry
from centaure.answering.conversations import reading, repository, service, sharing
from centaure.answering.conversations.reading import Answered
from centaure.answering.conversations.service import Question
from centaure.answering.conversations.writing import Writers
from centaure.answering.questions import analyse
from centaure.answering.service import NOT_FOUND
from centaure.app.installation import Installation
from centaure.gateway.catalogue import CatalogueModel
from centaure.identity import Principal
from centaure.identity.principal import Role
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, Forbidden, InvalidInput, NotFound
from centaure.knowledge.retrieval.filters import FilterWords
from gateway.fakes import house
from readers import paragraph, user, write
from scripted_model import Script

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
QUESTION = "Quelle est la prime d'un chef d'atelier ?"
APPROVED = "La prime d'un chef d'atelier est de 12 % du salaire. Elle est versée en juin."
QUOTED = "La prime d'un chef d'atelier est de 9 % du salaire annuel."


@dataclass
class Desk:
    """Alice and Bruno, who ask; Clara, a curator; a document that says another thing."""

    database: Database
    installation: Installation
    alice: Principal
    bruno: Principal
    clara: int
    talk: int

    def asking(self, *texts: str) -> tuple[Asking, Script]:
        script = Script(texts)
        model: Any = script
        gateway = house(
            (CatalogueModel(id=1, name="scribe", kind="openai", highest=3), model)
        ).gateway
        finding = self.installation.finding(self.database)
        return Asking(self.database, finding, self.installation.settings, gateway), script

    async def ask(self, who: Principal, enquiry: Enquiry | str = QUESTION) -> tuple[Answer, Script]:
        asking, script = self.asking(QUOTED, QUOTED)
        asked = Enquiry(enquiry) if isinstance(enquiry, str) else enquiry
        pieces = [piece async for piece in asking.ask(who, asked)]
        last = pieces[-1]
        assert isinstance(last, Answer)
        return last, script

    async def talked(self, *texts: str) -> list[Piece]:
        writers = Writers(self.database, self.asking(*texts)[0])
        async with self.database.write(self.alice.id) as session:
            begun = await service.ask(session, self.talk, Question(QUESTION, {}))
        pieces = [piece async for piece in writers.write(self.alice, begun)]
        await writers.close()
        return pieces

    async def read(self, who: Principal) -> Answered:
        async with self.database.read(who.id) as session:
            _, turns = await reading.read(session, self.talk)
        assert isinstance(turns[-1], Answered)
        return turns[-1]

    async def approve(self, *readers: str, **more: Any) -> int:
        fields = {"question": QUESTION, "answer": APPROVED, "sources": "Accord du 3 mars", **more}
        async with self.database.write(self.clara) as session:
            return await approve(session, NewPair(readers=list(readers), **fields))


@pytest.fixture
async def desk(
    clean: Installation, owner_connection: Connection, database: Database, indexer: Database
) -> Desk:
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    alice, bruno, clara = (user(owner_connection, one) for one in ("alice", "bruno", "clara"))
    owner_connection.execute(
        "update user_account set roles = %s where principal_id = %s",
        [[Role.READER.value, Role.CURATOR.value], clara],
    )
    await write(indexer, "primes.pdf", paragraph(QUOTED), readers=(alice, bruno))
    people = [
        Principal(number, login, login, frozenset({Role.READER}))
        for number, login in ((alice, "alice"), (bruno, "bruno"))
    ]
    async with database.write(alice) as session:
        talk = await repository.add_conversation(session, "", "")
        await sharing.share(session, people[0], talk, ["bruno"], [])
    return Desk(database, clean, *people, clara, talk)


async def test_it_comes_before_any_model_to_its_readers_and_to_nobody_else(desk: Desk) -> None:
    number = await desk.approve("user:alice", classification="C2")
    said, script = await desk.ask(desk.alice)
    assert (said.text, script.asked) == (APPROVED, [])
    assert said.approved is not None
    assert (said.approved.id, said.approved.sources) == (number, "Accord du 3 mars")
    assert (said.model, said.classification, said.citations) == ("", 2, ())
    theirs, script = await desk.ask(desk.bruno)
    assert (theirs.approved, len(script.asked)) == (None, 1)
    assert "12 %" not in theirs.text
    narrowed = Enquiry(QUESTION, words=FilterWords(source="docs"))
    assert (await desk.ask(desk.alice, narrowed))[0].approved is None


async def test_a_clearance_and_its_days_bound_it(desk: Desk, owner_connection: Connection) -> None:
    day = timedelta(days=1)
    await desk.approve("*", valid_from=today() + day)
    await desk.approve("*", valid_from=today() - 2 * day, valid_to=today() - day)
    assert (await desk.ask(desk.alice))[0].approved is None
    number = await desk.approve("*", classification="C2", valid_to=today())
    assert (await desk.ask(desk.alice))[0].approved is not None
    owner_connection.execute(
        "update user_account set clearance = 1 where principal_id = %s", [desk.alice.id]
    )
    owner_connection.commit()
    assert (await desk.ask(desk.alice))[0].approved is None
    assert (await desk.ask(desk.bruno))[0].approved is not None
    async with desk.database.write(desk.clara) as session:
        await review(session, number, None, today())
        with pytest.raises(InvalidInput):
            await review(session, number, None, today() - day)


async def test_a_second_answer_to_the_same_question_waits_for_the_end_of_the_first(
    desk: Desk,
) -> None:
    day = timedelta(days=1)
    other = {"answer": "La prime est de 15 %."}
    number = await desk.approve("user:alice", valid_to=today() + 9 * day)
    for readers in (("*",), ("user:bruno", "user:alice")):
        with pytest.raises(Conflict, match=f"answer {number} says"):
            await desk.approve(*readers, **other)
    reworded = {
        "question": "Et la nuit ?",
        "phrasings": ["la prime d'un chef d'atelier, quelle est-elle ?"],
    }
    with pytest.raises(Conflict):
        await desk.approve("*", **other, **reworded)
    await desk.approve("user:bruno", **other)
    await desk.approve("user:alice", answer=APPROVED)
    await desk.approve("*", **other, assistant="hr")
    await desk.approve("*", **other, valid_from=today() - 9 * day, valid_to=today() - day)
    assert (await desk.ask(desk.alice))[0].text == APPROVED


async def test_an_answer_that_a_curator_may_not_read_is_named_to_nobody_and_stands(
    desk: Desk, owner_connection: Connection
) -> None:
    await desk.approve("user:alice")
    owner_connection.execute("update approved_answer set created_by = null, owner = null")
    owner_connection.commit()
    await desk.approve("*", answer="La prime est de 15 %.")
    assert (await desk.ask(desk.alice))[0].text == APPROVED
    assert "15 %" in (await desk.ask(desk.bruno))[0].text


async def test_an_answer_that_has_ended_is_approved_anew_and_its_end_is_on_record(
    desk: Desk, owner_connection: Connection
) -> None:
    day = timedelta(days=1)
    other = {"answer": "La prime est de 15 %."}
    begun = today() - 9 * day
    number = await desk.approve("user:alice", owner="bruno", valid_from=begun, valid_to=today())
    await desk.approve("user:alice", **other, valid_from=today() + 2 * day)
    async with desk.database.write(desk.clara) as session:
        await review(session, number, None, today() + day)
    with pytest.raises(Conflict):
        async with desk.database.write(desk.clara) as session:
            await review(session, number, None, today() + 2 * day)
    async with desk.database.write(desk.clara) as session:
        await review(session, number, None, today() - day)
    with pytest.raises(Conflict, match="has ended"):
        async with desk.database.write(desk.clara) as session:
            await review(session, number, None, today() + day)
    entries = owner_connection.execute(
        "select details->>'what', details->>'ends', details->>'ended', details->'owner' from audit_event"
        " where object = %s and details->>'what' <> 'approved_answer_added' order by id",
        [f"approved_answer:{number}"],
    ).fetchall()
    days = [str(today() + at * day) for at in (0, 1, -1)]
    assert entries == [
        ("approved_answer_reviewed", days[1], days[0], desk.bruno.id),
        ("approved_answer_ended", days[2], days[1], desk.bruno.id),
    ]


async def test_a_question_is_compared_with_a_few_of_the_wordings_that_there_are(desk: Desk) -> None:
    kinds = [f"{letter}-204" for letter in "ABCDEFGH"]
    for at in range(11):
        ways = [f"Quelle est la prime {kind}{at} d'un chef d'atelier du site ?" for kind in kinds]
        await desk.approve(
            "*", question=f"Quelle est la prime du site {at} ?", phrasings=ways, answer=f"{at} %."
        )
    number = await desk.approve("*")
    asked = analyse(QUESTION)
    stems = looked_up(asked)
    sought = Sought(stems, len(stems_of(asked)), "fr", "", today(), today())
    async with desk.database.read(desk.alice.id) as session:
        found = await pairs.candidates(session, sought)
        assert (found[0].pair.id, found[0].wording) == (number, QUESTION)
        assert len(found) == 50
        assert max(Counter(one.pair.id for one in found).values()) == 5
        pair = await pair_for(session, asked)
    assert pair is not None
    assert pair.id == number


async def test_in_a_shared_conversation_it_shows_to_its_readers_alone(
    desk: Desk, owner_connection: Connection
) -> None:
    number = await desk.approve("user:alice")
    await desk.talked()
    mine = await desk.read(desk.alice)
    assert (mine.text, mine.approved, mine.classification) == (APPROVED, number, 1)
    assert (await desk.read(desk.bruno)).text == NOT_FOUND["fr"]
    owner_connection.execute("update approved_answer set readers = %s", [[desk.bruno.id]])
    owner_connection.commit()
    assert (await desk.read(desk.alice)).text == NOT_FOUND["fr"]
    assert (await desk.read(desk.bruno)).text == APPROVED


async def test_curators_alone_look_after_what_is_theirs(
    desk: Desk, owner_connection: Connection
) -> None:
    number = await desk.approve("user:alice", owner="alice", review_on=today())
    async with desk.database.read(desk.clara) as session:
        assert [one.id for one in await pairs.list_pairs(session, today())] == [number]
        assert await pairs.list_pairs(session, today() - timedelta(days=1)) == []
    async with desk.database.write(desk.alice.id) as session:
        with pytest.raises(Forbidden):
            await pairs.list_pairs(session)
        with pytest.raises(Forbidden):
            await review(session, number, today(), None)
        assert await session.execute("update approved_answer set valid_to = valid_from") == 0
    owner_connection.execute("update approved_answer set created_by = null")
    owner_connection.commit()
    async with desk.database.write(desk.clara) as session:
        assert await pairs.list_pairs(session) == []
        for absent in (number, 999_999_999):
            with pytest.raises(NotFound):
                await review(session, absent, today(), None)
    with pytest.raises(InvalidInput, match="user:nobody"):
        await desk.approve("user:nobody")
    owner_connection.execute(
        "update user_account set clearance = 1 where principal_id = %s", [desk.clara]
    )
    owner_connection.commit()
    with pytest.raises(Forbidden):
        await desk.approve("*", classification="C2")


async def test_a_curator_names_groups_but_none_that_is_made_of_clauses(
    desk: Desk, owner_connection: Connection
) -> None:
    owner_connection.execute(
        "insert into principal (kind, key, label) values ('group', 'source:1/group:shop', 'Workshop'),"
        " ('group', 'source:1/all:0a', 'all of 2')"
    )
    owner_connection.commit()
    await desk.approve("source:1/group:shop", "*", "user:alice", owner="bruno")
    async with desk.database.read(desk.clara) as session:
        assert await pairs.list_groups(session) == [Reader("source:1/group:shop", "Workshop")]
        (found,) = await pairs.list_pairs(session)
        names = await pairs.named(session, {*found.readers, found.owner or 0, 999_999})
    assert {one.key for one in names.values()} == {
        "*", "user:alice", "user:bruno", "source:1/group:shop",
    }  # fmt: skip
    async with desk.database.read(desk.alice.id) as session:
        with pytest.raises(Forbidden):
            await pairs.list_groups(session)


async def test_the_report_tells_answers_of_models_that_say_another_thing(desk: Desk) -> None:
    await desk.talked(f"{QUOTED[:-1]} [1].")
    number = await desk.approve("*")
    async with desk.database.read(desk.alice.id) as session:
        (found,) = await contradictions(session)
    assert (found.pair, found.conversation, found.sentence) == (number, desk.talk, QUOTED)
    async with desk.database.read(desk.clara) as session:
        assert await contradictions(session) == []


async def test_the_report_holds_answers_against_the_pairs_of_every_assistant(desk: Desk) -> None:
    await desk.talked(f"{QUOTED[:-1]} [1].")
    numbers = [await desk.approve("*", assistant="atelier")]
    async with desk.database.read(desk.alice.id) as session:
        assert [found.pair for found in await contradictions(session)] == numbers
    numbers.append(await desk.approve("*", answer="La prime d'un chef d'atelier est de 11 %."))
    async with desk.database.read(desk.alice.id) as session:
        assert sorted(found.pair for found in await contradictions(session)) == numbers


async def test_a_phrasing_in_another_language_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="reads as English, and the question as French"):
        await desk.approve("*", phrasings=["What is the bonus of a workshop manager?"])
    await desk.approve("*", phrasings=["Prime chef d'atelier"])


async def test_an_unknown_key_of_readers_is_answered_with_near_ones(
    desk: Desk, owner_connection: Connection
) -> None:
    owner_connection.execute(
        "insert into principal (kind, key, label) values ('group', 'source:1/group:shop', 'Workshop'),"
        " ('group', 'source:1/all:workshop', 'all of 2')"
    )
    near = {
        "workshops": "source:1/group:shop",
        "shopp": "source:1/group:shop",
        "Alice": "user:alice",
    }
    for wanted, key in near.items():
        with pytest.raises(InvalidInput, match=f"Did you mean {key}.*guard approved groups"):
            await desk.approve(wanted)
    with pytest.raises(InvalidInput) as far:
        await desk.approve("quexolite")
    assert "Did you mean" not in far.value.message
