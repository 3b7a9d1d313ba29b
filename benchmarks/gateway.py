"""What the way through Centaure adds to a model's answer, with LiteLLM's proxy beside it in the same run.

A real API process and a real simulated model (`centaure simulate`) on this machine, each a process; what asks
is a third. What each of them takes of the processors is in the table: they share them with the database.
Centaure does what it always does: it checks the key, routes, reserves what the quotas allow, records each
call in its database. What is asked is held against the guardrails; answers come as the model gives them,
since guardrails that look at answers let out whole sentences: --checked leaves those on. LiteLLM's proxy
runs as its documentation advises without a database: it checks one key and keeps nothing. It has an
environment of its own, from a hash-pinned requirement file.

a. Overhead: 100 streams of 50 tokens a second are open all the time; whoever begins one asks the model itself
   first, up to its first token, and then the same through the gateway: the difference is the overhead. With
   the model in the place of the gateway too, it is what the machine itself varies by.
b. Held: 1,000 streams are opened and stay open together; memory is that of the gateway's processes then.
c. Requests a second: clients ask one after the other for a short answer that comes at once.
d. Question to first token with retrieval, by `POST /api/v1/ask`: users ask the questions of the collections
   about a base that benchmarks/search.py filled, and a model answers at once.

    python benchmarks/gateway.py [--only overhead held rate question] [--without litellm]
        [--checked] [--base FOLDER] [--cache FOLDER]

--base is a folder that `benchmarks/search.py --keep` filled; without it a base of 10,000 passages is filled.
"""

import argparse
import asyncio
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import uvloop

from centaure.app.installation import open_installation
from centaure.guardrails.checks import checks
from centaure.guardrails.policies import write
from centaure.guardrails.policy import Policy
from centaure.guardrails.verdicts import Stage
from centaure.kit.settings import Settings
from report import Cell, report
from rivals import CACHE, REQUIREMENTS, make_environment, version_of
from search import fill, read_languages
from serving import Server, free_port, serving
from streams import Answer, Door, ask

MODEL = "simulated"
STREAMS, TOKENS_PER_S, STREAM_S = 100, 50, 8
CLIENTS = 32
HELD, OPENING_S, SLOW_PER_S, HELD_S = 1000, 40, 1, 70
"""So many streams, opened in so many seconds, of so many tokens a second, which last so many seconds."""
USERS, PAUSE_S = 20, 5.0
BODY = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "What does the travel policy say of hotels?"}],
    "stream": True,
    "max_tokens": 1000,
}
WANTED: dict[str, Cell] = {"added p95 wanted ms": 15, "MB wanted": 600}
_CENTAURE = (sys.executable, "-m", "centaure.app.cli")


@dataclass
class Product:
    """A gateway, and what was found of it.

    Attributes:
        name: as the table shows it.
        door: where it is asked.
        server: its processes.
        row: figures by column.
    """

    name: str
    door: Door
    server: Server
    row: dict[str, Cell] = field(default_factory=dict[str, Cell])


# Servers ------------------------------------------------------------------------------------------------


@contextmanager
def simulated(port: int, folder: Path, *options: str) -> Iterator[Server]:
    """The simulated model."""
    command = (*_CENTAURE, "simulate", "--port", str(port), *options)
    with serving(command, port, folder / "simulated.log") as server:
        yield server


@contextmanager
def centaure(home: Path, folder: Path, model_port: int, *, checked: bool) -> Iterator[Server]:
    """Centaure's API, with the simulated model in its catalogue; `checked`: answers too."""
    port = free_port()
    environment = {"CENTAURE_HOME": str(home), "CENTAURE_PORT": str(port)}
    os.environ.update(environment)
    command = (*_CENTAURE, "serve", "--no-worker")
    with serving(command, port, folder / "centaure.log", environment) as server:
        uvloop.run(prepare(home, f"http://127.0.0.1:{model_port}/v1", checked=checked))
        yield server


