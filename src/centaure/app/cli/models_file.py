"""`centaure models load`: models and rules as a file says them."""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from centaure.app.cli.catalogue import models
from centaure.app.cli.output import AsJson, print_json, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.gateway import administration
from centaure.gateway.catalogue import Lifecycle, all_models
from centaure.gateway.descriptions import ModelDescription, RuleDescription
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput
from centaure.kit.validation import faults
from centaure.kit.vault import Vault

_LARGEST = 1_000_000


class WrittenModel(ModelDescription):
    """A model as a file says it; its key is in another file."""

    lifecycle: Lifecycle = Lifecycle.APPROVED
    key_file: str = ""

    def key(self) -> str:
        """What its file holds; empty: it needs none."""
        if not self.key_file:
            return ""
        try:
            return Path(self.key_file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise InvalidInput(f"The key file of {self.name} cannot be read.") from None

    def description(self) -> ModelDescription:
        """What is said of it, without its key."""
        return ModelDescription.model_validate(self.model_dump(exclude={"key_file"}))


class WrittenCatalogue(BaseModel):
    """What a file holds; without `rules`, those that there are stay."""

    model_config = ConfigDict(extra="forbid")

    models: Annotated[list[WrittenModel], Field(max_length=1000)] = []
    rules: Annotated[list[RuleDescription], Field(max_length=200)] | None = None


def add_to(_: typer.Typer) -> None:
    """The command stands beside those of the catalogue."""


@models.command("load")
def load(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON: models, and rules.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Add the models of a file or write them anew, and replace the rules where it has some."""
    written = _read(path)
    keys = {model.name: model.key() for model in written.models}

    async def work(database: Database, installation: Installation) -> tuple[list[str], list[str]]:
        vault = Vault.of(installation.settings)
        added: list[str] = []
        changed: list[str] = []
        async with database.write(None) as session:
            known = {model.name: model for model in await all_models(session)}
            for model in written.models:
                described, key = model.description(), keys[model.name]
                if model.name in known:
                    said = described.model_dump()
                    await administration.change(session, known[model.name], said, key, vault)
                    changed.append(model.name)
                else:
                    await administration.add(session, described, key, vault)
                    added.append(model.name)
            if written.rules is not None:
                await administration.write_rules(session, written.rules)
        return added, changed

    added, changed = run("indexer", work)
    if as_json:
        print_json({"added": added, "changed": changed})
        return
    for name in added:
        say(f"Added {printable(name)}. `centaure models test {printable(name)}` asks it.")
    for name in changed:
        say(f"Wrote {printable(name)} anew.")


def _read(path: Path) -> WrittenCatalogue:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        said: Any = yaml.safe_load(content) if len(content) <= _LARGEST else None
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        said = None
    if not isinstance(said, dict):
        raise InvalidInput(f"{path} is not a YAML file of models and rules that can be read.")
    try:
        return WrittenCatalogue.model_validate(said)
    except ValidationError as error:
        raise InvalidInput(faults(error)) from None
