"""Blind comparisons over HTTP: nobody learns a name before their vote, nor anything they may not read."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from centaure.app.installation import Installation
from centaure.feedback.comparisons import export
from centaure.feedback.jobs import forget_groundless, forget_open, forget_words
from centaure.gateway.simulation import Behaviour, simulated_service
from centaure.kit.database import Database
from contracts.company import SECRETS, Company

pytestmark = pytest.mark.anyio

CANTEEN = "At what hour is it that the canteen opens and closes?"
SECRET = "When is the Cobaltine purchase signed?"
MODELS = ("alpha writer", "beta writer")
Events = list[tuple[str, dict[str, Any]]]


@pytest.fixture
async def models(company: Company) -> AsyncIterator[tuple[str, str]]:
    """Two models, the second of which says little."""
    client = company.people["administrator"]
    added: list[int] = []
    async with (
        simulated_service(Behaviour()) as one,
        simulated_service(Behaviour(tokens=6)) as other,
    ):
        for name, service in zip(MODELS, (one, other), strict=True):
            body = {
                "name": name, "location": service.address, "model": "simulated", "highest": "C3",
                "lifecycle": "approved", "price_in": 1, "price_out": 2, "parameters_active": 7, "zone": "FRA",
            }  # fmt: skip
            response = await client.post("/api/v1/models", json=body)
            assert response.status_code == 201, response.text
            added.append(response.json()["id"])
        await asyncio.sleep(0.3)  # a process sees them after a quarter of a second
        yield MODELS
        for model_id in added:
            await client.delete(f"/api/v1/models/{model_id}")
        await asyncio.sleep(0.3)


@pytest.fixture
async def behind(installation: Installation) -> AsyncIterator[Database]:
    """The database as its owner, to look behind."""
    opened = installation.database("owner")
    yield opened
    await opened.close()


@pytest.fixture
async def indexer_of(installation: Installation) -> AsyncIterator[Database]:
    """The same as the worker."""
    opened = installation.database("indexer")
    yield opened
    await opened.close()


async def compared(
    company: Company,
    person: str,
    question: str = CANTEEN,
    kind: str = "model",
    pair: tuple[str, str] = MODELS,
    **more: Any,
) -> tuple[int, Events, str]:
    """A comparison: its number, what came of it, and that as it was sent."""
    body = {
        "question": question,
        "kind": kind,
        "one": {"name": pair[0]},
        "other": {"name": pair[1]},
        **more,
    }
    response = await company.people[person].post("/api/v1/comparisons", json=body)
    assert response.status_code == 200, response.text
    blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
    events = [(name[7:], json.loads(data[6:])) for name, data in blocks]
    assert (events[0][0], events[-1][0]) == ("comparison", "ready")
    return events[0][1]["id"], events, response.text


async def voted(company: Company, person: str, number: int, said: str, **more: Any) -> Any:
    response = await company.people[person].post(
        f"/api/v1/comparisons/{number}/vote", json={"vote": said, **more}
    )
    assert response.status_code == 200, response.text
    return response.json()


def said(events: Events, side: str) -> str:
    return " ".join(
        data["text"] for name, data in events if name == "sentence" and data["side"] == side
    )


async def test_two_answers_come_without_names_which_the_vote_tells(
    company: Company, models: tuple[str, str]
) -> None:
    client = company.people["neighbour"]
    choices = (await client.get("/api/v1/comparisons/choices")).json()
    assert [model["name"] for model in choices["models"]] == list(models)
    number, events, sent = await compared(company, "neighbour", task="fact")
    assert events[-1][1] == {"votable": True}
    assert "opens at noon" in said(events, "left") + said(events, "right")
    assert {data["side"] for name, data in events if name == "done"} == {"left", "right"}
    before = (await client.get(f"/api/v1/comparisons/{number}")).text
    for name in (*models, "simulated", "writer"):
        assert name not in sent
        assert name not in before
    assert json.loads(before)["left_revealed"] is None

    whole = await voted(company, "neighbour", number, "left", reasons=["correct", "short"])
    assert {whole["left_revealed"]["player"], whole["right_revealed"]["player"]} == set(models)
    for side in ("left_revealed", "right_revealed"):
        shown = whole[side]
        assert shown["model"] == shown["player"] + " (simulated)"
        assert shown["prompt_tokens"] > 0
        assert shown["euros"] > 0
        assert 0 < shown["co2e_g"]["low"] <= shown["co2e_g"]["high"]
        assert shown["fallback"] is None
    short = whole["left_revealed"]["player"] == models[1]
    assert len(said(events, "left")) < len(said(events, "right")) or not short
    assert whole["comparison"]["vote"] == "left"
    assert whole["comparison"]["reasons"] == ["correct", "short"]

    again = await client.post(f"/api/v1/comparisons/{number}/vote", json={"vote": "right"})
    assert again.status_code == 409
    [listed] = (await client.get("/api/v1/comparisons")).json()
    assert (listed["id"], listed["question"]) == (number, CANTEEN)


async def test_sides_are_drawn_by_lot(company: Company, models: tuple[str, str]) -> None:
    left: set[str] = set()
    for _ in range(30):
        number, _, _ = await compared(company, "neighbour")
        whole = await voted(company, "neighbour", number, "equal")
        left.add(whole["left_revealed"]["player"])
        if left == set(models):
            break
    assert left == set(models)


async def test_nobody_reads_votes_on_or_removes_a_comparison_of_somebody_else(
    company: Company, models: tuple[str, str]
) -> None:
    del models
    number, _, sent = await compared(company, "owner", SECRET)
    assert "14 March" in sent
    address = f"/api/v1/comparisons/{number}"
    for person in ("neighbour", "curator", "administrator"):
        client = company.people[person]
        answers = [
            await client.get(address),
            await client.post(f"{address}/vote", json={"vote": "left"}),
            await client.put(f"{address}/consent", json={"consent": True}),
            await client.delete(address),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
        for answer in answers:
            assert not any(secret in answer.text.lower() for secret in SECRETS)
    removed = await company.people["owner"].delete(address)
    assert removed.status_code == 204
    assert (await company.people["owner"].get(address)).status_code == 404


async def test_what_is_exported_is_consented_to_and_readable_by_the_administrator(
    company: Company, models: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del models
    monkeypatch.setattr(export, "AT_ONCE", 1)
    client = company.people["administrator"]
    address = "/api/v1/comparisons/preferences"

    async def exported() -> list[dict[str, Any]]:
        response = await client.get(address)
        assert response.status_code == 200, response.text
        assert not any(secret in response.text.lower() for secret in SECRETS)
        return [json.loads(line) for line in response.text.splitlines()]

    assert await exported() == []
    silent, _, _ = await compared(company, "neighbour")
    await voted(company, "neighbour", silent, "left")
    secret, _, _ = await compared(company, "owner", SECRET)
    await voted(company, "owner", secret, "right", consent=True)
    assert await exported() == []
    number, events, _ = await compared(company, "neighbour")
    await voted(company, "neighbour", number, "right", consent=True, reasons=["clear"])
    [preference] = await exported()
    assert preference["prompt"] == CANTEEN
    assert preference["chosen"] == said(events, "right")
    assert preference["rejected"] == said(events, "left")
    assert (preference["language"], preference["reasons"]) == ("en", ["clear"])
    assert "neighbour" not in json.dumps(preference)
    second, _, _ = await compared(company, "curator")
    await voted(company, "curator", second, "left", consent=True)
    assert [one["reasons"] for one in await exported()] == [["clear"], []]
    assert (
        await company.people["curator"].delete(f"/api/v1/comparisons/{second}")
    ).status_code == 204

    taken = await company.people["neighbour"].put(
        f"/api/v1/comparisons/{number}/consent", json={"consent": False}
    )
    assert taken.status_code == 204
    assert await exported() == []
    both, _, _ = await compared(company, "neighbour")
    await voted(company, "neighbour", both, "equal", consent=True)
    assert await exported() == [], "no preference, nothing to train with"


async def test_the_ranking_has_everybodys_votes_and_no_words(
    company: Company, models: tuple[str, str], behind: Database
) -> None:
    address = "/api/v1/comparisons/ranking"
    client = company.people["curator"]
    async with behind.write(None) as session:
        await session.execute("update comparison set voted_at = voted_at - interval '9 days'")
    before = (await client.get(address)).json()["votes"]
    for person in ("owner", "neighbour"):
        number, _, _ = await compared(company, person, SECRET, task="figure")
        whole = (await company.people[person].get(f"/api/v1/comparisons/{number}")).json()
        assert whole["comparison"]["state"] == "done"
        # Whichever side it stands on, the first model is preferred.
        side = await _side_of(behind, number, models[0])
        await voted(company, person, number, side)
    found = await client.get(address, params={"task": "figure", "language": "en"})
    assert not any(secret in found.text.lower() for secret in SECRETS)
    # The neighbour reads nothing of it: no model was asked, and the vote is on no model.
    first, second = found.json()["standings"]
    assert (first["player"], first["place"], first["won"], first["lost"]) == (models[0], 1, 1, 0)
    assert (second["player"], second["place"], second["won"]) == (models[1], 2, 0)
    assert first["low"] < first["points"] < first["high"]
    assert (await client.get(address)).json()["votes"] == before + 1
    assert (await client.get(address, params={"task": "overview"})).json() == {
        "standings": [],
        "votes": 0,
    }


async def test_the_command_line_ranks_as_the_page_does(
    company: Company, models: tuple[str, str], installation: Installation
) -> None:
    del models
    number, _, _ = await compared(company, "neighbour")
    await voted(company, "neighbour", number, "equal")
    settings = installation.settings
    environment = {**os.environ, "CENTAURE_HOME": str(settings.home), "NO_COLOR": "1"}
    if settings.database_url is not None:
        environment["CENTAURE_DATABASE_URL"] = settings.database_url.get_secret_value()
    words = ["compare", "ranking", "--as", "curator", "--language", "en"]
    told = {}
    for more in ([], ["--json"]):
        done = await anyio.run_process(
            [sys.executable, "-m", "centaure.app.cli", *words, *more], env=environment
        )
        told[bool(more)] = done.stdout.decode()
    page = await company.people["curator"].get("/api/v1/comparisons/ranking?language=en")
    assert json.loads(told[True]) == page.json()
    assert f"{page.json()['votes']} votes." in told[False]
    assert MODELS[0] in told[False]


async def test_of_one_persons_votes_on_a_pair_in_a_day_the_latest_counts(
    company: Company, models: tuple[str, str], behind: Database
) -> None:
    address = "/api/v1/comparisons/ranking?task=procedure"
    client = company.people["curator"]

    async def won() -> dict[str, int]:
        return {
            one["player"]: one["won"] for one in (await client.get(address)).json()["standings"]
        }

    for preferred in models:
        number, _, _ = await compared(company, "neighbour", task="procedure")
        await voted(company, "neighbour", number, await _side_of(behind, number, preferred))
    assert await won() == {models[0]: 0, models[1]: 1}
    async with behind.write(None) as session:
        await session.execute(
            "update comparison set voted_at = voted_at - interval '1 day' where id = %(id)s",
            {"id": number},
        )
    assert await won() == {models[0]: 1, models[1]: 1}


async def _side_of(behind: Database, number: int, model: str) -> str:
    """Where a model stands, which only a look behind tells."""
    async with behind.read(None) as session:
        side = await session.value(
            "select side from comparison_side"
            " where comparison_id = %(id)s and player = %(model)s and generation is not null",
            {"id": number, "model": model},
        )
    return side or "left"


async def test_words_are_forgotten_and_votes_are_not(
    company: Company, models: tuple[str, str], behind: Database, indexer_of: Database
) -> None:
    number, _, _ = await compared(company, "neighbour")
    await voted(company, "neighbour", number, "left")
    unvoted, _, _ = await compared(company, "neighbour")
    address = "/api/v1/comparisons/ranking"
    client = company.people["neighbour"]
    before = (await client.get(address)).json()
    async with behind.write(None) as session:
        await session.execute("update comparison set asked_at = now() - interval '8 days'")
        await session.execute("update comparison_text set at = now() - interval '40 days'")
    gone, _, _ = await compared(company, "curator")
    async with behind.write(None) as session:
        await session.execute(
            "update comparison_answer set documents = '{999999999}', hashes = array[''::bytea]"
            " where comparison_id = %(id)s and side = 'left'",
            {"id": gone},
        )
    read = (await company.people["curator"].get(f"/api/v1/comparisons/{gone}")).json()
    assert (read["left"], read["right"]["answerable"]) == (None, True)
    async with indexer_of.write(None) as session:
        assert await forget_groundless(session) == 1
        assert await forget_words(session, 0) == 0
        assert await forget_groundless(session) == 0
        assert await forget_words(session, 30) > 0
        assert await forget_open(session) > 0
    assert (await client.get(f"/api/v1/comparisons/{unvoted}")).status_code == 404
    kept = (await client.get(f"/api/v1/comparisons/{number}")).json()
    assert (kept["comparison"]["question"], kept["left"]) == ("", None)
    assert (await client.get(address)).json() == before
    assert before["votes"] > 0
    assert {one["player"] for one in before["standings"]} == set(models)


async def test_prompts_and_searches_are_compared_too(
    company: Company, models: tuple[str, str]
) -> None:
    del models
    words = {"name": "own", "words": "Answer in capitals."}
    number, events, sent = await compared(
        company, "neighbour", kind="prompt", pair=("standard", "standard"), other=words
    )
    assert events[-1][1] == {"votable": True}
    assert "capitals" not in sent
    whole = await voted(company, "neighbour", number, "neither")
    assert {whole[f"{side}_revealed"]["words"] for side in ("left", "right")} == {
        "",
        "Answer in capitals.",
    }
    found = await company.people["curator"].get("/api/v1/comparisons/ranking?kind=prompt")
    assert found.json()["votes"] == 0, "one's own words are in no ranking"


@pytest.mark.parametrize(
    ("kind", "pair", "status"),
    [
        ("model", (MODELS[0], MODELS[0]), 422),
        ("model", (MODELS[0], "nobody"), 404),
        ("prompt", ("brief", "own"), 422),
        ("retrieval", ("words", "meaning"), 404),
    ],
)
async def test_what_cannot_be_compared_is_refused(
    company: Company, models: tuple[str, str], kind: str, pair: tuple[str, str], status: int
) -> None:
    del models
    body = {
        "question": CANTEEN,
        "kind": kind,
        "one": {"name": pair[0]},
        "other": {"name": pair[1]},
    }
    response = await company.people["neighbour"].post("/api/v1/comparisons", json=body)
    assert response.status_code == status, response.text
