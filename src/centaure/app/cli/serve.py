"""`centaure serve`, `worker`, `stop`: the processes of an installation."""

import asyncio
import contextlib
import fcntl
import gc
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from centaure.app.cli.output import AsJson, note, print_json, say
from centaure.app.cli.running import allow_many_connections, serve_until_done
from centaure.app.installation import Installation, open_installation
from centaure.kit.errors import Conflict, Unavailable
from centaure.kit.settings import Settings, load_settings

if TYPE_CHECKING:
    import uvicorn

STOP_PATIENCE_S = 30.0
RESTART_PAUSE_S = 2.0
SETTLED_S = 10.0
"""After this, what a process keeps for good is loaded: the garbage collector need not look at it again."""
BACKGROUND = 10
"""How far the worker, and what it starts, stands back where people wait for the same processor."""


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    app.command("serve")(serve)
    app.command("worker")(worker)
    app.command("stop")(stop)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen on; by default 8600.")
    ] = None,
    *,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Run a worker process beside the API.")
    ] = True,
) -> None:
    """Serve the API and the web page, with a worker beside it, until Ctrl-C."""
    chosen = {key: value for key, value in (("host", host), ("port", port)) if value is not None}
    settings = load_settings().model_copy(update=chosen)
    allow_many_connections()
    # The database starts in a process of its own: meanwhile this one imports what it will need.
    threading.Thread(target=_load, daemon=True).start()
    with (
        open_installation(settings) as installation,
        _only_one(settings),
        contextlib.suppress(KeyboardInterrupt),
    ):
        serve_until_done(_serve(installation, with_worker=with_worker))


def _load() -> None:
    importlib.import_module("centaure.app.api")
    importlib.import_module("centaure.footprint.estimator").load()


def worker(
    *,
    once: Annotated[bool, typer.Option(help="Do the jobs that wait, then stop.")] = False,
) -> None:
    """Do the jobs of the queue: synchronisations, and what follows from them."""
    with open_installation() as installation:  # which may start the database: not in the background
        os.nice(BACKGROUND)
        asyncio.run(run_worker(installation, once=once))
        if once:
            say(f"The jobs that waited are done. {asyncio.run(_index_now(installation))}")


def stop(*, as_json: AsJson = False) -> None:
    """Stop what `centaure serve` started on this data folder."""
    settings = load_settings()
    stopped = _stop(_pid_file(settings))
    if as_json:
        print_json({"stopped": stopped})
    else:
        say(f"{'Stopped' if stopped else 'Nothing runs'}: {settings.home}")


def _stop(path: Path) -> bool:
    """Ask the process of a lock to end, and wait for it; False when nobody holds the lock."""
    if not path.exists():
        return False
    with path.open("a+") as file:
        if _lock(file):
            return False
        file.seek(0)
        try:
            pid = int(file.readline())
            os.kill(pid, signal.SIGTERM)
        except (ValueError, ProcessLookupError):
            raise Conflict("Centaure is starting or stopping; try again in a second.") from None
        except PermissionError:
            raise Conflict("Centaure runs as another user; stop it as that user.") from None
        deadline = time.monotonic() + STOP_PATIENCE_S
        while time.monotonic() < deadline:
            if _lock(file):
                return True
            time.sleep(0.1)
    raise Conflict(f"Process {pid} has not stopped within {STOP_PATIENCE_S:.0f} s; look at it.")


async def run_worker(installation: Installation, *, once: bool = False) -> None:
    """Run the jobs of the queue in this process."""
    # Parsers and the queue are the worker's own weight; the other commands start without them.
    from centaure.app.jobs import BLUEPRINTS, worker_context  # noqa: PLC0415
    from centaure.kit.jobs import HEARTBEAT_S, POLLING_S, WAITED_FOR, open_queue  # noqa: PLC0415

    database = installation.database("indexer")
    queue = open_queue(database, BLUEPRINTS, pool_size=6)
    ways: dict[str, Any] = {
        "wait": not once,
        "fetch_job_polling_interval": POLLING_S,
        "update_heartbeat_interval": HEARTBEAT_S,
        "delete_jobs": "successful",
        "additional_context": worker_context(installation, database),
    }
    most: dict[str, Any] = {
        "concurrency": installation.settings.worker_jobs,
        "shutdown_graceful_timeout": STOP_PATIENCE_S / 2,
    }
    kept: dict[str, Any] = {
        "queues": [WAITED_FOR],
        "concurrency": 1,
        "shutdown_graceful_timeout": STOP_PATIENCE_S / 6,  # begun when the others have ended
        "install_signal_handlers": False,
    }
    try:
        async with queue.open_async(), asyncio.TaskGroup() as places:
            place = None if once else places.create_task(queue.run_worker_async(**ways, **kept))
            await queue.run_worker_async(**ways, **most)
            if place is not None:
                place.cancel()
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
    finally:
        await database.close()


