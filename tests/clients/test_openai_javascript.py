"""OpenAI's own JavaScript client, unchanged, against `/v1`."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from clients.conftest import Served
from clients.scripted import ARGUMENTS

PACKAGES = Path(__file__).parents[2] / "ui"


def test_the_javascript_client_reads_everything(served: Served) -> None:
    if not (PACKAGES / "node_modules" / "openai").is_dir():
        pytest.skip("The client is not installed: `npm ci` in ui installs it.")
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("openai_client.cjs"))],
        env={
            **os.environ,
            "PACKAGES": str(PACKAGES),
            "OPENAI_BASE_URL": f"{served.address}/v1",
            "OPENAI_API_KEY": served.keys["owner"],
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["whole"] == said["streamed"] == "« Bonjour »"
    assert said["usage"]["total_tokens"] == 8
    assert said["called"] == {"name": "weather", "arguments": ARGUMENTS}
    assert "14 March" in said["answer"]
    assert said["sources"] > 0
    assert {"centaure", "echo"} <= set(said["models"])
    assert said["errors"] == {
        "nothing": [404, "model_not_found"],
        "poor": [429, "insufficient_quota"],
        "away": [503, "service_unavailable"],
    }
