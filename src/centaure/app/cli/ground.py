"""`centaure ground`: whether answers rest on their passages, sentence by sentence; no database, no model."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from centaure.answering.groundedness import Passage, check
from centaure.app.cli.output import AsJson, note, printable
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
    wrong = 0
    for number, line in enumerate(_lines(jsonl), 1):
        if not line.strip():
            continue
        try:
            written = json.dumps(judged(line), ensure_ascii=False)
        except InvalidInput as error:
            wrong += 1
            note(f"Line {number}: {printable(error.message)}")
            continue
        sys.stdout.write(written + "\n")
        sys.stdout.flush()
    if wrong:
        raise typer.Exit(1)


def judged(line: str) -> dict[str, object]:
    """What is printed for one line.

    Raises:
        InvalidInput: the line is no JSON, or a field is missing or of another type.
    """
    try:
        item: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("this is not JSON. Write one object a line.") from error
    if not isinstance(item, dict):
        raise InvalidInput("this is not a JSON object.")
    given = cast("dict[str, Any]", item)
    identifier = given.get("id")
    if not isinstance(identifier, str | int):
        raise InvalidInput('"id" is missing, or neither text nor a whole number.')
    answer, question = _text(given, "answer"), _text(given, "question", default="")
    passages = [_passage(each) for each in _passages(given)]
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


def _text(given: dict[str, Any], name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise InvalidInput(f'"{name}" is missing, or no text.')
    return value


def _passages(given: dict[str, Any]) -> list[object]:
    value = given.get("passages")
    if not isinstance(value, list):
        raise InvalidInput('"passages" is missing, or no list.')
    return cast("list[object]", value)


def _passage(value: object) -> Passage:
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    identifier, text = fields.get("id"), fields.get("text")
    if not isinstance(identifier, str | int) or not isinstance(text, str):
        raise InvalidInput('each passage needs "id" and "text".')
    return Passage(str(identifier), text)


def _lines(name: str) -> Iterator[str]:
    if name == "-":
        yield from _decoded(sys.stdin.buffer)
        return
    try:
        with Path(name).open("rb") as file:
            yield from _decoded(file)
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}.") from error


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Lines as text; what is not UTF-8 becomes a line that is no JSON."""
    for line in lines:
        try:
            yield line.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield "\N{REPLACEMENT CHARACTER}"
