"""Pseudonyms in the database: the owner's of the conversation, and nobody else's."""

import pytest

from centaure.app.installation import Installation
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.guard import ChecksFailed
from centaure.guardrails.guarding import Guarding
from centaure.guardrails.policy import Label, Policy
from centaure.guardrails.pseudonyms import (
    Pseudonyms,
    StoredPseudonyms,
    mask,
    restore,
)
from centaure.guardrails.pseudonyms.placeholders import Placeholder
from centaure.guardrails.retention import forget_pseudonyms
from centaure.identity import Role, service
from centaure.kit.database import Database
from gateway.fakes import Fake, house

pytestmark = pytest.mark.anyio
MAIL = "claire@example.org"


async def people(clean: Installation) -> tuple[int, int]:
    owner = clean.database("owner")
    async with owner.write(None) as session:
        found = [
            (await service.create_user(session, name, name, {Role.READER})).id
            for name in ("one", "two")
        ]
    await owner.close()
    return found[0], found[1]


async def conversation_of(database: Database, principal: int) -> int:
    async with database.write(principal) as session:
        made: int = await session.value(
            "insert into conversation (owner, title, folder) values (%(owner)s, '', '') returning id",
            {"owner": principal},
        )
    return made


async def test_what_is_kept_is_the_owners_alone(
    clean: Installation, database: Database, indexer: Database
) -> None:
    one, two = await people(clean)
    conversation = await conversation_of(database, one)
    store = StoredPseudonyms(database, clean.settings)
    pseudonyms = await store.load(one, conversation)
    masked = mask(f"Écrivez à {MAIL}.", pseudonyms)
    assert await store.save(one, conversation, pseudonyms)
    assert restore(masked.text, await store.load(one, conversation)) == f"Écrivez à {MAIL}."

    async with database.write(one) as session:
        await session.execute(
            "insert into conversation_share (conversation_id, owner, shared_with, label, owner_name)"
            " select %(conversation)s, %(owner)s, key, 'Two', 'One' from principal where id = %(other)s",
            {"conversation": conversation, "owner": one, "other": two},
        )
    assert not (await store.load(two, conversation)).kept
    async with database.read(None) as session:
        assert await session.value("select count(*) from pseudonym") == 0
    owner = clean.database("owner")
    async with owner.read(None) as session:
        kept = await session.value("select sealed from pseudonym")
    await owner.close()
    assert MAIL.encode() not in bytes(kept)

    async with database.write(one) as session:
        await session.execute("delete from conversation where id = %(id)s", {"id": conversation})
    async with indexer.write(None) as session:
        assert await session.value("select count(expires_at) from pseudonym") == 0


class Masking:
    """Every assistant masks for models below C3."""

    async def of(self, assistant: str) -> Policy:
        del assistant
        return Policy(cleared_from="C3")


async def test_who_asks_in_the_conversation_of_another_reaches_no_model(
    clean: Installation, database: Database
) -> None:
    one, two = await people(clean)
    conversation = await conversation_of(database, one)
    guard = Guarding(Masking(), StoredPseudonyms(database, clean.settings), [])
    model = CatalogueModel(id=1, name="scribe", kind="openai", highest=2)
    kept = house((model, Fake()), guard=guard)

    def asked(principal: int, text: str) -> Call:
        request = ChatRequest((Message("user", text),))
        return Call(request, principal, Purpose.CHAT, 1, conversation=conversation)

    await kept.gateway.complete(asked(one, f"Écrivez à {MAIL}."))
    assert kept.fake("scribe").asked[0].messages[0].content == "Écrivez à [EMAIL_1]."
    for text in ("Qui est [EMAIL_1] ?", "Écrivez à autre@example.org."):
        with pytest.raises(ChecksFailed):
            await kept.gateway.complete(asked(two, text))
    assert len(kept.fake("scribe").asked) == 1
    own = await StoredPseudonyms(database, clean.settings).load(one, conversation)
    assert [one.value for one in own.kept.values()] == [MAIL]


async def test_a_number_is_given_away_once(clean: Installation, database: Database) -> None:
    one, _ = await people(clean)
    conversation = await conversation_of(database, one)
    store = StoredPseudonyms(database, clean.settings)
    first, second = await store.load(one, conversation), await store.load(one, conversation)
    mask("a@example.org", first)
    mask("b@example.org", second)
    assert await store.save(one, conversation, first)
    assert not await store.save(one, conversation, second)
    again = await store.load(one, conversation)
    assert mask("b@example.org", again).text == "[EMAIL_2]"
    assert await store.save(one, conversation, again)
    both = await store.load(one, conversation)
    assert restore("[EMAIL_1] [EMAIL_2]", both) == "a@example.org b@example.org"
    mask("écrit à A@example.org", both)
    assert not both.new
    assert await store.save(one, conversation, both)


async def test_what_has_expired_is_gone(
    clean: Installation, database: Database, indexer: Database
) -> None:
    one, _ = await people(clean)
    conversation = await conversation_of(database, one)
    store = StoredPseudonyms(database, clean.settings)
    pseudonyms = Pseudonyms()
    mask(MAIL, pseudonyms)
    assert await store.save(one, conversation, pseudonyms)
    async with database.write(one) as session:
        await session.execute("update pseudonym set expires_at = now() - interval '1 day'")
    assert not (await store.load(one, conversation)).kept
    anew = Pseudonyms()
    mask("other@example.org", anew)
    assert await store.save(one, conversation, anew)
    assert (await store.load(one, conversation)).kept[Placeholder(Label.EMAIL, 1)].value != MAIL
    async with database.write(one) as session:
        await session.execute("update pseudonym set expires_at = now() - interval '1 day'")
    async with indexer.write(None) as session:
        assert await forget_pseudonyms(session) == 1
