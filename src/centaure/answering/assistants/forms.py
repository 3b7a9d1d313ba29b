"""A form that becomes a prompt: values take the places of placeholders, and are not read again for more."""

import re
from collections.abc import Mapping
from datetime import date

from centaure.answering.assistants.definition import PLACEHOLDER, Definition, FormField
from centaure.kit.errors import InvalidInput

LONGEST_PROMPT = 10_000
"""Characters: those of a question."""
_LONGEST_FILLED = 4 * LONGEST_PROMPT
"""Of the values where they stand; blank lines among them do not count in the end."""
_BLANK_LINES = re.compile(r"\n{3,}")
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,9})?")


def filled(definition: Definition, values: Mapping[str, str]) -> str:
    """The prompt that a filled form makes. A line whose fields are all left empty is left out.

    Args:
        definition: of the assistant.
        values: by the names of the fields; others are refused.

    Raises:
        InvalidInput: it has no form, a required field is empty, a value is not of its kind, or the prompt is
            too long; the sentence names the field.
    """
    if not definition.fields:
        raise InvalidInput(f"{definition.name} has no form.")
    known = {field.name: field for field in definition.fields}
    if unknown := set(values) - set(known):
        raise InvalidInput(f"values: the form has no field {min(unknown)}.")
    given = {name: _value(field, values.get(name, "")) for name, field in known.items()}
    size = sum(len(given[name]) for name in PLACEHOLDER.findall(definition.template))
    if size > _LONGEST_FILLED:  # before anything is built of it
        raise _too_long(size)
    lines: list[str] = []
    for line in definition.template.split("\n"):
        names = PLACEHOLDER.findall(line)
        if names and not any(given[name] for name in names):
            continue
        lines.append(PLACEHOLDER.sub(lambda found: given[found[1]], line).rstrip())
    prompt = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
    if len(prompt) > LONGEST_PROMPT:
        raise _too_long(len(prompt))
    return prompt


def _too_long(size: int) -> InvalidInput:
    return InvalidInput(
        f"The filled form has {size:,} characters, and a question {LONGEST_PROMPT:,} at most. "
        "Shorten what you pasted."
    )


def _value(field: FormField, written: str) -> str:
    value = written.replace("\r\n", "\n").strip()
    if not value:
        if field.required:
            raise InvalidInput(f"{field.label}: fill it in.")
        return ""
    if field.kind == "choice" and value not in field.choices:
        raise InvalidInput(f"{field.label}: choose one of {', '.join(field.choices)}.")
    if field.kind == "number" and not _NUMBER.fullmatch(value):
        raise InvalidInput(f"{field.label}: write a number.")
    if field.kind == "date" and not _is_day(value):
        raise InvalidInput(f"{field.label}: write a day as 2027-01-31.")
    return value if field.kind == "text" else " ".join(value.split())


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
