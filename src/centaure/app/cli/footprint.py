"""`centaure footprint`: what answers of models cost in energy, carbon dioxide and water."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, note, print_json, print_table, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.footprint.equivalents import equivalents
from centaure.footprint.estimation import Range
from centaure.footprint.totals import (
    Part,
    footprint_of_groups,
    last_months,
    own_footprint,
    together,
)
from centaure.identity import Role, need_role
from centaure.kit.database import Database


def add_to(app: typer.Typer) -> None:
    """Put this command at the top level."""
    app.command("footprint")(footprint)


def footprint(
    user: Annotated[str, typer.Option("--as", help="Whose answers.", metavar="USER")],
    months: Annotated[
        int, typer.Option(min=1, max=120, help="This month, and those before it.")
    ] = 12,
    *,
    groups: Annotated[
        bool, typer.Option("--groups", help="Of everybody, by group, as an administrator.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what answers cost in energy, CO2e and water, from low to high, month by month."""

    async def work(database: Database, installation: Installation) -> list[Part]:
        principal = await acting_as(installation, user)
        since, until = last_months(months, datetime.now(UTC))
        async with database.read(principal) as session:
            if not groups:
                return await own_footprint(session, since, until)
            await need_role(session, Role.ADMINISTRATOR)
            return await footprint_of_groups(session, since, until)

    parts = run("app", work)
    if as_json:
        print_json([_as_json(part) for part in parts])
        return
    if not parts:
        say("No model answered in that time.")
        return
    print_table(
        ("month", "group", "calls", "estimated", "Wh", "g CO2e", "l of water")
        if groups
        else ("month", "calls", "estimated", "Wh", "g CO2e", "l of water"),
        [_row(part, groups=groups) for part in parts],
    )
    total = together(part for part in parts if part.group is None)
    for one in equivalents(total.impacts):
        say(f"As much as {_shown(one.amount)} {one.reference.words}.")
    if total.estimated < total.calls:
        note(
            f"{total.calls - total.estimated} calls could not be estimated: `centaure models set` says how "
            "many parameters a model has."
        )


def _row(part: Part, *, groups: bool) -> tuple[object, ...]:
    used = part.used
    watt_hours = Range(used.impacts.energy_kwh.low * 1000, used.impacts.energy_kwh.high * 1000)
    return (
        part.month,
        *((part.group or "everybody",) if groups else ()),
        used.calls,
        used.estimated,
        _shown(watt_hours),
        _shown(used.impacts.co2e_g),
        _shown(used.impacts.water_l),
    )


def _shown(amount: Range) -> str:
    return f"{amount.low:.2g} to {amount.high:.2g}"


def _as_json(part: Part) -> dict[str, object]:
    impacts = part.used.impacts
    return {
        "month": part.month,
        "group": part.group,
        "calls": part.used.calls,
        "estimated": part.used.estimated,
        "energy_kwh": impacts.energy_kwh._asdict(),
        "co2e_g": impacts.co2e_g._asdict(),
        "water_l": impacts.water_l._asdict(),
    }
