"""`centaure redteam run` and `report`: attack a model or an assistant on purpose, and report."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from centaure.app.cli.output import ATTENTION, AsJson, note, print_json, print_table, printable, say
from centaure.app.cli.redteam_targets import (
    Aim,
    AnswerS,
    Assistant,
    AsUser,
    AtOnce,
    CaFile,
    GuardOption,
    KeyFile,
    Minutes,
    Model,
    PolicyFile,
    TargetName,
    with_target,
)
from centaure.kit.errors import InvalidInput
from centaure.redteam import filed
from centaure.redteam.attacks import FAMILIES, MUTATORS, PLAIN, cases
from centaure.redteam.campaigns import running
from centaure.redteam.campaigns.page import page
from centaure.redteam.campaigns.report import KIND, passes, report
from centaure.redteam.languages import Language
from centaure.redteam.targets import Target

redteam = typer.Typer(
    no_args_is_help=True, help="Attacks on models and assistants, on purpose; a game; bias."
)


Folder = Annotated[Path, typer.Argument(help="The folder of a run.")]
To = Annotated[
    Path,
    typer.Option(
        "--to",
        help="The folder of the run, which holds all answers; one that was cut goes on.",
        metavar="FOLDER",
    ),
]
Before = Annotated[
    Path | None,
    typer.Option(help="An earlier run's folder or report.json, for the trend.", metavar="PLACE"),
]
InLanguage = Annotated[Language, typer.Option(help="Of the page.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands under `redteam`."""
    app.add_typer(redteam, name="redteam")


@redteam.command("run")
def run_campaign(
    target: TargetName,
    to: To,
    model: Model = "",
    key_file: KeyFile = "",
    ca_file: CaFile = "",
    user: AsUser = "",
    assistant: Assistant = "",
    guard: GuardOption = None,
    policy: PolicyFile = "",
    judge: Annotated[
        str, typer.Option(help="A model at the same place that gives a second opinion.")
    ] = "",
    family: Annotated[
        list[str] | None, typer.Option(help=f"Only this one: {', '.join(FAMILIES)}.")
    ] = None,
    mutator: Annotated[
        list[str] | None, typer.Option(help=f"Only this disguise: {', '.join((PLAIN, *MUTATORS))}.")
    ] = None,
    spoken: Annotated[list[Language] | None, typer.Option(help="Only attacks in it.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same number makes the same cases.")] = 0,
    most: Annotated[int, typer.Option("--cases", min=1, max=10_000, help="At most.")] = 200,
    at_once: AtOnce = 4,
    minutes: Minutes = 10.0,
    answer_s: AnswerS = 60.0,
    fail_over: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="End with 9 where more cases than this are broken, or where over a tenth came to nothing.",
        ),
    ] = None,
    before: Before = None,
    language: InLanguage = Language.EN,
    *,
    as_json: AsJson = False,
) -> None:
    """Try attacks on a target: all that is at stake in them is invented. Both reports land in the folder."""
    aim = Aim(target, model, key_file, ca_file, user, assistant, guard, policy, judge, answer_s)
    families = among(family or [], FAMILIES, "family")
    mutators = among(mutator or [], (PLAIN, *MUTATORS), "disguise")
    chosen = cases(seed, most, families=families, mutators=mutators, languages=spoken or [])
    plan: dict[str, Any] = {
        "kind": KIND,
        "target": aim.shown,
        "guarded": aim.guarded,
        "judge": judge,
        "number": seed,
        "cases": [one.id for one in chosen],
    }
    old = filed.earlier(before, KIND)

    async def work(attacked: Target, second: Target | None) -> list[dict[str, Any]]:
        with filed.Filed(to, plan) as file:
            left = file.left(one.id for one in chosen)
            await running.greet(attacked)
            if not await running.run(
                [one for one in chosen if one.id in left],
                attacked,
                lambda result: file.keep(result.written()),
                judge=second,
                at_once=at_once,
                longest_s=minutes * 60,
            ):
                note("The time was over before all cases were tried. The same command goes on.")
            return list(file.results.values())

    told = _report(to, plan, with_target(aim, work), old, language)
    _show(told, to, as_json=as_json)
    if fail_over is not None and not passes(told, fail_over):
        raise typer.Exit(ATTENTION)


@redteam.command("report")
def write_report(
    folder: Folder,
    before: Before = None,
    language: InLanguage = Language.EN,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the reports of a campaign again, in another language or with a trend."""
    old = filed.earlier(before, KIND)
    plan, results = filed.read(folder)
    if plan["kind"] != KIND:
        raise InvalidInput(f"{folder} holds no campaign.")
    _show(_report(folder, plan, results, old, language), folder, as_json=as_json)


def _report(
    folder: Path,
    plan: dict[str, Any],
    results: list[dict[str, Any]],
    old: dict[str, Any] | None,
    language: Language,
) -> dict[str, Any]:
    about = {name: value for name, value in plan.items() if name != "cases"}
    told = report(about, results, plan["cases"], datetime.now(UTC), old)
    filed.write_reports(folder, told, page(told, language.value))
    return told


def _show(told: dict[str, Any], folder: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({**told, "examples": len(told["examples"]), "outcomes": len(told["outcomes"])})
        return
    rows = [
        (name, one["broken"], one["held"], one["unknown"]) for name, one in told["families"].items()
    ]
    totals = told["totals"]
    rows.append(("all", totals["broken"], totals["held"], totals["unknown"]))
    print_table(("family", "broken", "held", "cannot be told"), rows)
    if "trend" in told:
        trend = told["trend"]
        say(
            f"Since {printable(trend['since'])}: {len(trend['newly_broken'])} newly broken, "
            f"{len(trend['newly_held'])} newly held."
        )
    say(f"{told['tried']} of {told['planned']} cases were tried. See {folder / filed.PAGE}.")


def among(given: list[str], known: tuple[str, ...], what: str) -> list[str]:
    """What was given, where all of it is known.

    Raises:
        InvalidInput: some of it is not; the message names what is.
    """
    for one in given:
        if one not in known:
            raise InvalidInput(f"{one} is no {what}. They are {', '.join(known)}.")
    return given
