"""`centaure models`: the language models that may be asked, and the rules among them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from centaure.app.cli.output import AsJson, note, print_json, print_table, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.gateway import administration
from centaure.gateway.catalogue import CatalogueModel, all_models, find_model
from centaure.gateway.descriptions import ModelDescription, from_values
from centaure.gateway.first_words import ask_for_a_word
from centaure.gateway.routing import CLASSES
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput
from centaure.kit.vault import Vault

models = typer.Typer(
    help="Language models: which there are, what each may be sent, and which is asked.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="Its name here.")]
Class = Annotated[
    str | None,
    typer.Option(
        "--highest", metavar="CLASS", help="Highest class of what it may be sent, C0 to C3."
    ),
]
KeyFile = Annotated[Path | None, typer.Option(help="A file that holds the service's key.")]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="price_in, price_out, context, zone, country, licence, languages, capabilities, "
        "parameters_active, parameters_total, options.pue ...; may be repeated.",
    ),
]
_FIELDS = tuple(ModelDescription.model_fields)
_LISTS = frozenset({"languages", "capabilities"})


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    app.add_typer(models, name="models")


@models.command("add")
def add(
    name: Name,
    address: Annotated[
        str, typer.Option(help="Of the service, such as http://localhost:11434/v1.")
    ] = "",
    model: Annotated[str, typer.Option(help="As the service names it.")] = "",
    kind: Annotated[
        str,
        typer.Option(
            help="openai: any service like OpenAI's (Ollama, vLLM, llama.cpp, Mistral ...); anthropic; "
            "google; bedrock; extractive: the offline twin."
        ),
    ] = "openai",
    highest: Class = None,
    lifecycle: Annotated[
        str, typer.Option(help="trial, approved, deprecated or retired.")
    ] = "approved",
    key_file: KeyFile = None,
    field: Fields = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add a model, which is asked for a word to see that it answers."""
    told = _pairs(field or [])
    described = from_values(
        {
            **told,
            "name": name,
            "kind": kind,
            "location": address,
            "model": model,
            "highest": highest or ("C3" if kind == "extractive" else "C1"),
            "lifecycle": lifecycle,
            "options": _said(told.get("options", {})),
        }
    )
    key = _key(key_file) or ""

    async def work(database: Database, installation: Installation) -> CatalogueModel:
        if not as_json:
            note(f"Asking {printable(name)} for a word ...")
        await ask_for_a_word(described, key)
        async with database.write(None) as session:
            return await administration.add(
                session, described, key, Vault.of(installation.settings)
            )

    added = run("indexer", work)
    if as_json:
        print_json(_shown(added))
    else:
        allowed = CLASSES[added.highest]
        say(f"Added {printable(added.name)}: it answers, and may be sent {allowed} at most.")
        if added.highest < CLASSES.index("C1"):
            say("Answers from documents are C1 or more: `--highest C1` lets it give them.")


@models.command("list")
def show(*, as_json: AsJson = False) -> None:
    """List the models."""

    async def work(database: Database, _: Installation) -> list[CatalogueModel]:
        async with database.read(None) as session:
            return await all_models(session)

    found = run("indexer", work)
    if as_json:
        print_json([_shown(model) for model in found])
    elif found:
        columns = ("name", "kind", "model", "highest", "lifecycle", "euros in, out", "problem")
        print_table(
            columns,
            [
                (
                    model.name,
                    f"{model.kind}{' (simulated)' if model.simulated else ''}",
                    model.model,
                    CLASSES[model.highest],
                    model.lifecycle.value,
                    _prices(model),
                    model.problem,
                )
                for model in found
            ],
        )
    else:
        say("There is no language model. `centaure models add` adds one.")


@models.command("set")
def change(
    name: Name,
    fields: Annotated[
        list[str],
        typer.Argument(
            metavar="FIELD=VALUE...", help=f"{', '.join(_FIELDS)}. An empty value: not said."
        ),
    ],
    key_file: KeyFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Change what is said of a model; every process follows within a moment."""
    changes, key = _pairs(fields), _key(key_file)

    async def work(database: Database, installation: Installation) -> CatalogueModel:
        async with database.write(None) as session:
            before = await find_model(session, name)
            said = {**changes}
            if "options" in said:
                said["options"] = _said({**before.options, **said["options"]})
            vault = Vault.of(installation.settings)
            return await administration.change(session, before, said, key, vault)

    changed = run("indexer", work)
    if as_json:
        print_json(_shown(changed))
    else:
        say(f"Changed {printable(changed.name)}.")


@models.command("remove")
def remove(name: Name, *, as_json: AsJson = False) -> None:
    """Forget a model; what it said stays accounted for."""

    async def work(database: Database, _: Installation) -> None:
        async with database.write(None) as session:
            await administration.remove(session, await find_model(session, name))

    run("indexer", work)
    if as_json:
        print_json({"removed": name})
    else:
        say(f"Forgot {printable(name)}.")


def _pairs(written: list[str]) -> dict[str, Any]:
    """Fields as they are written: an empty value is none, a list has commas, `options.` goes a level down."""
    said: dict[str, Any] = {}
    for pair in written:
        name, equals, value = pair.partition("=")
        top, _, under = name.partition(".")
        if not equals or top not in _FIELDS or (under != "") != (top == "options"):
            raise InvalidInput(f"Write FIELD=VALUE, where FIELD is one of {', '.join(_FIELDS)}.")
        if under:
            several = value.split(",") if "," in value else value
            said.setdefault("options", {})[under] = several or None
        elif name in _LISTS:
            said[name] = [word.strip() for word in value.split(",") if word.strip()]
        else:
            said[name] = value or _EMPTY.get(name)
    return said


_EMPTY = {
    name: field.default
    for name, field in ModelDescription.model_fields.items()
    if not field.is_required()
}


def _said(options: dict[str, Any]) -> dict[str, Any]:
    """Options without those that were taken back."""
    return {name: value for name, value in options.items() if value is not None}


def _key(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise InvalidInput(f"{path} cannot be read.") from None


def _prices(model: CatalogueModel) -> str:
    if model.price_in is None or model.price_out is None:
        return ""
    return f"{model.price_in:g}, {model.price_out:g}"


def _shown(model: CatalogueModel) -> dict[str, Any]:
    said = ModelDescription.of(model).model_dump(mode="json")
    return {"id": model.id, **said, "problem": model.problem}
