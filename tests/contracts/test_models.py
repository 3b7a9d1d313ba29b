"""The catalogue over HTTP and on the command line: for administrators, its keys seen by nobody."""

import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from centaure.app.installation import Installation
from centaure.gateway.simulation import simulated_service
from contracts.company import Company
from contracts.test_command_line import centaure

pytestmark = pytest.mark.anyio

MODELS = "/api/v1/models"
KEY = "sk-never-to-be-seen"
NOWHERE = "http://127.0.0.1:9/v1"


def described(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "location": NOWHERE, "model": "m", "highest": "C2", **more}


async def test_an_administrator_adds_tries_changes_and_removes_a_model(company: Company) -> None:
    client = company.people["administrator"]
    added = await client.post(MODELS, json=described("one", key=KEY, zone="FRA"))
    assert added.status_code == 201, added.text
    model = added.json()
    assert (model["lifecycle"], model["highest"], model["zone"]) == ("trial", "C2", "FRA")
    again = await client.post(MODELS, json=described("one"))
    assert again.status_code == 409
    address = f"{MODELS}/{model['id']}"
    tried = (await client.post(f"{address}/test")).json()
    assert not tried["answers"]
    assert tried["problem"]
    changed = await client.put(address, json=described("one", lifecycle="approved"))
    assert changed.json()["lifecycle"] == "approved"
    moved = await client.put(address, json=described("one", location="http://127.0.0.1:10/v1"))
    assert moved.status_code == 422
    assert "key" in moved.json()["detail"]
    listed = await client.get(MODELS)
    assert [one["name"] for one in listed.json()] == ["one"]
    for answer in (added, changed, moved, listed):
        assert KEY not in answer.text
        assert "secrets" not in answer.text
    assert (await client.delete(address)).status_code == 204
    assert (await client.get(MODELS)).json() == []


async def test_a_file_of_the_machine_is_not_named_over_http(company: Company) -> None:
    body = described("one", options={"ca_file": "/etc/shadow"})
    refused = await company.people["administrator"].post(MODELS, json=body)
    assert refused.status_code == 422
    assert "centaure models set" in refused.json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"highest": "C7"},
        {"kind": "oracle"},
        {"location": "http://example.org/v1"},
        {"location": "ftp://127.0.0.1"},
        {"location": "http://user:pass@127.0.0.1/v1"},
        {"name": "centaure"},
        {"name": "two\nlines"},
        {"price_in": -1},
        {"price_in": 1e400},
        {"context": 0},
        {"surprise": 1},
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    company: Company, wrong: dict[str, Any]
) -> None:
    written = json.dumps({**described("one"), **wrong})
    refused = await company.people["administrator"].post(
        MODELS, content=written, headers={"Content-Type": "application/json"}
    )
    assert refused.status_code == 422, refused.text
    assert refused.json()["detail"]


async def test_rules_are_written_and_what_would_happen_is_told(company: Company) -> None:
    client = company.people["administrator"]
    for name, highest in (("open", "C0"), ("house", "C3")):
        body = described(name, highest=highest, lifecycle="approved")
        assert (await client.post(MODELS, json=body)).status_code == 201
    rules = [{"name": "secrets", "classes": ["C2", "C3"], "models": ["house"], "exclusive": True}]
    written = await client.put(f"{MODELS}/rules", json=rules)
    assert written.status_code == 200, written.text
    assert (await client.get(f"{MODELS}/rules")).json() == written.json()
    secret = (await client.post(f"{MODELS}/route", json={"classification": "C2"})).json()
    assert secret["rule"] == "secrets"
    assert [one["name"] for one in secret["models"]] == ["house"]
    [left] = secret["left_out"]
    assert left["name"] == "open"
    assert "C0 at most" in left["why"]
    public = (await client.post(f"{MODELS}/route", json={"classification": "C0"})).json()
    assert [one["name"] for one in public["models"]] == ["open", "house"]
    unknown = await client.put(f"{MODELS}/rules", json=[{"name": "x", "models": ["nobody"]}])
    assert unknown.status_code == 422
    for rule in ([], [{"name": "x"}]):
        assert (await client.put(f"{MODELS}/rules", json=rule)).status_code == 200
    ranked = (await client.post(f"{MODELS}/choose", json={"classification": "C2"})).json()
    assert [one["name"] for one in ranked["choices"]] == ["house"]
    assert any("evaluated" in remark for remark in ranked["remarks"])


