"""The rules of routing as the database keeps them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, LiteralString

from centaure.gateway.routing import Rule
from centaure.kit.database import ReadSession, Row, WriteSession

RULE_COLUMNS: LiteralString = (
    "name, classes, purposes, assistants, languages, capabilities, longer_than, models, exclusive, by,"
    " hedge_s"
)
_SETS = ("classes", "purposes", "assistants", "languages", "capabilities")


def read_rule(row: Row) -> Rule:
    """A rule of a row with `RULE_COLUMNS`."""
    said: dict[str, Any] = {name: getattr(row, name) for name in RULE_COLUMNS.split(", ")}
    for name in _SETS:
        said[name] = frozenset(said[name])
    said["models"] = tuple(said["models"])
    return Rule(**said)


async def all_rules(session: ReadSession) -> list[Rule]:
    """Every rule that the session may see, in order."""
    rows = await session.rows(f"select {RULE_COLUMNS} from routing_rule order by position")  # noqa: S608
    return [read_rule(row) for row in rows]


async def replace_rules(session: WriteSession, rules: Sequence[Rule]) -> None:
    """Keep these rules, in this order, and no other.

    Args:
        session: as an administrator, or as the worker's role.
        rules: checked.
    """
    await session.execute("delete from routing_rule")
    for position, rule in enumerate(rules, start=1):
        values = asdict(rule)
        for name in _SETS:
            values[name] = sorted(values[name])
        await session.execute(
            f"insert into routing_rule (position, {RULE_COLUMNS}) select %(position)s, {RULE_COLUMNS}"  # noqa: S608
            " from jsonb_populate_record(cast(null as routing_rule), cast(%(values)s as jsonb))",
            {"position": position, "values": json.dumps(values)},
        )
