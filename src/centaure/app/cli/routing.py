"""`centaure models rules`, `route` and `choose`: which language model is asked for what."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from centaure.app.cli.catalogue import models
from centaure.app.cli.output import AsJson, print_json, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.gateway import administration
from centaure.gateway.catalogue import all_models
from centaure.gateway.chooser import Ranking, choose
from centaure.gateway.descriptions import RuleDescription
from centaure.gateway.routing import Plan
from centaure.gateway.schemas import NeedsAsked, RankingRead, RouteAsked, RouteRead
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput
from centaure.kit.validation import faults


def add_to(_: typer.Typer) -> None:
    """The commands stand beside those of the catalogue."""


@models.command("rules")
def rules(
    write: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A JSON file with the rules to keep instead of these."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the rules of routing, or replace them: the first whose conditions hold decides."""
    written = None if write is None else _rules(write)

    async def work(database: Database, _: Installation) -> list[RuleDescription]:
        if written is not None:
            async with database.write(None) as session:
                await administration.write_rules(session, written)
        async with database.read(None) as session:
            return await administration.read_rules(session)

    found = [
        {"name": rule.name, **rule.model_dump(mode="json", exclude_defaults=True)}
        for rule in run("indexer", work)
    ]
    if as_json or found:
        print_json(found)
    else:
        say("There is no rule: models are asked in the order in which they were added.")


@models.command("route")
def route(
    classification: Annotated[
        str, typer.Option("--class", metavar="CLASS", help="Of the request, C0 to C3.")
    ] = "C1",
    purpose: Annotated[
        str, typer.Option(help="answer, chat, title, summary, understanding or judge.")
    ] = "answer",
    assistant: Annotated[str, typer.Option(help="Its name.")] = "",
    language: Annotated[str, typer.Option(help="fr or en.")] = "",
    tokens: Annotated[int, typer.Option(help="Of the prompt.")] = 0,
    model: Annotated[str, typer.Option(help="A model that is asked for by name.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Tell what would happen to a request: who is asked, in which order, and why not the others."""
    asked = _asked(
        RouteAsked,
        {
            "classification": classification,
            "purpose": purpose,
            "assistant": assistant,
            "language": language,
            "prompt_tokens": tokens,
            "model": model,
        },
    )

    async def work(database: Database, installation: Installation) -> Plan:
        return await installation.gateway(database).plan(asked.facts())

    found = run("app", work)
    if as_json:
        everybody = frozenset(one.id for one in found.models)
        print_json(RouteRead.of(found, everybody).model_dump(mode="json"))
        return
    say(f"Rule: {printable(found.rule.name) if found.rule else 'none holds'}.")
    for place, one in enumerate(found.models, start=1):
        say(f"{place}. {printable(one.name)}")
    for one in found.left_out:
        say(f"   not {printable(one.model.name)}: {printable(one.why)}")
    if not found.models:
        say("Nobody is asked.")


@models.command("choose")
def choose_model(
    specific: Annotated[
        str | None, typer.Option(help="How specific is the use? little, some or much.")
    ] = None,
    culture: Annotated[
        str | None,
        typer.Option(help="How much general culture does it take? little, some or much."),
    ] = None,
    weighs: Annotated[
        str | None, typer.Option(help="What weighs more? cost, balance or performance.")
    ] = None,
    classification: Annotated[
        str | None, typer.Option("--class", help="How sensitive is the content? C0 to C3.")
    ] = None,
    language: Annotated[str, typer.Option(help="That people write in, such as fr.")] = "",
    kind: Annotated[
        str, typer.Option("--type", help="general, reasoning, code, multimodal or specialised.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Rank the models for a use by five questions, and say why."""
    ask = sys.stdin.isatty() and not as_json
    asked = _asked(
        NeedsAsked,
        {
            "specific": specific
            or _ask("How specific is the use? (little, some, much)", "some", ask),
            "culture": culture
            or _ask("How much general culture does it take? (little, some, much)", "some", ask),
            "weighs": weighs
            or _ask("What weighs more? (cost, balance, performance)", "balance", ask),
            "classification": classification
            or _ask("How sensitive is the content? (C0, C1, C2, C3)", "C1", ask),
            "language": language,
            "type": kind,
        },
    )

    async def work(database: Database, _: Installation) -> Ranking:
        async with database.read(None) as session:
            return choose(await all_models(session), asked.needs())

    found = run("indexer", work)
    if as_json:
        print_json(RankingRead.of(found).model_dump(mode="json"))
        return
    for place, choice in enumerate(found.choices, start=1):
        say(f"{place}. {printable(choice.model.name)}  {choice.score:.2f}")
        for why in choice.reasons:
            say(f"   {printable(why)}")
    for model, why, _ in found.left_out:
        say(f"   not {printable(model.name)}: {printable(why)}")
    for remark in found.remarks:
        say(printable(remark))


def _ask(question: str, default: str, ask: bool) -> str:
    return typer.prompt(question, default=default) if ask else default


def _asked(kind: type[Any], values: dict[str, object]) -> Any:
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        raise InvalidInput(faults(error)) from None


def _rules(path: Path) -> list[RuleDescription]:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InvalidInput(f"{path} is not a JSON file that can be read.") from None
    return _asked(list[RuleDescription], written)
