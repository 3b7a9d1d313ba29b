"""Answers that were held back: once a person has released them, they stand where they were asked for."""

from psycopg.types.json import Jsonb

from centaure.answering.conversations import repository
from centaure.answering.conversations.keeping import clean
from centaure.answering.generated.markers import without_markers
from centaure.guardrails.moderation import Held, read_released
from centaure.kit.database import Database, WriteSession
from centaure.kit.vault import Vault
from centaure.knowledge.language.sentences import sentences

_RELEASED = """
    select turn.id, turn.held, turn.language
      from turn join held on held.id = turn.held
     where turn.conversation_id = %(conversation)s and turn.state <> 'writing'
       and held.principal = current_principal() and held.stage = 'output' and held.state = 'released'
"""

# The last sentence said that the rest waits; of an answer that was not written to its end, nothing does. It
# rests on what the rest was held with, so that whoever is given the rest finds it.
_REPLACE = """
    delete from turn_sentence
     where turn_id = %(id)s
       and position = (select max(position) from turn_sentence last where last.turn_id = %(id)s)
"""

_SENTENCES = """
    insert into turn_sentence (turn_id, position, text, rests_on, support, reason)
    select %(id)s, before.sentences + one.position, one.text,
           array(
               select document_id from turn_document where turn_id = %(id)s
               union select unnest(documents) from held where held.id = %(held)s),
           'unchecked', %(reason)s
      from jsonb_to_recordset(%(sentences)s) as one(position int, text text)
     cross join (
         select coalesce(max(position) + 1, 0) as sentences from turn_sentence where turn_id = %(id)s) before
"""

_REASONS = {
    "fr": "Une personne a relu cette phrase avant vous.",
    "en": "A person has read this sentence before you.",
}
_CHANGED = {
    "fr": "Un document dont elle peut venir a changé depuis : reposez la question.",
    "en": "A document that it may come from has changed since: ask again.",
}


async def deliver(database: Database, vault: Vault, owner: int, conversation: int) -> None:
    """Put what was released of a conversation's answers where the owner reads it.

    Args:
        database: as the application's role.
        vault: opens what is held back.
        owner: of the conversation; for others nothing is done.
        conversation: that is about to be read.
    """
    async with database.read(owner) as session:
        if not await session.rows(_RELEASED, {"conversation": conversation}):
            return
    async with database.write(owner, conversation) as session:
        await repository.hold_conversation(session, conversation)
        for row in await session.rows(_RELEASED, {"conversation": conversation}):
            held, words = await read_released(session, vault, row.held)
            if words is not None:
                text = without_markers(words.text)
                await _place(session, row.id, row.language or "en", held, text)


async def _place(session: WriteSession, turn: int, language: str, held: Held, text: str) -> None:
    reason = _REASONS.get(language, _REASONS["en"])
    if held.changed:
        reason += " " + _CHANGED.get(language, _CHANGED["en"])
    told = [
        {"position": place, "text": clean(" ".join(text[start:end].split()))}
        for place, (start, end) in enumerate(sentences(text, language))
    ]
    await session.execute(_REPLACE, {"id": turn})
    await session.execute(
        _SENTENCES,
        {"id": turn, "held": held.id, "sentences": Jsonb(told), "reason": reason},
    )
    await session.execute(
        "update turn set held = null, fallback = null, stopped = null, answerable = true where id = %(id)s",
        {"id": turn},
    )
