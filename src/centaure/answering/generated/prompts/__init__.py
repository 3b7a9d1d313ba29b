"""What a language model is told: one file for each task and language, with its version."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Task = Literal["answer", "assistant", "form", "write", "rewrite", "part", "join", "judge"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """Instructions.

    Attributes:
        text: what the model is told.
        version: name of the file and the first 12 hexadecimal digits of its SHA-256.
    """

    text: str
    version: str


@cache
def prompt(task: Task, language: str) -> Prompt:
    """The instructions of a task; in French where the language is not English."""
    name = f"{task}.{'en' if language == 'en' else 'fr'}"
    content = files(__name__).joinpath(f"{name}.md").read_bytes()
    return Prompt(content.decode(), f"{name} {hashlib.sha256(content).hexdigest()[:12]}")
