"""The catalogue and the rules as a process sees them, never older than a quarter of a second."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from centaure.gateway.catalogue import COLUMNS, CatalogueModel, read_model
from centaure.gateway.routing import Rule
from centaure.gateway.rules import RULE_COLUMNS, read_rule
from centaure.kit.database import Database
from centaure.kit.errors import Unavailable

log = logging.getLogger(__name__)

FRESH_S = 0.25
_MODELS = f"select {COLUMNS}, secrets from callable_models()"  # noqa: S608 - constants
_RULES = f"select {RULE_COLUMNS} from routing_rules()"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The catalogue at one moment.

    Attributes:
        models: in the order in which they were added.
        rules: in their order.
        secrets: encrypted, by the number of the model.
    """

    models: tuple[CatalogueModel, ...] = ()
    rules: tuple[Rule, ...] = ()
    secrets: Mapping[int, bytes] = field(default_factory=dict[int, bytes], repr=False)

    def model(self, model_id: int) -> CatalogueModel | None:
        """The model of a number; None: it was removed."""
        return next((model for model in self.models if model.id == model_id), None)


class Catalogue(Protocol):
    """What the gateway asks of where models are kept."""

    async def now(self, *, fresh: bool = False) -> Snapshot:
        """The catalogue, at most `FRESH_S` old; `fresh`: as it is now."""
        ...

    async def tell(self, model: CatalogueModel, problem: str) -> None:
        """Keep why a model did not answer, or that it did, for those who look after it."""
        ...


class LiveCatalogue:
    """The catalogue in the database; for one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshot = Snapshot()
        self._read_at = -FRESH_S
        self._reading = asyncio.Lock()
        self._ahead: asyncio.Task[None] | None = None

    async def now(self, *, fresh: bool = False) -> Snapshot:
        """As in `Catalogue`.

        Raises:
            Unavailable: the database is away; an older catalogue is not used.
        """
        loop = asyncio.get_running_loop()
        age = loop.time() - self._read_at
        if not fresh and age < FRESH_S:
            if age >= FRESH_S / 2 and (self._ahead is None or self._ahead.done()):
                self._ahead = asyncio.create_task(self._read_ahead())
            return self._snapshot
        async with self._reading:
            if fresh or loop.time() - self._read_at >= FRESH_S:
                began = loop.time()
                self._snapshot = await self._read()
                self._read_at = began
            return self._snapshot

    async def tell(self, model: CatalogueModel, problem: str) -> None:
        """As in `Catalogue`; a failure is logged."""
        try:
            async with self._database.write(None) as session:
                await session.execute(
                    "select tell_model(%(id)s, %(problem)s)", {"id": model.id, "problem": problem}
                )
        except Exception:  # the edge: an answer does not depend on it
            log.exception("The state of a language model could not be kept")

    async def _read_ahead(self) -> None:
        """Read while nobody waits; whoever comes too late for this one reads, and is told what fails."""
        with suppress(Unavailable):
            await self.now(fresh=True)

    async def _read(self) -> Snapshot:
        rows, rules = await self._database.together(None, (_MODELS, None), (_RULES, None))
        return Snapshot(
            tuple(read_model(row) for row in rows),
            tuple(read_rule(row) for row in rules),
            {row.id: row.secrets for row in rows if row.secrets is not None},
        )
