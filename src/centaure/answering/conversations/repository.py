"""Conversations and their turns in the database, as the principal of the session."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg.types.json import Jsonb

from centaure.kit.database import ReadSession, Row, WriteSession

LONGEST_ANSWER_MIN = 10
"""Minutes after which an answer that nobody finished counts as stopped: its process is gone."""

_CONVERSATION = """
    select conversation.id, conversation.title, conversation.created_at, conversation.updated_at,
        mine.own, mine.own and conversation.pinned as pinned,
        case when mine.own then conversation.folder else '' end as folder,
        case when mine.own then conversation.assistant else '' end as assistant,
        conversation.documents,
        case when mine.own then '' else coalesce((
            select share.owner_name from conversation_share share
            where share.conversation_id = conversation.id order by share.shared_at limit 1), '')
        end as owner_name
      from conversation
     cross join lateral (select conversation.owner = current_principal() as own) mine
"""

_LIST = (
    _CONVERSATION  # noqa: S608 - both texts are known
    + """
     where mine.own <> %(shared)s
       and (cast(%(folder)s as text) is null or (mine.own and conversation.folder = %(folder)s))
       and (cast(%(pattern)s as text) is null
            or conversation.title ilike %(pattern)s
            or exists (
                select from turn
                where turn.conversation_id = conversation.id and (mine.own or turn.shown)
                    and (turn.text ilike %(pattern)s or exists (
                        select from turn_sentence sentence
                        where sentence.turn_id = turn.id and sentence.text ilike %(pattern)s))))
     order by mine.own and conversation.pinned desc, conversation.updated_at desc, conversation.id desc
     limit %(limit)s offset %(offset)s
"""
)

_TURNS = """
    select turn.id, parent_id, role, shown, at, text, filters, turn.language, answerable, helped_by, model,
        generation, prompt_version, fallback, stopped, warning,
        turn.approved, approved_answer.classification as approved_class, turn.assistant, turn.thumb,
        exists (select from gap_question where gap_question.turn_id = turn.id and gap_question.sent) as sent,
        turn.held, case when turn.held is not null then coalesce(held.state, 'expired') end as held_state,
        case when held.reason <> '' then held.reason else problem end as problem,
        case when turn.state = 'writing' and at < now() - make_interval(mins => %(longest)s) then 'stopped'
             else turn.state end as state
      from turn
      left join held on held.id = turn.held and held.principal = current_principal()
      left join approved_answer on approved_answer.id = turn.approved
     where turn.conversation_id = %(conversation)s
     order by turn.id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations to list.

    Attributes:
        shared: those of others, instead of the principal's own.
        folder: that they are in; None: any.
        words: that their title, or what was said, holds as they stand; None: any.
        limit: most of them.
        offset: how many come before.
    """

    shared: bool = False
    folder: str | None = None
    words: str | None = None
    limit: int = 30
    offset: int = 0


async def find_conversation(session: ReadSession, conversation: int) -> Row | None:
    """What is known of a conversation that the principal may read."""
    return await session.row(_CONVERSATION + "where conversation.id = %(id)s", {"id": conversation})


async def list_conversations(session: ReadSession, wanted: Wanted) -> list[Row]:
    """Conversations as `find_conversation` gives them, pinned ones first, then the latest."""
    pattern = None
    if wanted.words:
        escaped = re.sub(r"([\\%_])", r"\\\1", wanted.words)
        pattern = f"%{escaped}%"
    return await session.rows(_LIST, {**asdict(wanted), "pattern": pattern})


async def add_conversation(
    session: WriteSession,
    title: str,
    folder: str,
    assistant: str = "",
    documents: Sequence[int] = (),
) -> int:
    """A new conversation of the principal's.

    Args:
        session: theirs.
        title: empty: its first question will be.
        folder: empty: none.
        assistant: key of the one that it is with; empty: none.
        documents: that it is about; empty: all.
    """
    added: int = await session.value(
        "insert into conversation (owner, title, folder, assistant, documents)"
        " values (current_principal(), %(title)s, %(folder)s, %(assistant)s, %(documents)s) returning id",
        {"title": title, "folder": folder, "assistant": assistant, "documents": list(documents)},
    )
    return added


async def change_conversation(  # noqa: PLR0913 - each is something that can be set
    session: WriteSession,
    conversation: int,
    *,
    title: str | None = None,
    folder: str | None = None,
    pinned: bool | None = None,
    assistant: str | None = None,
    documents: Sequence[int] | None = None,
) -> bool:
    """Set what is not None; whether there is such a conversation of the principal's."""
    changed = await session.execute(
        "update conversation set title = coalesce(%(title)s, title),"
        " folder = coalesce(%(folder)s, folder), pinned = coalesce(%(pinned)s, pinned),"
        " assistant = coalesce(%(assistant)s, assistant),"
        " documents = coalesce(cast(%(documents)s as bigint[]), documents)"
        " where id = %(id)s and owner = current_principal()",
        {
            "id": conversation,
            "title": title,
            "folder": folder,
            "pinned": pinned,
            "assistant": assistant,
            "documents": None if documents is None else list(documents),
        },
    )
    return bool(changed)


async def take_document_off(session: WriteSession, conversation: int, document: int) -> bool:
    """Stop searching a document in a conversation of the principal's; whether another one is left.

    The only one stays, since a conversation about none would be one about all.
    """
    changed = await session.execute(
        "update conversation set documents = array_remove(documents, cast(%(document)s as bigint))"
        " where id = %(id)s and owner = current_principal() and (documents = '{}'"
        " or array_remove(documents, cast(%(document)s as bigint)) <> '{}')",
        {"id": conversation, "document": document},
    )
    return bool(changed)


