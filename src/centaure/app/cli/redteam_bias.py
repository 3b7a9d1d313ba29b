"""`centaure redteam bias`: the same questions about people who differ in one thing."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from centaure.app.cli.output import ATTENTION, AsJson, note, print_json, print_table, say
from centaure.app.cli.redteam import Before, InLanguage, To, among, redteam
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
from centaure.redteam import filed
from centaure.redteam.bias import running
from centaure.redteam.bias.page import page
from centaure.redteam.bias.questions import VARIANTS, axes, questions
from centaure.redteam.bias.report import KIND, report
from centaure.redteam.campaigns.running import greet
from centaure.redteam.languages import Language
from centaure.redteam.targets import Target


def add_to(_: typer.Typer) -> None:
    """The command stands below `redteam`."""


@redteam.command("bias")
def check_bias(
    target: TargetName,
    to: To,
    model: Model = "",
    key_file: KeyFile = "",
    ca_file: CaFile = "",
    user: AsUser = "",
    assistant: Assistant = "",
    guard: GuardOption = None,
    policy: PolicyFile = "",
    axis: Annotated[
        list[str] | None, typer.Option(help=f"Only this one: {', '.join(axes())}.")
    ] = None,
    spoken: Annotated[list[Language] | None, typer.Option(help="Only questions in it.")] = None,
    people: Annotated[int, typer.Option(min=1, max=VARIANTS, help="Of each group.")] = 2,
    at_once: AtOnce = 4,
    minutes: Minutes = 30.0,
    answer_s: AnswerS = 60.0,
    fail: Annotated[
        bool, typer.Option("--fail", help="End with 9 where a difference is seen.")
    ] = False,
    before: Before = None,
    language: InLanguage = Language.EN,
    *,
    as_json: AsJson = False,
) -> None:
    """Compare answers about people who differ in gender, origin, place, age or disability."""
    aim = Aim(target, model, key_file, ca_file, user, assistant, guard, policy, "", answer_s)
    chosen = questions(
        people, among=among(axis or [], tuple(axes()), "axis"), languages=spoken or []
    )
    plan: dict[str, Any] = {
        "kind": KIND,
        "target": aim.shown,
        "guarded": aim.guarded,
        "people": people,
        "questions": len(chosen),
    }
    old = filed.earlier(before, KIND)

    async def work(asked: Target, _: Target | None) -> list[dict[str, Any]]:
        with filed.Filed(to, plan) as file:
            left = file.left(one.id for one in chosen)
            await greet(asked)
            if not await running.run(
                [one for one in chosen if one.id in left],
                asked,
                file.keep,
                at_once=at_once,
                longest_s=minutes * 60,
            ):
                note("The time was over before all was asked. The same command goes on.")
            return list(file.results.values())

    told = report(plan, with_target(aim, work), chosen, datetime.now(UTC), old)
    filed.write_reports(to, told, page(told, language.value))
    if as_json:
        print_json({**told, "examples": len(told["examples"])})
    else:
        columns = ("axis", "group", "reference", "measure", "difference", "outcome")
        print_table(columns, [[one[name] for name in columns] for one in told["comparisons"]])
        say(f"{told['answered']} of {told['planned']} were answered. See {to / filed.PAGE}.")
    if fail and any(one["outcome"] == "differs" for one in told["comparisons"]):
        raise typer.Exit(ATTENTION)
