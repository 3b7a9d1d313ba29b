"""Frameworks as forms: fields that a person fills in become a prompt. Pure.

RACE and 4S are mnemonics of practice without an author; the levels of Bloom are those of L. W. Anderson and
D. R. Krathwohl, "A Taxonomy for Learning, Teaching, and Assessing" (2001); examples and chains of thought go
back to T. Brown and others, "Language Models are Few-Shot Learners" (2020), and J. Wei and others,
"Chain-of-Thought Prompting Elicits Reasoning in Large Language Models" (2022).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from centaure.kit.errors import InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, in one language.

    Attributes:
        key: by which its value is given.
        label: what the form calls it.
        hint: an example.
        heading: above its value in the prompt.
        optional: whether it may stay empty.
    """

    key: str
    label: str
    hint: str
    heading: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Framework:
    """A form, in one language.

    Attributes:
        key: of it.
        name: for people.
        about: when it helps.
        fields: in order.
        close: ends every prompt that it makes; may be empty.
    """

    key: str
    name: str
    about: str
    fields: tuple[Field, ...]
    close: str


@cache
def frameworks(language: str) -> tuple[Framework, ...]:
    """Every form, in French where the language is not English."""
    told = "en" if language == "en" else "fr"
    here = files("centaure.answering.prompts")
    said: dict[str, dict[str, Any]] = tomllib.loads(
        here.joinpath("frameworks.toml").read_text(encoding="utf-8")
    )
    return tuple(
        Framework(
            key,
            one[told],
            one[f"about_{told}"],
            tuple(
                Field(
                    field["key"],
                    field[told],
                    field[f"hint_{told}"],
                    field[f"as_{told}"],
                    field.get("optional", False),
                )
                for field in one["fields"]
            ),
            one.get(f"close_{told}", ""),
        )
        for key, one in said.items()
    )


def composed(key: str, language: str, values: Mapping[str, str]) -> str:
    """The prompt that a filled form makes.

    Args:
        key: of the framework.
        language: "fr" or "en", of the headings.
        values: what was filled in, by field.

    Raises:
        NotFound: there is no such framework.
        InvalidInput: a field that is needed is empty; the message names it.
    """
    framework = next((one for one in frameworks(language) if one.key == key), None)
    if framework is None:
        raise NotFound("There is no such framework.")
    parts: list[str] = []
    for field in framework.fields:
        value = values.get(field.key, "").strip()
        if value:
            parts.append(f"# {field.heading}\n{value}")
        elif not field.optional:
            raise InvalidInput(f"Fill in: {field.label}")
    if framework.close:
        parts.append(framework.close)
    return "\n\n".join(parts)