async def test_the_command_line_keeps_a_model_that_answers(
    clean: Installation, tmp_path: Path
) -> None:
    """The key is in no output, though it is sent to the service."""

    async def told(*words: str, code: int = 0) -> Any:
        done = await centaure(clean, "models", *words, "--json")
        assert done.returncode == code, done.stderr
        assert KEY.encode() not in done.stdout + done.stderr
        return json.loads(done.stdout) if code == 0 else done.stderr.decode()

    key = tmp_path / "key"
    key.write_text(KEY + "\n")
    silent = await told("add", "one", "--address", NOWHERE, "--model", "m", code=7)
    assert "127.0.0.1" in silent
    assert await told("list") == []
    more = ("--set", "price_in=0.5", "--set", "options.pue=1.2,1.4", "--set", "languages=fr,en")
    async with simulated_service() as service:
        address = ("--address", service.address, "--model", "simulated", "--key-file", str(key))
        added = await told("add", "one", *address, *more, "--highest", "C1")
    assert (added["lifecycle"], added["highest"], added["options"]["pue"]) == (
        "approved",
        "C1",
        [1.2, 1.4],
    )
    twin = await told("add", "twin", "--kind", "extractive")
    assert twin["highest"] == "C3"
    assert await told("list") == [added, twin]
    changed = await told("set", "one", "highest=C2", "price_in=", "options.pue=")
    assert (changed["highest"], changed["price_in"], changed["options"]["pue"]) == (
        "C2",
        None,
        None,
    )
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([{"name": "all", "models": ["twin"]}]))
    assert await told("rules", "--write", str(rules)) == [{"name": "all", "models": ["twin"]}]
    routed = await told("route", "--class", "C2")
    assert [one["name"] for one in routed["models"]] == ["twin", "one"]
    ranked = await told("choose", "--class", "C3", "--specific", "much")
    assert ranked["choices"] == []
    assert "evaluated" in " ".join(ranked["remarks"])
    assert "rule" in await told("remove", "twin", code=5)
    assert await told("remove", "one") == {"removed": "one"}
    assert "models list" in await told("remove", "one", code=3)
    assert "FIELD=VALUE" in await told("set", "twin", "shape=round", code=2)


FILE = """
models:
  - {name: one, location: "http://127.0.0.1:9/v1", model: m, highest: C2, key_file: KEY, zone: FRA}
  - {name: twin, kind: extractive, highest: C3}
rules:
  - {name: secrets, classes: [C2, C3], models: [one], exclusive: true}
"""


async def test_a_file_says_which_models_there_are_and_which_rules(
    clean: Installation, tmp_path: Path
) -> None:
    async def load(text: str) -> "CompletedProcess[bytes]":
        file = tmp_path / "models.yaml"
        file.write_text(text.replace("KEY", str(tmp_path / "key")))
        done = await centaure(clean, "models", "load", str(file), "--json")
        assert KEY.encode() not in done.stdout + done.stderr
        return done

    (tmp_path / "key").write_text(KEY)
    first = await load(FILE)
    assert json.loads(first.stdout) == {"added": ["one", "twin"], "changed": []}, first.stderr
    again = await load(FILE.replace("C2, key", "C3, key"))
    assert json.loads(again.stdout) == {"added": [], "changed": ["one", "twin"]}
    listed = json.loads((await centaure(clean, "models", "list", "--json")).stdout)
    assert [(one["name"], one["highest"], one["lifecycle"]) for one in listed] == [
        ("one", "C3", "approved"),
        ("twin", "C3", "approved"),
    ]
    for wrong in ("models: [{name: two}]", "- [", "models: {a: *b}", "nothing: 1", "\x00"):
        refused = await load(wrong)
        assert refused.returncode == 2, refused.stderr
        assert b"Traceback" not in refused.stderr
