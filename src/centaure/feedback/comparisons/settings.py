"""What can be compared: two models, two prompts, or two searches."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from centaure.answering.answers import Answer
from centaure.answering.generated import MOST_TOKENS
from centaure.answering.variants import Variant
from centaure.gateway.calls import Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.routing import Facts
from centaure.gateway.service import Gateway
from centaure.kit.errors import InvalidInput, NotFound
from centaure.knowledge.retrieval.finding import Stage

Kind = Literal["model", "prompt", "retrieval"]
Task = Literal["fact", "procedure", "figure", "overview", "other"]
"""What a question is for, as whoever asks it says: ranks may differ from one to the other."""
STANDARD = "standard"
"""The prompt that asks for no form."""
OWN = "own"
"""A prompt in the words of whoever compares; it is in no ranking, since its words are theirs."""
STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True, slots=True)
class Setting:
    """One of the two things that are compared.

    Attributes:
        kind: what it is.
        name: of a model of the catalogue, a prompt, or a search.
        words: those of a prompt, where it is the person's own.
    """

    kind: Kind
    name: str
    words: str = ""

    @property
    def player(self) -> str:
        """What it is called in a ranking; empty: it is in none."""
        return "" if self.name == OWN else self.name

    def variant(self, language: str) -> Variant:
        """How answers are made by it."""
        if self.kind == "model":
            return Variant(model=self.name)
        if self.kind == "retrieval":
            return Variant(search=next(stage for stage in STAGES if stage == self.name))
        if self.name == OWN:
            return Variant(wishes=self.words)
        return Variant(wishes="" if self.name == STANDARD else prompts()[self.name][language])

    def made(self, answer: Answer) -> bool:
        """Whether an answer is really one of this setting, and not what stood in for it."""
        if answer.held is not None or answer.approved is not None:
            return False
        if self.kind == "retrieval":
            return answer.fallback in {None, "no_model"}
        return answer.generation is not None and answer.fallback is None


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody can compare here.

    Attributes:
        models: of the catalogue, that may be sent a question, by name.
        prompts: by name, with `OWN`.
        searches: how far a search can go.
    """

    models: tuple[CatalogueModel, ...]
    prompts: tuple[str, ...]
    searches: tuple[Stage, ...]


@cache
def prompts() -> dict[str, dict[str, str]]:
    """The wishes for the form of an answer, by name and language."""
    here = files("centaure.feedback.comparisons")
    return tomllib.loads(here.joinpath("prompts.toml").read_text(encoding="utf-8"))


async def choices(
    gateway: Gateway, question_class: int, stages: Sequence[Stage], principal: int | None
) -> Choices:
    """What somebody can compare.

    Args:
        gateway: knows the models, and the rules among them.
        question_class: class of a question, 0 to 3.
        stages: how far a search can go.
        principal: for whom; None: whoever it is.
    """
    facts = Facts(classification=question_class, purpose=Purpose.ANSWER, most_tokens=MOST_TOKENS)
    models = await gateway.offered(facts, principal)
    named = (STANDARD, *prompts(), OWN) if models else ()
    return Choices(tuple(models), named, tuple(stages))


def chosen(kind: Kind, name: str, words: str, offered: Choices) -> Setting:
    """A setting that somebody asks for.

    Raises:
        NotFound: there is no such thing that they can use.
        InvalidInput: a prompt of one's own has no words, or something else has.
    """
    names: dict[Kind, Sequence[str]] = {
        "model": [model.name for model in offered.models],
        "prompt": offered.prompts,
        "retrieval": offered.searches,
    }
    if name not in names[kind]:
        raise NotFound(f"There is no {kind} '{name[:100]}' that you can compare. Choose another.")
    words = words.strip()
    if (kind == "prompt" and name == OWN) != bool(words):
        raise InvalidInput("Write the words of your own prompt; other settings take none.")
    return Setting(kind, name, words)
