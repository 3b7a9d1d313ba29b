"""Two answers at once: kept when both are whole, not voted on otherwise, and ended with their reader."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from centaure.answering.answers import Answer, Piece, Sentence
from centaure.answering.asking import Enquiry
from centaure.feedback.comparisons import service
from centaure.feedback.comparisons.comparing import (
    Begun,
    Comparing,
    Failed,
    Ready,
    Wish,
    begin,
)
from centaure.feedback.comparisons.settings import Setting
from centaure.identity import Principal
from centaure.identity.principal import Role
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, InvalidInput, NotFound, Unavailable
from readers import user

pytestmark = pytest.mark.anyio

ONE, OTHER = Setting("model", "one"), Setting("model", "other")


@dataclass
class Scripted:
    """Says of each model what a test wrote: words, an error, or nothing until it is ended."""

    database: Database
    said: dict[str, str | Exception | None]
    more: dict[str, Any] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    found: list[object] = field(default_factory=list)

    async def find(self, _reader: Principal, _enquiry: Enquiry) -> str:
        return "the passages"

    async def ask(
        self, _reader: Principal, enquiry: Enquiry, *, found: object
    ) -> AsyncGenerator[Piece]:
        self.found.append(found)
        said = self.said[enquiry.variant.model]
        try:
            if isinstance(said, Exception):
                raise said
            if said is None:
                yield Sentence("It begins.", (), "unchecked")
                await asyncio.sleep(600)
            sentence = Sentence(str(said), (), "unchecked")
            yield sentence
            yield Answer(
                enquiry.question, "en", True, (sentence,), (), model=enquiry.variant.model, **self.more
            )  # fmt: skip
        finally:
            self.ended.append(enquiry.variant.model)


@pytest.fixture
def alice(owner_connection: "psycopg.Connection[tuple[object, ...]]") -> Principal:
    return Principal(user(owner_connection, "alice"), "alice", "Alice", frozenset({Role.READER}))


async def begun(database: Database, who: Principal) -> Begun:
    async with database.write(who.id) as session:
        return await begin(session, Wish("Why?", ONE, OTHER))


async def state(database: Database, who: Principal, number: int) -> str:
    async with database.read(who.id) as session:
        return (await service.read(session, number)).brief.state


def asking(database: Database, **said: str | Exception | None) -> Any:
    return Scripted(database, said)


async def test_both_sides_are_given_the_same_passages_and_can_be_voted_on(
    database: Database, alice: Principal
) -> None:
    scripted = asking(database, one="First.", other="Second.")
    comparison = await begun(database, alice)
    pieces = [piece async for piece in Comparing(scripted).pieces(alice, comparison)]
    assert pieces[-1] == Ready(votable=True)
    assert scripted.found == ["the passages"] * 2
    async with database.read(alice.id) as session:
        whole = await service.read(session, comparison.number)
    assert whole.revealed == {}, "nobody is told before the vote"
    for side, setting in comparison.settings.items():
        said = "First." if setting == ONE else "Second."
        assert [one.text for one in whole.answers[side].sentences] == [said]
    async with database.write(alice.id) as session:
        voted = await service.vote(session, comparison.number, "equal", ["clear", "clear"])
    assert voted.brief.reasons == ("clear",)
    assert {one.player for one in voted.revealed.values()} == {"one", "other"}
    async with database.write(alice.id) as session:
        with pytest.raises(Conflict):
            await service.vote(session, comparison.number, "left", [])


async def test_where_one_side_fails_the_other_is_whole_and_there_is_nothing_to_vote_on(
    database: Database, alice: Principal
) -> None:
    scripted = asking(database, one=Unavailable("It is away."), other="Second.")
    comparison = await begun(database, alice)
    pieces = [piece async for piece in Comparing(scripted).pieces(alice, comparison)]
    assert pieces[-1] == Ready(votable=False)
    failed = next(side for side, setting in comparison.settings.items() if setting == ONE)
    assert (failed, Failed("It is away.")) in pieces
    assert any(isinstance(piece[1], Answer) for piece in pieces[:-1] if isinstance(piece, tuple))
    assert await state(database, alice, comparison.number) == "failed"
    async with database.write(alice.id) as session:
        with pytest.raises(Conflict):
            await service.vote(session, comparison.number, "left", [])


async def test_whoever_leaves_ends_both_sides(database: Database, alice: Principal) -> None:
    scripted = asking(database, one=None, other=None)
    comparison = await begun(database, alice)
    pieces = Comparing(scripted).pieces(alice, comparison)
    await anext(pieces)
    await anext(pieces)
    await pieces.aclose()
    assert sorted(scripted.ended) == ["one", "other"]
    assert await state(database, alice, comparison.number) == "stopped"


async def test_what_waits_for_a_person_is_not_read_later(
    database: Database, alice: Principal
) -> None:
    scripted = asking(database, one="First.", other="Second.")
    scripted.more = {"held": 7}
    comparison = await begun(database, alice)
    async for _ in Comparing(scripted).pieces(alice, comparison):
        pass
    async with database.read(alice.id) as session:
        assert (await service.read(session, comparison.number)).answers == {}


async def test_consent_is_given_with_a_vote_only_and_taken_back(
    database: Database, alice: Principal
) -> None:
    comparison = await begun(database, alice)
    async with database.write(alice.id) as session:
        with pytest.raises(NotFound):
            await service.consent_to(session, comparison.number, consent=True)
    async for _ in Comparing(asking(database, one="1", other="2")).pieces(alice, comparison):
        pass
    async with database.write(alice.id) as session:
        await service.vote(session, comparison.number, "left", [], consent=True)
        await service.consent_to(session, comparison.number, consent=False)
        assert not (await service.read(session, comparison.number)).brief.consent


async def test_two_settings_that_are_the_same_are_not_compared(
    database: Database, alice: Principal
) -> None:
    async with database.write(alice.id) as session:
        with pytest.raises(InvalidInput):
            await begin(session, Wish("Why?", ONE, ONE))
