"""An answer that waits for a person: what is shown meanwhile, and what stands there once it is released."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import pytest

from centaure.answering.answers import Answer, Piece
from centaure.answering.asking import Asking
from centaure.answering.conversations import reading, repository, service, sharing
from centaure.answering.conversations.moderated import deliver
from centaure.answering.conversations.reading import Answered
from centaure.answering.conversations.service import Question
from centaure.answering.conversations.writing import Writers
from centaure.app.installation import Installation
from centaure.gateway.catalogue import CatalogueModel
from centaure.guardrails.checks import Context
from centaure.guardrails.guarding import Guarding
from centaure.guardrails.moderation import (
    Decision,
    StoredModeration,
    decide,
    queue,
    read_for_decision,
    vault_of,
)
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.policy import DEFAULT, Policy, Sensitivity
from centaure.guardrails.pseudonyms import StoredPseudonyms
from centaure.guardrails.verdicts import Action, Finding, Stage
from centaure.identity import Principal
from centaure.identity.principal import Role
from centaure.kit.database import Database
from gateway.fakes import house
from readers import paragraph, user, write
from scripted_model import Script

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
BONUS = "La prime d'un chef d'atelier est de 9 % du salaire annuel."
HELD = "Elle vaut un engagement ferme de la société."
MAIL = "zoe.durand@example.org"
QUESTION = "Quelle est la prime d'un chef d'atelier ?"


class Promises:
    """Finds a promise, in answers or in questions."""

    name: ClassVar[str] = "promises"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT, Stage.INPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(action=Action.MODERATE)

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        del context
        if (at := text.text.find("engagement")) >= 0:
            yield Finding(at, at + 10, self.name, "PROMISE", 1.0, "promise.1")


@dataclass
class Fixed:
    policy: Policy

    async def of(self, assistant: str) -> Policy:
        del assistant
        return self.policy


@dataclass
class Desk:
    """Alice, who talks; Bruno, who reads with her; Maud, who decides."""

    database: Database
    installation: Installation
    alice: Principal
    bruno: int
    maud: int
    talk: int

    async def ask(
        self, script: Script, question: str = QUESTION, policy: Policy = DEFAULT
    ) -> list[Piece]:
        model: Any = script
        guard = Guarding(
            Fixed(policy),
            StoredPseudonyms(self.database, self.installation.settings),
            among=(Promises(),),
            moderation=StoredModeration(self.database, self.installation.settings),
        )
        kept = house(
            (CatalogueModel(id=1, name="scribe", kind="openai", highest=2), model), guard=guard
        )
        finding = self.installation.finding(self.database)
        asking = Asking(self.database, finding, self.installation.settings, kept.gateway)
        writers = Writers(self.database, asking)
        async with self.database.write(self.alice.id) as session:
            begun = await service.ask(session, self.talk, Question(question, {}))
        pieces = [piece async for piece in writers.write(self.alice, begun)]
        await writers.close()
        return pieces

    async def read(self, who: int) -> Answered:
        settings = self.installation.settings
        await deliver(self.database, vault_of(settings), who, self.talk)
        async with self.database.read(who) as session:
            _, turns = await reading.read(session, self.talk)
        assert isinstance(turns[-1], Answered)
        return turns[-1]

    async def words(self, who: int) -> str:
        """What somebody reads of all that waits."""
        vault = vault_of(self.installation.settings)
        async with self.database.write(who) as session:
            waiting = [
                await read_for_decision(session, vault, one.id, "to decide")
                for one in await queue(session)
            ]
        return " ".join(f"{words.asked} {words.text}" for _, words in waiting)

    async def decide(self, decision: Decision) -> None:
        async with self.database.write(self.maud) as session:
            (waiting,) = await queue(session)
            await decide(session, waiting.id, decision, "it was agreed")


@pytest.fixture
async def desk(
    clean: Installation, owner_connection: Connection, database: Database, indexer: Database
) -> Desk:
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    alice, bruno, maud = (user(owner_connection, one) for one in ("alice", "bruno", "maud"))
    owner_connection.execute(
        "update user_account set roles = %s where principal_id = %s",
        [[Role.READER.value, Role.ADMINISTRATOR.value], maud],
    )
    await write(indexer, "primes.pdf", paragraph(BONUS), readers=(alice, maud), classification=2)
    principal = Principal(alice, "alice", "alice", frozenset({Role.READER}))
    async with database.write(alice) as session:
        talk = await repository.add_conversation(session, "", "")
        await sharing.share(session, principal, talk, ["bruno"], [])
    return Desk(database, clean, principal, bruno, maud, talk)


@pytest.mark.parametrize("before", [f"{BONUS[:-1]} [1]. ", ""])
async def test_the_rest_of_an_answer_comes_to_its_place_once_it_is_released(
    desk: Desk, before: str, owner_connection: Connection
) -> None:
    said = (await desk.ask(Script([f"{before}{HELD} Elle double en mai [1]."])))[-1]
    assert isinstance(said, Answer)
    assert said.held is not None
    assert "engagement" not in said.text
    waiting = await desk.read(desk.alice.id)
    assert (waiting.held, waiting.held_state) == (said.held, "waiting")
    assert waiting.sentences == said.sentences
    assert "relire" in waiting.sentences[-1].text
    await desk.decide("released")
    released = await desk.read(desk.alice.id)
    rest = [HELD, "Elle double en mai."]
    assert [one.text for one in released.sentences] == [*([BONUS] if before else []), *rest]
    assert released.sentences[-1].support == "unchecked"
    assert (released.held, released.stopped, released.fallback) == (None, None, None)
    assert (released.model, released.classification) == ("scribe", 2)
    assert (await desk.read(desk.alice.id)).sentences == released.sentences
    theirs = await desk.read(desk.bruno)
    assert "engagement" not in theirs.text
    owner_connection.execute("update document set readers = %s", [[desk.maud]])
    owner_connection.commit()
    assert "engagement" not in (await desk.read(desk.alice.id)).text


async def test_with_masking_the_values_wait_sealed_and_come_back_to_those_who_may_read_the_documents(
    desk: Desk, owner_connection: Connection, indexer: Database
) -> None:
    chloe = user(owner_connection, "chloe")
    readers = (desk.alice.id, desk.maud, chloe)
    told = f"La prime d'un chef d'atelier se demande à {MAIL} avant le 3 mai."
    await write(indexer, "demandes.pdf", paragraph(told), readers=readers, classification=2)
    owner_connection.execute("update document set readers = %s", [list(readers)])
    owner_connection.commit()
    async with desk.database.write(desk.alice.id) as session:
        await sharing.share(session, desk.alice, desk.talk, ["bruno", "chloe"], [])
    script = Script(["Elle vaut un engagement ferme pour [EMAIL_1] [1]."])
    question = f"La prime d'un chef d'atelier se demande-t-elle à {MAIL} ?"
    await desk.ask(script, question, Policy(cleared_from="C3"))
    assert MAIL not in repr(script.asked)
    assert "[EMAIL_1]" in repr(script.asked)
    for table in ("held", "held_text", "turn_sentence", "pseudonym", "audit_event"):
        rows = owner_connection.execute(f"select cast({table} as text) from {table}").fetchall()
        assert rows
        assert not any(MAIL in str(row) or MAIL.encode().hex() in str(row) for row in rows)
    everybody = (desk.alice.id, desk.bruno, chloe)
    for who in everybody:
        assert "engagement" not in (await desk.read(who)).text
        assert await desk.words(who) == ""
    assert f"ferme pour {MAIL}" in await desk.words(desk.maud)
    assert MAIL in (await desk.words(desk.maud)).split("Elle vaut")[0]
    await desk.decide("released")
    seen = [f"ferme pour {MAIL}" in (await desk.read(who)).text for who in everybody]
    assert seen == [True, False, True]
    audited = owner_connection.execute("select cast(details as text) from audit_event").fetchall()
    assert not any(MAIL in str(row) for row in audited)


async def test_what_is_released_says_where_a_document_has_changed_since(
    desk: Desk, owner_connection: Connection
) -> None:
    await desk.ask(Script([f"{HELD} Elle double en mai [1]."]))
    await desk.decide("released")
    owner_connection.execute("update document set content_hash = 'another'")
    owner_connection.commit()
    released = await desk.read(desk.alice.id)
    assert HELD in released.text
    assert all("a changé depuis" in one.reason for one in released.sentences)


async def test_what_is_released_rests_on_all_that_it_was_held_with(
    desk: Desk, owner_connection: Connection, indexer: Database
) -> None:
    await desk.ask(Script([f"{HELD} Elle double en mai [1]."]))
    await desk.decide("released")
    readers = (desk.alice.id, desk.bruno, desk.maud)
    await write(indexer, "autre.pdf", paragraph("Autre chose."), readers=readers)
    owner_connection.execute("update document set readers = %s", [list(readers)])
    owner_connection.execute(
        "update held set documents = documents || document.id, versions = versions || content_hash"
        " from document where path = 'autre.pdf'"
    )
    owner_connection.commit()
    for who in (desk.alice.id, desk.bruno):  # the answer is not known to be made from the other one
        assert "engagement" not in (await desk.read(who)).text
    found = owner_connection.execute(
        "select count(*) from turn_sentence, document where path = 'autre.pdf' and id = any(rests_on)"
    ).fetchone()
    assert found == (2,)


async def test_what_is_refused_is_never_shown_and_the_reason_is(desk: Desk) -> None:
    await desk.ask(Script([f"{HELD} Elle double en mai [1]."]))
    await desk.decide("refused")
    refused = await desk.read(desk.alice.id)
    assert (refused.held_state, refused.problem) == ("refused", "it was agreed")
    assert "engagement" not in refused.text
    assert (await desk.read(desk.bruno)).problem == ""


async def test_a_question_that_is_released_may_be_asked_again(desk: Desk) -> None:
    script = Script([f"{BONUS[:-1]} [1]."])
    question = "Quel engagement sur la prime d'un chef d'atelier ?"
    await desk.ask(script, question)
    assert script.asked == []
    assert (await desk.read(desk.alice.id)).held_state == "waiting"
    await desk.decide("released")
    released = await desk.read(desk.alice.id)
    assert (released.held_state, released.problem) == ("released", "it was agreed")
    last = (await desk.ask(script, question))[-1]
    assert isinstance(last, Answer)
    assert (last.model, last.held) == ("scribe", None)
    assert len(script.asked) == 1


async def test_an_answer_that_rests_on_what_nobody_else_may_read_waits_for_nobody(
    desk: Desk, owner_connection: Connection
) -> None:
    owner_connection.execute("update document set readers = %s", [[desk.alice.id]])
    owner_connection.commit()
    await desk.ask(Script([f"{HELD} Elle double en mai [1]."]))
    async with desk.database.read(desk.maud) as session:
        assert await queue(session) == []
