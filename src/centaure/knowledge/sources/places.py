"""From the row of a source to its connector: options checked, secrets decrypted, faults in one form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, get_args

import anyio.to_thread
from pydantic import SecretStr, ValidationError

from centaure.kit.errors import InvalidInput, Refused, Unavailable
from centaure.kit.validation import said
from centaure.kit.vault import Vault
from centaure.knowledge.connectors import (
    Connector,
    Options,
    PlaceUnavailable,
    connector_class,
)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Described:
    """A place as its row keeps it; `secrets` are encrypted, None where there are none."""

    location: str
    options: Mapping[str, Any]
    secrets: bytes | None


@dataclass(frozen=True, slots=True)
class Places:
    """Makes connectors.

    Attributes:
        vault: of the installation; None where no source has secrets.
        cache: a folder for what connectors may keep and lose; None for the system's temporary one.
    """

    vault: Vault | None = None
    cache: Path | None = None

    def describe(
        self, kind: str, written: str, options: Mapping[str, Any]
    ) -> tuple[Connector, Described]:
        """A place that somebody describes: its connector, and what its row keeps. Blocks.

        Args:
            kind: of its connector.
            written: its location, as typed.
            options: what the connector is told, secrets included, as typed.

        Raises:
            InvalidInput: there is no such kind, or it cannot be told this.
        """
        made = connector_class(kind)
        told = _checked(made.options_model, options)
        location = made.normal_location(written, told)
        names = _secret_names(made.options_model)
        plain = told.model_dump(mode="json", exclude_unset=True, exclude=names)
        hidden = {
            name: value.get_secret_value()
            for name in sorted(names)
            if isinstance(value := getattr(told, name), SecretStr) and value.get_secret_value()
        }
        locked = None
        if hidden:
            if self.vault is None:
                raise Unavailable(
                    "Credentials cannot be kept here: there is no key to encrypt them."
                )
            locked = self.vault.lock(hidden, _purpose(kind, location))
        connector = made.connect(location, self._with_cache(made.options_model, told))
        return connector, Described(location, plain, locked)

    def connector(self, kind: str, place: Described) -> Connector:
        """The connector of a place as its row keeps it.

        Raises:
            Unavailable: its kind is not installed any more, or its secrets cannot be decrypted.
        """
        try:
            made = connector_class(kind)
            options = dict(place.options)
            if place.secrets is not None:
                if self.vault is None:
                    raise Unavailable("The credentials of this source cannot be decrypted here.")
                options |= self.vault.open(place.secrets, _purpose(kind, place.location))
            told = _checked(made.options_model, options)
        except InvalidInput as error:
            raise Unavailable(error.message) from None
        return made.connect(place.location, self._with_cache(made.options_model, told))

    def _with_cache(self, model: type[Options], told: Options) -> Options:
        if self.cache is None or "cache" not in model.model_fields.keys() - told.model_fields_set:
            return told
        return told.model_copy(update={"cache": str(self.cache)})


async def ask(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call something of a connector in a thread.

    Raises:
        PlaceUnavailable: the place, or whatever stands before it, does not answer or refuses.
    """
    try:
        return await anyio.to_thread.run_sync(
            lambda: function(*args, **kwargs), abandon_on_cancel=True
        )
    except (Unavailable, Refused) as error:
        if isinstance(error, PlaceUnavailable):
            raise
        raise PlaceUnavailable(error.message) from error


def _checked(model: type[Options], options: Mapping[str, Any]) -> Options:
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        raise InvalidInput(" ".join(_fault(model, fault) for fault in error.errors())) from None


def _fault(model: type[Options], fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"]) or "all together"
    if fault["type"] == "extra_forbidden":
        return f"There is no option '{name}'. Options are {', '.join(sorted(model.model_fields))}."
    if fault["type"] == "missing":
        return f"The option '{name}' is needed."
    return f"Option '{name}': {said(fault)}."


def _secret_names(model: type[Options]) -> set[str]:
    return {
        name
        for name, field in model.model_fields.items()
        if SecretStr in (field.annotation, *get_args(field.annotation))
    }


def _purpose(kind: str, location: str) -> str:
    return f"source {kind} {location}"
