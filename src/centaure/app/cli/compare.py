"""`centaure compare`: who is preferred in blind comparisons."""

from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, print_json, print_table, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.feedback.comparisons.settings import Kind, Task
from centaure.feedback.ranking.schemas import ComparisonRanking
from centaure.feedback.ranking.standings import Ranking, ranked, totals_of
from centaure.kit.database import Database

compare = typer.Typer(no_args_is_help=True, help="What people prefer, from blind comparisons.")


def add_to(app: typer.Typer) -> None:
    """Put these commands under `compare`."""
    app.add_typer(compare, name="compare")


@compare.command("ranking")
def show_ranking(
    user: Annotated[str, typer.Option("--as", help="Who looks.", metavar="USER")],
    kind: Annotated[Kind, typer.Option(help="What was compared.")] = "model",
    task: Annotated[
        Task | None, typer.Option(help="Of questions of this kind only.", show_default=False)
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Of answers in fr, or en, only.", show_default=False)
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Rank models, prompts or searches by the votes of everybody (Bradley-Terry, intervals of 95%)."""

    async def work(database: Database, installation: Installation) -> Ranking:
        principal = await acting_as(installation, user)
        async with database.read(principal) as session:
            totals = await totals_of(session, kind, task, language)
        return await ranked(totals)

    found = run("app", work)
    if as_json:
        print_json(ComparisonRanking.of(found).model_dump())
        return
    if not found.standings:
        say("Nobody has voted on such a comparison. Compare two at /compare.")
        return
    columns = ("place", kind, "points", "from", "to", "won", "lost", "equal", "neither")
    rows = [
        (
            one.place,
            one.player,
            round(one.points),
            round(one.low),
            round(one.high),
            one.won,
            one.lost,
            one.equal,
            one.neither,
        )
        for one in found.standings
    ]
    print_table(columns, rows)
    say(f"{found.votes} votes. 1000 points are the mean; 400 more are ten times the odds.")
