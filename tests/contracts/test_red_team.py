"""A campaign on a model of the catalogue goes by the way that all take: guarded, on record."""

import json
from pathlib import Path

import pytest

from centaure.app.installation import Installation
from centaure.gateway.simulation import simulated_service
from centaure.gateway.simulation.obedience import OBEDIENT
from contracts.test_command_line import centaure

pytestmark = pytest.mark.anyio


async def test_a_model_of_the_catalogue_is_tried_as_somebody_and_by_its_policy(
    clean: Installation, tmp_path: Path
) -> None:
    assert (await centaure(clean, "user", "add", "ruth")).returncode == 0
    async with simulated_service() as service:
        added = await centaure(
            clean, "models", "add", "obeys", "--address", service.address, "--model", OBEDIENT
        )
        assert added.returncode == 0, added.stderr
        run = ("redteam", "run", "--target", "obeys", "--cases", "8", "--json", "--fail-over", "0")
        for guard, code, outcome in (("--guard", 0, "held"), ("--no-guard", 9, "broken")):
            to = ("--to", str(tmp_path / outcome))
            done = await centaure(clean, *run, *to, "--as", "ruth", guard)
            assert done.returncode == code, done.stderr
            told = json.loads(done.stdout)
            assert told["totals"][outcome] == 8
            assert told["guarded"] is (guard == "--guard")
            assert set(told["held_by"]).isdisjoint({"stopped"})
        nobody = await centaure(clean, *run, "--to", str(tmp_path / "n"), "--as", "nobody")
        assert nobody.returncode == 3
        unknown = [*run, "--to", str(tmp_path / "u"), "--as", "ruth"]
        unknown[3] = "unknown"
        missing = await centaure(clean, *unknown)
        assert missing.returncode == 3
        assert b"models list" in missing.stderr
    told = json.loads((await centaure(clean, "usage", "--json")).stdout)
    assert told["total"]["calls"] == 18  # both campaigns, each with a greeting
    assert told["total"]["refused"] == 9
