"""Files of one JSON object a line, as commands read and answer them."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeGuard, cast

import typer

from centaure.app.cli.output import note, printable
from centaure.kit.errors import InvalidInput

Line = dict[str, Any]


def answer_lines(name: str, answer: Callable[[Line], object]) -> None:
    """Print what `answer` makes of each line of a file, `-` for standard input, one JSON document a line.

    A line that cannot be answered is noted with its number, and the others go on; the command then ends
    with 1.

    Raises:
        InvalidInput: the file cannot be read.
    """
    wrong = 0
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        try:
            written = json.dumps(answer(_object(line)), ensure_ascii=False)
        except InvalidInput as error:
            wrong += 1
            note(f"Line {number}: {printable(error.message)}")
            continue
        sys.stdout.buffer.write(written.encode("utf-8", "replace") + b"\n")
        sys.stdout.flush()
    if wrong:
        raise typer.Exit(1)


def read_lines(name: str) -> list[tuple[int, Line]]:
    """The objects of a file, `-` for standard input, each with the number of its line.

    Raises:
        InvalidInput: the file cannot be read, or a line is no object; the message names it.
    """
    found: list[tuple[int, Line]] = []
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        try:
            found.append((number, _object(line)))
        except InvalidInput as error:
            raise InvalidInput(f"Line {number}: {error.message}") from error
    return found


def text_of(given: Line, name: str, default: str | None = None) -> str:
    """A field that is text.

    Raises:
        InvalidInput: it is missing and has no default, or is something else.
    """
    value = given.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise InvalidInput(f'"{name}" is missing, or no text.')
    return value


def identifier_of(given: Line) -> str | int:
    """The "id" of a line.

    Raises:
        InvalidInput: it is missing, or neither text nor a whole number.
    """
    identifier = given.get("id")
    if not is_name(identifier):
        raise InvalidInput('"id" is missing, or neither text nor a whole number.')
    return identifier


def is_name(value: object) -> TypeGuard[str | int]:
    """Whether a value is text or a whole number; what is true or false is neither."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def list_of(given: Line, name: str) -> list[object]:
    """A field that is a list.

    Raises:
        InvalidInput: it is missing, or something else.
    """
    value = given.get(name)
    if not isinstance(value, list):
        raise InvalidInput(f'"{name}" is missing, or no list.')
    return cast("list[object]", value)


def _object(line: str) -> Line:
    try:
        item: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("this is not JSON. Write one object a line.") from error
    if not isinstance(item, dict):
        raise InvalidInput("this is not a JSON object.")
    return cast("Line", item)


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
