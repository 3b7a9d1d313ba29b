"""Health: anybody learns that the API answers, administrators how its parts are."""

import os

import pytest

from contracts.company import Company

pytestmark = pytest.mark.anyio


async def test_an_administrator_sees_the_parts_and_none_of_their_content(company: Company) -> None:
    answer = await company.people["administrator"].get("/api/v1/health/details")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["status"] == "ok"
    assert found["database"]["embedded"] is ("CENTAURE_TEST_DATABASE_URL" not in os.environ)
    assert found["database"]["revision"].isdigit()
    assert found["database"]["size"] > 0
    assert 0 < found["disk"]["free"] <= found["disk"]["total"]
    assert set(found["queue"]) == {"workers", "waiting", "waiting_since", "running", "failed"}
    assert all(set(model) == {"name", "answers", "problem"} for model in found["models"])
