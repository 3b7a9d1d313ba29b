"""The catalogue: every language model that may be asked, what is known of it, and what it may be sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, LiteralString

from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, NotFound

KINDS = ("openai", "anthropic", "google", "bedrock", "extractive")
"""Ways to speak to a model: any service like OpenAI's, three providers, and the offline twin."""
CAPABILITIES = ("tools", "json", "images")
"""What a model may be able to do beside writing text: call tools, keep to a JSON Schema, see."""
UNSAID: datetime = datetime(1970, 1, 1, tzinfo=UTC)


class Lifecycle(StrEnum):
    """Where a model stands.

    On trial, it is asked only where a rule or a request names it; deprecated, after the others; retired,
    never.
    """

    TRIAL = "trial"
    APPROVED = "approved"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueModel:
    """A model as everybody may know it: its secrets are elsewhere.

    Attributes:
        id: its number; 0: it is none of the catalogue.
        name: its own here.
        kind: one of `KINDS`.
        location: address of the service; empty: the provider's own.
        model: as the provider names it.
        options: of its kind, and what is known of where it runs: `ca_file`, `region`, `pue`, `wue`, `batch`.
        highest: class of what it may be sent, 0 to 3 for C0 to C3.
        lifecycle: where it stands.
        type: general, reasoning, code, multimodal or specialised.
        access: open source, open weights or proprietary; empty: not said.
        licence: its name.
        publisher: who made it.
        country: of the publisher, two letters of ISO 3166-1.
        host: who runs it.
        zone: whose electricity it uses, three letters of ISO 3166-1.
        context: tokens of prompt and answer together; None: not said.
        price_in, price_out: euros per million tokens; None: not said.
        parameters_active, parameters_total: billions; None: not said.
        languages: that it is good at, two letters each; empty: not said.
        capabilities: some of `CAPABILITIES`.
        problem: why it did not answer, the last time.
        changed_at: since when it is as it is; what did not answer before may now.
    """

    id: int
    name: str
    kind: str
    location: str = ""
    model: str = ""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    highest: int = 0
    lifecycle: Lifecycle = Lifecycle.APPROVED
    type: str = "general"
    access: str = ""
    licence: str = ""
    publisher: str = ""
    country: str = ""
    host: str = ""
    zone: str = ""
    context: int | None = None
    price_in: float | None = None
    price_out: float | None = None
    parameters_active: float | None = None
    parameters_total: float | None = None
    languages: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()
    problem: str = ""
    changed_at: datetime = UNSAID

    @property
    def simulated(self) -> bool:
        """Whether no model is behind it: the offline twin, or one of `centaure simulate`."""
        return self.kind == "extractive" or self.model.partition("-")[0] == "simulated"


def shown_name(name: str, *, simulated: bool, language: str = "en") -> str:
    """The name of a model as readers see it: one that is simulated says so, in the answer's language."""
    if not simulated:
        return name
    return f"{name} (simulé)" if language == "fr" else f"{name} (simulated)"


DESCRIBED: LiteralString = (
    "name, kind, location, model, options, highest, lifecycle, type, access, licence, publisher, country,"
    " host, zone, context, price_in, price_out, parameters_active, parameters_total, languages, capabilities"
)
"""The columns that somebody writes, but the secrets."""
COLUMNS: LiteralString = "id, problem, changed_at, " + DESCRIBED
_WRITTEN: LiteralString = (
    f"select {DESCRIBED} from jsonb_populate_record(cast(null as model), cast(%(values)s as jsonb))"  # noqa: S608
)


def read_model(row: Row) -> CatalogueModel:
    """A model of a row with `COLUMNS`."""
    said: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS.split(", ")}
    said["lifecycle"] = Lifecycle(row.lifecycle)
    said["languages"] = tuple(row.languages)
    said["capabilities"] = frozenset(row.capabilities)
    return CatalogueModel(**said)


async def all_models(session: ReadSession) -> list[CatalogueModel]:
    """Every model that the session may see, by name."""
    rows = await session.rows(f"select {COLUMNS} from model order by name")  # noqa: S608
    return [read_model(row) for row in rows]


async def find_model(session: ReadSession, name: str) -> CatalogueModel:
    """The model of a name.

    Raises:
        NotFound: there is none.
    """
    row = await session.row(
        f"select {COLUMNS} from model where name = %(name)s",  # noqa: S608 - constants
        {"name": name},
    )
    if row is None:
        raise NotFound(f"There is no model '{name}'. `centaure models list` shows them.")
    return read_model(row)


async def model_by_id(session: ReadSession, model_id: int) -> CatalogueModel:
    """The model of a number.

    Raises:
        NotFound: there is none.
    """
    row = await session.row(f"select {COLUMNS} from model where id = %(id)s", {"id": model_id})  # noqa: S608
    if row is None:
        raise NotFound("There is no such model.")
    return read_model(row)


async def add_model(
    session: WriteSession, values: Mapping[str, Any], secrets: bytes | None
) -> CatalogueModel:
    """Keep a model.

    Args:
        session: as an administrator, or as the worker's role.
        values: each of `DESCRIBED`, checked.
        secrets: encrypted; None: it needs none.

    Raises:
        Conflict: the name is taken.
    """
    row = await session.row(
        f"insert into model ({DESCRIBED}, secrets)"  # noqa: S608 - constants
        f" select described.*, %(secrets)s from ({_WRITTEN}) as described"
        f" on conflict (name) do nothing returning {COLUMNS}",
        {"values": json.dumps(dict(values)), "secrets": secrets},
    )
    if row is None:
        raise Conflict(f"There is a model '{values['name']}' already. Choose another name.")
    return read_model(row)


async def change_model(
    session: WriteSession, model_id: int, values: Mapping[str, Any]
) -> CatalogueModel:
    """Write a model anew; processes see it within a quarter of a second.

    Args:
        session: as an administrator, or as the worker's role.
        model_id: its number.
        values: each of `DESCRIBED`, checked; its secrets stay.

    Raises:
        NotFound: there is none.
        Conflict: its new name is taken.
    """
    if await session.value(
        "select id from model where name = %(name)s and id <> %(id)s",
        {"name": values["name"], "id": model_id},
    ):
        raise Conflict(f"There is a model '{values['name']}' already. Choose another name.")
    row = await session.row(
        f"update model set ({DESCRIBED}) = ({_WRITTEN}), problem = '', changed_at = clock_timestamp()"  # noqa: S608
        f" where id = %(id)s returning {COLUMNS}",
        {"values": json.dumps(dict(values)), "id": model_id},
    )
    if row is None:
        raise NotFound("There is no such model.")
    return read_model(row)


async def change_secrets(session: WriteSession, model_id: int, secrets: bytes | None) -> None:
    """Keep other secrets of a model, encrypted; None: it needs none."""
    await session.execute(
        "update model set secrets = %(secrets)s, problem = '', changed_at = clock_timestamp()"
        " where id = %(id)s",
        {"secrets": secrets, "id": model_id},
    )


async def remove_model(session: WriteSession, model_id: int) -> None:
    """Forget a model; what it said stays accounted for."""
    await session.execute("delete from model where id = %(id)s", {"id": model_id})
