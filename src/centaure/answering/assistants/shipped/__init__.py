"""Assistants that everybody has from the first start: one file each, in French and English."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from centaure.answering.assistants.definition import Definition, Language

ORDER = (
    "internal-documents", "incident-search", "regulation-search", "tender-reading", "contract-review",
    "data-question", "email-reply", "meeting-minutes", "job-ad", "product-sheet", "translation",
    "code-explanation",
)  # fmt: skip
"""Their keys, as they are listed: first those that answer from documents."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """An assistant of this installation's version of Centaure, in each language."""

    key: str
    definitions: dict[Language, Definition]


@cache
def shipped() -> dict[str, Shipped]:
    """All of them by key, in order."""
    return {key: _read(key) for key in ORDER}


def _read(key: str) -> Shipped:
    content = yaml.safe_load(files(__name__).joinpath(f"{key}.yaml").read_bytes())
    common = content.pop("common", {})
    definitions: dict[Language, Definition] = {
        language: Definition.model_validate({**common, **said, "language": language})
        for language, said in content.items()
    }
    return Shipped(key, definitions)
