"""The embedded server lives while somebody uses it, and refuses what it cannot read."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from centaure.kit.errors import Unavailable
from centaure.kit.postgres import EmbeddedPostgres

pytestmark = pytest.mark.skipif(
    "CENTAURE_TEST_DATABASE_URL" in os.environ,
    reason="the embedded server is not what is used here",
)

HOLD = """
import sys
from pathlib import Path
from centaure.kit.postgres import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1]), "secret", shared_buffers_mb=16).start()
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the system user may pass through."""
    with tempfile.TemporaryDirectory(prefix="centaure-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def server_of(place: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(place, "secret", shared_buffers_mb=16)


def answers(server: EmbeddedPostgres) -> bool:
    try:
        psycopg.connect(server.conninfo("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def is_alive(pid: int) -> bool:
    stat_file = Path(f"/proc/{pid}/stat")
    return stat_file.exists() and stat_file.read_text().rpartition(")")[2].split()[0] != "Z"


def another_process(place: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


def test_the_last_one_out_stops_the_server(place: Path) -> None:
    first, second = server_of(place), server_of(place)
    first.start()
    second.start()
    first.stop()
    assert answers(second)
    second.stop()
    assert not answers(second)


def test_a_server_left_by_a_killed_process_is_taken_over_then_stopped(place: Path) -> None:
    process = another_process(place)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    server = server_of(place)
    assert answers(server)
    server.start()
    server.stop()
    assert not answers(server)


def test_a_killed_database_recovers_with_its_data(place: Path) -> None:
    server = server_of(place)
    server.start()
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute("create table kept as select 42 as answer")
    postmaster = int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(postmaster) and time.monotonic() < deadline:
        time.sleep(0.05)
    server.stop()
    again = server_of(place)
    again.start()
    with psycopg.connect(again.conninfo("postgres")) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
    again.stop()


def test_nobody_comes_in_without_the_password(place: Path) -> None:
    server = server_of(place)
    server.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.conninfo("postgres").replace("secret", "guessed"))
    server.stop()


def test_data_of_another_major_version_are_refused_untouched(place: Path) -> None:
    server = server_of(place)
    server.start()
    server.stop()
    version = server.folder / "data" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(Unavailable, match=r"belong to PostgreSQL 17.*Nothing was changed"):
        server_of(place).start()
    assert version.read_text() == "17\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_a_closed_home_of_root_works_too(place: Path) -> None:
    home = place / "closed" / "home"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    server = server_of(home)
    server.start()
    assert answers(server)
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
    server.stop()
    target = server.folder.resolve()
    assert target.is_relative_to("/var/lib/centaure")
    subprocess.run(["rm", "-rf", str(target)], check=True)


def test_a_long_path_finds_a_short_socket(place: Path) -> None:
    home = place / ("long" * 25)
    home.mkdir(mode=0o711)
    server = server_of(home)
    server.start()
    assert answers(server)
    server.stop()
