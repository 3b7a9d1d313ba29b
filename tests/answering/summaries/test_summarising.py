"""From a document of the reader's to its summary, over the database: rights, classes, failures, progress."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

from centaure.answering.summaries.summarising import Summarising
from centaure.answering.summaries.summary import (
    Language,
    Piece,
    Progress,
    Summary,
    SummarySentence,
)
from centaure.app.installation import Installation
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Delta
from centaure.gateway.service import Gateway
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotFound, Unavailable
from centaure.knowledge.parsing import Block, BlockKind, Box
from gateway.fakes import House, house
from readers import user, write

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
PASSAGE = re.compile(r'<passage-\w+ number="(\d+)"[^>]*>\n(.*?)\n</passage-\w+>', re.DOTALL)
LINE = re.compile(r"^(.+) ((?:\[\d+\])+)$", re.MULTILINE)


def chapter(number: int) -> list[Block]:
    """Fifteen pages, each of which says something of its own."""
    blocks = [Block(BlockKind.HEADING, f"Chapitre {number}", page=number * 15 + 1, level=1)]
    for page in range(number * 15 + 1, number * 15 + 16):
        said = [
            f"L'agence {page} dispose d'un budget annuel de {page} 000 euros pour ses déplacements.",
            *(
                f"Le véhicule {page}-{place} est entretenu au garage Lemaire par le technicien de l'agence."
                for place in range(3)
            ),
        ]
        boxes = tuple(Box(page, 70, 70 + 12 * line, 500, 80 + 12 * line) for line in range(4))
        blocks.append(Block(BlockKind.PARAGRAPH, " ".join(said), page=page, boxes=boxes))
    return blocks


BOOK = [block for number in range(20) for block in chapter(number)]
SHORT = [
    Block(
        BlockKind.PARAGRAPH,
        "La prime d'un chef d'atelier est de 9 % du salaire annuel. Elle est versée en mars.",
        page=3,
    )
]


@dataclass(frozen=True)
class Somebody:
    id: int
    key_id: int | None = None


@dataclass
class Reader:
    """A model that repeats the first sentence of what it is shown; `before` may disturb it.

    Attributes:
        before: called with the number of the request, from 1, and the words that it is sent.
        asked: what it was sent.
        open: requests that it answers now; `most_open` at most so far.
    """

    before: Any = None
    wrong: str = ""
    asked: list[ChatRequest] = field(default_factory=list)
    open: int = 0
    most_open: int = 0

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        del first_s, longest_s
        self.asked.append(request)
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            said = request.messages[-1].content
            waited = self.before and self.before(len(self.asked), said)
            if waited is not None:
                await waited
            for piece in self.answer(said).split(" "):
                yield Delta(f"{piece} ")
            yield Delta(finish="stop")
        finally:
            self.open -= 1

    def answer(self, said: str) -> str:
        if self.wrong:
            return self.wrong
        if "<part" in said:
            return "\n".join(f"{text} {marks}" for text, marks in LINE.findall(said)[:12])
        sentences = []
        for number, text in PASSAGE.findall(said):
            found = re.search(r"L'agence \d+ dispose d'un budget annuel de \d+ 000 euros", text)
            if found:
                sentences.append(f"{found[0]} pour ses déplacements [{number}].")
            elif "prime" in text:
                sentences.append(f"La prime d'un chef d'atelier est de 9 % [{number}].")
        return " ".join(sentences[:2]) + " Ceci repose sur rien [999]."

    async def close(self) -> None:
        pass


@dataclass
class Desk:
    """Two readers, a book of 300 pages and a page, which Alice alone may read."""

    installation: Installation
    database: Database
    connection: Connection
    alice: int
    bruno: int
    book: int
    short: int

    def pieces(
        self, gateway: Gateway | None, reader: int, document: int, **settings: Any
    ) -> AsyncGenerator[Piece]:
        chosen = self.installation.settings.model_copy(update=settings)
        summarising = Summarising(self.database, chosen, gateway)
        return summarising.summarise(Somebody(reader), document)

    async def summarise(
        self, gateway: Gateway | None, reader: int, document: int, **settings: Any
    ) -> list[Piece]:
        async with aclosing(self.pieces(gateway, reader, document, **settings)) as pieces:
            return [piece async for piece in pieces]

    def revoke(self) -> None:
        self.connection.execute("update document set readers = '{}'")


@pytest.fixture
async def desk(
    clean: Installation, owner_connection: Connection, database: Database, indexer: Database
) -> Desk:
    owner_connection.execute("insert into source (name, location) values ('docs', '/docs')")
    alice, bruno = user(owner_connection, "alice"), user(owner_connection, "bruno")
    await write(indexer, "livre.pdf", *BOOK, readers=(alice,), classification=2)
    await write(indexer, "prime.pdf", *SHORT, readers=(alice,))
    rows = owner_connection.execute("select id from document order by path").fetchall()
    book, short = (int(str(row[0])) for row in rows)
    return Desk(clean, database, owner_connection, alice, bruno, book, short)


def scribe(model: Any = None, highest: int = 3, **more: Any) -> tuple[House, Reader]:
    reading = model or Reader(**more)
    catalogued = CatalogueModel(id=1, name="scribe", kind="openai", highest=highest, context=4_096)
    return house((catalogued, reading)), reading


def whole(pieces: list[Piece]) -> Summary:
    last = pieces[-1]
    assert isinstance(last, Summary)
    return last


async def test_a_book_is_summarised_by_parts_with_its_pages(desk: Desk) -> None:
    kept, model = scribe()
    pieces = await desk.summarise(kept.gateway, desk.alice, desk.book)
    summary = whole(pieces)
    assert summary.parts > 10
    progress = [piece for piece in pieces if isinstance(piece, Progress)]
    parts = [piece for piece in progress if piece.stage == "parts"]
    assert [piece.done for piece in parts] == list(range(summary.parts + 1))
    assert parts[0].left_s is None
    assert all(piece.left_s is not None for piece in parts[1:])
    assert progress[-1].stage == "joining"
    sentences = [piece for piece in pieces if isinstance(piece, SummarySentence)]
    assert summary.sentences == tuple(sentences)
    assert (summary.models, summary.fallback, summary.joined) == (("scribe",), None, True)
    assert summary.classification == 2
    assert summary.missing == ()
    assert summary.prompt_version.startswith("part.fr ")
    assert ", join.fr " in summary.prompt_version
    for sentence in sentences:
        named = re.search(r"L'agence (\d+) ", sentence.text)
        assert named is not None
        assert int(named[1]) in sentence.pages
        assert sentence.support == "supported"
    assert 1 < model.most_open <= 4
    assert len(summary.generations) == len(model.asked) == len(kept.records.finished)


async def test_a_short_document_is_one_request(desk: Desk) -> None:
    kept, model = scribe()
    pieces = await desk.summarise(kept.gateway, desk.alice, desk.short)
    first, second = [piece for piece in pieces if isinstance(piece, SummarySentence)]
    assert len(model.asked) == 1
    assert (first.pages, first.support) == ((3,), "supported")
    assert (second.pages, second.support) == ((), "unchecked")  # passage 999 was not given
    assert whole(pieces).parts == 1


async def test_it_is_written_in_the_language_that_is_asked_for(desk: Desk) -> None:
    languages: tuple[Language, ...] = ("fr", "en")
    for language in languages:
        kept, model = scribe()
        summarising = Summarising(desk.database, desk.installation.settings, kept.gateway)
        said = summarising.summarise(Somebody(desk.alice), desk.short, language)
        summary = whole([piece async for piece in said])
        assert (summary.language, summary.prompt_version[:7]) == (language, f"part.{language}")
        assert ("in English" in model.asked[0].messages[0].content) == (language == "en")


async def test_without_a_model_telling_sentences_are_quoted_and_said_to_be(desk: Desk) -> None:
    for gateway in (None, scribe(highest=1)[0].gateway):
        pieces = await desk.summarise(gateway, desk.alice, desk.book)
        summary = whole(pieces)
        assert (summary.models, summary.fallback) == ((), "no_model")
        assert 8 <= len(summary.sentences) <= 24
        for sentence in summary.sentences:
            assert sentence.support is None
            assert len(sentence.pages) == 1
            assert f"{sentence.pages[0]}" in sentence.text
        assert summary.sentences[0].pages[0] < 30
        assert summary.sentences[-1].pages[0] > 250
        assert any(isinstance(piece, Progress) for piece in pieces[1:])


async def test_what_may_not_be_read_is_as_if_it_were_not_there(desk: Desk) -> None:
    kept, model = scribe()
    said = set()
    for document in (desk.book, 999_999):
        with pytest.raises(NotFound) as error:
            await desk.summarise(kept.gateway, desk.bruno, document)
        said.add(error.value.message)
    assert len(said) == 1
    assert model.asked == []
    assert desk.connection.execute("select from audit_event").fetchall() == []


@pytest.mark.parametrize("highest", [0, 1])
async def test_no_model_below_the_class_is_asked(desk: Desk, highest: int) -> None:
    kept, model = scribe(highest=highest)
    assert whole(await desk.summarise(kept.gateway, desk.alice, desk.book)).fallback == "no_model"
    assert model.asked == []


async def test_a_document_counts_as_a_question_at_least(desk: Desk) -> None:
    kept, model = scribe(highest=2)
    asked = {"question_class": "C3"}
    summary = whole(await desk.summarise(kept.gateway, desk.alice, desk.short, **asked))
    assert (summary.fallback, summary.classification) == ("no_model", 1)
    assert model.asked == []


async def test_a_class_that_is_raised_midway_stops_what_is_sent(desk: Desk) -> None:
    def raised(number: int, said: str) -> None:
        del said
        if number == 5:
            desk.connection.execute("update document set classification = 3")

    kept, model = scribe(before=raised, highest=2)
    summary = whole(await desk.summarise(kept.gateway, desk.alice, desk.book))
    assert len(model.asked) <= 8
    assert summary.classification == 3
    assert len(summary.missing) >= summary.parts - 8
    assert not summary.joined


async def test_rights_that_are_revoked_midway_end_it(desk: Desk) -> None:
    def revoked(number: int, said: str) -> None:
        del said
        if number == 5:
            desk.revoke()

    kept, model = scribe(before=revoked)
    pieces: list[Piece] = []

    async def listen() -> None:
        async with aclosing(desk.pieces(kept.gateway, desk.alice, desk.book)) as said:
            async for piece in said:
                pieces.append(piece)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(NotFound):
        await listen()
    assert all(isinstance(piece, Progress) for piece in pieces)
    assert len(model.asked) <= 8
    assert model.open == 0


async def test_nothing_is_quoted_once_rights_are_revoked(desk: Desk) -> None:
    def revoked(number: int, said: str) -> None:
        del number, said
        desk.revoke()
        raise Unavailable("away")

    kept, _ = scribe(before=revoked)
    with pytest.raises(NotFound):
        await desk.summarise(kept.gateway, desk.alice, desk.short)


async def test_a_part_that_fails_is_tried_again_and_then_missing(desk: Desk) -> None:
    seen: dict[str, int] = {}

    def fails(number: int, said: str) -> None:
        del number
        if "<part" in said:
            return
        seen[said] = seen.get(said, 0) + 1
        if "L'agence 150 dispose" in said or ("L'agence 40 dispose" in said and seen[said] == 1):
            raise Unavailable("away")

    kept, _ = scribe(before=fails)
    summary = whole(await desk.summarise(kept.gateway, desk.alice, desk.book))
    (missing,) = summary.missing
    assert missing.page_first is not None
    assert missing.page_last is not None
    assert missing.page_first <= 150 <= missing.page_last
    assert "Chapitre" in missing.heading
    assert sorted(seen.values())[-3:] == [1, 2, 2]
    assert summary.joined


async def test_parts_that_are_not_put_together_speak_for_themselves(desk: Desk) -> None:
    def fails(number: int, said: str) -> None:
        del number
        if "<part" in said:
            raise Unavailable("away")

    kept, _ = scribe(before=fails)
    summary = whole(await desk.summarise(kept.gateway, desk.alice, desk.book))
    assert not summary.joined
    assert summary.fallback is None
    assert summary.parts <= len(summary.sentences) <= 40


async def test_where_every_part_fails_the_document_is_quoted(desk: Desk) -> None:
    kept, _ = scribe(wrong="Rien ne cite rien. Pas même ceci.")
    summary = whole(await desk.summarise(kept.gateway, desk.alice, desk.book))
    assert (summary.fallback, summary.models) == ("failed", ())
    assert len(summary.sentences) >= 8


async def test_a_quota_that_is_used_up_says_so(desk: Desk) -> None:
    kept, model = scribe()
    kept.records.poor = frozenset({1})
    summary = whole(await desk.summarise(kept.gateway, desk.alice, desk.book))
    assert (summary.fallback, summary.problem) == ("quota", "The quota is used up.")
    assert model.asked == []


async def test_sentences_that_are_not_borne_out_are_marked(desk: Desk) -> None:
    kept, _ = scribe(wrong="La prime d'un chef d'atelier est de 19 % du salaire annuel [1].")
    summary = whole(await desk.summarise(kept.gateway, desk.alice, desk.short))
    assert summary.sentences[0].support == "unsupported"
    assert "9" in summary.sentences[0].reason
    assert summary.warning


async def test_leaving_ends_every_call(desk: Desk) -> None:
    kept, model = scribe()
    pieces = desk.pieces(kept.gateway, desk.alice, desk.book)
    while not isinstance(piece := await anext(pieces), Progress) or piece.done < 2:
        pass
    await pieces.aclose()
    asked = len(model.asked)
    assert model.open == 0
    await kept.gateway.close()
    assert len(model.asked) == asked
    assert len(kept.records.finished) == len(kept.records.begun)


async def test_it_is_on_record_before_a_model_speaks(desk: Desk) -> None:
    kept, model = scribe()
    async with aclosing(desk.pieces(kept.gateway, desk.alice, desk.book)) as pieces:
        await anext(pieces)
    assert model.asked == []
    row = desk.connection.execute("select action, object, details from audit_event").fetchone()
    assert row is not None
    assert row[:2] == ("summary", f"document:{desk.book}")


async def test_no_connection_is_held_while_a_model_speaks(desk: Desk) -> None:
    held: list[int] = []
    narrow = desk.installation.database("app", statement_timeout_ms=60_000)
    narrow._pool_size = 1
    desk.database = narrow

    def looks(number: int, said: str) -> Any:
        del said
        held.append(number)

        async def look() -> None:
            async with narrow.read(desk.alice) as session:
                await session.value("select 1")

        return look()

    kept, _ = scribe(before=looks)
    assert whole(await desk.summarise(kept.gateway, desk.alice, desk.book)).joined
    assert held
    await narrow.close()


async def test_a_document_without_text_cannot_be_summarised(desk: Desk) -> None:
    desk.connection.execute("delete from chunk where document_id = %s", [desk.short])
    with pytest.raises(InvalidInput, match="no text"):
        await desk.summarise(None, desk.alice, desk.short)
