"""The library of prompts over HTTP: one's own and those of one's groups, nobody else's; trials on models."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from centaure.answering.prompts import library
from contracts.company import Company

pytestmark = pytest.mark.anyio

TEXT = "Write to {{customer}}.\nBe brief."


@pytest.fixture
async def models(company: Company) -> AsyncIterator[list[str]]:
    """Two models that follow rules."""
    client = company.people["administrator"]
    names, added = ["first twin", "second twin"], []
    for name in names:
        body = {"name": name, "kind": "extractive", "highest": "C1", "price_in": 1, "price_out": 1}
        response = await client.post("/api/v1/models", json=body)
        assert response.status_code == 201, response.text
        added.append(response.json()["id"])
    await asyncio.sleep(0.3)  # a process sees them after a quarter of a second
    yield names
    for model_id in added:
        await client.delete(f"/api/v1/models/{model_id}")
    await asyncio.sleep(0.3)


async def made(company: Company, person: str = "owner", **more: Any) -> dict[str, Any]:
    body = {"name": "Letter", "tags": ["Sales", "sales "], "text": TEXT, **more}
    response = await company.people[person].post("/api/v1/prompts", json=body)
    assert response.status_code == 201, response.text
    prompt: dict[str, Any] = response.json()
    return prompt


async def test_versions_are_kept_compared_and_taken_back(company: Company) -> None:
    client = company.people["owner"]
    prompt = await made(company)
    assert (prompt["version"], prompt["variables"], prompt["tags"]) == (1, ["customer"], ["sales"])
    address = f"/api/v1/prompts/{prompt['id']}"
    new = {"text": "Write to {{customer}}.\nBe kind.", "note": "kinder", "expected": 1}
    assert (await client.post(f"{address}/versions", json=new)).json()["version"] == 2
    late = await client.post(f"{address}/versions", json=new)
    assert late.status_code == 409, "somebody else's version would be lost"
    lines = (await client.get(f"{address}/difference?older=1&newer=2")).json()
    assert [(line["change"], line["text"]) for line in lines] == [
        ("same", "Write to {{customer}}."),
        ("removed", "Be brief."),
        ("added", "Be kind."),
    ]
    back = await client.post(f"{address}/rollback", json={"version": 1})
    assert (back.json()["version"], back.json()["text"]) == (3, TEXT)
    assert (await client.post(f"{address}/rollback", json={"version": 9})).status_code == 404
    whole = (await client.get(address)).json()
    assert [one["number"] for one in whole["versions"]] == [3, 2, 1]
    assert (await client.delete(address)).status_code == 204
    assert (await client.get(address)).status_code == 404


async def test_a_group_uses_and_scores_what_is_shared_with_it_and_changes_nothing(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, neighbour = company.people["owner"], company.people["neighbour"]
    prompt = await made(company, name="Shared letter")
    address = f"/api/v1/prompts/{prompt['id']}"

    async def seen() -> list[str]:
        return [one["name"] for one in (await neighbour.get("/api/v1/prompts")).json()]

    assert (await neighbour.get(address)).status_code == 404
    assert "Shared letter" not in await seen()
    groups = (await owner.get("/api/v1/conversations/groups")).json()
    staff = next(group["id"] for group in groups if group["label"] == "Staff")
    shared = await owner.put(f"{address}/shares", json={"groups": [staff]})
    assert shared.status_code == 204, shared.text
    read = (await neighbour.get(address)).json()
    assert (read["prompt"]["own"], read["prompt"]["owner_name"]) == (False, "Owner")
    assert "Shared letter" in await seen()
    scored = {"version": 1, "model": "first twin", "score": 4}
    assert (await neighbour.post(f"{address}/scores", json=scored)).status_code == 204
    scored["score"] = 5
    assert (await owner.post(f"{address}/scores", json=scored)).status_code == 204
    [score] = (await owner.get(address)).json()["scores"]
    assert (score["mean"], score["scores"]) == (4.5, 2)
    assert (await owner.post(f"{address}/scores", json={**scored, "score": 2})).status_code == 204
    [score] = (await owner.get(address)).json()["scores"]
    assert (score["mean"], score["scores"]) == (3, 2), "the latest of each person counts"
    monkeypatch.setattr(library, "MOST_SCORES", 2)
    tried = [{**scored, "temperature": temperature} for temperature in (0.5, 0.6, 0.5)]
    told = [await owner.post(f"{address}/scores", json=one) for one in tried]
    assert [one.status_code for one in told] == [204, 409, 204]
    changes = [
        await neighbour.patch(address, json={"name": "Mine"}),
        await neighbour.post(f"{address}/versions", json={"text": "x", "expected": 1}),
        await neighbour.put(f"{address}/shares", json={"groups": []}),
        await neighbour.delete(address),
        await neighbour.post(f"{address}/scores", json={**scored, "version": 2}),
    ]
    assert {change.status_code for change in changes} == {404}
    assert (await owner.put(f"{address}/shares", json={"groups": []})).status_code == 204
    assert (await neighbour.get(address)).status_code == 404
    assert (await owner.put(f"{address}/shares", json={"groups": [999_999]})).status_code == 404


async def test_a_group_reads_the_latest_version_alone(company: Company) -> None:
    owner, neighbour = company.people["owner"], company.people["neighbour"]
    prompt = await made(company, text="Before: {{secret}}")
    address = f"/api/v1/prompts/{prompt['id']}"
    scored = {"version": 1, "model": "first twin", "score": 4}
    assert (await owner.post(f"{address}/scores", json=scored)).status_code == 204
    new = {"text": "After", "expected": 1}
    assert (await owner.post(f"{address}/versions", json=new)).status_code == 201
    groups = (await owner.get("/api/v1/conversations/groups")).json()
    staff = next(group["id"] for group in groups if group["label"] == "Staff")
    assert (await owner.put(f"{address}/shares", json={"groups": [staff]})).status_code == 204
    read = await neighbour.get(address)
    assert [one["number"] for one in read.json()["versions"]] == [2]
    assert read.json()["scores"] == []
    assert "secret" not in read.text
    for older, newer in ((1, 2), (2, 2)):
        compared = f"{address}/difference?older={older}&newer={newer}"
        assert (await neighbour.get(compared)).status_code == 404
        assert (await owner.get(compared)).status_code == 200
    assert (await neighbour.post(f"{address}/scores", json=scored)).status_code == 404
    whole = (await owner.get(address)).json()
    assert [one["number"] for one in whole["versions"]] == [2, 1]
    assert len(whole["scores"]) == 1


async def test_a_list_has_the_beginning_of_each_prompt_alone(company: Company) -> None:
    client = company.people["curator"]
    number = (await made(company, "curator", text="a" * 20_000))["id"]
    prompts = (await client.get("/api/v1/prompts")).json()
    [listed] = [one for one in prompts if one["id"] == number]
    assert listed["beginning"] == "a" * 300
    assert not {"text", "variables"} & set(listed)


async def test_a_trial_fills_the_template_for_each_input_and_model(
    company: Company, models: list[str]
) -> None:
    client = company.people["neighbour"]
    body = {
        "text": "Greet {{name}}",
        "models": models,
        "inputs": [{"name": "Ada"}, {"name": "Grace"}],
        "temperature": 0.7,
        "most_tokens": 50,
    }
    response = await client.post("/api/v1/prompts/trial", json=body)
    assert response.status_code == 200, response.text
    blocks = [block.split("\n") for block in response.text.strip().split("\n\n")]
    events = [(name[7:], json.loads(data[6:])) for name, data in blocks]
    assert events[-1] == ("tried", {"cells": 4})
    cells = {(cell["row"], cell["column"]): cell for name, cell in events if name == "cell"}
    assert set(cells) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    for (_, column), cell in cells.items():
        assert cell["model"] == f"{models[column]} (simulated)"
        assert cell["problem"] == ""
        assert cell["text"]
        assert cell["generation"] > 0
        assert cell["euros"] > 0
    absent = await client.post("/api/v1/prompts/trial", json={**body, "models": ["absent"]})
    assert absent.status_code == 404
    empty = await client.post("/api/v1/prompts/trial", json={**body, "inputs": [{}]})
    assert empty.status_code == 422
    assert "name" in empty.json()["detail"]


async def test_a_draft_comes_by_rules_without_a_model(company: Company) -> None:
    client = company.people["neighbour"]
    asked = {"intention": "répondre à un client mécontent de sa livraison"}
    draft = (await client.post("/api/v1/prompts/draft", json=asked)).json()
    assert (draft["by"], draft["model"], draft["kind"]) == ("rules", "", "reply")
    none = await client.post("/api/v1/prompts/draft", json={**asked, "by": "model"})
    assert none.status_code == 503
    forms = (await client.get("/api/v1/prompts/frameworks?language=en")).json()
    filled = {
        "framework": "race",
        "language": "en",
        "values": {field["key"]: "said" for field in forms[4]["fields"]},
    }
    made = (await client.post("/api/v1/prompts/frameworks", json=filled)).json()
    assert made["text"].startswith("# Your role\nsaid")
