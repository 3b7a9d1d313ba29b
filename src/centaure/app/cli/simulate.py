"""`centaure simulate`: a service of language models that is none, for trials, tests and measures."""

import asyncio
import signal
import sys
from typing import Annotated

import typer

from centaure.app.cli.output import say
from centaure.app.cli.running import allow_many_connections, serve_until_done
from centaure.app.installation import known_to_twin
from centaure.gateway.simulation import MEANINGS, Behaviour, Fault, simulated_service
from centaure.kit.errors import InvalidInput

FAULTS = "; ".join(f"{fault}: {meaning}" for fault, meaning in MEANINGS.items())


def add_to(app: typer.Typer) -> None:
    """Put this command at the top level."""
    app.command("simulate")(simulate)


def simulate(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8690,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    latency_ms: Annotated[
        float, typer.Option(min=0, help="Milliseconds before the first piece.")
    ] = 0.0,
    tokens_per_second: Annotated[
        float, typer.Option(min=0, help="Pieces of an answer in a second; 0: all at once.")
    ] = 0.0,
    tokens: Annotated[
        int, typer.Option(min=0, help="Pieces of every answer; 0: as many as it has.")
    ] = 0,
    fault: Annotated[str, typer.Option(help=f"What goes wrong, always. {FAULTS}.")] = "",
) -> None:
    """Serve simulated models like OpenAI's interface does, until Ctrl-C; they quote what they are shown.

    The model `simulated` behaves as the options say, `simulated-FAULT` goes wrong.
    """
    if fault and fault not in set(Fault):
        raise InvalidInput(f"{fault} is no fault that is known; one of: {', '.join(Fault)}.")
    behaviour = Behaviour(
        latency_s=latency_ms / 1000,
        tokens_per_second=tokens_per_second,
        tokens=tokens,
        fault=Fault(fault) if fault else None,
    )
    allow_many_connections()
    serve_until_done(_serve(behaviour, host, port))


async def _serve(behaviour: Behaviour, host: str, port: int) -> None:
    stopped = asyncio.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(asked, stopped.set)
    serving = simulated_service(behaviour, host=host, port=port, known=known_to_twin)
    async with serving as service:
        say(f"Simulated models answer at {service.address} (Ctrl-C stops them).")
        sys.stdout.flush()
        await stopped.wait()
