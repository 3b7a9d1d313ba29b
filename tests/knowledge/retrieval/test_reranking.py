"""The second stage: that it really runs, on what, and what is left of a search when it does not."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from centaure.gateway.embeddings import TextRefused
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, InvalidInput, NotFound, Unavailable
from centaure.kit.vault import Vault
from centaure.knowledge.retrieval import SearchFilters, SearchResult, registry, rerankers, search
from centaure.knowledge.retrieval.described import DescribedModel
from centaure.knowledge.retrieval.finding import Asked, Finding, Stage
from centaure.knowledge.retrieval.meaning import Meanings
from centaure.knowledge.retrieval.models import EmbeddingModels
from centaure.knowledge.retrieval.proximity import Proximity
from centaure.knowledge.retrieval.rerankers import RERANKERS, Reranker, Rerankers
from centaure.knowledge.retrieval.reranking import MOST, SecondStage, reranked
from centaure.knowledge.retrieval.understanding import Understanding
from knowledge.retrieval.toy import Toy

pytestmark = pytest.mark.anyio

LEAVE = "Les salariés ont droit à vingt-cinq jours de congés payés"


@dataclass
class Recorder:
    """A reranker that does as it is told, and keeps what it was asked."""

    said: Callable[[Sequence[str]], list[float]]
    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append((question, list(texts)))
        return self.said(texts)


class Told(Rerankers):
    """Makes the one that it was given."""

    def __init__(self, one: Reranker) -> None:
        super().__init__(Vault(b"k" * 32))
        self.one = one

    def reranker(self, row: DescribedModel) -> Reranker:  # noqa: ARG002 - whatever the row says
        return self.one


Live = Callable[..., Awaitable[None]]


@pytest.fixture
def live(indexer: Database) -> Live:
    """Make a reranker live."""

    async def make_live(
        kind: str = "proximity", location: str = "", highest: int | None = None, **options: str
    ) -> None:
        row = Rerankers(Vault(b"k" * 32)).describe(
            kind, location, options, "k3y" if location else ""
        )
        async with indexer.write(None) as session:
            await RERANKERS.add(session, "second", row, highest)
            await RERANKERS.use(session, "second")

    return make_live


async def find(  # noqa: PLR0913, PLR0917 - as `reranked`
    database: Database,
    principal: int,
    stage: SecondStage,
    limit: int = 10,
    budget_s: float = 1.5,
    classification: int = 0,
) -> SearchResult:
    wanted = await stage.wanted(database, limit, classification)
    async with database.read(principal) as session:
        found = await search(session, "congés payés", SearchFilters(), wanted)
    return await reranked(stage, database, found, limit, budget_s, classification)


def paths(result: SearchResult) -> list[str]:
    return [hit.document.path for hit in result.hits]


def fill(library: Any, reader: int, number: int = 5, **about: Any) -> list[str]:
    names = [f"d{place:02}.txt" for place in range(number)]
    for place, name in enumerate(names):
        library.document(name, [f"{LEAVE} {'et plus encore ' * place}"], [reader], **about)
    return names


def longest_first(texts: Sequence[str]) -> list[float]:
    return [float(len(text)) for text in texts]


async def test_a_search_goes_no_further_than_it_is_told(
    database: Database, library: Any, live: Live
) -> None:
    alice = library.user("alice")
    fill(library, alice)
    await live()
    told = Told(Recorder(longest_first))
    finding = Finding(
        database,
        Meanings(EmbeddingModels(Vault(b"k" * 32))),
        SecondStage(told),
        Understanding(None, 1.0),
    )
    assert await finding.stages() == ["words", "reranked"]
    whole = await finding.find(alice, Asked("congés payés"), 4)
    assert whole.reranked == "second"
    stages: tuple[Stage, Stage] = ("words", "meaning")
    for stage in stages:
        found = await finding.find(alice, Asked("congés payés", upto=stage), 4)
        assert (found.reranked, len(found.hits), found.meaning_weight) == ("", 4, None)


async def test_the_order_is_that_of_the_reranker_and_the_result_says_so(
    database: Database, library: Any, live: Live
) -> None:
    alice = library.user("alice")
    names = fill(library, alice)
    plain = await find(database, alice, SecondStage(Told(Recorder(longest_first))))
    assert plain.reranked == ""
    assert paths(plain) == names
    assert {hit.rerank_score for hit in plain.hits} == {None}
    await live()
    recorder = Recorder(longest_first)
    found = await find(database, alice, SecondStage(Told(recorder)))
    assert found.reranked == "second"
    assert paths(found) == names[::-1]
    assert [hit.rerank_score for hit in found.hits] == sorted(
        longest_first(recorder.asked[0][1]), reverse=True
    )
    assert recorder.asked[0][0] == "congés payés"
    assert all(LEAVE in text for text in recorder.asked[0][1])


async def test_it_chooses_among_more_than_are_shown_and_no_more_than_some(
    database: Database, library: Any, live: Live
) -> None:
    alice = library.user("alice")
    names = fill(library, alice, MOST + 5)
    await live()
    recorder = Recorder(longest_first)
    found = await find(database, alice, SecondStage(Told(recorder)), limit=2)
    assert paths(found) == names[:MOST][::-1][:2]
    assert len(recorder.asked[0][1]) == MOST
    found = await find(database, alice, SecondStage(Told(recorder)), limit=MOST + 5)
    assert paths(found) == names[:MOST][::-1] + names[MOST:]
    assert [hit.rerank_score for hit in found.hits][MOST:] == [None] * 5


async def test_passages_above_its_class_are_never_sent_and_keep_their_place(
    database: Database,
    library: Any,
    live: Live,
    reranking: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rerankers, "BUDGET_S", 30.0)  # whatever else the machine does
    alice = library.user("alice", clearance=3)
    names = fill(library, alice)
    for name, level in {"d01.txt": 2, "d03.txt": 3}.items():
        library.connection.execute(
            "update document set classification = %s where path = %s", [level, name]
        )
    await live("service", reranking.address, model="m")
    reranking.asked.clear()  # it was asked for scores of a sample
    found = await find(database, alice, SecondStage(Rerankers(Vault(b"k" * 32))), budget_s=30)
    assert found.reranked == "second"
    assert paths(found) == [names[place] for place in (4, 1, 2, 3, 0)]
    low = [hit.text for hit in found.hits if hit.document.classification <= 1]
    assert len(low) == 3
    assert sorted(reranking.asked[0]["documents"]) == sorted(low)
    assert len(reranking.asked) == 1
    assert [hit.rerank_score is None for hit in found.hits] == [False, True, False, True, False]
    assert set(reranking.keys) == {"Bearer k3y"}


async def test_a_question_above_its_class_is_never_sent(
    database: Database, library: Any, live: Live
) -> None:
    alice = library.user("alice")
    names = fill(library, alice)
    await live()
    library.connection.execute("update reranker set highest = 0")
    library.connection.execute("update document set classification = 0")
    recorder = Recorder(longest_first)
    assert paths(await find(database, alice, SecondStage(Told(recorder)))) == names
    stage = SecondStage(Told(recorder), question_class=0)
    assert paths(await find(database, alice, stage, classification=1)) == names
    assert recorder.asked == []
    found = await find(database, alice, stage)
    assert paths(found) == names[::-1]


async def test_only_what_the_person_may_read_is_sent(
    database: Database, library: Any, live: Live
) -> None:
    alice, bob = library.user("alice"), library.user("bob")
    fill(library, alice, 3)
    library.document("bob.txt", [f"{LEAVE} secret de Bob"], [bob])
    await live()
    recorder = Recorder(longest_first)
    await find(database, alice, SecondStage(Told(recorder)))
    assert len(recorder.asked[0][1]) == 3
    assert not any("Bob" in text for text in recorder.asked[0][1])
    await find(database, bob, SecondStage(Told(recorder)))  # one passage needs no order
    assert len(recorder.asked) == 1


def _refuse(_: Sequence[str]) -> list[float]:
    raise Unavailable("It is away.")


def _break(_: Sequence[str]) -> list[float]:
    raise KeyError("score")


def _sleep(texts: Sequence[str]) -> list[float]:
    time.sleep(0.5)
    return longest_first(texts)


FAULTS: dict[str, tuple[Callable[[Sequence[str]], list[float]], str]] = {
    "away": (_refuse, "It is away."),
    "broken": (_break, "KeyError"),
    "late": (_sleep, "not answered in 0.2 s"),
    "few": (lambda texts: longest_first(texts)[1:], "one score for each"),
    "many": (lambda texts: [*longest_first(texts), 1.0], "one score for each"),
    "no number": (lambda texts: [math.nan] * len(texts), "one score for each"),
    "endless": (lambda texts: [math.inf] * len(texts), "one score for each"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_reranker_that_fails_or_is_late_leaves_the_order_and_is_left_alone_a_while(
    database: Database, indexer: Database, library: Any, live: Live, fault: str
) -> None:
    alice = library.user("alice")
    names = fill(library, alice)
    await live()
    said, words = FAULTS[fault]
    recorder = Recorder(said)
    stage = SecondStage(Told(recorder))
    started = time.monotonic()
    found = await find(database, alice, stage, limit=4, budget_s=0.2)
    assert (paths(found), found.reranked) == (names[:4], "")
    assert time.monotonic() - started < 5
    found = await find(database, alice, stage, limit=4, budget_s=0.2)
    assert (paths(found), found.reranked) == (names[:4], "")
    assert len(recorder.asked) == 1
    async with indexer.read(None) as session:
        assert words in (await RERANKERS.all(session))[0].problem
    stage.model.forget()
    recorder.said = longest_first
    assert paths(await find(database, alice, stage, limit=4)) == names[:0:-1]
    async with indexer.read(None) as session:
        assert (await RERANKERS.all(session))[0].problem == ""


async def test_a_question_that_it_refuses_takes_no_other_its_order(
    database: Database, library: Any, live: Live
) -> None:
    alice = library.user("alice")
    names = fill(library, alice)
    await live()

    def refuse(_: Sequence[str]) -> list[float]:
        raise TextRefused("Too long.")

    recorder = Recorder(refuse)
    stage = SecondStage(Told(recorder))
    assert paths(await find(database, alice, stage)) == names
    recorder.said = longest_first
    assert paths(await find(database, alice, stage)) == names[::-1]


async def test_one_is_live_at_most_and_rows_are_kept_from_readers(
    database: Database, indexer: Database, library: Any
) -> None:
    alice = library.user("alice")
    row = Rerankers().describe("proximity", "", {}, "")
    async with indexer.write(None) as session:
        for name in ("one", "other"):
            await RERANKERS.add(session, name, row)
        with pytest.raises(Conflict):
            await RERANKERS.add(session, "one", row)
        with pytest.raises(InvalidInput):
            await RERANKERS.add(session, "\n", row)
        for name in ("one", "other"):
            await RERANKERS.use(session, name)
        assert [(one.name, one.live, one.highest) for one in await RERANKERS.all(session)] == [
            ("one", False, 3),
            ("other", True, 3),
        ]
        with pytest.raises(NotFound):
            await RERANKERS.remove(session, "third")
    stage = SecondStage(Rerankers())
    assert await stage.wanted(database, 5) == MOST
    async with database.read(alice) as session:
        assert await RERANKERS.all(session) == []
    async with indexer.write(None) as session:
        await RERANKERS.use(session, None)
        await RERANKERS.remove(session, "one")
    stage.model.forget()
    assert await stage.wanted(database, 5) == 5
    with pytest.raises(NotFound):
        async with indexer.write(None) as session:
            await RERANKERS.use(session, "one")


async def added(indexer: Database, *names: str) -> None:
    row = Rerankers().describe("proximity", "", {}, "")
    async with indexer.write(None) as session:
        for name in names:
            await RERANKERS.add(session, name, row)


async def test_two_made_live_at_once_wait_for_each_other(indexer: Database) -> None:
    await added(indexer, "one", "two")

    async def use_two() -> None:
        async with indexer.write(None) as session:
            await RERANKERS.use(session, "two")

    async with indexer.write(None) as session:
        await RERANKERS.use(session, "one")
        second = asyncio.create_task(use_two())
        await asyncio.sleep(0.2)
        assert not second.done()
    await second
    async with indexer.read(None) as session:
        assert [one.name for one in await RERANKERS.all(session) if one.live] == ["two"]


async def test_another_model_is_asked_at_once_whatever_the_one_before_it_did(
    database: Database, indexer: Database
) -> None:
    await added(indexer, "one", "two")

    async def using(name: str) -> Any:
        async with indexer.write(None) as session:
            await RERANKERS.use(session, name)
        live._read_at = 0.0
        return await live.row(database)

    live = registry.Live(RERANKERS)
    one = await using("one")
    live.pause(one)
    await using("one")
    assert live.silent()
    await using("two")
    assert not live.silent()
    live.pause(one)  # it was late, and is not the one any more
    assert not live.silent()


def test_words_that_stand_together_and_in_order_score_more() -> None:
    texts = [
        "La pompe TP-204 est vidangée chaque année.",
        "La vidange de la pompe se fait une fois par année.",
        "Une pompe. Beaucoup de mots sans rapport avec cela, puis encore d'autres. Une vidange.",
        "La pompe est rouge.",
        "Il pleut sur la ville.",
    ]
    scores = Proximity().score("vidange de la pompe", texts)
    assert scores[1] > scores[2] > scores[3] > scores[4] == 0
    assert max(scores) <= 2
    assert Proximity().score("vidange de la pompe", texts[::-1]) == scores[::-1]
    assert Proximity().score("pompe", texts[3:]) == [2.0, 0.0]
    assert Proximity().score("", texts) == [0.0] * 5
    assert Proximity().score("the red pump", ["The pump is red.", "A red pump is here."]) == [
        pytest.approx(1.5),
        2.0,
    ]


def test_a_cross_encoder_reads_question_and_passage_together(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "cross", labels=1)
    options = {"precision": "float32"}
    row = Rerankers().describe("onnx", str(toy.folder), options, "")
    scores = Rerankers().reranker(row).score("one", ["two", "three", "two"])
    assert scores[0] == scores[2] != scores[1]
    assert scores != Rerankers().reranker(row).score("three", ["two", "three", "two"])
    alone = Rerankers().reranker(row).score("one", ["three"])
    assert alone == scores[1:2]


def test_a_cross_encoder_that_takes_too_long_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = Toy(tmp_path / "cross", labels=1)
    monkeypatch.setattr(rerankers, "BUDGET_S", -1.0)
    row = DescribedModel("onnx", str(toy.folder), {"precision": "float32"}, None)
    with pytest.raises(Unavailable, match="1 of 2 passages"):
        Rerankers().reranker(row).score("one", ["two", "three"])


@pytest.mark.parametrize(
    ("kind", "location", "options", "words"),
    [
        ("magic", "", {}, "no kind 'magic'"),
        ("service", "nowhere", {"model": "m"}, "https://host/v1"),
        ("service", "http://127.0.0.1:9/v1", {}, "model"),
        ("service", "http://127.0.0.1:9/v1", {"form": "xml"}, "form"),
        ("proximity", "http://127.0.0.1:9/v1", {}, "no address"),
        ("onnx", "", {}, "folder"),
    ],
)
def test_a_reranker_that_cannot_be_is_refused(
    kind: str, location: str, options: dict[str, str], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        Rerankers().describe(kind, location, options, "")


def test_a_model_of_several_labels_is_no_reranker(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "three", labels=3)
    with pytest.raises(InvalidInput, match="no reranker"):
        Rerankers().describe("onnx", str(toy.folder), {"precision": "float32"}, "")
    single = Toy(tmp_path / "one", labels=1)
    single.weights["classifier.bias"][:] = np.nan
    single.write()
    with pytest.raises(Unavailable, match="finite"):
        Rerankers().describe("onnx", str(single.folder), {"precision": "float32"}, "")
