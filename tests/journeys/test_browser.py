"""The sample company in a real browser: Playwright on Debian's Chromium against a real server."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from centaure.app.pages import built_interface

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
START_S = 90
EVERYBODY = """
rules:
  - {path: ., type: folder, classification: C1, read: {groups: ["*"]}}
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def serving(command: list[str]) -> Generator[tuple[str, Path]]:
    """A server on a data folder of its own, while it lasts: its address and the folder, `log` in it."""
    if built_interface() is None or shutil.which("chromium") is None:
        pytest.fail("`make test` builds the page and installs Chromium; run that.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="centaure-demo-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)
        environment = {
            **{
                name: value for name, value in os.environ.items() if name != "CENTAURE_DATABASE_URL"
            },
            "CENTAURE_HOME": home,
            "CENTAURE_PORT": str(port),
        }
        log = Path(home) / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [sys.executable, *command],
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/v1/health", server, log)
            yield f"http://127.0.0.1:{port}", Path(home)
        finally:
            subprocess.run(
                [sys.executable, "-m", "centaure.app.cli", "stop"], env=environment, check=False
            )
            server.wait(30)
    assert server.returncode in (0, 143)


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[str, Path, dict[str, str]]]:
    """What `make demo` starts: its address, its data folder, and its passwords by login."""
    with serving([str(ROOT / "examples" / "demo.py")]) as (address, home):
        said = (home / "log").read_text()
        assert "22 euros" in said
        assert "38 euros" in said
        yield address, home, json.loads((home / "accounts.json").read_text())


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            assert server.poll() is None, log.read_text()
            time.sleep(0.2)
    pytest.fail(f"The demonstration did not start: {log.read_text()}")


def play(*specs: str, **environment: str) -> None:
    """Play every journey, or those named: of these, none may be skipped."""
    done = subprocess.run(
        ["npx", "playwright", "test", *specs],
        cwd=ROOT / "ui",
        env={**os.environ, **environment, "CI": "1"},
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    said = done.stdout[-8000:] + done.stderr[-2000:]
    assert done.returncode == 0, said
    if specs:
        assert re.search(rf"^\s*{len(specs)} passed\b", done.stdout, re.MULTILINE), said
        assert not re.search(r"^\s*\d+ skipped\b", done.stdout, re.MULTILINE), said


def test_the_page_in_a_browser(demo: tuple[str, Path, dict[str, str]]) -> None:
    address, _, passwords = demo
    play(CENTAURE_URL=address, CENTAURE_DEMO_ACCOUNTS=json.dumps(passwords))


def test_a_sync_in_a_browser(demo: tuple[str, Path, dict[str, str]], tmp_path: Path) -> None:
    """After the others, which know one source: this one has a folder that changes."""
    address, home, passwords = demo
    (tmp_path / "rights.yaml").write_text(EVERYBODY)
    subprocess.run(
        [sys.executable, "-m", "centaure.app.cli", "source", "add", "folder", str(tmp_path),
         "--name", "arrivages", "--every", "0"],
        env={**os.environ, "CENTAURE_HOME": str(home)},
        check=True,
        timeout=120,
    )  # fmt: skip
    play(
        "sync",
        CENTAURE_URL=address,
        CENTAURE_DEMO_ACCOUNTS=json.dumps(passwords),
        CENTAURE_SYNCED_FOLDER=str(tmp_path),
    )


def test_the_first_run_in_a_browser() -> None:
    with serving(["-m", "centaure.app.cli", "serve"]) as (address, home):
        link = re.search(r"/setup\?token=\S+", (home / "log").read_text())
        assert link
        play("first-run", CENTAURE_URL=address, CENTAURE_FIRST_LINK=link[0])