async def prepare(home: Path, address: str, *, checked: bool) -> None:
    """Put the simulated model into the catalogue, in place of one of another run, and the policy in force."""
    looking = {check.name for check in checks() if Stage.OUTPUT in check.stages}
    policy = Policy(off=frozenset() if checked else frozenset(looking))
    with open_installation(Settings(home=home)) as installation:
        database = installation.database("owner")
        async with database.write(None) as session:
            await session.execute("delete from model where name = %(name)s", {"name": MODEL})
            await session.execute(
                "insert into model (name, kind, location, model, highest, lifecycle, parameters_active,"
                " parameters_total, zone, price_in, price_out) values"
                " (%(name)s, 'openai', %(address)s, %(name)s, 3, 'approved', 24, 24, 'FRA', 0.2, 0.6)",
                {"name": MODEL, "address": address},
            )
            await write(session, "", policy, None)
        await database.close()


def told(*words: str) -> str:
    """What a command of Centaure prints."""
    done = subprocess.run(
        (*_CENTAURE, *words), capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise SystemExit(f"centaure {' '.join(words)}: {done.stderr}")
    return done.stdout.strip()


@contextmanager
def litellm(cache: Path, folder: Path, model_port: int) -> Iterator[tuple[Server, str]]:
    """LiteLLM's proxy with one process, and its key."""
    environment = make_environment(cache, REQUIREMENTS / "rivals" / "litellm.txt")
    port, key = free_port(), "sk-benchmark"
    told_model = {
        "model": f"openai/{MODEL}",
        "api_base": f"http://127.0.0.1:{model_port}/v1",
        "api_key": "none",
    }
    settings = {
        "model_list": [{"model_name": MODEL, "litellm_params": told_model}],
        "general_settings": {"master_key": key},
    }
    path = folder / "litellm.yaml"
    path.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
    command = (
        environment / "bin" / "litellm", "--config", path, "--host", "127.0.0.1", "--port", str(port),
        "--num_workers", "1", "--telemetry", "False",
    )  # fmt: skip
    calm = {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_LOG": "ERROR",
    }
    with serving(command, port, folder / "litellm.log", calm) as server:
        yield server, key


# Measures -----------------------------------------------------------------------------------------------


async def overheads(
    door: Door, direct: Door, streams: int, seconds: float
) -> tuple[list[float], int]:
    """Milliseconds that a gateway adds to the first token, by pair, and how many answers failed."""
    added: list[float] = []
    failed = 0
    until = time.perf_counter() + seconds

    async def client(number: int) -> None:
        nonlocal failed
        await asyncio.sleep(number / streams * STREAM_S)  # not all at once
        while time.perf_counter() < until:
            alone = await ask(direct, only_first=True)
            through = await ask(door)
            if alone.first_s is None or through.first_s is None or through.failed:
                failed += 1
            else:
                added.append((through.first_s - alone.first_s) * 1000)

    await asyncio.gather(*(client(number) for number in range(streams)))
    return added, failed


async def held(door: Door, server: Server, streams: int) -> tuple[int, int, float]:
    """Opens streams one after the other: most open at once, failures, memory when the last one was open."""
    answers: list[Answer] = []
    opened = now_open = most_open = 0
    memory = 0.0

    def one_more() -> None:
        nonlocal opened, now_open, most_open, memory
        opened, now_open = opened + 1, now_open + 1
        most_open = max(most_open, now_open)
        if opened == streams:
            memory = server.memory_mb()

    async def client() -> None:
        nonlocal now_open
        answer = await ask(door, opened=one_more)
        now_open -= answer.first_s is not None
        answers.append(answer)

    async with asyncio.TaskGroup() as group:
        for _ in range(streams):
            group.create_task(client())
            await asyncio.sleep(OPENING_S / streams)
    return most_open, sum(one.failed for one in answers), memory or server.memory_mb(peak=True)


async def rate(door: Door, clients: int, seconds: float) -> tuple[float, int]:
    """Answers a second, and how many failed."""
    done = failed = 0
    started = time.perf_counter()

    async def client() -> None:
        nonlocal done, failed
        while time.perf_counter() - started < seconds:
            failed += (await ask(door)).failed
            done += 1

    await asyncio.gather(*(client() for _ in range(clients)))
    return done / (time.perf_counter() - started), failed


async def first_sentences(
    door: Door, questions: Sequence[str], users: int, pause_s: float, seconds: float
) -> tuple[list[float], Counter[str]]:
    """Milliseconds from each question to the first sentence that a model wrote; the other ends, counted."""
    times: list[float] = []
    others: Counter[str] = Counter()
    waiting = cycle(questions)
    until = time.perf_counter() + seconds
    chance = random.Random(5)

    async def user() -> None:
        await asyncio.sleep(chance.uniform(0, pause_s))
        while time.perf_counter() < until:
            answer = await ask(door, question=next(waiting))
            whole = {} if answer.failed else json.loads(answer.last)
            if answer.first_s is not None and whole.get("model"):
                times.append(answer.first_s * 1000)
            else:
                others["failed" if answer.failed or whole["fallback"] else "not answerable"] += 1
            await asyncio.sleep(chance.uniform(0, 2 * pause_s))

    await asyncio.gather(*(user() for _ in range(users)))
    return times, others


# Runs ---------------------------------------------------------------------------------------------------


def run_gateways(
    products: Sequence[Product], alone: Product, model_port: int, folder: Path, chosen: Any
) -> None:
    """Parts a, b and c of each product, one after the other in each part; a and c of the model `alone`."""
    direct = alone.door
    if "overhead" in chosen.only:
        tokens = (
            "--tokens-per-second",
            str(TOKENS_PER_S),
            "--tokens",
            str(TOKENS_PER_S * STREAM_S),
        )
        with simulated(model_port, folder, *tokens) as model:
            alone.server = model
            for product in (alone, *products):
                uvloop.run(rate(product.door, 2, 1))  # what a server does once
                spent = {
                    "gateway": product.server.cpu_s,
                    "model": model.cpu_s,
                    "asking": time.process_time,
                }
                before = {name: read() for name, read in spent.items()}
                started = time.perf_counter()
                added, failed = uvloop.run(
                    overheads(product.door, direct, chosen.streams, chosen.seconds)
                )
                took = time.perf_counter() - started
                cuts = statistics.quantiles(added, n=100) if len(added) > 1 else [math.nan] * 99
                product.row |= {
                    "added p50 ms": cuts[49], "added p95 ms": cuts[94], "added p99 ms": cuts[98],
                    "pairs": len(added), "failed of these": failed,
                } | {
                    f"processors of {name}": round((read() - before[name]) / took, 2)
                    for name, read in spent.items()
                }  # fmt: skip
                print(product.name, product.row, flush=True)
    if "rate" in chosen.only:
        with simulated(model_port, folder, "--tokens", "10") as alone.server:
            for product in (alone, *products):
                uvloop.run(rate(product.door, CLIENTS, 2))
                before, started = product.server.cpu_s(), time.perf_counter()
                per_second, failed = uvloop.run(rate(product.door, CLIENTS, chosen.seconds))
                answers = per_second * (time.perf_counter() - started)
                spent_ms = (product.server.cpu_s() - before) * 1000 / answers
                product.row |= {
                    "answers a second": per_second, "processor ms each": spent_ms,
                    "failed of so many": failed,
                }  # fmt: skip
                print(product.name, product.row, flush=True)
    if "held" in chosen.only:
        tokens = ("--tokens-per-second", str(SLOW_PER_S), "--tokens", str(SLOW_PER_S * HELD_S))
        with simulated(model_port, folder, *tokens):
            for product in products:
                idle = product.server.memory_mb()
                most, failed, memory = uvloop.run(held(product.door, product.server, HELD))
                product.row |= {
                    "MB before": round(idle), "open at once": most, "MB then": round(memory),
                    "failed of 1,000": failed,
                }  # fmt: skip
                print(product.name, product.row, flush=True)


def run_questions(
    url: str, key: str, model_port: int, folder: Path, chosen: Any
) -> dict[str, Cell]:
    """Part d."""
    _, questions = read_languages(chosen.data, 200)
    door = Door(f"{url}/api/v1/ask", {"question": ""}, key, _is_sentence, b'{"question"')
    with simulated(model_port, folder):
        uvloop.run(first_sentences(door, questions, 5, 0.0, chosen.seconds / 3))
        times, others = uvloop.run(first_sentences(door, questions, USERS, PAUSE_S, chosen.seconds))
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [math.nan] * 99
    return {
        "users": USERS, "pause s": PAUSE_S, "answers": len(times), "p50 ms": cuts[49], "p95": cuts[94],
        "p99": cuts[98], "not answerable": others["not answerable"], "failed": others["failed"],
    }  # fmt: skip


def _is_sentence(data: bytes) -> bool:
    return data.startswith(b'{"text"')


def filled(chosen: Any, folder: Path) -> Path:
    """The data folder: one that was kept, or a new one of 10,000 passages that one user may read."""
    home: Path = chosen.base or folder / "home"
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    if chosen.base is None and "question" in chosen.only:
        languages, _ = read_languages(chosen.data, 1)
        with open_installation(Settings(home=home)) as installation:
            fill(installation, languages, 10_000)
    return home


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parts = ("overhead", "rate", "held", "question")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--without", nargs="+", choices=("litellm",), default=())
    parser.add_argument("--seconds", type=float, default=60, help="of each measure of time")
    parser.add_argument("--streams", type=int, default=STREAMS, help="open at once in part a")
    parser.add_argument("--checked", action="store_true", help="answers are held against checks")
    parser.add_argument("--base", type=Path, help="a folder filled by benchmarks/search.py --keep")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=CACHE, help="environments")
    chosen = parser.parse_args()
    rows: list[Product] = []
    question: dict[str, Cell] = {}
    versions: dict[str, Cell] = {}
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="centaure-bench-")))
        folder.chmod(0o711)
        model_port = free_port()
        home = filled(chosen, folder)
        ours = opened.enter_context(centaure(home, folder, model_port, checked=chosen.checked))
        key = key_of_a_reader()
        rows.append(
            Product("Centaure", Door(f"{ours.address}/v1/chat/completions", BODY, key), ours)
        )
        if "litellm" not in chosen.without and set(chosen.only) - {"question"}:
            theirs, their_key = opened.enter_context(litellm(chosen.cache, folder, model_port))
            door = Door(f"{theirs.address}/v1/chat/completions", BODY, their_key)
            rows.append(Product("LiteLLM's proxy", door, theirs))
            environment = make_environment(chosen.cache, REQUIREMENTS / "rivals" / "litellm.txt")
            versions["LiteLLM"] = version_of(environment / "bin" / "python", "litellm")
        direct = Door(f"http://127.0.0.1:{model_port}/v1/chat/completions", BODY)
        alone = Product("the model itself", direct, ours)
        run_gateways(rows, alone, model_port, folder, chosen)
        rows.append(alone)
        if "question" in chosen.only:
            question = run_questions(ours.address, key, model_port, folder, chosen)
    if rows[0].row:
        report(
            "gateway",
            ["figure", *(product.name for product in rows)],
            [
                [figure, *(product.row.get(figure) for product in rows)]
                for figure in rows[0].row
            ],
            {
                **WANTED, "streams": chosen.streams, "tokens a second": TOKENS_PER_S,
                "clients": CLIENTS, **versions,
            },
        )  # fmt: skip
    if question:
        report(
            "gateway_question", list(question), [list(question.values())], {"p95 wanted ms": 120}
        )


def key_of_a_reader() -> str:
    """The key of somebody who may read everything: made where there is nobody yet."""
    known = json.loads(told("user", "list", "--json"))
    login = next((one["login"] for one in known if one["login"] == "100%"), "reader")
    if not known:
        told("user", "add", login)
    return told("key", "create", login, "--scope", "ask")


if __name__ == "__main__":
    main()
