"""What changed between two versions of an assistant, field by field."""

from dataclasses import dataclass
from typing import Any

from centaure.answering.assistants.definition import Definition


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is not the same; of a form and of a scope, one of theirs.

    Attributes:
        field: its name, such as `instructions`, `scope.sources` or `fields.deadline`.
        before, after: how it was and is, in lines of text; empty: it was or is not there.
    """

    field: str
    before: str
    after: str


def changes(before: Definition, after: Definition) -> list[Change]:
    """Every field that differs, in the order of a definition."""
    old, new = _flat(before), _flat(after)
    return [
        Change(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*old, *new])
        if old.get(name, "") != new.get(name, "")
    ]


def _flat(definition: Definition) -> dict[str, str]:
    said = definition.model_dump(mode="json")
    flat: dict[str, str] = {}
    for name, value in said.items():
        if name == "scope":
            flat |= {f"scope.{part}": "\n".join(words) for part, words in value.items()}
        elif name == "fields":
            flat |= {f"fields.{field['name']}": _field(field) for field in value}
        elif name == "openings":
            flat[name] = "\n".join(value)
        else:
            flat[name] = str(value)
    return flat


def _field(field: dict[str, Any]) -> str:
    """A field of a form in lines: its label, its kind, its choices, its help."""
    kind = f"{field['kind']}, required" if field["required"] else field["kind"]
    return "\n".join(
        line for line in (field["label"], kind, " / ".join(field["choices"]), field["help"]) if line
    )
