"""Models of one purpose of which at most one is live: their rows, and the live one as a process sees it."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.knowledge.retrieval.described import DescribedModel

log = logging.getLogger(__name__)

_PAUSE_S = 10.0
_FRESH_S = 0.25


@dataclass(frozen=True, slots=True)
class Registered:
    """A model that may be made live.

    Attributes:
        highest: class of what it may be sent, 0 to 3 for C0 to C3.
        live: whether it is used; at most one is.
        problem: why it did not answer, the last time.
    """

    id: int
    name: str
    kind: str
    location: str
    highest: int
    live: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Registry:
    """The rows of one purpose.

    Attributes:
        table: that holds them; `live_TABLE()` and `tell_TABLE()` are its functions.
        noun: what a sentence calls one of them.
        highest: by kind, the class of what a model may be sent unless somebody says otherwise.
    """

    table: LiteralString
    noun: str
    highest: Mapping[str, int]

    async def all(self, session: ReadSession) -> list[Registered]:
        """Every one, by name."""
        rows = await session.rows(
            f"select id, name, kind, location, highest, live, problem from {self.table} order by name"  # noqa: S608
        )
        return [Registered(*row) for row in rows]

    async def add(
        self, session: WriteSession, name: str, row: DescribedModel, highest: int | None = None
    ) -> None:
        """Keep a model under a name; it is not live yet.

        Args:
            session: as the worker's role.
            name: its own here.
            row: what somebody described.
            highest: class of what it may be sent, 0 to 3; None: that of its kind.

        Raises:
            InvalidInput: the name is none.
            Conflict: the name is taken.
        """
        if not name.strip() or not name.isprintable():
            raise InvalidInput(f"Give the {self.noun} a name that can be printed.")
        values = {
            "name": name,
            "kind": row.kind,
            "location": row.location,
            "options": json.dumps(dict(row.options)),
            "secrets": row.secrets,
            "highest": self.highest[row.kind] if highest is None else highest,
        }
        statement = f"""
            insert into {self.table} (name, kind, location, options, secrets, highest)
            values (%(name)s, %(kind)s, %(location)s, cast(%(options)s as jsonb), %(secrets)s, %(highest)s)
            on conflict (name) do nothing returning id
        """  # noqa: S608 - the table's name is a constant
        if await session.value(statement, values) is None:
            raise Conflict(f"There is a {self.noun} '{name}' already. Choose another name.")

    async def use(self, session: WriteSession, name: str | None) -> None:
        """Make one live instead of the one that is; None: none is.

        Raises:
            NotFound: there is none of that name.
        """
        # Whoever else does this waits for the rows, then sees what became of them.
        await session.execute(f"select from {self.table} order by id for no key update")
        await session.execute(f"update {self.table} set live = false where live")  # noqa: S608
        if name is not None and not await session.execute(
            f"update {self.table} set live = true, problem = '' where name = %(name)s",  # noqa: S608
            {"name": name},
        ):
            raise NotFound(f"There is no {self.noun} '{name}'.")

    async def remove(self, session: WriteSession, name: str) -> None:
        """Forget one; if it was live, none is.

        Raises:
            NotFound: there is none of that name.
        """
        statement = f"delete from {self.table} where name = %(name)s"  # noqa: S608 - as above
        if not await session.execute(statement, {"name": name}):
            raise NotFound(f"There is no {self.noun} '{name}'.")


@dataclass(slots=True)
class Live:
    """The live row of a registry, read again when a quarter of a second old; one for a process.

    One that does not answer is left alone for ten seconds, or until another is live.
    """

    registry: Registry
    _row: Row | None = None
    _read_at: float = -_FRESH_S
    _silent_until: float = 0.0

    async def row(self, database: Database) -> Row | None:
        """The row of the live model; None: there is none."""
        if time.monotonic() - self._read_at >= _FRESH_S:
            async with database.read(None) as session:
                row = await session.row(
                    "select id, name, kind, location, options, secrets, highest, problem"  # noqa: S608
                    f" from live_{self.registry.table}()"
                )
            if row is None or self._row is None or row.id != self._row.id:
                self._silent_until = 0.0
            self._row = row
            self._read_at = time.monotonic()
        return self._row

    def silent(self) -> bool:
        """Whether it is left alone."""
        return time.monotonic() < self._silent_until

    def pause(self, live: Row) -> None:
        """Leave a model alone for a while, if it is still the live one."""
        if self._row is not None and self._row.id == live.id:
            self._silent_until = time.monotonic() + _PAUSE_S

    def forget(self) -> None:
        """Read the row again and leave it alone no longer."""
        self._read_at = -_FRESH_S
        self._silent_until = 0.0

    async def tell(self, database: Database, live: Row, problem: str) -> None:
        """Keep why the model did not answer, or that it did, for those who look after it."""
        if problem == live.problem:
            return
        try:
            async with database.write(None) as session:
                await session.execute(
                    f"select tell_{self.registry.table}(%(id)s, %(problem)s)",
                    {"id": live.id, "problem": problem},
                )
        except Exception:  # the edge: an answer does not depend on it
            log.exception("The state of the %s could not be kept", self.registry.noun)


def described_by(row: Row) -> DescribedModel:
    """What a live row says of its model."""
    return DescribedModel(row.kind, row.location, row.options, row.secrets)
