"""Requests for rights over the API and the command line: nothing is told, and nobody acts for another."""

import json

import pytest

from centaure.app.installation import Installation
from contracts.company import Company
from contracts.test_command_line import centaure

pytestmark = pytest.mark.anyio

HIDDEN, ABSENT = "the folder confidentiel-zanzibar", "the folder quexolite"


async def test_what_is_hidden_and_what_is_not_there_are_asked_for_alike(company: Company) -> None:
    neighbour = company.people["neighbour"]
    said = []
    for wanted in (HIDDEN, ABSENT):
        asked = {"wanted": wanted, "why": "My task."}
        answer = await neighbour.post("/api/v1/access-requests", json=asked)
        assert answer.status_code == 202
        told = answer.json()
        assert told.pop("id")
        assert told.pop("asked_at")
        assert told.pop("wanted") == wanted
        said.append((told, sorted(answer.headers)))
    assert said[0] == said[1]


async def test_nobody_asks_for_another_and_no_program_for_anybody(company: Company) -> None:
    neighbour, program = company.people["neighbour"], company.people["stranger"]
    other = {"wanted": "x", "why": "y", "principal": 1, "login": "owner"}
    asked = (await neighbour.post("/api/v1/access-requests", json=other)).json()
    assert asked["login"] == "neighbour"
    scopes = ["search", "ask", "conversations", "documents", "sources", "administration"]
    made = await neighbour.post("/api/v1/keys", json={"label": "all", "scopes": scopes})
    keyed = {"Authorization": f"Bearer {made.json()['secret']}"}
    address = "/api/v1/access-requests"
    decided = {"decision": "refused", "reason": "no"}
    for answer in (
        await program.get(address, headers=keyed),
        await program.post(address, headers=keyed, json=other),
        await program.post(f"{address}/{asked['id']}/decision", headers=keyed, json=decided),
    ):
        assert answer.status_code == 403


async def test_a_decision_is_read_by_who_asked_and_opens_nothing(company: Company) -> None:
    neighbour, curator = company.people["neighbour"], company.people["curator"]
    address = "/api/v1/access-requests"
    asked = {"wanted": "the board", "why": "My task."}
    number = (await neighbour.post(address, json=asked)).json()["id"]
    seen = (await curator.get(address)).json()
    assert number in [one["id"] for one in seen["to_decide"]]
    assert number not in [one["id"] for one in seen["own"]]
    assert (await neighbour.get(address)).json()["to_decide"] == []
    assert (await company.people["administrator"].get(address)).json()["to_decide"] == []
    decided = {"decision": "approved", "reason": "Needed until June.", "applied_by": "Facilities"}
    for who in ("neighbour", "owner", "administrator"):
        refused = await company.people[who].post(f"{address}/{number}/decision", json=decided)
        assert refused.status_code == 403
    done = await curator.post(f"{address}/{number}/decision", json=decided)
    assert done.status_code == 200
    assert "rights.yaml" in done.json()["to_do"]
    mine = {one["id"]: one for one in (await neighbour.get(address)).json()["own"]}[number]
    assert (mine["state"], mine["applied_by"]) == ("approved", "Facilities")
    assert (await neighbour.get(f"/api/v1/documents/{company.pdf}")).status_code == 404
    own = (await curator.post(address, json=asked)).json()["id"]
    alone = await curator.post(f"{address}/{own}/decision", json=decided)
    nowhere = await curator.post(f"{address}/999999/decision", json=decided)
    assert (alone.status_code, alone.content) == (404, nowhere.content)


async def test_a_curator_decides_on_the_command_line(
    company: Company, installation: Installation
) -> None:
    asked = {"wanted": "the archive", "why": "My task."}
    made = await company.people["neighbour"].post("/api/v1/access-requests", json=asked)
    number = str(made.json()["id"])

    async def run(*words: str, who: str = "curator") -> tuple[int, bytes]:
        done = await centaure(installation, "access", *words, "--as", who)
        return done.returncode, done.stdout

    listed = json.loads((await run("requests", "--json"))[1])
    assert number in [str(one["id"]) for one in listed]
    assert await run("requests", "--json", who="administrator") == (4, b"")
    refused = await run("refuse", number, "--reason", "no", who="administrator")
    assert refused == (4, b"")
    done = await run("approve", number, "--reason", "needed", "--applied-by", "Facilities")
    assert done[0] == 0
    assert b"Nothing is opened by this." in done[1]
    assert (await run("refuse", number, "--reason", "no"))[0] == 5
    assert (await run("refuse", "999999", "--reason", "no"))[0] == 3
