"""Questions that documents answered badly: curators see what several people have in common, never more."""

import asyncio
from collections.abc import AsyncGenerator, Mapping

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from centaure.answering.answers import Answer, Fallback, Piece, Sentence
from centaure.answering.conversations import repository, service
from centaure.answering.conversations.keeping import Written, keep_answer
from centaure.answering.conversations.reading import Answered, read
from centaure.answering.conversations.service import Question
from centaure.answering.conversations.writing import Writers
from centaure.answering.gaps import groups, keeping
from centaure.answering.gaps.groups import Group
from centaure.answering.gaps.words import telling_words
from centaure.identity import Principal, Role
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, Forbidden, NotFound
from readers import paragraph, user, write

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
ASKED = "Où est le grimoire du vestiaire ?"
SECRET = "Quelle prime de licenciement pour Zoltan Kowalczyk ?"


class Office:
    """People who ask in vain, and a curator."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self.database = database
        self.connection = connection
        self.curator = self.person("curator", "curator")
        self.others = [self.person(f"person{number}") for number in range(4)]

    def person(self, login: str, role: str = "reader") -> int:
        number = user(self.connection, login)
        self.connection.execute(
            "update user_account set roles = array['reader', %s] where principal_id = %s",
            [role, number],
        )
        return number

    async def ask(  # noqa: PLR0913 - what an answer can be like
        self,
        who: int,
        text: str = ASKED,
        *,
        kept: bool = True,
        answerable: bool = False,
        fallback: Fallback | None = None,
        assistant: str = "",
        filters: Mapping[str, str] | None = None,
    ) -> tuple[int, int]:
        """Ask in a conversation of its own; its number, and that of the answer."""
        async with self.database.write(who) as session:
            talk = await repository.add_conversation(session, "", "", assistant=assistant)
            begun = await service.ask(session, talk, Question(text, dict(filters or {})))
            nothing = (Sentence("Rien.", ()),)
            said = Answer(text, "fr", answerable, nothing, (), fallback=fallback)
            await keep_answer(session, begun.turn, Written("done", said.sentences, (), said))
        if kept:
            await keeping.keep_unanswered(self.database, who, talk, begun.turn)
        return talk, begun.turn

    async def shown(self, who: int | None = None, state: groups.State = "open") -> list[Group]:
        async with self.database.read(who or self.curator) as session:
            return await groups.list_groups(session, state)

    async def send(self, who: int, talk: int, turn: int, comment: str = "") -> None:
        async with self.database.write(who) as session:
            await keeping.send(session, talk, turn, "missing", comment)

    async def settle(self, terms: tuple[str, ...], state: groups.Settled = "resolved") -> int:
        async with self.database.write(self.curator) as session:
            return await groups.settle(session, terms, state, "Demandé à la documentation.")


@pytest.fixture
def office(database: Database, owner_connection: Connection) -> Office:
    return Office(database, owner_connection)


async def test_what_two_people_asked_does_not_show_and_what_three_did_shows_as_words(
    office: Office,
) -> None:
    first, second, third, _ = office.others
    for _ in range(4):
        await office.ask(first)
    await office.ask(second, "le grimoire, svp, dossier 4471")
    assert await office.shown() == []
    await office.ask(third, "Un grimoire pour Zoltan")
    (group,) = await office.shown()
    assert (group.terms, group.words) == (("grimoir",), ("grimoire",))
    assert (group.questions, group.people, group.unanswered, group.disliked) == (6, 3, 6, None)
    assert (group.languages, group.sent) == (("fr",), ())
    for nobody in (*office.others, office.person("auditor", "auditor")):
        assert await office.shown(nobody) == []
    async with office.database.read(None) as session:
        assert await groups.list_groups(session, "open") == []


async def test_a_curator_s_own_questions_make_nobody_else_s_show(office: Office) -> None:
    for person in (office.curator, *office.others[:2]):
        await office.ask(person)
    assert await office.shown() == []
    await office.ask(office.others[2])
    (group,) = await office.shown()
    assert group.people == 4
    other = office.person("other curator", "curator")
    assert [one.people for one in await office.shown(other)] == [4]


async def test_nobody_reads_the_words_of_others_from_the_tables(
    office: Office, indexer: Database
) -> None:
    one, *_ = office.others
    _, turn = await office.ask(one)
    for opened, who in ((office.database, office.curator), (indexer, None)):
        with pytest.raises(InsufficientPrivilege):
            async with opened.read(who) as session:
                await session.rows("select words from gap_question")
    mine = "select turn_id from gap_question"
    for who, seen in ((office.curator, []), (office.others[1], []), (one, [turn])):
        async with office.database.read(who) as session:
            assert [row.turn_id for row in await session.rows(mine)] == seen
    for hidden in ("gap_asked()", "gap_members()", "gap_terms(array[1], 0)"):
        with pytest.raises(InsufficientPrivilege):
            async with office.database.read(office.curator) as session:
                await session.rows(f"select * from {hidden}")  # type: ignore[arg-type]


async def test_a_question_shows_once_its_author_sends_it_and_goes_when_they_take_it_back(
    office: Office,
) -> None:
    one, other, *_ = office.others
    talk, turn = await office.ask(one, SECRET, kept=False)
    assert await office.shown() == []
    for stranger in (other, office.curator):
        with pytest.raises(NotFound):
            await office.send(stranger, talk, turn)
    await office.send(one, talk, turn, "La note de 2026 manque.")
    (group,) = await office.shown()
    (sent,) = group.sent
    assert (sent.question, sent.comment, sent.reason) == (
        SECRET,
        "La note de 2026 manque.",
        "missing",
    )
    assert (group.questions, group.people) == (None, None)
    assert "kowalczyk" in group.words
    assert await office.shown(other) == []
    async with office.database.read(one) as session:
        _, turns = await read(session, talk)
    assert isinstance(turns[-1], Answered)
    assert turns[-1].sent
    with pytest.raises(NotFound):
        async with office.database.write(other) as session:
            await keeping.withdraw(session, talk, turn)
    async with office.database.write(one) as session:
        await keeping.withdraw(session, talk, turn)
    assert await office.shown() == []
    assert office.connection.execute("select count(*) from gap_question").fetchone() == (0,)


async def test_whoever_a_conversation_is_shared_with_sends_nothing_of_it(office: Office) -> None:
    one, other, *_ = office.others
    talk, turn = await office.ask(one, kept=False)
    office.connection.execute(
        "insert into conversation_share (conversation_id, owner, shared_with, label, owner_name)"
        " values (%s, %s, 'user:person1', '', '')",
        [talk, one],
    )
    with pytest.raises(NotFound):
        await office.send(other, talk, turn)


async def test_what_is_sent_says_nothing_of_what_others_only_asked(office: Office) -> None:
    one, other, *_ = office.others
    await office.ask(other, "Le grimoire de Zoltan")
    talk, turn = await office.ask(one)
    await office.send(one, talk, turn)
    (group,) = await office.shown()
    assert (group.questions, group.people, len(group.sent)) == (None, None, 1)
    assert "zoltan" not in group.words


async def test_words_of_fewer_than_three_are_shown_as_those_wrote_them_who_sent_them(
    office: Office,
) -> None:
    one, other, third, _ = office.others
    await office.ask(other, "Les grimoires du vestiaire")
    thirds = await office.ask(third, "Les grimoires du vestiaire")
    talk, turn = await office.ask(one, "Où est le grimoire ?")
    await office.send(one, talk, turn)
    (group,) = await office.shown()
    assert (group.people, group.words) == (3, ("grimoires",))
    talk, _ = thirds
    async with office.database.write(third) as session:
        await repository.remove_conversation(session, talk)
    (group,) = await office.shown()
    assert (group.people, group.words) == (None, ("grimoire",))


async def test_questions_without_telling_words_are_settled_one_by_one(office: Office) -> None:
    one, *_ = office.others
    for text in ("Combien ?", "Où ?"):
        talk, turn = await office.ask(one, text, kept=False)
        await office.send(one, talk, turn)
    first, second = await office.shown()
    assert {len(first.sent), len(second.sent)} == {1}
    await office.settle(first.terms)
    assert [left.terms for left in await office.shown()] == [second.terms]


async def test_a_group_of_long_questions_has_words_that_can_be_looked_up(office: Office) -> None:
    tails = ("abricot betterave cerise", "datte endive fenouil", "groseille haricot igname")
    for person, tail in zip(office.others, tails, strict=False):
        talk, turn = await office.ask(person, f"Le grimoire, {tail}, kiwi {tail[::-1]}")
        await office.send(person, talk, turn)
    (group,) = await office.shown()
    assert len(group.words) == 12
    assert group.words[0] == "grimoire"


async def test_one_person_s_flood_hides_nobody_s_question(office: Office) -> None:
    flooder, one, *_ = office.others
    talk, turn = await office.ask(one, "Un xylophone ?", kept=False)
    await office.send(one, talk, turn)
    for _ in range(60):
        talk, turn = await office.ask(flooder, kept=False)
        await office.send(flooder, talk, turn)
    shown = {group.words: len(group.sent) for group in await office.shown()}
    assert shown == {("xylophone",): 1, ("grimoire", "vestiaire"): 20}


async def test_of_two_curators_who_settle_a_group_at_once_one_does(office: Office) -> None:
    for person in office.others[:3]:
        await office.ask(person)
    (group,) = await office.shown()
    second = office.person("other", "curator")
    async with office.database.write(office.curator) as session:
        number = await groups.settle(session, group.terms, "resolved", "")
        async with office.database.write(second) as other:
            slower = asyncio.create_task(groups.settle(other, group.terms, "requested", ""))
            await asyncio.sleep(0.2)
            assert not slower.done()
            await session.execute("commit")
            with pytest.raises(Conflict):
                await slower
    (settled,) = await office.shown(state="resolved")
    assert settled.id == number


async def test_a_removed_conversation_leaves_nothing_behind(office: Office) -> None:
    talks = [(person, *await office.ask(person)) for person in office.others[:3]]
    (group,) = await office.shown()
    number = await office.settle(group.terms)
    (settled,) = await office.shown(state="resolved")
    assert (settled.id, settled.people, settled.words) == (number, 3, ("grimoire", "vestiaire"))
    person, talk, _ = talks[0]
    async with office.database.write(person) as session:
        await repository.remove_conversation(session, talk)
    assert await office.shown(state="resolved") == []  # two people are left
    assert office.connection.execute("select count(*) from gap_question").fetchone() == (2,)


async def test_the_worker_deletes_what_is_old_and_all_that_was_not_sent_once_switched_off(
    office: Office, indexer: Database
) -> None:
    one, other, *_ = office.others
    talk, turn = await office.ask(one)
    await office.send(one, talk, turn)
    await office.ask(other)
    count = "select count(*) from gap_question"
    for kept, days, left in ((True, 89, 2), (False, 89, 1), (True, 90, 0)):
        office.connection.execute("update gap_question set day = current_date - %s", [days])
        async with indexer.write(None) as session:
            await keeping.forget_gaps(session, kept)
        assert office.connection.execute(count).fetchone() == (left,)


async def test_a_settled_group_goes_with_its_questions(office: Office, indexer: Database) -> None:
    for person in office.others[:3]:
        await office.ask(person)
    (group,) = await office.shown()
    await office.settle(group.terms)
    office.connection.execute("update gap_question set day = current_date - 90")
    async with indexer.write(None) as session:
        await keeping.forget_gaps(session, kept=True)
    assert office.connection.execute("select count(*) from gap").fetchone() == (0,)


async def test_only_answers_from_documents_that_found_nothing_or_were_of_no_use_are_kept(
    office: Office,
) -> None:
    one, *_ = office.others
    await office.ask(one, answerable=True)
    prepared: tuple[Fallback, ...] = ("check", "access", "needs_model")
    for fallback in prepared:
        await office.ask(one, fallback=fallback)
    count = "select count(*) from gap_question"
    assert office.connection.execute(count).fetchone() == (0,)
    for fallback in ("failed", None):  # what an assistant writes comes from no document
        draft = await office.ask(one, fallback=fallback, assistant="email-reply")
        async with office.database.write(one) as session:
            await keeping.keep_disliked(session, *draft)
        with pytest.raises(Conflict):
            await office.send(one, *draft)
    await office.ask(one, filters={"folder": "rh"})  # what some documents lack, others may hold
    assert office.connection.execute(count).fetchone() == (0,)
    await office.ask(one, answerable=True, fallback="withheld")
    assert office.connection.execute(count).fetchone() == (1,)
    talk, turn = await office.ask(one, fallback="check")
    with pytest.raises(Conflict):
        await office.send(one, talk, turn)


@pytest.mark.parametrize("kept", [False, True])
async def test_a_question_is_kept_when_its_answer_is_only_where_the_installation_says_so(
    office: Office, kept: bool
) -> None:
    class Asking:
        async def ask(self, *_: object, **__: object) -> AsyncGenerator[Piece]:
            yield Answer(ASKED, "fr", False, (), ())

    one, *_ = office.others
    async with office.database.write(one) as session:
        talk = await repository.add_conversation(session, "", "")
        begun = await service.ask(session, talk, Question(ASKED, {}))
    writers = Writers(office.database, Asking(), keep_unanswered=kept)  # type: ignore[arg-type]
    async for _ in writers.write(Principal(one, "one", "one", frozenset({Role.READER})), begun):
        pass
    await writers.close()
    assert office.connection.execute("select count(*) from gap_question").fetchone() == (kept,)


async def test_a_thumb_down_counts_until_it_is_taken_back(office: Office) -> None:
    asked: list[tuple[int, int, int]] = []
    for person in office.others[:3]:
        talk, turn = await office.ask(person, answerable=True)
        asked.append((person, talk, turn))
        async with office.database.write(person) as session:
            await service.rate(session, talk, turn, "useless")
            await keeping.keep_disliked(session, talk, turn)
    (group,) = await office.shown()
    assert (group.disliked, group.unanswered, group.people) == (3, None, 3)
    person, talk, turn = asked[0]
    async with office.database.write(person) as session:
        await service.rate(session, talk, turn, None)
        await keeping.forget_disliked(session, talk, turn)
    assert await office.shown() == []
    count = "select count(*) from gap_question"
    assert office.connection.execute(count).fetchone() == (2,)


async def test_a_curator_settles_a_group_and_opens_it_again(office: Office) -> None:
    for person in office.others[:3]:
        await office.ask(person)
    (group,) = await office.shown()
    with pytest.raises(Forbidden):
        async with office.database.write(office.others[0]) as session:
            await groups.settle(session, group.terms, "resolved", "")
    number = await office.settle(group.terms, "requested")
    with pytest.raises(Conflict):
        await office.settle(group.terms)
    assert await office.shown() == []
    (settled,) = await office.shown(state="requested")
    assert (settled.note, settled.decided_by) == ("Demandé à la documentation.", "curator")
    await office.ask(office.others[3])  # alone, what is asked later does not show
    assert await office.shown() == []
    steps: tuple[tuple[groups.State, int], ...] = (("out_of_scope", 1), ("open", 0))
    for state, left in steps:
        with pytest.raises(NotFound):
            async with office.database.write(office.others[0]) as session:
                await groups.change(session, number, state, "")
        async with office.database.write(office.curator) as session:
            await groups.change(session, number, state, "")
        assert len(await office.shown(state="out_of_scope")) == left
    (again,) = await office.shown()
    assert again.people == 4
    did = office.connection.execute(
        "select details->>'did' from audit_event where action = 'gap_change' order by id"
    ).fetchall()
    assert [one for (one,) in did] == ["settle", "change", "change"]


async def test_questions_go_together_by_the_rare_word_that_most_people_asked(
    office: Office,
) -> None:
    for person, text in zip(
        office.others,
        (
            "Combien de jours de télétravail par semaine ?",
            "Le télétravail est-il possible pour un alternant ?",
            "Télétravail depuis l'étranger",
            "Le télétravail des cadres",
        ),
        strict=True,
    ):
        await office.ask(person, text)
        await office.ask(person, "Où est le grimoire ?")
    shared = {group.words[0]: group.people for group in await office.shown()}
    assert shared == {"télétravail": 4, "grimoire": 4}


async def test_what_only_closed_documents_hold_is_missing_as_what_none_holds(
    office: Office, indexer: Database
) -> None:
    office.connection.execute("insert into source (name, location) values ('docs', '/docs')")
    readable = paragraph("Le vestiaire ferme à huit heures.")
    await write(indexer, "open.pdf", readable, readers=(1,))
    async with office.database.read(office.curator) as session:
        before = await groups.nearest(session, ["grimoire", "vestiaire"])
    closed = paragraph("Le grimoire est dans la salle des coffres.")
    await write(indexer, "closed.pdf", closed, readers=(office.others[0],))
    async with office.database.read(office.curator) as session:
        after = await groups.nearest(session, ["grimoire", "vestiaire"])
    assert before == after
    assert before.missing == ("grimoire",)
    assert [document.path for document in before.documents] == ["open.pdf"]


def test_the_telling_words_of_a_question_leave_out_numbers_and_common_words() -> None:
    words = telling_words(
        "Quelle est la référence du dossier 4471 de télétravail, s'il vous plaît ?"
    )
    assert words[0].word == "télétravail"
    assert {"4471", "est", "la"}.isdisjoint({one.word for one in words})
    assert telling_words("???") == []
