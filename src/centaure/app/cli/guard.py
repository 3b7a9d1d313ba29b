"""`centaure guard`: what the guardrails find in texts, one JSON document a line; no model."""

from typing import Annotated, Any, cast

import typer

from centaure.app.cli.lines import Line, answer_lines, identifier_of, list_of, text_of
from centaure.app.cli.output import AsJson
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.guardrails.checks import Context, Turn, scan
from centaure.guardrails.policies import LivePolicies
from centaure.guardrails.policy import DEFAULT, Policy
from centaure.guardrails.verdicts import Finding, Stage, Verdict
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput

guard = typer.Typer(no_args_is_help=True, help="What the guardrails find in texts.")

_ROLES = ("user", "assistant", "system", "tool")

Jsonl = Annotated[
    str, typer.Option(help="The file, one object a line; - for standard input.", metavar="FILE")
]
Assistant = Annotated[
    str, typer.Option(help="Whose policy decides; none: the default, without the database.")
]


def add_to(app: typer.Typer) -> None:
    """Put these commands under `guard`."""
    app.add_typer(guard, name="guard")


@guard.command("scan")
def scan_command(
    jsonl: Jsonl,
    stage: Annotated[Stage, typer.Option(help="Where the texts stand.")],
    assistant: Assistant = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Say of each text, or of the last turn of each conversation, what is found and what would be done.

    A line is {"id", "text"} or {"id", "turns": [{"role", "text"}]}, the oldest turn first; a role is user,
    assistant, system or tool. What must not leave in an answer is told by "secrets", a list of texts, or by
    the turns of the role system.
    """
    del as_json  # it prints nothing else
    policy = policy_of(assistant)
    answer_lines(jsonl, lambda given: scanned(given, stage, policy))


def scanned(given: Line, stage: Stage, policy: Policy) -> dict[str, object]:
    """What is printed for one line.

    What must not leave in an answer is told by `secrets`, or by the turns of the role `system`.

    Raises:
        InvalidInput: a field is missing or of another type.
    """
    identifier = identifier_of(given)
    if "turns" in given:
        turns = [_turn(each) for each in list_of(given, "turns")]
        if not turns:
            raise InvalidInput('"turns" is empty.')
    else:
        turns = [Turn("user", text_of(given, "text"))]
    secrets = [turn.text for turn in turns[:-1] if turn.role == "system"]
    if "secrets" in given:
        secrets += [_secret(each) for each in list_of(given, "secrets")]
    context = Context(stage=stage, policy=policy, earlier=turns[:-1], secrets=secrets)
    verdict = scan(turns[-1].text, context)
    return {"id": identifier, **told(verdict)}


def told(verdict: Verdict) -> dict[str, object]:
    """A verdict as commands and the API write it."""
    return {
        "action": verdict.action.word,
        "score": round(verdict.score, 4),
        "findings": [_finding(one) for one in verdict.findings],
    }


def policy_of(assistant: str) -> Policy:
    """The policy of an assistant; without a name the default, for which no database is needed."""

    async def work(database: Database, _: Installation) -> Policy:
        return await LivePolicies(database).of(assistant)

    return run("indexer", work) if assistant else DEFAULT


def _finding(one: Finding) -> dict[str, object]:
    return {
        "check": one.check,
        "label": one.label,
        "start": one.start,
        "end": one.end,
        "score": round(one.score, 4),
        "rule": one.rule,
    }


def _secret(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput('each of "secrets" is a text.')
    return value


def _turn(value: object) -> Turn:
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    role, text = fields.get("role"), fields.get("text")
    if role not in _ROLES or not isinstance(text, str):
        raise InvalidInput(f'each turn needs "role" ({", ".join(_ROLES)}) and "text".')
    return Turn(role, text)