async def remove_conversation(session: WriteSession, conversation: int) -> bool:
    """Remove a conversation with all that belongs to it; whether there was one of the principal's."""
    removed = await session.execute(
        "delete from conversation where id = %(id)s and owner = current_principal()",
        {"id": conversation},
    )
    return bool(removed)


async def hold_conversation(session: WriteSession, conversation: int) -> str | None:
    """The title of a conversation of the principal's, held until the transaction ends."""
    title: str | None = await session.value(
        "select title from conversation where id = %(id)s and owner = current_principal() for update",
        {"id": conversation},
    )
    return title


async def settled_of(session: ReadSession, conversation: int) -> tuple[str, tuple[int, ...]]:
    """Key of the assistant that a conversation of the principal's is with, and what is searched in it.

    Where it is about some documents, these are they, and those of the files dropped in it; empty: all.
    """
    row = await session.one(
        """
        select assistant, case when documents = '{}' then documents else documents || array(
                   select document.id
                     from conversation_file file join document on document.file_id = file.id
                    where file.conversation_id = conversation.id
               ) end as documents
          from conversation
         where id = %(id)s and owner = current_principal()
        """,
        {"id": conversation},
    )
    return row.assistant, tuple(row.documents)


async def rate_answer(
    session: WriteSession, conversation: int, turn: int, thumb: str | None
) -> bool:
    """Keep what the owner says of an answer, None: nothing any more; whether there is such an answer."""
    rated = await session.execute(
        "update turn set thumb = %(thumb)s from conversation"
        " where turn.id = %(turn)s and turn.conversation_id = %(id)s and turn.role = 'assistant'"
        " and conversation.id = turn.conversation_id and conversation.owner = current_principal()",
        {"id": conversation, "turn": turn, "thumb": thumb},
    )
    return bool(rated)


async def count_erasures(session: ReadSession, conversation: int | None) -> int:
    """How often what was read for a conversation was erased; models are shown what is read after this."""
    counted = await session.value(
        "select erasures from conversation where id = %(id)s", {"id": conversation}
    )
    return int(counted or 0)


async def read_turns(session: ReadSession, conversation: int) -> list[Row]:
    """Every turn that shows to the principal, the earliest first."""
    return await session.rows(_TURNS, {"conversation": conversation, "longest": LONGEST_ANSWER_MIN})


async def read_sentences(session: ReadSession, turns: Sequence[int]) -> list[Row]:
    """The sentences of answers that show to the principal, in order."""
    return await session.rows(
        "select turn_id, text, citations, support, reason from turn_sentence"
        " where turn_id = any(%(turns)s) order by turn_id, position",
        {"turns": list(turns)},
    )


async def read_citations(session: ReadSession, turns: Sequence[int]) -> list[Row]:
    """The citations of answers that show to the principal, in order."""
    return await session.rows(
        "select turn_id, number, document_id, chunk_id, page, sheet, cells, heading, quote"
        " from turn_citation where turn_id = any(%(turns)s) order by turn_id, number",
        {"turns": list(turns)},
    )


async def read_sources(session: ReadSession, turns: Sequence[int]) -> list[Row]:
    """The documents that answers were made from, those that the principal may read."""
    return await session.rows(
        "select turn_id, document_id, classification, left_out from turn_document"
        " where turn_id = any(%(turns)s) order by turn_id, document_id",
        {"turns": list(turns)},
    )


async def add_question(
    session: WriteSession,
    conversation: int,
    parent: int | None,
    text: str,
    filters: Mapping[str, Any],
) -> int:
    """A question that follows a turn, or begins the conversation."""
    added: int = await session.value(
        "insert into turn (conversation_id, parent_id, role, text, filters)"
        " values (%(conversation)s, %(parent)s, 'user', %(text)s, %(filters)s) returning id",
        {
            "conversation": conversation,
            "parent": parent,
            "text": text,
            "filters": Jsonb(dict(filters)),
        },
    )
    return added


async def add_answer(
    session: WriteSession, conversation: int, question: int, assistant: str = ""
) -> int:
    """An answer to a question, of which nothing is written yet; `assistant` is the key of who writes it."""
    added: int = await session.value(
        "insert into turn (conversation_id, parent_id, role, state, assistant, assistant_version)"
        " values (%(conversation)s, %(question)s, 'assistant', 'writing', %(assistant)s,"
        " (select version from assistant where key = %(assistant)s)) returning id",
        {"conversation": conversation, "question": question, "assistant": assistant},
    )
    return added


async def show_branch(session: WriteSession, conversation: int, branch: Sequence[int]) -> None:
    """Make these turns the ones that are shown."""
    await session.execute(
        "update turn set shown = id = any(%(branch)s)"
        " where conversation_id = %(conversation)s and shown <> (id = any(%(branch)s))",
        {"conversation": conversation, "branch": list(branch)},
    )


async def touch_conversation(session: WriteSession, conversation: int, title: str) -> None:
    """A turn was added; the title is kept where there is one."""
    await session.execute(
        "update conversation set updated_at = now(),"
        " title = case when title = '' then %(title)s else title end where id = %(id)s",
        {"id": conversation, "title": title},
    )


async def stop_answers(session: WriteSession, conversation: int) -> int:
    """End the writing of a conversation's answers, whichever process does it; how many there were."""
    return await session.execute(
        "update turn set state = 'stopped' where conversation_id = %(id)s and state = 'writing'",
        {"id": conversation},
    )


async def no_longer_written(session: ReadSession, turns: Sequence[int]) -> list[int]:
    """Those of the answers that somebody stopped or removed."""
    rows = await session.rows("select no_longer_written(%(turns)s)", {"turns": list(turns)})
    return [row[0] for row in rows]
