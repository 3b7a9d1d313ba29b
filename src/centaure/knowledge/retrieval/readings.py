"""What a language model is told of a conversation, and what it made of a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from centaure.knowledge.retrieval.prompts import Task

Unused = Literal["late", "failed", "refused", "nonsense", "left alone"]
"""Why something that was wished for is not used: no answer in time, an error, the service will not take the
text, an answer that is empty, too long or nothing new, or a failure a moment ago."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn of a conversation.

    Attributes:
        classification: highest of what it quotes, 0 to 3; None: unknown, and then what the assistant said
            is not sent to a model.
    """

    role: Literal["user", "assistant"]
    text: str
    classification: Literal[0, 1, 2, 3] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a language model made of a question.

    Attributes:
        rewritten: the question as it can be understood without the conversation.
        parts: questions that it takes together.
        hypothetical: a passage that would answer it, invented.
        translation: into the other of French and English.
        unused: what was asked for in vain, and why.
        model: its name here.
        simulated: whether it is the twin.
        classification: highest class of what the model was sent, and so of what it wrote.
        problem: why it did not answer, for those who look after it.
    """

    rewritten: str | None = None
    parts: tuple[str, ...] = ()
    hypothetical: str | None = None
    translation: str | None = None
    unused: Mapping[Task, Unused] = field(default_factory=dict[Task, Unused])
    model: str = ""
    simulated: bool = False
    classification: int = 0
    problem: str = ""

    @property
    def searches(self) -> dict[str, str]:
        """What to search beside the question, by what it is; each text once."""
        named = [("rewritten", self.rewritten)]
        named += [(f"part {number}", part) for number, part in enumerate(self.parts, 1)]
        named += [("translation", self.translation)]
        texts = {text: name for name, text in reversed(named) if text is not None}
        return {name: text for text, name in reversed(texts.items())}

    @property
    def helped(self) -> str:
        """Who wrote something that is used: the model's name, said to be simulated where it is; or empty."""
        if not (self.searches or self.hypothetical):
            return ""
        return f"{self.model} (simulated)" if self.simulated else self.model
