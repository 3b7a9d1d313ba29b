"""What a language model is told to do with a question: one small file for each task and version."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

Task = Literal["rewritten", "parts", "hypothetical", "translation"]
TASKS: tuple[Task, ...] = get_args(Task)
VERSIONS: dict[Task, int] = {"rewritten": 1, "parts": 1, "hypothetical": 1, "translation": 1}
"""Of the prompt that is used; a changed prompt is a new file."""


@lru_cache(maxsize=len(TASKS))
def prompt(task: Task) -> str:
    """The instructions of a task, and what holds for all."""
    folder = files("centaure.knowledge.retrieval.prompts")
    return "".join(
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in (f"{task}-{VERSIONS[task]}.txt", "data-1.txt")
    )