async def _index_now(installation: Installation) -> str:
    """A sentence on the generations of the index that are in use or being made."""
    from centaure.knowledge.indexing.generations import list_generations  # noqa: PLC0415

    database = installation.database("indexer")
    try:
        async with database.read(None) as session:
            found = await list_generations(session)
    finally:
        await database.close()
    said = [f"{one.id} {one.state}" for one in found]
    return f"Generations of the index: {', '.join(said)}."


async def _serve(installation: Installation, *, with_worker: bool) -> None:
    import uvicorn  # noqa: PLC0415

    from centaure.app.api import make_api  # noqa: PLC0415
    from centaure.app.pages import built_interface  # noqa: PLC0415

    settings = installation.settings
    interface = built_interface()
    if interface is None:
        note("The web page is not built (`make ui` builds it): only the API is served.")
    api = make_api(installation, interface)
    server = uvicorn.Server(
        uvicorn.Config(
            api,
            log_level="warning",
            access_log=False,  # a question in an address is not for a log
            server_header=False,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=30,
        )
    )
    listener = _listen(settings)
    await _invite_first_administrator(installation)
    keeper = asyncio.create_task(_keep_worker(server)) if with_worker else None
    asyncio.get_running_loop().call_later(SETTLED_S, gc.freeze)
    say(f"Centaure answers at {settings.address} (Ctrl-C stops it).")
    sys.stdout.flush()
    try:
        await server.serve(sockets=[listener])
    finally:
        if keeper is not None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"Centaure cannot listen on {settings.host}, port {settings.port} ({error.strerror}). Choose "
            "another with --port or CENTAURE_PORT."
        ) from error
    return listener


async def _keep_worker(server: "uvicorn.Server") -> None:
    """A worker process beside the API, started again if it ends; never killed in the middle of a job."""
    # People first: two processes that start slow each other down.
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(0.05)
    while True:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "centaure.app.cli", "worker", stdin=subprocess.DEVNULL
        )
        try:
            code = await process.wait()
            note(f"The worker ended with status {code}; it is started again.")
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_PATIENCE_S - 5)
            except TimeoutError:
                process.kill()
                await process.wait()
            raise
        await asyncio.sleep(RESTART_PAUSE_S)


async def _invite_first_administrator(installation: Installation) -> None:
    from centaure.identity.service import first_administrator_token  # noqa: PLC0415

    database = installation.database("app")
    try:
        async with database.write(None) as session:
            token = await first_administrator_token(session)
    finally:
        await database.close()
    if token is not None:
        address = installation.settings.address
        say(
            f"Nobody can sign in yet. The first administrator opens, once: {address}/setup?token={token}"
        )


@contextlib.contextmanager
def _only_one(settings: Settings) -> Generator[None]:
    """Whoever serves a data folder holds a lock there, under its process number."""
    path = _pid_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    with path.open("a+") as file:
        if not _lock(file):
            raise Conflict("Centaure serves this data folder already; `centaure stop` stops it.")
        file.truncate(0)
        file.write(f"{os.getpid()}\n{settings.address}\n")
        file.flush()
        yield


def served_address(settings: Settings) -> str:
    """The address that a running `centaure serve` answers at; else the one that it would have."""
    with contextlib.suppress(OSError), _pid_file(settings).open("a+") as file:
        if not _lock(file):
            file.seek(0)
            return (file.read().splitlines()[1:] or [settings.address])[0]
    return settings.address


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_file(settings: Settings) -> Path:
    return settings.home / "serve.pid"
