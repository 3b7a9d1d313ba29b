"""`centaure ground`: whether answers rest on their passages, sentence by sentence; no database, no model."""

from typing import Annotated, Any, cast

import typer

from centaure.answering.groundedness import Passage, check
from centaure.app.cli.lines import Line, answer_lines, identifier_of, is_name, list_of, text_of
from centaure.app.cli.output import AsJson
from centaure.kit.errors import InvalidInput


def add_to(app: typer.Typer) -> None:
    """Put this command at the top level."""
    app.command("ground")(ground_command)


def ground_command(
    jsonl: Annotated[
        str, typer.Option(help="The file, one answer a line; - for standard input.", metavar="FILE")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Say of each sentence of answers whether the passages bear it out; one JSON document a line."""
    del as_json  # it prints nothing else
    answer_lines(jsonl, judged)


def judged(given: Line) -> dict[str, object]:
    """What is printed for one line.

    Raises:
        InvalidInput: a field is missing or of another type.
    """
    identifier = identifier_of(given)
    answer, question = text_of(given, "answer"), text_of(given, "question", default="")
    passages = [_passage(each) for each in list_of(given, "passages")]
    return {
        "id": identifier,
        "sentences": [
            {
                "text": answer[each.start : each.end],
                "start": each.start,
                "end": each.end,
                "outcome": each.outcome,
                "score": each.score,
                "passage": each.passage,
                "reason": each.reason,
            }
            for each in check(answer, passages, question)
        ],
    }


def _passage(value: object) -> Passage:
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    identifier, text = fields.get("id"), fields.get("text")
    if not is_name(identifier) or not isinstance(text, str):
        raise InvalidInput('each passage needs "id" and "text".')
    return Passage(str(identifier), text)
