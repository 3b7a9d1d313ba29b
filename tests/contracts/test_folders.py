"""Folders that are added in a browser: by administrators in person, who are told of nothing else."""

from pathlib import Path
from typing import Any

import pytest

from contracts.company import Company

pytestmark = pytest.mark.anyio

ADDRESS = "/api/v1/sources/folders"


async def test_no_key_adds_or_looks_at_a_folder_of_the_server(company: Company) -> None:
    scopes = ["search", "ask", "conversations", "documents", "sources", "administration"]
    made = await company.people["administrator"].post(
        "/api/v1/keys", json={"label": "all", "scopes": scopes}
    )
    keyed = {"Authorization": f"Bearer {made.json()['secret']}"}
    program = company.people["stranger"]
    for answer in (
        await program.get(ADDRESS, headers=keyed),
        await program.post(f"{ADDRESS}/look", headers=keyed, json={"path": "/"}),
        await program.post(ADDRESS, headers=keyed, json={"path": "/", "readers": ["*"]}),
        await program.get(f"{ADDRESS}/1", headers=keyed),
    ):
        assert answer.status_code == 403


async def test_what_is_outside_is_answered_alike_whether_it_exists_or_not(
    company: Company, tmp_path: Path
) -> None:
    administrator = company.people["administrator"]
    secret = company.root / "confidentiel-zanzibar"
    said: list[tuple[Any, int, str]] = []
    for path in (str(secret), str(secret / "confidentiel-plan.pdf"), str(tmp_path / "absent")):
        looked = (await administrator.post(f"{ADDRESS}/look", json={"path": path})).json()
        assert looked.pop("path") == path
        added = await administrator.post(ADDRESS, json={"path": path, "readers": ["administrator"]})
        said.append((looked, added.status_code, added.json()["detail"]))
    assert said[0] == said[1] == said[2]
    assert said[0][0]["problem"] == "outside"
    assert said[0][0]["files"] == 0


async def test_a_folder_that_waits_is_followed_by_whoever_asked(company: Company) -> None:
    administrator = company.people["administrator"]
    own = next(
        one["path"] for one in (await administrator.get(ADDRESS)).json() if not one["sample"]
    )
    asked = {"path": own, "name": "Ours", "readers": ["neighbour"], "classification": "C1"}
    made = await administrator.post(ADDRESS, json=asked)
    assert made.status_code == 202, made.text
    followed = await administrator.get(f"{ADDRESS}/{made.json()['id']}")
    assert followed.json()["state"] == "waiting"
    assert (await administrator.post(ADDRESS, json={**asked, "readers": []})).status_code == 422
    assert (await administrator.post(ADDRESS, json={**asked, "readers": ["?"]})).status_code == 422
