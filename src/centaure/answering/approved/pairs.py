"""Approved answers in the database, as the principal of the session."""

import asyncio
import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from centaure.answering.questions import question_language
from centaure.audit import Action, record
from centaure.identity import Role, find_user, need_role
from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Forbidden, InvalidInput, NotFound

MOST_LISTED = 1000
_MOST_LIKELY = 50
"""Wordings that a question is compared with: those that share most of their words with it."""
_MOST_OF_ONE = 5
"""Of these, of one pair: none takes the room of the others."""
_MOST_COMPARED = 10_000
"""Users and groups that an unknown key is compared with."""
_NAMES = {"fr": "French", "en": "English"}
_REVIEWED_AFTER = timedelta(days=365)
_COLUMNS = (
    "id, assistant, question, phrasings, answer, language, sources, classification, readers, owner,"
    " valid_from, valid_to, review_on"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the answer that somebody stands for.

    Attributes:
        id: its number.
        assistant: where it is given; empty: where no assistant is named.
        question: as it is meant.
        phrasings: the same in other words.
        answer: word for word.
        language: "fr" or "en", of both.
        sources: what it rests on, in words; may be empty.
        classification: 0 to 3.
        readers: numbers of the principals whom it is given to.
        owner: who stands for it; None: somebody who is gone.
        valid_from: first day on which it is given.
        valid_to: the last; None: none is known.
        review_on: when its owner is to look at it again.
    """

    id: int
    assistant: str
    question: str
    phrasings: tuple[str, ...]
    answer: str
    language: str
    sources: str
    classification: int
    readers: tuple[int, ...]
    owner: int | None
    valid_from: date
    valid_to: date | None
    review_on: date

    @property
    def wordings(self) -> tuple[str, ...]:
        """The question in all its words."""
        return (self.question, *self.phrasings)


@dataclass(frozen=True, slots=True)
class Likely:
    """A pair, and one of its wordings that a question may be another form of."""

    pair: Pair
    wording: str


@dataclass(frozen=True, slots=True)
class Sought:
    """What pairs are looked for by.

    Attributes:
        stems: of a question, and of words that mean nearly the same.
        size: how many of them are its own.
        language: of it, "fr" or "en".
        assistant: where it is asked; None: wherever.
        first: a day; pairs that are in force on it are looked for, or from then on.
        last: the last such day; None: there is none.
    """

    stems: Sequence[str]
    size: int
    language: str
    assistant: str | None
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whom an answer can be given to.

    Attributes:
        key: `user:LOGIN`, the key of a group, or `*`, everybody who is signed in.
        label: name of the person or group.
    """

    key: str
    label: str


_Words = Annotated[str, Field(min_length=1, max_length=1000)]


class NewPair(BaseModel):
    """A pair to add.

    `readers` are keys of users and groups, such as `user:anne`, and `*` is everybody who is signed in;
    `owner` is a login, by default that of who adds it. Its review is due after a year where none is named.
    """

    model_config = ConfigDict(extra="forbid")

    question: _Words
    answer: Annotated[str, Field(min_length=1, max_length=10_000)]
    readers: Annotated[
        list[Annotated[str, Field(max_length=400)]], Field(min_length=1, max_length=100)
    ]
    classification: Literal["C0", "C1", "C2", "C3"] = "C1"
    phrasings: Annotated[list[_Words], Field(max_length=50)] = []
    sources: Annotated[str, Field(max_length=1000)] = ""
    assistant: Annotated[str, Field(max_length=100)] = ""
    owner: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    review_on: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "NewPair":
        if self.valid_to is not None and self.valid_to < (self.valid_from or date.min):
            raise ValueError("it ends before it begins")
        if "\0" in "".join(
            [self.question, self.answer, self.sources, self.assistant, *self.phrasings]
        ):
            raise ValueError("it holds a character that cannot be stored")
        return self


async def add(
    session: WriteSession,
    pair: NewPair,
    language: str,
    wordings: Sequence[Sequence[str]],
    today: date,
) -> int:
    """Approve an answer; its number.

    Args:
        session: of a curator, who may add nothing above their own clearance.
        pair: what is approved.
        language: of the question, "fr" or "en".
        wordings: stems of the question, then of each of its phrasings; none of one in another language.
        today: the first day, and the one that reviews count from, where the pair names none.

    Raises:
        Forbidden: the principal is no curator, or may not read its class.
        InvalidInput: nobody has one of the keys, its question holds no word that tells anything, or a
            phrasing is in another language.
        NotFound: there is no such owner.
    """
    await need_role(session, Role.CURATOR)
    level = int(pair.classification[1:])
    if level > int(await session.value("select current_clearance()")):
        raise Forbidden("You may approve nothing above the class that you may read.")
    for phrasing in pair.phrasings:
        if (spoken := question_language(phrasing)) != language:
            raise InvalidInput(
                f"phrasings: '{phrasing}' reads as {_NAMES[spoken]}, and the question as {_NAMES[language]}: "
                "it would never be found. Approve the answer in that language on its own."
            )
    stems = sorted({stem for wording in wordings for stem in wording})
    if not stems:
        raise InvalidInput("The question holds no word by which it could be found.")
    owner = None if pair.owner is None else (await find_user(session, pair.owner)).id
    begins = pair.valid_from or today
    if pair.valid_to is not None and pair.valid_to < begins:
        raise InvalidInput("valid_to: it ends before it begins.")
    number = await session.value(
        "insert into approved_answer (assistant, question, phrasings, answer, language, stems, wordings,"
        " sources, classification, readers, owner, valid_from, valid_to, review_on, created_by)"
        " values (%(assistant)s, %(question)s, %(phrasings)s, %(answer)s, %(language)s, %(stems)s,"
        " %(wordings)s, %(sources)s, %(level)s, %(readers)s, coalesce(%(owner)s, current_principal()),"
        " %(begins)s, %(ends)s, %(review)s, current_principal()) returning id",
        {
            "assistant": pair.assistant,
            "question": pair.question,
            "phrasings": pair.phrasings,
            "answer": pair.answer,
            "language": language,
            "stems": stems,
            "wordings": [" ".join(wording) for wording in wordings],
            "sources": pair.sources,
            "level": level,
            "readers": await principals_of(session, pair.readers),
            "owner": owner,
            "begins": begins,
            "ends": pair.valid_to,
            "review": pair.review_on or begins + _REVIEWED_AFTER,
        },
    )
    details = {"what": "approved_answer_added", "classification": level}
    await record(session, Action.ADMINISTRATION, f"approved_answer:{number}", details=details)
    return int(number)


async def review(
    session: WriteSession, number: int, review_on: date | None, valid_to: date | None
) -> None:
    """Say when a pair is to be looked at again, or its last day; None leaves what is there.

    Curators stand in for one another: each does this for every pair that they may read, and the audit has who
    did, for whom, and both last days. `approved.service.review` sees to it that a later one is nobody's loss.

    Raises:
        Forbidden: the principal is no curator.
        NotFound: there is no such pair that they may read.
        InvalidInput: it would end before it begins.
    """
    pair = await find(session, number)
    if valid_to is not None and valid_to < pair.valid_from:
        raise InvalidInput("valid_to: it ends before it begins.")
    await session.execute(
        "update approved_answer set review_on = coalesce(%(review)s, review_on),"
        " valid_to = coalesce(%(ends)s, valid_to) where id = %(id)s",
        {"id": number, "review": review_on, "ends": valid_to},
    )
    shorter = valid_to is not None and (pair.valid_to is None or valid_to < pair.valid_to)
    details = {
        "what": "approved_answer_ended" if shorter else "approved_answer_reviewed",
        "ends": str(valid_to or pair.valid_to or ""),
        "ended": str(pair.valid_to or ""),
        "owner": pair.owner,
    }
    await record(session, Action.ADMINISTRATION, f"approved_answer:{number}", details=details)


async def find(session: ReadSession, number: int) -> Pair:
    """A pair that a curator may read.

    Raises:
        Forbidden: the principal is no curator.
        NotFound: there is no such pair.
    """
    await need_role(session, Role.CURATOR)
    row = await session.row(
        f"select {_COLUMNS} from approved_answer where id = %(id)s",  # noqa: S608 - known words
        {"id": number},
    )
    if row is None:
        raise NotFound("There is no such approved answer.")
    return _read(row)


async def list_pairs(session: ReadSession, due: date | None = None) -> list[Pair]:
    """The pairs that a curator may read, by the day on which they are to be reviewed.

    Args:
        session: of a curator.
        due: only those to be reviewed by then; None: all.

    Raises:
        Forbidden: the principal is no curator.
    """
    await need_role(session, Role.CURATOR)
    rows = await session.rows(
        f"select {_COLUMNS} from approved_answer"  # noqa: S608 - known words
        " where cast(%(due)s as date) is null or review_on <= %(due)s order by review_on, id limit %(most)s",
        {"due": due, "most": MOST_LISTED},
    )
    return [_read(row) for row in rows]


async def named(session: ReadSession, numbers: Collection[int]) -> dict[int, Reader]:
    """Users and groups by their numbers, of those that the principal may know; who is gone is not in it."""
    rows = await session.rows(
        "select id, key, label from principal where id = any(%(numbers)s)",
        {"numbers": sorted(numbers)},
    )
    return {row.id: Reader(row.key, row.label) for row in rows}


async def list_groups(session: ReadSession) -> list[Reader]:
    """The groups whose members an answer can be given to, by name.

    Raises:
        Forbidden: the principal is no curator.
    """
    await need_role(session, Role.CURATOR)
    rows = await session.rows(
        "select key, label from principal where kind = 'group' and key !~ '^source:[0-9]+/all:'"
        " order by label, key limit %(most)s",
        {"most": MOST_LISTED},
    )
    return [Reader(row.key, row.label) for row in rows]


async def candidates(session: ReadSession, sought: Sought, *, given: bool = True) -> list[Likely]:
    """The wordings that share most stems with a question, of pairs in force that the principal may read.

    Args:
        session: of whoever asks, or of a curator.
        sought: the question, and the days.
        given: only pairs that are given to the principal: to look after one is not to be given it.
    """
    rows = await session.rows(
        f"select {_COLUMNS}, likely.place from approved_answer"  # noqa: S608 - known words
        " cross join lateral ("
        " select one.place, 2.0 * count(*) filter (where own.stem = any(cast(%(stems)s as text[])))"
        " / (count(*) + %(size)s) as share"
        " from unnest(wordings) with ordinality as one(said, place)"
        " cross join lateral unnest(string_to_array(one.said, ' ')) as own(stem)"
        " group by one.place order by share desc, one.place limit %(of_one)s) likely"
        " where (cast(%(assistant)s as text) is null or assistant = %(assistant)s)"
        " and language = %(language)s"
        " and stems && cast(%(stems)s as text[]) and likely.share > 0"
        " and (not %(given)s or readers && (select current_principals()))"
        " and (cast(%(last)s as date) is null or valid_from <= %(last)s)"
        " and (valid_to is null or valid_to >= %(first)s)"
        " order by likely.share desc, id, likely.place limit %(most)s",
        {
            "stems": list(sought.stems),
            "size": sought.size,
            "assistant": sought.assistant,
            "language": sought.language,
            "given": given,
            "first": sought.first,
            "last": sought.last,
            "most": _MOST_LIKELY,
            "of_one": _MOST_OF_ONE,
        },
    )
    found = [(_read(row), int(row.place) - 1) for row in rows]
    return [Likely(pair, pair.wordings[place]) for pair, place in found]


async def principals_of(session: ReadSession, keys: Sequence[str]) -> list[int]:
    """The numbers of users and groups by their keys, in order.

    Raises:
        InvalidInput: nobody has one of the keys.
    """
    rows = await session.rows(
        "select id, key from principal where key = any(%(keys)s)", {"keys": list(keys)}
    )
    unknown = set(keys) - {cast("str", row.key) for row in rows}
    if unknown:
        near = await _near(session, min(unknown))
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise InvalidInput(
            f"readers: nobody has the key '{min(unknown)}'.{meant} Write user:LOGIN, *, or the key of a "
            "group: `centaure guard approved groups` lists them."
        )
    return sorted(row.id for row in rows)


async def _near(session: ReadSession, wanted: str) -> list[str]:
    """Keys that somebody may have meant: much like it whole, in their last part, or in their name."""
    rows = await session.rows(
        "select key, label from principal where key !~ '^source:[0-9]+/all:' order by id limit %(most)s",
        {"most": _MOST_COMPARED},
    )
    called: dict[str, str] = {}
    for row in rows:
        for name in (row.label, row.key.rpartition(":")[2], row.key):
            called[name.casefold()] = row.key
    folded = wanted.casefold()
    likely = await asyncio.to_thread(difflib.get_close_matches, folded, called, n=3, cutoff=0.7)
    return list(dict.fromkeys(called[name] for name in likely))


def _read(row: Row) -> Pair:
    return Pair(
        row.id,
        row.assistant,
        row.question,
        tuple(row.phrasings),
        row.answer,
        row.language,
        row.sources,
        row.classification,
        tuple(row.readers),
        row.owner,
        row.valid_from,
        row.valid_to,
        row.review_on,
    )
