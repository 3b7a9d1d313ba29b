"""From a row of the catalogue to something that answers; a provider's library is loaded when it is used."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import SILENCE_S, ChatModel
from centaure.gateway.live import Snapshot
from centaure.kit.errors import Unavailable
from centaure.kit.vault import Vault

if TYPE_CHECKING:
    from centaure.gateway.extractive import Known


class Providers(Protocol):
    """What the gateway asks of where models are made."""

    def lend(
        self, model: CatalogueModel, snapshot: Snapshot
    ) -> AbstractAsyncContextManager[ChatModel]:
        """The way to a model, for one call.

        Args:
            model: as it is in the snapshot.
            snapshot: has its key; what is not in it any more is let go of.

        Raises:
            InvalidInput: its address or its key is none.
            Unavailable: its key cannot be decrypted, or its provider's library is not installed.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(slots=True, eq=False)
class _Made:
    model: ChatModel
    lent: int = 0


@dataclass(slots=True)
class LiveProviders:
    """Makes models, and keeps the connections of those that it made; for one event loop.

    Attributes:
        vault: of the installation.
        known: what the offline twin knows besides its own rules.
        silence_s: longest wait for a piece of an answer that has begun.
    """

    vault: Vault
    known: "Known | None" = None
    silence_s: float = SILENCE_S
    _made: dict[int, tuple[datetime, _Made]] = field(
        default_factory=dict[int, tuple[datetime, _Made]]
    )
    _left: list[_Made] = field(default_factory=list[_Made])

    @asynccontextmanager
    async def lend(self, model: CatalogueModel, snapshot: Snapshot) -> AsyncGenerator[ChatModel]:
        """As in `Providers`. A model that was changed is made anew.

        One that was changed or removed ends with the last call of it.
        """
        made = self._current(model, snapshot)
        made.lent += 1
        try:
            yield made.model
        finally:
            made.lent -= 1
            await self._close_left()

    async def close(self) -> None:
        """Let go of connections."""
        made, self._made = [one for _, one in self._made.values()], {}
        left, self._left = self._left, []
        for one in made + left:
            await one.model.close()

    def _current(self, model: CatalogueModel, snapshot: Snapshot) -> _Made:
        """What answers for a row; nothing waits here, so that no call comes between."""
        present = {one.id for one in snapshot.models} | {model.id}
        for removed in self._made.keys() - present:
            self._left.append(self._made.pop(removed)[1])
        known = self._made.get(model.id)
        if known is not None and known[0] == model.changed_at:
            return known[1]
        key = key_of(model, snapshot.secrets.get(model.id), self.vault)
        made = _Made(make_model(model, key, self.known, self.silence_s))
        if known is not None:
            self._left.append(known[1])
        self._made[model.id] = (model.changed_at, made)
        return made

    async def _close_left(self) -> None:
        while (idle := next((one for one in self._left if not one.lent), None)) is not None:
            self._left.remove(idle)
            await idle.model.close()


def locked_key(kind: str, location: str, key: str, vault: Vault) -> bytes | None:
    """A key, encrypted for one kind and address: it opens for no other."""
    return vault.lock({"key": key}, _purpose(kind, location)) if key else None


def key_of(model: CatalogueModel, secrets: bytes | None, vault: Vault) -> str:
    """The key of a model; empty: it needs none.

    Raises:
        Unavailable: it cannot be decrypted.
    """
    if secrets is None:
        return ""
    return str(vault.open(secrets, _purpose(model.kind, model.location))["key"])


def make_model(
    model: CatalogueModel,
    key: str,
    known: "Known | None" = None,
    silence_s: float = SILENCE_S,
) -> ChatModel:
    """What answers as a row says; it opens nothing yet.

    Args:
        model: the row.
        key: of its provider; empty: it needs none.
        known: what the offline twin knows besides its own rules.
        silence_s: longest wait for a piece of an answer that has begun.

    Raises:
        InvalidInput: its address or its key is none.
        Unavailable: this version does not know its kind, or its provider's library is not installed.
    """
    if model.kind == "extractive":
        from centaure.gateway.extractive import ExtractiveModel  # noqa: PLC0415 - not every process needs it

        return ExtractiveModel(known)
    if model.kind == "openai":
        from centaure.gateway.openai_compatible import OpenAICompatible  # noqa: PLC0415 - as above

        ca_file = str(model.options.get("ca_file", ""))
        return OpenAICompatible(
            model.location, model.model, key=key, ca_file=ca_file, silence_s=silence_s
        )
    if model.kind in {"anthropic", "google", "bedrock"}:
        from centaure.gateway.other_providers import OtherProvider  # noqa: PLC0415 - as above

        region = str(model.options.get("region", ""))
        return OtherProvider(
            model.kind,
            model.model,
            key=key,
            address=model.location,
            region=region,
            silence_s=silence_s,
        )
    raise Unavailable(f"This version does not speak to models of kind {model.kind}. Upgrade it.")


def _purpose(kind: str, location: str) -> str:
    return f"model {kind} {location}"
