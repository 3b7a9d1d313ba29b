"""Seeds: attacks written for this project, each in French and in English, by family; data in `texts/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from centaure.redteam.languages import Language

Goal = Literal["secret", "instructions", "word", "link", "call"]
FAMILIES = (
    "override",
    "persona",
    "extraction",
    "exfiltration",
    "planted",
    "tools",
    "turns",
    "encodings",
)


@dataclass(frozen=True, slots=True)
class Seed:
    """One attack.

    Attributes:
        id: its family and its own name.
        family: one of `FAMILIES`.
        goal: what it is after.
        document: whether it stands in a document, and not in what a person types.
        texts: its turns, by language. `{first}` and `{second}` are the halves of a word, `{address}` an
            address elsewhere.
    """

    id: str
    family: str
    goal: Goal
    document: bool
    texts: Mapping[Language, tuple[str, ...]]


@cache
def seeds() -> tuple[Seed, ...]:
    """All of them, in the order of the families."""
    folder = files(__name__.rpartition(".")[0]) / "texts"
    return tuple(
        Seed(
            id=f"{family}-{one['id']}",
            family=family,
            goal=one["goal"],
            document=one.get("document", False),
            texts={language: _turns(one[language]) for language in Language},
        )
        for family in FAMILIES
        for one in tomllib.loads((folder / f"{family}.toml").read_text("utf-8"))["seed"]
    )


def _turns(written: str | list[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)
