"""`centaure models detect` and `test`: which servers run on this machine, and what a model can do."""

import asyncio
import re
import shlex
from dataclasses import asdict
from typing import Any

import typer

from centaure.app.cli.catalogue import Name, models
from centaure.app.cli.output import ATTENTION, AsJson, note, print_json, print_table, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.gateway.catalogue import CatalogueModel, find_model
from centaure.gateway.detection import Detected, detect
from centaure.gateway.live import LiveCatalogue
from centaure.gateway.providers import key_of, make_model
from centaure.gateway.trials import Trial, try_model
from centaure.kit.database import Database
from centaure.kit.vault import Vault

_SHOWN = 8


def add_to(_: typer.Typer) -> None:
    """The commands stand beside those of the catalogue."""


@models.command("detect")
def find(*, as_json: AsJson = False) -> None:
    """Look for Ollama, vLLM and llama.cpp on this machine, and propose their models."""
    found = asyncio.run(detect())
    if as_json:
        print_json([asdict(server) for server in found])
    elif found:
        for server in found:
            _propose(server)
    else:
        say(
            "No server of language models answers on this machine where Ollama (11434), vLLM (8000) or "
            "llama.cpp (8080) usually do. `centaure models add NAME --address ...` adds one from elsewhere."
        )


@models.command("test")
def attempt(name: Name, *, as_json: AsJson = False) -> None:
    """Ask a model a few questions: what works (stream, tools, JSON Schema, context), and how fast."""

    async def work(database: Database, installation: Installation) -> Trial:
        async with database.read(None) as session:
            model = await find_model(session, name)
        return await _try(model, database, installation, quiet=as_json)

    trial = run("indexer", work)
    if as_json:
        print_json(asdict(trial))
    else:
        print_table(("what", "seen", ""), _rows(trial))
    if not trial.answers:
        raise typer.Exit(ATTENTION)


async def _try(
    model: CatalogueModel, database: Database, installation: Installation, *, quiet: bool
) -> Trial:
    snapshot = await LiveCatalogue(database).now()
    key = key_of(model, snapshot.secrets.get(model.id), Vault.of(installation.settings))
    asked = make_model(model, key)
    try:
        return await try_model(
            asked,
            context=model.context,
            tell=lambda what: (
                None if quiet else note(f"Trying {printable(model.name)}: {what} ...")
            ),
        )
    finally:
        await asked.close()


def _propose(server: Detected) -> None:
    say(f"{server.product} answers at {server.address}:")
    for model in server.models[:_SHOWN]:
        name = re.sub(r"[^!-~]+", "-", model)[:100]
        words = ["centaure", "models", "add", name, "--address", server.address, "--model", model]
        say(f"  {printable(shlex.join(words))}")
    if len(server.models) > _SHOWN:
        say(f"  and {len(server.models) - _SHOWN} more.")
    if not server.models:
        say("  it has no model yet.")


def _rows(trial: Trial) -> list[tuple[str, str, str]]:
    seen: dict[str, Any] = {
        "answers": trial.answers,
        "streams": trial.streams,
        "tools": trial.tools,
        "json": trial.json,
        "context": f"{trial.context} tokens read" if trial.context else False,
    }
    rows = [
        (
            what,
            value if isinstance(value, str) else ("yes" if value else "no"),
            trial.problems.get(what, ""),
        )
        for what, value in seen.items()
        if trial.answers or what == "answers"
    ]
    if trial.first_ms is not None:
        rows.append(("first piece", f"{trial.first_ms:.0f} ms", ""))
    if trial.tokens_per_second is not None:
        rows.append(("pace", f"{trial.tokens_per_second:.0f} tokens/s", ""))
    return rows
