"""Models as somebody describes them and as rows keep them, whatever they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from centaure.kit.errors import InvalidInput, Unavailable
from centaure.kit.validation import said
from centaure.kit.vault import Vault


@dataclass(frozen=True, slots=True)
class DescribedModel:
    """A model as its row keeps it; `secrets` are encrypted."""

    kind: str
    location: str
    options: Mapping[str, Any]
    secrets: bytes | None


def checked(
    kinds: Mapping[str, type[BaseModel]], kind: str, options: Mapping[str, Any]
) -> BaseModel:
    """The options of a model, as its kind takes them.

    Raises:
        InvalidInput: there is no such kind, or it cannot be told this.
    """
    if kind not in kinds:
        raise InvalidInput(f"There is no kind '{kind}'. Kinds are {', '.join(sorted(kinds))}.")
    try:
        return kinds[kind].model_validate(dict(options))
    except ValidationError as error:
        names = ", ".join(sorted(kinds[kind].model_fields))
        if not names:
            raise InvalidInput("This kind has no options.") from None
        faults = " ".join(
            f"Write `--option {fault['loc'][0]}=NAME`."
            if fault["type"] == "missing"
            else f"{fault['loc'][0]}: {said(fault)}."
            for fault in error.errors()
        )
        raise InvalidInput(f"{faults} Options are {names}.") from None


def described(  # noqa: PLR0913, PLR0917 - the parts of a description
    kind: str, location: str, told: BaseModel, key: str, vault: Vault | None, purpose: str
) -> DescribedModel:
    """The row of a model whose options are checked; its key is encrypted for a purpose.

    Raises:
        InvalidInput: it takes no key, no location, or another one.
        Unavailable: there is nothing to encrypt the key with.
    """
    if kind != "service" and key:
        raise InvalidInput("A model in this process has no key.")
    if kind not in {"service", "onnx"} and location:
        raise InvalidInput(f"A model of kind {kind} has no address.")
    if kind == "onnx":
        location = _folder(location)
    secrets = None
    if key:
        if vault is None:
            raise Unavailable("A key cannot be kept here: there is nothing to encrypt it with.")
        secrets = vault.lock({"key": key}, _purpose(purpose, kind, location))
    return DescribedModel(kind, location, told.model_dump(exclude_unset=True), secrets)


def key_of(model: DescribedModel, vault: Vault | None, purpose: str) -> str:
    """The key of a model; empty where it has none.

    Raises:
        Unavailable: it cannot be decrypted.
    """
    if model.secrets is None:
        return ""
    if vault is None:
        raise Unavailable("The key of this model cannot be decrypted here.")
    return str(vault.open(model.secrets, _purpose(purpose, model.kind, model.location))["key"])


def _purpose(purpose: str, kind: str, location: str) -> str:
    return f"{purpose} {kind} {location}"


def _folder(location: str) -> str:
    """A folder as every process finds it."""
    if not location:
        raise InvalidInput("Give the folder of the model: it holds tokenizer.json.")
    try:
        return str(Path(location).expanduser().resolve())
    except (OSError, RuntimeError, ValueError):
        raise InvalidInput(f"{location} is not a folder.") from None
