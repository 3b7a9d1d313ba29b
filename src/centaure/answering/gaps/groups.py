"""Groups of questions that documents answered badly, as curators see them, and what these make of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from centaure.answering.gaps.keeping import Reason
from centaure.answering.gaps.words import stems_of
from centaure.audit import Action, record
from centaure.identity.principal import Role
from centaure.identity.roles import need_role
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict, NotFound
from centaure.knowledge.retrieval import DocumentBrief, SearchFilters, search
from centaure.knowledge.retrieval.spelling import exists

State = Literal["open", "requested", "resolved", "out_of_scope"]
"""Nothing was made of it so far; a document is asked for; it is dealt with; it is not for these documents."""
Settled = Literal["requested", "resolved", "out_of_scope"]
LONGEST_NOTE = 500
MOST_DOCUMENTS = 5
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """A question that its author let curators read, and what they said of its answer; never who they are.

    Attributes:
        question: as it was asked.
        reason: what was wrong; empty: not said.
        comment: in the author's words.
        day: when it was asked, or found of no use.
        unanswered: whether nothing was found.
        disliked: whether its author found the answer of no use.
    """

    question: str
    reason: Reason
    comment: str
    day: date
    unanswered: bool
    disliked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that have words in common.

    Attributes:
        id: number of what was made of them; None: nothing so far.
        terms: the stems that hold them together, by which an open group is named.
        words: that three other people have in common, or that stand in what was sent; the most asked first.
        questions: how many; None: fewer than three people besides who looks asked.
        people: how many asked; None: the same.
        unanswered: of the questions, how many found nothing; None: too few people to say.
        disliked: how many answers were found of no use; None: the same.
        languages: of the questions.
        last_day: when one was asked last.
        sent: the questions that their authors sent, the latest first.
        note: of the curator who decided.
        decided_by: their name.
        decided_at: when.
    """

    id: int | None
    terms: tuple[str, ...]
    words: tuple[str, ...]
    questions: int | None
    people: int | None
    unanswered: int | None
    disliked: int | None
    languages: tuple[str, ...]
    last_day: date
    sent: tuple[Sent, ...]
    note: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Nearest:
    """What documents that a curator may read have for the words of a group.

    Attributes:
        missing: the words that none of them holds.
        documents: those that come nearest.
    """

    missing: tuple[str, ...]
    documents: tuple[DocumentBrief, ...]


async def list_groups(session: ReadSession, state: State) -> list[Group]:
    """The groups in a state, those that most people asked first; a curator alone sees any."""
    rows = await session.rows("select * from gap_groups(%(state)s)", {"state": state})
    return [
        Group(
            row.id,
            tuple(row.terms),
            tuple(row.words),
            row.questions,
            row.people,
            row.unanswered,
            row.disliked,
            tuple(row.languages),
            row.last_day,
            tuple(_sent(one) for one in row.sent),
            row.note,
            row.decided_by,
            row.decided_at,
        )
        for row in rows
    ]


async def nearest(session: ReadSession, words: Sequence[str]) -> Nearest:
    """Which of some words no readable document holds, and which documents come nearest to them all.

    Everything is looked up as the session's principal: a word that stands only in documents which they may
    not read is missing, as one that stands in none.
    """
    found = await search(session, " ".join(words), SearchFilters(), _LOOKED_AT)
    held = frozenset[str]().union(*(hit.stems for hit in found.hits))
    stems = await asyncio.to_thread(lambda: [stems_of(word) for word in words])
    missing = [
        word
        for word, own in zip(words, stems, strict=True)
        if held.isdisjoint(own) and not await exists(session, word)
    ]
    documents = {hit.document.id: hit.document for hit in found.hits}
    return Nearest(tuple(missing), tuple(documents.values())[:MOST_DOCUMENTS])


async def settle(session: WriteSession, terms: Sequence[str], state: Settled, note: str) -> int:
    """Say what is made of an open group: its questions of now; what is asked later makes another.

    Returns:
        The number of what was made of it.

    Raises:
        Forbidden: the principal is no curator.
        Conflict: it does not show any more, since questions were erased or somebody was faster.
    """
    await need_role(session, Role.CURATOR)
    number = await session.value(
        "select settle_gap(cast(%(terms)s as text[]), %(state)s, %(note)s)",
        {"terms": list(terms), "state": state, "note": _plain(note)},
    )
    if number is None:
        raise Conflict("This group is not there any more. Look at the list again.")
    await record(
        session, Action.GAP_CHANGE, f"gap:{number}", details={"did": "settle", "state": state}
    )
    return int(number)


async def change(session: WriteSession, number: int, state: State, note: str) -> None:
    """Say otherwise what is made of a group; `open`: nothing, so that its questions count as new.

    Raises:
        NotFound: there is none of that number for the session's principal.
    """
    given = {"id": number, "state": state, "note": _plain(note)}
    if state == "open":
        changed = await session.execute("delete from gap where id = %(id)s", given)
    else:
        changed = await session.execute(
            "update gap set state = %(state)s, note = %(note)s, decided_by = current_principal(),"
            " decided_at = now() where id = %(id)s",
            given,
        )
    if not changed:
        raise NotFound
    await record(
        session, Action.GAP_CHANGE, f"gap:{number}", details={"did": "change", "state": state}
    )


def _sent(said: Mapping[str, Any]) -> Sent:
    return Sent(**dict(said, day=date.fromisoformat(said["day"])))


def _plain(note: str) -> str:
    return " ".join(note.replace("\0", " ").split())
