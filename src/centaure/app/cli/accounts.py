"""`centaure quota`, `centaure usage`: how much of language models may be used, and how much was."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from centaure.app.cli.output import AsJson, print_json, print_table, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.gateway import quotas
from centaure.gateway.quotas import Measure, NewQuota, Period, Quota, Subject, described, plain
from centaure.gateway.usage import By, Total, Usage, span_of, usage_on_machine
from centaure.identity import find_user
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput

commands = typer.Typer(
    help="Quotas: how much of language models may be used in an hour, a day or a month.",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    """Put these commands below `quota`, and `usage`."""
    app.add_typer(commands, name="quota")
    app.command("usage")(usage)


@commands.command("list")
def show(*, as_json: AsJson = False) -> None:
    """List the quotas, and what is used now of those that are shared."""

    async def work(database: Database, _: Installation) -> list[Quota]:
        async with database.read(None) as session:
            return await quotas.list_quotas(session)

    found = run("owner", work)
    if as_json:
        print_json([_plain(quota) for quota in found])
    else:
        print_table(
            ("id", "quota", "used", "in calls that go on"),
            [
                (
                    quota.id,
                    described(quota.said),
                    None if quota.used is None else plain(quota.used),
                    None if quota.held is None else plain(quota.held),
                )
                for quota in found
            ],
        )


@commands.command("set")
def put(
    amount: Annotated[str, typer.Argument(help="How much, such as 100 or 2.5; 0: nothing.")],
    measure: Annotated[
        Measure, typer.Argument(help="Of what: calls, tokens, euros or grams of CO2e.")
    ],
    period: Annotated[Period, typer.Argument(help="How often it begins again, in UTC.")],
    *,
    user: Annotated[str | None, typer.Option(help="Login of the person that it is for.")] = None,
    group: Annotated[str | None, typer.Option(help="Label or key of a group.")] = None,
    assistant: Annotated[str | None, typer.Option(help="Name of an assistant.")] = None,
    use_case: Annotated[str | None, typer.Option(help="Name of a use case.")] = None,
    key: Annotated[str | None, typer.Option(help="Number of an API key.")] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Every person has the amount to themselves.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Set a quota, or another amount of one that is there; for everybody unless it says for whom."""
    given = {
        Subject.USER: user,
        Subject.GROUP: group,
        Subject.ASSISTANT: assistant,
        Subject.USE_CASE: use_case,
        Subject.KEY: key,
    }
    named = [(subject, name) for subject, name in given.items() if name is not None]
    if len(named) > 1:
        raise InvalidInput(
            "A quota is for one: a user, a group, an assistant, a use case or a key."
        )
    subject, name = named[0] if named else (Subject.EVERYBODY, "")
    wanted = NewQuota(subject, name, measure, _number(amount), period, each=each)

    async def work(database: Database, _: Installation) -> Quota:
        async with database.write(None) as session:
            return await quotas.set_quota(session, wanted)

    kept = run("owner", work)
    if as_json:
        print_json(_plain(kept))
    else:
        say(f"Quota {kept.id}: {described(kept.said)}.")


@commands.command("remove")
def remove(
    number: Annotated[
        int, typer.Argument(help="The quota's id, from `list`.", min=1, max=2**31 - 1)
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Remove a quota: from then on it limits nothing."""

    async def work(database: Database, _: Installation) -> Quota:
        async with database.write(None) as session:
            return await quotas.remove_quota(session, number)

    removed = run("owner", work)
    if as_json:
        print_json({"id": removed.id, "removed": True})
    else:
        say(f"Removed quota {removed.id}: {described(removed.said)}.")


def usage(
    *,
    by: Annotated[By, typer.Option(help="What the totals are divided by.")] = By.DAY,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day, in UTC; else the first of the month."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day before which it ends, in UTC; else now."),
    ] = None,
    user: Annotated[str | None, typer.Option(help="Login: only what this person used.")] = None,
    as_json: AsJson = False,
) -> None:
    """How much of language models was used: calls, tokens, price, energy, CO2e and water."""
    span = span_of(since, until)

    async def work(database: Database, _: Installation) -> Usage:
        async with database.read(None) as session:
            account = None if user is None else (await find_user(session, user)).id
            return await usage_on_machine(session, span, by, account)

    used = run("owner", work)
    if as_json:
        print_json(
            {
                "since": used.span.since,
                "until": used.span.until,
                "by": used.by,
                "total": _figures(used.total),
                "parts": [{"name": name, **_figures(total)} for name, total in used.parts.items()],
            }
        )
        return
    rows = [*used.parts.items(), ("together", used.total)]
    print_table(
        (used.by.replace("_", " "), "calls", "tokens in", "tokens out", "euros", "g of CO2e"),
        [
            (
                name,
                total.calls,
                total.prompt_tokens,
                total.completion_tokens,
                f"{total.cost_micro_euros / 1e6:.4f}",
                f"{total.co2e_g[0]:.3g} to {total.co2e_g[1]:.3g}",
            )
            for name, total in rows
        ],
    )
    for count, what in (
        (used.total.estimated, "with tokens that no provider counted: they are estimated"),
        (used.total.unpriced, "of models without a price, which count as 0 euros"),
        (used.total.unmeasured, "without an estimate of CO2e, which count as 0 g"),
    ):
        if count:
            say(f"{count:,} {'call' if count == 1 else 'calls'} {what}.")


def _plain(quota: Quota) -> dict[str, Any]:
    said = quota.said
    return {
        "id": quota.id,
        "subject": said.subject,
        "name": said.name,
        "measure": said.measure,
        "amount": float(said.amount),
        "period": said.period,
        "each": said.each,
        "used": None if quota.used is None else float(quota.used),
        "held": None if quota.held is None else float(quota.held),
    }


def _figures(total: Total) -> dict[str, Any]:
    def ends(both: tuple[float, float]) -> dict[str, float]:
        return {"low": both[0], "high": both[1]}

    return {
        "calls": total.calls,
        "refused": total.refused,
        "failed": total.failed,
        "prompt_tokens": total.prompt_tokens,
        "completion_tokens": total.completion_tokens,
        "estimated": total.estimated,
        "euros": total.cost_micro_euros / 1_000_000,
        "unpriced": total.unpriced,
        "energy_kwh": ends(total.energy_kwh),
        "co2e_g": ends(total.co2e_g),
        "water_l": ends(total.water_l),
        "unmeasured": total.unmeasured,
    }


def _number(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        raise InvalidInput(f"'{written}' is no number: write it as 100 or 2.5.") from None
