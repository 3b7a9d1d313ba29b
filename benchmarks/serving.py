"""Servers that a benchmark starts: a command, until it answers; what its processes take."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_S, STOP_S = 300.0, 30.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A running command and those that it started."""

    def __init__(self, process: "subprocess.Popen[bytes]", address: str) -> None:
        self._process = process
        self.address = address

    def _family(self) -> list[int]:
        """The process and its descendants, without those of a database."""
        parents: dict[int, int] = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                parents[int(folder.name)] = int(after_name[1])
        family = [self._process.pid]
        for one in family:
            family += [
                child
                for child, parent in parents.items()
                if parent == one and not _is_database(child)
            ]
        return family

    def memory_mb(self, *, peak: bool = False) -> float:
        """Resident memory of all, now or at most so far; what they share is counted for each."""
        wanted = "VmHWM:" if peak else "VmRSS:"
        kilobytes = 0
        for pid in self._family():
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            kilobytes += sum(
                int(line.split()[1]) for line in status.splitlines() if line.startswith(wanted)
            )
        return kilobytes / 1000

    def cpu_s(self) -> float:
        """Seconds of processor that all have used so far."""
        ticks = 0
        for pid in self._family():
            try:
                after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            ticks += int(after_name[11]) + int(after_name[12])
        return ticks / _TICKS


def _is_database(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False


@contextmanager
def serving(
    command: Sequence[str | Path],
    port: int,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A server on a port of this machine, until the end of the block.

    Raises:
        SystemExit: it ended, or did not listen in time; what it wrote is shown.
    """
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    try:
        until = time.monotonic() + START_S
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(
                    f"{command[0]} does not serve:\n{log.read_text(errors='replace')[-3000:]}"
                )
            time.sleep(0.1)
        yield Server(process, f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
